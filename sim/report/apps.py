"""What applications came to: whom they advised, and whether the radio gave them what they need."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
        share = app["figures"].get("heard_share_of_equipped")
        if share is not None:
            needs["heard_share"] = _need("BSM", ENOUGH, share, share >= ENOUGH)
        told[name] = {"advised": app["advised"], **app["figures"], "needs": needs, "met": _met(needs)}
    return told


def _met(needs: Mapping[str, dict[str, Any]]) -> bool | None:
    """Whether all is met of what can be judged; null if nothing can."""
    known = [x["met"] for x in needs.values() if x["met"] is not None]
    return all(known) if known else None


def _needs(needs: Needs, heard: Heard) -> dict[str, dict[str, Any]]:
    """What is needed: of the messages an application lives by, of others instead if they do better, of those beside.

    Of those beside, what is not met stands in the place of what is.
    """
    told = _of_message(needs, heard)
    for other in needs.instead:
        instead = _of_message(other, heard)
        if _met(told) is None or (_met(told) is False and _met(instead)):
            told = instead
    for other in needs.beside if _met(told) is not None else ():
        if other.topic and _part(other, heard)["due"] == 0.0:
            continue
        beside = _of_message(other, heard)
        told = {x: beside[x] if beside[x]["met"] is False and told[x]["met"] is not False else told[x] for x in told}
    return told


def _of_message(needs: Needs, heard: Heard) -> dict[str, dict[str, Any]]:
    """What is needed of the messages that an application lives by, what there was of them, and whether it is enough.

    Null where none was to be said, or nobody was there to hear it; of the range, too, where all was well as far as
    anybody was and nobody was as far as is needed.
    """
    part, width = _part(needs, heard), heard["class_width"]
    rate, late = _rate(needs, part, width), percentiles(part["delays"], (95,))["p95"]
    reach, far = _range(part["near"], width, needs.range)
    name, latency = needs.message.upper(), needs.latency * 1e3
    return {
        "rate_hz": _need(name, needs.rate, rate, None if rate is None else rate >= ENOUGH * needs.rate),
        "latency_ms": _need(name, latency, late, None if late is None else late <= latency),
        "range_m": _need(name, needs.range, reach, far),
    }


def _part(needs: Needs, heard: Heard) -> Part:
    """What became of a kind of message, or of those of it that tell of a topic, or groups of signals."""
    if needs.topic:
        return heard["topics"][needs.topic]
    kind = heard["messages"].index(needs.message)
    said, due, kept = (float(x[kind]) for x in (heard["said"], heard["due"], heard["kept"]))
    if needs.grouped:
        said -= heard["groupless"]
    return Part(said=said, due=due, kept=kept, near=heard["near"][kind], delays=heard["times"][kind]["delays"])


def _rate(needs: Needs, part: Part, width: float) -> float | None:
    """How often one within the range heard from a sender that had something to say [1/s]; null if none had.

    Where a fault kept all from saying anything, that is never, whether there was something to say or not.
    """
    said, due = part["said"], part["due"]
    if said == 0.0:
        return 0.0 if due > 0.0 or part["kept"] > 0.0 else None
    fates = part["near"][: math.ceil(needs.range / width)].sum(0)
    return said / due * float(fates[HEARD] / fates.sum()) if fates.any() else None


def _need(message: str, wanted: float, got: float | None, met: bool | None) -> dict[str, Any]:
    return {"message": message, "wanted": wanted, "got": got, "met": met}


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
