"""Numbering lanes junction by junction changes nothing but the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.park.importers.geojson import read
from sim.park.network import Network
from sim.park.order import in_order

MAPS = Path(__file__).parents[2] / "maps"


def by_names(network: Network) -> dict[str, object]:
    """All that holds numbers of lanes, told by their names."""
    name = [lane.id for lane in network.lanes]
    return {
        "lanes": {lane.id: replace(lane, shape=lane.shape.tobytes(), elevation=()) for lane in network.lanes},
        "edges": [(edge.id, [name[i] for i in edge.lanes]) for edge in network.edges],
        "connections": {
            (name[c.source], name[c.target], *(name[i] for i in c.via)): replace(c, source=0, target=0, via=())
            for c in network.connections
        },
        "conflicts": {(name[c.lane], name[c.foe]): replace(c, lane=0, foe=0) for c in network.conflicts},
        "stops": [(stop.id, name[stop.lane]) for stop in network.stops],
    }


@pytest.mark.parametrize("name", ["auto_city", "roundabout", "crossroads"])
def test_an_ordered_network_is_the_same_one(name: str) -> None:
    network = read(MAPS / f"{name}.geojson")
    ordered = in_order(network)
    assert by_names(ordered) == by_names(network)
    assert [x.id for x in ordered.lanes] != [x.id for x in network.lanes]


def test_lanes_of_a_junction_are_numbered_in_a_row() -> None:
    network = in_order(read(MAPS / "auto_city.geojson"))
    junctions = [network.edges[lane.edge].end for lane in network.lanes]
    assert junctions == sorted(junctions)
    sources = [c.source for c in network.connections]
    assert sources == sorted(sources)
    assert in_order(network) == network
