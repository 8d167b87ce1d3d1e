"""From a scenario file to a pilot, and every way in which a file can be wrong."""

import dataclasses
import math
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DemandError, NetworkError, ScenarioError, SimError
from sim.pilot import Clock, Occurrence, Output, Pilot, Rules
from sim.scenario import loader
from sim.traffic.demand import ParkDemand

ROOT = Path(__file__).parents[2]
MAP = ROOT / "maps" / "crossroads.geojson"

WHOLE = f"""\
pilot: {{ map: {MAP}, date: 2026-09-01, name: test }}
traffic:
  cards: {{ human_car: 0.7, truck: 0.1, robotaxi: 0.1, timid: 0.1 }}
  own_cards:
    timid:
      like: human_car
      car_following: krauss
      parameters: {{ maximum_speed: 36 km/h, imperfection: 0.2 }}
      speed_factor: {{ mean: 0.9, deviation: 0.1 }}
      description: drives with care
  flows:
    - {{ from: gate_west, to: gate_east, per_hour: 600, pulse: {{ at: 07:40, spread: 15 min }} }}
    - {{ from: gate_west, to: gate_east, per_hour: 60, cards: {{ truck: 1 }}, arrivals: even, begin: 07:10 }}
    - {{ id: across, from: -north_road, to: gate_south, per_hour: 30 }}
  tables:
    - file: trips.csv
      begin: 07:00
      end: 08:00
    - {{ begin: 07:00, end: 08:00, trips: [{{ from: gate_east, to: gate_west, trips: 12 }}] }}
  shifts:
    - {{ from: [gate_west, gate_north], to: {{ gate_south: 2, gate_east: 1 }}, headcount: 300, at: 08:00 }}
  freight:
    - {{ plant: gate_south, outbound: gate_west, trucks_per_hour: 4, inbound: gate_east, takt: 57 s }}
run: {{ start: 07:00, duration: 2 h, warm_up: 15 min, step: 100 ms, seed: 7 }}
rules: {{ lane_change_duration: 2 s, keep_right: false, routing: empty, reroute_period: 5 min, jam_patience: 4 min }}
occurrences:
  - {{ kind: close, edge: east_road, begin: 07:30, end: 07:40 }}
  - {{ kind: incident, lane: west_road_0, position: 50 m, begin: 07:50 }}
output: {{ trajectories: 1 s, edges: 1 min }}
expect: {{ collisions: 0, traffic.mean_speed_mps: "> 5" }}
"""


def write(folder: Path, text: str = WHOLE) -> Path:
    (folder / "trips.csv").write_text("from,to,trips\ngate_west,gate_south,10\n")
    path = folder / "test.yaml"
    path.write_text(text)
    return path


def told(folder: Path, text: str, **overrides: str) -> str:
    with pytest.raises(SimError) as caught:
        loader.load(write(folder, text), overrides)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.fixture
def pilot(tmp_path: Path) -> Pilot:
    return loader.load(write(tmp_path))


def test_every_section_arrives(pilot: Pilot, tmp_path: Path) -> None:
    assert pilot.name == "test"
    assert pilot.date == "2026-09-01"
    assert pilot.clock == Clock(25200.0, 32400.0, 900.0, 0.1, 7)
    assert pilot.rules == Rules(2.0, False, "empty", 300.0, 240.0)
    assert pilot.output == Output(1.0, 60.0)
    assert pilot.occurrences == (
        Occurrence("close", 27000.0, 27600.0, {"edge": "east_road"}),
        Occurrence("incident", 28200.0, math.inf, {"lane": "west_road_0", "position": 50.0}),
    )
    assert pilot.expect == {"collisions": 0, "traffic.mean_speed_mps": "> 5"}
    assert set(pilot.inputs) == {str(tmp_path / "test.yaml"), str(MAP), str(tmp_path / "trips.csv")}
    assert all(len(x) == 64 for x in pilot.inputs.values())


def test_demand_arrives(pilot: Pilot) -> None:
    demand = pilot.demand
    assert isinstance(demand, ParkDemand)
    assert [x.id for x in demand.flows] == ["gate_west-gate_east", "gate_west-gate_east#2", "across"]
    assert demand.flows[0].pulse is not None
    assert demand.flows[0].pulse.spread == 900.0
    assert demand.flows[1].arrivals == "even"
    assert demand.flows[1].begin == 25800.0
    assert [x.trips for x in demand.tables] == [
        (("gate_west", "gate_south", 10.0),),
        (("gate_east", "gate_west", 12.0),),
    ]
    assert demand.shifts[0].origins == {"gate_west": 1.0, "gate_north": 1.0}
    assert demand.shifts[0].destinations == {"gate_south": 2.0, "gate_east": 1.0}
    assert demand.shifts[0].share == 0.4
    assert demand.freight[0].outbound == {"gate_west": 1.0}


