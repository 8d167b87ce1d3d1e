"""Keys of a scenario, a study or a plan as their schema tells them: the same that editors show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from sim.errors import UnknownName
from sim.registry import near

#: Files that have a schema.
SCHEMAS = ("scenario", "study", "plan")

Node = dict[str, Any]


class Key(NamedTuple):
    """A key that a file can hold.

    Args:
        path: dotted; lists and names of one's own are passed over.
        wanted: type, unit and limits.
        default: as written; empty if it must be given or is a whole section.
    """

    path: str
    wanted: str
    default: str
    meaning: str


def schema_of(what: str) -> Node:
    """JSON Schema of a kind of file, one of `SCHEMAS`."""
    from sim.scenario.carrying import Plan
    from sim.scenario.fields import Part
    from sim.scenario.schema import Scenario
    from sim.study.schema import Study

    models: dict[str, type[Part]] = {"scenario": Scenario, "study": Study, "plan": Plan}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **models[what].model_json_schema(by_alias=True)}


@cache
def _scenario() -> Node:
    return schema_of("scenario")


SCENARIO: Callable[[], Node] = _scenario  #: the scenario's schema, made once


def below(schema: Node, path: str) -> list[Key]:
    """Keys below a path, or the key itself where nothing is below it.

    Args:
        schema: whole.
        path: dotted, such as `traffic.flows`; of `plan`, an operation's name follows. Empty: the file's own keys.

    Raises:
        UnknownName: there is no such key; says which is near.
    """
    nodes, told, said = [schema], [], ""
    for step in [x for x in path.split(".") if x and not x.isdigit()]:
        known = dict(_entries(schema, nodes))
        if step not in known:
            hint = near(step, known) or f"known are {', '.join(known)}"
            raise UnknownName(f"there is no key {step} in {said or 'the file'}; {hint}")
        said = f"{said}.{step}" if said else step
        nodes, told = [known[step][0]], [_key(schema, said, *known[step])]
    found = [_key(schema, f"{said}.{name}" if said else name, *x) for name, x in _entries(schema, nodes)]
    return found or told


def _entries(schema: Node, nodes: list[Node]) -> Iterator[tuple[str, tuple[Node, bool]]]:
    """What can be named below some nodes: properties with whether they are needed, or kinds told apart by a word."""
    for node in nodes:
        plain = _resolved(schema, node)
        if "discriminator" in plain:
            for name, target in plain["discriminator"]["mapping"].items():
                yield name, ({"$ref": target}, False)
        for name, entry in plain.get("properties", {}).items():
            yield name, (entry, name in plain.get("required", ()))
        inner = [plain.get("items"), plain.get("additionalProperties"), *plain.get("anyOf", ())]
        yield from _entries(schema, [x for x in inner if isinstance(x, dict)])


def _resolved(schema: Node, node: Node) -> Node:
    """A node with what it refers to; its own words come first."""
    if "$ref" not in node:
        return node
    target: Node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return {**target, **{name: x for name, x in node.items() if name != "$ref"}}


def _key(schema: Node, path: str, node: Node, needed: bool) -> Key:
    plain = _resolved(schema, node)
    default = node.get("default")
    short = default is not None and not isinstance(default, (dict, list))
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    told = shown if short else "needed" if needed else ""
    return Key(path, _wanted(schema, node), told, plain.get("description", "").rstrip("."))


def _wanted(schema: Node, node: Node) -> str:
    """Type, unit and limits in a few words."""
    plain = _resolved(schema, node)
    if "const" in plain or "enum" in plain:
        return " | ".join(map(str, plain.get("enum") or [plain["const"]]))
    bare: Node = next((x for x in plain.get("anyOf", ()) if x.get("type") == "number"), {})
    limits = _limits(plain | bare)
    if "x-dimension" in plain:
        unit = f" [{plain['x-unit']}]" if plain["x-unit"] else ""
        return f"{plain['x-dimension']}{unit}{limits}"
    if "anyOf" in plain:
        told = [_wanted(schema, {**x, **_own(plain)}) for x in plain["anyOf"] if x.get("type") != "null"]
        return " | ".join(dict.fromkeys(told))
    if "discriminator" in plain:
        return "operation"
    kind = plain.get("type", "anything")
    if kind == "array":
        return f"list of {_wanted(schema, plain.get('items', {}))}"
    if kind == "object" and isinstance(plain.get("additionalProperties"), dict) and "properties" not in plain:
        return f"{{name: {_wanted(schema, plain['additionalProperties'])}}}"
    return _TYPES.get(str(kind), " | ".join(kind) if isinstance(kind, list) else str(kind)) + limits


_TYPES = {"object": "section", "boolean": "true | false", "string": "text", "integer": "whole number"}
_SIGNS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _own(node: Node) -> Node:
    return {name: node[name] for name in _SIGNS if name in node}


def _limits(node: Node) -> str:
    return "".join(f", {sign} {node[name]:g}" for name, sign in _SIGNS.items() if name in node)
