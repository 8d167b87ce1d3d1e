"""Cooperative intersection passage: a roadside unit orders who goes when over a junction, and vehicles keep to it.

Acts in the compiled loop. Within `range` of a junction without a signal whose unit they hear (MAP), vehicles say VIR:
at which line, when they would be there, how fast, and when they are over. The unit knows nothing else. It keeps to the
right of way, and asks who has it to come a little later only where somebody who gives way gains more time by that than
those lose who wait. It says RSC: who is not to be at his line before when. Who acts on it slows down gently in time,
and says so; who gives way goes before those whom he has heard to keep to a time at which he is gone, as far as they
need no hard braking for that. Before all others, and without messages, everybody goes by his own choice of gaps.

Source: T/CSAE 157-2020, cooperative intersection passing, from memory; law in `sim.models.advice.passage`.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_PET = "post-encroachment time of a conflict (SSAM: 1.5 s and less are severe)"

APPS.named("cooperative_intersection")(
    App(
        title="passes a junction without a signal as its roadside unit orders (CIP)",
        needs=Needs("rsc", 10.0, 0.1, 150.0, "latency and range as of a safety application on BSM; assumed"),
        settings={
            "range": Setting(200.0, "length", 20.0, 1000.0, "to the line, within which it acts", "none", "assumed"),
            "margin": Setting(
                1.5, "time", 0.0, 8.0, "between one's being gone and the next one's coming", _PET, "memory"
            ),
            "gap": Setting(1.5, "time", 0.2, 8.0, "behind who merges", "time gap usual on roads", "assumed"),
            "braking": Setting(1.0, "acceleration", 0.1, 4.0, "hardest, to come no sooner", "gentle", "assumed"),
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(),
        },
    )
)
