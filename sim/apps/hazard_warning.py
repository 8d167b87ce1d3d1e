"""Hazard and work-zone warning: the roadside tells of a blocked lane, and who hears it comes there slowly.

Source: T/CSAE 53-2020, hazardous location warning, from memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.apps import APPS, App, Needs, Setting, compliance
from sim.engine.simulation import Process
from sim.engine.station import Station
from sim.engine.told import Found, Told

NAME = "hazard_warning"
NEEDS = Needs("rsi", 5.0, 0.1, 300.0, topic=NAME)
PERIOD = 1.0  #: [s] between two looks at what is known.


def run(station: Station, settings: Mapping[str, float]) -> Process:
    """Slow down for a hazard told by the roadside."""
    while station.unit:
        hazard = yield station.hear("rsi", about=NAME)
        if station.unit.heeds(NAME):
            yield station.clock.wait(station.unit.reaction)
            station.unit.slow_down(hazard)


def tell(station: Station, settings: Mapping[str, float]) -> Process:
    """Tell of incidents within reach, one a lane, from when they are known until they are over."""
    known: list[tuple[float, Found]] = []  # from when on [s], and where

    def note(kind: str, place: Found) -> None:
        if kind == "incident_begin":
            known.append((station.clock.now + settings["delay"], place))
        else:
            known.remove(next(x for x in known if x[1] == place))

    station.watch(("incident_begin", "incident_end"), settings["reach"], note)
    told: dict[int, Found] = {}
    while True:
        yield station.clock.wait(PERIOD)
        latest = {place.lane: place for time, place in known if time <= station.clock.now}
        for lane in [x for x in told if x not in latest]:
            station.hush("rsi", NAME, lane)
            del told[lane]
        for lane, place in latest.items():
            begin, end = max(0.0, place.position - settings["before"]), place.position + settings["after"]
            if told.get(lane) != place and station.say(
                "rsi", Told(NAME, lane, begin, end, settings["speed"]), NEEDS.rate
            ):
                told[lane] = place


APPS.named(NAME)(
    App(
        title="comes slowly to a hazard or a work zone told by the roadside (HLW)",
        needs=NEEDS,
        settings={
            "speed": Setting(8.3, "speed", 1.0, 40.0, "advised at the hazard", "30 km/h; no source", "assumed"),
            "before": Setting(60.0, "length", 0.0, 1000.0, "how far before it one is slow", "none", "assumed"),
            "after": Setting(20.0, "length", 0.0, 1000.0, "how far behind it", "none", "assumed"),
            "reach": Setting(500.0, "length", 10.0, 5000.0, "how far a unit tells of", "none", "assumed"),
            "delay": Setting(10.0, "time", 0.1, 3600.0, "until it is known at the roadside", "none", "assumed"),
            "compliance": compliance(),
        },
        run=run,
        tell=tell,
    )
)
