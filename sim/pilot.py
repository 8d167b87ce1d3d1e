"""A pilot: park, traffic and rules of one run, frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.park.network import Network
from sim.traffic.departures import Demand
from sim.traffic.takeover import Takeover


@dataclass(frozen=True, slots=True)
class Rules:
    """How vehicles behave beyond their cards.

    Args:
        lane_change_duration: time a lateral move takes, both lanes being occupied [s]; 0: at once (SUMO's default).
        keep_right: whether a vehicle returns to the right lane when it can.
        routing: by which travel times those choose their way who are not told one: `live`, those of the traffic when
            they depart; `empty`, those of an empty network.
        reroute_period: [s] after which those on the road choose again, by live travel times; 0: never.
        jam_patience: halting time after which the chain of who waits for whom is examined [s].
        exposure: time to collision below which time counts as exposed (TET, TIT) [s]; SUMO's threshold of 3 s.
        reaction: time a driver takes to react, in the deceleration to avoid a crash after it (MDRAC) [s]; SUMO's 1 s.
    """

    lane_change_duration: float = 3.0
    keep_right: bool = True
    routing: Literal["live", "empty"] = "live"
    reroute_period: float = 0.0
    jam_patience: float = 300.0
    exposure: float = 3.0
    reaction: float = 1.0


@dataclass(frozen=True, slots=True)
class Clock:
    """When a run begins and ends, and its step.

    Args:
        begin: [s of the clock: seconds since midnight, or of the file].
        end: [s]; inf: until everyone is home.
        warm_up: [s] after `begin` that no figure of the summary counts.
        step: [s].
        seed: of all draws.
    """

    begin: float = 0.0
    end: float = 3600.0
    warm_up: float = 0.0
    step: float = 0.1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Output:
    """What a run leaves: periods [s]; 0: not written. `conflicts`: whether encounters are measured; `pages`: whether
    the report and the replay are made; `messages`: `sums` of them, or `each`."""

    trajectories: float = 0.0
    edges: float = 300.0
    conflicts: bool = False
    pages: bool = True
    messages: str = "sums"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happens by the clock: kind `close` (edge or lane), `incident` (lane, position), `sign`, faults.

    Args:
        kind: name of a service's occurrence.
        begin: [s].
        end: [s]; inf: for good.
        settings: what the service wants to know, checked by the scenario's schema.
    """

    kind: str
    begin: float
    end: float
    settings: dict[str, Any] = field(default_factory=dict)

    def within(self, start: float) -> tuple[float, float]:
        """Time from a run's start until it happens, and how long it lasts from then [s]; not above 0: over before."""
        first = max(self.begin, start)
        return first - start, self.end - first


#: Messages that somebody can say.
SAID = ("bsm", "clpmm", "map", "psm", "rsc", "rsi", "rsm", "spat", "ssm", "vir")


@dataclass(frozen=True, slots=True)
class End:
    """One end of the way of messages through a cell of a network: up to it from who says them, or down to who hears.

    Args:
        low: least delay [s], or the median where `spread` is told; None: half of what the rung tells.
        high: greatest delay [s]; None: as `low`, or, with `spread`, any.
        spread: of the logarithm of the delay [-].
        loss: share lost for no reason given [-]; None: the rung's own.
        capacity: that it bears [bit/s]; inf: whatever comes.
        buffer: longest wait for room [s]; what would wait longer is lost.
    """

    low: float | None = None
    high: float | None = None
    spread: float | None = None
    loss: float | None = None
    capacity: float = float("inf")
    buffer: float = 0.050


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of the park in which a network has delays, losses and a capacity of its own.

    Args:
        up: what who says something there adds.
        down: what who hears something there adds.
        outages: an outage of a station begins once in so long there, on average [s]; None: the rung's own.
        junction: in the middle of a circle; or empty.
        radius: of that circle [m].
        area: id of an area of the map that is the cell; or empty.
        corners: of the cell, in metres of the map's plane (x to the east, y to the north); or empty.
    """

    name: str
    up: End = End()
    down: End = End()
    outages: float | None = None
    junction: str = ""
    radius: float = 0.0
    area: str = ""
    corners: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Radio:
    """How messages travel.

    Args:
        model: name of a rung of the ladder in `sim.models.radio`.
        range: farthest receiver that is looked at [m].
        rates: messages a second by name [1/s], where not the message's own.
        trigger: `fixed`, or `etsi`: said when enough has changed, at most at the rate.
        processing: delay before and behind the radio together [s].
        low: least delay on the way [s].
        high: greatest delay on the way [s]; below 0: the model's own, and least delay.
        loss: share lost for no reason given, where the model has none of its own [-].
        power: of every sender [dBm].
        sub_channels: of the sidelink [-].
        data_rate: of 802.11p [bit/s].
        header: security header of every packet [byte].
        payload: bytes by which shares of loss are computed; 0: those of a basic safety message with its header.
        neighbours: streams that a station can remember at once.
        rate_control: whether who finds the channel busy says less (ETSI TS 102 687, reactive).
        counted: share of the stations whose receptions are counted one by one for the figures [-]; 0: of all, or of
            some of them where there are many. It changes nothing that anybody hears.
        cells: parts of the park with delays and losses of their own, for `disc` and `cellular`; elsewhere, and where a
            cell does not tell, all is as told here.
    """

    model: str = "packet_delivery"
    range: float = 300.0
    rates: dict[str, float] = field(default_factory=dict)
    trigger: str = "fixed"
    processing: float = 0.010
    low: float = 0.0
    high: float = -1.0
    loss: float = 0.0
    power: float = 20.0
    sub_channels: int = 4
    data_rate: float = 6e6
    header: int = 154
    payload: int = 0
    neighbours: int = 512
    rate_control: bool = False
    counted: float = 0.0
    cells: tuple[Cell, ...] = ()

    @property
    def loss_of_an_end(self) -> float:
        """Share lost on the way up, and as much on the way down, of what is lost in all [-]."""
        return 1.0 - math.sqrt(1.0 - self.loss)

    def rate(self, message: str, own: float) -> float:
        """How often a message is said [1/s], where `own` is its own rate."""
        return self.rates.get(message, own)


@dataclass(frozen=True, slots=True)
class Sensing:
    """A sensor at a junction's roadside unit, which tells by RSM whom it sees.

    Args:
        junction: id of the junction.
        range: farthest road user it sees [m].
        field: width of its field of view [rad].
        heading: middle of it, clockwise from north [rad].
        height: above the road [m].
        detection: chance to detect who is in view, each time it looks [-].
        error: standard deviation of positions along the road [m].
        delay: from measuring to saying [s].
        ghosts: objects a second that it tells of and are not there [1/s].
    """

    junction: str
    range: float = 120.0
    field: float = 6.2832
    heading: float = 0.0
    height: float = 6.0
    detection: float = 0.95
    error: float = 0.5
    delay: float = 0.1
    ghosts: float = 0.02


@dataclass(frozen=True, slots=True)
class Equipment:
    """Who can say and hear.

    Args:
        shares: of the vehicles of a card [-], by its name.
        junctions: ids of junctions with a roadside unit.
        sensors: at some of these junctions, one each.
    """

    shares: dict[str, float] = field(default_factory=dict)
    junctions: tuple[str, ...] = ()
    sensors: tuple[Sensing, ...] = ()


@dataclass(frozen=True, slots=True)
class Pilot:
    """Park + traffic + rules.

    Args:
        inputs: path -> sha256 of every file read, for the manifest.
        overrides: dotted path -> text of every entry that the command set otherwise than the file.
        date: day the scenario stands for (ISO); empty if not said.
        radio: how messages travel; None: nobody says anything.
        equip: who can say and hear.
        apps: name -> settings in SI of the cooperative applications that run, see `sim.apps`.
        takeover: when automated vehicles ask for a driver; None: never.
        operations: what was done to park and traffic of the files, as plain entries in the order of doing.
        expect: summary key (dotted) -> wanted value or comparison such as "< 100".
    """

    name: str
    park: Network
    demand: Demand
    rules: Rules = field(default_factory=Rules)
    clock: Clock = field(default_factory=Clock)
    output: Output = field(default_factory=Output)
    occurrences: tuple[Occurrence, ...] = ()
    expect: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    overrides: dict[str, str] = field(default_factory=dict)
    date: str = ""
    radio: Radio | None = None
    equip: Equipment = field(default_factory=Equipment)
    apps: dict[str, dict[str, float]] = field(default_factory=dict)
    takeover: Takeover | None = None
    operations: tuple[dict[str, Any], ...] = ()
