"""Emergency vehicle: a unit that hears one come gives its approach green early or holds it, then goes back.

The unit knows of it what its messages tell: class, lane, place and speed. Nothing is done for whom it does not hear.
Equipped drivers who hear it come from behind on their lane leave it, where there is another lane that leads on.

Source: T/CSAE 53-2020, emergency vehicle warning, from memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.apps import APPS, App, Needs, Setting, compliance
from sim.engine.listening import Heard
from sim.engine.simulation import Process
from sim.engine.station import Station

NAME = "emergency_vehicle"


def tell(station: Station, settings: Mapping[str, float]) -> Process:
    """Look who on call is heard to come, serve the one nearest to the line, and go back into the programme."""
    streams = station.streams_of("emergency")
    if not len(streams) or station.signal is None:
        return
    served: set[int] = set()
    begun: dict[int, float] = {}
    while True:
        yield station.clock.wait(settings["period"])
        coming = {x.departure: x for x in station.heard_of(streams, settings["lifetime"])}
        coming = {who: x for who, x in coming.items() if station.signal.leads_here(x.lane)}
        left = {who: station.length_of(x.lane) - x.position for who, x in coming.items()}
        near = [who for who in sorted(left, key=lambda who: (left[who], who)) if left[who] <= settings["range"]]
        near = [who for who in near if station.clock.now - begun.get(who, station.clock.now) <= settings["patience"]]
        if not near:
            station.signal.recover(settings["least_green"])
            continue
        first: Heard = coming[near[0]]
        begun.setdefault(first.departure, station.clock.now)
        if first.departure not in served:
            served.add(first.departure)
            station.note(NAME, first)
        station.signal.serve(first.lane, settings["least_green"])


APPS.named(NAME)(
    App(
        title="gives an emergency vehicle that is heard to come green early, and makes way for it (EVW)",
        needs=Needs("bsm", 10.0, 0.1, 300.0),
        settings={
            "range": Setting(
                300.0, "length", 10.0, 1000.0, "to the line, within which it is served", "none", "assumed"
            ),
            "lifetime": Setting(1.0, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "least_green": Setting(
                7.0, "time", 3.0, 60.0, "others keep, unless the signal has its own", "none", "assumed"
            ),
            "patience": Setting(90.0, "time", 5.0, 600.0, "for which one is served at a signal", "none", "assumed"),
            "behind": Setting(100.0, "length", 5.0, 500.0, "up to which it is made way for", "none", "assumed"),
            "compliance": compliance(),
            "period": Setting(0.5, "time", 0.1, 1.5, "between two looks", "no source", "assumed"),
        },
        tell=tell,
    )
)
