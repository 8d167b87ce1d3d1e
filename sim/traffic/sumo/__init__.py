"""SUMO's demand: vehicle types, routes, trips, vehicles, flows and stops as one table of departures.

Source: SUMO documentation, Definition_of_Vehicles,_Vehicle_Types,_and_Routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import DemandError
from sim.park.network import Network
from sim.traffic.departures import AVERAGE, BEST, Departures
from sim.traffic.sumo.reading import Read
from sim.traffic.sumo.rows import Rows
from sim.traffic.sumo.times import Order
from sim.traffic.sumo.vehicle_types import Options, Types
from sim.traffic.sumo.ways import Ways

__all__ = ["Options", "SumoDemand"]


@dataclass(frozen=True, slots=True)
class SumoDemand:
    """Who departs by SUMO's route and additional files.

    Args:
        route_files: in order.
        additional_files: in order; read before the route files.
        options: for all vehicle types.
        default_lane: of vehicles that say none, index or code of `sim.traffic.departures`.
        default_speed: likewise [m/s] or code.
        nearly: attribute -> what is told of vehicles that do not say it.
        leave_out_broken: whether vehicles with broken routes are left out instead of being faults.
    """

    route_files: tuple[Path, ...]
    additional_files: tuple[Path, ...] = ()
    options: Options = field(default_factory=Options)
    default_lane: int = BEST
    default_speed: float = AVERAGE
    nearly: Mapping[str, str] = field(default_factory=dict)
    leave_out_broken: bool = False

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """Everybody who wants to depart in [begin, end) [s].

        Raises:
            DemandError: a file cannot be read, or every fault found in all of them.
        """
        read = Read(Types(self.options), self.default_lane, self.default_speed, self.nearly)
        for path in self.additional_files:
            read.file(path, Order(kept=False))
        for path in self.route_files:
            read.file(path, Order(kept=True))
        read.types.finish()
        rows = Rows(read, seed, begin, end)
        departures = rows.departures(Ways(network, read, self.leave_out_broken))
        if faults := read.faults():
            raise DemandError(faults=faults)
        return departures
