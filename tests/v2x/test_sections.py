"""What a scenario says of radio and equipment: read, and refused with the place and a cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine.stations import told
from sim.errors import ScenarioError
from sim.models.radio import RADIO
from sim.pilot import Radio
from sim.scenario.loader import load

CORRIDOR = Path(__file__).parents[2] / "scenarios" / "corridor.yaml"


def test_sections_are_read_with_their_units() -> None:
    pilot = load(
        CORRIDOR,
        {
            "radio": "{ model: disc, range: 0.5 km, rates: { bsm: 5 Hz }, loss: 10 %, delay: 20 ms, power: 23 dBm }",
            "equip": "{ robotaxi: 1.0, human_car: 30 % }",
        },
    )
    assert pilot.radio is not None
    assert pilot.radio == Radio("disc", 500.0, {"bsm": 5.0}, loss=0.1, low=0.02, high=0.02, power=pilot.radio.power)
    assert pilot.radio.power == pytest.approx(23.0)
    assert pilot.equip.shares == {"robotaxi": 1.0, "human_car": 0.3}
    assert load(CORRIDOR).radio is None


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("radio.range", "-5 m", "more than 0"),
        ("radio.loss", "1.2", "out of range 0 to 1"),
        ("radio.rates.bsm", "1 MHz", "at most 100"),
        ("radio.rates.rsc", "1 Hz", "nobody can say rsc"),
        ("radio.rates.ssm", "1 MHz", "at most 100"),
        ("radio.rates.ssm", "-1 Hz", "out of range 0"),
        ("radio.rates.bsmm", "1 Hz", "did you mean bsm?"),
        ("radio.model", "disk", "did you mean disc?"),
        ("radio.rnge", "5 m", "did you mean range?"),
        ("radio", "{ delay: 20 ms, most_delay: 10 ms }", "must not be less"),
        ("equip", "{ human_car: 1.2 }", "out of range 0 to 1"),
        ("equip", "{ human_carr: 1.0 }", "did you mean human_car?"),
        ("equip.junctions", "[nowhere]", "no junction named nowhere"),
        ("equip", "{ sensors: [{ junction: nowhere }] }", "no junction named nowhere"),
        ("equip", "{ junctions: [j0], sensors: [{ junction: j1 }] }", "needs a roadside unit there"),
        ("equip", "{ junctions: [j0], sensors: [{ junction: j0, detection: 1.2 }] }", "out of range 0 to 1"),
        ("equip", "{ junctions: [j0], sensors: [{ junction: j0, range: -5 m }] }", "more than 0"),
        ("equip", "{ junctions: [j0], sensors: [{ junction: j0, field: 400 deg }] }", "at most"),
    ],
)
def test_what_cannot_be_is_refused(path: str, text: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load(CORRIDOR, {path: text})


def test_who_orders_can_be_told_how_often() -> None:
    told = {"radio": "{ rates: { rsc: 5 Hz } }", "apps": "[cooperative_intersection]", "equip": "{ junctions: [j1] }"}
    pilot = load(CORRIDOR, told)
    assert pilot.radio is not None
    assert pilot.radio.rates == {"rsc": 5.0}


@pytest.mark.parametrize("model", ["disc", "packet_delivery", "ieee80211p"])
def test_a_delay_of_nothing_is_told_not_left_out(model: str) -> None:
    radio = load(CORRIDOR, {"radio": f"{{ model: {model}, delay: 0 }}", "equip": "{ robotaxi: 1.0 }"}).radio
    assert radio is not None
    assert RADIO[model].delay(told(radio)) == (0.0, 0.0)
    own = load(CORRIDOR, {"radio": f"{{ model: {model} }}", "equip": "{ robotaxi: 1.0 }"}).radio
    assert own is not None
    assert RADIO[model].delay(told(own))[1] > 0.0
