"""Trajectories packed small: about half a byte a vehicle and second.

A *track* is a vehicle on the road without a gap; a *visit* its stay on one lane. A visit tells its lane, its number of
samples and where it begins. Between them stand second differences of the position, which are nearly always small:
zigzag coded (0, -1, 1, -2 … -> 0, 1, 2, 3 …), low and high bytes apart, so that deflate finds the high ones all zero.
Whoever reads adds up twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

UNIT = 0.1  #: finest step of positions [m]
#: Samples in one page: keeps it below 25 MB and a browser's memory below some 100 MB; beyond it samples are left out.
MOST_SAMPLES = 20_000_000
_WIDEST, _LONGEST = 65_000, 65_535
_BLOCK = 2_000_000  #: rows that are packed at once
_BOLD = 16_000  #: a leap in position that begins a new visit


@dataclass(frozen=True)
class Samples:
    """Trajectories as columns, one row a vehicle and frame, in order of time.

    Args:
        times: of the frames, (frames,) [s].
        frame: rank in `times`, (rows,).
        vehicle: rank in `ids`, (rows,).
        card: name of each vehicle's card, (vehicles,).
        lane: index of the scene's lanes, (rows,).
        position: along the lane [m], (rows,).
        waits: who stands for a reason, (standing, 4): frame, vehicle, rank in `reasons`, rank in `ids` of whom or -1.
        reasons: what somebody can stand for.
    """

    times: np.ndarray
    frame: np.ndarray
    vehicle: np.ndarray
    ids: list[str]
    card: list[str]
    lane: np.ndarray
    position: np.ndarray
    waits: np.ndarray
    reasons: list[str]


@dataclass(frozen=True)
class Tracks:
    """What the page gets; see the module's text. Arrays a track, a visit and a sample, little-endian.

    Args:
        begin: time of the first frame [s]; `period`: between frames [s]; `unit`: of positions [m].
    """

    begin: float
    period: float
    frames: int
    unit: float
    ids: list[str]
    card: list[str]
    start: np.ndarray
    visits: np.ndarray
    visit_lane: np.ndarray
    visit_samples: np.ndarray
    visit_position: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def samples(self) -> int:
        """How many vehicle-frames there are."""
        return int(self.visit_samples.sum(dtype=np.int64))


def read_samples(file: Path, lanes: list[str]) -> Samples:
    """Trajectories of a result, thinned to what a page can hold.

    Args:
        lanes: ids, in the order of the scene.
    """
    table = pq.ParquetFile(file)
    keep = max(1, -(-table.metadata.num_rows // MOST_SAMPLES))
    names: dict[str, int] = {}
    cards: list[str] = []
    rank = {x: i for i, x in enumerate(lanes)}
    clock: list[float] = []
    reasons: dict[str, int] = {}
    columns = [x for x in _COLUMNS if x in table.schema_arrow.names]
    room = [np.empty(table.metadata.num_rows, kind) for kind in (np.int32, np.int32, np.int32, np.float32)]
    count, standing = 0, [np.empty((0, 4), np.int32)]
    for batch in table.iter_batches(131_072, columns=columns):
        frame = _frames(batch["time_s"].to_numpy(), clock)
        vehicle = _vehicles(batch, names, cards)
        lane = _codes(batch["lane"], lambda x: rank.get(x, -1))
        told = lane >= 0 if keep == 1 else (frame % keep == 0) & (lane >= 0)
        frame //= keep
        standing.append(_waits(batch, told, frame, vehicle, (names, reasons)))
        end = count + int(np.count_nonzero(told))
        for whole, part in zip(room, (frame, vehicle, lane, batch["position_m"].to_numpy()), strict=True):
            whole[count:end] = part[told]
        count = end
    frame, vehicle, lane, position = (x[:count] for x in room)
    waits = np.concatenate(standing)
    times, slot = _even(np.array(clock[::keep]))
    waits[:, 0] = slot[waits[:, 0]]
    if slot[-1] >= len(slot):  # at some times nobody was on the road
        frame = slot[frame]
    return Samples(times, frame, vehicle, list(names), cards, lane, position, waits, list(reasons))


def _even(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times at even steps, also when nobody was on the road, and the rank of each of the given ones among them."""
    if len(times) < 2:
        return times, np.zeros(max(1, len(times)), np.int32)
    period = float(np.diff(times).min())
    slot = np.round((times - times[0]) / period).astype(np.int32)
    return times[0] + np.arange(int(slot[-1]) + 1) * period, slot


