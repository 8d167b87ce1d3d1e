"""The section on what happens by the clock: roads closed, lanes blocked, faults of the radio and of who uses it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.pilot import Occurrence
from sim.scenario.fields import (
    CardName,
    ClockTime,
    EdgeName,
    JunctionName,
    LaneName,
    Length,
    Number,
    Part,
    Speed,
    Time,
    Whole,
)

#: What each kind wants: needed, and what it may have besides.
_WANTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "close": ((), ("edge", "lane")),
    "incident": (("lane", "position"), ()),
    "rsu_down": (("junction",), ()),
    "backhaul_out": (("junction",), ()),
    "stale_map": (("junction",), ("speed", "groups")),
    "forged_rsi": (("junction", "lane", "position"), ("speed",)),
    "jamming": (("junction", "radius"), ()),
    "clock_drift": ((), ("junction", "card", "ahead", "drift")),
    "gnss_error": (("error",), ("card",)),
}
#: Kinds that are faults of the radio; those of them that befall a junction's roadside unit.
RADIO_FAULTS = tuple(_WANTS)[2:]
OF_A_UNIT = ("rsu_down", "backhaul_out", "stale_map", "forged_rsi", "clock_drift")


class OccurrencePart(Part):
    """Something that happens by the clock: a road or lane is closed, a lane is blocked, the radio has a fault.

    Args:
        kind: what happens. `close` wants edge or lane; `incident` lane and position; `rsu_down` and `backhaul_out`
            junction; `stale_map` junction, and may have speed and groups; `jamming` junction and radius; `clock_drift`
            junction or card; `gnss_error` error, and may have card; `forged_rsi` junction, lane and position, and may
            have speed.
        begin: time of the clock.
        end: time of the clock; for good if not told.
        edge: that is closed.
        lane: that is closed, blocked, or told of.
        position: on the lane, from its start [m].
        junction: of the roadside unit, or in the middle of a jammed area.
        card: whose vehicles have the fault; of `gnss_error` by default all.
        radius: of a jammed area [m].
        speed: that is told falsely [m/s]; by default 0, at most what a warning can advise. Of `stale_map`: the limit of
            then, told of all lanes of the junction; by default the old MAP does not know the lanes of now.
        groups: by how many places the old MAP numbers signal groups otherwise; by default it does not know those of
            now.
        error: standard deviation of positions [m].
        ahead: of a clock when the fault begins [s].
        drift: of a clock, seconds a second [-].
    """

    kind: Literal[
        "close",
        "incident",
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
    junction: JunctionName | None = None
    card: CardName | None = None
    radius: Length | None = Field(default=None, gt=0.0, le=20_000.0)
    speed: Speed | None = Field(default=None, ge=0.0, le=40.0)  # as `speed` of hazard_warning
    groups: Whole | None = Field(default=None, ge=0, le=64)
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
        if self.kind == "clock_drift" and ("junction" in told) == ("card" in told):
            raise ValueError("clock_drift wants either junction or card, and ahead or drift")
        return self

    def occurrence(self) -> Occurrence:
        """As the engine's services want it."""
        told = self.model_dump(exclude={"kind", "begin", "end"}, exclude_none=True)
        return Occurrence(self.kind, self.begin, float("inf") if self.end is None else self.end, told)
