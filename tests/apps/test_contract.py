"""What holds of every application: nobody equipped, or no radio, and the run is the baseline to the byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import sim
from sim import units
from sim.apps import APPS, settings_of, unchecked
from sim.scenario.apps import none
from sim.state.belief import NAMES
from sim.v2x import MESSAGES

ROOT = Path(__file__).parents[2]
SHORT = {"run.duration": "6 min", "run.warm_up": "0", "output.edges": "1 min", "output.conflicts": "true"}
SHORT |= {"output.pages": "false", "output.trajectories": "1 s"}
SHORT |= {"traffic.flows.0.cards": json.dumps({"human_car": 0.9, "ambulance": 0.1})}
EVERY = json.dumps(APPS.names())
JUNCTIONS = json.dumps({"junctions": ["j0", "j1", "j2", "j3", "j4"]})
ALL = dict.fromkeys(("human_car", "truck", "robotaxi", "bus", "ambulance"), 1.0)
EVERYBODY = json.dumps(ALL | {"junctions": ["j1"]})


def digests(**settings: str) -> dict[str, str]:
    """Hash of every table of what drives, by file; those of messages are there only where there is a radio."""
    pilot = sim.load(ROOT / "scenarios" / "corridor.yaml", SHORT | settings)
    found = sorted(sim.run(pilot, seed=3).folder.glob("*.parquet"))
    return {x.name: hashlib.sha256(x.read_bytes()).hexdigest() for x in found if x.name not in RADIO}


RADIO = ("messages.parquet", "deliveries.parquet")


@pytest.fixture(scope="module")
def baseline() -> dict[str, str]:
    return digests()


def tables(told: dict[str, str]) -> dict[str, str]:
    return {name: x for name, x in told.items() if name not in RADIO}


def test_nobody_equipped(baseline: dict[str, str]) -> None:
    assert tables(digests(apps=EVERY, radio="{}", equip=JUNCTIONS)) == baseline


def test_no_radio(baseline: dict[str, str]) -> None:
    assert digests(apps=EVERY, equip=EVERYBODY) == baseline


@pytest.mark.parametrize("name", APPS.names())
def test_every_setting_is_sound(name: str) -> None:
    app = APPS[name]
    assert app.title
    assert app.needs.message in MESSAGES
    assert min(app.needs.rate, app.needs.latency, app.needs.range) > 0.0
    for setting in app.settings.values():
        assert setting.dimension in units.DIMENSIONS
        assert setting.low <= setting.amount <= setting.high
        assert setting.meaning
        assert setting.source


def test_settings_of_ones_own() -> None:
    assert settings_of("cacc", lifetime=0.3) == {"lifetime": 0.3}
    with pytest.raises(KeyError):
        settings_of("cacc", lifetimes=0.3)
    assert set(none()) == {x for x in APPS.names() if APPS[x].built_in}
    assert [x["parameter"] for x in unchecked({"cacc": settings_of("cacc")})] == ["lifetime"]
    assert unchecked({"cacc": settings_of("cacc", lifetime=0.3)}) == []


def test_every_application_has_its_rank() -> None:
    assert set(NAMES) == set(APPS.names())
