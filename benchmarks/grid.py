"""A signalised grid for timing: SUMO's own generator makes the network, and both simulators drive the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from sim.park.importers import read_map
from sim.park.network import CLASSES, Network
from sim.park.route import Router

PASSENGER = 1 << CLASSES.index("passenger")


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
        command = [*binary("netgenerate"), "--grid", "--grid.number", str(size), "--grid.length", "250"]
        command += ["--default.lanenumber", "2", "--default-junction-type", "traffic_light", "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)
    return path


def write_traffic(folder: Path, net: Path, network: Network, vehicles: int, end: float) -> Path:
    """Vehicles that are on the road at once, each on a random way, and a configuration to run them."""
    rng = np.random.default_rng(1)
    router = Router(network, PASSENGER)
    normal = [i for i, e in enumerate(network.edges) if not e.internal]
    sources = rng.choice(normal, min(len(normal), 400), replace=False)
    lines = ['<routes><vType id="car" vClass="passenger"/>']
    made = 0
    while made < vehicles:
        path = router.path(int(rng.choice(sources)), int(rng.choice(normal)))
        if path is None or len(path) < 6:
            continue
        cut = int(rng.integers(0, len(path) - 5))
        edges = " ".join(network.edges[e].id for e in path[cut:])
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
