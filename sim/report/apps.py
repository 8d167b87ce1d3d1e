"""What applications came to: whom they advised, and whether the radio gave them what they need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.apps import APPS, Needs
from sim.engine.recording import Applied, Heard
from sim.models.radio import HEARD
from sim.report.v2x import percentiles

#: Share of messages that must arrive at a distance for it to be within range [-]; assumed.
ENOUGH = 0.9
#: Width of a ring about the receiver in which that share is taken [m], and least number of packets in it.
RING, LEAST = 25.0, 20


def applications(applied: Mapping[str, Applied], heard: Heard) -> dict[str, dict[str, Any]]:
    """The `v2x.apps` part of the summary."""
    told = {}
    for name, app in applied.items():
        needs = _needs(APPS[name].needs, heard)
        known = [x["met"] for x in needs.values() if x["met"] is not None]
        told[name] = {"advised": app["advised"], **app["figures"], "needs": needs, "met": all(known) if known else None}
    return told


def _needs(needs: Needs, heard: Heard) -> dict[str, dict[str, Any]]:
    """What is needed of the messages that an application lives by, what there was of them, and whether it is enough.

    Null where none was to be said, or nobody was there to hear it; of the range, too, where all was well as far as
    anybody was and nobody was as far as is needed.
    """
    kind = heard["messages"].index(needs.message)
    rate = _rate(needs, heard, kind)
    late = percentiles(heard["times"][kind]["delays"], (95,))["p95"]
    near, width = heard["near"][kind], heard["class_width"]
    reach, ends = _range(near, width)
    far = None if reach is None else reach >= needs.range
    if far is False and not ends and len(near) * width >= needs.range:
        far = None
    return {
        "rate_hz": _need(needs.rate, rate, None if rate is None else rate >= ENOUGH * needs.rate),
        "latency_ms": _need(needs.latency * 1e3, late, None if late is None else late <= needs.latency * 1e3),
        "range_m": _need(needs.range, reach, far),
    }


def _rate(needs: Needs, heard: Heard, kind: int) -> float | None:
    """How often one within the range heard from a sender that had something to say [1/s]; null if none had.

    Where a fault kept all from saying anything, that is never, whether there was something to say or not.
    """
    said, due = float(heard["said"][kind]), float(heard["due"][kind])
    if said == 0.0:
        return 0.0 if due > 0.0 or heard["kept"][kind] > 0.0 else None
    classes = math.ceil(needs.range / heard["class_width"])
    fates = heard["near"][kind][:classes].sum(0)
    return said / due * float(fates[HEARD] / fates.sum()) if fates.any() else None


def _need(wanted: float, got: float | None, met: bool | None) -> dict[str, Any]:
    return {"wanted": wanted, "got": got, "met": met}


def _range(fates: np.ndarray, width: float) -> tuple[float | None, bool]:
    """Distance up to which enough messages arrive in every ring that was looked at [m], and whether too few do beyond.

    Null if no ring was.
    """
    ring = (np.arange(len(fates)) * width // RING).astype(int)
    total = np.bincount(ring, fates.sum(1))
    good = np.bincount(ring, fates[:, HEARD])
    seen = np.flatnonzero(total >= LEAST)
    if not len(seen):
        return None, False
    bad = seen[good[seen] < ENOUGH * total[seen]]
    return float(bad[0] * RING if len(bad) else (seen[-1] + 1) * RING), len(bad) > 0
