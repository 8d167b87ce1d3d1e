"""Cooperative merge: who comes from a ramp or on a lane that ends says so, and who is on the main lane lets him in.

Acts in the compiled loop. Within `range` of the place where ways meet a driver who must merge says VIR: where, when he
expects to be there and how fast. Who drives on the main lane, has heard it and would come there shortly after him slows
down gently, as behind a vehicle that is already there: machines at once, people after their time to react.

Source: T/CSAE 157-2020, cooperative vehicle merge, from memory; law in `sim.models.advice.merge`.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("cooperative_merge")(
    App(
        title="lets in who is heard to come from a ramp or a lane that ends (CVM)",
        needs=Needs("vir", 10.0, 0.1, 200.0, "latency and range as of a safety application on BSM; assumed"),
        settings={
            "range": Setting(
                300.0, "length", 20.0, 1000.0, "to where ways meet, within which it acts", "none", "assumed"
            ),
            "gap": Setting(3.0, "time", 0.2, 8.0, "behind who merges: less than people wait for", "none", "assumed"),
            "braking": Setting(
                1.0, "acceleration", 0.1, 4.0, "hardest, to let somebody in", "LC2013 helps so", "assumed"
            ),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which an intention is believed", "none", "assumed"),
            "compliance": compliance(),
        },
    )
)
