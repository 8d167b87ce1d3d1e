"""The command `verify`: what it prints, how it ends, and the contract of every registered case."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import sim.verify.run as running
from sim.cli import BAD_INPUT, DONE, UNEXPECTED, outcome
from sim.verify.case import (
    CASES,
    Case,
    Finding,
    Point,
    Setting,
    Settings,
    Unavailable,
    VerificationError,
    point,
    within,
)
from sim.verify.page import write


def made(measure, name: str = "made.up", **more) -> Case:
    settings = (Setting("gap", 1.0, "time", "a time"), Setting("sizes", (1.0, 2.0), "number", "swept"))
    return Case(name, "A case", "nowhere", settings, measure, **more)


def found(*points: Point, **more) -> Finding:
    one = made(lambda told: iter(points), **more)
    return Finding(one, one.settings_of({}), points)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch):
    """Cases that cost nothing, in place of the real ones."""
    own = type(CASES)("verification case")
    good = made(lambda told: iter([point(x, "x [-]", x, x, 0.1) for x in told.numbers("sizes")]), "quick.good")
    bad = made(lambda told: iter([point(1, "x [-]", 2.0, 1.0, 0.1)]), "quick.bad", reason="made so")

    def absent(told: Settings):
        raise Unavailable("no data")
        yield

    for one in (good, bad, made(absent, "slow.absent")):
        own.named(one.name)(one)
    monkeypatch.setattr(running, "CASES", own)


def test_points_are_judged_by_band_and_precision() -> None:
    assert point(1, "x", 10.0, 10.4, 0.5).ok is True
    assert point(1, "x", 10.0, 10.6, 0.5).ok is False
    assert point(1, "x", None, 10.6, 0.5).ok is None
    assert point(1, "x", 10.0, 99.0).ok is None
    assert point(1, "x", 10.0, [9.99, 10.01, 10.0], 0.5).ok is True
    assert point(1, "x", 10.0, [9.0, 11.0, 10.0], 0.5).ok is False, "the mean is right, and known too badly"
    assert within(-20.0, 10.0) == 2.0
    assert math.isinf(within(None, 10.0))


def test_half_width_is_students() -> None:
    told = point(1, "x", None, [1.0, 2.0, 3.0, 4.0])
    assert told.got == 2.5
    assert told.half_width == pytest.approx(3.1824 * 1.29099 / 2.0, rel=1e-4)


def test_a_finding_is_as_good_as_its_worst_point() -> None:
    good, bad, open_ = point(1, "x", 1.0, 1.0, 0.1), point(2, "x", 1.0, 2.0, 0.1), point(3, "x", None, 1.0)
    assert found(good, open_).ok is True
    assert found(good, bad).ok is False
    assert found(open_).ok is None
    assert found(bad, reports=True).ok is None


def test_settings_are_read_with_units_and_every_fault_is_told() -> None:
    one = made(lambda told: iter(()))
    told = one.settings_of({"gap": "200 ms", "sizes": "3, 4.5"})
    assert told["gap"] == 0.2
    assert told.numbers("sizes") == (3.0, 4.5)
    assert not told.published("gap")
    assert one.settings_of({"gap": "1"}).published("gap", "sizes")
    with pytest.raises(VerificationError) as error:
        one.settings_of({"gab": "1", "sizes": "many"})
    assert "did you mean gap" in str(error.value)
    assert "many" in str(error.value)


def test_json_holds_what_was_promised(registered: None, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert outcome(["verify", "quick", "--json", "--out", str(page)]) == UNEXPECTED
    told = json.loads(capsys.readouterr().out)
    assert [one["ok"] for one in told] == [False, True]
    assert {"case", "settings", "source", "points", "ok"} <= set(told[0])
    assert told[0]["reason"] == "made so"
    assert told[1]["settings"] == {"gap": 1.0, "sizes": [1.0, 2.0]}
    assert {"at", "expected", "got", "tolerance", "ok"} <= set(told[1]["points"][0])
    assert "made so" in page.read_text(encoding="utf-8")


def test_exit_codes(registered: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["verify", "quick.good", "--json"]) == DONE
    capsys.readouterr()
    assert outcome(["verify", "slow", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)[0]["reason"] == "no data"
    assert outcome(["verify", "quick.god", "--json"]) == BAD_INPUT
    assert "did you mean quick.good" in capsys.readouterr().err
    assert outcome(["verify", "--json", "--set", "sises=1"]) == BAD_INPUT
    assert "did you mean sizes" in capsys.readouterr().err


def test_page_opens_without_network(tmp_path: Path) -> None:
    points = [point(x, "flow [veh/h]", x, x + 0.01, 0.1) for x in (1.0, 2.0, 3.0)]
    text = write([found(*points, point("<b>", "x", None, 1.0))], tmp_path / "deep" / "page.html").read_text("utf-8")
    assert "<svg" in text
    assert "&lt;b&gt;" in text
    assert 'src="http' not in text
    assert 'href="http' not in text


@pytest.mark.parametrize("name", CASES.names())
def test_every_case_tells_what_it_is(name: str) -> None:
    one = CASES[name]
    assert "." in name or name.isidentifier()
    assert one.source
    assert one.title[0].isupper()
    assert len({setting.name for setting in one.settings}) == len(one.settings)
    for setting in one.settings:
        assert setting.meaning
        amount = setting.default
        text = ",".join(map(repr, amount)) if isinstance(amount, tuple) else str(amount)
        assert one.settings_of({setting.name: text}).published(setting.name), setting.name


def test_figures_of_numpy_are_written_as_json() -> None:
    told = Point("a", "flow [veh/h]", np.float64(3.0), np.float64(3.5), np.float64(0.1), np.float64(1.0)).as_dict()
    assert json.loads(json.dumps(told))["ok"] is True


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("density=1e12", '"1e12" is out of range; wanted 0.005 to 0.6 (vehicles [1/m])'),
        ("density=much", '"much" is not a number; wanted 0.005 to 0.6 (vehicles [1/m])'),
        ("rate=0.5", '"0.5" is out of range; wanted 1 to 50 Hz (messages a second)'),
    ],
)
def test_an_impossible_amount_is_told_with_range_unit_and_meaning(
    setting: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["verify", "radio.mode4", "--set", setting]) == BAD_INPUT
    assert said in capsys.readouterr().err


def test_help_gives_an_example_that_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["verify", "-h"]) == DONE
    told = capsys.readouterr().out
    assert "cycle=60 s" in told
    assert "run.step" not in told


#: Cases that read a file, each with the setting that names it.
READING = [(name, x.name) for name in CASES.names() for x in CASES[name].settings if x.dimension == "file"]


@pytest.mark.parametrize(("name", "setting"), READING)
def test_a_named_file_that_is_not_there_is_bad_input(
    name: str, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["verify", name, "--set", f"{setting}=nofile.csv"]) == BAD_INPUT
    assert f"{name}: {setting}: there is no file nofile.csv; wanted" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a,b\n", "a,b\n1,2\n", "", "a\n" + "x," * 12 + "x\n"])
@pytest.mark.parametrize(("name", "setting"), [x for x in READING if x[1] in ("data", "busy")])
def test_a_file_of_other_columns_is_bad_input(
    name: str, setting: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(text)
    assert outcome(["verify", name, "--set", f"{setting}={tmp_path / 'bad.csv'}"]) == BAD_INPUT
    assert "bad.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("case", "setting", "said"),
    [("radio.80211p", "megabits=7", "wanted 3, 4.5, 6"), ("radio.mode4", "length=5", "wanted two or more")],
)
def test_settings_of_the_air_that_cannot_be(capsys, case: str, setting: str, said: str) -> None:
    assert outcome(["verify", case, "--set", setting]) == BAD_INPUT
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1
