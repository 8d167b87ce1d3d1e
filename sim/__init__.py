"""PilotZone: automated and human-driven vehicles on the roads of an industrial park.

import sim
pilot = sim.load("scenarios/park_shift_change.yaml")
result = sim.run(pilot, seed=1)
study = sim.compare("scenarios/road_options.study.yaml", jobs=2)
"""

from __future__ import annotations

TYPE_CHECKING = False  # as `typing` has it, which takes long to import: Ctrl-C is caught only from `sim.__main__` on
if TYPE_CHECKING:
    from typing import Any

    from sim.errors import SimError
    from sim.pilot import Pilot
    from sim.report.result import Result
    from sim.run import load, run
    from sim.study.compare import Comparison, compare

__all__ = ["Comparison", "Pilot", "Result", "SimError", "compare", "load", "run"]

#: Where each public name lives; imported when first asked for, so that `import sim` costs nothing.
_HOMES = {
    "Comparison": "sim.study.compare",
    "Pilot": "sim.pilot",
    "Result": "sim.report.result",
    "SimError": "sim.errors",
    "compare": "sim.study.compare",
    "load": "sim.run",
    "run": "sim.run",
}


def __getattr__(name: str) -> Any:
    """A public name, from where it lives."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module sim has no attribute {name}")
    return getattr(importlib.import_module(_HOMES[name]), name)
