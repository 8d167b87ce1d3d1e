"""What was said and heard, as figures and tables: fate of packets by distance, age of information, causes of loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from markupsafe import Markup

from sim.apps import APPS
from sim.engine.zones import OUTSIDE
from sim.report.document.clock import clock_axis
from sim.report.document.numbers import number
from sim.report.document.svg import beside, drawn
from sim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A class of distance with fewer packets is not drawn. Source: assumed.
_LEAST = 20
#: Causes of loss, each with a colour of Okabe and Ito's palette, nearest to the receiver first.
_SHADES = {
    "half_duplex": "#56b4e9", "sensitivity": "#999999", "propagation": "#0072b2", "collision": "#d55e00",
    "busy": "#e69f00", "loss": "#cc79a7", "outage": "#444444", "jammed": "#7b3294",
}  # fmt: skip


_MET = {True: "holds", False: "broken", None: "open"}


def delivery(result: Result) -> Markup | None:
    """What becomes of packets by distance: heard below, above that the causes of loss."""
    path = result.folder / "deliveries.parquet"
    if not path.is_file():
        return None
    table = pq.ParquetFile(path).read()
    names = [x for x in table.column_names if x != "distance_m"]
    counts = np.column_stack([table[x].to_numpy() for x in names]).astype(float)
    kept = counts.sum(1) >= _LEAST
    if kept.sum() < 2:
        return None
    distance, counts = table["distance_m"].to_numpy()[kept], counts[kept]
    shares = 100.0 * counts / counts.sum(1)[:, None]

    def draw(axes: Axes) -> None:
        below = np.zeros(len(distance))
        for name, own in zip(names, shares.T, strict=True):
            cause = name.removeprefix("lost_")
            if own.max() > 0.0:
                colour = "#dcebe0" if name == "heard" else _SHADES.get(cause, "#bbbbbb")
                axes.fill_between(distance, below, below + own, color=colour, lw=0, label=f"[[fate.{cause}]]")
            below = below + own
        axes.plot(distance, shares[:, names.index("heard")], color="#1b6e3c", lw=2)
        low = max(0.0, 10.0 * np.floor(shares[:, names.index("heard")].min() / 10.0) - 10.0)
        axes.set(xlabel="[[axis.distance]]", ylabel="[[axis.share]]", ylim=(low, 100))
        axes.set_xlim(distance[0], distance[-1])
        beside(axes, 2)

    return drawn("delivery", draw)


def age(result: Result) -> Markup | None:
    """How old what vehicles know of each other is, over the time of day: median, and where nine of ten lie."""
    if "stations" not in result.tables:
        return None
    table = result.table("stations")
    time, ages = table["time_s"].to_numpy(), table["age_s"].to_numpy(zero_copy_only=False).astype(float) * 1000.0
    good = np.isfinite(ages)
    if good.sum() < _LEAST:
        return None
    bounds = np.linspace(time[good].min(), time[good].max() + 1e-6, 41)
    rank = np.searchsorted(bounds, time[good], side="right") - 1
    own = [ages[good][rank == i] for i in range(40)]
    told = np.array([(i, *np.percentile(x, (5, 50, 95))) for i, x in enumerate(own) if len(x) >= 3])
    middle = ((bounds[:-1] + bounds[1:]) / 2)[told[:, 0].astype(int)]

    def draw(axes: Axes) -> None:
        axes.fill_between(middle, told[:, 1], told[:, 3], color="#56349a", alpha=0.18, lw=0)
        axes.plot(middle, told[:, 2], color="#56349a", lw=2)
        axes.set(xlabel="[[axis.time]]", ylabel="[[axis.age]]", ylim=(0, None))
        clock_axis(axes)

    return drawn("age", draw)


def messages(summary: dict[str, Any]) -> dict[str, Any] | None:
    """What the tables of the report tell of messages; None without a radio."""
    told = summary.get("v2x")
    if not told or told["counted"] is None:
        return None
    kinds = [(name, said, told["heard"].get(name, 0)) for name, said in told["said"].items()]
    lost = [(f"fate.{cause}", count) for cause, count in told["lost"].items() if count]
    names = ("latency_ms", "inter_packet_gap_ms", "age_of_information_ms")
    times = [(f"v2x.{name}", _spread(told[name])) for name in names if told.get(name)]
    ratio, busy = told.get("packet_delivery_ratio"), told.get("channel_busy_ratio") or {}
    shares = [("v2x.delivery", _percent(ratio))]
    shares += [(f"v2x.busy.{name}", _percent(busy[name])) for name in ("mean", "max") if name in busy]
    return {
        "apps": _apps(told.get("apps") or {}),
        "kinds": [(*x, *_of_kind(told.get("by_message", {}).get(x[0]))) for x in kinds],
        "lost": lost,
        "cells": [_of_cell(name, x) for name, x in (told.get("cells") or {}).items()],
        "times": times,
        "shares": shares,
        "flawed": [(f"flaw.{name}", told[name]) for name in ("stale_heard", "forged_heard") if told.get(name)],
        "sensing": [(f"sensed.{x}", count) for x, count in told.get("sensing", {}).items() if count],
    }


def _of_kind(told: dict[str, Any] | None) -> tuple[str, ...]:
    """Rate [1/s], size [byte], delay and age [ms] of a kind of message."""
    if not told:
        return ("–",) * 4
    ages, delays = told["age_of_information_ms"], told["latency_ms"]
    spread = [f"{number(x['mean'], 3)} / {number(x['p95'], 3)}" for x in (delays, ages)]
    return number(told["said_per_s"], 3), number(told["bytes"], 3), *spread


def _of_cell(name: str, told: dict[str, Any]) -> dict[str, Any]:
    """A row of the table by cell: counts, shares, delay mean / p95 [ms], loads [Mbit/s] and waits [ms]."""
    fates = told["heard"] + sum(told["lost"].values())
    late = told["latency_ms"]
    return {
        "name": name,
        "outside": name == OUTSIDE,
        "said": told["said"],
        "heard": told["heard"],
        "delivery": _percent(told["packet_delivery_ratio"]),
        "latency": f"{number(late['mean'], 3)} / {number(late['p95'], 3)}",
        "lost": [(f"fate.{cause}", _percent(n / fates)) for cause, n in told["lost"].items() if n],
        "up": _load(told["up"]),
        "down": _load(told["down"]),
    }


def _load(end: dict[str, float | None]) -> str:
    """How full an end of a cell was."""
    names = ("load_bps", "load_bps_max", "capacity_bps")
    rates = [None if (x := end[name]) is None else 1e-6 * x for name in names]
    wait = f"; {number(end['wait_ms_max'], 3)} ms" if end["wait_ms_max"] else ""
    return " / ".join(number(x, 3) for x in rates) + wait


def _apps(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each application how often it acted, its other figures, and what it needs of the radio beside what it got."""
    rows = []
    for name, app in told.items():
        figures = [(key, number(x)) for key, x in app.items() if isinstance(x, int | float) and key != "met"]
        needs = [
            (x.get("message", ""), need, number(x["wanted"], 3), number(x["got"], 3), _MET[x["met"]])
            for need, x in (app.get("needs") or {}).items()
        ]
        rows.append({"name": name, "title": APPS[name].title, "figures": figures, "needs": needs})
    return rows


def _spread(told: dict[str, float | None]) -> str:
    return " / ".join(f"{name} {number(told[name], 3)}" for name in ("mean", "p50", "p95", "p99") if name in told)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number(100.0 * share, 3)} %"
