"""Speed limit: keeps drivers to the limit of the lane where MAP tells it, and to those for a time that RSI tells of.

MAP acts each step in the compiled loop; machines keep the limit of their lane anyhow. A MAP that is out of date tells
the limit of then. A limit by RSI holds until the time that was told as its end.

Source: T/CSAE 53-2020, speed limit warning, from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.apps import APPS, App, Needs, Setting, compliance
from sim.engine.post import tell_signs
from sim.engine.simulation import Process
from sim.engine.station import Station
from sim.engine.told import SIGNAGE
from sim.state.roadside import LIMIT

NAME = "speed_limit"


def run(station: Station, settings: Mapping[str, float]) -> Process:
    """Keep to a limit told by RSI, once one has had one's time to react."""
    while station.unit:
        sign = yield station.hear("rsi", about=SIGNAGE)
        if sign.what == LIMIT and station.unit.heeds(NAME):
            yield station.clock.wait(station.heard_at + station.unit.reaction - station.clock.now)
            station.unit.slow_down(replace(sign, about=NAME))


APPS.named(NAME)(
    App(
        title="keeps drivers to the limits that MAP and RSI tell (SLW)",
        needs=Needs("map", 1.0, 0.5, 300.0, beside=(Needs("rsi", 1.0, 0.5, 300.0, topic=SIGNAGE),)),
        settings={
            "lifetime": Setting(3.0, "time", 0.1, 60.0, "age up to which MAP is believed", "none", "assumed"),
            "compliance": compliance(),
        },
        run=run,
        tell=tell_signs,
        topic=SIGNAGE,
    )
)
