"""Cooperative adaptive cruise control: a short time gap while the leader's messages are fresh, else as ACC.

Part of cards that drive by the model `cacc`: it runs wherever one of them is equipped, and acts each step in the loop.

Source: laws of Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001; what counts as fresh is assumed.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting

_FRESH = "five messages at 10 Hz; no source"

APPS.named("cacc")(
    App(
        title="keeps a short time gap while the leader is heard (CACC)",
        needs=Needs("bsm", 10.0, 0.1, 150.0, "as of a safety application on BSM; assumed"),
        settings={
            "lifetime": Setting(0.5, "time", 0.05, 10.0, "age up to which the leader's BSM is fresh", _FRESH, "assumed")
        },
        built_in=True,
    )
)
