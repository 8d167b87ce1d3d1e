"""What is decided when somebody asks is what was decided when it was said; who counts changes nothing for drivers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from talkers import road, run

import sim
from sim.apps import APPS, applications
from sim.engine.simulation import Process, Simulation
from sim.engine.stations import COUNTED, share_counted
from sim.kernel.ask import ask
from sim.pilot import Equipment, Occurrence, Pilot, Radio
from sim.report.v2x import figures
from sim.scenario.loader import load
from sim.services import services
from sim.services.radio_faults import serve
from sim.state.air import BACK_BITS, BEAT, RECENT, REMEMBERED
from sim.state.world import World
from sim.units import ticks
from sim.verify.trial import Diary

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RESOURCES = 2  # rank in sim.engine.air.WAYS; there what got through is remembered
EVER = 1 << 40


def pairs(w: World) -> tuple[np.ndarray, np.ndarray]:
    """Every station on the air with every stream of others on the air."""
    r = w.radio
    here = np.sort(r.on_air[: int(r.air[0].present)].astype(np.int64))
    streams = np.flatnonzero(np.isin(r.streams["station"], here))
    station, stream = (x.ravel() for x in np.meshgrid(here, streams, indexing="ij"))
    other = r.streams["station"][stream] != station
    return station[other], stream[other]


def agree(w: World, now: int) -> tuple[int, int]:
    """Asked of all pairs: how many know something and how many nothing, the same as those who counted remember.

    Who counts remembers the newest message and the one before, if that was one of the last few: where the newest has
    not arrived yet, and all between the two were lost, or where neither has arrived yet, he has forgotten what is still
    known when one asks.
    """
    station, stream = pairs(w)
    asked = ask(w, station, stream, now)
    a, c = w.radio.air[0], w.radio.contents
    way, a.way = int(a.way), RESOURCES
    held, newest = ask(w, station, stream, now), ask(w, station, stream, EVER)
    a.way = way
    held[(held >= 0) & (int(w.totals[0].step) - c["step"][held] >= a.memory)] = -1
    forgot = np.flatnonzero((held < 0) & (asked >= 0))
    assert (c["arrives"][newest[forgot]] > now).all()
    before = newest[forgot] - newest[forgot] % REMEMBERED + (newest[forgot] - 1) % REMEMBERED
    assert (((newest - asked)[forgot] % REMEMBERED >= RECENT) | (c["arrives"][before] > now)).all()
    held[forgot] = asked[forgot]
    assert np.array_equal(asked, held)
    return int((asked >= 0).sum()), int((asked < 0).sum())


def looks(found: list[tuple[int, int]], cellular: bool, rng: np.random.Generator) -> object:
    """A service that looks now and then."""

    def look(run: Simulation) -> Process:
        for _ in range(12):
            yield run.environment.timeout(ticks(float(rng.uniform(0.3, 4.0))))
            w = run.world
            now = round(int(w.totals[0].step) * float(w.totals[0].dt) * BEAT)
            found.append(agree(w, EVER if cellular else now))

    return look


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("model", ["ideal", "disc", "packet_delivery", "ieee80211p", "cellular"])
def test_asked_is_as_remembered_on_roads_at_random(model: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    radio = Radio(model, float(rng.uniform(80.0, 500.0)), {"bsm": float(rng.uniform(2.0, 12.0))})
    radio = replace(radio, loss=float(rng.uniform(0.0, 0.6)), processing=float(rng.uniform(0.0, 0.05)))
    found: list[tuple[int, int]] = []
    pilot = road(rng.uniform(10.0, 1500.0, 70).tolist(), radio, Equipment({"talker": 1.0}, ("j0", "j1")), 40.0)
    heard, simulation, _ = run(pilot, seed, [looks(found, model == "cellular", rng)])
    blocks = simulation.world.radio.stations["block"]
    assert sorted(blocks) == list(range(len(blocks))), "everybody remembers on his own"
    assert heard is not None
    assert heard["overflow"] == 0
    assert len(found) >= 10
    assert min(found)[0] > 0
    assert min(x[1] for x in found) > 0


def between_houses(**told: str) -> Pilot:
    equip = "{ human_car: 1.0, robotaxi: 1.0, junctions: [centre], sensors: [{ junction: centre, ghosts: 2 }] }"
    more = {f"traffic.flows.{i}.per_hour": "1500" for i in range(2)}
    return load(SCENARIOS / "blind_corner.yaml", {"run.duration": "90 s", "equip": equip} | more | told)


def test_asked_is_as_remembered_behind_houses_in_jammed_areas_and_by_wrong_clocks() -> None:
    found: list[tuple[int, int]] = []
    faults = (
        Occurrence("jamming", 20.0, 45.0, {"junction": "centre", "radius": 90.0}),
        Occurrence("rsu_down", 30.0, 50.0, {"junction": "centre"}),
        Occurrence("clock_drift", 10.0, 70.0, {"card": "human_car", "ahead": -1.0, "drift": 0.01}),
    )
    pilot = between_houses(radio=json.dumps({"model": "packet_delivery", "range": 150}))
    begin = pilot.clock.begin
    struck = tuple(replace(x, begin=begin + x.begin, end=begin + x.end) for x in faults)
    look = looks(found, False, np.random.default_rng(5))
    run = Simulation(replace(pilot, occurrences=struck), 1, Diary(), [serve, look])
    run.run()
    assert int(run.world.radio.air[0].sights) == 2
    assert len(found) >= 10
    assert sum(x[0] for x in found) > 100
    assert sum(x[1] for x in found) > 100


def test_a_message_too_old_to_be_believed_is_not_looked_for() -> None:
    _, simulation, _ = run(road([20.0, 120.0, 170.0], Radio("disc", loss=0.7)))
    w = simulation.world
    now = round(int(w.totals[0].step) * float(w.totals[0].dt) * BEAT)
    station, stream = pairs(w)
    every = ask(w, station, stream, now)
    age = now - w.radio.contents["said"][every]
    assert (every >= 0).all()
    for lifetime in (0.05, 0.15, 0.35, 0.65):
        asked = ask(w, station, stream, now, lifetime * BEAT)
        fresh = age <= lifetime * BEAT
        assert np.array_equal(asked[fresh], every[fresh])
        assert (asked[~fresh] < 0).all()
    assert ((age > 0.05 * BEAT) & (age <= 0.65 * BEAT)).any()


def tables(counted: float, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What everybody did, file by file; what was said and heard."""
    equip = {"human_car": 1.0, "truck": 1.0, "robotaxi": 1.0, "bus": 1.0, "ambulance": 1.0, "junctions": ["j1"]}
    told = {"run.duration": "4 min", "run.warm_up": "1 min", "output.pages": "false", "output.conflicts": "true"}
    told |= {
        "traffic.flows.0.cards": json.dumps({"human_car": 0.9, "ambulance": 0.1}),
        "apps": json.dumps(APPS.names()),
    }
    told |= {"equip": json.dumps(equip), "radio": json.dumps({"counted": counted})}
    result = sim.run(sim.load(SCENARIOS / "corridor.yaml", told), seed=3, out=folder)
    files = {x.name: pq.read_table(x) for x in result.folder.glob("*.parquet") if x.name not in COUNTS}
    return files, result.summary["v2x"]


