"""SUMO's tripinfo file: a line for each vehicle that has arrived.

Source: SUMO documentation, Simulation/Output/TripInfo.
"""

from __future__ import annotations

from typing import Any, TextIO
from xml.sax.saxutils import quoteattr

import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.report.exporters import EXPORTERS
from sim.report.result import Result
from sim.report.tables import EVENTS

#: SUMO's attribute -> our column, in SUMO's order; attributes that we do not know are left out.
TIMES = {
    "depart": "depart_s",
    "departDelay": "depart_delay_s",
    "arrival": "arrival_s",
    "duration": "duration_s",
    "routeLength": "route_length_m",
    "waitingTime": "waiting_time_s",
    "waitingCount": "stops",
    "timeLoss": "time_loss_s",
}


@EXPORTERS.named("sumo-tripinfo")
def write(result: Result, file: TextIO) -> None:
    """Write the trips that have ended, in order of arrival, as SUMO does."""
    trips = result.table("trips")
    trips = trips.filter(pc.is_valid(trips["arrival_s"])).sort_by("arrival_s")
    ends = {kind: _ends(result, kind) for kind in ("depart", "arrive")}
    columns = trips.to_pydict()
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<tripinfos>\n')
    for row, name in enumerate(columns["id"]):
        parts = [f"id={quoteattr(name)}"]
        for attribute, column in TIMES.items():
            value = columns[column][row]
            if value is not None:
                parts.append(f'{attribute}="{value}"' if column == "stops" else f'{attribute}="{value:.2f}"')
            if attribute in ("departDelay", "arrival"):
                parts += ends["depart" if attribute == "departDelay" else "arrive"].get(name, ())
        file.write(f"    <tripinfo {' '.join(parts)} vType={quoteattr(columns['card'][row])}/>\n")
    file.write("</tripinfos>\n")


def _ends(result: Result, kind: str) -> dict[str, tuple[str, ...]]:
    """Attributes that say where each vehicle came on the road or left it, if the events tell."""
    if EVENTS.name not in result.tables:
        return {}
    word = {"depart": "depart", "arrive": "arrival"}[kind]
    found: dict[str, tuple[str, ...]] = {}
    wanted = ["kind", "subject", "lane", "position_m"]
    for batch in pq.ParquetFile(result.folder / EVENTS.file).iter_batches(columns=wanted):
        rows: dict[str, list[Any]] = batch.filter(pc.equal(batch["kind"].cast("string"), kind)).to_pydict()
        for name, lane, position in zip(rows["subject"], rows["lane"], rows["position_m"], strict=True):
            parts = [f"{word}Lane={quoteattr(lane)}"] if lane is not None else []
            if position is not None:
                parts.append(f'{word}Pos="{position:.2f}"')
            found[name] = tuple(parts)
    return found