_COLUMNS = ("time_s", "id", "card", "lane", "position_m", "waits", "waits_for")


def _waits(
    batch: pa.RecordBatch,
    told: np.ndarray,
    frame: np.ndarray,
    vehicle: np.ndarray,
    known: tuple[dict[str, int], dict[str, int]],
) -> np.ndarray:
    """Rows of `Samples.waits`; none of a run that did not record them."""
    if not {"waits", "waits_for"} <= set(batch.schema.names):
        return np.empty((0, 4), np.int32)
    names, reasons = known
    rows = np.flatnonzero(told & batch["waits"].is_valid().to_numpy(zero_copy_only=False))
    own = batch.select(["waits", "waits_for"]).take(pa.array(rows))
    kind = _codes(own["waits"], lambda x: reasons.setdefault(x, len(reasons)))
    other = np.full(len(rows), -1, np.int32)
    somebody = np.flatnonzero(own["waits_for"].is_valid().to_numpy(zero_copy_only=False))
    other[somebody] = _codes(own["waits_for"].take(pa.array(somebody)), lambda x: names.get(x, -1))
    return np.column_stack((frame[rows], vehicle[rows], kind, other)).astype(np.int32)


def _frames(time: np.ndarray, clock: list[float]) -> np.ndarray:
    """Rank of each row's time among all that there are; rows come in order of time. New times go to `clock`."""
    new = np.diff(time, prepend=clock[-1] if clock else np.nan) != 0  # nan differs from all
    before = len(clock)
    clock.extend(time[new].tolist())
    return (before - 1 + np.cumsum(new)).astype(np.int32)


def _vehicles(batch: pa.RecordBatch, names: dict[str, int], cards: list[str]) -> np.ndarray:
    """Rank of each row's vehicle; new ones go to `names`, their cards to `cards`."""
    before = len(names)
    vehicle = _codes(batch["id"], lambda x: names.setdefault(x, len(names)))
    if len(names) > before:
        first = np.zeros(len(names), np.int64)
        first[vehicle[::-1]] = np.arange(len(vehicle))[::-1]
        cards.extend(batch["card"].take(pa.array(first[before:])).to_pylist())
    return vehicle


def _codes(column: pa.Array, number: Callable[[str], int]) -> np.ndarray:
    """A column of names as numbers; every name that occurs is looked up once."""
    names, codes = _occurring(column)
    return np.array([number(x) for x in names], np.int32)[codes]


def _occurring(column: pa.Array) -> tuple[list[str], np.ndarray]:
    """Names that occur in a column, and of each row the rank of its name among them."""
    if not isinstance(column, pa.DictionaryArray):
        column = column.dictionary_encode()
    codes = column.indices.to_numpy()
    there = np.zeros(len(column.dictionary), bool)
    there[codes] = True
    names: list[str] = column.dictionary.take(pa.array(np.flatnonzero(there))).to_pylist()
    return names, codes if len(names) == len(there) else (np.cumsum(there) - 1)[codes]


def pack(samples: Samples, longest: float) -> Tracks:
    """Samples as tracks.

    Args:
        longest: length of the longest lane [m].
    """
    unit = max(UNIT, longest / _WIDEST)
    order = _by_vehicle(samples)
    parts = [_packed(samples, order[begin:end], unit) for begin, end in pairwise(_blocks(samples))]
    who, *columns = (np.concatenate(x) for x in zip(*parts, strict=True))
    period = float(np.diff(samples.times[:2])[0]) if len(samples.times) > 1 else 1.0
    return Tracks(
        float(samples.times[0]) if len(samples.times) else 0.0,
        period,
        len(samples.times),
        unit,
        [samples.ids[i] for i in who],
        [samples.card[i] for i in who],
        *columns,
    )


