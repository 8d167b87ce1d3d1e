"""The same seed gives the same bytes, however the work is cut, laid out or carried out."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from naive import Kept
from small_worlds import Listed, grid, krauss, pilot, ways_in, ways_out

import sim
from sim.engine import build as laying
from sim.engine import environment, simulation
from sim.engine.simulation import Process, Simulation
from sim.park.network import Network
from sim.state.world import World
from sim.units import ticks

ROOT = Path(__file__).parents[1]
SHORT = {"run.duration": "4 min", "run.warm_up": "0", "output.trajectories": "1 s", "output.edges": "1 min"}
SHORT |= {"output.conflicts": "true"}
CASES = {"crossroads": {}, "corridor": {}, "park_shift_change": {"run.start": "07:40"}}


def table_digests(name: str, seed: int = 3) -> dict[str, str]:
    """Hash of every table of a short run."""
    result = sim.run(sim.load(ROOT / "scenarios" / f"{name}.yaml", SHORT | CASES[name]), seed=seed)
    return {x.name: hashlib.sha256(x.read_bytes()).hexdigest() for x in sorted(result.folder.glob("*.parquet"))}


@pytest.fixture(scope="module")
def usual() -> dict[str, dict[str, str]]:
    """Tables of each case as they come out normally."""
    return {name: table_digests(name) for name in CASES}


each = pytest.mark.parametrize("name", CASES)


@each
def test_again(name: str, usual: dict[str, dict[str, str]]) -> None:
    assert list(usual[name]) == [
        "conflicts.parquet",
        "edges.parquet",
        "events.parquet",
        "trajectories.parquet",
        "trips.parquet",
    ]
    assert table_digests(name) == usual[name]


def test_another_seed_is_another_run(usual: dict[str, dict[str, str]]) -> None:
    assert table_digests("crossroads", seed=4)["trips.parquet"] != usual["crossroads"]["trips.parquet"]


@each
@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_whatever_the_chunks(
    name: str, chunk: int, usual: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "CHUNK", chunk)
    assert table_digests(name) == usual[name]


def idle(env: environment.TrafficEnvironment) -> Process:
    """Wake up often, at odd times, and do nothing."""
    while True:
        yield env.timeout(373_001)


def curious(env: environment.TrafficEnvironment) -> Process:
    """Wake up whenever somebody departs, arrives or changes lanes, and do nothing."""
    while True:
        yield env.when("depart") | env.when("arrive") | env.when("lane_change")


@each
def test_whatever_else_happens(name: str, usual: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    run = Simulation.run
    started = []

    def with_idlers(self: Simulation) -> Any:
        for process in (idle, idle, curious):
            started.append(self.environment.process(process(self.environment)))
        return run(self)

    monkeypatch.setattr(Simulation, "run", with_idlers)
    assert table_digests(name) == usual[name]
    assert len(started) == 3


def laid_out(change: Callable[[World], None], monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """Change every world before its first step; returns those that were."""
    build, changed = simulation.build, []

    def other(*arguments: Any) -> World:
        world = build(*arguments)
        change(world)
        changed.append(world)
        return world

    monkeypatch.setattr(simulation, "build", other)
    return changed


@each
def test_whatever_the_order_of_rows(
    name: str, usual: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shuffle(world: World) -> None:
        world.loose.free[:] = np.random.default_rng(5).permutation(world.loose.free)

    changed = laid_out(shuffle, monkeypatch)
    assert table_digests(name) == usual[name]
    assert len(changed) == 1


@each
def test_however_few_rows_there_are_at_first(
    name: str, usual: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laying, "ROWS", 4)
    monkeypatch.setattr(laying, "RECORDS", 100)
    monkeypatch.setattr(laying, "ENCOUNTERS", 4)
    changed = laid_out(lambda world: None, monkeypatch)
    assert table_digests(name) == usual[name]
    assert len(changed[0].vehicles) == 4


def test_in_a_worker_process(usual: dict[str, dict[str, str]]) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(table_digests, ("crossroads",)) == usual["crossroads"]


@pytest.mark.parametrize("threads", ["1", "3"])
def test_whatever_the_number_of_threads(threads: str, usual: dict[str, dict[str, str]]) -> None:
    told = {"NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    code = "import test_determinism as t; print(sorted(t.table_digests('crossroads').items()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | told | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(sorted(usual["crossroads"].items())), done.stderr


FLOWS = """
pilot: {{ map: {map} }}
traffic:
  cards: {{ human_car: 0.6, truck: 0.2, robotaxi: 0.2 }}
  flows:
{added}    - {{ id: main, from: gate_west, to: gate_east, per_hour: 900 }}
    - {{ id: side, from: gate_south, to: gate_north, per_hour: 300 }}
