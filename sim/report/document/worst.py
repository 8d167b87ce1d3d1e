"""The worst moments of a run, worst first, each with the address in the replay where it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pyarrow.compute as pc

from sim.report.replay.happenings import PLANNED, ranked
from sim.report.result import Result

MOST = 20
_BEFORE = 5.0  #: how long before a moment the replay begins [s]
_EACH = 6  #: moments of one kind at most, so that the rare ones are seen
#: How the value of an event is told; of other kinds it says nothing to a reader.
_MUCH = {
    "emergency_braking": "{:.1f} m/s²", "collision": "{:.1f} m/s", "red_light_entry": "{:.1f} m/s",
    "take_over": "{:.1f} s", "jam": "{:.0f}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that a reader should look at: when [s], what (key of the texts), who, where, how much, address."""

    time: float
    kind: str
    who: str
    where: str
    how_much: str
    address: str


def worst_moments(result: Result) -> list[Moment]:
    """The worst moments in the order of `ranked`, without what was planned; then the trips that lost most."""
    told = [_of_conflict(x) if x["kind"] == "conflict" else _of_event(x) for x in ranked(result) if _is_bad(x)]
    seen: dict[str, int] = {}
    kept = []
    for moment in told:
        seen[moment.kind] = seen.get(moment.kind, 0) + 1
        if seen[moment.kind] <= _EACH:
            kept.append(moment)
    late = _late(result)
    return kept[: MOST - len(late)] + late


def _is_bad(row: dict[str, Any]) -> bool:
    return row["kind"] not in PLANNED


def _of_event(row: dict[str, Any]) -> Moment:
    who = " – ".join(x for x in (row["subject"], row["other"]) if x)
    value = _MUCH.get(row["kind"], "").format(abs(row["value"] or 0.0))
    address = _address(row["time_s"], row["subject"], row["lane"], row["position_m"])
    return Moment(row["time_s"], f"event.{row['kind']}", who, row["edge"] or "", value, address)


def _of_conflict(row: dict[str, Any]) -> Moment:
    names = (("ttc_s", "TTC {:.1f} s"), ("pet_s", "PET {:.1f} s"), ("drac_mps2", "DRAC {:.1f} m/s²"))
    told = [text.format(row[name]) for name, text in names if row.get(name) is not None]
    address = _address(row["time_s"], row["id"], row["lane"], row["position_m"])
    return Moment(
        row["time_s"], "event.conflict", f"{row['id']} – {row['other']}", row["edge"], ", ".join(told), address
    )


def _late(result: Result) -> list[Moment]:
    """Trips that lost most time, at their arrival."""
    trips = result.trips
    lost = np.nan_to_num(trips["time_loss_s"].to_numpy(zero_copy_only=False).astype(float), nan=-1.0)
    ids = pc.cast(trips["id"], "string")
    depart, arrival = (trips[x].to_numpy(zero_copy_only=False).astype(float) for x in ("depart_s", "arrival_s"))
    told = []
    for row in np.argsort(-lost, kind="stable")[:3]:
        if lost[row] > 0:
            end = arrival[row] if not np.isnan(arrival[row]) else depart[row] + lost[row]
            who = ids[int(row)].as_py()
            time = (depart[row] + end) / 2
            told.append(Moment(time, "event.late", who, "", f"{lost[row]:.0f} s", _address(time, who, None, None)))
    return told


def _address(time: float, who: str | None, lane: str | None, position: float | None) -> str:
    """Where in the replay something is seen."""
    told: dict[str, Any] = {"t": round(max(0.0, time - _BEFORE), 1)}
    if who:
        told["id"] = who
    if lane:
        told |= {"lane": lane, "at": round(position or 0.0, 1)}
    return "#" + urlencode(told)
