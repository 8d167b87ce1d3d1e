"""What a run came to: the figures of `summary.json`, from trips, counted events and the engine's outcome."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim import expectation
from sim.engine.recording import Columns, Outcome
from sim.pilot import Pilot
from sim.report.automation import ControlTally
from sim.report.conflicts import ENCOUNTERS, Tally, unestimated, unmeasured
from sim.report.rates import poisson_interval, rate
from sim.traffic.departures import Departures

_KILO = 1000.0


def summarise(
    pilot: Pilot,
    departures: Departures,
    trips: Columns,
    counts: Mapping[str, int],
    outcome: Outcome,
    wall: float,
    tally: Tally | None = None,
) -> dict[str, Any]:
    """All figures of a run; null where there is nothing to tell.

    Args:
        trips: columns of trips.parquet, a row a departure.
        counts: events by kind.
        wall: time from the start of the run to the end of its writing [s].
        tally: of encounters, where they were measured.
    """
    arrived = ~np.isnan(trips["arrival_s"])
    late = trips["depart_s"] >= pilot.clock.begin + pilot.clock.warm_up
    driving = ~on_foot(departures)
    metres = np.nan_to_num(trips["route_length_m"]) * driving
    distance = float(metres.sum()) / _KILO
    return {
        "scenario": pilot.name,
        "status": outcome["status"],
        "valid": not outcome["reasons"],
        "reasons": list(outcome["reasons"]),
        "synthetic": pilot.park.synthetic,
        "performance": _performance(pilot, outcome, wall),
        "vehicles": _vehicles(departures, trips, outcome["end"]),
        "traffic": _traffic(trips, late & driving, arrived),
        **({} if driving.all() else {"pedestrians": _pedestrians(departures, trips, outcome["end"], late & arrived)}),
        "safety": _safety(counts, distance, tally.summary(outcome["missed_encounters"]) if tally else None)
        | {"crash_estimate": tally.crash_estimate() if tally else unestimated()},
        "av": ControlTally(pilot, departures).figures(metres),  # as if the system drove all the time
    }


def expectations(pilot: Pilot, summary: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each figure that the scenario expects: what was wanted, what came, whether it holds."""
    told = {}
    for name, wanted in pilot.expect.items():
        figure = expectation.resolve(name)
        got, comparison = expectation.value_of(summary, figure), expectation.Comparison.of(wanted)
        told[figure] = {"wanted": comparison.text, "got": got, "holds": comparison.holds(got)}
    return told


def _performance(pilot: Pilot, outcome: Outcome, wall: float) -> dict[str, Any]:
    simulated = outcome["end"] - pilot.clock.begin
    kernel = outcome["kernel_s"]
    return {
        "wall_s": wall,
        "build_s": outcome["build_s"],
        "compile_s": outcome["compile_s"],
        "kernel_s": kernel,
        "simulated_s": simulated,
        "steps": outcome["steps"],
        "vehicle_updates": outcome["vehicle_updates"],
        "updates_per_s": outcome["vehicle_updates"] / kernel if kernel > 0 else None,
        "real_time_factor": simulated / wall if wall > 0 else None,
        "peak_memory_mb": _peak_memory(),
    }


def _vehicles(departures: Departures, trips: Columns, end: float) -> dict[str, Any]:
    """How many vehicles were where at the end, and by card."""
    cards = {}
    for rank, card in enumerate(departures.cards):
        rows = departures.card == rank
        if rows.any():
            cards[card.name] = _states(departures, trips, end, rows) | _means(trips, rows)
    return _states(departures, trips, end, ~on_foot(departures)) | {"by_card": dict(sorted(cards.items()))}


def on_foot(departures: Departures) -> np.ndarray:
    """Which departures walk (departures,)."""
    return np.array([x.vehicle_class in ("pedestrian", "wheelchair") for x in departures.cards], bool)[departures.card]