def _blocks(samples: Samples) -> list[int]:
    """Where in order of vehicle to cut the rows, between vehicles: small enough that memory is used again and again."""
    ends = np.cumsum(np.bincount(samples.vehicle, minlength=len(samples.ids)))
    wanted = np.searchsorted(ends, np.arange(_BLOCK, len(samples.vehicle), _BLOCK))
    cuts = np.unique(ends[wanted])
    return [0, *cuts[cuts < len(samples.vehicle)].tolist(), len(samples.vehicle)]


def _packed(samples: Samples, order: np.ndarray, unit: float) -> tuple[np.ndarray, ...]:
    """Of some vehicles' rows: the vehicle of each track, then the arrays of `Tracks` in its order."""
    vehicle, frame, lane = samples.vehicle[order], samples.frame[order], samples.lane[order]
    place = _places(samples.position[order], unit)
    track_begins = _changes(vehicle)
    track_begins[1:] |= frame[1:] - frame[:-1] != 1
    step = np.diff(place, prepend=place[:1] * 0)
    visit_begins = track_begins | _changes(lane) | (np.abs(step) > _BOLD)
    visit_begins = _shortened(visit_begins)
    first, begins = np.flatnonzero(track_begins), np.flatnonzero(visit_begins)
    seconds = _second_differences(step[~visit_begins], first - np.searchsorted(begins, first))
    coded = ((seconds << 1) ^ (seconds >> 31)).astype(np.uint16)
    return (
        vehicle[first],
        frame[first].astype(np.uint32),
        np.diff(np.append(np.searchsorted(begins, first), len(begins))).astype(np.uint32),
        lane[begins].astype(np.uint32),
        np.diff(np.append(begins, len(place))).astype(np.uint16),
        place[begins].astype(np.uint16),
        (coded & 255).astype(np.uint8),
        (coded >> 8).astype(np.uint8),
    )


def _by_vehicle(samples: Samples) -> np.ndarray:
    """Rows in order of vehicle, then time; they come in order of time."""
    vehicle, frame = samples.vehicle, samples.frame
    count = np.bincount(vehicle, minlength=len(samples.ids))
    first, last = np.zeros((2, len(count)), np.int64)
    first[vehicle[::-1]] = frame[::-1]
    last[vehicle] = frame
    if (count != last - first + 1)[count > 0].any():  # somebody was away for a while
        return np.argsort(vehicle, kind="stable")
    kind = np.int32 if len(vehicle) < 2**31 else np.int64  # half the memory to scatter into
    order = np.empty(len(vehicle), kind)
    begin = (np.cumsum(count) - count - first).astype(kind)
    order[begin[vehicle] + frame] = np.arange(len(vehicle), dtype=kind)
    return order


def _changes(column: np.ndarray) -> np.ndarray:
    """Where a value differs from the one before, (rows,); true at the first row."""
    told = np.ones(len(column), bool)
    np.not_equal(column[1:], column[:-1], out=told[1:])
    return told


def _places(position: np.ndarray, unit: float) -> np.ndarray:
    """Positions [m] in whole units; the array given is used up."""
    position /= unit
    np.rint(position, out=position)
    return np.clip(position, 0, _LONGEST, out=position).astype(np.int32)


def _shortened(begins: np.ndarray) -> np.ndarray:
    """Cut visits whose number of samples would not fit."""
    rows = np.flatnonzero(begins)
    counts = np.diff(np.append(rows, len(begins)))
    for row, count in zip(rows[counts > _LONGEST], counts[counts > _LONGEST], strict=True):
        begins[row : row + count : _LONGEST] = True
    return begins


def _second_differences(step: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Change of each step against the one before it on the same track.

    Args:
        step: of all samples that do not begin a visit.
        first: of each track, the rank of its first one among them.
    """
    seconds = np.diff(step, prepend=step[:1] * 0)
    first = first[first < len(step)]
    seconds[first] = step[first]
    return seconds
