"""Between two rail signals there is one train at a time, whatever the tracks do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from naive import Kept

import sim
from sim.engine import environment
from sim.engine.simulation import Simulation
from sim.park.importers.sumo_net import read
from sim.pilot import Equipment, Output, Radio
from sim.services import rail_signals, services
from sim.state.air import REMEMBERED
from sim.v2x import MESSAGES

ROOT = Path(__file__).parents[2]
LENGTH = 135.0  #: of a train [m], SUMO's default of class rail

LINE = {"a": ("A", "S"), "b": ("S", "T"), "c": ("T", "U"), "d": ("U", "D")}
FORK = {"a": ("A", "S"), "b": ("S", "J"), "left": ("J", "L"), "right": ("J", "R")}
JOIN = {"x": ("X", "S"), "y": ("Y", "T"), "b": ("S", "J"), "c": ("T", "J"), "d": ("J", "D")}
SINGLE = {
    "w": ("W", "S"),
    "east": ("S", "T"),
    "out": ("T", "O"),
    "e": ("E", "T2"),
    "west": ("T2", "S2"),
    "home": ("S2", "H"),
}
PLACES = {
    "A": (0, 0), "S": (1000, 0), "T": (2000, 0), "U": (3000, 0), "D": (4000, 0), "J": (2000, 60), "L": (5000, 200),
    "R": (5000, -200), "X": (0, 100), "Y": (0, -100), "W": (0, 0), "E": (3000, 8), "O": (3000, 0), "H": (0, 8),
    "S2": (1000, 8), "T2": (2000, 8),
}  # fmt: skip


def net(
    edges: Mapping[str, tuple[str, str]], signals: str, opposite: Mapping[str, str], **moved: tuple[int, int]
) -> str:
    """A network of single tracks: edges by name, junctions with a signal for trains, and pairs of one track."""
    places = PLACES | moved
    used = sorted({end for ends in edges.values() for end in ends})
    text = ["<net>"]
    for name, (one, other) in edges.items():
        (x, y), (u, v) = places[one], places[other]
        bidi = f' bidi="{opposite[name]}"' if name in opposite else ""
        text.append(
            f'<edge id="{name}" from="{one}" to="{other}" priority="1"{bidi}><lane id="{name}_0" index="0" allow="rail"'
            f' speed="30" length="{np.hypot(u - x, v - y):.2f}" shape="{x},{y} {u},{v}"/></edge>'
        )
    for name in used:
        x, y = places[name]
        kind = "rail_signal" if name in signals.split() else "priority"
        text.append(f'<junction id="{name}" type="{kind}" x="{x}" y="{y}" incLanes="" intLanes="" shape=""/>')
    for one, (_, via) in edges.items():
        for other, (start, _) in edges.items():
            if start == via:
                signal = f'tl="{via}" linkIndex="0" ' if via in signals.split() else ""
                text.append(
                    f'<connection from="{one}" to="{other}" fromLane="0" toLane="0" {signal}dir="s" state="M"/>'
                )
    return "\n".join([*text, "</net>"])


def run(folder: Path, network: str, trips: str, end: float, **told: Any) -> tuple[Simulation, Kept]:
    """A run of a network and trips of trains, looked at each second; `told`: what else there is in the pilot."""
    (folder / "some.net.xml").write_text(network)
    (folder / "some.rou.xml").write_text(f'<routes><vType id="t" vClass="rail"/>{trips}</routes>')
    (folder / "some.sumocfg").write_text(
        '<configuration><net-file value="some.net.xml"/><route-files value="some.rou.xml"/>'
        f'<begin value="0"/><end value="{end}"/></configuration>'
    )
    pilot = dataclasses.replace(sim.load(folder / "some.sumocfg"), output=Output(1.0, 60.0), **told)
    kept = Kept()
    simulation = Simulation(pilot, 1, kept, services())
    simulation.run()
    return simulation, kept


def trip(name: str, depart: float, one: str, other: str) -> str:
    """A trip of a train."""
    return f'<trip id="{name}" type="t" depart="{depart}" from="{one}" to="{other}"/>'


def together(simulation: Simulation, kept: Kept, *edges: str) -> int:
    """Most trains at any instant that have their front, or their rear, on some edges."""
    index = {i for i, e in enumerate(simulation.pilot.park.edges) if e.id in edges}
    most, last = 0, dict[int, int]()
    for sample in kept.samples:
        there = set()
        for row, edge, position in zip(*(sample[x].tolist() for x in ("id", "edge", "position_m")), strict=True):
            normal = not simulation.pilot.park.edges[edge].internal
            if edge in index or (last.get(row) in index and (position < LENGTH - 1.0 or not normal)):
                there.add(row)
            last[row] = edge if normal and position >= LENGTH else last.get(row, edge)
        most = max(most, len(there))
    return most


@pytest.mark.parametrize("headway", [5.0, 30.0, 60.0])
def test_trains_on_a_line_keep_a_block_each_and_all_get_home(tmp_path: Path, headway: float) -> None:
    trips = "".join(trip(f"t{i}", i * headway, "a", "d") for i in range(5))
    simulation, kept = run(tmp_path, net(LINE, "S T U", {}), trips, 2400.0)
    assert not np.isnan(kept.trip["arrival_s"]).any()
    for edge in LINE:
        assert together(simulation, kept, edge) == 1
    assert kept.trip["depart_delay_s"][0] < 0.1
    free = kept.trip["duration_s"][0]
    if headway == 60.0:
        assert kept.trip["duration_s"] == pytest.approx(free, abs=0.5)  # nobody is held up by who is far ahead
        assert kept.trip["depart_delay_s"].max() < 0.1
    else:
        assert kept.trip["depart_delay_s"][-1] > 5.0


def test_without_rail_signals_trains_follow_each_other(tmp_path: Path) -> None:
    trips = "".join(trip(f"t{i}", i * 20.0, "a", "d") for i in range(5))
    simulation, kept = run(tmp_path, net(LINE, "", {}), trips, 1200.0)
    assert together(simulation, kept, *LINE) > 2


def test_who_turns_off_frees_the_switch_behind_him(tmp_path: Path) -> None:
    trips = trip("first", 0.0, "a", "left") + trip("second", 1.0, "a", "right")
    simulation, kept = run(tmp_path, net(FORK, "S", {}), trips, 900.0)
    assert not np.isnan(kept.trip["arrival_s"]).any()
    assert together(simulation, kept, "a") == together(simulation, kept, "b") == 1
    assert together(simulation, kept, "left", "right") == 2


def test_of_two_trains_that_join_one_waits_at_its_signal(tmp_path: Path) -> None:
    trips = trip("one", 0.0, "x", "d") + trip("two", 0.0, "y", "d")
    simulation, kept = run(tmp_path, net(JOIN, "S T", {}, T=(1000, -20)), trips, 900.0)
    assert not np.isnan(kept.trip["arrival_s"]).any()
    assert together(simulation, kept, "x", "y") == 2
    assert together(simulation, kept, "b", "c", "d") == 1


def test_trains_do_not_meet_on_a_single_track(tmp_path: Path) -> None:
    trips = "".join(trip(f"e{i}", 30.0 * i, "w", "out") + trip(f"w{i}", 30.0 * i, "e", "home") for i in range(3))
    pair = {"east": "west", "west": "east"}
    simulation, kept = run(tmp_path, net(SINGLE, "S T T2 S2", pair), trips, 2400.0)
    assert not np.isnan(kept.trip["arrival_s"]).any()
    assert together(simulation, kept, "east", "west") == 1
    other, kept = run(tmp_path, net(SINGLE, "S T T2 S2", {}), trips, 2400.0)
    assert together(other, kept, "east", "west") == 2


def test_a_rail_signal_is_read_without_a_programme_and_one_without_signals_is_left_in_peace(tmp_path: Path) -> None:
    path = tmp_path / "some.net.xml"
    path.write_text(net(LINE, "S T", {}))
    park = read(path)
    assert [(s.id, s.kind, s.phases[0].state) for s in park.signals] == [("S", "rail", "r"), ("T", "rail", "r")]
    assert [c.signal for c in park.connections] == [0, 1, -1]
    assert not park.warnings
    corridor = Simulation(sim.load(ROOT / "scenarios/corridor.yaml"), 1, Kept())
    assert list(rail_signals.serve(corridor)) == []


def test_trains_go_the_same_however_the_run_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trips = trip("one", 0.0, "x", "d") + trip("two", 0.0, "y", "d") + trip("three", 3.0, "x", "d")
    found = []
    for chunk in (100, 7):
        monkeypatch.setattr(environment, "CHUNK", chunk)
        _, kept = run(tmp_path, net(JOIN, "S T", {}, T=(1000, -20)), trips, 600.0)
        found.append(kept.trip)
    assert len(found[0]["arrival_s"]) == 3
    for name, column in found[0].items():
        assert np.array_equal(column, found[1][name], equal_nan=True), name


def test_spat_of_a_rail_signal_says_that_its_end_is_not_known(tmp_path: Path) -> None:
    """Nobody can say when the track ahead is free: SPAT tells so, by the standard's mark."""
    equip = {"radio": Radio("ideal"), "equip": Equipment({"t": 1.0}, ("S",))}
    trains = trip("one", 0.0, "a", "d") + trip("two", 5.0, "a", "d")
    simulation, _ = run(tmp_path, net(LINE, "S T", {}), trains, 60.0, **equip)
    streams = simulation.world.radio.streams
    k = next(i for i in range(len(streams)) if streams[i].message == MESSAGES.code("spat"))
    assert streams[k].number > 500
    c = simulation.world.radio.contents[k * REMEMBERED + (int(streams[k].number) - 1) % REMEMBERED]
    assert np.isnan([c.speed, c.likely, c.acceleration]).all()
    assert c.confidence == 0.0
    assert MESSAGES["spat"].field("likely_end").count(float(c.likely)) == 36_001
