"""A YAML file as plain data, with the line on which each entry stands and every fault of its writing at once.

YAML 1.2: `NO` is a text and `07:40` is not a number. A key that stands twice, a tab, a nest without end, a bomb of
aliases and an unknown tag are faults, never surprises.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from sim.errors import Fault, ScenarioError
from sim.registry import near

Trail = tuple[str | int, ...]

MOST_BYTES = 1_000_000  #: of a file
MOST_ENTRIES = 100_000  #: after aliases are followed
DEEPEST = 24  #: nesting


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    Args:
        name: file as messages name it.
        data: dicts, lists and scalars; keys are texts.
        places: where each entry comes from: `file:line`, or the override that set it.
    """

    name: str
    data: dict[str, Any]
    places: dict[Trail, str] = field(default_factory=dict)

    def where(self, path: Trail) -> str:
        """`file:line: path` of an entry, or of the nearest one around it."""
        around = path
        while around and around not in self.places:
            around = around[:-1]
        return f"{self.places.get(around, self.name)}: {dotted(path)}" if path else self.name

    def overridden(self, overrides: Mapping[str, str]) -> Document:
        """This document with entries set to other YAML values; ScenarioError lists what cannot be set."""
        data, places, faults = copy.deepcopy(self.data), dict(self.places), list[Fault]()
        for path, text in overrides.items():
            origin = f"--set {path}={text}"
            try:
                value = of_text(f"value: {text}\n", origin).data["value"]
                steps = _put(data, path, value)
            except (ScenarioError, ValueError) as error:
                what = str(error).removeprefix(f"{origin}:").strip()
                faults.append(Fault(origin, what))
                continue
            places = {x: place for x, place in places.items() if x[: len(steps)] != steps} | {steps: origin}
            for count in range(1, len(steps)):
                places.setdefault(steps[:count], origin)
        if faults:
            raise ScenarioError(faults=faults)
        return Document(self.name, data, places)


def dotted(path: Trail) -> str:
    """A path as messages and `--set` write it: `traffic.flows.0.per_hour`."""
    return ".".join(map(str, path))


def read(path: Path) -> Document:
    """What a YAML file says.

    Raises:
        ScenarioError: missing, not a file, not text, too large, or not YAML; with every fault of the writing.
    """
    return of_text(_text(path), str(path))


