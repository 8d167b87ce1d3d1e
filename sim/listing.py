"""What there is: cards, models, services …, each with one line and its source, read without running any."""

from __future__ import annotations

import ast
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: Kinds of modules, and the packages they lie in.
KINDS = {
    "models": ("sim.models.car_following", "sim.models.lane_change", "sim.models.right_of_way"),
    "messages": ("sim.v2x",),
    "radio": ("sim.models.radio",),
    "apps": ("sim.apps",),
    "services": ("sim.services",),
    "operations": ("sim.upgrade",),
    "metrics": ("sim.metrics",),
    "importers": ("sim.park.importers",),
    "exporters": ("sim.report.exporters",),
}

#: Files that have a schema.
SCHEMAS = ("scenario", "study", "plan")

Row = tuple[str, str, str]


def kinds() -> list[str]:
    """What `rows` tells of."""
    return [*_TOLD, *KINDS]


def rows(kind: str) -> list[Row]:
    """Name, line and source of everything of a kind."""
    return list(_TOLD[kind]() if kind in _TOLD else _modules(kind))


def show_list(kind: str, told: Sequence[Row]) -> None:
    """Print what there is of a kind: a table on a terminal, plain lines elsewhere."""
    if told and sys.stdout.isatty():
        _table(kind, told)
        return
    print(f"{kind}:" if told else f"{kind}: none in this version")
    for name, what, source in told:
        print(f"  {name}: {what}{f' [{source}]' if source else ''}")


def _table(kind: str, told: Sequence[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=f"[bold]{kind}[/]", title_justify="left", pad_edge=False)
    table.add_column("name", style="bold cyan", overflow="fold")
    table.add_column("what it is", ratio=3)
    table.add_column("source", style="dim", ratio=2)
    for row in told:
        table.add_row(*map(escape, row))
    Console().print(table)


def schema_of(what: str) -> dict[str, Any]:
    """JSON Schema of a kind of file, one of `SCHEMAS`."""
    from sim.scenario.carrying import Plan
    from sim.scenario.fields import Part
    from sim.scenario.schema import Scenario
    from sim.study.schema import Study

    models: dict[str, type[Part]] = {"scenario": Scenario, "study": Study, "plan": Plan}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **models[what].model_json_schema(by_alias=True)}


def _cards() -> Iterator[Row]:
    from sim.traffic.cards import CARDS

    for name in CARDS.names():
        card = CARDS[name]
        unsure = sum(x.standing in ("assumed", "memory") for x in card.parameters.values())
        sources = f"{len(card.parameters)} parameters, {unsure} of them without a checked source"
        yield name, f"{card.description} ({card.vehicle_class}, {card.car_following})", sources


def _cases() -> Iterator[Row]:
    import sim.verify.run  # noqa: F401 - fills the registry
    from sim.verify.case import CASES

    for name in CASES.names():
        settings = ", ".join(setting.name for setting in CASES[name].settings)
        yield name, f"{CASES[name].title} ({settings or 'no settings'})", CASES[name].source


#: Kinds that are not modules.
_TOLD = {"cards": _cards, "cases": _cases}


def _modules(kind: str) -> Iterator[Row]:
    """Name, first line and source of every module of a kind, read without running any."""
    for package in KINDS[kind]:
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or ():
            for module in sorted(pkgutil.iter_modules([folder]), key=lambda x: x.name):
                file = (
                    Path(folder) / module.name / "__init__.py" if module.ispkg else Path(folder) / f"{module.name}.py"
                )
                name = module.name.replace("_", "-") if kind == "exporters" else module.name
                yield name, *_described(file)


def _described(file: Path) -> tuple[str, str]:
    """First paragraph and source in a module's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    source = text.partition("Source:")[2].split("\n\n")[0]
    return " ".join(text.split("\n\n")[0].split()), " ".join(source.split())
