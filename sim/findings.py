"""What pydantic finds wrong with something that was written, in the words of this program; the only place for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.registry import near

_GROUP = "{input} is no group of entries; wanted {{key: value, …}}"
_LIST = "{input} is no list; wanted [ … ]"
_TEXT = "{input} is no text"
_WHOLE = "{input} is no whole number"
_NUMBER = "{input} is no number"
_DATE = "{input} is no date; wanted one such as 2026-09-01"
#: What pydantic calls a fault, and how it is told here; `{input}` is what the file says.
WORDS = {
    "missing": "is missing",
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "list_type": _LIST + " or lines that begin with -",
    "tuple_type": _LIST,
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "{input} is too large",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "{input} is no finite number",
    "bool_type": "{input} is neither true nor false",
    "bool_parsing": "{input} is neither true nor false",
    "greater_than": "{input} is too small; wanted more than {gt:g}",
    "greater_than_equal": "{input} is too small; wanted at least {ge:g}",
    "less_than": "{input} is too large; wanted less than {lt:g}",
    "less_than_equal": "{input} is too large; wanted at most {le:g}",
    "too_short": "holds {count}; wanted at least {min_length}",
    "too_long": "holds {count}; wanted at most {max_length}",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "{input} is not written as it must be",
    "date_from_datetime_parsing": _DATE,
    "date_type": _DATE,
    "date_parsing": _DATE,
}


def told(found: Any, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and what was wanted.

    Args:
        found: one of the errors of pydantic's ValidationError.
        model: of the whole that was validated.
    """
    kind, given, trail = found["type"], shown(found["input"]), [x for x in found["loc"] if x != "[key]"]
    context = found.get("ctx", {})
    if kind == "extra_forbidden":
        known = sorted(_keys(model, trail[:-1]))
        return "unknown key", near(str(trail[-1]), known) or f"known are {', '.join(known)}"
    if kind == "value_error":
        return str(context["error"]), ""
    if kind == "union_tag_invalid":
        known = [x.strip("'") for x in context["expected_tags"].split(", ")]
        tag = str(context["tag"])
        return f"there is no {tag}", near(tag, known) or f"wanted one of {', '.join(known)}"
    if kind == "union_tag_not_found":
        return f"{given} does not say which it is", f"wanted {context['discriminator']}: …"
    if kind == "literal_error":
        known = [x.strip("'") for x in context["expected"].replace(" or ", ", ").split(", ")]
        return f"{given} is not known", near(str(found["input"]), known) or f"wanted {' or '.join(known)}"
    example = _example(model, trail)
    if kind in WORDS:
        count = context.get("actual_length") or "nothing"
        what, _, wanted = WORDS[kind].format(input=given, count=count, **context).partition("; ")
        return what, f"{wanted or 'wanted one'}{example}" if wanted or example else ""
    return f"{given} cannot be used here ({found['msg']})", f"wanted one{example}" if example else ""


def shown(value: Any) -> str:
    """What a file says, short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _example(model: type[BaseModel], trail: Sequence[str | int]) -> str:
    """`, such as …` by the examples that an entry's declaration gives."""
    steps = [x for x in trail if not isinstance(x, int)]
    for section in _at(model, trail[:-1]) if steps and steps[-1] == trail[-1] else ():
        entry = _entries(section).get(str(trail[-1]))
        if entry is not None and entry.examples:
            return f" such as {entry.examples[0]}"
    return ""


def _keys(model: type[BaseModel], trail: Sequence[str | int]) -> set[str]:
    """Keys that a section may hold."""
    return {name for section in _at(model, trail) for name in _entries(section)}


def _entries(section: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """What a section may hold, by the names that are written."""
    return {x.alias or name: x for name, x in section.model_fields.items()}


def _at(model: type[BaseModel], trail: Sequence[str | int]) -> set[type[BaseModel]]:
    """Sections that may stand at a place of a whole."""
    sections = {model}
    for step in trail:
        found = set[type[BaseModel]]()
        for section in sections:
            fields = _entries(section)
            found |= set(_sections(fields[str(step)].annotation)) if step in fields else {section}
        sections = {x for x in found if _is_called(x, step)} or found  # of several kinds the one that is told
    return sections


def _is_called(section: type[BaseModel], name: str | int) -> bool:
    """Whether a section says by a word of its own that it is of a kind, as `do: set_speed` does."""
    return any(name in get_args(x.annotation) for x in section.model_fields.values())


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    """Sections that an annotation such as list[FlowPart] | None is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections(inner)
