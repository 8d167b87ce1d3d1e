"""What is told wrongly is believed by those who hear it, past the houses at a corner; nobody else drives otherwise."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
from equipped import scenario

import sim

SEEDS = tuple(range(1, 4))
SURE = "{ model: disc }"


@cache
def results(
    share: float, main: int = 300, ghosts: float = 0.0, error: float = 0.0, app: str = "", machines: float = 0.1
) -> list[Any]:
    """Paired runs of the blind corner, with so many vehicles an hour each way on the main road."""
    equip: dict[str, Any] = {"human_car": share, "robotaxi": share, "junctions": ["centre"]}
    equip["sensors"] = [{"junction": "centre", "ghosts": ghosts}] if ghosts or not error else []
    wrong = [{"kind": "gnss_error", "error": error, "begin": "07:00"}] if error else []
    flows = {f"traffic__flows__{i}__per_hour": str(main) for i in range(2)}
    told = {
        "equip": json.dumps(equip),
        "occurrences": json.dumps(wrong),
        "apps": f"[{app or 'intersection_collision'}]",
    }
    told["traffic__cards"] = json.dumps({"human_car": 1.0 - machines, "robotaxi": machines})
    pilot = scenario("blind_corner", run__duration="10 min", radio=SURE, **told, **flows)
    return [sim.run(pilot, seed=x) for x in SEEDS]


def lost(*told: Any, **more: Any) -> np.ndarray:
    """Time lost by each of those who must give way, and are home in all runs that are compared [s]."""
    rows = [x for result in results(*told, **more) for x in result.trips.to_pylist()]
    own = [x["time_loss_s"] for x in rows if x["id"].startswith(("north", "south"))]
    return np.array([np.nan if x is None else x for x in own])


def near_misses(*told: Any, **more: Any) -> np.ndarray:
    """Encounters with a post-encroachment time up to 2 s, (seeds,)."""
    return np.array([x.summary["safety"]["conflicts"]["pet_2s"] for x in results(*told, **more)], float)


def collisions(*told: Any, **more: Any) -> int:
    return sum(x.summary["safety"]["collisions"] for x in results(*told, **more))


def test_who_hears_of_ghosts_hesitates() -> None:
    """On a main road with nobody on it but what the sensor makes up, for up to a second each.

    Machines act at once; most of that is gone before people have reacted.
    """
    calm, misled = (lost(1.0, 0, ghosts=x, machines=1.0) for x in (0.0, 10.0))
    more = misled - calm
    assert len(more) > 60
    assert np.nanmin(more) > -0.5
    assert (more > 0.3).sum() > 3
    assert np.nanmax(more) > 1.0
    people = lost(1.0, 0, ghosts=10.0, machines=0.0) - lost(1.0, 0, machines=0.0)
    assert 0.0 < np.nansum(people) < 0.5 * np.nansum(more)
    assert collisions(1.0, 0, ghosts=10.0) == 0


def test_who_shares_what_he_senses_believes_the_roadside_too() -> None:
    calm, misled = (lost(1.0, 0, ghosts=x, app="sensor_sharing") for x in (0.0, 10.0))
    assert np.nansum(misled - calm) > 0.0


def test_who_hears_nothing_of_ghosts_drives_as_ever() -> None:
    assert results(0.0)[0].trips.equals(results(0.0, ghosts=10.0)[0].trips)


def test_ghosts_in_traffic_cost_time_and_nothing_else() -> None:
    assert np.nansum(lost(1.0, ghosts=10.0)) > np.nansum(lost(1.0))
    calm, misled = (results(1.0, ghosts=x)[0].summary["v2x"] for x in (0.0, 10.0))
    assert misled["sensing"]["false"] > 5000 > calm["sensing"]["false"] == 0
    assert misled["apps"]["intersection_collision"]["advised"] > calm["apps"]["intersection_collision"]["advised"]
    assert collisions(1.0, ghosts=10.0) == 0


def test_who_is_told_to_be_elsewhere_is_waited_for_elsewhere() -> None:
    """The farther off positions are, the less of the benefit is left, and time is lost for nothing."""
    nobody, right, far = near_misses(0.0), near_misses(1.0), near_misses(1.0, error=30.0)
    assert right.sum() < 0.8 * nobody.sum()
    assert far.sum() > right.sum() + 0.5 * (nobody.sum() - right.sum()), "most of the benefit is gone"
    assert np.nanmean(lost(1.0, error=30.0)) > np.nanmean(lost(0.0)) + 1.0, "who is not there is waited for"
    assert results(0.0)[0].trips.equals(results(0.0, error=30.0)[0].trips), "who hears nothing"
    assert collisions(1.0, error=30.0) == 0
