"""SUMO's car-following models as ours, with the parameters of the file.

`ACC` is the gap mode and speed mode of our `acc`; its modes of closing a gap and of avoiding collisions are our braking
curve. `CACC` is our `cacc`, connected as in SUMO with whoever ahead drives by CACC, without a radio; its gains are a
step of 0.1 s, ours a second. Both of ours keep no minimum gap when fast. `W99` is our `wiedemann_99` without its random
part; `cc9` is taken as documented (SUMO 1.28 accelerates by `cc8` at every speed). Others have no model here.

Source: SUMO documentation, Definition_of_Vehicles,_Vehicle_Types,_and_Routes, section Car-Following Models, and Car-
Following-Models/ACC, CACC; defaults as in Eclipse SUMO's MSCFModel_ACC, MSCFModel_CACC, MSCFModel_W99.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.park.xml import Document, Node
from sim.provenance import Value
from sim.registry import near

KNOWN = frozenset((
    "Krauss", "KraussOrig1", "KraussPS", "KraussX", "SmartSK", "Daniel1", "IDM", "IDMM", "EIDM", "PWagner2009",
    "BKerner", "Wiedemann", "W99", "Rail", "ACC", "CACC", "CC",
))  # fmt: skip
#: Models that are the same here.
EXACT = frozenset(("Krauss", "IDM"))
#: Nearest model that the program has, else `krauss`.
OURS = {"IDM": "idm", "IDMM": "idm", "EIDM": "idm", "ACC": "acc", "CACC": "cacc", "W99": "wiedemann_99"}
#: What is told of those that are nearly the same.
NEARLY = {
    "ACC": "taken as acc: its gap mode; closes gaps by a braking curve",
    "CACC": "taken as cacc, connected with whoever ahead drives by it; closes gaps by a braking curve",
    "W99": "taken as wiedemann_99, without its random part",
}


#: Attributes of all types that a model does not read: it has own ones.
UNREAD = {"W99": frozenset(("accel", "tau"))}


@dataclass(frozen=True, slots=True)
class Own:
    """An attribute of one model: our parameter [unit], how many of ours are one of SUMO's, its default, its limits."""

    name: str
    unit: str
    default: float
    scale: float = 1.0
    low: float = -math.inf
    high: float = math.inf


_ACC = {
    "speedControlGain": Own("cruise_control", "1/s", -0.4, -1.0, high=0.0),
    "gapControlGainSpace": Own("gap_control", "1/s2", 0.23, low=0.0),
    "gapControlGainSpeed": Own("closing_control", "1/s", 0.07, low=0.0),
}
OWN = {
    "ACC": _ACC,
    "CACC": {name: own for name, own in _ACC.items() if name != "speedControlGain"}
    | {
        "speedControlGainCACC": Own("cruise_control", "1/s", -0.4, -1.0, high=0.0),
        "gapControlGainGap": Own("error_control", "1/s2", 0.45, 10.0, low=0.0),
        "gapControlGainGapDot": Own("error_rate_control", "1/s", 0.0125, 10.0, low=0.0),
        "tauCACCToACC": Own("time_gap", "s", 1.0, low=0.0),
    },
    "W99": {
        "cc1": Own("cc1", "s", 1.3, low=0.0),
        "cc2": Own("cc2", "m", 8.0, low=0.0),
        "cc3": Own("cc3", "s", -12.0, high=0.0),
        "cc4": Own("cc4", "m/s", -0.25, high=0.0),
        "cc5": Own("cc5", "m/s", 0.35, low=0.0),
        "cc6": Own("cc6", "1e-4/(m s)", 6.0, low=0.0),
        "cc7": Own("cc7", "m/s2", 0.25, low=0.0),
        "cc8": Own("maximum_acceleration", "m/s2", 2.0, low=0.01),
        "cc9": Own("cc9", "m/s2", 1.5, low=0.0),
    },
}


def model_of(document: Document, node: Node, usual: str) -> str:
    """SUMO's name of a type's model; `usual`: if it says none. What is not the same here is told."""
    asked = canonical(node.text("carFollowModel") or usual)
    if asked not in KNOWN:
        document.fault(node, f'carFollowModel "{asked}" is not known', near(asked, KNOWN))
    if asked not in EXACT:
        taken = NEARLY.get(asked, f"taken as {ours(asked)}")
        document.left_aside[f"carFollowModel {asked} ({taken})"] += 1
    return asked


def canonical(asked: str) -> str:
    """A model's name as SUMO writes it, whatever its capitals."""
    return next((name for name in KNOWN if name.lower() == asked.lower().removeprefix("carfollowing-")), asked)


def own_of(document: Document, node: Node, model: str) -> dict[str, Value]:
    """What a type's file says of the parameters that only its model has, by our names."""
    for name in UNREAD.get(model, ()):
        if node.has(name):
            document.left_aside[f"attribute {name} of a <vType> by {model} (not read by SUMO either)"] += 1
    found: dict[str, Value] = {}
    for attribute, own in OWN.get(model, {}).items():
        if node.has(attribute):
            amount = document.number(node, attribute, None, own.low)
            if amount > own.high:
                document.fault(node, f'{attribute} is "{node.text(attribute)}"', f"wanted at most {own.high:g}")
            found[own.name] = Value(amount * own.scale, own.unit, document.path.name, "given")
    return found


def usual(model: str) -> dict[str, Value]:
    """SUMO's defaults of the parameters that only this model has, by our names."""
    source = f"defaults of SUMO's model {model}"
    return {x.name: Value(x.default * x.scale, x.unit, source, "verified") for x in OWN.get(model, {}).values()}


def shared(values: dict[str, Value], model: str) -> dict[str, Value]:
    """What parameters that all models of SUMO have, by our names, mean for ours of this one."""
    if ours(model) == "krauss":
        return {}
    exact = Value(0.0, "-", f"SUMO's model {model} has no imperfection", "verified")
    found = {"imperfection": exact}  # its drivers do not dawdle; the time gap is SUMO's tau
    if model == "CACC":
        told = Value(1.0, "-", "SUMO's model CACC needs no radio", "verified")
        return found | {"connected_time_gap": values["reaction_time"], "connected_by_model": told}
    return found if model == "W99" else found | {"time_gap": values["reaction_time"]}


def ours(model: str) -> str:
    """Our model that stands for one of SUMO's."""
    return OURS.get(model, "krauss")
