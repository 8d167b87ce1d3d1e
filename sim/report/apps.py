"""What applications came to: whom they advised, and whether the radio gave them what they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.apps import APPS, App
from sim.engine.recording import Applied, Heard
from sim.models.radio import HEARD
from sim.pilot import Radio
from sim.v2x import MESSAGES

#: Share of messages that must arrive at a distance for it to be within range [-]; assumed.
ENOUGH = 0.9
#: Width of a ring about the receiver in which that share is taken [m], and least number of packets in it.
RING, LEAST = 25.0, 20


def applications(
    applied: Mapping[str, Applied], heard: Heard, radio: Radio, latency: float | None
) -> dict[str, dict[str, Any]]:
    """The `v2x.apps` part of the summary.

    Args:
        latency: that all but a twentieth of all messages kept [ms].
    """
    told = {}
    for name, app in applied.items():
        needs = _needs(APPS[name], heard, radio, latency)
        known = [x["met"] for x in needs.values() if x["met"] is not None]
        told[name] = {"advised": app["advised"], **app["figures"], "needs": needs, "met": all(known) if known else None}
    return told


def _needs(app: App, heard: Heard, radio: Radio, latency: float | None) -> dict[str, dict[str, Any]]:
    """What is needed, what there was, and whether that is enough; null where nothing was said."""
    needs = app.needs
    own = needs.rate if app.run and app.tell else 1.0 / MESSAGES[needs.message].period  # event messages: as needed
    row = heard["fates"][heard["messages"].index(needs.message)]
    share = float(row[HEARD] / row.sum()) if row.sum() else None
    rate = None if share is None else radio.rate(needs.message, own) * share
    reach = None if share is None else _range(heard)
    late = None if share is None else latency
    return {
        "rate_hz": _need(needs.rate, rate, None if rate is None else rate >= ENOUGH * needs.rate),
        "latency_ms": _need(needs.latency * 1e3, late, None if late is None else late <= needs.latency * 1e3),
        "range_m": _need(needs.range, reach, None if reach is None else reach >= needs.range),
    }


def _need(wanted: float, got: float | None, met: bool | None) -> dict[str, Any]:
    return {"wanted": wanted, "got": got, "met": met}


def _range(heard: Heard) -> float | None:
    """Distance up to which enough messages arrive in every ring that was looked at [m]; null if none was."""
    fates, width = heard["by_distance"], heard["class_width"]
    ring = (np.arange(len(fates)) * width // RING).astype(int)
    total = np.bincount(ring, fates.sum(1))
    good = np.bincount(ring, fates[:, HEARD])
    seen = np.flatnonzero(total >= LEAST)
    if not len(seen):
        return None
    bad = seen[good[seen] < ENOUGH * total[seen]]
    return float(bad[0] * RING if len(bad) else (seen[-1] + 1) * RING)
