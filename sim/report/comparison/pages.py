"""The pages of a study's folder: its report, and base and option played beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.report.comparison.build import REPORT, STUDY, study_report
from sim.report.comparison.markdown import TABLE, markdown
from sim.report.comparison.pairs import REFERENCE
from sim.report.comparison.roads import SCENES
from sim.report.pages import write_page
from sim.report.replay.build import replay
from sim.report.result import Result
from sim.report.scene import read_scene
from sim.report.whole import read_json


@dataclass(frozen=True, slots=True)
class Pair:
    """A run of the base and one of an option, on the same seed."""

    reference: Result
    option: Result


def write_pages(folder: Path, pairs: Mapping[str, Pair] | None = None) -> list[Path]:
    """Write a study's pages; their paths. Replays that are there already are kept and linked.

    Args:
        pairs: of each option that can be played, by name.

    Raises:
        OutputError: they cannot be written.
    """
    read_json(folder / STUDY)  # says what is wrong with it, before anything is written
    for option, pair in (pairs or {}).items():
        scenes = [read_scene(folder / SCENES / f"{x}.json") for x in (REFERENCE, option)]
        text = replay([pair.reference, pair.option], [REFERENCE, option], REPORT, scenes)
        write_page(folder / _name(option), text)
    replays = {x.name.removeprefix("replay-").removesuffix(".html"): x.name for x in folder.glob("replay-*.html")}
    report = write_page(folder / REPORT, study_report(folder, dict(sorted(replays.items()))))
    table = write_page(folder / TABLE, markdown(read_json(folder / STUDY)))
    return [report, table, *sorted(folder.glob("replay-*.html"))]


def _name(option: str) -> str:
    return f"replay-{option}.html"
