"""Jam ahead: the roadside sees where a queue ends, and who hears it comes to its end slowly.

Source: T/CSAE 53-2020, traffic jam warning, from memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.apps import APPS, App, Needs, Setting, compliance
from sim.engine.simulation import Process
from sim.engine.station import Station
from sim.engine.told import Told

NAME = "jam_ahead"
NEEDS = Needs("rsi", 1.0, 0.5, 150.0, topic=NAME)


def run(station: Station, settings: Mapping[str, float]) -> Process:
    """Slow down for a jam told by the roadside."""
    while station.unit:
        jam = yield station.hear("rsi", about=NAME)
        if station.unit.heeds(NAME):
            yield station.clock.wait(station.unit.reaction)
            station.unit.slow_down(jam)


def tell(station: Station, settings: Mapping[str, float]) -> Process:
    """Look at the queues that lead here, and tell of those that are long enough, the longest first."""
    told: dict[int, float] = {}
    while True:
        yield station.clock.wait(settings["period"])
        tails = {lane: station.length_of(lane) - at for lane, at in station.queues(settings["reach"]).items()}
        tails = {lane: length for lane, length in tails.items() if length >= settings["length"]}
        for lane in [x for x in told if x not in tails]:
            station.hush("rsi", NAME, lane)
            del told[lane]
        for lane in sorted(tails, key=lambda lane: (-tails[lane], lane)):
            tail = station.length_of(lane) - tails[lane]
            if lane in told and abs(told[lane] - tail) < settings["moved"]:
                continue
            begin = max(0.0, tail - settings["before"])
            if station.say("rsi", Told(NAME, lane, begin, tail, settings["speed"]), NEEDS.rate):
                told[lane] = tail


APPS.named(NAME)(
    App(
        title="comes slowly to the end of a jam told by the roadside (TJW)",
        needs=NEEDS,
        settings={
            "speed": Setting(8.3, "speed", 1.0, 40.0, "advised at the end of the queue", "30 km/h; none", "assumed"),
            "length": Setting(100.0, "length", 5.0, 2000.0, "of a queue worth telling of", "none", "assumed"),
            "before": Setting(40.0, "length", 0.0, 500.0, "how far before its end one is slow", "none", "assumed"),
            "moved": Setting(25.0, "length", 1.0, 500.0, "way of its end worth telling of", "none", "assumed"),
            "reach": Setting(250.0, "length", 10.0, 2000.0, "how far cameras see", "none", "assumed"),
            "period": Setting(5.0, "time", 0.5, 600.0, "between two looks", "none", "assumed"),
            "compliance": compliance(),
        },
        run=run,
        tell=tell,
    )
)
