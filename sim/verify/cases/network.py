"""Networks that others made: read as SUMO reads them, driven as SUMO drives them, compared with counts on the road."""

from __future__ import annotations

import gzip
import importlib
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import csv

from sim.engine.simulation import Process, Simulation
from sim.park.importers import read_map
from sim.park.names import Names
from sim.park.network import Network
from sim.park.xml import Document
from sim.pilot import Pilot
from sim.scenario.loader import load
from sim.services import services
from sim.units import ticks
from sim.verify.case import Point, Setting, Settings, Unavailable, VerificationError, case, point, within
from sim.verify.replay import read_csv
from sim.verify.trial import Diary

_SCENARIO = Setting("scenario", "", "file", "a .sumocfg")
_SEED = Setting("seed", 1, "number", "of all draws", 0)


def _file(text: str, what: str) -> Path:
    """A file that a case cannot do without."""
    if not text:
        raise Unavailable(f"it needs {what}")
    return Path(text)


@case(
    "network.import",
    title="A .net.xml as SUMO's own library reads it",
    source="sumolib of Eclipse SUMO",
    standing="read",
    settings=(Setting("map", "", "file", "a .net.xml"),),
)
def read_alike(told: Settings) -> Iterator[Point]:
    """Counts and lengths of everything that is not inside a junction, and connections."""
    path = _file(told.text("map"), "a SUMO network: --set map=FILE.net.xml")
    try:
        reader: Any = importlib.import_module("sumolib.net")
    except ImportError:
        raise Unavailable("it needs the package sumolib: pip install sumolib") from None
    theirs, ours = reader.readNet(str(path), withInternal=False, withConnections=True), read_map(path)
    edges = [x for x in ours.edges if not x.internal]
    lanes = {ours.lanes[i].id: ours.lanes[i].length for x in edges for i in x.lanes}
    wanted = {lane.getID(): lane.getLength() for edge in theirs.getEdges(False) for lane in edge.getLanes()}
    links = sum(len(x) for edge in theirs.getEdges(False) for x in edge.getOutgoing().values())
    signals = len({x.getID() for x in theirs.getTrafficLights()})
    yield point("edges", "count", len(theirs.getEdges(False)), len(edges), 0.5)
    yield point("lanes", "count", len(wanted), len(lanes), 0.5)
    yield point(
        "junctions", "count", sum(x.getType() != "internal" for x in theirs.getNodes()), len(ours.junctions), 0.5
    )
    yield point("connections", "count", links, len(ours.connections), 0.5)
    yield point("signals", "count", signals, len(ours.signals), 0.5)
    total = sum(wanted.values())
    yield point("lanes", "length in all [m]", total, sum(lanes.values()), within(total, 0.01))
    worst = max((abs(lanes.get(name, math.inf) - length) for name, length in wanted.items()), default=0.0)
    yield point("lanes", "greatest difference of a length [m]", 0.0, worst, 0.01)


def told_by(pilot: Pilot, seed: int, *extra: Any) -> Diary:
    """Run a pilot as it is, and write down what happens."""
    diary = Diary()
    diary.outcome = Simulation(pilot, seed, diary, [*services(), *extra]).run()
    return diary


@case(
    "network.regression",
    title="A SUMO scenario against SUMO's own result",
    source="Eclipse SUMO 1.28 at a step of 0.1 s (sumo/step-0.1.csv beside the scenario: a row a seed)",
    standing="read",
    settings=(_SCENARIO, _SEED),
)
def regression(told: Settings) -> Iterator[Point]:
    """Vehicles, travel time, time loss; and the way of each trip against SUMO's trip records."""
    path = _file(told.text("scenario"), "a SUMO scenario with its result: --set scenario=FILE.sumocfg")
    figures = path.parent / "sumo" / "step-0.1.csv"
    if not figures.is_file():
        raise Unavailable(f"{figures} is not there; wanted SUMO's figures beside the scenario")
    names = ("vehicles", "mean_duration", "mean_time_loss")
    theirs = {name: float(np.mean(column)) for name, column in read_csv(str(figures), names).items()}
    diary = told_by(load(path), told.whole("seed"))
    trips = diary.trips_told
    home = np.isfinite(trips["arrival_s"])
    yield point("trips", "arrived", theirs["vehicles"], home.sum(), within(theirs["vehicles"], 1.0))
    for name, key, percent in (("travel time [s]", "duration", 10.0), ("time loss [s]", "time_loss", 20.0)):
        wanted = theirs[f"mean_{key}"]
        yield point("trips", f"mean {name}", wanted, float(trips[f"{key}_s"][home].mean()), within(wanted, percent))
    yield point("trips", "collisions", 0.0, diary.count("collision"), 0.5)
    records = path.parent / "sumo" / "tripinfo.csv.gz"
    if records.is_file():
        yield _ways(records, diary, home)