COUNTS = ("messages.parquet", "deliveries.parquet")


def test_who_counts_changes_no_driver_and_hardly_a_figure(tmp_path: Path) -> None:
    (all_of_them, exact), (some, told) = (tables(x, tmp_path / str(x)) for x in (1.0, 0.3))
    assert {"trips.parquet", "events.parquet", "conflicts.parquet"} <= set(all_of_them) == set(some)
    assert all(all_of_them[name].equals(some[name]) for name in some)
    assert exact["counted"] == 1.0
    assert 0.1 < told["counted"] < 0.6
    for name in ("said", "channel_busy_ratio", "receptions"):
        assert told[name] == exact[name]
    in_all = [sum(x["heard"].values()) + sum(x["lost"].values()) for x in (exact, told)]
    assert in_all[1] == pytest.approx(in_all[0], abs=20)
    assert told["packet_delivery_ratio"] == pytest.approx(exact["packet_delivery_ratio"], abs=0.01)
    for name in ("latency_ms", "inter_packet_gap_ms", "age_of_information_ms"):
        assert told[name]["mean"] == pytest.approx(exact[name]["mean"], rel=0.1), "of some thirty stations"


def test_how_many_count() -> None:
    assert share_counted(Radio("disc"), COUNTED) == 1.0
    assert share_counted(Radio("disc"), 4 * COUNTED) == 0.25
    assert share_counted(Radio("disc", counted=0.5), 4 * COUNTED) == 0.5
    assert share_counted(Radio("resources", counted=0.5), 4 * COUNTED) == 1.0
    places = [20.0 + 3.0 * i for i in range(4 * COUNTED)]
    heard, simulation, _ = run(road(places, Radio("disc", 50.0), duration=6.0))
    assert heard is not None
    told = figures(heard)
    counts = simulation.world.radio.stations["counts"]
    assert COUNTED / 2 < counts.sum() < 2 * COUNTED
    assert told["counted"] == pytest.approx(counts.mean(), rel=0.05)
    assert told["packet_delivery_ratio"] == 1.0
    everybody, _, _ = run(road(places, Radio("disc", 50.0, counted=1.0), duration=6.0))
    assert everybody is not None
    assert told["heard"]["BSM"] == everybody["fates"].sum()


