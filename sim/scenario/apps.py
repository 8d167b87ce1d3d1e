"""The section on cooperative applications: names, or names with settings; all of them looked up."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim import units
from sim.apps import APPS, App
from sim.registry import near


def _setting(name: str, app: App, key: str, value: Any) -> float:
    """One setting of an application, in SI."""
    if key not in app.settings:
        wanted = near(key, app.settings) or "wanted one of " + ", ".join(app.settings)
        raise ValueError(f"{name} has no setting {key}; {wanted}")
    known = app.settings[key]
    try:
        amount = units.parse(value, known.dimension)
    except ValueError as error:
        raise ValueError(f"{name}.{key}: {error}") from None
    if not known.low <= amount <= known.high:
        raise ValueError(f"{name}.{key}: {amount:g} is out of range; wanted {known.low:g} to {known.high:g}")
    return amount


def _apps(value: Any) -> dict[str, dict[str, float]]:
    """Applications by name, each with all its settings; those that are part of a card come of themselves."""
    if isinstance(value, list) and all(isinstance(x, str) for x in value):
        if len(set(value)) < len(value):
            raise ValueError("an application stands twice")
        value = dict.fromkeys(value)
    if not isinstance(value, dict):
        raise ValueError("wanted names such as [green_wave], or names with settings such as {green_wave: {range: 150}}")
    found = {x: {key: s.amount for key, s in APPS[x].settings.items()} for x in APPS.names() if APPS[x].built_in}
    for name, own in value.items():
        if name not in APPS:
            raise ValueError(f"there is no application {name}; {near(name, APPS.names()) or 'see pilotzone list apps'}")
        if own is not None and not isinstance(own, dict):
            raise ValueError(f"{name}: wanted settings such as {{ {next(iter(APPS[name].settings), '')}: … }}")
        told = {key: _setting(name, APPS[name], str(key), x) for key, x in (own or {}).items()}
        found[name] = {key: s.amount for key, s in APPS[name].settings.items()} | told
    return dict(sorted(found.items()))


_SCHEMA = {
    "anyOf": [
        {"type": "array", "items": {"enum": APPS.names()}},
        {
            "type": "object",
            "additionalProperties": {"type": ["object", "null"]},
            "propertyNames": {"enum": APPS.names()},
        },
    ]
}
Apps = Annotated[dict[str, dict[str, float]], BeforeValidator(_apps), WithJsonSchema(_SCHEMA)]


def none() -> dict[str, dict[str, float]]:
    """Applications where a scenario names none: those that are part of a card."""
    return _apps([])
