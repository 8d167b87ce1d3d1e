"""Emergency brake warning: brakes early when somebody further ahead on the lane says that he brakes hard.

Acts each step in the compiled loop: brakes evenly, no harder than comfortable, so as to stop behind who brakes to a
stand; people after their time to react.

Source: hard braking is more than 0.4 g by SAE J2945/1 (3.92 m/s2), from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("emergency_brake")(
    App(
        title="brakes early when somebody ahead says that he brakes hard (EBW)",
        needs=Needs("bsm", 10.0, 0.1, 150.0),
        settings={
            "range": Setting(150.0, "length", 10.0, 500.0, "how far ahead it matters", "T/CSAE 53-2020", "memory"),
            "threshold": Setting(3.92, "acceleration", 0.5, 9.0, "braking that is hard", "SAE J2945/1", "memory"),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(1.0),
        },
    )
)
