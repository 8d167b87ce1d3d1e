"""Makes `replay.html` of one result, or of two laid side by side in time."""

from __future__ import annotations

from typing import Any

from sim.errors import Fault, OutputError
from sim.report.page import page
from sim.report.replay.payload import payload
from sim.report.result import Result
from sim.report.scene import SCENE, read_scene
from sim.report.verdict import verdict

REPLAY = "replay.html"
_STYLES = ("page.css", "uplot/uPlot.min.css", "replay.css")
_SCRIPTS = (
    "language.js", "uplot/uPlot.iife.min.js", "unpack.js", "roads.js", "traffic.js", "camera.js", "ground.js",
    "draw.js", "signs.js", "air.js", "timeline.js", "panel.js", "show.js", "main.js",
)  # fmt: skip


def replay(
    results: list[Result],
    labels: list[str] | None = None,
    report: str = "",
    scenes: list[dict[str, Any] | None] | None = None,
) -> str:
    """The replay of results as a page.

    Args:
        results: one, or two to be seen side by side.
        labels: how each is called; by default by scenario and seed.
        report: address of the report, relative to the page; empty if there is none.
        scenes: of the results, where their folders do not hold them.

    Raises:
        OutputError: a result holds no trajectories or no scene.
    """
    given = scenes or [read_scene(x.folder / SCENE) for x in results]
    scenes_there = [_checked(*x) for x in zip(results, given, strict=True)]
    labels = labels or [f"{x.summary['scenario']}, seed {x.summary['seed']}" for x in results]
    told = {
        "title": " | ".join(labels),
        "verdict": verdict(results),
        "synthetic": any(x["synthetic"] for x in scenes_there),
        "report": report,
        "panes": labels,
        "payloads": [payload(*x) for x in zip(results, scenes_there, labels, strict=True)],
    }
    return page("replay.html", _STYLES, _SCRIPTS, told)


def _checked(result: Result, scene: dict[str, Any] | None) -> dict[str, Any]:
    missing = "scene.json" if scene is None else "trajectories.parquet" if "trajectories" not in result.tables else ""
    if scene is None or missing:
        wanted = "run it again with output: { trajectories: 1 s, pages: true }"
        raise OutputError(
            faults=[Fault(str(result.folder), f"holds no {missing}, so there is nothing to play", wanted)]
        )
    return scene
