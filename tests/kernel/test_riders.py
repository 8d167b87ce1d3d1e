"""Bicycles beside vehicles on a strip of the kerb lane: who passes them, who follows, who stands ahead at the line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.people import class_bit
from sim.park import check
from sim.park.building.carriageways import CLEARANCE, RIDERS, STRIP
from sim.park.importers.geojson.records import RoadRecord
from sim.park.names import Names
from sim.park.network import Network
from sim.traffic.cards import CARDS
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.junctions import Times, street
from sim.verify.roads import side_by_side
from sim.verify.run import finding
from sim.verify.trial import Trial, Watch


def laid(width: float, green: float = 40.0) -> Network:
    draft = street([Times(80.0, green, 40.0)])
    roads = [replace(x, width=width, beside=True) if x.id[0] == "s" else x for x in draft.roads]
    return side_by_side(replace(draft, roads=tuple(roads)), 1)


def test_the_kerb_lane_is_parted() -> None:
    park = laid(4.0)
    assert not check.faults(park)
    edge = park.edges[Names(park).edge["s0@0"]]
    strip, rest = (park.lanes[i] for i in edge.lanes)
    assert (strip.width, rest.width) == (STRIP, 4.0 - STRIP)
    assert strip.allowed == RIDERS
    assert rest.allowed & class_bit(CARDS["human_car"])
    assert rest.passing_width == pytest.approx(4.0 - STRIP - CLEARANCE)
    apart = np.linalg.norm(strip.shape[0] - rest.shape[0])
    assert apart == pytest.approx(2.0), "together they are as wide as the lane was"
    assert np.isinf(strip.passing_width)


def ride(width: float, kind: str, gap: float = 60.0) -> tuple[np.ndarray, np.ndarray]:
    """Way driven by a bicycle and by a vehicle that comes from behind it, each second [m]; the light is green."""
    park = laid(width)
    names = Names(park).edge
    way = (names["s0@0"], names["s1@0"])
    driver = card(kind, "driver")
    cyclist = card("bicycle", "cyclist")
    both = [Vehicle("rider", 0.0, way, cyclist, 0, 20.0 + gap, 4.5), Vehicle("driver", 0.0, way, driver, 1, 20.0, 8.0)]
    watch = Watch(1.0, 1.0)
    diary = Trial(park, Fleet(both), 40.0).run(1, [watch])
    assert diary.count("collision") == 0
    assert diary.count("emergency_braking") == 0
    rider, other = watch.table()["distance"].T
    return rider + gap, other


@pytest.mark.parametrize(
    ("width", "kind", "passes"),
    [(4.0, "human_car", True), (3.5, "human_car", False), (4.0, "truck", False), (4.5, "truck", True)],
)
def test_who_passes(width: float, kind: str, passes: bool) -> None:
    rider, other = ride(width, kind)
    assert bool(other[-1] > rider[-1]) == passes
    if not passes:
        assert rider[-1] - other[-1] < 30.0, "comes up to the rider"
        assert np.all(other < rider), "never beside him"


@pytest.mark.parametrize("width", [3.5, 4.0])
def test_riders_stand_ahead_of_cars_that_came_before(width: float) -> None:
    park = laid(width)
    names = Names(park).edge
    way = (names["s0@0"], names["s1@0"])
    car, cyclist = card("human_car", "car"), card("e_bike", "cyclist")
    wishes = [Vehicle(f"car{i}", 2.5 * i, way, car, 1, 800.0, 10.0) for i in range(4)]
    wishes.append(Vehicle("rider", 14.0, way, cyclist, 0, 800.0, 6.0))
    watch = Watch(1.0, 1.0)
    diary = Trial(park, Fleet(wishes), 39.0).run(1, [watch])
    assert diary.count("collision") == 0
    seen = watch.table()
    order = [diary.departures.ids.index(x.name) for x in wishes]
    assert np.all(seen["speed"][-1] < 0.1), "all stand before the red light"
    place = seen["position"][-1, order]
    assert place[-1] > place[1], "passes all but the first, whose body it stands beside"
    assert place[-1] > place[0] - 1.0


def test_on_their_own_they_need_no_road_of_another_kind() -> None:
    """Half of what the case asks for, in short."""
    told = finding("bicycle.beside", {"width": "4.0", "duration": "300", "copies": "1"})
    judged = [p for p in told.points if p.ok is not None]
    assert len(judged) == 2
    assert told.ok, told.points


@pytest.mark.parametrize(
    "more", [{"width": 2.9}, {"bus_lane": True}, {"kerb_lane_for": ["bus"]}, {"state": "half_width"}]
)
def test_where_there_is_no_room(more: dict[str, object]) -> None:
    shape = {"id": "r", "kind": "road", "class": "local", "bicycles": "beside", "lanes": 4}
    assert RoadRecord.model_validate(shape).bicycles == "beside"
    with pytest.raises(ValueError, match="bicycles"):
        RoadRecord.model_validate(shape | more)
