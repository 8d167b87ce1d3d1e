"""Writes down what a run leaves, while it runs: tables in a folder, and the few sums that the summary needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.engine.recording import EVENT_KINDS, WAITS, Columns, Heard, Progress
from sim.metrics import KINDS
from sim.park.network import Network
from sim.pilot import Pilot
from sim.report.automation import ControlTally
from sim.report.conflicts import Tally
from sim.report.identity import PROGRAM, fingerprint, version
from sim.report.spoken import Spoken
from sim.report.table_file import TableFile
from sim.report.tables import BELIEFS, CONFLICTS, EDGES, EVENTS, LINKS, STATIONS, TRAJECTORIES, TRIPS, Table
from sim.traffic.departures import Departures

_SIGNAL = EVENT_KINDS.index("signal")
_FAULTS = [EVENT_KINDS.index(x) for x in ("fault_begin", "fault_end")]
_HOUR, _KILO = 3600.0, 1000.0

Watch = Callable[[Progress], None]


class FolderRecorder:
    """The recorder of a result folder.

    Args:
        folder: exists; every table is made in it.
        watch: is told how the run goes; may be left out.
    """

    def __init__(self, folder: Path, watch: Watch | None = None) -> None:
        self._folder = folder
        self._watch = watch
        self._files: dict[str, TableFile] = {}
        self._spoken: Spoken | None = None
        self.counts: Counter[str] = Counter()  #: events by kind
        self.trips_columns: Columns = {}
        self.departures: Departures
        self.control: ControlTally  #: who drove automated vehicles
        self.tally: Tally | None = None  #: of encounters, where they are measured

    def begin(self, pilot: Pilot, departures: Departures, seed: int) -> None:
        """Open the tables that the pilot asks for."""
        self.departures = departures
        self._vehicles = len(departures)
        self.control = ControlTally(pilot, departures)
        self._cards = departures.card.astype(np.int64)
        self._lengths = edge_lengths(pilot.park)
        names = _names(pilot.park, departures)
        names["subject"], self._befallen = _with_befallen(names["subject"], len(departures), pilot)
        told = {"scenario": pilot.name, "scenario_sha256": fingerprint(pilot), "seed": str(seed)}
        told |= {PROGRAM: version() or ""}
        wanted: list[Table] = [TRIPS, EVENTS]
        wanted += [TRAJECTORIES] if pilot.output.trajectories > 0 else []
        wanted += [EDGES] if pilot.output.edges > 0 else []
        self._files = {table.name: TableFile(self._folder, table, names, told) for table in wanted}
        self._spoken = Spoken(self._folder, pilot, departures, told) if pilot.radio else None
        if pilot.radio and pilot.output.trajectories > 0:
            units = pa.array(pilot.equip.junctions, pa.string())
            said = names | {"id": pa.array([*departures.ids, *pilot.equip.junctions], pa.string()), "unit": units}
            self._files |= {x.name: TableFile(self._folder, x, said, told) for x in (STATIONS, LINKS, BELIEFS)}
        if pilot.output.conflicts:
            self.tally = Tally(pilot, departures)
            names = names | {"kind": pa.array(KINDS, pa.string())}
            self._files[CONFLICTS.name] = TableFile(self._folder, CONFLICTS, names, told)

    def events(self, columns: Columns) -> None:
        """Count and write events; the subject of a signal's event is a signal, that of a fault's who has it."""
        kinds = columns["kind"].astype(np.int64)
        for kind, count in zip(*np.unique(kinds, return_counts=True), strict=True):
            self.counts[EVENT_KINDS[kind]] += int(count)
        self.control.add(columns)
        subject = columns["subject"].astype(np.int64)
        subject = np.where((kinds == _SIGNAL) & (subject >= 0), self._vehicles + subject, subject)
        faults = np.isin(kinds, _FAULTS)
        subject[faults] = self._befallen[subject[faults]]
        self._files["events"].add(columns | {"subject": subject})

    def trajectories(self, columns: Columns) -> None:
        """Write who is where."""
        self._files["trajectories"].add(columns | {"card": self._cards[columns["id"]]})

    def stations(self, stations: Columns, links: Columns) -> None:
        """Write who is on the air; roadside units are called by their junctions, after the vehicles."""
        who = stations["id"]
        self._files["stations"].add(stations | {"id": np.where(who >= 0, who, self._vehicles - 1 - who)})
        self._files["links"].add(links)

    def beliefs(self, columns: Columns) -> None:
        """Write what vehicles know of the nearest others."""
        self._files["beliefs"].add(columns)

    def edges(self, begin: float, end: float, columns: Columns) -> None:
        """Write flow, density and speed of an interval by Edie's definitions, and what was lost there.

        Source: Edie 1963, Discussion of traffic stream measurements and definitions.
        """
        edge, metres, present = columns["edge"], columns["vehicle_metres"], columns["vehicle_seconds"]
        length, span = self._lengths[edge], end - begin
        with np.errstate(divide="ignore", invalid="ignore"):
            speed = np.where(present > 0, metres / present, np.nan)
            delay = np.where(metres > 0, columns["time_loss_s"] * length / metres, np.nan)
        self._files["edges"].add(
            {
                "edge": edge,
                "begin_s": np.full(len(edge), begin),
                "end_s": np.full(len(edge), end),
                "entered": columns["entered"],
                "left": columns["left"],
                "flow_vph": metres / (length * span) * _HOUR,
                "density_vpkm": present / (length * span) * _KILO,
                "speed_mps": speed,
                "delay_s": delay,
                "time_loss_s": columns["time_loss_s"],
                "waiting_s": columns["waiting_s"],
                "queue_veh": columns["queue_mean"],
                "queue_max_veh": columns["queue_max"],
            }
        )

    def trips(self, columns: Columns) -> None:
        """Write every departure's trip and keep the columns for the summary."""
        rows = np.arange(self._vehicles)
        self.trips_columns = {name: np.array(x, np.float64) for name, x in columns.items()}
        self._files["trips"].add(columns | {"id": rows, "card": self._cards})

    def conflicts(self, columns: Columns) -> None:
        """Measure, count and write encounters."""
        if self.tally:
            self._files[CONFLICTS.name].add(self.tally.rows(columns))

    def messages(self, end: float, counted: np.ndarray, times: np.ndarray) -> None:
        """Keep what messages came to up to the end of an interval."""
        if self._spoken:
            self._spoken.count(end, counted, times)

    def transmissions(self, columns: Columns) -> None:
        """Write what became of each message."""
        if self._spoken:
            self._spoken.add(columns)

    def progress(self, progress: Progress) -> None:
        """Tell whoever watches."""
        if self._watch:
            self._watch(progress)

    def close(self, heard: Heard | None = None) -> None:
        """End every table; what messages came to in each interval needs to be told what that stands for."""
        if self._spoken:
            self._spoken.close(heard)
        for file in self._files.values():
            file.close()
        self._files = {}


