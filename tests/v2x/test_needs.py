"""What an application needs of the radio is judged by what was said and heard of its own messages, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from talkers import EVERYBODY, SURE, road, run

from sim.apps import APPS
from sim.engine.recording import Applied, Heard
from sim.pilot import Equipment, Occurrence, Radio
from sim.report.apps import applications
from sim.report.v2x import figures
from sim.services.radio_faults import serve

UNIT = Equipment({"talker": 1.0}, ("j0",))
NEAR = [20.0, 120.0]


def needs(heard: Heard | None, app: str) -> dict[str, Any]:
    assert heard is not None
    told: dict[str, Any] = applications({app: Applied(advised=0, figures={})}, heard)[app]
    return told


def struck(radio: Radio, *faults: Occurrence, equip: Equipment = UNIT, duration: float = 24.0) -> Heard | None:
    return run(replace(road(NEAR, radio, equip, duration), occurrences=faults), services=[serve])[0]


def test_all_that_is_needed_is_there() -> None:
    told = needs(struck(SURE, equip=EVERYBODY), "forward_collision")["needs"]
    assert told["rate_hz"] == {"message": "BSM", "wanted": 10.0, "got": pytest.approx(10.0), "met": True}
    assert told["latency_ms"] == {"message": "BSM", "wanted": 100.0, "got": pytest.approx(20.0), "met": True}
    assert told["range_m"]["got"] == 125.0, "the last ring in which somebody was: from 100 m on"
    assert needs(struck(SURE), "speed_limit")["needs"]["rate_hz"]["got"] == pytest.approx(1.0)


def test_what_is_said_more_rarely_is_heard_more_rarely() -> None:
    """At 5 m/s something has changed every 0.8 s, looked at every 0.1 s."""
    told = needs(struck(replace(SURE, trigger="etsi"), equip=EVERYBODY), "forward_collision")
    assert told["needs"]["rate_hz"]["got"] == pytest.approx(1.0 / 0.85, rel=0.07)
    assert told["needs"]["rate_hz"]["met"] is False
    assert told["met"] is False


def test_what_is_lost_is_not_heard() -> None:
    heard = struck(replace(SURE, loss=0.3), duration=204.0)
    told = needs(heard, "forward_collision")["needs"]
    assert told["rate_hz"]["got"] == pytest.approx(7.0, rel=0.03)
    assert (told["rate_hz"]["met"], told["range_m"]["met"], told["latency_ms"]["met"]) == (False, False, True)


def test_each_by_its_own_messages() -> None:
    """A rare MAP must not be judged by the BSM, nor the other way about."""
    told = struck(replace(SURE, rates={"map": 0.5}))
    assert needs(told, "speed_limit")["needs"]["rate_hz"] == {
        "message": "MAP",
        "wanted": 1.0,
        "got": pytest.approx(0.5),
        "met": False,
    }
    assert needs(told, "forward_collision")["needs"]["rate_hz"]["met"] is True


def test_what_a_fault_keeps_from_being_said_is_not_met() -> None:
    down = struck(SURE, Occurrence("rsu_down", 0.0, float("inf"), {"junction": "j0"}))
    for app in ("speed_limit", "hazard_warning"):
        assert needs(down, app)["needs"]["rate_hz"]["got"] == 0.0
        assert needs(down, app)["met"] is False
    half = needs(struck(SURE, Occurrence("rsu_down", 4.0, 14.0, {"junction": "j0"})), "speed_limit")
    assert half["needs"]["rate_hz"]["got"] == pytest.approx(0.5, abs=0.06)
    assert half["met"] is False
    muted = struck(SURE, Occurrence("backhaul_out", 0.0, float("inf"), {"junction": "j0"}))
    assert needs(muted, "hazard_warning")["met"] is False
    assert needs(muted, "speed_limit")["needs"]["rate_hz"]["met"] is True


def test_nothing_to_say_is_not_judged() -> None:
    told = needs(struck(SURE), "hazard_warning")
    assert told["met"] is None
    assert {x["got"] for x in told["needs"].values()} == {None}


def test_jammed_messages_do_not_come() -> None:
    jam = Occurrence("jamming", 4.0, 14.0, {"junction": "j0", "radius": 2000.0})
    told = needs(struck(replace(SURE, rates={"map": 10.0}), jam), "speed_limit")["needs"]
    assert told["rate_hz"]["got"] == pytest.approx(5.0, abs=0.2)
    assert told["range_m"]["got"] == 25.0, "where the nearest ring begins in which somebody was"


def test_times_of_each_kind_by_hand() -> None:
    """BSM every 0.1 s and MAP every second, all 20 ms on the way."""
    heard = struck(SURE)
    assert heard is not None
    told = figures(heard)["by_message"]
    assert set(told) == {"BSM", "MAP"}
    for name, period in (("BSM", 100.0), ("MAP", 1000.0)):
        assert told[name]["said_per_s"] == pytest.approx(1e3 / period)
        assert set(told[name]["latency_ms"].values()) == {20.0}
        assert set(told[name]["inter_packet_gap_ms"].values()) == {period}
        ages = told[name]["age_of_information_ms"]
        assert ages["mean"] == ages["p50"] == pytest.approx(20.0 + period / 2.0)
        assert ages["p95"] == pytest.approx(20.0 + 0.95 * period)
    assert told["BSM"]["bytes"] == 36.0


def test_percentiles_of_losses_by_hand() -> None:
    """With a tenth lost gaps are of one period with nine tenths, of two with nine hundredths, and so on."""
    heard, _, _ = run(road(NEAR, replace(SURE, loss=0.1), duration=600.0))
    assert heard is not None
    told = figures(heard)["inter_packet_gap_ms"]
    assert (told["p50"], told["p95"]) == (100.0, 200.0)
    assert np.flatnonzero(heard["gaps"]).tolist()[:3] == [1000, 2000, 3000]


def test_who_lives_by_what_nobody_can_say_is_not_judged() -> None:
    heard = struck(SURE, equip=EVERYBODY)
    for app in APPS.names():
        judged = needs(heard, app)["met"] is not None
        assert judged == (APPS[app].needs.message == "bsm"), app


def test_time_for_which_nothing_is_heard_counts_as_age() -> None:
    """A unit says MAP to 14 s, is silent for 30 s and speaks again: most of the time what is known of it is older."""
    down = Occurrence("rsu_down", 14.0, 44.0, {"junction": "j0"})
    pilot = road(NEAR[:1], replace(SURE, rates={"map": 10.0}), UNIT, 54.0)
    heard, _, _ = run(replace(pilot, occurrences=(down,)), services=[serve])
    assert heard is not None
    told = figures(heard)["by_message"]["MAP"]
    assert told["inter_packet_gap_ms"]["p50"] == 100.0
    assert told["age_of_information_ms"]["mean"] == pytest.approx(1e3 * (30.0 * 15.0 + 20.0 * 0.07) / 50.0, rel=0.03)
    assert told["age_of_information_ms"]["p50"] == pytest.approx(1e3 * (25.0 - 20.0), rel=0.03)
    assert told["age_of_information_ms"]["p95"] == pytest.approx(20_000.0, rel=0.001), "or older"


def test_nobody_as_far_as_is_needed_is_not_a_range_too_short() -> None:
    """All is heard; but a radio that does not reach as far, or loses what comes from there, is not enough."""
    assert needs(struck(SURE, equip=EVERYBODY), "forward_collision")["needs"]["range_m"] == {
        "message": "BSM",
        "wanted": 300.0,
        "got": 125.0,
        "met": None,
    }
    assert needs(struck(SURE, equip=EVERYBODY), "forward_collision")["met"] is True
    short = needs(struck(replace(SURE, range=200.0), equip=EVERYBODY), "forward_collision")
    assert (short["needs"]["range_m"]["met"], short["met"]) == (False, False)
    lossy = needs(struck(replace(SURE, loss=0.3), equip=EVERYBODY), "forward_collision")
    assert (lossy["needs"]["range_m"]["got"], lossy["needs"]["range_m"]["met"]) == (100.0, False)
