"""Map importers: one format a file (or folder), each with one function from a path to a `Network`."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import kept
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


#: What makes a network of a map: sources and packages. Whoever edits one reads all maps anew.
_ROOMS = ("park", "errors.py", "findings.py", "provenance.py", "registry.py", "units.py")
_PACKAGES = ("numpy", "pyproj", "shapely")


def _kept(form: str, path: Path, collection: Any) -> Network:
    """The network of a map, as it was read before if nothing has changed; faults are always found anew."""
    try:
        told = path.read_bytes() if collection is None else json.dumps(collection).encode()
    except (OSError, TypeError, ValueError):
        return read_anew(form, path, collection)  # which says what is wrong
    name = kept.digest(kept.stamp(_ROOMS, _PACKAGES), form, str(path), str(collection is None), told)
    data = kept.find("maps", name)
    if data is not None:
        return pickle.loads(data)
    network = read_anew(form, path, collection)
    kept.keep("maps", name, pickle.dumps(network, 5))
    return network


def read_anew(form: str, path: Path, collection: Any = None) -> Network:
    """The network of a map in a known format, read whole, whatever was kept of it.

    Args:
        form: name of the format.
        path: of the map.
        collection: GeoJSON as plain data, to be read instead of the file.

    Raises:
        NetworkError: the file has faults.
    """
    IMPORTERS.discover(sys.modules[__name__])
    return in_order(IMPORTERS[form](path) if collection is None else IMPORTERS[form](path, collection=collection))


def read_map(path: Path, collection: Any = None) -> Network:
    """The road network in a file of any format that is known, told by how its name ends.

    Args:
        path: of the map.
        collection: GeoJSON as plain data that was made of a map of ours, to be read instead of the file.

    Raises:
        NetworkError: the format is not known, or the file has faults.
    """
    form = "geojson" if collection is not None else next((x for y, x in ENDINGS.items() if path.name.endswith(y)), "")
    if form:
        return _kept(form, path, collection)
    known = ", ".join(ENDINGS)
    for ending, form in LATER.items():
        if path.name.endswith(ending):
            line = f"{ROUND[form]} {path.name} -o {path.name.split('.')[0]}.net.xml"
            cure = f"turn it into a SUMO net by `{line}`, which can be read and imported"
            raise NetworkError(faults=[Fault(str(path), f"{form} cannot be read yet", f"{cure}; readable are {known}")])
    raise NetworkError(faults=[Fault(str(path), "the format of this map is not known", f"readable are {known}")])
