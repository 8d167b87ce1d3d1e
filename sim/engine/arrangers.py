"""Lay out roadside units that order who goes when over their junctions: those without a signal, where one gives way."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.merges import feeding
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Pilot
from sim.state.air import REMEMBERED
from sim.state.arranged import MOST_COMING, MOST_ORDERS, Arrangers, Coming, Orders
from sim.state.columns import allocate
from sim.v2x import MESSAGES

#: Rules of a junction at which some have priority and others give way.
RULES = "Mms"


def lay_arrangers(pilot: Pilot, stations: Any, streams: Any) -> dict[str, Any]:
    """Rows of `Arrangers`, room for what they order, and lanes from which one comes; numbers them in `stations`."""
    park, rsc, places = pilot.park, MESSAGES["rsc"], Names(pilot.park).junction
    mine = np.flatnonzero(streams["message"] == MESSAGES.code("rsc"))
    arrangers, leading = allocate(Arrangers, max(1, len(mine))), list[int]()
    arranged = np.full(max(1, len(park.junctions)), -1, np.int32)
    for rank, stream in enumerate(mine):
        station, o = int(streams["station"][stream]), arrangers[rank]
        junction = places[pilot.equip.junctions[station]]
        lanes = feeding(park, lines(park, junction), pilot.apps["cooperative_intersection"]["range"])
        o.junction, o.station, o.stream = junction, station, stream
        o.first, o.end = len(leading), len(leading) + len(lanes)
        o.empty, o.element, o.header = rsc.bits, rsc.element, pilot.radio.header if pilot.radio else 0
        leading += lanes
        stations["arranger"][station], arranged[junction] = rank, rank
    return {
        "arrangers": arrangers,
        "orders": allocate(Orders, max(1, len(mine) * REMEMBERED * MOST_ORDERS)),
        "coming": allocate(Coming, MOST_COMING),
        "leading": np.array([*leading, 0], np.int32),
        "arranged": arranged,
    }


def lines(park: Network, junction: int) -> list[int]:
    """Lanes that end at a line of a junction without a signal, those of waiting places inside it among them."""
    found = set[int]()
    for c in park.connections:
        if c.junction == junction and c.signal < 0 and c.rule in RULES:
            found |= {c.source, *c.via[:-1]}
    return sorted(found)
