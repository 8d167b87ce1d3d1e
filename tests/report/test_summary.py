"""The figures of a summary, by hand."""

import dataclasses
import math
import platform
from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_run import departures, outcome, pilot, trips

from sim import expectation
from sim.apps import APPS
from sim.engine.air import SENSED
from sim.engine.kinds import TOPICS
from sim.engine.recording import Applied, CellEnd, CellHeard, Heard, Part, Times
from sim.metrics import KINDS
from sim.models.radio import FATES
from sim.report import summary
from sim.report.apps import applications
from sim.report.automation import ControlTally
from sim.report.conflicts import Tally
from sim.report.manifest import assumed, assumed_of_demand, manifest
from sim.report.terminal import rate
from sim.report.v2x import figures
from sim.traffic.cards import CARDS
from sim.traffic.demand import ParkDemand, Shift
from sim.traffic.takeover import Takeover
from sim.v2x import MESSAGES


def told(tally: Tally | None = None, **changes: Any) -> dict[str, Any]:
    counts = {"collision": 2, "emergency_braking": 0}
    return summary.summarise(pilot(), departures(), trips(), counts, outcome(**changes), 20.0, tally)


def test_vehicles_are_counted_by_where_they_are() -> None:
    vehicles = told()["vehicles"]
    assert {x: vehicles[x] for x in ("scheduled", "departed", "arrived", "running", "waiting")} == {
        "scheduled": 4,
        "departed": 3,
        "arrived": 2,
        "running": 1,
        "waiting": 1,
    }
    assert vehicles["by_card"]["robotaxi"]["running"] == 1
    assert vehicles["by_card"]["robotaxi"]["mean_duration_s"] is None
    assert vehicles["by_card"]["human_car"]["mean_duration_s"] == 55.0


def test_nobody_waits_who_did_not_want_to_drive_yet() -> None:
    assert told(end=90.0)["vehicles"]["waiting"] == 0


def test_traffic_leaves_out_the_warm_up() -> None:
    traffic = told()["traffic"]
    assert traffic["vehicles"] == 1
    assert traffic["mean_duration_s"] == 60.0
    assert traffic["mean_time_loss_s"] == 20.0
    assert traffic["mean_waiting_time_s"] == 10.0
    assert traffic["mean_depart_delay_s"] == 1.0
    assert traffic["mean_speed_mps"] == 10.0
    assert traffic["distance_km"] == pytest.approx(0.9)
    assert traffic["stops_per_vehicle"] == 2.0
    assert traffic["energy_kwh_per_100km"] == pytest.approx(0.2 / 0.6 * 100.0)


def test_safety_and_automation_count_all_the_distance() -> None:
    whole = told()
    assert whole["safety"]["collisions"] == 2
    assert whole["safety"]["distance_km"] == pytest.approx(1.4)
    assert whole["safety"]["per_1000_km"]["collisions"]["rate"] == pytest.approx(2 / 1.4 * 1000)
    assert whole["av"]["distance_km"] == pytest.approx(0.3)
    assert whole["av"]["share_of_distance"] == pytest.approx(0.3 / 1.4)


def test_performance() -> None:
    work = told()["performance"]
    assert work["updates_per_s"] == 10_000.0
    assert work["real_time_factor"] == 5.0
    assert work["simulated_s"] == 100.0
    assert work["peak_memory_mb"] > 10


def test_validity() -> None:
    assert told()["valid"] is True
    assert told(reasons=["a jam"])["valid"] is False
    assert told(status="interrupted")["status"] == "interrupted"


def test_run_without_vehicles_has_nulls_and_no_nans() -> None:
    nobody, empty = departures(), {name: x[:0] for name, x in trips().items()}
    nobody = dataclasses.replace(nobody, ids=[], time=np.empty(0), card=np.empty(0, np.int64))
    whole = summary.summarise(pilot(), nobody, empty, {}, outcome(), 1.0)
    assert whole["traffic"]["mean_duration_s"] is None
    assert whole["av"]["share_of_distance"] is None
    assert whole["safety"]["per_1000_km"]["collisions"]["high"] is None
    assert rate(whole["safety"]["per_1000_km"]["collisions"]) == "no distance driven"


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_interval_is_the_exact_one_of_a_poisson_count(count: int) -> None:
    low, high = summary.poisson_interval(count)
    assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025)
    assert stats.poisson.cdf(count, high) == pytest.approx(0.025)


