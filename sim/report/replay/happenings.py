"""What a replay shows beside the vehicles: events, signals, stays at stops, closures, and heat of the roads."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow.compute as pc

from sim.engine.events import FAULTS
from sim.metrics import thresholds
from sim.report.replay.airwaves import delivery, lost
from sim.report.result import Result
from sim.report.scene import SCENE, read_scene
from sim.state.belief import NAMES as APPLICATIONS

#: Events that a reader looks for, worst first; a kind that is not named here stands behind those that are.
WORST = (
    "collision",
    "jam",
    "red_light_entry",
    "emergency_braking",
    "conflict",
    "minimal_risk_manoeuvre",
    "transition_demand",
    "take_over",
)
#: Kinds that follow from others, are frequent or were asked for by the scenario: last, and never the worst moment.
PLANNED = (
    "ads_off", "remote_help", "message_lost", "incident_begin", "incident_end", "close", "open", "fault_begin",
    "fault_end", "sign_begin", "sign_end", "advice",
)  # fmt: skip
#: Kinds of which a larger value is worse; others stand in order of time.
_MEASURED = ("collision", "jam", "red_light_entry", "emergency_braking", "take_over")
#: Kinds too frequent for a timeline; they are in events.parquet, and the replay shows them as what they are.
USUAL = (
    "depart", "arrive", "lane_change", "stop_begin", "stop_end", "signal", "reroute", "heard", "advice", "ads_on",
    "passage_open", "passage_shut", "platoon_split",
)  # fmt: skip
MOST_EVENTS = 4000
#: Of advice so many stand among the events; of more, none do.
MOST_ADVICE = 200
#: Counts of conflicts, by name, that a reader is led to. Source: thresholds of `sim.metrics`.
SERIOUS = ("ttc_1_5s", "pet_2s", "drac_3_4")
_HEAVY = 60.0  #: delay that is drawn darkest [s a vehicle]


def _rows(result: Result, kinds: tuple[str, ...], without: bool = False) -> list[dict[str, Any]]:
    table = result.events
    found = pc.is_in(pc.cast(table["kind"], "string"), value_set=_strings(kinds))
    rows: list[dict[str, Any]] = table.filter(pc.invert(found) if without else found).to_pylist()
    return rows


def _strings(names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.array(names, pa.string())


def ranked(result: Result) -> list[dict[str, Any]]:
    """Everything that is not everyday driving, worst first: the one order of the replay, the report and the terminal.

    By kind (`WORST`; behind them people on foot who do not wait for their light), then by how bad it was, then by time
    and name. A conflict has as `value` what was left [s].
    """
    advice = _rows(result, ("advice",))
    rows = _rows(result, USUAL, without=True) + [_conflict(x) for x in serious(result)] + lost(result)
    rows += advice if len(advice) <= MOST_ADVICE else []
    told = {kind: i for i, kind in enumerate(WORST)} | {kind: len(WORST) + 1 + i for i, kind in enumerate(PLANNED)}
    on_foot = _on_foot(result) if any(x["kind"] == "red_light_entry" for x in rows) else set()

    def rank(row: dict[str, Any]) -> int:
        usual = row["kind"] == "red_light_entry" and row["subject"] in on_foot  # every tenth person on foot does so
        return len(WORST) if usual else told.get(row["kind"], len(WORST))

    return sorted(rows, key=lambda x: (rank(x), _mildness(x), x["time_s"], x["subject"] or ""))


def _on_foot(result: Result) -> set[str]:
    """Ids of people on foot."""
    scene = read_scene(result.folder / SCENE) or {"cards": []}
    cards = [x["name"] for x in scene["cards"] if x["vehicle_class"] == "pedestrian"]
    found = pc.is_in(pc.cast(result.trips["card"], "string"), value_set=_strings(tuple(cards)))
    return set(pc.cast(result.trips.filter(found)["id"], "string").to_pylist())


def _conflict(row: dict[str, Any]) -> dict[str, Any]:
    """A row of conflicts.parquet as an event."""
    margin = _margin(row)
    return {**row, "kind": "conflict", "subject": row["id"], "value": margin if np.isfinite(margin) else None}


def _mildness(row: dict[str, Any]) -> float:
    """The less, the worse, among events of one kind."""
    value = row["value"]
    if row["kind"] == "conflict":
        return np.inf if value is None else float(value)
    return -abs(value or 0.0) if row["kind"] in _MEASURED else 0.0


def serious(result: Result) -> list[dict[str, Any]]:
    """Encounters that a usual threshold calls conflicts, worst first: least time to collision or encroachment."""
    if "conflicts" not in result.tables:
        return []
    table = result.table("conflicts")
    limits = [limit for name, limit in thresholds().items() if name in SERIOUS and limit.column in table.column_names]
    columns = {x.column: table[x.column].to_numpy(zero_copy_only=False).astype(float) for x in limits}
    found = np.zeros(len(table), bool)
    for limit in limits:
        found |= limit.holds(columns)
    rows: list[dict[str, Any]] = table.filter(found).to_pylist()
    return sorted(rows, key=lambda x: (_margin(x), x["time_s"], x["id"]))


def _margin(row: dict[str, Any]) -> float:
    """Time that was left in a conflict [s]."""
    told = [x for x in (row.get("ttc_s"), row.get("pet_s")) if x is not None]
    return min(told, default=np.inf)


def events(result: Result, scene: dict[str, Any]) -> dict[str, Any]:
    """Notable events as columns, in order of time, with their rank among the worst; of very many the worst."""
    rows = ranked(result)
    order = sorted(range(min(MOST_EVENTS, len(rows))), key=lambda i: (rows[i]["time_s"], i))
    kept = [rows[i] for i in order]
    kinds = sorted({x["kind"] for x in kept})
    lanes = {x: i for i, x in enumerate(scene["lanes"]["id"])}
    return {
        "kinds": kinds,
        "left_out": len(rows) - len(kept),
        "rank": order,
        "time": [round(x["time_s"], 3) for x in kept],
        "kind": [kinds.index(x["kind"]) for x in kept],
        "what": [_what(x) for x in kept],
        "subject": [x["subject"] for x in kept],
        "other": [x["other"] for x in kept],
        "value": [None if x["value"] is None else round(x["value"], 3) for x in kept],
        "lane": [lanes.get(x["lane"], -1) for x in kept],
        "edge": [x["edge"] for x in kept],
        "position": [round(x["position_m"] or 0.0, 2) for x in kept],
    }


def _what(row: dict[str, Any]) -> str | None:
    """Which fault it is, or which application advises; None of other events."""
    names = {"fault_begin": FAULTS, "fault_end": FAULTS, "advice": APPLICATIONS}.get(row["kind"])
    return names[int(row["value"])] if names else None


def faults(result: Result) -> list[list[Any]]:
    """Which fault befell whom, from when to when [s]; null: to the end."""
    rows = [{**x, "fault": (_what(x), x["subject"] or "")} for x in _rows(result, ("fault_begin", "fault_end"))]
    return [[*who, begin, end] for who, begin, end in _spans(rows, "fault_begin", "fault")]


def switches(result: Result, scene: dict[str, Any]) -> list[list[list[float]]]:
    """Of each signal when it switched [s], and to which phase."""
    rank = {x["id"]: i for i, x in enumerate(scene["signals"])}
    found: list[list[list[float]]] = [[[], []] for _ in rank]
    for row in _rows(result, ("signal",)):
        at = rank.get(row["subject"])
        if at is not None:
            found[at][0].append(round(row["time_s"], 3))
            found[at][1].append(int(row["value"]))
    return found


def turns(result: Result, scene: dict[str, Any]) -> list[list[list[float]]]:
    """Of each shared strip when [s] the way changed, and who had it then: 0 as drawn, 1 against it, -1 nobody."""
    strips = [pair[0] for passage in scene.get("passages", []) for pair in passage["strips"]]
    rank = {scene["edges"]["id"][edge]: i for i, edge in enumerate(strips)}
    found: list[list[list[float]]] = [[[], []] for _ in rank]
    for row in _rows(result, ("passage_open", "passage_shut")):
        if row["edge"] in rank:
            times, ways = found[rank[row["edge"]]]
            times.append(round(row["time_s"], 3))
            ways.append(int(row["value"]) if row["kind"] == "passage_open" else -1)
    return found


def stays(result: Result) -> list[list[Any]]:
    """Who stood at a stop, from when to when [s]; null: to the end."""
    return _spans(_rows(result, ("stop_begin", "stop_end")), "stop_begin", "subject")


def by_hand(result: Result) -> list[list[Any]]:
    """Who, automated, was driven by a person, from when to when [s]; null: to the end."""
    return _spans(_rows(result, ("ads_off", "ads_on")), "ads_off", "subject")


def advised(result: Result) -> list[list[Any]]:
    """Who was advised by an application, and when this began [s]."""
    return [[x["subject"], round(x["time_s"], 3)] for x in _rows(result, ("advice",))[:MOST_EVENTS]]


def closures(result: Result) -> list[list[Any]]:
    """Which edge was closed, from when to when [s]; null: to the end."""
    return _spans(_rows(result, ("close", "open")), "close", "edge")


def _spans(rows: list[dict[str, Any]], first: str, name: str) -> list[list[Any]]:
    open_, found = {}, []
    for row in rows:
        who = row[name]
        if row["kind"] == first:
            open_[who] = [who, round(row["time_s"], 3), None]
            found.append(open_[who])
        elif who in open_:
            open_.pop(who)[2] = round(row["time_s"], 3)
    return found


def connected(result: Result) -> list[str]:
    """Vehicles that were on the air."""
    if "stations" not in result.tables:
        return []
    table = result.table("stations")
    told: list[str] = pc.unique(pc.cast(table.filter(pc.is_valid(table["edge"]))["id"], "string")).to_pylist()
    return told


def heat(result: Result, scene: dict[str, Any]) -> dict[str, Any]:
    """How each edge did in each interval, 0 bad to 1 good: {begin: [...], layer: [[[edge, value] …] an interval]}."""
    if "edges" not in result.tables:
        return {"begin": []}
    table = result.edges
    rank = {x: i for i, x in enumerate(scene["edges"]["id"])}
    limits: dict[int, float] = {}
    for edge, speed in zip(scene["lanes"]["edge"], scene["lanes"]["speed_mps"], strict=True):
        limits[edge] = max(limits.get(edge, 0.0), speed or 0.0)
    edge = np.array([rank.get(x, -1) for x in pc.cast(table["edge"], "string").to_pylist()])
    limit = np.array([limits.get(int(x), 0.0) or np.nan for x in edge])
    speed, delay = (table[x].to_numpy(zero_copy_only=False).astype(float) for x in ("speed_mps", "delay_s"))
    begin = table["begin_s"].to_numpy()
    layers = {"speed": np.clip(speed / limit, 0.0, 1.0), "delay": 1.0 - np.clip(delay / _HEAVY, 0.0, 1.0)}
    begins = np.unique(begin)
    told: dict[str, Any] = {"begin": [float(x) for x in begins]}
    for name, value in layers.items():
        good = ~np.isnan(value) & (edge >= 0)
        told[name] = [
            [[int(e), round(float(v), 2)] for e, v in zip(edge[rows], value[rows], strict=True)]
            for rows in ((begin == x) & good for x in begins)
        ]
    heard = delivery(result, begins, rank)
    if heard is not None:
        told["delivery"] = heard
    if "conflicts" in result.tables:
        told["conflicts"] = _conflicts(serious(result), rank, begins)
    return told


def _conflicts(rows: list[dict[str, Any]], rank: dict[str, int], begins: np.ndarray) -> list[list[list[float]]]:
    """Of each interval the edges with conflicts and how they stand against the worst of the run: 0 worst, 1 none."""
    counts: Counter[tuple[int, int]] = Counter()
    for row in rows:
        interval = int(np.searchsorted(begins, row["time_s"], side="right")) - 1
        counts[interval, rank.get(row["edge"], -1)] += 1
    most = max(counts.values(), default=1)
    found: list[list[list[float]]] = [[] for _ in begins]
    for (interval, edge), count in sorted(counts.items()):
        if interval >= 0 and edge >= 0:
            found[interval].append([edge, round(1.0 - count / most, 2)])
    return found
