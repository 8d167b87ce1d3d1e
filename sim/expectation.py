"""What a scenario may expect of its summary: which figures there are, and how one is compared.

`collisions: 0` is short for `safety.collisions: 0`: an end of a figure's name is enough where it is the only such one.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.registry import near

#: Counts of encounters, and which of them are conflicts by which threshold; see `sim.metrics`.
CONFLICTS = (
    "encounters", "ttc_1_5s", "ttc_3s", "pet_5s", "pet_2s", "drac_3", "drac_3_4", "mdrac_3_4", "hard_braking",
)  # fmt: skip
_RATED = ("collisions", "emergency_brakings", "red_light_entries", *CONFLICTS)

_MESSAGES = ("BSM", "CLPMM", "MAP", "PSM", "RSC", "RSI", "RSM", "SPAT", "SSM", "VIR")
_NEEDS = ("rate_hz", "latency_ms", "range_m", "heard_share")
_SENSED = ("seen", "missed", "behind_buildings", "behind_vehicles", "too_many", "false")
_FATES = ("half_duplex", "sensitivity", "propagation", "collision", "busy", "loss", "outage", "jammed")

#: Groups of figures that there are of all messages, too.
_PARTS = ("by_message", "cells")
_LOADS = ("load_bps", "load_bps_max", "capacity_bps", "wait_ms_max", "full_share_of_time")

#: Groups whose entries are never told by their own name alone.
_COUNTED = (["v2x", "said"], ["v2x", "heard"], ["v2x", "lost"])

_ESTIMATED = ("rate", "low", "high", "expected_crashes", "threshold_s", "peaks", "shape")

#: Figures of `summary.json` by dotted name; `*` stands for the name of a card, a pair or a kind.
FIGURES = (
    "scenario",
    "seed",
    "status",
    "valid",
    "synthetic",
    "performance.wall_s",
    "performance.build_s",
    "performance.compile_s",
    "performance.kernel_s",
    "performance.simulated_s",
    "performance.steps",
    "performance.vehicle_updates",
    "performance.updates_per_s",
    "performance.real_time_factor",
    "performance.peak_memory_mb",
    "vehicles.scheduled",
    "vehicles.departed",
    "vehicles.arrived",
    "vehicles.running",
    "vehicles.waiting",
    "vehicles.by_card.*.scheduled",
    "vehicles.by_card.*.departed",
    "vehicles.by_card.*.arrived",
    "vehicles.by_card.*.running",
    "vehicles.by_card.*.waiting",
    "vehicles.by_card.*.mean_duration_s",
    "vehicles.by_card.*.mean_time_loss_s",
    "vehicles.by_card.*.distance_km",
    "traffic.vehicles",
    "traffic.mean_duration_s",
    "traffic.mean_time_loss_s",
    "traffic.mean_waiting_time_s",
    "traffic.mean_depart_delay_s",
    "traffic.mean_speed_mps",
    "traffic.distance_km",
    "traffic.stops_per_vehicle",
    "traffic.energy_kwh_per_100km",
    *(f"pedestrians.{x}" for x in ("scheduled", "departed", "arrived", "running", "waiting")),
    "pedestrians.mean_delay_s",
    "pedestrians.mean_duration_s",
    "pedestrians.delay_s_p95",
    "safety.collisions",
    "safety.emergency_brakings",
    "safety.distance_km",
    "safety.red_light_entries",
    *(f"safety.per_1000_km.{count}.{figure}" for count in _RATED for figure in ("rate", "low", "high")),
    *(f"safety.conflicts.{count}" for count in (*CONFLICTS, "missed")),
    *(f"safety.conflicts.by_kind.*.{count}" for count in CONFLICTS),
    *(f"safety.conflicts.by_pair.*.{count}" for count in CONFLICTS),
    *(
        f"safety.per_1000_encounters.{count}.{figure}"
        for count in ("collisions", *CONFLICTS[1:])
        for figure in ("rate", "low", "high")
    ),
    *(f"safety.crash_estimate.{x}.{y}" for x in ("ttc_s", "pet_s") for y in _ESTIMATED),
    "av.distance_km",
    "av.share_of_distance",
    "av.manual_distance_km",
    "av.transition_demands.*",
    "av.disengagements.*",
    *(f"av.km_per_disengagement.{x}" for x in ("mean", "low", "high")),
    "av.minimal_risk_manoeuvres",
    *(f"av.take_over_time_s.{x}" for x in ("mean", "deviation", "most")),
    "av.help.calls",
    *(f"av.help.wait_s_{x}" for x in ("mean", "deviation", "most")),
    *(f"v2x.{x}.{y}" for x in ("said", "heard") for y in _MESSAGES),
    *(f"v2x.lost.{fate}" for fate in _FATES),
    "v2x.packet_delivery_ratio",
    *(f"v2x.latency_ms.{x}" for x in ("mean", "p50", "p95", "p99")),
    *(f"v2x.{x}_ms.{y}" for x in ("inter_packet_gap", "age_of_information") for y in ("mean", "p50", "p95")),
    *(f"v2x.by_message.{x}.{y}" for x in _MESSAGES for y in ("said_per_s", "bytes", "packet_delivery_ratio")),
    *(f"v2x.by_message.{x}.latency_ms.{y}" for x in _MESSAGES for y in ("mean", "p50", "p95", "p99")),
    *(
        f"v2x.by_message.{x}.{y}_ms.{z}"
        for x in _MESSAGES
        for y in ("inter_packet_gap", "age_of_information")
        for z in ("mean", "p50", "p95")
    ),
    *(f"v2x.cells.*.{x}" for x in ("said", "heard", "packet_delivery_ratio")),
    *(f"v2x.cells.*.lost.{fate}" for fate in _FATES),
    *(f"v2x.cells.*.lost_up.{fate}" for fate in ("busy", "loss", "outage")),
    *(f"v2x.cells.*.latency_ms.{x}" for x in ("mean", "p50", "p95", "p99")),
    *(f"v2x.cells.*.{x}.{y}" for x in ("up", "down") for y in _LOADS),
    "v2x.channel_busy_ratio.mean",
    "v2x.channel_busy_ratio.max",
    "v2x.receptions",
    "v2x.counted",
    "v2x.overflow",
    "v2x.stale_heard",
    "v2x.forged_heard",
    *(f"v2x.sensing.{x}" for x in _SENSED),
    *(f"v2x.apps.*.{x}" for x in ("advised", "met", "heard_share_of_time", "heard_share_of_equipped")),
    *(f"v2x.apps.*.needs.{x}.{y}" for x in _NEEDS for y in ("wanted", "got", "met")),
)

#: Figures that are a word, and ends of those that are true or false; all others are numbers.
_WORDS, _TRUTHS = ("scenario", "status"), ("valid", "synthetic", "met")
_WANTED = {
    str: "a word",
    bool: "true or false",
    float: "a number such as 0, a comparison such as < 100, or a range such as 10 .. 20",
}

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_BOUND = re.compile(rf"(<=|>=|==|!=|<|>)\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition on a figure.

    Args:
        text: as the user wrote it.
        bounds: (operator, value) pairs that must all hold.
    """

    text: str
    bounds: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, wanted: Any) -> Comparison:
        """A comparison of what a user wrote: a value, `< 100`, or `10 .. 20`; ValueError says what was wanted."""
        if isinstance(wanted, bool):
            return cls(str(wanted).lower(), (("==", wanted),))
        if isinstance(wanted, (int, float)):
            if not math.isfinite(wanted):
                raise ValueError(f"{wanted} is not a finite number; wanted a value, < 100 or 10 .. 20")
            return cls(str(wanted), (("==", wanted),))
        if not isinstance(wanted, str) or not wanted.strip():
            raise ValueError("wanted a value such as 0, a comparison such as < 100, or a range such as 10 .. 20")
        return cls(wanted, _bounds(wanted.strip()))

    def holds(self, value: Any) -> bool:
        """Whether a figure is as wanted; one that is not known (null) never is."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return False
        return all(
            isinstance(value, str) == isinstance(bound, str) and _OPERATORS[sign](value, bound)
            for sign, bound in self.bounds
        )


def _bounds(text: str) -> tuple[tuple[str, Any], ...]:
    bound, between = _BOUND.fullmatch(text), _RANGE.fullmatch(text)
    if bound:
        return ((bound[1], float(bound[2])),)
    if between:
        return ((">=", float(between[1])), ("<=", float(between[2])))
    if text[0] in "<>=!" or ".." in text:
        raise ValueError(f'"{text[:40]}" is no comparison; wanted one such as < 100, >= 0.5 or 10 .. 20')
    return (("==", text),)


def resolve(name: str) -> str:
    """Full dotted name of a figure of which the whole or the end is given.

    Raises:
        ValueError: no figure, or several, end so; names the nearest.
    """
    ends = [x for x in FIGURES if _ends(x, name)]
    whole = [x for x in ends if x.count(".") == name.count(".")]
    if len(whole or ends) == 1:
        figure = (whole or ends)[0].split(".")
        given = name.split(".")
        return ".".join(figure[: len(figure) - len(given)] + given)
    if ends:
        raise ValueError(f"{name} is not clear; wanted one of {', '.join(ends)}")
    short = [x.rsplit(".", 1)[1] for x in FIGURES if "." in x and x.split(".")[:2] not in (*_COUNTED, ["v2x", "cells"])]
    raise ValueError(f"the summary has no {name}; {near(name, [*FIGURES, *short]) or 'see summary.json'}")


def misfit(figure: str, wanted: Any) -> str:
    """What a figure would want instead of what is expected of it; empty if that can be compared.

    Args:
        figure: full dotted name.
        wanted: what the user wrote, sound by itself.
    """
    kind: type = str if figure in _WORDS else bool if figure.rsplit(".", 1)[-1] in _TRUTHS else float
    given = {type(x) if isinstance(x, str | bool) else float for _, x in Comparison.of(wanted).bounds}
    return "" if given == {kind} else _WANTED[kind]


def _ends(figure: str, name: str) -> bool:
    have, given = figure.split("."), name.split(".")
    if len(given) > len(have):
        return False
    tail = have[len(have) - len(given) :]
    clear = len(given) == len(have) or "*" not in [*have[: len(have) - len(given)], *tail[: len(given) == 1]]
    if have[:2] in _COUNTED and len(given) == 1:  # `collision` must not mean packets that collided
        return False
    if have[1:2] and have[1] in _PARTS and have[1] not in given:  # of all messages, unless one or a cell is named
        return False
    if have[0] == "pedestrians" and len(given) == 1:  # `arrived` means vehicles
        return False
    return clear and all(x in ("*", y) for x, y in zip(tail, given, strict=True))


def value_of(summary: Mapping[str, Any], name: str) -> Any:
    """Figure of a summary by full dotted name; None if this summary has none such."""
    at: Any = summary
    for key in name.split("."):
        if not isinstance(at, Mapping) or key not in at:
            return None
        at = at[key]
    return at
