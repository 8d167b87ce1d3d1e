"""Blind-spot and lane-change warning: does not change lanes in front of somebody who was heard there.

Acts in the compiled loop when a driver is about to change lanes; not where the route leaves no way to wait any more.
People have taken in what was lit their time to react ago.

Source: T/CSAE 53-2020, blind spot and lane change warning; ISO 17387 for its zones; both from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_ISO = "ISO 17387: 2.5 to 3.5 s"

APPS.named("lane_change_warning")(
    App(
        title="does not change lanes in front of somebody who is heard there (BSW, LCW)",
        needs=Needs("bsm", 10.0, 0.1, 150.0),
        settings={
            "ttc": Setting(3.5, "time", 0.0, 20.0, "time to collision below which it warns", _ISO, "memory"),
            "beside": Setting(3.0, "length", 0.0, 50.0, "behind the own rear", "ISO 17387", "memory"),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
