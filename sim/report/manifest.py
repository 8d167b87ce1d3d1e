"""Where a result comes from: everything one needs to have it again, and every number in it without a sure source."""

from __future__ import annotations

import os
import platform
from typing import Any

import numpy as np

from sim import expectation
from sim.apps import unchecked
from sim.engine.signs import COMPLIANCE
from sim.engine.zones import cells_of
from sim.models.mass import mass_of
from sim.pilot import End, Pilot, Radio
from sim.report.identity import PROGRAM, fingerprint, version
from sim.traffic.card import Card
from sim.traffic.demand import ParkDemand
from sim.traffic.departures import Demand, Departures
from sim.traffic.descriptions import DEFAULTS
from sim.traffic.takeover import Takeover, defaults_left
from sim.traffic.walkers import yield_rate

_PACKAGES = ("numpy", "numba", "simpy", "scipy", "shapely", "pyarrow", "pydantic", "ruamel.yaml")
_UNSURE = ("assumed", "memory")


def manifest(pilot: Pilot, departures: Departures, seed: int, command: str, started: str) -> dict[str, Any]:
    """What `manifest.json` holds.

    Args:
        command: as typed; empty if the run was started from Python.
        started: wall-clock time, ISO.
    """
    clock = pilot.clock
    return {
        PROGRAM: version(),
        "scenario": pilot.name,
        "scenario_sha256": fingerprint(pilot),
        "seed": seed,
        "step_s": clock.step,
        "begin_s": clock.begin,
        "end_s": clock.end if clock.end != float("inf") else None,
        "warm_up_s": clock.warm_up,
        "date": pilot.date or None,
        "inputs": pilot.inputs,
        "overrides": pilot.overrides,
        "operations": list(pilot.operations),
        "command": command or None,
        "started": started,
        "versions": {"python": platform.python_version()} | {x: y for x in _PACKAGES if (y := version(x))},
        "machine": _machine(),
        "map": {"name": pilot.park.name, "synthetic": pilot.park.synthetic},
        "assumed": [
            *assumed(departures.cards),
            *assumed_of_demand(pilot.demand),
            *assumed_of_takeover(pilot.takeover),
            *assumed_of_cells(pilot.radio),
            *(assumed_of_yielding(departures.cards) if pilot.park.walkways else ()),
            *assumed_of_masses(departures.cards),
            *unchecked(pilot.apps),
            *assumed_of_signs(pilot),
        ],
        "warnings": warnings(pilot, departures),
    }


def assumed(cards: tuple[Card, ...]) -> list[dict[str, Any]]:
    """Every value of the cards in use that has no checked source."""
    told = []
    for card in cards:
        for name, value in sorted(card.parameters.items()):
            if value.standing in _UNSURE:
                entry = {"amount": _finite(value.amount), "unit": value.unit}
                told.append(_entry(card, name) | entry | {"source": value.source, "standing": value.standing})
        factor = card.speed_factor
        if factor.standing in _UNSURE:
            entry = {"amount": factor.mean, "unit": "-", "deviation": factor.deviation}
            told.append(_entry(card, "speed_factor") | entry | {"source": factor.source, "standing": factor.standing})
    return told


def assumed_of_demand(demand: Demand) -> list[dict[str, Any]]:
    """Every default that a demand of ours was left with and that has no checked source."""
    if not isinstance(demand, ParkDemand):
        return []
    halts = [halt for line in demand.bus_lines for halt in line.halts]
    described = {"shift": demand.shifts, "freight": demand.freight, "bus_line": halts}
    told = []
    for name, value in DEFAULTS.items():
        kind, parameter = name.split(".")
        left = any(getattr(x, parameter) == value.amount for x in described[kind])
        if left and value.standing in _UNSURE:
            entry = {"demand": kind, "parameter": parameter, "amount": value.amount, "unit": value.unit}
            told.append(entry | {"source": value.source, "standing": value.standing})
    return told


