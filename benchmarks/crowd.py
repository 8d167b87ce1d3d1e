"""An hour with many vehicles on the road, for timing pages: real trajectories of the park, each driven again later."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sim
from sim.report.table_file import ROW_GROUP

ROOT = Path(__file__).parents[1]
HOUR = 3600.0


def park_hour(folder: Path) -> Path:
    """Result of the busiest hour of the park, without pages."""
    settings = {"run.start": "07:20", "run.duration": "1 h", "run.warm_up": "0", "output.pages": "false"}
    result = sim.run(sim.load(ROOT / "scenarios" / "park_shift_change.yaml", settings), out=folder / "hour")
    pilot = sim.load(ROOT / "scenarios" / "park_shift_change.yaml", settings)
    from sim.report.scene import SCENE, write_scene

    departures = pilot.demand.departures(pilot.park, pilot.clock.seed, pilot.clock.begin, pilot.clock.end)
    write_scene(result.folder / SCENE, pilot, departures)
    return result.folder


def crowded(hour: Path, folder: Path, on_road: int) -> Path:
    """A result whose trajectories hold `on_road` vehicles or more, on average over the hour.

    Every trip is driven several times, each time at another time of the hour (over its end it goes on at its beginning,
    as another vehicle), so that what is packed is as varied as real driving.
    """
    out = folder / f"crowd{on_road}"
    shutil.copytree(hour, out)
    table = pq.ParquetFile(hour / "trajectories.parquet").read()
    time = table["time_s"].to_numpy()
    begin, period = time.min(), 1.0
    copies = int(np.ceil(on_road * HOUR / period / len(time)))
    ids = pc.cast(table["id"], "string").combine_chunks().dictionary_encode()
    code, names = ids.indices.to_numpy(), ids.dictionary.to_pylist()
    rng = np.random.default_rng(1)
    frame = np.round((time - begin) / period).astype(np.int64)
    parts = []
    for copy in range(copies):
        moved = frame + rng.integers(0, int(HOUR), len(names))[code]
        parts.append((moved % int(HOUR), code + len(names) * (2 * copy + moved // int(HOUR))))
    frames, codes = (np.concatenate(x) for x in zip(*parts, strict=True))
    order = np.lexsort((codes, frames))
    row = order % len(time)
    names = [f"{x}~{k}" for k in range(2 * copies) for x in names]
    columns = {
        "time_s": begin + frames[order] * period,
        "id": pa.DictionaryArray.from_arrays(codes[order].astype(np.int32), names),
        **{x: table[x].combine_chunks().take(row) for x in ("card", "lane", "position_m", "waits")},
        "waits_for": _moved(table["waits_for"], names[: len(names) // (2 * copies)], codes[order], row, names),
    }
    _write(pa.table(columns), out / "trajectories.parquet")
    return out


def _moved(
    column: pa.ChunkedArray, first: list[str], codes: np.ndarray, row: np.ndarray, names: list[str]
) -> pa.DictionaryArray:
    """Whom each row waits for, as the vehicle of the same copy."""
    rank = pa.array(first)
    told = pc.index_in(pc.cast(column, "string").combine_chunks(), value_set=rank).take(pa.array(row))
    shifted = pc.add(pc.cast(told, pa.int32()), pa.array((codes // len(first) * len(first)).astype(np.int32)))
    return pa.DictionaryArray.from_arrays(shifted, names)


def _write(table: pa.Table, path: Path) -> None:
    """Write row groups whose dictionaries hold the names that occur, as the program does."""
    with pq.ParquetWriter(path, table.schema, compression="zstd") as file:
        for begin in range(0, len(table), ROW_GROUP):
            part = table.slice(begin, ROW_GROUP)
            names = [x.name for x in table.schema if pa.types.is_dictionary(x.type)]
            coded = {x: pc.cast(part[x], "string").combine_chunks().dictionary_encode() for x in names}
            kept = [coded.get(x, part[x]) for x in table.column_names]
            file.write_table(pa.table(dict(zip(table.column_names, kept, strict=True)), table.schema))
