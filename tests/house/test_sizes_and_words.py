"""House rules that no linter knows: sizes, words, docstrings and sources (design: rooms, words, docstrings, habits)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
EVERYTHING = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]

FILE, FILE_OF_FORMAT, BODY, LONGEST_BODY, USUAL_BODY, ARGUMENTS, NESTING = 300, 400, 40, 60, 25, 7, 4
BANNED = {"util", "utils", "helper", "helpers", "manager", "base", "common", "misc"}

#: What may be larger than the rule, and why; functions are never longer than `LONGEST_BODY`.
LONG_FILES = {
    "sim/kernel/decide.py": "one decision, all of whose cases are read together",
    "sim/kernel/junction.py": "one decision, all of whose cases are read together",
    "sim/kernel/shift.py": "one decision, all of whose cases are read together",
}
LONG_BODIES = {
    "sim/engine/air.py:lay_radio": "names every table of the radio once",
    "sim/engine/build.py:build": "names every table once",
    "sim/kernel/decide.py:at_link": "one decision",
    "sim/kernel/decide.py:plan": "one decision",
    "sim/kernel/junction.py:behind_foe": "one decision",
    "sim/kernel/plans.py:plan_routes": "one loop over columns that compiled code cannot share out",
}
MANY_ARGUMENTS = {"sim/kernel/junction.py:behind_foe": "compiled: scalars, no object"}
DEEP_BODIES = {
    "sim/kernel/plans.py:plan_routes": "routes, stages, lanes, ways on",
    "sim/kernel/beside.py:nearest_upstream": "compiled: leaves two loops at once",
}
ALLOWED_WORDS = {
    "sim/described.py:__get_pydantic_json_schema__": "pydantic's name of what makes a schema",
    "sim/compiled/parts.py:_get_module_for_linking": "the compiler's name of what is replaced",
    "sim/compiled/parts.py:get_call_template": "the compiler's name of what is replaced",
    "sim/kernel/starts.py:BASE": "SUMO's departPos",
    "sim/study/schema.py:base": "the study file's word for what options are compared with",
    "sim/traffic/departures.py:BASE": "SUMO's departPos",
    "sim/traffic/sumo/reading.py:_COMMON": "attributes that SUMO's elements have in common",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
BRANCHES = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions() -> Iterator[tuple[str, Function]]:
    """Every function of the package with its address, `file:name`."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.name}", node


def body_lines(node: Function) -> int:
    """Lines of a function behind its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def arguments(node: Function) -> int:
    """How many arguments a caller has to know."""
    a = node.args
    own = [x for x in [*a.posonlyargs, *a.args, *a.kwonlyargs] if x.arg not in ("self", "cls")]
    return len(own) + (a.vararg is not None) + (a.kwarg is not None)


def nesting(node: ast.AST) -> int:
    """How deep branches lie in each other; `elif` is as deep as its `if`."""
    deepest = 0
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, Function):
                continue
            chained = name == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If) and len(value) == 1
            own = isinstance(child, BRANCHES) and not chained
            deepest = max(deepest, nesting(child) + own)
    return deepest


def words(name: str) -> set[str]:
    """Words of a name in snake or camel case, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def names(tree: ast.Module) -> Iterator[str]:
    """Every name that a file makes: functions, classes, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, (Function, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def undocumented(tree: ast.Module) -> list[str]:
    """Public classes and functions (of public classes, too) without a docstring."""
    found = []
    inside: list[ast.Module | ast.ClassDef] = [tree]
    while inside:
        for node in inside.pop().body:
            if not isinstance(node, (Function, ast.ClassDef)) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                found.append(node.name)
            if isinstance(node, ast.ClassDef):
                inside.append(node)
    return found


def test_files_are_short() -> None:
    def limit(name: str) -> int:
        return FILE_OF_FORMAT if "/importers/" in name or "/pages/" in name else FILE

    long = {name_of(p): len(p.read_text().splitlines()) for p in SOURCES}
    long = {name: lines for name, lines in long.items() if lines > limit(name)}
    assert set(long) <= set(LONG_FILES), long


def test_functions_are_short() -> None:
    sizes = {where: body_lines(node) for where, node in functions()}
    long = {where: lines for where, lines in sizes.items() if lines > BODY}
    assert set(long) <= set(LONG_BODIES), long
    assert max(sizes.values()) <= LONGEST_BODY, long
    assert sorted(sizes.values())[int(0.9 * len(sizes))] <= USUAL_BODY


def test_functions_have_few_arguments() -> None:
    many = {where: arguments(node) for where, node in functions() if not where.startswith("sim/models/")}
    many = {where: number for where, number in many.items() if number > ARGUMENTS}
    assert set(many) <= set(MANY_ARGUMENTS), many


def test_branches_are_shallow() -> None:
    deep = {where: nesting(node) for where, node in functions()}
    deep = {where: depth for where, depth in deep.items() if depth > NESTING}
    assert set(deep) <= set(DEEP_BODIES), deep


def test_names_say_what_is_meant() -> None:
    found = set()
    for path in SOURCES:
        made = [*path.relative_to(ROOT).with_suffix("").parts, *names(ast.parse(path.read_text()))]
        bad = (name for name in made if words(name) & BANNED or name.lstrip("_").startswith("get_"))
        found |= {f"{name_of(path)}:{name}" for name in bad}
    assert found <= set(ALLOWED_WORDS), found


def test_whatever_is_public_says_what_it_answers() -> None:
    found = {}
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        silent = undocumented(tree)
        if ast.get_docstring(tree) is None and tree.body:
            silent.append("(file)")
        if silent:
            found[name_of(path)] = silent
    # a model's inputs are told once, in its package
    found = {name: silent for name, silent in found.items() if silent != ["acceleration"] or "/models/" not in name}
    assert found == {}


@pytest.mark.parametrize("kind", sorted(x.name for x in (ROOT / "sim" / "models").iterdir() if x.is_dir()))
def test_models_name_their_source(kind: str) -> None:
    for path in sorted((ROOT / "sim" / "models" / kind).glob("[!_]*.py")):
        assert "Source:" in (ast.get_docstring(ast.parse(path.read_text())) or ""), path


def test_nothing_is_left_for_later() -> None:
    later = re.compile(rf"\b({'TO'}DO|{'FIX'}ME|{'XX'}X)\b")
    assert [name_of(p) for p in EVERYTHING if later.search(p.read_text())] == []


def test_exceptions_are_of_files_that_exist() -> None:
    told = [*LONG_FILES, *LONG_BODIES, *MANY_ARGUMENTS, *DEEP_BODIES, *ALLOWED_WORDS]
    assert [x for x in told if not (ROOT / x.split(":")[0]).is_file()] == []


def test_rules_catch_offenders() -> None:
    text = (
        "def f(a, b, *, c):\n    'What.'\n    if a:\n        pass\n    elif b:\n        for _ in c:\n            a()\n"
    )
    tree = ast.parse(text)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert (body_lines(function), arguments(function), nesting(function)) == (5, 3, 2)
    assert words("BaseManager") & BANNED == {"base", "manager"}
    assert words("database_XMLUtil") == {"database", "xml", "util"}
    assert undocumented(ast.parse("class A:\n    'x'\n    def f(self): ...\n    def _g(self): ...")) == ["f"]
