"""SUMO's floating car data: position, speed and lane of every vehicle at each sampled instant.

Source: SUMO documentation, Simulation/Output/FCDOutput.
"""

from __future__ import annotations

from typing import TextIO
from xml.sax.saxutils import quoteattr

import pyarrow.parquet as pq

from sim.errors import UnknownName
from sim.report.exporters import EXPORTERS
from sim.report.result import Result
from sim.report.tables import TRAJECTORIES

COLUMNS = ["time_s", "id", "x_m", "y_m", "heading_deg", "card", "speed_mps", "position_m", "lane", "acceleration_mps2"]


@EXPORTERS.named("sumo-fcd")
def write(result: Result, file: TextIO) -> None:
    """Write the sampled trajectories, a `<timestep>` an instant; memory stays bounded.

    Raises:
        UnknownName: the run did not write trajectories.
    """
    if TRAJECTORIES.name not in result.tables:
        what = f"{result.folder} holds no trajectories; ask for them: --set output.trajectories='1 s'"
        raise UnknownName(what)
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<fcd-export>\n')
    now = None
    for batch in pq.ParquetFile(result.folder / TRAJECTORIES.file).iter_batches(columns=COLUMNS):
        rows = batch.to_pydict()
        for time, *rest in zip(*(rows[name] for name in COLUMNS), strict=True):
            if time != now:
                file.write(("" if now is None else "    </timestep>\n") + f'    <timestep time="{time:.2f}">\n')
                now = time
            file.write(_vehicle(*rest))
    file.write(("" if now is None else "    </timestep>\n") + "</fcd-export>\n")


def _vehicle(name: str, x: float, y: float, heading: float, card: str, *motion: float | str) -> str:
    speed, position, lane, acceleration = motion
    where = f'x="{x:.2f}" y="{y:.2f}" angle="{heading:.2f}"'
    how = f'speed="{speed:.2f}" pos="{position:.2f}" lane={quoteattr(str(lane))} slope="0.00"'
    kind = f"type={quoteattr(card)}"
    return f'        <vehicle id={quoteattr(name)} {where} {kind} {how} acceleration="{acceleration:.2f}"/>\n'
