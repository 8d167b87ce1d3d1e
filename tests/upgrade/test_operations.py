"""Every operation: leaves its input alone, makes a park that can be driven, and refuses what is not there."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from sim.errors import SimError, UpgradeError
from sim.park.check import check, faults
from sim.park.classes import class_bits
from sim.park.importers import geojson
from sim.park.network import Network
from sim.scenario import document
from sim.scenario.loader import load
from sim.scenario.plan import stages
from sim.upgrade import OPERATIONS, operation, upgraded

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "park_shift_change.yaml"
MAP = ROOT / "maps" / "auto_city.geojson"

#: One sound use of each operation, and one of something that is not there.
USES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "add_bus_line": (
        {"id": "new", "halts": ["stop_metro_a"], "headway": "10 min", "first": "07:00", "last": "08:00"},
        {"id": "new", "halts": ["nowhere"], "headway": "10 min", "first": "07:00", "last": "08:00"},
    ),
    "add_roundabout": ({"junction": "j12"}, {"junction": "j99"}),
    "add_rsu": ({"at": "j09", "sensing": True}, {"at": "j99"}),
    "close_road": ({"road": "qicheng_3", "begin": "07:30"}, {"road": "nowhere"}),
    "dedicate_lane": ({"road": "hejin_3", "classes": ["bus", "taxi"]}, {"road": "nowhere", "classes": ["bus"]}),
    "equip_share": ({"card": "robotaxi", "share": "50 %"}, {"card": "nobody", "share": "50 %"}),
    "move_gate": ({"place": "gate_west", "junction": "g_river"}, {"place": "nowhere", "junction": "g_river"}),
    "open_half_width": ({"road": "planned_road_1"}, {"road": "nowhere"}),
    "open_road": ({"road": "anhua"}, {"road": "anhoa"}),
    "replace_card": ({"card": "robotaxi", "by": "human_car_2"}, {"card": "nobody", "by": "robotaxi"}),
    "scale_demand": ({"factor": 1.2}, {}),
    "set_control": ({"junction": "j06", "control": "yield"}, {"junction": "j99", "control": "yield"}),
    "set_mix": ({"cards": {"human_car": 1.0}}, {"cards": {"human_car": 1.0}, "flow": "nowhere"}),
    "set_share": ({"card": "robotaxi", "share": 0.05}, {"card": "robotaxi", "among": "nobody", "share": 0.05}),
    "set_signal": ({"junction": "j12", "programme": {"kind": "actuated"}}, {"junction": "j99"}),
    "set_speed": ({"road": "hejin_3", "speed": "50 km/h"}, {"road": "nowhere", "speed": "50 km/h"}),
    "widen_road": ({"road": "qicheng_3"}, {"road": "nowhere"}),
}


@pytest.fixture(scope="module")
def site() -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(MAP.read_text(encoding="utf-8")), document.read(SCENARIO).data


def network_after(site: tuple[dict[str, Any], dict[str, Any]], *told: dict[str, Any]) -> Network:
    collection, _ = upgraded(*site, [operation(x) for x in told])
    return geojson.read(MAP, collection=collection)


@pytest.mark.parametrize("name", OPERATIONS.names())
def test_an_operation_leaves_its_input_alone_and_makes_a_sound_park(
    name: str, site: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    before = copy.deepcopy(site)
    done = operation({"do": name} | USES[name][0])
    after = upgraded(*site, [done])
    assert site == before
    assert after != before
    assert not check(geojson.read(MAP, collection=after[0]))
    assert done.price >= 0.0


@pytest.mark.parametrize("name", [x for x in OPERATIONS.names() if USES[x][1]])
def test_what_is_not_there_is_told(name: str, site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    with pytest.raises(UpgradeError) as told:
        upgraded(*site, [operation({"do": name} | USES[name][1])])
    assert f"operation 1 ({name})" in str(told.value)


def test_all_faults_are_told_at_once_with_near_names(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    with pytest.raises(UpgradeError, match="did you mean anhua") as told:
        upgraded(*site, [operation({"do": "open_road", "road": x}) for x in ("anhoa", "qicheng_3")])
    assert "is open already" in str(told.value)


def test_contradictions_are_told_and_the_same_twice_is_none(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    slow, fast = ({"do": "set_speed", "road": "anhua", "speed": x} for x in (8.0, 12.0))
    with pytest.raises(UpgradeError, match=r"which operation 1 \(set_speed\) has set to 8$"):
        upgraded(*site, [operation(slow), operation(fast)])
    upgraded(*site, [operation(slow), operation(slow)])
    later = [operation(slow | {"date": "2027-01-01"}), operation(fast | {"date": "2028-01-01"})]
    collection, _ = upgraded(*site, later[::-1])
    found = next(x["properties"] for x in collection["features"] if x["properties"].get("id") == "anhua")
    assert found["speed"] == 12.0


def test_a_half_width_road_is_shared_as_told(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told = {"do": "open_half_width", "road": "planned_road_1"}
    assert network_after(site, told).passages == ()  # half of a collector has room for a lane each way
    (shared,) = network_after(site, told | {"control": "signal", "passage": {"green": "30 s", "bays": 2}}).passages
    assert (shared.id, shared.passing.control, shared.passing.green) == ("planned_road_1", "signal", 30.0)
    assert len(shared.strips) == 3
    dear, cheap = (operation(told | x).price for x in ({"control": "request"}, {}))
    assert dear == cheap + 1e6
    (local,) = network_after(
        site, {"do": "open_half_width", "road": "d1_east"}
    ).passages  # half of a narrow one has not
    assert local.passing.control == "courtesy"


def test_a_roadside_unit_says_what_such_units_say(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    collection, scenario = site
    told = [operation({"do": "add_rsu", "at": "j09"})]
    assert "equip" not in upgraded(collection, scenario, told)[1]  # nobody hears anything without a radio
    heard = scenario | {"radio": {"model": "ideal"}, "equip": {"junctions": ["j04"]}}
    assert upgraded(collection, heard, told)[1]["equip"] == {"junctions": ["j04", "j09"]}
    sees = operation({"do": "add_rsu", "at": "j09", "sensing": True})
    assert upgraded(collection, heard, [sees])[1]["equip"]["sensors"] == [{"junction": "j09"}]
    assert sees.price == told[0].price + 1e6


@pytest.mark.parametrize(
    "entries", [{"control": "signal", "oneway": True}, {"passage": {"green": 3}}, {"control": "chance"}]
)
def test_a_half_width_road_told_wrongly_is_refused(entries: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"oneway|wants control|courtesy"):
        operation({"do": "open_half_width", "road": "planned_road_1"} | entries)


def test_opening_in_full_and_by_half_contradict(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told = [{"do": x, "road": "planned_road_1"} for x in ("open_half_width", "open_road")]
    with pytest.raises(UpgradeError, match="sets state of road planned_road_1"):
        upgraded(*site, [operation(x) for x in told])


def test_an_open_road_is_driven_both_ways(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ids = {x.id: x for x in network_after(site, {"do": "open_road", "road": "anhua"}).edges}
    assert ids["anhua"].state == "built"
    assert "-anhua" in ids
    assert "anhua" not in {x.id for x in geojson.read(MAP).edges}


def test_a_half_width_road_may_be_one_way(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told = {"do": "open_half_width", "road": "planned_road_2"}
    roads = [told, {"do": "open_road", "road": "chengnan"}]
    assert "-planned_road_2" in {x.id for x in network_after(site, *roads).edges}
    assert "-planned_road_2" not in {x.id for x in network_after(site, told | {"oneway": True}, roads[1]).edges}


def test_widening_and_dedicating(site: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before = next(x for x in geojson.read(MAP).edges if x.id == "qicheng_3")
    wide = next(x for x in network_after(site, {"do": "widen_road", "road": "qicheng_3"}).edges if x.id == "qicheng_3")
    assert len(wide.lanes) == len(before.lanes) + 1
    park = network_after(site, {"do": "dedicate_lane", "road": "hejin_3", "classes": ["bus", "taxi"]})
    lanes = [park.lanes[i] for x in park.edges if x.id == "hejin_3" for i in x.lanes]
    assert lanes[0].allowed == class_bits(["bus", "taxi"])
    assert lanes[1].allowed & class_bits(["passenger"])
    assert not faults(park)


def test_a_share_moves_only_the_two_cards() -> None:
    mix = {"human_car": 0.8, "truck": 0.1, "robotaxi": 0.1}
    _, scenario = upgraded(
        {"features": []},
        {"traffic": {"cards": mix}},
        [operation({"do": "set_share", "card": "robotaxi", "share": "20 %"})],
    )
    found = scenario["traffic"]["cards"]
    assert found == pytest.approx({"human_car": 0.72, "robotaxi": 0.18, "truck": 0.1})
    assert list(found)[:2] == ["human_car", "robotaxi"]


def test_a_plan_has_stages_by_date(tmp_path: Path) -> None:
    text = SCENARIO.read_text(encoding="utf-8").replace("../maps", str(ROOT / "maps"))
    text += (
        "plan:\n  - { date: 2027-03-01, do: open_half_width, road: planned_road_1 }\n"
        "  - { date: 2027-01-01, do: add_rsu, at: j09, cost: 1.6 M }\n"
        "  - { date: 2027-01-01, do: open_road, road: chengnan }\n"
    )
    path = tmp_path / "planned.yaml"
    path.write_text(text, encoding="utf-8")
    found = stages(path)
    assert [str(x.date) for x in found] == ["None", "2027-01-01", "2027-03-01"]
    assert [x.investment for x in found] == [0.0, 1.6e6 + 30e6, 18e6]
    roads = [{x.id for x in stage.pilot.park.edges} for stage in found]
    assert ["chengnan" in x for x in roads] == [False, True, True]
    assert ["planned_road_1" in x for x in roads] == [False, False, True]
    assert load(path).operations == ()
    today = load(path, {"pilot.date": "2027-02-01"})
    assert [x["do"] for x in today.operations] == ["add_rsu", "open_road"]
    assert "rsu_j09" in {x.id for x in today.park.roadside}


def test_a_plan_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "works.yaml").write_text("plan:\n  - { date: 2026-01-01, do: open_road, road: anhua }\n")
    path = tmp_path / "planned.yaml"
    text = SCENARIO.read_text(encoding="utf-8").replace("../maps", str(ROOT / "maps"))
    path.write_text(text + "plan: works.yaml\n", encoding="utf-8")
    pilot = load(path)
    assert [x["road"] for x in pilot.operations] == ["anhua"]
    assert str(tmp_path / "works.yaml") in pilot.inputs
    assert [len(x.operations) for x in stages(path)] == [0, 1]
    (tmp_path / "works.yaml").write_text("plan:\n  - { do: open_road, road: anhua, roda: 3 }\n")
    with pytest.raises(SimError, match=r"works.yaml:2: plan.0.*unknown key"):
        load(path)
    (tmp_path / "works.yaml").write_text("plan:\n  - { date: 2026-01-01, do: open_road, road: anhua, by: 3 }\n")
    with pytest.raises(SimError, match=r"by: unknown key; known are .*road"):  # of this operation, not of all
        load(path)
    path.write_text(text + "plan: elsewhere.yaml\n", encoding="utf-8")
    with pytest.raises(SimError, match=r"elsewhere\.yaml: there is no such file"):
        load(path)


def test_a_plan_wants_dates(tmp_path: Path) -> None:
    path = tmp_path / "undated.yaml"
    text = SCENARIO.read_text(encoding="utf-8").replace("../maps", str(ROOT / "maps"))
    path.write_text(text + "plan:\n  - { do: add_rsu, at: j09 }\n", encoding="utf-8")
    with pytest.raises(SimError, match="has no date"):
        load(path)
