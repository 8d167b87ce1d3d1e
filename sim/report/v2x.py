"""What was said and heard: figures of the summary, and tables by message and by distance."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engine.recording import Heard
from sim.models.radio import FATES, HEARD
from sim.state.air import AGE_CLASS, BEAT, DELAY_CLASS, GAP_CLASS
from sim.v2x import MESSAGES

_MILLI = 1e3
LOST = [f"lost_{fate}" for fate in FATES[1:]]


def figures(heard: Heard) -> dict[str, Any]:
    """The `v2x` part of the summary; null where there is nothing to tell."""
    said = {x.upper(): int(n) for x, n in zip(heard["messages"], heard["said"], strict=True) if n}
    got = {x.upper(): int(row[HEARD]) for x, row in zip(heard["messages"], heard["fates"], strict=True) if row.any()}
    fates = heard["fates"].sum(0)
    decided = int(fates.sum())
    return {
        "said": said,
        "heard": got,
        "lost": {fate: int(n) for fate, n in zip(FATES[1:], fates[1:], strict=True)},
        "packet_delivery_ratio": float(fates[HEARD] / decided) if decided else None,
        "latency_ms": {"mean": _told(heard["mean_delay"]), **_percentiles(heard["delays"], DELAY_CLASS, (50, 95, 99))},
        "inter_packet_gap_ms": {"mean": _told(heard["mean_gap"]), **_percentiles(heard["gaps"], GAP_CLASS, (50, 95))},
        "age_of_information_ms": {"mean": _told(heard["mean_age"]), **_percentiles(heard["ages"], AGE_CLASS, (50, 95))},
        "channel_busy_ratio": {"mean": heard["busy_mean"], "max": heard["busy_most"]},
        "receptions": heard["decided"],
        "counted": heard["counted"],
        "overflow": heard["overflow"],
        "stale_heard": heard["stale"],
        "forged_heard": heard["forged"],
        "sensing": heard["sensing"],
    }


def _told(time: float) -> float | None:
    """A time [s] in ms, null if there is none."""
    return time * _MILLI if math.isfinite(time) else None


def _percentiles(counts: np.ndarray, width: int, wanted: tuple[int, ...]) -> dict[str, float | None]:
    """Percentiles of times counted in classes of a width [beats], in ms: the upper end of the class reached."""
    summed = np.cumsum(counts)
    total = float(summed[-1]) if len(summed) else 0.0
    if total <= 0.0:
        return {f"p{p}": None for p in wanted}
    ends = {p: int(np.searchsorted(summed, total * p / 100.0)) + 1 for p in wanted}
    return {f"p{p}": end * width / BEAT * _MILLI for p, end in ends.items()}


def write_tables(folder: Path, heard: Heard, end: float) -> None:
    """Write messages.parquet, a row a kind said, and deliveries.parquet, a row a class of distance.

    Args:
        end: of the run [s of the clock].
    """
    rows = [i for i, n in enumerate(heard["said"]) if n]
    kinds = [MESSAGES[heard["messages"][i]] for i in rows]
    fates = heard["fates"][rows]
    columns: dict[str, Any] = {
        "time_s": pa.array([end] * len(rows), pa.float64()),
        "message": pa.array([x.name for x in kinds], pa.string()),
        "number": pa.array(heard["said"][rows], pa.int64()),
        "sender": pa.array([x.sender for x in kinds], pa.string()),
        "bytes": pa.array([x.size() for x in kinds], pa.int32()),
        "heard": pa.array(fates[:, HEARD], pa.int64()),
    }
    columns |= {name: pa.array(fates[:, i + 1], pa.int64()) for i, name in enumerate(LOST)}
    pq.write_table(pa.table(columns), folder / "messages.parquet", compression="zstd")
    near = heard["by_distance"]
    width = heard["class_width"]
    columns = {"distance_m": pa.array((np.arange(len(near)) + 0.5) * width), "heard": pa.array(near[:, HEARD])}
    columns |= {name: pa.array(near[:, i + 1]) for i, name in enumerate(LOST)}
    pq.write_table(pa.table(columns), folder / "deliveries.parquet", compression="zstd")
