"""What services do: halts end, roads close and open, obstacles come and go, and everybody still gets home."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.recording import EVENT_KINDS
from sim.engine.simulation import Simulation
from sim.errors import ScenarioError
from sim.pilot import Occurrence, Pilot
from sim.services import services

ROOT = Path(__file__).parents[2]


class Notes:
    """A recorder that keeps events and trips."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, np.ndarray]] = []
        self.trip: dict[str, np.ndarray] = {}
        self.intervals: list[tuple[float, float]] = []

    def begin(self, *_: object) -> None: ...
    def trajectories(self, *_: object) -> None: ...
    def stations(self, *_: object) -> None: ...
    def beliefs(self, *_: object) -> None: ...
    def messages(self, *_: object) -> None: ...
    def transmissions(self, *_: object) -> None: ...
    def progress(self, *_: object) -> None: ...

    def edges(self, begin: float, end: float, columns: dict[str, np.ndarray]) -> None:
        self.intervals.append((begin, end))

    def events(self, columns: dict[str, np.ndarray]) -> None:
        self.blocks.append(columns)

    def trips(self, columns: dict[str, np.ndarray]) -> None:
        self.trip = columns

    def of_kind(self, kind: str) -> dict[str, np.ndarray]:
        """Events of a kind, as columns."""
        whole = {name: np.concatenate([b[name] for b in self.blocks]) for name in self.blocks[0]}
        return {name: column[whole["kind"] == EVENT_KINDS.index(kind)] for name, column in whole.items()}


def run(pilot: Pilot) -> tuple[Notes, Simulation]:
    notes = Notes()
    simulation = Simulation(pilot, 1, notes, services())
    simulation.run()
    return notes, simulation


def corridor(*occurrences: Occurrence) -> Pilot:
    return dataclasses.replace(sim.load(ROOT / "scenarios/corridor.yaml"), occurrences=occurrences)


def test_buses_hold_for_their_time_and_go_on() -> None:
    notes, simulation = run(corridor())
    begin, end = notes.of_kind("stop_begin"), notes.of_kind("stop_end")
    assert len(begin["time_s"]) == 3
    assert end["subject"].tolist() == begin["subject"].tolist()
    assert np.allclose(end["time_s"] - begin["time_s"], 25.0)
    buses = [i for i, name in enumerate(simulation.departures.ids) if name.startswith("bus1")]
    assert not np.isnan(notes.trip["arrival_s"][buses]).any()


def test_the_last_interval_is_told_and_departures_agree() -> None:
    pilot = corridor()
    notes, _ = run(pilot)
    assert notes.intervals[0][0] == pilot.clock.begin
    assert notes.intervals[-1][1] == pilot.clock.end
    assert [b for b, _ in notes.intervals[1:]] == [e for _, e in notes.intervals[:-1]]
    told = notes.of_kind("depart")
    assert np.allclose(told["time_s"], notes.trip["depart_s"][told["subject"]])


def test_nobody_enters_a_closed_edge_and_it_opens_again() -> None:
    _, simulation = run(corridor())
    park = simulation.pilot.park
    edge = next(e.id for e in park.edges if not e.internal and "2" in e.id and "_" not in e.id and len(e.lanes) > 1)
    index = next(i for i, e in enumerate(park.edges) if e.id == edge)
    pilot = corridor(Occurrence("close", 25500.0, 25800.0, {"edge": edge}))
    notes, closed = run(pilot)
    assert len(notes.of_kind("close")["time_s"]) == 1
    assert notes.of_kind("close")["time_s"][0] == 25500.0
    assert notes.of_kind("open")["time_s"][0] == 25800.0
    assert (~np.isnan(notes.trip["arrival_s"])).sum() > 0
    lanes = park.edges[index].lanes
    assert not closed.world.lane["shut"][list(lanes)].any()


def test_an_obstacle_delays_those_behind_it_only_while_it_lies_there() -> None:
    free, simulation = run(corridor())
    park = simulation.pilot.park
    told = free.of_kind("depart")
    lane = int(np.bincount(told["lane"]).argmax())
    where = park.lanes[lane].length * 0.6
    occurrence = Occurrence("incident", 25500.0, 25800.0, {"lane": park.lanes[lane].id, "position": where})
    notes, _ = run(corridor(occurrence))
    assert notes.of_kind("incident_begin")["time_s"][0] == 25500.0
    assert notes.of_kind("incident_end")["time_s"][0] == 25800.0
    assert np.nansum(notes.trip["time_loss_s"]) > np.nansum(free.trip["time_loss_s"])
    assert len(notes.of_kind("collision")["time_s"]) == 0


@pytest.mark.parametrize(("kind", "settings"), [("close", {"edge": "nowhere"}), ("incident", {"lane": "nowhere"})])
def test_a_place_that_is_not_on_the_map_is_refused(kind: str, settings: dict[str, str]) -> None:
    with pytest.raises(ScenarioError, match="nowhere"):
        run(corridor(Occurrence(kind, 25300.0, 25400.0, settings)))


def test_what_has_begun_before_the_run_ends_when_it_should() -> None:
    """A closure from before the run on is open again at its end; one that is over before never was."""
    pilot = corridor()
    start = pilot.clock.begin
    over = Occurrence("incident", start - 600.0, start - 60.0, {"lane": "main3_0", "position": 50.0})
    begun = Occurrence("incident", start - 600.0, start + 20.0, {"lane": "main2_0", "position": 50.0})
    shut = Occurrence("close", start - 600.0, start + 30.0, {"lane": "main2_1"})
    clock = dataclasses.replace(pilot.clock, end=start + 60.0, warm_up=0.0)
    notes, _ = run(dataclasses.replace(pilot, clock=clock, occurrences=(over, begun, shut)))
    assert len(notes.of_kind("incident_begin")["time_s"]) == 1
    assert notes.of_kind("incident_end")["time_s"] == pytest.approx([start + 20.0], abs=0.11)
    assert notes.of_kind("open")["time_s"] == pytest.approx([start + 30.0], abs=0.11)


def test_an_incident_beyond_the_end_of_its_lane_is_a_fault() -> None:
    beyond = Occurrence("incident", 0.0, 60.0, {"lane": "main2_0", "position": 99_999.0})
    with pytest.raises(ScenarioError, match=r"99999 m is not on lane main2_0; it is \d+\.\d m long"):
        run(corridor(beyond))
