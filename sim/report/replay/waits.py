"""Who stood when, what for and behind whom, as the run recorded it: spells, packed as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_LONGEST = 65_535


def spells(file: Path, ids: list[str], begin: float, period: float) -> tuple[list[str], dict[str, np.ndarray]]:
    """What somebody can wait for, and a row a spell, sorted by who and when; none where the run did not record it.

    Args:
        file: trajectories.
        ids: of the replay's tracks; a spell tells ranks in it, 0 being nobody where whom is meant (rank + 1).
        begin: of the replay [s]; `period`: of its frames [s].
    """
    there = pq.ParquetFile(file)
    if not {"waits", "waits_for"} <= set(there.schema_arrow.names):
        return [], _packed(np.empty((0, 5), np.int64))
    parts = [x.filter(pc.is_valid(x["waits"])) for x in there.iter_batches(131_072, columns=_COLUMNS)]
    rows = pa.Table.from_batches(parts) if parts else there.schema_arrow.empty_table().select(_COLUMNS)
    frame = np.round((rows["time_s"].to_numpy() - begin) / period, 6)
    shown = frame == np.floor(frame)
    rank = {name: i for i, name in reversed(list(enumerate(ids)))}
    who, other = (_ranks(rows[x], rank) for x in ("id", "waits_for"))
    kinds = sorted(x for x in pc.unique(pc.cast(rows["waits"], "string")).to_pylist())
    kind = _ranks(rows["waits"], {x: i for i, x in enumerate(kinds)})
    told = np.column_stack((who, frame.astype(np.int64), np.ones(len(who), np.int64), kind, other + 1))
    return kinds, _packed(_joined(told[shown & (who >= 0)]))


_COLUMNS = ["time_s", "id", "waits", "waits_for"]


def _ranks(column: Any, rank: dict[str, int]) -> np.ndarray:
    """Rank of each name; -1: null or unknown."""
    coded = pa.chunked_array([x.cast(pa.string()) for x in column.chunks], pa.string()).combine_chunks()
    coded = coded.dictionary_encode()
    ranks = np.array([rank.get(x, -1) for x in coded.dictionary.to_pylist()] + [-1], np.int64)
    return ranks[np.asarray(pc.fill_null(coded.indices, len(ranks) - 1))]


def _joined(rows: np.ndarray) -> np.ndarray:
    """Rows of frames that follow each other with the same reason, as one each."""
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    if not len(rows):
        return rows
    same = (np.diff(rows[:, 0]) == 0) & (np.diff(rows[:, 1]) == 1)
    same &= (np.diff(rows[:, 3]) == 0) & (np.diff(rows[:, 4]) == 0)
    first = np.flatnonzero(np.concatenate(([True], ~same)))
    told = rows[first]
    told[:, 2] = np.minimum(np.diff(np.append(first, len(rows))), _LONGEST)
    return told


def _packed(rows: np.ndarray) -> dict[str, np.ndarray]:
    kinds = {"who": np.uint32, "frame": np.uint32, "count": np.uint16, "kind": np.uint8, "other": np.uint32}
    return {f"wait_{name}": rows[:, i].astype(kind) for i, (name, kind) in enumerate(kinds.items())}
