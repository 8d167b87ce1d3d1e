"""What the engine tells whoever writes things down: one protocol, implemented by `sim.report.recorder`."""

from __future__ import annotations

from typing import Protocol, TypedDict

import numpy as np

from sim.engine.events import KINDS
from sim.pilot import Pilot
from sim.traffic.departures import Departures


class Progress(TypedDict):
    """State of a run while it goes."""

    time: float  # [s of the clock]
    on_road: int
    waiting: int
    arrived: int
    scheduled: int
    kernel_seconds: float
    compiling: bool


Columns = dict[str, np.ndarray]


class Recorder(Protocol):
    """Takes what a run leaves, while it runs; must keep memory bounded.

    Columns are those of the result folder (interface), but with whole numbers in place of names: vehicles as row of
    `Departures` (-1: nobody), signals by rank, faults as rank among the pilot's occurrences, edges and lanes as index
    of `Network` (-1: nowhere), event kinds as index of `EVENT_KINDS`. The recorder turns them into names.
    """

    def begin(self, pilot: Pilot, departures: Departures, seed: int) -> None:
        """Before the first step."""

    def events(self, columns: Columns) -> None:
        """time_s, kind, subject, other, value, edge, lane, position_m; sorted by (time, kind, subject, other)."""

    def trajectories(self, columns: Columns) -> None:
        """time_s, id, edge, lane, position_m, speed_mps, acceleration_mps2, x_m, y_m, heading_deg, waits (index of
        `WAITS`), waits_for (vehicle); sorted by id."""

    def stations(self, stations: Columns, links: Columns) -> None:
        """Who is on the air, and who hears roadside units and is heard by them.

        stations: time_s, id (a vehicle, or -1 - rank of a roadside unit), edge, in_range, known, latest, heard_by,
        age_s, load_per_s, channel_busy_ratio. links: time_s, unit (rank), id, heard_age_s, told_age_s (nan: nothing
        known).
        """

    def beliefs(self, columns: Columns) -> None:
        """time_s, id, about (vehicles), age_s, lane, position_m, speed_mps (nan and -1: nothing heard of)."""

    def edges(self, begin: float, end: float, columns: Columns) -> None:
        """One interval [s], a row an edge (not internal) that saw a vehicle.

        edge, entered, left [vehicles], vehicle_seconds, vehicle_metres, time_loss_s, waiting_s, queue_mean, queue_max
        [vehicles halting].
        """

    def messages(self, end: float, counted: np.ndarray, times: np.ndarray) -> None:
        """What has been counted up to the end of an interval [s of the clock], and the sums of `TIMED`.

        counted: (receivers, kinds, TALLIED). times: (kinds, TIMED), the last two the same of all kinds.
        """

    def transmissions(self, columns: Columns) -> None:
        """Each message behind the warm-up and kind of receiver (rank; -1: nobody was there), if asked for, in order.

        time_s, message (rank), number, sender (a vehicle, or -1 - rank of a roadside unit), receiver, bytes (header
        among them), heard, delay_ms (before outages of who hears it), lost_ by cause.
        """

    def trips(self, columns: Columns) -> None:
        """Once, at the end: a row a departure, in order.

        depart_s, depart_delay_s, arrival_s, duration_s, route_length_m, waiting_time_s, time_loss_s, stops, energy_kwh;
        nan while not (yet): depart_s of who never came on the road, arrival_s of who is under way.
        """

    def conflicts(self, columns: Columns) -> None:
        """Encounters that are over, sorted by (end, one, other); a row each, if the pilot asks for them.

        subject (who must act), other: rows of `Departures`; kind: index of `sim.metrics.KINDS`; begin_s, end_s, time_s
        (of the least time to collision, or of the passage), ttc_s, pet_s (inf: none), lane, position_m, speed_mps and
        other_lane, other_position_m, other_speed_mps at that time, tet_s, tit_s2, drac_mps2, mdrac_mps2,
        braking_mps2, other_braking_mps2, collided.
        """

    def progress(self, progress: Progress) -> None:
        """Now and then."""


#: What can be written into events.parquet; a kind's code is its rank here.
EVENT_KINDS = tuple(x.name for x in KINDS)

#: Column of conflicts -> column of the state that it is.
ENCOUNTER = {
    "ttc_s": "ttc",
    "pet_s": "pet",
    "tet_s": "tet",
    "tit_s2": "tit",
    "drac_mps2": "drac",
    "mdrac_mps2": "mdrac",
    "lane": "lane",
    "position_m": "position",
    "speed_mps": "speed",
    "other_lane": "other_lane",
    "other_position_m": "other_position",
    "other_speed_mps": "other_speed",
    "collided": "collided",
}