def test_own_card_is_like_its_model_but_for_what_is_given(pilot: Pilot) -> None:
    assert isinstance(pilot.demand, ParkDemand)
    timid, human = pilot.demand.catalogue()["timid"], pilot.demand.catalogue()["human_car"]
    assert timid.car_following == "krauss"
    assert timid["maximum_speed"] == 10.0
    assert timid.parameters["maximum_speed"].standing == "given"
    assert timid.parameters["length"] == human.parameters["length"]
    assert timid.speed_factor.mean == 0.9


def test_it_draws(pilot: Pilot) -> None:
    departures = pilot.demand.departures(pilot.park, 1, pilot.clock.begin, pilot.clock.end)
    assert {x.split(".")[0] for x in departures.ids} >= {"gate_west-gate_east", "gate_west-gate_east#2", "across"}


def test_overrides(tmp_path: Path) -> None:
    pilot = loader.load(write(tmp_path), {"run.step": "50 ms", "run.seed": "9", "traffic.flows.2.per_hour": "31"})
    assert pilot.clock.step == 0.05
    assert pilot.clock.seed == 9
    assert isinstance(pilot.demand, ParkDemand)
    assert pilot.demand.flows[2].per_hour == 31.0
    assert pilot.overrides == {"run.step": "50 ms", "run.seed": "9", "traffic.flows.2.per_hour": "31"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_hour: 600", "per_hur: 600", ":12: traffic.flows.0.per_hur: unknown key; did you mean per_hour?"),
        ("per_hour: 600", "per_hur: 600", ":12: traffic.flows.0.per_hour: is missing"),
        ("per_hour: 600", "per_hour: -1", ":12: traffic.flows.0.per_hour: -1 is too small"),
        ("per_hour: 600", "per_hour: .nan", "traffic.flows.0.per_hour: nan is not a finite number"),
        ("per_hour: 600", "per_hour: 1e12", "traffic.flows.0.per_hour: 1000000000000.0 is out of range"),
        ("per_hour: 600", "per_hour: 600000", "is too large; wanted at most 100000"),
        ("per_hour: 600", "per_hour: many", '"many" is not a number; wanted a number such as 600'),
        ("spread: 15 min", "spread: 15 m", 'pulse.spread: wrong unit: "15 m" is a length; wanted a time such as'),
        ("36 km/h", "36 km", 'parameters.maximum_speed: wrong unit: "36 km" is a length; wanted a speed such as'),
        ("imperfection", "imperfecton", "parameters.imperfecton: unknown key; did you mean imperfection?"),
        ("from: -north_road", "from: -nort_road", "no place or edge named -nort_road; did you mean -north_road?"),
        ("from: -north_road", "from: 7", "7 is not a name; wanted a name: put it in quotes"),
        ("truck: 1 ", "truk: 1 ", "there is no card named truk; did you mean truck?"),
        ("truck: 0.1", "truck: 0.2", "traffic.cards: the shares add up to 1.1; wanted 1"),
        ("like: human_car", "like: human", "there is no built-in card human; did you mean human_car?"),
        ("krauss", "kraus", "there is no car-following model kraus; did you mean krauss?"),
        ("edge: east_road", "edge: west", "occurrences.0.edge: there is no edge named west; did you mean"),
        ("lane: west_road_0", "lane: west_road_9", "there is no lane named west_road_9"),
        ("end: 07:40 }", "end: 07:20 }", "occurrences.0: end must be later than begin"),
        ("position: 50 m, ", "", "incident wants lane and position"),
        ("kind: close", "kind: clos", '"clos" is not known; did you mean close?'),
        ("collisions: 0", "collision: 0", "expect.collision: the summary has no collision; did you mean collisions?"),
        ("'> 5'", "'>> 5'", "is no comparison"),
        ("step: 100 ms", "step: 0", "run.step: 0 is too small"),
        ("step: 100 ms", "step: 0.0000015", "run.step"),
        ("warm_up: 15 min", "warm_up: 3 h", "run: warm_up (10800 s) leaves nothing of the duration (7200 s)"),
        ("seed: 7", "seed: 1.5", "run.seed: 1.5 is no whole number"),
        ("trajectories: 1 s", "trajectories: 0.25 s", "output.trajectories: 0.25 s is not a whole number of steps"),
        ("keep_right: false", "keep_right: no", 'rules.keep_right: "no" is neither true nor false'),
        ("date: 2026-09-01", "date: soon", 'pilot.date: "soon" is no date; wanted one such as 2026-09-01'),
        ("file: trips.csv", "trips: []", "traffic.tables.0.trips: holds nothing"),
        ("file: trips.csv", "arrivals: even", "traffic.tables.0: wanted either file or trips"),
        ("id: across", "id: ''", "traffic.flows.2.id: is empty; wanted a name"),
        ("start: 07:00", "start: 7:65", "no time of day"),
        ("duration: 2 h", "duration: 07:00", "is a time of day, not a time"),
        ("duration: 2 h", "duration: 1000 h", "run.duration"),
    ],
)
def test_one_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = WHOLE.replace('"> 5"', "'> 5'")
    assert old in text
    assert said in told(tmp_path, text.replace(old, new, 1))


