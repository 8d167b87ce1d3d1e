"""In-vehicle signage: the roadside tells of signs that hold near it, and who hears it keeps to them, seen or not.

A limit is kept as it is told, and lanes are changed for the route only where one is told to keep one's own. A sign
holds for who has heard of it until the time that was told as its end.

Source: T/CSAE 53-2020, in-vehicle signage, from memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.apps import APPS, App, Needs, Setting, compliance
from sim.engine.post import NEAR, OFTEN_SIGNS, tell_signs
from sim.engine.simulation import Process
from sim.engine.station import Station

NAME = "signage"


def run(station: Station, settings: Mapping[str, float]) -> Process:
    """Keep to a sign told by the roadside, once one has had one's time to react."""
    while station.unit:
        sign = yield station.hear("rsi", about=NAME)
        if station.unit.heeds(NAME):
            yield station.clock.wait(station.heard_at + station.unit.reaction - station.clock.now)
            station.unit.slow_down(sign)


APPS.named(NAME)(
    App(
        title="keeps to signs told by the roadside, such as limits for a time (IVS)",
        needs=Needs("rsi", OFTEN_SIGNS, 0.5, 150.0, topic=NAME),
        settings={
            "reach": Setting(NEAR, "length", 10.0, 5000.0, "how far a unit tells of", "none", "assumed"),
            "compliance": compliance(),
        },
        run=run,
        tell=tell_signs,
    )
)