def of_text(text: str, name: str) -> Document:
    """What a YAML text says; `name` stands for it in messages."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        raise ScenarioError(faults=[_fault(error, text, name)]) from None
    except RecursionError:
        raise ScenarioError(faults=[Fault(name, f"is nested deeper than {DEEPEST} levels")]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError(faults=[Fault(name, f"is not YAML: {str(error).splitlines()[0]}")]) from None
    if root is None:
        raise ScenarioError(faults=[Fault(name, "is empty", "wanted at least pilot, traffic and run")])
    if not isinstance(root, MappingNode):
        raise ScenarioError(faults=[Fault(name, "is not a mapping", "wanted keys such as pilot: and traffic:")])
    walk = _Walk(yaml, name)
    data = walk.build(root, ())
    if walk.faults:
        raise ScenarioError(faults=walk.faults)
    return Document(name, data, walk.places)


class _Walk:
    """Turns nodes into plain data and notes where each stands."""

    def __init__(self, yaml: YAML, name: str) -> None:
        self._yaml = yaml
        self._name = name
        self._entries = 0
        self.faults: list[Fault] = []
        self.places: dict[Trail, str] = {}

    def build(self, node: Node, path: Trail) -> Any:
        """Plain data of a node at a path."""
        self.places.setdefault(path, self._place(node))
        self._count(node, path)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if not isinstance(node, MappingNode):
            return [self.build(x, (*path, i)) for i, x in enumerate(node.value)]
        found: dict[str, Any] = {}
        for key, value in node.value:
            self._entry(found, key, value, path)
        return found

    def _entry(self, found: dict[str, Any], key: Node, value: Node, path: Trail) -> None:
        if not isinstance(key, ScalarNode):
            self.faults.append(Fault(self._place(key), "a key must be one word"))
            return
        here = (*path, str(key.value))
        if key.value in found:
            self.faults.append(
                Fault(f"{self._place(key)}: {dotted(here)}", f"stands twice; first in {self.places[here]}")
            )
            return
        self.places[here] = self._place(key)
        found[str(key.value)] = self.build(value, here)

    def _scalar(self, node: ScalarNode, path: Trail) -> Any:
        try:
            return self._yaml.constructor.construct_object(node)
        except (YAMLError, ValueError) as error:
            reason = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.faults.append(Fault(f"{self._place(node)}: {dotted(path)}", f"cannot be read: {reason}"))
            return None

    def _count(self, node: Node, path: Trail) -> None:
        """Refuse what has no end: deep nests and aliases that multiply."""
        self._entries += 1
        if len(path) > DEEPEST:
            raise ScenarioError(faults=[Fault(self._place(node), f"is nested deeper than {DEEPEST} levels")])
        if self._entries > MOST_ENTRIES:
            what = f"the file unfolds to more than {MOST_ENTRIES} entries"
            raise ScenarioError(faults=[Fault(self._place(node), what, "use fewer aliases (*name)")])

    def _place(self, node: Node) -> str:
        return f"{self._name}:{node.start_mark.line + 1}"


def _fault(error: MarkedYAMLError, text: str, name: str) -> Fault:
    """A fault of the writing, with its line."""
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    what = " ".join(str(x) for x in (error.problem, error.context) if x) or "cannot be read"
    lines = text.splitlines()
    if line < len(lines) and "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]:
        return Fault(f"{name}:{line + 1}", "a tab indents this line", "wanted spaces")
    return Fault(f"{name}:{line + 1}", f"is not YAML: {what}")


def _text(path: Path) -> str:
    """Text of a file that can be a scenario."""

    def fault(what: str, wanted: str = "") -> ScenarioError:
        return ScenarioError(faults=[Fault(str(path), what, wanted)])

    if not path.exists():
        beside = [x.name for x in path.parent.glob("*.*")] if path.parent.is_dir() else []
        raise fault("there is no such file", near(path.name, beside))
    if path.is_dir():
        inside = ", ".join(sorted(x.name for x in path.glob("*.y*ml"))[:5])
        raise fault("is a folder", f"wanted a scenario file{f' such as {inside}' if inside else ''}")
    if not path.is_file():
        raise fault("is not an ordinary file")
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise fault(f"cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise fault(f"is larger than {MOST_BYTES // 1_000_000} MB", "a scenario is a short text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault("is not a text in UTF-8") from None
    if "\0" in text:
        raise fault("is not a text but binary data")
    return text


def _put(data: dict[str, Any], path: str, value: Any) -> Trail:
    """Set an entry, making what is missing on the way; the path as steps. Below `expect` the rest is one key."""
    keys = path.split(".", 1) if path.startswith("expect.") else path.split(".")
    if not all(keys):
        raise ValueError("wanted a dotted path and a value such as run.step=50 ms")
    at: Any = data
    steps: list[str | int] = []
    for key in keys[:-1]:
        step = _step(at, key, steps)
        if isinstance(at, dict) and at.get(str(step)) is None:
            at[str(step)] = {}
        steps.append(step)
        at = at[step]
    last = _step(at, keys[-1], steps)
    at[last] = value
    return (*steps, last)


def _step(at: Any, key: str, steps: list[str | int]) -> str | int:
    """What to index `at` with for a key of a dotted path."""
    if isinstance(at, dict):
        return key
    if not isinstance(at, list):
        raise ValueError(f"{dotted(tuple(steps))} is a single value and has no {key}")
    if not key.isascii() or not key.isdigit() or int(key) >= len(at):
        raise ValueError(f"{dotted(tuple(steps))} is a list of {len(at)}; wanted a number from 0 to {len(at) - 1}")
    return int(key)
