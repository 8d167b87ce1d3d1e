"""Which moment is the worst: one order for the replay, the report and the terminal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from sim.engine.recording import EVENT_KINDS
from sim.report.document.worst import worst_moments
from sim.report.page import texts
from sim.report.replay import happenings
from sim.report.replay.happenings import USUAL, events, ranked

ROWS = [
    (50.0, "emergency_braking", "late", 9.0),
    (10.0, "close", None, 0.0),
    (40.0, "take_over", "slow", 6.0),
    (30.0, "emergency_braking", "soft", -8.0),
    (45.0, "emergency_braking", "early", -9.0),
    (20.0, "take_over", "quick", 2.0),
    (60.0, "collision", "hit", 0.1),
    (5.0, "transition_demand", "asks", 3.0),
    (1.0, "depart", "hit", 0.0),
    (2.0, "ads_off", "asks", 0.0),
]
CONFLICT = {
    "id": "pair", "other": "foe", "time_s": 70.0, "edge": "e", "lane": "l", "position_m": 1.0, "ttc_s": 1.0,
    "pet_s": None, "drac_mps2": 2.0,
}  # fmt: skip
ORDER = ["hit", "early", "late", "soft", "pair", "asks", "slow", "quick"]


def told(conflicts: list[dict[str, Any]]) -> Any:
    """A result with nothing but these events and encounters."""
    names = ("time_s", "kind", "subject", "value")
    rows = [
        dict(zip(names, x, strict=True)) | {"other": None, "edge": "e", "lane": "l", "position_m": 1.0} for x in ROWS
    ]
    tables = {"conflicts": pa.Table.from_pylist(conflicts)} if conflicts else {}
    trips = pa.table({x: pa.array([], pa.float64()) for x in ("time_loss_s", "depart_s", "arrival_s")})
    trips = trips.append_column("id", pa.array([], pa.string()))
    return SimpleNamespace(events=pa.Table.from_pylist(rows), trips=trips, tables=tables, table=tables.get)


def test_the_worst_stand_first_and_equal_ones_by_time() -> None:
    result = told([CONFLICT])
    assert [x["subject"] for x in ranked(result)] == [*ORDER, "asks", None]
    assert [x.who.split(" – ")[0] for x in worst_moments(result)] == ORDER
    assert [x.how_much for x in worst_moments(result)][:2] == ["0.1 m/s", "9.0 m/s²"]


def test_the_page_is_told_the_same_order() -> None:
    result = told([CONFLICT])
    page = events(result, {"lanes": {"id": ["l"]}})
    assert page["time"] == sorted(page["time"])
    by_rank = sorted(zip(page["rank"], page["subject"], strict=True))
    assert [who for _, who in by_rank] == [x["subject"] for x in ranked(result)]


def test_every_kind_of_event_that_is_shown_has_a_text() -> None:
    assert [x for x in EVENT_KINDS if x not in USUAL and f"event.{x}" not in texts()] == []


def test_people_on_foot_who_do_not_wait_are_not_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    result = told([CONFLICT])
    crossing = [{"time_s": 3.0, "kind": "red_light_entry", "subject": x, "value": 1.5} for x in ("walker", "car")]
    place = {"other": None, "edge": "e", "lane": "l", "position_m": 1.0}
    result.events = pa.Table.from_pylist([*result.events.to_pylist(), *(x | place for x in crossing)])
    monkeypatch.setattr(happenings, "_on_foot", lambda _: {"walker"})
    order = [x["subject"] for x in ranked(result) if x["subject"]]
    assert order[:2] == ["hit", "car"]
    assert order.index("walker") > order.index("quick")
