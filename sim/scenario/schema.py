"""What a scenario file may hold: one class a section, each entry with its unit, limits and default."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from sim.pilot import Clock, Output, Rules
from sim.scenario.apps import Apps, none
from sim.scenario.fields import (
    ClockTime,
    Expected,
    FigureName,
    Flag,
    Name,
    Part,
    Time,
    Whole,
)
from sim.scenario.occurrences import OccurrencePart
from sim.scenario.radio import EquipPart, RadioPart, nobody
from sim.scenario.takeover import TakeoverPart
from sim.scenario.traffic import Traffic
from sim.upgrade import AnyOperation

_RULES, _CLOCK, _OUTPUT = Rules(), Clock(), Output()
_WHOLE_TOLERANCE = 1e-6


def is_whole(number: float) -> bool:
    """Whether a number is whole but for rounding."""
    return abs(number - round(number)) <= _WHOLE_TOLERANCE * max(1.0, abs(number))


class PilotPart(Part):
    """Where the pilot is, and its name."""

    map: Annotated[
        str,
        Field(
            strict=True,
            min_length=1,
            description="path of the map, relative to this file",
            examples=["../maps/town.geojson"],
        ),
    ]
    date: Annotated[
        datetime.date | None,
        Field(description="day the scenario stands for: operations of the plan up to then are done"),
    ] = None
    name: Annotated[Name, Field(description="name of the scenario; by default the file's")] = ""


class RunPart(Part):
    """When a run begins and ends, its step and its seed.

    Args:
        start: time of the clock at which it begins.
        duration: how long it lasts [s].
        warm_up: from the start, which no mean of `traffic` in the summary counts [s].
        step: of the simulation [s]; a whole number of microseconds.
        seed: of all draws.
    """

    start: ClockTime = Field(default=_CLOCK.begin, ge=0.0)
    duration: Time = Field(default=_CLOCK.end - _CLOCK.begin, gt=0.0, le=14 * 86400.0)
    warm_up: Time = Field(default=_CLOCK.warm_up, ge=0.0)
    step: Time = Field(default=_CLOCK.step, ge=0.001, le=1.0)
    seed: Whole = Field(default=_CLOCK.seed, ge=0, le=2**63 - 1)

    @model_validator(mode="after")
    def _sound(self) -> RunPart:
        if self.warm_up >= self.duration:
            raise ValueError(f"warm_up ({self.warm_up:g} s) leaves nothing of the duration ({self.duration:g} s)")
        if not is_whole(self.step * 1e6):
            raise ValueError(f"step ({self.step!r} s) is not a whole number of microseconds")
        return self

    def clock(self) -> Clock:
        """As the engine wants it."""
        return Clock(self.start, self.start + self.duration, self.warm_up, self.step, self.seed)


class RulesPart(Part):
    """How vehicles behave beyond their cards."""

    as_of: ClassVar[tuple[type, ...]] = (Rules,)

    lane_change_duration: Time = Field(default=_RULES.lane_change_duration, ge=0.0, le=60.0)
    keep_right: Flag = _RULES.keep_right
    routing: Literal["live", "empty"] = _RULES.routing
    reroute_period: Time = Field(default=_RULES.reroute_period, ge=0.0)
    jam_patience: Time = Field(default=_RULES.jam_patience, gt=0.0)
    exposure: Time = Field(default=_RULES.exposure, gt=0.0, le=4.0)
    reaction: Time = Field(default=_RULES.reaction, ge=0.0, le=5.0)

    def rules(self) -> Rules:
        """As the engine wants them."""
        return Rules(**self.model_dump())


class OutputPart(Part):
    """What a run writes, and how often.

    Args:
        trajectories: period of trajectories.parquet and of the replay [s]; 0: neither.
        edges: interval of edges.parquet [s]; 0: not written.
        conflicts: whether encounters are measured: conflicts.parquet, and `safety.conflicts` of the summary.
        pages: whether the report and the replay are made.
        messages: rows of messages.parquet: `sums`, one a kind of message, kind of receiver and interval of `edges`;
            `each`, one a transmission and kind of receiver, each reception decided and counted.
    """

    trajectories: Time = Field(default=_OUTPUT.trajectories, ge=0.0)
    edges: Time = Field(default=_OUTPUT.edges, ge=0.0)
    conflicts: Flag = _OUTPUT.conflicts
    pages: Flag = _OUTPUT.pages
    messages: Literal["sums", "each"] = "sums"

    def output(self) -> Output:
        """As the engine wants it."""
        return Output(**self.model_dump())


def _or_file(told: dict[str, Any]) -> None:
    """Say that a list may also stand in a file of its own, whose name then stands here."""
    listed = {key: told.pop(key) for key in ("type", "items")}
    told["anyOf"] = [listed, {"type": "string", "description": "a plan file"}]


class Scenario(Part):
    """One scenario file; what its sections must have in common is looked at in `sim.scenario.together`.

    Args:
        pilot: where the pilot is: its map, date and name.
        traffic: who drives, whence, whither and when.
        run: when the run begins and ends, its step and its seed.
        rules: how vehicles behave beyond their cards.
        occurrences: what happens by the clock: closed roads, incidents, signs, faults of the radio.
        radio: how messages travel; without it nobody says anything.
        equip: who can say and hear: shares of cards, and junctions with a roadside unit.
        apps: cooperative applications, by name or with settings, see `pilotzone list apps`.
        takeover: when automated vehicles ask for a driver; without it they never do.
        plan: dated operations, or the name of a file that holds them; those up to `pilot.date` are done.
        output: what is written.
        expect: figures of summary.json by dotted name, each with a value, a comparison (`< 100`) or a range
            (`10 .. 20`).
    """

    pilot: PilotPart
    traffic: Traffic
    run: RunPart = RunPart()
    rules: RulesPart = RulesPart()
    occurrences: list[OccurrencePart] = Field(default_factory=list)
    radio: RadioPart | None = None
    equip: EquipPart = Field(default_factory=nobody)
    apps: Apps = Field(default_factory=none)
    takeover: TakeoverPart | None = None
    plan: list[AnyOperation] = Field(default_factory=list, json_schema_extra=_or_file)
    output: OutputPart = OutputPart()
    expect: dict[FigureName, Expected] = Field(default_factory=dict)
