"""Whether changing nothing changes nothing, and how much a change that cannot matter seems to matter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.errors import Fault, NullGateError
from sim.park.importers.geojson.drafting import SPEED
from sim.park.network import Network
from sim.report.result import Result
from sim.upgrade import Operation, operation

#: By which the speed limit of an unused road is changed for the noise floor [m/s]. Source: the issue of SUMO's users
#: (#18211), domain section 7.
NEGLIGIBLE = 0.01


def gate(pairs: Sequence[tuple[Path, Path]]) -> None:
    """Compare the tables of each base run with those of the empty option's, byte by byte.

    Raises:
        NullGateError: some differ; which, and on which run.
    """
    faults = [
        Fault(f"{reference.name}: {name}", "the empty option changed this table", "no difference could be believed")
        for reference, null in pairs
        for name in differing(reference, null)
    ]
    if faults:
        raise NullGateError(faults=faults)


def differing(one: Path, other: Path) -> list[str]:
    """Tables of two results that are not byte-identical, or are there only once."""
    files = sorted({x.name for folder in (one, other) for x in folder.glob("*.parquet")})
    return [x for x in files if not _same(one / x, other / x)]


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()


def least_used(network: Network, results: Sequence[Result]) -> tuple[str, int]:
    """The road that fewest vehicles entered on all runs, and how many did; the first by id of several.

    A road of the map stands for both its directions.
    """
    entered = {x.id.removeprefix("-"): 0 for x in network.edges if not (x.internal or x.roundabout or ":" in x.id)}
    for result in results:
        edges = result.edges
        counts = zip(edges["edge"].to_pylist(), np.nan_to_num(edges["entered"].to_numpy()).tolist(), strict=True)
        for name, count in counts:
            road = str(name).removeprefix("-")
            if road in entered:
                entered[road] += int(count)
    road = min(entered, key=lambda x: (entered[x], x))
    return road, entered[road]


def negligible(network: Network, road: str) -> Operation:
    """The operation of the noise floor: a road's speed limit, changed by 0.01 m/s."""
    lane = next(x for x in network.lanes if network.edges[x.edge].id == road)
    wanted = lane.speed - NEGLIGIBLE if lane.speed > max(SPEED.values()) else lane.speed + NEGLIGIBLE
    return operation({"do": "set_speed", "road": road, "speed": wanted, "cost": 0.0})