def warned(pilot: Pilot, counted: float) -> list[tuple[int, float]]:
    """Who was told of an event message, and when."""
    found: list[tuple[int, float]] = []

    def listen(run: Simulation) -> Process:
        while True:
            for record in (yield run.environment.when("heard")):
                found.append((int(record["subject"]), run.clock()))

    assert pilot.radio is not None
    pilot = replace(pilot, radio=replace(pilot.radio, counted=counted))
    Simulation(pilot, 1, Diary(), [*services(), *applications(pilot), listen]).run()
    return found


def test_who_does_not_count_is_warned_all_the_same() -> None:
    pilot = between_houses(radio=json.dumps({"model": "packet_delivery", "range": 150}))
    where = next(x.id for x in pilot.park.lanes if not pilot.park.edges[x.edge].internal)
    lie = Occurrence(
        "forged_rsi",
        pilot.clock.begin + 20.0,
        pilot.clock.begin + 70.0,
        {"junction": "centre", "lane": where, "position": 10.0},
    )
    pilot = replace(pilot, occurrences=(lie,))
    everybody, few = warned(pilot, 1.0), warned(pilot, 0.001)
    assert len(everybody) > 5
    assert everybody == few


def test_decided_all_at_once_behind_houses_is_as_one_after_the_other() -> None:
    told = []
    for apart in (False, True):
        radio = json.dumps({"model": "packet_delivery", "range": 150})
        run = Simulation(between_houses(radio=radio, **{"run.duration": "40 s", "run.warm_up": "5 s"}), 1, Diary())
        r = run.world.radio
        r.air[0].apart = apart
        heard = run.run()["heard"]
        assert heard is not None
        assert int(r.air[0].sights) == 2
        assert heard["fates"][:, 0].sum() > 1000
        assert heard["fates"][:, 1:].sum() > 100
        pairs = r.pairs >> BACK_BITS  # how far back the one before is, only sub-channels ask
        told.append([x.tolist() for x in (r.tally, pairs, r.delays, r.gaps, r.ages, r.kinds)])
    assert told[0] == told[1]
