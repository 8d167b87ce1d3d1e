"""A signalised grid for timing: SUMO's own generator makes the network, and both simulators drive the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from sim.park.classes import CLASSES
from sim.park.importers import read_map
from sim.park.network import Network

PASSENGER = 1 << CLASSES.index("passenger")
#: Length of a block [m], and how many a trip goes in each direction at most.
BLOCK, BLOCKS = 250.0, 8


def sumo_home() -> Path | None:
    """Where the package `eclipse-sumo` lies; None if it is not installed."""
    try:
        import sumo
    except ImportError:
        return None
    return Path(sumo.__file__).parent


def binary(name: str) -> list[str]:
    """How to call one of SUMO's programs."""
    home = sumo_home()
    assert home is not None
    os.environ["SUMO_HOME"] = str(home)
    return [str(home / "bin" / (name + (".exe" if sys.platform == "win32" else "")))]


def write_network(folder: Path, size: int) -> Path:
    """A grid of size x size signalised junctions, 250 m apart, two lanes each way."""
    path = folder / f"grid{size}.net.xml"
    if not path.exists():
        command = [*binary("netgenerate"), "--grid", "--grid.number", str(size), "--grid.length", str(BLOCK)]
        command += ["--default.lanenumber", "2", "--default-junction-type", "traffic_light", "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)
    return path


def onward(network: Network) -> list[list[int]]:
    """Edges that passenger cars may take behind each edge, without turning round."""
    ways: list[set[int]] = [set() for _ in network.edges]
    for c in network.connections:
        if c.allowed & PASSENGER:
            one, two = network.lanes[c.source].edge, network.lanes[c.target].edge
            if network.edges[two].end != network.edges[one].start:
                ways[one].add(two)
    return [sorted(way) for way in ways]


def random_way(network: Network, ways: list[list[int]], first: int, rng: np.random.Generator) -> list[int]:
    """Edges from a first one towards a place up to `BLOCKS` away, by turns at random among those that lead there."""
    at = network.junctions[network.edges[first].end]
    goal = np.array([at.x, at.y]) + BLOCK * rng.integers(-BLOCKS, BLOCKS + 1, 2)
    way = [first]
    while len(way) < 4 * BLOCKS:
        here, ahead = network.junctions[network.edges[way[-1]].end], []
        for edge in ways[way[-1]]:
            there = network.junctions[network.edges[edge].end]
            ahead.append(abs(goal[0] - there.x) + abs(goal[1] - there.y))
        if not ahead or min(ahead) >= abs(goal[0] - here.x) + abs(goal[1] - here.y):
            break
        nearer = [edge for edge, left in zip(ways[way[-1]], ahead, strict=True) if left <= min(ahead)]
        way.append(nearer[int(rng.integers(len(nearer)))])
    return way


def write_traffic(folder: Path, net: Path, network: Network, vehicles: int, end: float) -> Path:
    """Vehicles that are on the road at once, each on a random way, and a configuration to run them.

    Ways are as long on a large grid as on a small one, so that only the number of roads and vehicles differs.
    """
    rng = np.random.default_rng(1)
    ways = onward(network)
    normal = [i for i, e in enumerate(network.edges) if not e.internal]
    lines = ['<routes><vType id="car" vClass="passenger"/>']
    made = 0
    while made < vehicles:
        way = random_way(network, ways, normal[int(rng.integers(len(normal)))], rng)
        if len(way) < 6:
            continue
        edges = " ".join(network.edges[e].id for e in way[int(rng.integers(0, len(way) - 5)) :])
        lines.append(
            f'<vehicle id="v{made}" type="car" depart="0" departLane="free" departPos="random" departSpeed="max">'
            f'<route edges="{edges}"/></vehicle>'
        )
        made += 1
    stem = f"{net.name.split('.')[0]}-{vehicles}"
    (folder / f"{stem}.rou.xml").write_text("\n".join([*lines, "</routes>"]))
    configuration = folder / f"{stem}.sumocfg"
    configuration.write_text(
        f'<configuration><net-file value="{net.name}"/><route-files value="{stem}.rou.xml"/>'
        f'<begin value="0"/><end value="{end}"/></configuration>'
    )
    return configuration


def prepare(folder: Path, size: int, vehicles: int, end: float) -> Path:
    """Configuration of a grid with vehicles on it."""
    net = write_network(folder, size)
    return write_traffic(folder, net, read_map(net), vehicles, end)
