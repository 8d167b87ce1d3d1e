"""Add a roadside unit at a junction, with or without sensing.

Source: cost from domain section 6: roadside ¥ 1 to 2 M a kilometre (checked), one unit and its sensors a junction.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register

#: What sensors cost beside the unit [yuan]. Source: domain section 6, roadside ¥ 1 to 2 M a kilometre (checked).
SENSORS = 1e6


@register
class AddRsu(Operation):
    """A junction has a roadside unit; where there is a radio, it says what such units say.

    Args:
        at: junction.
        sensing: whether a camera and a radar come with it: the unit tells what it sees (RSM).
    """

    typical: ClassVar[Value] = Value(1e6, "yuan", "roadside equipment, a kilometre; domain section 6", "verified")

    do: Literal["add_rsu"]
    at: str
    sensing: bool = False

    @property
    def price(self) -> float:
        """Investment [yuan]: with sensing the upper end of what is known."""
        return super().price + (0.0 if self.cost is not None or not self.sensing else SENSORS)

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
            equip["junctions"] = [*(x for x in equip.get("junctions", ()) if x != self.at), self.at]
            if self.sensing:
                known = equip.get("sensors", ())
                equip["sensors"] = [*(x for x in known if x.get("junction") != self.at), {"junction": self.at}]