#: Sums by kind of message that are told of each interval, times in `sim.state.air.BEAT`: delays and how many, gaps and
#: how many, twice the area under ages; channel busy ratio [1e-6] and of how many stations and steps.
TIMED = ("delay_time", "delay_count", "gap_time", "gap_count", "age_area", "busy_sum", "busy_count")


#: What somebody who stands can be told to wait for; new ones are added at the end.
WAITS = ("vehicle", "light", "lane_end", "room", "stop")


class Means(TypedDict):
    """Means of times [s]; nan of none."""

    mean_delay: float
    mean_gap: float  # between messages heard of one sender
    mean_age: float


class Times(Means):
    """How long messages took, how often they were heard, how old they became; times in `sim.state.air.BEAT`."""

    delays: np.ndarray  # times each delay was seen, (beats,)
    gaps: np.ndarray  # times each gap was seen, (beats,)
    ages: np.ndarray  # pairs and beats spent at each age, from each to the next beat, (beats,)


class CellEnd(TypedDict):
    """How full the way up to, or down from, a cell of the network was."""

    rate: float  # [bit/s] offered, mean of the time behind the warm-up; nan: not measured
    rate_most: float  # [bit/s] averaged over a second
    capacity: float  # [bit/s]; inf: whatever comes
    wait_most: float  # [s] for room
    full: float  # share of the time in which more was offered than it bears [-]


class CellHeard(TypedDict):
    """What became of messages in a cell of the network; fates in the order of `sim.models.radio.FATES`."""

    said: int
    lost_up: dict[str, int]  # of them lost for all on the way up, by fate
    fates: np.ndarray  # (fates,): receptions of those who were there
    delays: np.ndarray  # times each delay was seen there, (beats,)
    mean_delay: float  # [s]
    up: CellEnd
    down: CellEnd


class Part(TypedDict):
    """What became of one kind of message, or of what tells of one topic; as of `Heard`."""

    said: float
    due: float
    kept: float  # of a topic also what could not be said of no topic
    near: np.ndarray  # (classes, fates)
    delays: np.ndarray  # (beats,)


class Heard(Times):
    """What became of messages, and the times of all of them; fates in the order of `sim.models.radio.FATES`."""

    messages: list[str]  # kinds, by name
    said: np.ndarray  # (kinds,)
    fates: np.ndarray  # (kinds, fates)
    by_receiver: np.ndarray  # (receivers, kinds, fates); receivers in the order of `sim.state.air.RECEIVERS`
    ratios: np.ndarray  # (receivers,): receptions that one counted stands for, of what vehicles and people say
    estimated: list[str]  # kinds of which not every reception was counted
    by_distance: np.ndarray  # (classes, fates)
    class_width: float  # of a class of distance [m]
    near: np.ndarray  # (kinds, classes, fates): the same, by kind
    bytes: np.ndarray  # (kinds,): said in all, without headers
    due: np.ndarray  # (kinds,): time for which senders had some to say, summed over them [s]
    kept: np.ndarray  # (kinds,): time for which a fault kept senders from saying any, summed over them [s]
    times: list[Times]  # of each kind
    busy_mean: float
    busy_most: float
    decided: int  # receptions: messages said within range of somebody, over all
    counted: float  # share of those behind the warm-up that were decided for these figures, which stand for all
    overflow: int
    stale: int  # receptions of messages that are out of date
    groupless: int  # MAP said that tell no groups of signals, for they are out of date
    forged: int  # receptions of forged messages
    cells: dict[str, CellHeard]  # by name, what lies in none among them; empty where there are none
    topics: dict[str, Part]  # by name of the application that tells
    sensing: dict[str, int]  # what became of road users near sensors, and of what was not there


class Applied(TypedDict):
    """What came of an application."""

    advised: int  # times it began to advise somebody
    figures: dict[str, float]  # its own


class Outcome(TypedDict):
    """What the engine reports when a run is over."""

    status: str  # done | interrupted
    reasons: list[str]  # why the run is invalid; empty if valid
    steps: int
    vehicle_updates: int
    kernel_s: float
    compile_s: float
    build_s: float
    end: float  # [s of the clock]
    missed_encounters: int  # sightings for which there was no room
    heard: Heard | None  # None without a radio
    applied: dict[str, Applied]  # by name of the application
