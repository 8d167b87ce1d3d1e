"""Speed limit: keeps drivers to the limit of the lane where MAP tells it.

Acts each step in the compiled loop; machines keep the limit anyhow. A MAP that is out of date tells the limit of then.

Source: T/CSAE 53-2020, speed limit warning, from memory.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

APPS.named("speed_limit")(
    App(
        title="keeps drivers to the limit where MAP tells it (SLW)",
        needs=Needs("map", 1.0, 0.5, 300.0),
        settings={
            "lifetime": Setting(3.0, "time", 0.1, 60.0, "age up to which MAP is believed", "none", "assumed"),
            "compliance": compliance(),
        },
    )
)
