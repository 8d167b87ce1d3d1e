"""What was said and heard: figures of the summary, and a table by distance."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engine.air import SENSED
from sim.engine.recording import CellEnd, CellHeard, Heard, Times
from sim.models.radio import FATES, HEARD
from sim.pilot import Radio
from sim.report import tables
from sim.report.table_file import DECIMALS
from sim.state.air import BEAT

_MILLI = 1e3
LOST = [f"lost_{fate}" for fate in FATES[1:]]


def figures(heard: Heard | None) -> dict[str, Any]:
    """The `v2x` part of the summary; null where there is nothing to tell. `counted` is null without a radio."""
    if heard is None:
        return figures(_nothing()) | {"channel_busy_ratio": {"mean": None, "max": None}, "counted": None, "apps": {}}
    said = {x.upper(): int(n) for x, n in zip(heard["messages"], heard["said"], strict=True) if n}
    got = {x.upper(): int(row[HEARD]) for x, row in zip(heard["messages"], heard["fates"], strict=True) if row.any()}
    fates = heard["fates"].sum(0)
    decided = int(fates.sum())
    return {
        "said": said,
        "heard": got,
        "lost": {fate: int(n) for fate, n in zip(FATES[1:], fates[1:], strict=True)},
        "packet_delivery_ratio": float(fates[HEARD] / decided) if decided else None,
        **_times(heard),
        "channel_busy_ratio": {"mean": heard["busy_mean"], "max": heard["busy_most"]},
        "receptions": heard["decided"],
        "counted": heard["counted"],
        "estimated": [x.upper() for x in heard["estimated"]],
        "overflow": heard["overflow"],
        "stale_heard": heard["stale"],
        "forged_heard": heard["forged"],
        "sensing": heard["sensing"],
        "cells": {name: _of_cell(told) for name, told in heard["cells"].items()},
        "by_message": {x.upper(): _of_kind(heard, i) for i, x in enumerate(heard["messages"]) if heard["due"][i] > 0.0},
    }


def left_out(figures: dict[str, Any], radio: Radio | None) -> list[str]:
    """What a station that had no room for more senders did not keep, as a warning; empty if all had room."""
    if radio is None or not figures["overflow"]:
        return []
    what = "and is not known to who heard it" if radio.model == "resources" else "so its gap and age are in no figure"
    count = f"{figures['overflow']:,} times somebody heard of a sender for whom he had no room, {what}"
    return [f"{count}: raise radio.neighbours ({radio.neighbours})"]


def _of_kind(heard: Heard, kind: int) -> dict[str, Any]:
    """What became of one kind of message: how often a sender said it, how long it was, what was heard and how old."""
    said, fates = float(heard["said"][kind]), heard["fates"][kind]
    return {
        "said_per_s": said / float(heard["due"][kind]),
        "bytes": float(heard["bytes"][kind]) / said if said else None,
        "packet_delivery_ratio": float(fates[HEARD] / fates.sum()) if fates.any() else None,
        **_times(heard["times"][kind]),
    }


def _of_cell(told: CellHeard) -> dict[str, Any]:
    """What became of messages in a cell: of those said there on their way up, of those heard there, and its loads."""
    fates = told["fates"]
    return {
        "said": told["said"],
        "lost_up": told["lost_up"],
        "heard": int(fates[HEARD]),
        "lost": {fate: int(n) for fate, n in zip(FATES[1:], fates[1:], strict=True)},
        "packet_delivery_ratio": float(fates[HEARD] / fates.sum()) if fates.any() else None,
        "latency_ms": {"mean": _told(told["mean_delay"]), **percentiles(told["delays"], (50, 95, 99))},
        "up": _load(told["up"]),
        "down": _load(told["down"]),
    }


def _load(end: CellEnd) -> dict[str, float | None]:
    """How full an end of a cell was; a capacity is null where whatever comes is carried."""
    figures = {
        "load_bps": end["rate"],
        "load_bps_max": end["rate_most"],
        "capacity_bps": end["capacity"],
        "wait_ms_max": end["wait_most"] * _MILLI,
        "full_share_of_time": end["full"],
    }
    return {name: x if math.isfinite(x) else None for name, x in figures.items()}


def _times(told: Times) -> dict[str, dict[str, float | None]]:
    """Means and percentiles of delays, gaps and ages [ms]."""
    return {
        "latency_ms": {"mean": _told(told["mean_delay"]), **percentiles(told["delays"], (50, 95, 99))},
        "inter_packet_gap_ms": {"mean": _told(told["mean_gap"]), **percentiles(told["gaps"], (50, 95))},
        "age_of_information_ms": {"mean": _told(told["mean_age"]), **percentiles(told["ages"], (50, 95), True)},
    }


def _nothing() -> Heard:
    """What became of messages where nobody says any."""
    none, fates = np.zeros(0, np.int64), np.zeros((0, len(FATES)), np.int64)
    return Heard(
        messages=[],
        said=none,
        fates=fates,
        by_receiver=fates[None],
        ratios=np.ones(1),
        estimated=[],
        by_distance=fates,
        class_width=1.0,
        near=fates[None],
        bytes=none,
        due=none,
        kept=none,
        times=[],
        delays=none,
        gaps=none,
        ages=none,
        mean_delay=math.nan,
        mean_gap=math.nan,
        mean_age=math.nan,
        busy_mean=0.0,
        busy_most=0.0,
        decided=0,
        counted=0.0,
        overflow=0,
        stale=0,
        groupless=0,
        forged=0,
        cells={},
        topics={},
        sensing=dict.fromkeys(SENSED, 0),
    )


def _told(time: float) -> float | None:
    """A time [s] in ms, null if there is none."""
    return time * _MILLI if math.isfinite(time) else None


def percentiles(counts: np.ndarray, wanted: tuple[int, ...], spread: bool = False) -> dict[str, float | None]:
    """Percentiles of times by how often each was seen, beat by beat, in ms.

    Args:
        spread: what is counted lies evenly between a beat and the next, as ages do, which grow.
    """
    summed = np.cumsum(counts)
    total = float(summed[-1]) if len(summed) else 0.0
    if total <= 0.0:
        return {f"p{p}": None for p in wanted}
    told: dict[str, float | None] = {}
    for p in wanted:
        part = total * p / 100.0
        beat = int(np.searchsorted(summed, part))
        more = 1.0 - float(summed[beat] - part) / float(counts[beat]) if spread else 0.0
        told[f"p{p}"] = (beat + more) / BEAT * _MILLI
    return told


def write_deliveries(folder: Path, heard: Heard) -> None:
    """Write deliveries.parquet, a row a class of distance."""
    near = heard["by_distance"]
    middle = np.round((np.arange(len(near)) + 0.5) * heard["class_width"], DECIMALS)
    columns: dict[str, Any] = {"distance_m": middle, "heard": near[:, HEARD]}
    columns |= {name: near[:, i + 1] for i, name in enumerate(LOST)}
    schema = pa.schema(list(tables.DELIVERIES.columns.items()))
    pq.write_table(pa.table(columns, schema=schema), folder / tables.DELIVERIES.file, compression="zstd")
