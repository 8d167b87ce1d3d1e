"""Left-turn assist: does not turn left before somebody who was heard to come towards it too soon.

Acts each step in the compiled loop, beside the driver's own choice of gaps, which it never widens. People act on a
warning that has stood for their time to react.

Source: T/CSAE 53-2020, left turn assist, from memory; model in `sim.models.advice.left_turn`.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_PET = "post-encroachment time of a conflict, as SUMO counts it"

APPS.named("left_turn_assist")(
    App(
        title="does not turn left before somebody who is heard to come too soon (LTA)",
        needs=Needs("bsm", 10.0, 0.1, 150.0, instead=(Needs("rsm", 10.0, 0.1, 150.0),)),
        settings={
            "margin": Setting(2.0, "time", 0.0, 20.0, "from being gone to his coming, at least", _PET, "memory"),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
