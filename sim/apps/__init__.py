"""Cooperative applications, one a file: what they need of the radio, their settings, and what they do.

An application that acts each step does so in the compiled loop (`sim.kernel.heed`, by the name and settings told here);
one that acts when something happens is a generator `run(station, settings)` that hears, says and advises through its
station's façade, never through the simulator.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from sim.engine.post import Programme, Run, post
from sim.engine.simulation import Service
from sim.pilot import Pilot
from sim.provenance import Standing
from sim.registry import Registry


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that an application can be told.

    Args:
        amount: by default, in SI.
        dimension: one of `sim.units.DIMENSIONS`.
        low: least amount.
        high: greatest amount.
    """

    amount: float
    dimension: str
    low: float
    high: float
    meaning: str
    source: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Needs:
    """What an application needs of the radio.

    Args:
        message: whose delivery counts.
        rate: messages heard of a sender [1/s].
        latency: that all but a twentieth must keep [s].
        range: at which nine of ten messages must arrive [m].
        topic: only those of them count that tell of this, one of `sim.engine.kinds.TOPICS`; empty: all do.
        grouped: only messages that tell groups of signals count.
        beside: what it cannot do without, too; what tells of a topic only where there is something to tell.
        instead: what does in its place.
    """

    message: str
    rate: float
    latency: float
    range: float
    source: str = "T/CSAE 53-2020, from memory"
    topic: str = ""
    grouped: bool = False
    beside: tuple[Needs, ...] = ()
    instead: tuple[Needs, ...] = ()


#: MAP where it is needed for the groups of a signal.
GROUPS = Needs("map", 1.0, 0.5, 150.0, "T/CSAE 53-2020, as speed limits need it; from memory", grouped=True)


@dataclass(frozen=True, slots=True)
class App:
    """A cooperative application.

    Args:
        built_in: part of a card: it runs wherever somebody equipped drives by it, named or not.
        run: what it does in a vehicle when an event message is heard.
        tell: what it does at the roadside.
        topic: application of whose messages it wants to hear, if not its own.
    """

    title: str
    needs: Needs
    settings: dict[str, Setting]
    built_in: bool = False
    run: Run | None = None
    tell: Run | None = None
    topic: str = ""


APPS: Registry[App] = Registry("application")


def compliance(amount: float = 0.8) -> Setting:
    """Share of the equipped people who do what they are advised."""
    meaning = "share of equipped people who do as advised; machines always do"
    return Setting(amount, "share", 0.0, 1.0, meaning, "no source: depends on people and display", "assumed")


def settings_of(name: str, **own: float) -> dict[str, float]:
    """All settings of an application, some of them one's own.

    Raises:
        UnknownName: there is no such application.
        KeyError: it has no such setting.
    """
    known = {key: x.amount for key, x in APPS[name].settings.items()}
    for key, amount in own.items():
        known[key]
        known[key] = amount
    return known


def applications(pilot: Pilot) -> list[Service]:
    """Services that run the applications of a pilot that act when something happens."""
    apps = {name: APPS[name] for name in pilot.apps}
    programmes = {x: Programme(pilot.apps[x], app.run, app.tell, app.topic or x) for x, app in apps.items()}
    return [post(programmes)] if any(x.run or x.tell for x in programmes.values()) else []


def unchecked(apps: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    """Every default that the applications of a run were left with and that has no checked source."""
    told = []
    for name, settings in apps.items():
        for key, x in APPS[name].settings.items():
            if settings.get(key) == x.amount and x.standing in ("assumed", "memory"):
                entry = {"app": name, "parameter": key, "amount": x.amount, "unit": x.dimension}
                told.append(entry | {"source": x.source, "standing": x.standing})
    return told


APPS.discover(sys.modules[__name__])
