"""The pages of a result folder: the report, and the replay where there are trajectories to play."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.errors import OutputError, SimError
from sim.report.document.build import REPORT, report
from sim.report.folder import MANIFEST, write_json, writing
from sim.report.replay.build import REPLAY, replay
from sim.report.result import Result
from sim.report.scene import SCENE
from sim.report.whole import reading

_CURE = "all else of the run is kept; pilotzone report makes them anew"


def write_pages(result: Result) -> list[Path]:
    """Write every page that a result has enough for; their paths.

    Raises:
        OutputError: they cannot be written.
    """
    playable = can_play(result)
    written = [write_page(result.folder / REPORT, report(result, REPLAY if playable else ""))]
    if playable:
        written.append(write_page(result.folder / REPLAY, replay([result], report=REPORT)))
    return written


def renew_pages(folder: Path) -> list[Path]:
    """Write the pages of a saved result again; their paths.

    Raises:
        OutputError: they cannot be written, or the result is damaged.
    """
    with reading(folder):
        return write_pages(Result(folder).checked())


def give_pages(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the pages of a result on its way; if they fail, the result goes without, and its manifest warns of that.

    Args:
        folder: of the result, in which all else is.
        manifest: what `manifest.json` there holds; `warnings` is added to.
    """
    try:
        write_pages(Result(folder, whole=False))
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) and multiprocessing.parent_process():
            raise  # a worker of a study that is told to end ends
        for page in (*folder.glob(f"{REPORT}*"), *folder.glob(f"{REPLAY}*")):
            page.unlink()
        manifest["warnings"] = [*manifest["warnings"], f"no pages were made: {_why(error)}; {_CURE}"]
        with suppress(OutputError), writing(folder):  # then only who has started the run is told
            fresh = folder / f"{MANIFEST}.new"
            write_json(fresh, manifest)
            fresh.replace(folder / MANIFEST)


def _why(error: BaseException) -> str:
    """An error in a few words, without its place."""
    if isinstance(error, SimError) and error.faults:
        return error.faults[0].what
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return f"internal error: {type(error).__name__}: {error}".splitlines()[0]


def replay_of(folder: Path) -> Path:
    """The replay page in a result folder, made if it is not there.

    Raises:
        OutputError: the folder holds no result, or the result nothing to play.
    """
    page = folder / REPLAY
    result = Result(folder)
    if page.is_file():
        return page
    with reading(folder):
        return write_page(page, replay([result.checked()], report=REPORT))


def replay_beside(folder: Path, other: Path) -> Path:
    """A page in the first result's folder that plays two results side by side in time.

    Raises:
        OutputError: a folder holds no result, or nothing to play.
    """
    results = [Result(folder).checked(), Result(other).checked()]
    labels = [x.summary["scenario"] for x in results]
    if labels[0] == labels[1]:
        labels = [f"{x.name or x}" for x in (folder.resolve(), other.resolve())]
    name = f"replay-beside-{other.resolve().name}.html"
    with reading(folder):
        return write_page(folder / name, replay(results, labels))


def can_play(result: Result) -> bool:
    """Whether a result holds what a replay needs."""
    return "trajectories" in result.tables and (result.folder / SCENE).is_file()


def write_page(path: Path, text: str) -> Path:
    """Write a page so that it appears only when it is whole."""
    with writing(path):
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    return path
