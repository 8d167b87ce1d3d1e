"""Why an option changed something: where it began, which roads carry it, who wins and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sim.report.result import Result
from sim.upgrade import Operation

_ROADS, _PEOPLE = 5, 3
#: A trip that differs by less is as before [s]. Source: assumed, a step or so.
_SAME = 1.0


def reasons(pairs: Sequence[tuple[Result, Result]], operations: Sequence[Operation]) -> dict[str, Any]:
    """Of all pairs: the earliest event in which the first differs, roads by time lost, and people by trip time."""
    if not pairs:
        return {}
    touched = sorted({x.road for x in operations if isinstance(getattr(x, "road", None), str)})  # type: ignore[attr-defined]
    found = {"first": first_event(*pairs[0]), "roads": roads(pairs), "people": people(pairs)}
    return found | {"use": use(pairs, touched)}


def use(pairs: Sequence[tuple[Result, Result]], touched: Sequence[str]) -> list[dict[str, Any]]:
    """Vehicles a run on the roads that an option touches, both directions: on the base, and on the option.

    Of a road in pieces (a shared passage) the piece counts that most of them enter.
    """
    runs = [[_entered(x) for x in side] for side in zip(*pairs, strict=True)]
    found = []
    for road in touched:
        one, other = (sum(x.get(road, 0.0) for x in side) / len(side) for side in runs)
        found.append({"road": road, "base": one, "option": other})
    return found


def _entered(result: Result) -> dict[str, float]:
    """Vehicles that entered each road of the map, both directions."""
    pieces = dict[str, float]()
    edges = result.edges
    for name, count in zip(edges["edge"].to_pylist(), edges["entered"].to_pylist(), strict=True):
        pieces[name] = pieces.get(name, 0.0) + (count or 0.0)
    ways = dict[str, float]()
    for name, count in pieces.items():
        way = str(name).split(".")[0]
        ways[way] = max(ways.get(way, 0.0), count)
    return {road: ways.get(road, 0.0) + ways.get(f"-{road}", 0.0) for road in {x.removeprefix("-") for x in ways}}


def first_event(reference: Result, option: Result) -> dict[str, Any] | None:
    """The earliest event that one run has and the other has not; None if their events are the same."""
    one, other = ([tuple(row.values()) for row in x.events.to_pylist()] for x in (reference, option))
    names = reference.events.column_names
    for a, b in zip([*one, None], [*other, None], strict=False):
        if a != b:
            rows = [(x, of) for x, of in ((a, "base"), (b, "option")) if x is not None]
            row, of = min(rows, key=lambda x: x[0][0])
            return dict(zip(names, row, strict=True)) | {"only_on": of, "seed": reference.summary["seed"]}
    return None


def roads(pairs: Sequence[tuple[Result, Result]]) -> list[dict[str, Any]]:
    """Roads whose time lost differs most, mean over pairs [s]."""
    change = dict[str, float]()
    for pair in pairs:
        for sign, result in zip((-1.0, 1.0), pair, strict=True):
            edges = result.edges.select(["edge", "time_loss_s"])
            for name, lost in zip(edges["edge"].to_pylist(), edges["time_loss_s"].to_pylist(), strict=True):
                road = str(name).removeprefix("-")
                change[road] = change.get(road, 0.0) + sign * (lost or 0.0)
    most = sorted(change, key=lambda x: (-abs(change[x]), x))[:_ROADS]
    return [{"road": x, "time_loss_s": change[x] / len(pairs)} for x in most]


def people(pairs: Sequence[tuple[Result, Result]]) -> dict[str, Any]:
    """The same people before and after: how many arrive sooner and later, and whose trip changes most [s]."""
    sooner = later = same = 0
    most = list[tuple[float, str, int]]()
    for reference, option in pairs:
        ids, change = _changes(reference.trips, option.trips)
        sooner += int((change < -_SAME).sum())
        later += int((change > _SAME).sum())
        same += int((np.abs(change) <= _SAME).sum())
        order = np.argsort(change, kind="stable")
        for row in {*order[:_PEOPLE].tolist(), *order[-_PEOPLE:].tolist()}:
            most.append((float(change[row]), ids[row], int(reference.summary["seed"])))
    most.sort()
    told = [{"id": name, "seed": seed, "change_s": change} for change, name, seed in most]
    return {"sooner": sooner, "later": later, "same": same, "winners": told[:_PEOPLE], "losers": told[::-1][:_PEOPLE]}


def _changes(reference: pa.Table, option: pa.Table) -> tuple[list[str], np.ndarray]:
    """People who arrive on both runs, and how much later they do on the second [s]."""
    before = dict(zip(reference["id"].to_pylist(), reference["arrival_s"].to_pylist(), strict=True))
    after = dict(zip(option["id"].to_pylist(), option["arrival_s"].to_pylist(), strict=True))
    ids = [x for x, time in before.items() if time is not None and after.get(x) is not None]
    return ids, np.array([after[x] - before[x] for x in ids], float)
