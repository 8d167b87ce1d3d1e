"""Our own maps: a GeoJSON that QGIS opens and edits, WGS 84, with centre lines of roads; lanes are built from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import Fault, NetworkError
from sim.park.building import build
from sim.park.check import check
from sim.park.importers import IMPORTERS
from sim.park.importers.geojson.drafting import draft_of, plane_of
from sim.park.importers.geojson.placing import furnished
from sim.park.importers.geojson.reading import source_of
from sim.park.network import Network

__all__ = ["read"]


def read(path: Path, include_planned: bool | Collection[str] = False, collection: Any = None) -> Network:
    """The network of a map of ours.

    Each feature says what it is by its property `kind`: road (LineString), junction, roadside, stop, place (Point),
    note (not read). What they may say is in `records`; null and names that begin with `_` are left aside. The member
    `pilotzone` beside `features` says name and origin, and whether the map is synthetic and drives on the left.

    Args:
        path: of the map.
        include_planned: whether planned roads are there too, or ids of those that are; half-width ones always are.
            Of half-width and half-planned roads one narrow, slow lane each way is built, on the half told by `half`.

        collection: the map as plain data, to be read instead of the file: an upgraded one.

    Raises:
        NetworkError: every fault of the file, or of what was built from it, by its ids.
    """
    source = source_of(path, collection)
    plane = plane_of(source)
    try:
        network = build(draft_of(source, plane, include_planned))
    except NetworkError as error:
        raise _of_file(path, error.faults) from None
    network = furnished(network, source, plane)
    faults = check(network)
    if faults:
        raise _of_file(path, faults)
    return network


def _of_file(path: Path, faults: Iterable[Fault]) -> NetworkError:
    """The faults with the file's name before the map's own ids."""
    named = [x if x.where.startswith(str(path)) else replace(x, where=f"{path}: {x.where}") for x in faults]
    return NetworkError(faults=named)


IMPORTERS.register(read)
