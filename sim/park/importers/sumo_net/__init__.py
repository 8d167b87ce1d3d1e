"""SUMO's road networks (`.net.xml`), read whole, and signal programmes from additional files.

Source: SUMO user documentation, Networks/SUMO_Road_Networks and Simulation/Traffic_Lights (eclipse.dev/sumo).
"""

from __future__ import annotations

from pathlib import Path

from sim.errors import NetworkError
from sim.park.importers import IMPORTERS
from sim.park.importers.sumo_net.links import Links
from sim.park.importers.sumo_net.right_of_way import conflicts
from sim.park.importers.sumo_net.roads import Roads
from sim.park.importers.sumo_net.signals import Programmes, signals
from sim.park.network import Network
from sim.park.xml import Document, Node

__all__ = ["read", "signals"]

#: Elements without a meaning for traffic here.
HARMLESS = frozenset(("type", "param", "prohibition"))


@IMPORTERS.register
def read(path: Path) -> Network:
    """The road network in a SUMO file: lanes, connections over internal lanes, right of way, conflicts, signals.

    Args:
        path: a `.net.xml`, or the same packed by gzip.

    Raises:
        NetworkError: the file is missing, broken off or no net; or it holds what cannot be driven, all faults at once.
    """
    document = Document(path, NetworkError)
    found: dict[str, list[Node]] = {
        tag: [] for tag in ("edge", "junction", "connection", "tlLogic", "roundabout", "location")
    }
    for node in document.elements("net"):
        if node.tag in found:
            found[node.tag].append(node)
        elif node.tag not in HARMLESS:
            document.left_aside[f"<{node.tag}> (not read)"] += 1
        elif any(child.tag == "restriction" for child in node.children):
            document.left_aside["speed restriction of a class in <type> (not obeyed)"] += 1
    roads = Roads(document, found["junction"], found["edge"], found["roundabout"])
    programmes = Programmes(document, found["tlLogic"])
    document.close()
    links = Links(document, roads, programmes, found["connection"])
    programmes.check_width(links.groups)
    document.close()
    crs, offset = _location(document, found["location"])
    pairs = conflicts(document, found["junction"], roads, links)
    document.close()
    root = document.root
    return Network(
        name=path.name.removesuffix(".gz").removesuffix(".net.xml"),
        junctions=tuple(roads.junctions),
        edges=tuple(roads.edges),
        lanes=tuple(roads.lanes),
        connections=tuple(links.connections),
        conflicts=pairs,
        signals=programmes.signals(),
        left_hand=root is not None and document.flag(root, "lefthand", False),
        crs=crs,
        offset=offset,
        warnings=document.warnings() + programmes.warnings(),
    )


def _location(document: Document, nodes: list[Node]) -> tuple[str, tuple[float, float]]:
    """How the plane's coordinates became of WGS 84: a PROJ string and what was added [m]."""
    if not nodes:
        return "", (0.0, 0.0)
    words = nodes[0].words("netOffset")
    try:
        x, y = (float(word) for word in words)
    except ValueError:
        document.fault(nodes[0], f'netOffset is "{nodes[0].text("netOffset")}"', "wanted two numbers")
        return "", (0.0, 0.0)
    projection = nodes[0].text("projParameter")
    return (projection if projection.startswith("+") else ""), (x, y)
