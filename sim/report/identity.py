"""What makes one result the same as another: the program's version and a hash of all that was read."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _installed

from sim.pilot import Pilot

PROGRAM = "pilotzone"


def version(package: str = PROGRAM) -> str | None:
    """Version of an installed package; None if it is not installed as one."""
    try:
        return _installed(package)
    except PackageNotFoundError:
        return None


def fingerprint(pilot: Pilot) -> str:
    """Hash of what a run depends on: every file read, every entry set otherwise and every operation done."""
    digest = hashlib.sha256()
    said = [f"{x}={y}" for x, y in sorted(pilot.overrides.items())]
    for text in [*sorted(pilot.inputs.values()), *said, *map(json.dumps, pilot.operations)]:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
