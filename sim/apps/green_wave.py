"""Green wave: drives so as to meet a green light, knowing only the SPAT and MAP that it has heard (GLOSA).

Acts each step in the compiled loop, on people after their time to react; says nothing where an actuated signal leaves
the begin of green uncertain.

Source: least speed and factor as of SUMO's device.glosa; model in `sim.models.advice.green_wave`.
"""

from __future__ import annotations

from sim.apps import APPS, GROUPS, App, Needs, Setting, compliance

_GLOSA = "Eclipse SUMO, device.glosa"
_HEARD = "as far as SPAT is heard; SUMO has 100 m, which at 50 km/h is 7 s and saves nothing"

APPS.named("green_wave")(
    App(
        title="drives so as to meet a green light (GLOSA)",
        needs=Needs("spat", 2.0, 0.2, 150.0, beside=(GROUPS,)),
        settings={
            "range": Setting(300.0, "length", 1.0, 2000.0, "to the line, within which it advises", _HEARD, "assumed"),
            "minimum": Setting(5.0, "speed", 0.5, 50.0, "slowest advice", _GLOSA, "verified"),
            "factor": Setting(1.1, "number", 0.5, 1.5, "fastest advice over the limit", _GLOSA, "verified"),
            "margin": Setting(3.0, "time", 0.0, 30.0, "at the line so long after green begins", "no source", "assumed"),
            "lifetime": Setting(1.0, "time", 0.05, 60.0, "age up to which SPAT is believed", "no source", "assumed"),
            "compliance": compliance(),
        },
    )
)
