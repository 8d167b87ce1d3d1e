"""Numbers as they are read."""

from __future__ import annotations

from typing import Any


def number(value: Any, digits: int = 4) -> str:
    """A figure as it is read; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return (
        f"{value:,}"
        if isinstance(value, int)
        else f"{value:,.{digits}g}"
        if abs(value) < 10**digits - 0.5
        else f"{value:,.0f}"
    )
