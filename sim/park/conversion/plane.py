"""From the plane of a network to longitude and latitude."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.park.network import Network

_LOCAL = "+proj=tmerc +lat_0=0 +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m"
_DIGITS = 8  #: of a degree: about a millimetre


class Sphere:
    """Where on Earth a network lies; one that does not say it is laid about 0 N 0 E, and that is told in `notes`."""

    def __init__(self, network: Network) -> None:
        from pyproj import Transformer  # takes long

        points = np.concatenate([lane.shape for lane in network.lanes])
        middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
        self.notes: list[str] = []
        self._shift = np.array(network.offset)
        if not network.crs:
            self._shift = middle
            self.notes.append("The source has no projection: it is drawn about 0 N 0 E, which is no real place.")
        self._way = Transformer.from_crs(network.crs or _LOCAL, "EPSG:4326", always_xy=True)
        self.origin = self._degrees(middle[None])[0]

    def _degrees(self, points: np.ndarray) -> list[list[float]]:
        x, y = (points - self._shift).T
        longitude, latitude = self._way.transform(x, y)
        return np.round(np.stack((longitude, latitude), axis=1), _DIGITS).tolist()

    def feature(self, said: dict[str, Any], points: np.ndarray) -> dict[str, Any]:
        """A feature of a map of ours; one point, (1, 2) [m], or a line, (points, 2) [m]."""
        degrees = self._degrees(points)
        line = said["kind"] == "road"
        geometry = {"type": "LineString" if line else "Point", "coordinates": degrees if line else degrees[0]}
        return {"type": "Feature", "properties": said, "geometry": geometry}
