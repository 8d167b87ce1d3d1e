"""Intersection collision warning: does not enter before somebody hidden by a building who has priority.

Acts each step in the compiled loop. Who must give way and does not see far enough up the road knows of others only what
he has heard of themselves (BSM) or of the roadside's sensors (RSM): he takes them to be where that says, and waits for
objects that are nobody, too, people from their time to react on. Nobody can be where he looks and sees nobody.

Source: T/CSAE 53-2020, intersection collision warning, from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("intersection_collision")(
    App(
        title="does not enter before somebody whom a building hides (ICW)",
        needs=Needs("bsm", 10.0, 0.1, 150.0, instead=(Needs("rsm", 10.0, 0.1, 150.0),)),
        settings={
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
