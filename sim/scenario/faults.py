"""What is wrong with a scenario, told where it stands: pydantic's findings in the words of this program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import Fault
from sim.registry import near
from sim.scenario.document import Document, Trail

#: What pydantic calls a fault, and how it is told here; `{input}` is what the file says.
_WORDS = {
    "missing": "is missing",
    "dict_type": "{input} is no group of entries; wanted {{key: value, …}}",
    "model_type": "{input} is no group of entries; wanted {{key: value, …}}",
    "model_attributes_type": "{input} is no group of entries; wanted {{key: value, …}}",
    "list_type": "{input} is no list; wanted [ … ] or lines that begin with -",
    "string_type": "{input} is no text",
    "int_type": "{input} is no whole number",
    "bool_type": "{input} is neither true nor false",
    "greater_than": "{input} is too small; wanted more than {gt:g}",
    "greater_than_equal": "{input} is too small; wanted at least {ge:g}",
    "less_than": "{input} is too large; wanted less than {lt:g}",
    "less_than_equal": "{input} is too large; wanted at most {le:g}",
    "too_short": "holds nothing; wanted at least {min_length}",
    "string_too_short": "is empty",
    "date_from_datetime_parsing": "{input} is no date; wanted one such as 2026-09-01",
    "date_type": "{input} is no date; wanted one such as 2026-09-01",
    "date_parsing": "{input} is no date; wanted one such as 2026-09-01",
}


def told(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Every fault of a document in the order of its lines.

    Args:
        error: what pydantic found.
        model: of the whole document.
        document: what the file says, and where.
    """
    faults = []
    for found in error.errors(include_url=False):
        trail = tuple(x for x in found["loc"] if x != "[key]")
        what = _what(found, trail, model)
        fault = Fault(document.where(trail), *what)
        if fault not in faults:
            faults.append(fault)
    return faults


def _what(found: Any, trail: Trail, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and what was wanted."""
    kind, given = found["type"], _shown(found["input"])
    if kind == "extra_forbidden":
        return _unknown(trail, model)
    if kind == "value_error":
        return str(found["ctx"]["error"]), ""
    if kind == "union_tag_invalid":
        known = [x.strip("'") for x in found["ctx"]["expected_tags"].split(", ")]
        tag = str(found["ctx"]["tag"])
        return f"there is no {tag}", near(tag, known) or f"wanted one of {', '.join(known)}"
    if kind == "union_tag_not_found":
        return f"{given} does not say which it is", f"wanted {found['ctx']['discriminator']}: …"
    if kind == "literal_error":
        known = [x.strip("'") for x in found["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return f"{given} is not known", near(str(found["input"]), known) or f"wanted {' or '.join(known)}"
    if kind in _WORDS:
        return _WORDS[kind].format(input=given, **found.get("ctx", {})), ""
    return f"{given}: {found['msg']}", ""


def _unknown(trail: Trail, model: type[BaseModel]) -> tuple[str, str]:
    """A key that is not there: the nearest one that is, or all."""
    known = sorted(_keys(model, trail[:-1]))
    return "unknown key", near(str(trail[-1]), known) or f"known are {', '.join(known)}"


def _keys(model: type[BaseModel], trail: Trail) -> set[str]:
    """Keys that a section may hold."""
    sections = {model}
    for step in trail:
        found = set()
        for section in sections:
            fields = {x.alias or name: x.annotation for name, x in section.model_fields.items()}
            found |= set(_sections(fields[str(step)])) if step in fields else {section}
        sections = {x for x in found if _is_called(x, step)} or found  # of several kinds the one that is told
    return {x.alias or name for section in sections for name, x in section.model_fields.items()}


def _is_called(section: type[BaseModel], name: str | int) -> bool:
    """Whether a section says by a word of its own that it is of a kind, as `do: set_speed` does."""
    return any(name in get_args(x.annotation) for x in section.model_fields.values())


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    """Sections that an annotation such as list[FlowPart] | None is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections(inner)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
