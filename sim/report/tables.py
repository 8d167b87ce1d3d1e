"""The tables of a result folder: what a row of each is, and what its columns hold, in which unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sim.metrics import KINDS, column_meanings
from sim.models.radio import FATES

NAME = pa.dictionary(pa.int32(), pa.string())
F8, F4, I8, I4 = pa.float64(), pa.float32(), pa.int64(), pa.int32()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the result folder.

    Args:
        row: what a row is, and when the table is written.
        told: by name of the column, its type and meaning with unit; a `NAME` column is written from whole numbers.
        rounded: columns written to 1 / 65,536 of their unit (15 µm): halves their size, as their last bits are noise.
    """

    name: str
    row: str
    told: Mapping[str, tuple[pa.DataType, str]]
    rounded: tuple[str, ...] = ()

    @property
    def always(self) -> bool:
        """Whether every run writes it."""
        return self.name in ("trips", "events")

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.parquet"

    @property
    def columns(self) -> dict[str, pa.DataType]:
        """Types of its columns."""
        return {name: kind for name, (kind, _) in self.told.items()}


TRIPS = Table(
    "trips",
    "a vehicle or person, in every run; null while under way; meanings as of SUMO's tripinfo",
    {
        "id": (NAME, "of the vehicle or person"),
        "card": (NAME, "card"),
        "depart_s": (F8, "[s] of the clock, when it came on the road; null: it waits outside"),
        "depart_delay_s": (F8, "[s] waited outside for room"),
        "arrival_s": (F8, "[s] of the clock, when it left the road"),
        "duration_s": (F8, "[s] from departure to arrival"),
        "route_length_m": (F8, "[m] driven"),
        "waiting_time_s": (F8, "[s] standing, planned halts apart"),
        "time_loss_s": (F8, "[s] lost against driving as fast as wanted, planned halts apart"),
        "stops": (I4, "times it came to a stand, planned halts apart"),
        "energy_kwh": (F8, "[kWh] at the wheels"),
    },
)
TRAJECTORIES = Table(
    "trajectories",
    "a vehicle or person and instant, with `output: { trajectories: 1 s }`",
    {
        "time_s": (F8, "[s] of the clock"),
        "id": (NAME, "of the vehicle or person"),
        "card": (NAME, "card"),
        "edge": (NAME, "edge it is on"),
        "lane": (NAME, "lane its front is on"),
        "position_m": (F8, "[m] of the front, along the lane"),
        "speed_mps": (F8, "[m/s]"),
        "acceleration_mps2": (F4, "[m/s2]"),
        "x_m": (F8, "[m] of the front, east"),
        "y_m": (F8, "[m] of the front, north"),
        "heading_deg": (F4, "[degrees] clockwise from north"),
        "waits": (NAME, "of who stands, what for: vehicle, light, lane_end, room, stop"),
        "waits_for": (NAME, "of who waits for a vehicle, which"),
    },
    ("position_m", "speed_mps", "acceleration_mps2", "x_m", "y_m", "heading_deg"),
)
EVENTS = Table(
    "events",
    "an event, in every run; kinds with their meanings: pilotzone list events",
    {
        "time_s": (F8, "[s] of the clock"),
        "kind": (NAME, "kind of the event"),
        "subject": (NAME, "vehicle or signal that it is about; null: none"),
        "other": (NAME, "other vehicle; null: none"),
        "value": (F8, "by kind"),
        "edge": (NAME, "where"),
        "lane": (NAME, "where"),
        "position_m": (F8, "[m] along the lane"),
    },
)
EDGES = Table(
    "edges",
    "an edge and interval in which it was used, by Edie's definitions over its length L and the interval T",
    {
        "edge": (NAME, "edge, all lanes together"),
        "begin_s": (F8, "[s] of the clock"),
        "end_s": (F8, "[s] of the clock"),
        "entered": (I8, "vehicles"),
        "left": (I8, "vehicles"),
        "flow_vph": (F8, "[1/h] metres driven / (L T)"),
        "density_vpkm": (F8, "[1/km] seconds spent / (L T)"),
        "speed_mps": (F8, "[m/s] metres driven / seconds spent"),
        "delay_s": (F8, "[s] lost against free driving, for driving the edge once; null if nobody moved"),
        "time_loss_s": (F8, "[s] lost against free driving, in all"),
        "waiting_s": (F8, "[s] spent standing, in all"),
        "queue_veh": (F8, "vehicles standing, mean"),
        "queue_max_veh": (F8, "vehicles standing, most"),
    },
)
CONFLICTS = Table(
    "conflicts",
    "an encounter of two road users, with `output: { conflicts: true }`",
    {
        "id": (NAME, "who had to act"),
        "card": (NAME, "its card"),
        "other": (NAME, "the other"),
        "other_card": (NAME, "its card"),
        "kind": (NAME, f"{', '.join(KINDS)}"),
        "begin_s": (F8, "[s] of the clock"),
        "end_s": (F8, "[s] of the clock"),
        "time_s": (F8, "[s] of the clock, of the least time to collision, or of the passage"),
        "edge": (NAME, "where it had to act, at `time_s`"),
        "lane": (NAME, "likewise"),
        "position_m": (F8, "[m] along the lane"),
        "speed_mps": (F8, "[m/s] at `time_s`"),
        "other_lane": (NAME, "where the other was, at `time_s`"),
        "other_position_m": (F8, "[m] along that lane"),
        "other_speed_mps": (F8, "[m/s] at `time_s`"),
        **{name: (F8, meaning) for name, meaning in column_meanings().items()},
    },
)
STATIONS = Table(
    "stations",
    "a station on the air every 2 s, with a radio and trajectories",
    {
        "time_s": (F8, "[s] of the clock"),
        "id": (NAME, "vehicle, person, or junction of a roadside unit"),
        "edge": (NAME, "edge it is on; null of a unit"),
        "in_range": (I4, "others in range"),
        "known": (I4, "of whom it knows something not older than 1 s, by true time"),
        "latest": (I4, "whose last message gets through to it"),
        "heard_by": (I4, "to whom its own last message gets through"),
        "age_s": (F4, "[s] mean age of what it knows, by true time, whatever its clock and the sender's say"),
        "load_per_s": (F4, "[1/s] messages said by others in range"),
        "channel_busy_ratio": (F4, "[-] as it measures it, averaged over a second"),
    },
)
LINKS = Table(
    "links",
    "a roadside unit and vehicle in its range every 2 s, with a radio and trajectories",
    {
        "time_s": (F8, "[s] of the clock"),
        "unit": (NAME, "junction of the unit"),
        "id": (NAME, "vehicle"),
        "heard_age_s": (F4, "[s] true age of the newest that the unit has of the vehicle; null: nothing"),
        "told_age_s": (F4, "[s] true age of the newest that the vehicle has of the unit; null: nothing"),
    },
)
BELIEFS = Table(
    "beliefs",
    "a vehicle on the air and one of the eight nearest others in its range every 2 s or less often, at most 1,000 rows "
    "a second on average; with a radio and trajectories",
    {
        "time_s": (F8, "[s] of the clock"),
        "id": (NAME, "vehicle"),
        "about": (NAME, "the other"),
        "age_s": (F4, "[s] true age of the newest heard of it; null: nothing heard"),
        "lane": (NAME, "where that says it is"),
        "position_m": (F4, "[m] along the lane, as that says"),
        "speed_mps": (F4, "[m/s] as that says"),
    },
)
_FATES = {f"lost_{fate}": (I8, f"receptions lost: {fate.replace('_', ' ')}") for fate in FATES[1:]}
MESSAGES = Table(
    "messages",
    "a kind of message, kind of receiver and interval of `output.edges` (0: the whole run); or, with `output.messages: "
    "each`, a transmission and kind of receiver; behind the warm-up, with a radio",
    {
        "time_s": (F8, "[s] of the clock, the end of the interval; or when it was said"),
        "message": (NAME, "kind"),
        "number": (I8, "times it was said, the same in the rows of all receivers; or its number among its sender's"),
        "sender": (NAME, "who says it: vehicle, roadside or person; or the vehicle, person or junction"),
        "receiver": (NAME, "vehicle, roadside or person; null: none was within range"),
        "bytes": (I4, "[byte] mean size, or its own, without security header"),
        "heard": (I8, "receptions: within range, summed over receivers and messages; estimated where few are counted"),
        **_FATES,
        "delay_ms": (
            F4,
            "[ms] mean from asking to say it to knowing it, of all receivers; null: not heard, or each of "
            "its receivers has its own",
        ),
        "gap_ms": (F4, "[ms] mean time between two heard of one sender, of all receivers; null: none, or each is told"),
        "age_ms": (F4, "[ms] mean age of the newest known of a sender, of all receivers; likewise"),
        "channel_busy_ratio": (
            F4,
            "[-] mean of all stations in the interval, the same in all its rows; null: likewise",
        ),
    },
)
DELIVERIES = Table(
    "deliveries",
    "a class of distance between sender and receiver, all messages together, behind the warm-up; with a radio",
    {"distance_m": (F8, "[m] middle of the class"), "heard": (I8, "receptions"), **_FATES},
)

#: Every table that a result folder can hold.
TABLES = {
    table.name: table
    for table in [TRIPS, TRAJECTORIES, EVENTS, EDGES, CONFLICTS, MESSAGES, DELIVERIES, STATIONS, LINKS, BELIEFS]
}