def test_encounters_are_told_with_their_rates() -> None:
    tally = Tally(pilot(), departures())
    tally.total.update(encounters=50, ttc_3s=5)
    safety = told(tally)["safety"]
    assert safety["conflicts"]["ttc_3s"] == 5
    assert safety["conflicts"]["thresholds"]["ttc_3s"] == "ttc_s <= 3 (SUMO)"
    assert safety["per_1000_encounters"]["ttc_3s"]["rate"] == pytest.approx(100.0)
    assert safety["per_1000_encounters"]["ttc_3s"]["high"] == pytest.approx(stats.chi2.ppf(0.975, 12) / 2 / 50 * 1000)
    assert safety["per_1000_km"]["ttc_3s"]["rate"] == pytest.approx(5 / 1.4 * 1000)
    unmeasured = told()["safety"]["conflicts"]
    assert set(unmeasured) >= {x for x in safety["conflicts"] if not x.endswith("_s")} | {"ttc_1_5s", "pet_2s"}
    assert unmeasured["ttc_3s"] is None
    assert unmeasured["thresholds"] == safety["conflicts"]["thresholds"]


def test_what_was_not_measured_is_null_and_not_left_out() -> None:
    asked, quiet = told(Tally(pilot(), departures()))["safety"], told()["safety"]
    assert set(quiet) == set(asked)
    for group in ("per_1000_km", "per_1000_encounters", "crash_estimate"):
        assert set(quiet[group]) == set(asked[group])
        for name, found in quiet[group].items():
            assert set(found) == set(asked[group][name])
    assert quiet["per_1000_km"]["ttc_3s"] == {"rate": None, "low": None, "high": None, "level": 0.95}
    assert quiet["per_1000_encounters"]["collisions"]["rate"] is None
    assert quiet["per_1000_km"]["collisions"]["rate"] is not None
    assert quiet["crash_estimate"]["ttc_s"]["rate"] is None


def test_nothing_counted_means_the_rule_of_three() -> None:
    low, high = summary.poisson_interval(0)
    assert low == 0.0
    assert high == pytest.approx(3.0, abs=0.01)
    assert math.exp(-high) == pytest.approx(0.05)
    assert rate({"rate": 0.0, "high": 3.0, "low": 0.0, "level": 0.95}) == "at most 3 per 1,000 km, 95% sure"


def cell_heard() -> CellHeard:
    """What became of messages in a cell."""
    end = CellEnd(rate=1.0, rate_most=2.0, capacity=3.0, wait_most=0.1, full=0.5)
    lost = {"busy": 1, "loss": 1, "outage": 1}
    return CellHeard(
        said=3, lost_up=lost, fates=np.ones(len(FATES)), delays=np.ones(3), mean_delay=0.1, up=end, down=end
    )


def heard() -> Heard:
    """What became of messages: one of each kind and fate."""
    kinds, ones = [*MESSAGES.names()], np.ones(3)
    times = Times(delays=ones, gaps=ones, ages=ones, mean_delay=0.01, mean_gap=0.1, mean_age=0.06)
    return Heard(
        messages=kinds, said=np.ones(len(kinds)), fates=np.ones((len(kinds), len(FATES))),
        by_receiver=np.ones((1, len(kinds), len(FATES))), ratios=np.ones(1), estimated=["bsm"],
        by_distance=np.ones((3, len(FATES))), class_width=25.0, near=np.ones((len(kinds), 3, len(FATES))),
        bytes=np.ones(len(kinds)), due=np.ones(len(kinds)), kept=np.zeros(len(kinds)), times=[times] * len(kinds),
        **times, busy_mean=0.1, busy_most=0.2, decided=9, counted=1.0, overflow=0,
        stale=1, groupless=0, forged=1, cells={"gate": cell_heard()}, sensing=dict.fromkeys(SENSED, 1),
        topics={x: Part(said=1.0, due=1.0, kept=0.0, near=np.ones((3, len(FATES))), delays=ones) for x in TOPICS},
    )  # fmt: skip