run: {{ start: 07:00, duration: 10 min }}
"""


def test_added_flow_changes_nobody_elses_draws(tmp_path: Path) -> None:
    def drawn(name: str, added: str) -> dict[str, tuple[Any, ...]]:
        path = tmp_path / name
        path.write_text(FLOWS.format(map=ROOT / "maps" / "crossroads.geojson", added=added))
        made = sim.load(path)
        d = made.demand.departures(made.park, 1, made.clock.begin, made.clock.end)
        return {
            x: (d.time[i], d.cards[d.card[i]].name, d.speed_factor[i], int(d.key[i]), d.routes[d.route[i]].tolist())
            for i, x in enumerate(d.ids)
        }

    without = drawn("one.yaml", "")
    added = drawn("two.yaml", "    - { id: early, from: gate_north, to: gate_east, per_hour: 200 }\n")
    assert len(added) > len(without) > 50
    assert {name: added[name] for name in without} == without


def test_added_vehicle_far_away_changes_nobodys_way() -> None:
    """Dawdling drivers about the western junction; one more vehicle, the first of all, about the eastern one."""
    network = grid(4, 1, ["priority", "signal"], [2])
    starts, ends = ways_in(network), ways_out(network)
    west = [i for i in starts if network.junctions[network.edges[i].start].x <= 0.0]
    away = [i for i in ends if network.junctions[network.edges[i].end].x <= 0.0]
    wishes = [(f"v{i}", 1.0 + 3.0 * i, west[i % len(west)], away[(i + 1) % len(away)], krauss()) for i in range(30)]
    east = max(starts, key=lambda i: network.junctions[network.edges[i].start].x)
    beside = sorted(ends, key=lambda i: network.junctions[network.edges[i].end].x)[-2]
    far = ("a", 0.0, east, beside, krauss())

    def ways(listed: list[Any]) -> dict[str, list[tuple[float, ...]]]:
        made, kept = pilot(network, listed, 150.0), Kept()
        run = Simulation(made, 1, kept)
        run.run()
        found: dict[str, list[tuple[float, ...]]] = {}
        for sample in kept.samples:
            rows = zip(*(sample[x] for x in ("id", "time_s", "lane", "position_m", "speed_mps")), strict=True)
            for row, *state in rows:
                found.setdefault(run.departures.ids[row], []).append(tuple(float(x) for x in state))
        return found

    assert isinstance(pilot(network, wishes, 1.0).demand, Listed)
    without, added = ways(wishes), ways([far, *wishes])
    assert len(without) == 30
    assert len(added["a"]) > 10
    assert {name: added[name] for name in without} == without


@pytest.mark.parametrize("change", [0.0, 3.0])
def test_far_away_traffic_changes_nobody(change: float) -> None:
    network = grid(5, 1, ["priority", "signal", "priority", "signal", "yield"], [3, 2])
    here, there = ways_over(network, 0), ways_over(network, 4)
    assert min(len(here), len(there)) >= 4
    cards = [krauss(), krauss("truck"), krauss("bus")]
    near = [(f"near{i}", 1.5 * i, *here[i % len(here)], cards[i % 3]) for i in range(120)]
    far = [(f"far{i}", 0.1 + 1.1 * i, *there[i % len(there)], cards[i % 3]) for i in range(150)]
    alone, together = trips_of(network, near, change), trips_of(network, near + far, change)
    assert len(alone) == 120
    assert {name: told for name, told in together.items() if name.startswith("near")} == alone


def ways_over(network: Network, column: int) -> list[tuple[int, int]]:
    """Every way from outside to outside over the one junction of a column."""
    edges, junctions = network.edges, network.junctions
    starts = [i for i in ways_in(network) if junctions[edges[i].end].id == f"n{column}0"]
    ends = [i for i in ways_out(network) if junctions[edges[i].start].id == f"n{column}0"]
    return [(a, b) for a in starts for b in ends if edges[a].start != edges[b].end]


def trips_of(network: Network, wishes: list[Any], change: float) -> dict[str, tuple[Any, ...]]:
    """How every trip of a run went, by vehicle."""
    made = pilot(network, wishes, 600.0, change)
    departures = made.demand.departures(network, 1, 0.0, 600.0)
    world = laying.build(made, departures, 1)
    env = environment.TrafficEnvironment(world, lambda columns: None, lambda **told: None, lambda columns: None)
    env.run(until=ticks(600.0))
    return {name: tuple(row.tolist())[1:] for name, row in zip(departures.ids, env.world.trips, strict=True)}
