"""Map importers: one format a file (or folder), each with one function from a path to a `Network`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.errors import Fault, NetworkError
from sim.park.network import Network
from sim.park.order import in_order
from sim.registry import Registry

#: Format name -> function that reads it.
IMPORTERS: Registry[Callable[..., Network]] = Registry("map importer")
#: How a file name ends -> format name.
ENDINGS = {".net.xml": "sumo_net", ".net.xml.gz": "sumo_net", ".geojson": "geojson", ".json": "geojson"}
#: Formats that have a place here and no reader yet.
ROUND = {"OpenStreetMap": "netconvert --osm-files", "OpenDRIVE": "netconvert --opendrive-files"}
LATER = {".osm": "OpenStreetMap", ".osm.xml": "OpenStreetMap", ".pbf": "OpenStreetMap", ".xodr": "OpenDRIVE"}


def read_map(path: Path, collection: Any = None) -> Network:
    """The road network in a file of any format that is known, told by how its name ends.

    Args:
        path: of the map.
        collection: GeoJSON as plain data that was made of a map of ours, to be read instead of the file.

    Raises:
        NetworkError: the format is not known, or the file has faults.
    """
    IMPORTERS.discover(sys.modules[__name__])
    if collection is not None:
        return in_order(IMPORTERS["geojson"](path, collection=collection))
    for ending, form in ENDINGS.items():
        if path.name.endswith(ending) and form in IMPORTERS:
            return in_order(IMPORTERS[form](path))
    known = ", ".join(ending for ending, form in ENDINGS.items() if form in IMPORTERS)
    for ending, form in LATER.items():
        if path.name.endswith(ending):
            line = f"{ROUND[form]} {path.name} -o {path.name.split('.')[0]}.net.xml"
            cure = f"turn it into a SUMO net by `{line}`, which can be read and imported"
            raise NetworkError(faults=[Fault(str(path), f"{form} cannot be read yet", f"{cure}; readable are {known}")])
    raise NetworkError(faults=[Fault(str(path), "the format of this map is not known", f"readable are {known}")])