def edge_lengths(network: Network) -> np.ndarray:
    """Length of each edge: that of its lane at the kerb, (edges,) [m]."""
    return np.array([network.lanes[x.lanes[0]].length if x.lanes else np.nan for x in network.edges])


def _with_befallen(names: pa.Array, vehicles: int, pilot: Pilot) -> tuple[pa.Array, np.ndarray]:
    """Names of subjects with those whom faults befall, and the place among them of each occurrence's; -1: nobody."""
    told = [str(x.settings.get("junction", x.settings.get("card", ""))) for x in pilot.occurrences]
    places = {name: vehicles + i for i, name in enumerate(names[vehicles:].to_pylist())}  # a signal may be called so
    for name in told:
        places.setdefault(name, vehicles + len(places))
    more = [x for x, place in places.items() if place >= len(names)]
    found = np.array([places[x] if x else -1 for x in told], np.int64)
    return pa.concat_arrays([names, pa.array(more, pa.string())]), found


def _names(network: Network, departures: Departures) -> dict[str, pa.Array]:
    """What the whole numbers in each column stand for."""
    vehicles = pa.array(departures.ids, pa.string())
    cards = pa.array([x.name for x in departures.cards], pa.string())
    lanes = pa.array([x.id for x in network.lanes], pa.string())
    return {
        "id": vehicles,
        "other": vehicles,
        "about": vehicles,
        "waits": pa.array(WAITS, pa.string()),
        "waits_for": vehicles,
        "subject": pa.array([*departures.ids, *(x.id for x in network.signals)], pa.string()),
        "card": cards,
        "other_card": cards,
        "kind": pa.array(EVENT_KINDS, pa.string()),
        "edge": pa.array([x.id for x in network.edges], pa.string()),
        "lane": lanes,
        "other_lane": lanes,
    }