def _pedestrians(departures: Departures, trips: Columns, end: float, home: np.ndarray) -> dict[str, Any]:
    """People on foot: how many, and means of those who set out after the warm-up and are over."""
    rows = on_foot(departures)
    delay = trips["time_loss_s"] + trips["depart_delay_s"]
    over = home & rows
    means = {"mean_delay_s": _mean(delay[over]), "mean_duration_s": _mean(trips["duration_s"][over])}
    p95 = float(np.percentile(delay[over], 95.0)) if over.any() else None
    return _states(departures, trips, end, rows) | means | {"delay_s_p95": p95}


def _states(departures: Departures, trips: Columns, end: float, rows: np.ndarray) -> dict[str, int]:
    departed = rows & ~np.isnan(trips["depart_s"])
    arrived = rows & ~np.isnan(trips["arrival_s"])
    waiting = rows & ~departed & (departures.time <= end)
    return {
        "scheduled": int(rows.sum()),
        "departed": int(departed.sum()),
        "arrived": int(arrived.sum()),
        "running": int(departed.sum() - arrived.sum()),
        "waiting": int(waiting.sum()),
    }


def _means(trips: Columns, rows: np.ndarray) -> dict[str, Any]:
    home = rows & ~np.isnan(trips["arrival_s"])
    return {
        "mean_duration_s": _mean(trips["duration_s"][home]),
        "mean_time_loss_s": _mean(trips["time_loss_s"][home]),
        "distance_km": float(np.nansum(trips["route_length_m"][rows])) / _KILO,
    }


def _traffic(trips: Columns, late: np.ndarray, arrived: np.ndarray) -> dict[str, Any]:
    """Means over trips that departed after the warm-up and are home; distance and delay over all that departed then."""
    home = late & arrived
    hours = float(trips["duration_s"][home].sum())
    return {
        "vehicles": int(home.sum()),
        "mean_duration_s": _mean(trips["duration_s"][home]),
        "mean_time_loss_s": _mean(trips["time_loss_s"][home]),
        "mean_waiting_time_s": _mean(trips["waiting_time_s"][home]),
        "mean_depart_delay_s": _mean(trips["depart_delay_s"][late]),
        "mean_speed_mps": float(trips["route_length_m"][home].sum()) / hours if hours > 0 else None,
        "distance_km": float(np.nansum(trips["route_length_m"][late])) / _KILO,
        "stops_per_vehicle": _mean(trips["stops"][home]),
        "energy_kwh_per_100km": _per_100_km(trips, home),
    }


def _per_100_km(trips: Columns, rows: np.ndarray) -> float | None:
    """Energy at the wheels over the distance driven [kWh per 100 km]."""
    metres = float(trips["route_length_m"][rows].sum())
    return float(trips["energy_kwh"][rows].sum()) / metres * 100.0 * _KILO if metres > 0 else None


def _safety(counts: Mapping[str, int], distance: float, conflicts: dict[str, Any] | None) -> dict[str, Any]:
    """Counts over the whole run, warm-up too, and their rates over all the distance driven and all encounters."""
    events = {"collisions": "collision", "emergency_brakings": "emergency_braking"}
    events |= {"red_light_entries": "red_light_entry"}
    told: dict[str, Any] = {name: counts.get(kind, 0) for name, kind in events.items()}
    shown = conflicts or unmeasured()
    counted = {name: x for name, x in shown.items() if name in shown["thresholds"]}
    rates = {name: rate(count, distance) for name, count in (told | counted).items()}
    told |= {"distance_km": distance, "conflicts": shown, "per_1000_km": rates}
    met = counted.pop(ENCOUNTERS)
    counted = {"collisions": told["collisions"] if conflicts else None} | counted
    told["per_1000_encounters"] = {name: rate(count, met or 0) for name, count in counted.items()}
    return told


def _mean(column: np.ndarray) -> float | None:
    return float(column.mean()) if len(column) else None


def _peak_memory() -> float | None:
    """Most memory that this process ever held [MB]; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


__all__ = ["expectations", "poisson_interval", "summarise"]
