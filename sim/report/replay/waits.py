"""Who stood when, what for and behind whom, as the run recorded it: spells, packed as arrays."""

from __future__ import annotations

import numpy as np

from sim.report.replay.tracks import Samples

_LONGEST = 65_535
_KINDS = {"who": np.uint32, "frame": np.uint32, "count": np.uint16, "kind": np.uint8, "other": np.uint32}


def spells(samples: Samples, ids: list[str]) -> dict[str, np.ndarray]:
    """A row a spell, sorted by who and when; none where the run did not record it.

    Args:
        ids: of the replay's tracks; a spell tells ranks in it: of whom somebody waits for rank + 1, 0 being nobody.
    """
    rank = {name: i for i, name in reversed(list(enumerate(ids)))}
    track = np.array([rank.get(x, -1) for x in samples.ids] + [-1], np.int64)
    frame, vehicle, kind, other = samples.waits.T.astype(np.int64)
    rows = np.column_stack((track[vehicle], frame, np.ones(len(frame), np.int64), kind, track[other] + 1))
    joined = _joined(rows[rows[:, 0] >= 0])
    return {f"wait_{name}": joined[:, i].astype(of) for i, (name, of) in enumerate(_KINDS.items())}


def _joined(rows: np.ndarray) -> np.ndarray:
    """Rows of frames that follow each other with the same reason, as one each."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]  # they come in order of time
    if not len(rows):
        return rows
    same = (np.diff(rows[:, 0]) == 0) & (np.diff(rows[:, 1]) == 1)
    same &= (np.diff(rows[:, 3]) == 0) & (np.diff(rows[:, 4]) == 0)
    first = np.flatnonzero(np.concatenate(([True], ~same)))
    told = rows[first]
    told[:, 2] = np.minimum(np.diff(np.append(first, len(rows))), _LONGEST)
    return told
