"""Time exposed and integrated time to collision: how long it was below `rules.exposure`, and how far, summed over time.

Source: Minderhoud, Bovy 2001, doi:10.1016/S0001-4575(00)00019-1.
"""

from __future__ import annotations

from sim.metrics import METRICS, Columns, Encounters, Metric


def measure(encounters: Encounters) -> Columns:
    """Columns of exposure."""
    return {"tet_s": encounters["tet_s"], "tit_s2": encounters["tit_s2"]}


METRICS.named("exposure")(
    Metric(
        {
            "tet_s": "[s] time with a time to collision below the threshold",
            "tit_s2": "[s2] threshold less time to collision, summed over that time",
        },
        measure,
        {},
    )
)
