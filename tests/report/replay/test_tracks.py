"""Trajectories packed small come back as they were."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.replay import tracks
from sim.report.replay.tracks import Samples, Tracks, pack, read_samples


def unpacked(packed: Tracks) -> list[tuple[str, int, int, float]]:
    """What the page's script makes of tracks: (vehicle, frame, lane, position [m]) a sample, in plain Python."""
    found, visit, at = [], 0, 0
    for who, start, visits in zip(packed.ids, packed.start.tolist(), packed.visits.tolist(), strict=True):
        frame, step = start, 0
        for _ in range(visits):
            place = int(packed.visit_position[visit])
            for i in range(int(packed.visit_samples[visit])):
                if i:
                    coded = int(packed.low[at]) | int(packed.high[at]) << 8
                    at += 1
                    step += (coded >> 1) ^ -(coded & 1)
                    place += step
                found.append((who, frame, int(packed.visit_lane[visit]), place * packed.unit))
                frame += 1
            visit += 1
    assert at == len(packed.low) == len(packed.high)
    return found


def samples(rows: list[tuple[int, int, int, float]], frames: int) -> Samples:
    """Samples of (frame, vehicle, lane, position) rows."""
    rows = sorted(rows)
    frame, vehicle, lane = (np.array([x[i] for x in rows], np.int64) for i in range(3))
    position = np.array([x[3] for x in rows], float)
    many = int(vehicle.max(initial=-1)) + 1
    ids = [f"v{i}" for i in range(many)]
    return Samples(
        np.arange(frames) * 1.0, frame, vehicle, ids, ["car"] * many, lane, position, np.empty((0, 4), np.int32), []
    )


rows = st.dictionaries(
    st.tuples(st.integers(0, 30), st.integers(0, 4)), st.tuples(st.integers(0, 3), st.floats(0.0, 3000.0)), max_size=80
)


@given(rows)
def test_whatever_was_recorded_comes_back(told: dict[tuple[int, int], tuple[int, float]]) -> None:
    recorded = [(frame, who, lane, position) for (frame, who), (lane, position) in told.items()]
    back = unpacked(pack(samples(recorded, 31), 3000.0))
    wanted = sorted((f"v{who}", frame, lane, position) for frame, who, lane, position in recorded)
    assert [x[:3] for x in sorted(back)] == [x[:3] for x in wanted]
    assert [x[3] for x in sorted(back)] == pytest.approx([x[3] for x in wanted], abs=0.051)


def test_a_very_long_stay_is_cut_into_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "_LONGEST", 10)
    packed = pack(samples([(i, 0, 0, 1.0) for i in range(35)], 35), 100.0)
    assert packed.visit_samples.tolist() == [10, 10, 10, 5]
    assert len(unpacked(packed)) == 35


def test_steady_driving_costs_next_to_nothing() -> None:
    rows = [(i, who, 0, 10.0 * i + who) for i in range(200) for who in range(50)]
    packed = pack(samples(rows, 200), 3000.0)
    assert len(zlib.compress(packed.low.tobytes() + packed.high.tobytes())) < 0.1 * packed.samples


def test_a_table_is_thinned_to_what_a_page_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 60
    time = np.repeat(np.arange(count), 2) + 100.0
    table = {
        "time_s": time,
        "id": pa.array(["a", "b"] * count).dictionary_encode(),
        "card": pa.array(["car", "truck"] * count).dictionary_encode(),
        "lane": pa.array(["l1", "l0"] * count).dictionary_encode(),
        "position_m": time - 100.0,
    }
    pq.write_table(pa.table(table), tmp_path / "t.parquet", row_group_size=7)
    whole = read_samples(tmp_path / "t.parquet", ["l0", "l1"])
    assert (whole.ids, whole.card) == (["a", "b"], ["car", "truck"])
    assert whole.lane[:2].tolist() == [1, 0]
    assert len(whole.frame) == 120
    monkeypatch.setattr(tracks, "MOST_SAMPLES", 50)
    thin = read_samples(tmp_path / "t.parquet", ["l0", "l1"])
    assert thin.times.tolist() == list(range(100, 160, 3))
    assert len(thin.frame) == 40
    assert pack(thin, 100.0).period == 3.0


def test_times_without_anybody_are_kept() -> None:
    times, slot = tracks._even(np.array([10.0, 11.0, 12.0, 20.0]))
    assert times.tolist() == [float(x) for x in range(10, 21)]
    assert slot.tolist() == [0, 1, 2, 10]
    assert tracks._even(np.array([5.0]))[0].tolist() == [5.0]


def test_packing_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(frame, who, frame // 7 % 3, 3.0 * frame + who) for frame in range(40) for who in range(9) if frame > who]
    told = samples(rows, 40)
    whole = pack(told, 200.0)
    for block in (1, 50, len(rows) // 2, len(rows)):
        monkeypatch.setattr(tracks, "_BLOCK", block)
        parts = pack(told, 200.0)
        assert (parts.ids, parts.card) == (whole.ids, whole.card)
        for name in ("start", "visits", "visit_lane", "visit_samples", "visit_position", "low", "high"):
            assert getattr(parts, name).tolist() == getattr(whole, name).tolist(), (block, name)
