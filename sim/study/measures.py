"""What a run is judged by: figures of its summary, and figures of its trips that need no trip to be over."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sim import expectation
from sim.report.result import Result

#: A group of travellers counts as one from this many trips on. Source: assumed.
LEAST_GROUP = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a run.

    Args:
        name: dotted, as in `summary.json`, or of `TRIP_MEASURES`.
        title: what it is, for people.
        unit: `-` if none.
        better: -1: less is better; 1: more is.
    """

    name: str
    title: str
    unit: str
    better: int = -1


#: Main measures of a study that names none; the first decides.
MAIN = (
    "trips.time_in_park_s",
    "traffic.mean_duration_s",
    "traffic.mean_time_loss_s",
    "traffic.mean_waiting_time_s",
    "vehicles.arrived",
    "safety.collisions",
)
_TITLES = {
    "trips.time_in_park_s": ("time in the park, those still there too", "s"),
    "trips.worst_group_s": ("time lost, worst-off group", "s"),
    "traffic.mean_duration_s": ("trip duration", "s"),
    "traffic.mean_time_loss_s": ("time lost", "s"),
    "traffic.mean_waiting_time_s": ("time halting", "s"),
    "traffic.mean_speed_mps": ("speed", "m/s"),
    "vehicles.arrived": ("throughput", "vehicles"),
    "safety.collisions": ("collisions", "-"),
}
_MORE_IS_BETTER = ("arrived", "departed", "speed_mps", "valid", "packet_delivery_ratio", "km_per_disengagement")


def measure(name: str) -> Measure:
    """A measure by name.

    Raises:
        ValueError: no figure has this name.
    """
    figure = name if name in TRIP_MEASURES else expectation.resolve(name)
    title, unit = _TITLES.get(figure, (figure, "-"))
    return Measure(figure, title, unit, 1 if figure.endswith(_MORE_IS_BETTER) else -1)


def figure(result: Result, name: str) -> float:
    """A measure of a run; nan if the run has none."""
    if name in TRIP_MEASURES:
        return TRIP_MEASURES[name](result)
    value: Any = expectation.value_of(result.summary, name)
    return math.nan if value is None else float(value)


def figures(result: Result, names: Mapping[str, Measure]) -> dict[str, float]:
    """Several measures of a run."""
    return {name: figure(result, name) for name in names}


def besides(result: Result) -> dict[str, float]:
    """What a study needs of a run beside its measures: exposure, whether it is valid, its cost."""
    summary = result.summary
    return {
        "_distance_km": summary["safety"]["distance_km"],
        "_valid": float(summary["valid"]),
        "_wall_s": summary["performance"]["wall_s"],
    }


@dataclass(frozen=True, slots=True)
class Saved:
    """What the same people save on the second run of a pair.

    Args:
        hours: in the park, waiting outside or on the road, until they arrive or the run ends [h].
        kilometres: that those who arrive on both drive less [km].
        crashes: of the whole run [-].
    """

    hours: float
    kilometres: float
    crashes: float


def saved(reference: Result, option: Result) -> Saved:
    """What the same people save: all who wanted to depart after the warm-up on both runs, arrived or not."""
    names = ["depart_s", "depart_delay_s", "arrival_s", "route_length_m"]
    at = {x: i for i, x in enumerate(option.trips["id"].to_pylist())}
    rows = [(i, at[x]) for i, x in enumerate(reference.trips["id"].to_pylist()) if x in at]
    places = np.array(rows, np.int64).reshape(-1, 2).T
    tables = zip((reference.trips, option.trips), places, strict=True)
    first, second = ({x: trips[x].to_numpy()[mine] for x in names} for trips, mine in tables)
    wanted = [x["depart_s"] - x["depart_delay_s"] for x in (first, second)]
    wish = np.where(np.isnan(wanted[0]), wanted[1], wanted[0])  # who still waits outside has told none
    late = wish >= reference.manifest["begin_s"] + reference.manifest["warm_up_s"]
    end = [x.manifest["begin_s"] + x.summary["performance"]["simulated_s"] for x in (reference, option)]
    until = [np.fmin(x["arrival_s"], last) for x, last in zip((first, second), end, strict=True)]
    home = late & ~np.isnan(first["arrival_s"]) & ~np.isnan(second["arrival_s"])
    shorter = first["route_length_m"] - second["route_length_m"]
    crashes = [float(x.summary["safety"]["collisions"]) for x in (reference, option)]
    hours = float((until[0] - until[1])[late].sum()) / 3600.0
    return Saved(hours, float(shorter[home].sum()) / 1000.0, crashes[0] - crashes[1])


def _late(result: Result) -> tuple[pa.Table, np.ndarray, float]:
    """Trips that departed after the warm-up, their times in the park so far [s], and the end of the run [s]."""
    trips, told = result.trips, result.manifest
    end = told["begin_s"] + result.summary["performance"]["simulated_s"]
    depart = trips["depart_s"].to_numpy()
    kept = depart >= told["begin_s"] + told["warm_up_s"]
    wanted = depart - np.nan_to_num(trips["depart_delay_s"].to_numpy())
    stay = np.fmin(trips["arrival_s"].to_numpy(), end) - wanted
    return trips.filter(pa.array(kept)), stay[kept], end


def _time_in_park(result: Result) -> float:
    """Mean time between wanting to depart and arriving, or the end of the run [s]."""
    stay = _late(result)[1]
    return float(stay.mean()) if len(stay) else math.nan


def _worst_group(result: Result) -> float:
    """Mean time lost [s] of the flow that loses most, among flows with enough trips."""
    trips = _late(result)[0]
    groups = np.array([str(x).rsplit(".", 1)[0] for x in trips["id"].to_pylist()])
    lost = trips["time_loss_s"].to_numpy()
    known = ~np.isnan(lost)
    if not known.any():
        return math.nan
    names, which, counts = np.unique(groups[known], return_inverse=True, return_counts=True)
    means = np.bincount(which, weights=lost[known], minlength=len(names)) / counts
    enough = counts >= LEAST_GROUP
    return float(means[enough].max()) if enough.any() else math.nan


#: Figures that come from the trips themselves.
TRIP_MEASURES: dict[str, Callable[[Result], float]] = {
    "trips.time_in_park_s": _time_in_park,
    "trips.worst_group_s": _worst_group,
}
