"""Tables streamed to Parquet: bytes do not depend on how rows come in."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.report import table_file
from sim.report.table_file import TableFile
from sim.report.tables import EVENTS

NAMES = {
    "kind": pa.array(["depart", "arrive"]),
    "subject": pa.array(["a", "b", "c"]),
    "other": pa.array(["a", "b", "c"]),
    "edge": pa.array(["e"]),
    "lane": pa.array([], pa.string()),
}


def rows(count: int) -> dict[str, np.ndarray]:
    number = np.arange(count)
    return {
        "time_s": number * 0.1,
        "kind": number % 2,
        "subject": number % 3,
        "other": number % 4 - 1,
        "value": np.where(number % 5 == 0, np.nan, number * 1.5),
        "edge": np.zeros(count, np.int32),
        "lane": np.full(count, -1),
        "position_m": number * 1.0,
    }


def written(folder: Path, count: int, cuts: list[int]) -> bytes:
    file = TableFile(folder, EVENTS, NAMES, {"seed": "1"})
    every = rows(count)
    for begin, end in zip([0, *cuts], [*cuts, count], strict=True):
        file.add({name: x[begin:end] for name, x in every.items()})
    file.close()
    return (folder / EVENTS.file).read_bytes()


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 1000), max_size=6))
def test_bytes_do_not_depend_on_the_cuts(cuts: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_file, "ROW_GROUP", 128)
        whole = written(folder, 1000, [])
        assert pq.ParquetFile(folder / EVENTS.file).num_row_groups == 8
        assert written(folder, 1000, sorted(cuts)) == whole


def test_names_nulls_and_metadata(tmp_path: Path) -> None:
    written(tmp_path, 6, [3])
    table = pq.read_table(tmp_path / EVENTS.file)
    assert table["kind"].to_pylist() == ["depart", "arrive"] * 3
    assert table["other"].to_pylist() == [None, "a", "b", "c", None, "a"]
    assert table["value"].to_pylist() == [None, 1.5, 3.0, 4.5, 6.0, None]
    assert table["lane"].to_pylist() == [None] * 6
    assert table.schema.metadata[b"seed"] == b"1"
    assert pa.types.is_dictionary(table.schema.field("subject").type)


def test_rows_are_copied(tmp_path: Path) -> None:
    file = TableFile(tmp_path, EVENTS, NAMES, {})
    columns = rows(3)
    file.add(columns)
    columns["position_m"][:] = -9.0
    file.close()
    assert pq.read_table(tmp_path / EVENTS.file)["position_m"].to_pylist() == [0.0, 1.0, 2.0]


def test_table_without_rows_is_well_formed(tmp_path: Path) -> None:
    TableFile(tmp_path, EVENTS, NAMES, {}).close()
    table = pq.read_table(tmp_path / EVENTS.file)
    assert table.num_rows == 0
    assert table.column_names == list(EVENTS.columns)


def test_memory_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "ROW_GROUP", 100)
    file = TableFile(tmp_path, EVENTS, NAMES, {})
    for _ in range(50):
        file.add(rows(33))
        assert sum(len(x["time_s"]) for x in file._waiting) < 133
    file.close()
    assert pq.read_table(tmp_path / EVENTS.file).num_rows == 50 * 33


def test_numbers_come_out_as_on_the_grid_of_steps(tmp_path: Path) -> None:
    folder = tmp_path
    file = TableFile(folder, EVENTS, NAMES, {})
    step = np.arange(0, 200_000, 7)
    columns = {name: np.zeros(len(step), np.int64) for name in EVENTS.columns} | {"lane": np.full(len(step), -1)}
    file.add(columns | {"time_s": 27000.0 + step * 0.1, "value": np.full(len(step), 1.0 / 3.0)})
    file.close()
    table = pq.read_table(folder / EVENTS.file)
    assert table["time_s"].to_pylist() == [float(f"{27000 + x // 10}.{x % 10}") for x in step.tolist()]
    assert set(table["value"].to_pylist()) == {0.333333}
