"""What the runs of a study hold of one option against the base: tables on equal seeds, read from its data set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

REFERENCE = "base"
LEVEL = 0.95  #: of every interval


def seeds(folder: Path, name: str, option: str, level: str) -> list[int]:
    """Seeds on which both the option and the base left a table."""
    one, other = (_there(folder, name, x, level) for x in (REFERENCE, option))
    return sorted(one & other)


def _there(folder: Path, name: str, option: str, level: str) -> set[int]:
    place = _place(folder, name, option, level)
    return {int(x.parent.name.removeprefix("seed=")) for x in place.glob("seed=*/part.parquet")}


def _place(folder: Path, name: str, option: str, level: str) -> Path:
    return folder / name / f"option={option}" / f"level={quote(level or '-', safe=',.- ')}"


def changes(folder: Path, option: str, level: str) -> Iterator[dict[str, float]]:
    """Of each seed: who arrives on both runs, and how much later on the option's [s]."""
    for seed in seeds(folder, "trips", option, level):
        before, after = (_arrivals(_place(folder, "trips", x, level), seed) for x in (REFERENCE, option))
        yield {name: after[name] - time for name, time in before.items() if name in after}


@cache
def _arrivals(place: Path, seed: int) -> dict[str, float]:
    table = pq.ParquetFile(place / f"seed={seed}" / "part.parquet").read(columns=["id", "arrival_s"])
    names, times = pc.cast(table["id"], "string").to_pylist(), table["arrival_s"].to_pylist()
    return {name: time for name, time in zip(names, times, strict=True) if time is not None}


def lost(folder: Path, option: str, level: str, since: float) -> tuple[list[str], np.ndarray]:
    """Roads, and how much more time is lost on each with the option, (seeds, roads) [h].

    Args:
        since: intervals that end before are not counted [s of the clock].
    """
    rows = []
    for seed in seeds(folder, "edges", option, level):
        before, after = (_losses(_place(folder, "edges", x, level), seed, since) for x in (REFERENCE, option))
        rows.append({road: after.get(road, 0.0) - before.get(road, 0.0) for road in before | after})
    roads = sorted({road for row in rows for road in row})
    return roads, np.array([[row.get(road, 0.0) for road in roads] for row in rows]).reshape(len(rows), len(roads))


@cache
def _losses(place: Path, seed: int, since: float) -> dict[str, float]:
    columns = ["edge", "end_s", "time_loss_s"]
    table = pq.ParquetFile(place / f"seed={seed}" / "part.parquet").read(columns=columns)
    table = table.filter(pc.greater(table["end_s"], since))
    found: dict[str, float] = {}
    for road, seconds in zip(table["edge"].to_pylist(), table["time_loss_s"].to_pylist(), strict=True):
        found[str(road)] = found.get(str(road), 0.0) + (seconds or 0.0) / 3600.0
    return found


def estimates(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, half width of the 95 % t interval, and p value of no change, of each column (columns,).

    Source: Student 1908, doi:10.1093/biomet/6.1.1.
    """
    from scipy import stats

    count = len(rows)
    mean, error = rows.mean(0), rows.std(0, ddof=1) / np.sqrt(count)
    half = float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1)) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2.0 * stats.t.sf(np.abs(mean) / error, count - 1)
    return mean, half, np.where(error > 0.0, p, np.where(mean != 0.0, 0.0, 1.0))


def forget() -> None:
    """Read tables anew: their folder may have been written again."""
    _arrivals.cache_clear()
    _losses.cache_clear()


def significant(p: np.ndarray) -> np.ndarray:
    """Which of many changes are shown, at a share of 5 % of false ones among them.

    Source: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    from scipy import stats

    if not len(p):
        return np.zeros(0, bool)
    return np.asarray(stats.false_discovery_control(p) < 1.0 - LEVEL)
