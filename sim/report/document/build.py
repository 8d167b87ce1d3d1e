"""Makes `report.html` of a result: verdict and worst moment first, then figures, tables and how to repeat it."""

from __future__ import annotations

from typing import Any

from sim.report.conflicts import measured_of
from sim.report.document.figures import figures
from sim.report.document.messages import messages
from sim.report.document.numbers import number
from sim.report.document.worst import worst_moments
from sim.report.page import page
from sim.report.replay.happenings import faults
from sim.report.result import Result
from sim.report.scene import SCENE, read_scene
from sim.report.verdict import verdict
from sim.units import clock_text

REPORT = "report.html"
_STYLES, _SCRIPTS = ("page.css", "report.css"), ("language.js", "report.js")
_PAIRS = 12


def report(result: Result, replay: str = "") -> str:
    """The report of a result as a page; the same result, without what only tells of the machine, gives the same bytes.

    Args:
        replay: address of the replay, relative to the page; empty if there is none.
    """
    scene = read_scene(result.folder / SCENE)
    summary, manifest = result.summary, result.manifest
    moments = worst_moments(result)
    told = {
        "title": f"{summary['scenario']}, seed {summary['seed']}",
        "verdict": verdict([result]),
        "summary": summary,
        "manifest": manifest,
        "scene": scene,
        "replay": replay,
        "moments": moments,
        "figures": figures(result, scene) if scene else [],
        "key_figures": _key_figures(summary),
        "expect": [
            (name, *(x[y] for y in ("wanted", "got", "holds"))) for name, x in summary.get("expect", {}).items()
        ],
        "span": (clock_text(manifest["begin_s"]), clock_text(_end(result))),
        "cards": _cards(summary, scene),
        "conflicts": _conflicts(summary),
        "messages": messages(summary),
        "faults": faults(result),
        "automation": _automation(summary),
        "pairs": scene["demand"]["pairs"][:_PAIRS] if scene else [],
        "repeat": _repeat(result),
        "clock": clock_text,
        "number": number,
    }
    return page("report.html", _STYLES, _SCRIPTS, told)


def _end(result: Result) -> float:
    begin: float = result.manifest["begin_s"]
    return begin + float(result.summary["performance"]["simulated_s"])


def _key_figures(summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Key of the text, figure, unit."""
    vehicles, traffic, safety = summary["vehicles"], summary["traffic"], summary["safety"]
    told = [
        (
            "key.vehicles",
            number(vehicles["arrived"]),
            f"/ {number(vehicles['departed'])} / {number(vehicles['scheduled'])}",
        ),
        ("key.duration", number(traffic["mean_duration_s"]), "s"),
        ("key.lost", number(traffic["mean_time_loss_s"]), "s"),
        ("key.waiting", number(traffic["mean_waiting_time_s"]), "s"),
        ("key.speed", number(_kmh(traffic["mean_speed_mps"])), "km/h"),
        ("key.distance", number(traffic["distance_km"]), "km"),
        ("key.stops", number(traffic["stops_per_vehicle"]), ""),
        ("key.automated", number(_percent(summary["av"]["share_of_distance"]), 3), "%"),
    ]
    for name, rate in safety["per_1000_km"].items():
        if isinstance(safety.get(name), int):
            told.append((f"key.{name}", number(safety[name]), f"{_rate(rate)} / 1,000 km"))
    return told


def _automation(summary: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Name, part, figure and interval of all that is told of automated vehicles that ask for a driver."""
    rows: list[tuple[str, str, str, str]] = []
    if not summary["av"].get("disengagements"):
        return rows  # they never ask
    for name, told in summary["av"].items():
        if name in ("distance_km", "share_of_distance"):
            continue
        if isinstance(told, dict) and {"low", "high"} <= set(told):
            middle = next((told[x] for x in ("mean", "rate") if x in told), None)
            rows.append((name, "", number(middle), f"[{number(told['low'])}, {number(told['high'])}]"))
        elif isinstance(told, dict):
            rows += [(name, part, number(x), "") for part, x in told.items()]
        else:
            rows.append((name, "", number(told), ""))
    return rows


def _rate(rate: dict[str, Any]) -> str:
    """A rate with its interval, never a bare zero."""
    if rate["high"] is None:
        return "–"
    if not rate["rate"]:
        return f"≤ {number(rate['high'], 3)}"
    return f"{number(rate['rate'], 3)} [{number(rate['low'], 3)}, {number(rate['high'], 3)}]"


def _kmh(speed: float | None) -> float | None:
    return None if speed is None else speed * 3.6


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0


def _cards(summary: dict[str, Any], scene: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What each card is, where its values come from, and what it came to."""
    told = {x["name"]: x for x in (scene or {}).get("cards", [])}
    rows = []
    for name, came in summary["vehicles"]["by_card"].items():
        card = told.get(name, {})
        values = card.get("parameters", {}).values()
        unsure = sum(x["standing"] in ("assumed", "memory") for x in values)
        sources = sorted({x["source"] for x in values if x["source"] and x["standing"] not in ("assumed", "memory")})
        rows.append({"name": name, "card": card, "unsure": unsure, "values": len(values), "sources": sources, **came})
    return rows


def _conflicts(summary: dict[str, Any]) -> dict[str, Any] | None:
    """Counts of conflicts by measure with threshold, rate and interval."""
    told = measured_of(summary)
    if not told:
        return None
    rates = summary["safety"]["per_1000_km"]
    rows = [
        (x, limit, told[x], _rate(rates[x]) if x in rates else "–")
        for x, limit in told["thresholds"].items()
        if x in told
    ]
    return {"rows": rows, "encounters": told["encounters"], "missed": told.get("missed", 0)}


def _repeat(result: Result) -> dict[str, Any]:
    """What is needed to have the run again."""
    manifest = result.manifest
    command = manifest["command"] or f"sim.run(sim.load(…), seed={manifest['seed']})"
    versions = {"pilotzone": manifest["pilotzone"], **manifest["versions"]}
    return {"command": command, "versions": versions, "inputs": manifest["inputs"]}
