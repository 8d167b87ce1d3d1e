"""What `pilotzone list` and `pilotzone schema` tell: everything, in the one place where it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import cli
from sim.apps import APPS
from sim.described import arguments
from sim.engine.events import KINDS
from sim.engine.recording import EVENT_KINDS
from sim.listing.keys import SCHEMAS, below, schema_of
from sim.listing.overview import REGISTRIES, kinds, overview
from sim.metrics import column_names
from sim.models.car_following import CAR_FOLLOWING
from sim.report.tables import TABLES
from sim.scenario.cards import models
from sim.state.belief import NAMES
from sim.traffic.cards import CARDS
from sim.traffic.meanings import MEANINGS
from sim.v2x import MESSAGES

ROOT = Path(__file__).parents[1]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `list` prints."""
    assert cli.outcome(["list", *arguments]) == 0
    return capsys.readouterr().out


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema with its address."""
    for name, part in {"": schema, **schema.get("$defs", {})}.items():
        for key, entry in part.get("properties", {}).items():
            yield f"{name}.{key}", entry


@pytest.mark.parametrize("what", SCHEMAS)
def test_every_property_of_a_schema_says_what_it_means(what: str) -> None:
    assert [where for where, entry in properties(schema_of(what)) if not entry.get("description", "").strip(" .")] == []


def test_a_quantity_tells_unit_and_limits_of_its_own() -> None:
    schema = schema_of("scenario")
    parts = dict(properties(schema))
    assert parts["RadioPart.range"]["anyOf"][0] == {"type": "number", "exclusiveMinimum": 0.0, "maximum": 5000.0}
    assert parts["RunPart.step"]["anyOf"][0] == {"type": "number", "minimum": 0.001, "maximum": 1.0}
    assert parts["SensorPart.delay"]["anyOf"][0]["maximum"] == 5.0
    assert "dBm" in parts["RadioPart.power"]["anyOf"][1]["description"]


def test_keys_are_those_of_the_schema_with_unit_and_default() -> None:
    schema = schema_of("scenario")
    rows = {x.path: x for x in below(schema, "radio")}
    assert rows["radio.processing"].wanted.startswith("time [s]")
    assert rows["radio.processing"].default == "0.01"
    assert rows["radio.trigger"].wanted == "fixed | etsi"
    assert {"radio.neighbours", "radio.header", "radio.sub_channels", "radio.most_delay"} <= set(rows)
    assert [x.path for x in below(schema, "radio.range")] == ["radio.range"]
    assert "traffic.own_cards.parameters.cc1" in {x.path for x in below(schema, "traffic.own_cards.parameters")}
    assert "plan.add_rsu.sensing" in {x.path for x in below(schema, "plan.add_rsu")}
    assert {x.default for x in below(schema, "pilot") if x.path == "pilot.map"} == {"needed"}


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["keys", "radio.rang"], "range"),
        (["cards", "human_cra"], "human_car"),
        (["tables", "trip"], "trips"),
        (["models", "turns"], "known are absolute_braking"),
        (["messages", "encoding"], "known are bsm"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    arguments: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.outcome(["list", *arguments]) == 2
    assert near in capsys.readouterr().err


@pytest.mark.parametrize("name", CARDS.names())
def test_a_card_tells_every_value_with_unit_standing_and_source(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (rows,) = json.loads(told(capsys, "cards", name, "--json")).values()
    found = {x["parameter"]: x for x in rows}
    assert set(found) == {*CARDS[name].parameters, "yield_rate", "mass", "speed_factor"}
    for parameter, value in CARDS[name].parameters.items():
        row = found[parameter]
        assert (row["unit"], row["standing"], row["source"]) == (value.unit, value.standing, value.source)
        assert row["what it is"] == MEANINGS[parameter]
    assert all(x["source"] and x["value"] is not None for x in rows)


def test_a_card_tells_how_drivers_differ(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "cards", "human_car").splitlines()
    line = next(x for x in lines if x.startswith("  time_gap:"))
    assert "1.05 median, log-normal, deviation of its logarithm 0.5" in line
    assert "; s; measured; " in line
    assert "NGSIM" in line


def test_every_parameter_has_a_meaning() -> None:
    assert set(MEANINGS) == {x for name in CARDS.names() for x in CARDS[name].parameters}


def test_lists_hold_what_can_be_named_and_nothing_else() -> None:
    def names(kind: str) -> list[str]:
        return [str(row[0]) for row in overview(kind).rows]

    assert names("models") == CAR_FOLLOWING.names() == models()
    assert names("messages") == MESSAGES.names()
    assert names("exporters") == ["sumo-fcd", "sumo-tripinfo"]
    assert names("events") == list(EVENT_KINDS)
    assert names("tables") == list(TABLES)
    for kind in kinds():
        assert all(row[1] for row in overview(kind).rows), kind


@pytest.mark.parametrize("kind", [*REGISTRIES, "cases", "events", "tables"])
def test_each_thing_can_be_asked_for(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    for row in overview(kind).rows:
        assert str(row[0]) in told(capsys, kind, str(row[0])) or kind in ("messages", "metrics")


def test_kinds_of_events_have_meanings_and_keep_their_codes() -> None:
    assert all(x.meaning for x in KINDS)
    assert len(set(EVENT_KINDS)) == len(EVENT_KINDS)
    advice = next(x.value for x in KINDS if x.name == "advice")
    assert all(f"{rank} {name}" in advice for rank, name in enumerate(NAMES))
    assert set(NAMES) == set(APPS.names())
    assert [EVENT_KINDS.index(x) for x in ("depart", "lane_change", "signal")] == [0, 5, 8]  # the kernel's own


def test_tables_of_a_run_are_those_that_are_told(tmp_path: Path) -> None:
    short = {"run.duration": "30 s", "run.warm_up": "0", "output": "{ trajectories: 1 s, conflicts: true }"}
    said = short | {"radio": "{ model: ideal }", "equip": "{ human_car: 1.0 }"}
    result = sim.run(sim.load(ROOT / "scenarios" / "crossroads.yaml", said), out=tmp_path / "r")
    assert {x.stem for x in (tmp_path / "r").glob("*.parquet")} == set(TABLES) == set(result.tables)
    for name, table in TABLES.items():
        assert result.table(name).column_names == list(table.told), name
        assert all(meaning for _, meaning in table.told.values())
    assert set(column_names()) < set(TABLES["conflicts"].told)


def test_arguments_of_a_docstring() -> None:
    class Some:
        """A thing.

        Args:
            one: first,
                goes on: here.
            two: second.

        Raises:
            three: none.
        """

    assert arguments(Some) == {"one": "first, goes on: here.", "two": "second."}
    assert arguments(int) == {}
