"""Forward collision warning: brakes early for somebody ahead of whom it has heard, where that takes much braking.

Acts each step in the compiled loop, for those ahead on the way, also behind the next junction: brakes evenly, no harder
than comfortable; people after their time to react. What is heard has neither the errors nor the delay of people's eyes.

Source: T/CSAE 53-2020, forward collision warning, from memory; model in `sim.models.advice.forward_collision`.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("forward_collision")(
    App(
        title="brakes early for somebody ahead of whom it has heard (FCW)",
        needs=Needs("bsm", 10.0, 0.1, 300.0),
        settings={
            "range": Setting(300.0, "length", 10.0, 1000.0, "how far ahead it matters", "T/CSAE 53-2020", "memory"),
            "threshold": Setting(
                1.5, "acceleration", 0.1, 9.0, "braking needed from which on it warns", "below comfortable", "assumed"
            ),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
