"""Cooperative lane change: who needs a gap on the lane beside asks for it by radio, and who hears it opens one.

Acts in the compiled loop. A driver whose route needs the change and who finds no gap says VIR until he has it; who
drives behind the place on that lane, has heard it and does not let people in of himself (`cooperative` of a card is 0)
opens a gap like one who does: machines at once, people after their time to react.

Source: T/CSAE 157-2020, cooperative lane change, from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("cooperative_lane_change")(
    App(
        title="opens a gap for somebody beside who is heard to ask for it (CLC)",
        needs=Needs("vir", 10.0, 0.1, 150.0, "latency and range as of a safety application on BSM; assumed"),
        settings={
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a request is believed", "none", "assumed"),
            "compliance": compliance(),
        },
    )
)
