"""Vulnerable road user: who would not have let somebody on foot cross is warned of him, and does.

Acts each step in the compiled loop. A driver knows of people on foot what a sensor at the junction tells (RSM) or what
they say of themselves (PSM); machines let people cross anyhow.

Source: T/CSAE 53-2020, vulnerable road user collision warning, from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_ON_FOOT = "as often as people on foot say where they are; assumed"

APPS.named("vulnerable_road_user")(
    App(
        title="lets people on foot cross of whom it is warned (VRUCW)",
        needs=Needs("rsm", 10.0, 0.1, 150.0, instead=(Needs("psm", 1.0, 0.1, 150.0, _ON_FOOT),)),
        settings={
            "lifetime": Setting(1.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(),
        },
    )
)