def test_two_ids_alike(tmp_path: Path) -> None:
    text = WHOLE.replace(
        "{ from: gate_west, to: gate_east, per_hour: 600", "{ id: across, from: gate_west, to: gate_east, per_hour: 600"
    )
    assert "two entries have the id across" in told(tmp_path, text)


def test_unknown_sections_are_named_not_ignored(tmp_path: Path) -> None:
    said = told(tmp_path, WHOLE + "appz: [green_wave]\nrunn: {}\n")
    assert "appz: unknown key" in said
    assert "runn: unknown key; did you mean run?" in said


def test_faults_of_file_override_and_map_come_together(tmp_path: Path) -> None:
    said = told(tmp_path, WHOLE.replace(str(MAP), "crossroad.geojson"), **{"run.seed": "x", "rules.kep_right": "true"})
    assert "test.yaml:1: pilot.map: there is no file" in said
    assert '--set run.seed=x: run.seed: "x" is no whole number' in said
    assert "--set rules.kep_right=true: rules.kep_right: unknown key; did you mean keep_right?" in said


def test_map_that_is_a_folder_or_of_no_known_format(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(b"\0\1")
    assert "is a folder" in told(tmp_path, WHOLE.replace(str(MAP), "."))
    assert "format of this map is not known" in told(tmp_path, WHOLE.replace(str(MAP), "m.bin"))


def test_map_with_a_hole(tmp_path: Path) -> None:
    (tmp_path / "hole.geojson").write_text(MAP.read_text().replace("west_road", "", 1)[:-200])
    with pytest.raises(NetworkError) as caught:
        loader.load(write(tmp_path, WHOLE.replace(str(MAP), "hole.geojson")))
    assert "hole.geojson" in str(caught.value)


def test_faulty_trip_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "trips.csv").write_text("from,to,trips\ngate_west,gate_south,-3\n")
    with pytest.raises(DemandError, match=r"trips.csv:2"):
        loader.load(path)


SLIPS = (
    "nan",
    "-1",
    "1e308",
    "[]",
    "{}",
    "null",
    "''",
    "07:40",
    "1 us",
    "true",
    "[1, 2]",
    "{a: 1}",
    "9" * 20,
    "&a b",
    "*a",
)


@settings(max_examples=60, deadline=None)
@given(choice=st.randoms(use_true_random=False))
def test_any_slip_is_a_pilot_or_a_fault_of_the_user(
    choice: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    value = choice.choice(list(re.finditer(r"(?<=: )[^,{}\[\]\n]+", WHOLE)))
    text = WHOLE[: value.start()] + choice.choice(SLIPS) + WHOLE[value.end() :]
    try:
        pilot = loader.load(write(tmp_path_factory.mktemp("slips"), text))
        pilot.demand.departures(pilot.park, 1, pilot.clock.begin, pilot.clock.end)
    except SimError as fault:
        assert (fault.exit_code, bool(str(fault))) == (2, True)  # noqa: PT017 - most slips are faults, some are not


# ------------------------------------------------------------------------------------------- SUMO configurations


@pytest.fixture
def configuration(tmp_path: Path, pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration without an end; what its reader makes of it is not looked at here."""
    path = tmp_path / "some.sumocfg"
    path.write_text("<configuration/>")
    endless = dataclasses.replace(pilot, clock=Clock(100.0, math.inf, 0.0, 0.1, 5), expect={})
    monkeypatch.setattr("sim.scenario.sumocfg.load", lambda _: endless)
    return path


def test_configuration_keeps_what_is_not_set(configuration: Path) -> None:
    pilot = loader.load(configuration, {"run.step": "50 ms", "rules.keep_right": "true", "expect.collisions": "0"})
    assert pilot.clock == Clock(100.0, math.inf, 0.0, 0.05, 5)
    assert pilot.rules == Rules(2.0, True, "empty", 300.0, 240.0)
    assert pilot.output == Output(1.0, 60.0)
    assert pilot.expect == {"collisions": 0}


def test_configuration_can_be_given_an_end(configuration: Path) -> None:
    pilot = loader.load(configuration, {"run.duration": "10 min", "run.seed": "8"})
    assert pilot.clock == Clock(100.0, 700.0, 0.0, 0.1, 8)


def test_only_some_sections_of_a_configuration_can_be_set(configuration: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        loader.load(configuration, {"traffic.flows.0.per_hour": "3", "run.sed": "8"})
    assert "--set traffic.flows.0.per_hour=3: traffic: unknown key; known are expect, output, rules, run" in str(
        caught.value
    )
    assert "--set run.sed=8: run.sed: unknown key; did you mean seed?" in str(caught.value)
