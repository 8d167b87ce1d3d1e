"""Deceleration to avoid the crash: hardest constant braking that one of the two needed at any time, at once (DRAC) and
after a reaction time (MDRAC, `rules.reaction`).

Source: Gettman, Head 2003, FHWA-RD-03-050; thresholds 3.0 m/s2 of SUMO's SSM device, 3.4 m/s2 of AASHTO's design
braking (A Policy on Geometric Design of Highways and Streets), which SUMO takes for MDRAC, too.
"""

from __future__ import annotations

from sim.metrics import METRICS, Columns, Encounters, Metric, Threshold


def measure(encounters: Encounters) -> Columns:
    """Columns of needed braking; inf where no braking would have been enough."""
    return {"drac_mps2": encounters["drac_mps2"], "mdrac_mps2": encounters["mdrac_mps2"]}


METRICS.named("deceleration_to_avoid")(
    Metric(
        {
            "drac_mps2": "[m/s2] hardest braking needed, at once",
            "mdrac_mps2": "[m/s2] hardest braking needed, after the reaction time; inf: no braking is enough",
        },
        measure,
        {
            "drac_3": Threshold("drac_mps2", 3.0, "SUMO", least=True),
            "drac_3_4": Threshold("drac_mps2", 3.4, "AASHTO", least=True),
            "mdrac_3_4": Threshold("mdrac_mps2", 3.4, "SUMO", least=True),
        },
    )
)