def _ways(records: Path, diary: Diary, home: np.ndarray) -> Point:
    """Length of trips that both brought home, by the same name."""
    table = csv.read_csv(io.BytesIO(gzip.decompress(records.read_bytes())))
    wanted = dict(zip(table["id"].cast("string").to_pylist(), table["routeLength"].to_pylist(), strict=True))
    rows = [i for i in np.flatnonzero(home) if diary.departures.ids[i] in wanted]
    theirs = np.array([wanted[diary.departures.ids[i]] for i in rows])
    ours = diary.trips_told["route_length_m"][rows]
    alike = np.abs(ours - theirs) <= np.maximum(0.005 * theirs, 2.0)  # [m] the last step goes beyond the end
    note = f"{len(rows)} trips that both know; means {ours.mean():.1f} and {theirs.mean():.1f} m"
    return point("trips", "share with the same way within 0.5 % [-]", 1.0, float(alike.mean()), 0.05, note)


class _Entered:
    """A service that counts who enters edges between two times."""

    def __init__(self, edges: list[int], begin: float, end: float) -> None:
        self._edges, self._begin, self._end = edges, begin, end
        self.counts = np.zeros(len(edges))

    def __call__(self, run: Simulation) -> Process:
        start = run.pilot.clock.begin
        yield run.environment.timeout(ticks(max(0.0, self._begin - start)))
        before = self._sums(run)
        yield run.environment.timeout(ticks(max(0.0, self._end - 1.0 - max(start, self._begin))))
        self.counts = self._sums(run) - before

    def _sums(self, run: Simulation) -> np.ndarray:
        park: Network = run.pilot.park
        entered = run.world.lane["entered"]
        return np.array([sum(int(entered[i]) for i in park.edges[e].lanes) for e in self._edges], float)


def geh(model: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Difference of hourly flows as traffic engineers weigh it [-].

    Source: UK Design Manual for Roads and Bridges, TAG unit M3.1: sqrt(2 (m - c)^2 / (m + c)).
    """
    total = np.maximum(model + count, 1e-9)
    return np.sqrt(2.0 * (model - count) ** 2 / total)


@case(
    "network.counts",
    title="Simulated flows against counts on the road",
    source="counts of the scenario's makers (mean-data file); GEH < 5 on 85 % (TAG unit M3.1)",
    standing="read",
    reason="the scenario's own demand: SUMO, too, does not bring every vehicle onto the road in time",
    settings=(_SCENARIO, Setting("counts", "", "file", "mean-data XML with entered vehicles of edges"), _SEED),
)
def counts(told: Settings) -> Iterator[Point]:
    """Vehicles that enter the counted edges in the counted interval."""
    path = _file(told.text("scenario"), "a SUMO scenario: --set scenario=FILE.sumocfg")
    begin, end, wanted = _counted(_file(told.text("counts"), "counts: --set counts=FILE.xml"))
    pilot = load(path, {"output.edges": "0"})
    known = Names(pilot.park).edge
    names = [name for name in wanted if name in known]
    if not names:
        raise VerificationError("none of the counted edges is in the scenario's network")
    service = _Entered([known[name] for name in names], begin, min(end, pilot.clock.end))
    told_by(pilot, told.whole("seed"), service)
    hour = 3600.0 / (end - begin)
    count = np.array([wanted[name] for name in names])
    values = geh(service.counts * hour, count * hour)
    yield point(f"{len(names)} edges", "share with GEH < 5 [-]", 1.0, float((values < 5.0).mean()), 0.15)
    for name, one, value, target in zip(names, service.counts, values, count, strict=True):
        yield point(name, "vehicles", target, one, note=f"GEH {value:.1f}")


def _counted(path: Path) -> tuple[float, float, dict[str, float]]:
    """Begin and end [s], and vehicles by edge, of a mean-data file with one interval."""
    source = Document(path, VerificationError)
    found: dict[str, float] = {}
    begin, end = 0.0, 3600.0
    for node in source.elements("meandata"):
        begin, end = source.number(node, "begin"), source.number(node, "end")
        for edge in node.children:
            found[edge.text("id")] = source.number(edge, "entered")
    source.close()
    return begin, end, found
