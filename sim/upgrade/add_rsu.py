"""Add a roadside unit at a junction, with or without sensing.

Source: cost from domain section 6: roadside ¥ 1 to 2 M a kilometre (checked), one unit and its sensors a junction.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class AddRsu(Operation):
    """A junction has a roadside unit; where there is a radio, it says what such units say.

    Args:
        at: junction.
        sensing: whether a camera and a radar come with it.
    """

    typical: ClassVar[Value] = Value(1e6, "yuan", "roadside equipment, a kilometre; domain section 6", "verified")

    do: Literal["add_rsu"]
    at: str
    sensing: bool = False

    def change(self, site: Site, who: str) -> None:
        """Put it up."""
        place = site.point("junction", self.at)
        there = [x for x in site.features("roadside").values() if x.get("junction") == self.at and x["type"] == "rsu"]
        if there:
            raise UpgradeError(f"junction {self.at} has a roadside unit already: {there[0]['id']}")
        for kind in ("rsu", "camera", "radar") if self.sensing else ("rsu",):
            told = {"kind": "roadside", "id": f"{kind}_{self.at}", "type": kind, "junction": self.at}
            site.add(told, place, who)
        if "radio" in site.scenario:
            equip = site.scenario.setdefault("equip", {})
            equip["junctions"] = [*equip.get("junctions", ()), self.at]
