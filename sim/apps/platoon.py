"""Platoon: who drives by CACC joins the one ahead if he agrees, and keeps the short gap while the platoon is heard.

Acts in the compiled loop, for cards that drive by the model `cacc` (`cacc_car`, `cacc_truck`). They say CLPMM: who
leads their platoon, their place in it, whom they ask or let join. Who has one ahead within `range` asks him; if he
agrees he closes up and keeps the short gap of his card while both that one and the leader were heard within `lifetime`.
He leaves, and keeps the gap of ACC again, where his way parts within `leave`, where messages stop, where a stranger
cuts in, and where the platoon would be longer than `most`; after `hold` he asks again.

Source: T/CSAE 157-2020, platooning, from memory; law of the gap Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_CLOSE = "to close up where all drive at the limit"
_FRESH = "five messages at 10 Hz; no source"

APPS.named("platoon")(
    App(
        title="joins a platoon by agreement, keeps its short gap while it is heard, leaves it (CLPM)",
        needs=Needs("clpmm", 10.0, 0.025, 150.0, "TS 22.186: platooning 10 to 25 ms; range assumed"),
        settings={
            "range": Setting(100.0, "length", 5.0, 300.0, "gap up to which one asks to join", "none", "assumed"),
            "most": Setting(6.0, "count", 2.0, 32.0, "vehicles of a platoon at most", "none", "assumed"),
            "factor": Setting(1.05, "number", 1.0, 1.3, _CLOSE, "none", "assumed"),
            "leave": Setting(150.0, "length", 10.0, 2000.0, "before the own way parts", "none", "assumed"),
            "hold": Setting(3.0, "time", 0.0, 60.0, "from leaving a platoon to asking again", "none", "assumed"),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is fresh", _FRESH, "assumed"),
            "compliance": compliance(1.0),
        },
    )
)
