"""Applications that a scenario names and that can advise nobody in it: no fault, but told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.park.network import Network
from sim.scenario.document import Document
from sim.scenario.schema import Scenario
from sim.traffic.card import Card
from sim.traffic.cards import CARDS

_UNIT = "a roadside unit, such as equip: { junctions: [...] }"
_LIGHT = "a roadside unit at a signal in equip.junctions"
#: Applications that roadside units speak for.
_BY_UNITS = ("hazard_warning", "jam_ahead", "signage", "speed_limit")
#: Applications that live by what roadside units tell of lights.
_BY_LIGHTS = ("emergency_vehicle", "green_wave", "red_light_violation")


def idle_apps(scenario: Scenario, said: Document, park: Network) -> Iterator[str]:
    """Every application named that nothing in the scenario lets begin, with what it wants."""
    if scenario.radio is None or not any(scenario.equip.equipment().shares.values()):
        return  # told of all applications at once; and where a share is said to be 0, it is meant so
    for name, wanted in _wanted(scenario, park).items():
        if name in scenario.apps and wanted:
            yield f"{said.where(('apps',))}: {name} has no effect: it wants {wanted}"


def _wanted(scenario: Scenario, park: Network) -> dict[str, str]:
    """What each application lacks here; empty if nothing."""
    cards: Mapping[str, Card] = {x: CARDS[x] for x in CARDS.names()}
    cards = {**cards, **{name: x.card(name) for name, x in scenario.traffic.own_cards.items()}}
    equip = scenario.equip.equipment()
    riding = [cards[name] for name, share in equip.shares.items() if share > 0.0 and name in cards]
    with_signal = {park.junctions[x.junction].id for x in park.connections if x.signal >= 0}
    lights, others = with_signal & {*equip.junctions}, {*equip.junctions} - with_signal
    told = dict.fromkeys(_BY_UNITS, "" if equip.junctions else _UNIT)
    told |= dict.fromkeys(_BY_LIGHTS, "" if lights else _LIGHT)
    if lights and not any(x.vehicle_class == "emergency" for x in riding):
        told["emergency_vehicle"] = "an equipped card of the class emergency, such as ambulance: 1.0"
    if not any(x.car_following == "cacc" for x in riding):
        told["platoon"] = "equipped cards that drive by cacc, such as cacc_car: 1.0"
    if not others:
        told["cooperative_intersection"] = "a roadside unit at a junction without a signal in equip.junctions"
    if not scenario.traffic.pedestrians:
        told["vulnerable_road_user"] = "people on foot, such as traffic.pedestrians"
    return told
