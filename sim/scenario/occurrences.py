"""The section on what happens by the clock: roads closed, lanes blocked, signs, faults of the radio and its users."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.pilot import Occurrence
from sim.scenario.fields import (
    CardName,
    ClockTime,
    EdgeName,
    Flag,
    JunctionName,
    LaneName,
    Length,
    Number,
    Part,
    Share,
    Speed,
    Time,
    Whole,
)

#: What each kind wants: needed, and what it may have besides.
_WANTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "close": ((), ("edge", "lane")),
    "incident": (("lane", "position"), ()),
    "sign": ((), ("edge", "lane", "position", "length", "speed", "keep_lane", "board", "compliance")),
    "rsu_down": (("junction",), ()),
    "backhaul_out": (("junction",), ()),
    "stale_map": (("junction",), ("speed", "groups")),
    "forged_rsi": (("junction", "lane", "position"), ("speed", "tells")),
    "jamming": (("junction", "radius"), ()),
    "clock_drift": ((), ("junction", "card", "ahead", "drift")),
    "gnss_error": (("error",), ("card",)),
}
#: Lowest limit that a sign may tell [m/s]; assumed.
SLOWEST = 1.38
#: Kinds that are faults of the radio; those of them that befall a junction's roadside unit.
RADIO_FAULTS = tuple(_WANTS)[3:]
OF_A_UNIT = ("rsu_down", "backhaul_out", "stale_map", "forged_rsi", "clock_drift")


class OccurrencePart(Part):
    """Something that happens by the clock: a road is closed, a lane blocked, a sign holds, the radio has a fault.

    Args:
        kind: what happens. `close` wants edge or lane; `incident` lane and position; `sign` edge or lane, speed or
            keep_lane, and may have position, length, board and compliance; `rsu_down` and `backhaul_out` junction;
            `stale_map` junction, and may have speed and groups; `jamming` junction and radius; `clock_drift` junction
            or card; `gnss_error` error, and may have card; `forged_rsi` junction, lane and position, and may have
            speed and tells.
        begin: time of the clock.
        end: time of the clock; for good if not told.
        edge: that is closed, or where a sign holds on all lanes.
        lane: that is closed, blocked, or told of, or where alone a sign holds.
        position: on the lane, from its start [m]; of a sign: where it begins to hold, by default at the start.
        length: of the stretch on which a sign holds [m]; by default up to the end of the road.
        keep_lane: a sign tells to change lanes for the route only.
        board: whether a sign stands at the road, where everybody sees it; else it is known by radio only. By default
            it does.
        compliance: share of people who keep to a sign that they see [-]; machines always do. By default 60 %, assumed.
        junction: of the roadside unit, or in the middle of a jammed area.
        card: whose vehicles have the fault; of `gnss_error` by default all.
        radius: of a jammed area [m].
        speed: of a sign: the limit [m/s]. Of `forged_rsi`: what is told falsely, at most what a warning can advise; by
            default 0, at which one goes on at walking pace. Of `stale_map`: the limit of then, told of all lanes of the
            junction; by default the old MAP does not know the lanes of now.
        groups: by how many places the old MAP numbers signal groups otherwise; by default it does not know those of
            now.
        tells: what is told falsely: a hazard (by default), or a sign that tells a limit up to the position.
        error: standard deviation of positions [m].
        ahead: of a clock when the fault begins [s].
        drift: of a clock, seconds a second [-].
    """

    kind: Literal[
        "close",
        "incident",
        "sign",
        "rsu_down",
        "backhaul_out",
        "stale_map",
        "forged_rsi",
        "jamming",
        "clock_drift",
        "gnss_error",
    ]
    begin: ClockTime
    end: ClockTime | None = None
    edge: EdgeName | None = None
    lane: LaneName | None = None
    position: Length | None = Field(default=None, ge=0.0)
    length: Length | None = Field(default=None, gt=0.0)
    keep_lane: Flag | None = None
    board: Flag | None = None
    compliance: Share | None = Field(default=None, ge=0.0, le=1.0)
    junction: JunctionName | None = None
    card: CardName | None = None
    radius: Length | None = Field(default=None, gt=0.0, le=20_000.0)
    speed: Speed | None = Field(default=None, ge=0.0, le=40.0)  # as `speed` of hazard_warning
    groups: Whole | None = Field(default=None, ge=0, le=64)
    tells: Literal["hazard", "sign"] | None = None
    error: Length | None = Field(default=None, gt=0.0, le=1000.0)
    ahead: Time | None = Field(default=None, ge=-10.0, le=10.0)
    drift: Number | None = Field(default=None, ge=-0.01, le=0.01)

    @model_validator(mode="after")
    def _sound(self) -> OccurrencePart:
        if self.end is not None and self.end <= self.begin:
            raise ValueError("end must be later than begin")
        needed, possible = _WANTS[self.kind]
        told = self.model_dump(exclude={"kind", "begin", "end"}, exclude_none=True)
        if self.kind == "close" and len(told) != 1:
            raise ValueError("close wants either edge or lane, and no position")
        if not set(needed) <= set(told) <= {*needed, *possible}:
            more = f", may have {', '.join(possible)}" if possible else ""
            raise ValueError(f"{self.kind} wants {' and '.join(needed) or 'nothing'}{more}, and nothing else")
        if self.kind == "sign":
            self._sound_sign()
        if self.kind == "clock_drift" and ("junction" in told) == ("card" in told):
            raise ValueError("clock_drift wants either junction or card, and ahead or drift")
        return self

    def _sound_sign(self) -> None:
        if (self.edge is None) == (self.lane is None):
            raise ValueError("sign wants either edge or lane")
        if (self.speed is None) != bool(self.keep_lane):
            raise ValueError("sign wants either speed, such as speed: 30 km/h, or keep_lane: true")
        if self.speed is not None and self.speed < SLOWEST:
            raise ValueError(f"speed of a sign: {self.speed:g} m/s is out of range; wanted 5 to 144 km/h")
        if self.board is False and self.compliance is not None:
            raise ValueError("compliance is that of people who see a sign: it wants board: true")

    def occurrence(self) -> Occurrence:
        """As the engine's services want it."""
        told = self.model_dump(exclude={"kind", "begin", "end"}, exclude_none=True)
        return Occurrence(self.kind, self.begin, float("inf") if self.end is None else self.end, told)
