"""Entries of files told once: what the docstring of a class says of its entries is what their schema says.

An editor shows it, `pilotzone list keys` prints it, and who reads the code finds it where it belongs.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, ClassVar

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema

_HEADING = re.compile(r"^Args:$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): (.*)$")
#: Limit of a number, as annotations and as schemas call it.
_LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}


def arguments(thing: type) -> dict[str, str]:
    """What a class's docstring says of its arguments, by name."""
    found: dict[str, str] = {}
    last = ""
    for line in "".join(_HEADING.split(inspect.getdoc(thing) or "")[1:]).splitlines()[1:]:
        entry = _ENTRY.match(line)
        if entry:
            last, found[entry[1]] = entry[1], entry[2]
        elif last and line.startswith("        "):
            found[last] += f" {line.strip()}"
        else:
            break
    return found


def summary(thing: type) -> str:
    """What a class's docstring says before its arguments, in one line."""
    return " ".join(_HEADING.split(inspect.getdoc(thing) or "")[0].split())


class Described(BaseModel):
    """A section of a file, whose schema says what docstrings say: its own, then those of `as_of`."""

    as_of: ClassVar[tuple[type, ...]] = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Pydantic's schema with descriptions, and with limits of quantities."""
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        schema["description"] = summary(cls)
        told = cls.entries()
        for name, field in cls.model_fields.items():
            entry = schema.get("properties", {}).get(field.alias or name)
            if entry is None:
                continue
            if name in told:
                entry.setdefault("description", told[name])
            limits = {_LIMITS[key]: getattr(x, key) for x in field.metadata for key in _LIMITS if hasattr(x, key)}
            if "anyOf" in entry:
                entry["anyOf"] = [_limited(x, limits) for x in entry["anyOf"]]
        return reference

    @classmethod
    def entries(cls) -> dict[str, str]:
        """What docstrings say of its entries."""
        found: dict[str, str] = {}
        for told in (*cls.as_of[::-1], *cls.__mro__[::-1]):
            found |= arguments(told) if told is not object and told.__module__.startswith("sim.") else {}
        return found


def _limited(kind: dict[str, Any], limits: dict[str, float]) -> dict[str, Any]:
    """A copy of one of the kinds that an entry may be, with limits on the bare number that may stand for a quantity."""
    told = {name: x for name, x in kind.items() if name not in _LIMITS}
    if "anyOf" in told:
        told["anyOf"] = [_limited(x, limits) for x in told["anyOf"]]
    return told | limits if told.get("type") == "number" else told