CACC = ("heard_share_of_time", "heard_share_of_equipped")


def test_figures_that_can_be_expected_are_those_of_the_summary() -> None:
    def flat(at: Any, path: tuple[str, ...] = ()) -> set[str]:
        if isinstance(at, dict):
            return set().union(*(flat(x, (*path, y)) for y, x in at.items()))
        return {".".join(path)}

    tally = Tally(pilot(), departures())
    tally.by_pair["a-b"] = Counter(encounters=1)
    applied = {name: Applied(advised=1, figures=dict.fromkeys(CACC, 1.0)) for name in APPS.names()}
    asking = dataclasses.replace(pilot(), takeover=Takeover(per_km={"fault": 1.0}))
    spoken = {"v2x": figures(heard()) | {"apps": applications(applied, heard())}}
    spoken["av"] = ControlTally(asking, departures()).figures(np.ones(4))
    people = dataclasses.replace(departures(), cards=(CARDS["human_car"], CARDS["pedestrian"]))
    walked = summary.summarise(pilot(), people, trips(), {}, outcome(), 20.0)["pedestrians"]
    spoken["pedestrians"] = walked
    known = {*told()["vehicles"]["by_card"], *KINDS, "a-b", *APPS.names(), "fault", "odd_exit", "gate"}
    names = {
        ".".join("*" if x in known else x for x in name.split(".")) for name in flat({"seed": 1} | told(tally) | spoken)
    }
    rules = {x for x in names if x.startswith("safety.conflicts.thresholds.")}
    others = rules | {"reasons", "v2x.estimated", "safety.conflicts.exposure_s", "safety.conflicts.reaction_s"}
    others |= {x for x in names if x.endswith((".level", ".message"))}
    assert names - others == set(expectation.FIGURES)


def test_expectations() -> None:
    wanted = {
        "collisions": "< 3",
        "mean_speed_mps": "11 .. 12",
        "vehicles__by_card__robotaxi__running": 1,
        "status": "done",
    }
    told_ = summary.expectations(pilot(**wanted), told())
    assert {name: x["holds"] for name, x in told_.items()} == {
        "safety.collisions": True,
        "traffic.mean_speed_mps": False,
        "vehicles.by_card.robotaxi.running": True,
        "status": True,
    }
    assert told_["safety.collisions"] == {"wanted": "< 3", "got": 2, "holds": True}


def test_figure_that_is_not_known_never_holds() -> None:
    assert not expectation.Comparison.of("< 100").holds(None)
    assert not expectation.Comparison.of("!= 100").holds(math.nan)
    assert not expectation.Comparison.of("< 100").holds("text")
    assert expectation.Comparison.of(True).holds(True)


def test_manifest_lists_every_unsure_value_and_no_host_name() -> None:
    whole = manifest(pilot(), departures(), 1, "pilotzone run x", "2026-01-01")
    assert whole["warnings"] == ["twice", "late"]
    assert whole["inputs"] == {"small.yaml": "00"}
    unsure = [x for x in CARDS["robotaxi"].parameters.values() if x.standing in ("assumed", "memory")]
    assert sum(
        x["card"] == "robotaxi" and x["parameter"] not in ("speed_factor", "mass") for x in whole["assumed"]
    ) == len(unsure)
    assert platform.node() not in str(whole["machine"])


def test_manifest_tells_defaults_a_demand_was_left_with() -> None:
    shift = Shift("s", {"a": 1.0}, {"b": 1.0}, 100.0, 0.0, share=0.5)
    names = {x["parameter"] for x in assumed_of_demand(ParkDemand({"human_car": 1.0}, shifts=(shift,)))}
    assert names == {"occupancy", "spread"}
    assert assumed(()) == []
