"""What applications came to: whom they advised, and whether the radio gave them what they need."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.apps import APPS, Needs
from sim.engine.recording import Applied, Heard, Part
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
    also = [part for x in needs.also if (part := _part("", x, heard))["due"] > 0.0]
    parts = [_part(needs.message, needs.topic, heard), *also]
    rate, late = _worst((_rate(needs, x, heard) for x in parts), min), _worst((_late(x) for x in parts), max)
    ranges = [_range(x["near"], heard["class_width"], needs.range) for x in parts]
    within = {met for _, met in ranges}
    return {
        "rate_hz": _need(needs.rate, rate, None if rate is None else rate >= ENOUGH * needs.rate),
        "latency_ms": _need(needs.latency * 1e3, late, None if late is None else late <= needs.latency * 1e3),
        "range_m": _need(
            needs.range, _worst((x for x, _ in ranges), min), False if False in within else None not in within or None
        ),
    }


def _part(message: str, topic: str, heard: Heard) -> Part:
    """What became of what an application lives by: a kind of message, or of it what tells of its topic."""
    if topic:
        return heard["topics"][topic]
    kind = heard["messages"].index(message)
    said, due, kept = (float(x[kind]) for x in (heard["said"], heard["due"], heard["kept"]))
    return Part(said=said, due=due, kept=kept, near=heard["near"][kind], delays=heard["times"][kind]["delays"])


def _late(part: Part) -> float | None:
    """Delay that all but a twentieth of the messages keep [ms]; null of none."""
    return percentiles(part["delays"], (95,))["p95"]


def _worst(told: Iterable[float | None], of: Callable[[list[float]], float]) -> float | None:
    """The worst of what is known; null if nothing is."""
    known = [x for x in told if x is not None]
    return of(known) if known else None


def _rate(needs: Needs, part: Part, heard: Heard) -> float | None:
    """How often one within the range heard from a sender that had something to say [1/s]; null if none had.

    Where a fault kept all from saying anything, that is never, whether there was something to say or not.
    """
    if part["said"] == 0.0:
        return 0.0 if part["due"] > 0.0 or part["kept"] > 0.0 else None
    fates = part["near"][: math.ceil(needs.range / heard["class_width"])].sum(0)
    return part["said"] / part["due"] * float(fates[HEARD] / fates.sum()) if fates.any() else None


def _need(wanted: float, got: float | None, met: bool | None) -> dict[str, Any]:
    return {"wanted": wanted, "got": got, "met": met}


def _range(fates: np.ndarray, width: float, wanted: float) -> tuple[float | None, bool | None]:
    """Distance up to which enough messages arrive in every ring that was looked at [m], and whether that is enough.

    Null if no ring was; it is not known to be enough, or not to be, where all arrive as far as anybody was.
    """
    ring = (np.arange(len(fates)) * width // RING).astype(int)
    total = np.bincount(ring, fates.sum(1))
    good = np.bincount(ring, fates[:, HEARD])
    seen = np.flatnonzero(total >= LEAST)
    if not len(seen):
        return None, None
    bad = seen[good[seen] < ENOUGH * total[seen]]
    reach = float((bad[0] if len(bad) else seen[-1] + 1) * RING)
    ends = len(bad) > 0 or len(fates) * width < wanted
    return reach, True if reach >= wanted else False if ends else None