def assumed_of_takeover(told: Takeover | None) -> list[dict[str, Any]]:
    """Defaults of take-over that have no checked source, where it is simulated."""
    return [
        {"demand": "takeover", "parameter": name, "amount": value.amount, "unit": value.unit}
        | {"source": value.source, "standing": value.standing}
        for name, value in (defaults_left(told) if told else ())
        if value.standing in _UNSURE
    ]


def assumed_of_cells(radio: Radio | None) -> list[dict[str, Any]]:
    """The longest wait for room in cells of the network that have a capacity and were left with the default."""
    ends = [x for cell in (cells_of(radio) if radio else ()) for x in (cell.up, cell.down)]
    if not any(x.capacity < float("inf") and x.buffer == End().buffer for x in ends):
        return []
    told = {"demand": "radio.cells", "parameter": "buffer", "amount": End().buffer, "unit": "s"}
    return [told | {"source": "delay budget of 5QI 79 (V2X messages); TS 23.501, table 5.7.4-1", "standing": "memory"}]


def assumed_of_yielding(cards: tuple[Card, ...]) -> list[dict[str, Any]]:
    """Shares who let people on foot cross, of the cards in use."""
    rates = [(card, yield_rate(card)) for card in cards if "yield_rate" not in card.parameters]
    return [
        _entry(card, "yield_rate")
        | {"amount": rate.amount, "unit": rate.unit, "source": rate.source, "standing": rate.standing}
        for card, rate in rates
        if rate.standing in _UNSURE
    ]


def assumed_of_masses(cards: tuple[Card, ...]) -> list[dict[str, Any]]:
    """Masses by which energy and delta-v are reckoned, of the cards in use."""
    masses = [(card, mass_of(card.vehicle_class)) for card in cards]
    return [
        _entry(card, "mass")
        | {"amount": mass.amount, "unit": mass.unit, "source": mass.source, "standing": mass.standing}
        for card, mass in masses
    ]


def assumed_of_signs(pilot: Pilot) -> list[dict[str, Any]]:
    """The share of people who keep to a sign that they see, where a sign tells none."""
    seen = [x.settings for x in pilot.occurrences if x.kind == "sign" and x.settings.get("board", True)]
    if all("compliance" in x for x in seen):
        return []
    told = {"demand": "sign", "parameter": "compliance", "amount": COMPLIANCE, "unit": "-"}
    return [told | {"source": "none: depends on place, time and enforcement", "standing": "assumed"}]


def warnings(pilot: Pilot, departures: Departures) -> list[str]:
    """What the user should know of the input, each once."""
    told = [*pilot.park.warnings, *pilot.warnings, *departures.warnings, *_not_driving(pilot, departures)]
    told += _not_met(pilot, departures)
    return list(dict.fromkeys(told))


def _not_driving(pilot: Pilot, departures: Departures) -> list[str]:
    """Cards that are equipped and of which nobody departs."""
    used = {departures.cards[rank].name for rank in np.unique(departures.card)}
    idle = [name for name, share in pilot.equip.shares.items() if share > 0.0 and name not in used]
    return [f"equip.{name}: has no effect: no {name} departs in this run" for name in idle] if pilot.radio else []


def _not_met(pilot: Pilot, departures: Departures) -> list[str]:
    """Expectations of cards of which nobody departs: their figures are not there."""
    used = {departures.cards[rank].name for rank in np.unique(departures.card)}
    names = [(name, expectation.resolve(name).split(".")) for name in pilot.expect]
    lost = [(name, x[2]) for name, x in names if x[:2] == ["vehicles", "by_card"] and x[2] not in used]
    return [f"expect.{name}: cannot hold: no {card} departs in this run" for name, card in lost]


def _entry(card: Card, parameter: str) -> dict[str, Any]:
    return {"card": card.name, "parameter": parameter}


def _finite(amount: float) -> float | None:
    return amount if abs(amount) != float("inf") else None


def _machine() -> dict[str, Any]:
    """Kind of machine, without its name."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
    }
