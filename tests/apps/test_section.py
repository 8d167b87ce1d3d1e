"""What a scenario may say about applications, and what it is told if that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from tests.equipped import scenario, watched

ROOT = Path(__file__).parents[2]
CORRIDOR = ROOT / "scenarios" / "corridor.yaml"


def load(apps: str) -> sim.Pilot:
    return sim.load(CORRIDOR, {"radio": "{}", "apps": apps})


def test_names_and_settings() -> None:
    pilot = load("[green_wave]")
    assert pilot.apps["green_wave"]["range"] == 300.0
    assert pilot.apps["cacc"] == {"lifetime": 0.5}, "part of a card"
    pilot = load("{ green_wave: { range: 0.2 km, compliance: 50 % }, cacc: { lifetime: 300 ms } }")
    assert pilot.apps["green_wave"]["range"] == 200.0
    assert pilot.apps["green_wave"]["compliance"] == 0.5
    assert pilot.apps["green_wave"]["minimum"] == 5.0
    assert pilot.apps["cacc"] == {"lifetime": 0.3}
    assert sim.load(CORRIDOR).apps == {}, "without a radio"


@pytest.mark.parametrize(
    ("apps", "said"),
    [
        ("[green_wav]", "there is no application green_wav; did you mean green_wave?"),
        ("[green_wave, green_wave]", "an application stands twice"),
        ("{ green_wave: { rang: 3 } }", "green_wave has no setting rang; did you mean range?"),
        ("{ green_wave: { range: -3 m } }", "green_wave.range"),
        ("{ green_wave: { range: 3 km } }", "green_wave.range: 3000 is out of range; wanted 1 to 2000"),
        ("{ green_wave: { compliance: 1.2 } }", "green_wave.compliance: "),
        ("{ sensor_sharing: { range: -3 m } }", "sensor_sharing.range: -3 is out of range; wanted 5 to 300"),
        ("{ sensor_sharing: { people: 1.2 } }", "sensor_sharing.people: "),
        ("{ sensor_sharing: { detection: 120 % } }", "sensor_sharing.detection: "),
        ("{ sensor_sharing: { lifetime: 1 h } }", "sensor_sharing.lifetime: 3600 is out of range; wanted 0.05 to 3"),
        ("{ cooperative_merge: { gap: -1 s } }", "cooperative_merge.gap: -1 is out of range; wanted 0.2 to 8"),
        ("{ cooperative_intersection: { braking: 9 m/s2 } }", "cooperative_intersection.braking: 9 is out of range"),
        ("{ platoon: { most: 1 } }", "platoon.most: 1 is out of range; wanted 2 to 32"),
        ("{ platoon: { most: 2.5 } }", "platoon.most: 2.5 is not whole; wanted a whole number such as 6"),
        ("{ platoon: { lifetime: 0 } }", "platoon.lifetime: 0 is out of range"),
        ("{ green_wave: 3 }", "green_wave: wanted settings such as"),
        ("green_wave", "wanted names such as [green_wave]"),
    ],
)
def test_faults(apps: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(apps)
    assert said in str(caught.value)
    assert "apps" in str(caught.value)


def test_more_streams_than_can_be_told_apart_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than that one sender is taken for another: room for three."""
    monkeypatch.setattr("sim.engine.stations.MOST_STREAMS", 3)
    pilot = scenario("blind_corner", run__duration="90")
    with pytest.raises(ScenarioError, match=r"equip: .* streams of messages, of which 3 fit; wanted smaller shares"):
        watched(pilot)
