"""Red-light violation warning: who would run a red light stops once he has heard that it is red.

Acts each step in the compiled loop on the SPAT heard, for drivers who do not wait at red (`compliance` of an own card);
people act after their time to react.

Source: T/CSAE 53-2020, signal violation warning, from memory.
"""

from __future__ import annotations

from sim.apps import APPS, GROUPS, App, Needs, Setting, compliance

APPS.named("red_light_violation")(
    App(
        title="stops who would run a red light of which he has heard (RLVW)",
        needs=Needs("spat", 10.0, 0.1, 150.0, beside=(GROUPS,)),
        settings={
            "range": Setting(
                150.0, "length", 10.0, 1000.0, "to the line, within which it warns", "T/CSAE 53-2020", "memory"
            ),
            "lifetime": Setting(1.0, "time", 0.05, 10.0, "age up to which SPAT is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
