"""Who was on the air when, how much of it arrived, and who knew what of whom: packed as arrays for the page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.report.result import Result

#: Rows in one page; of more only every second, third … instant is kept.
MOST_ROWS = 1_500_000
MOST_BELIEFS = 1_000_000
#: Ages are told in hundredths of a second up to 2.54 s; 255: nothing known. Loads in tens of messages a second.
NOTHING, _AGE, _LOAD = 255, 0.01, 10.0
#: Who is within range of a roadside unit and was not heard for so long is told as lost [s]. Source: assumed.
LOST = 2.0
_MOST_LOST = 400


def airwaves(result: Result, ids: list[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the header tells, and arrays: a row a station and instant, and a row a roadside unit and vehicle in range.

    Args:
        ids: of the replay's tracks.
    """
    if "stations" not in result.tables:
        return {"times": []}, {}
    table = _kept(result.table("stations"), MOST_ROWS)
    times, instant = np.unique(table["time_s"].to_numpy(), return_inverse=True)
    rank = {name: i for i, name in reversed(list(enumerate(ids)))}
    units = sorted({x for x in _names(table["id"]) if x not in rank} - {None})
    ranks = rank | {name: len(ids) + i for i, name in enumerate(units)}
    who = np.array([ranks.get(x, -1) for x in _names(table["id"])], np.int64)
    arrays = {"air_begin": np.searchsorted(instant, np.arange(len(times) + 1)).astype(np.uint32)}
    arrays["air_who"] = who.astype(np.uint32)
    for name in ("in_range", "known", "latest", "heard_by"):
        arrays[f"air_{name}"] = np.minimum(table[name].to_numpy(), 65_535).astype(np.uint16)
    arrays["air_age"] = _ages(table["age_s"])
    arrays["air_load"] = np.minimum(np.round(table["load_per_s"].to_numpy() / _LOAD), 255).astype(np.uint8)
    return {"times": [round(float(x), 3) for x in times], "units": units}, arrays | _links(result, times, ranks, units)


def _links(result: Result, times: np.ndarray, ranks: dict[str, int], units: list[str]) -> dict[str, np.ndarray]:
    """Arrays of links at the instants that are kept."""
    table = result.table("links")
    table = table.filter(pc.is_in(table["time_s"], value_set=pa.array(times)))
    instant = np.searchsorted(times, table["time_s"].to_numpy())
    unit = {name: i for i, name in enumerate(units)}
    return {
        "link_begin": np.searchsorted(instant, np.arange(len(times) + 1)).astype(np.uint32),
        "link_unit": np.array([unit.get(x, 0) for x in _names(table["unit"])], np.uint16),
        "link_who": np.array([ranks.get(x, 0) for x in _names(table["id"])], np.uint32),
        "link_heard": _ages(table["heard_age_s"]),
        "link_told": _ages(table["told_age_s"]),
    }


def beliefs(
    result: Result, ids: list[str], lanes: list[str], unit: float
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the header tells, and arrays: a row a vehicle and another one near it, what it knows of where that is.

    Args:
        ids: of the replay's tracks.
        lanes: ids, in the order of the scene.
        unit: of positions [m].
    """
    if "beliefs" not in result.tables:
        return {"times": []}, {}
    table = _kept(result.table("beliefs"), MOST_BELIEFS)
    times, instant = np.unique(table["time_s"].to_numpy(), return_inverse=True)
    rank = {name: i for i, name in reversed(list(enumerate(ids)))}
    lane_of = {name: i for i, name in enumerate(lanes)}
    who, about = (np.array([rank.get(x, -1) for x in _names(table[name])], np.int64) for name in ("id", "about"))
    seen = (who >= 0) & (about >= 0)
    place = np.nan_to_num(table["position_m"].to_numpy(zero_copy_only=False).astype(float))
    lane = np.array([lane_of.get(x, 0) for x in _names(table["lane"])], np.uint32)
    arrays = {
        "belief_begin": np.searchsorted(instant[seen], np.arange(len(times) + 1)).astype(np.uint32),
        "belief_who": who[seen].astype(np.uint32),
        "belief_about": about[seen].astype(np.uint32),
        "belief_age": _ages(table["age_s"])[seen],
        "belief_lane": lane[seen],
        "belief_place": np.clip(np.round(place / unit), 0, 65_535).astype(np.uint16)[seen],
    }
    return {"times": [round(float(x), 3) for x in times]}, arrays


def _kept(table: pa.Table, most: int) -> pa.Table:
    """Every so many instants, so that the rows fit in a page."""
    every = -(-len(table) // most)
    if every <= 1:
        return table
    times = np.unique(table["time_s"].to_numpy())[::every]
    return table.filter(pc.is_in(table["time_s"], value_set=pa.array(times)))


def _names(column: Any) -> list[Any]:
    told: list[Any] = pc.cast(column, "string").to_pylist()
    return told


def _ages(column: Any) -> np.ndarray:
    age = column.to_numpy(zero_copy_only=False).astype(float)
    return np.where(np.isnan(age), NOTHING, np.clip(np.round(age / _AGE), 0, NOTHING - 1)).astype(np.uint8)


def delivery(result: Result, begins: np.ndarray, rank: dict[str, int]) -> list[list[list[float]]] | None:
    """Of each interval and edge: share of the last messages said within range of its vehicles that they heard."""
    if "stations" not in result.tables or not len(begins):
        return None
    table = result.table("stations")
    edge = np.array([rank.get(x, -1) for x in _names(table["edge"])], np.int64)
    interval = np.searchsorted(begins, table["time_s"].to_numpy(), side="right") - 1
    good = (edge >= 0) & (interval >= 0)
    key = (interval * (len(rank) + 1) + edge)[good]
    keys, at = np.unique(key, return_inverse=True)
    near, heard = (np.bincount(at, table[x].to_numpy()[good], len(keys)) for x in ("in_range", "latest"))
    found: list[list[list[float]]] = [[] for _ in begins]
    for each, low, high in zip(keys.tolist(), heard.tolist(), near.tolist(), strict=True):
        if high > 0:
            found[each // (len(rank) + 1)].append([each % (len(rank) + 1), round(low / high, 2)])
    return found


def lost(result: Result) -> list[dict[str, Any]]:
    """When a roadside unit stopped hearing a vehicle within its range for `LOST` or longer: as events, in order."""
    if "links" not in result.tables:
        return []
    rows = result.table("links").to_pylist()
    silent: dict[tuple[str, str], bool] = {}
    seen: dict[tuple[str, str], float] = {}
    found = []
    for row in rows:
        pair, age = (row["unit"], row["id"]), row["heard_age_s"]
        before = pair in seen and row["time_s"] - seen[pair] < 2.0 * LOST  # it was within range already
        seen[pair] = row["time_s"]
        now = before and (age is None or age >= LOST)
        if now and not silent.get(pair):
            found.append(_event(row))
        silent[pair] = now
    return found[:_MOST_LOST]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    place = {"edge": None, "lane": None, "position_m": None}
    told = {"kind": "message_lost", "subject": row["id"], "other": row["unit"], "value": row["heard_age_s"]}
    return {"time_s": row["time_s"], **told, **place}
