"""Numbers of a study as they are read: signed, with their interval, never a bare zero where nothing was counted."""

from __future__ import annotations

from typing import Any

MINUS = "−"
_MILLION = 1e6


def amount(value: float | None, digits: int = 3) -> str:
    """A number with its sign; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:+,.0f}" if abs(value) >= 10**digits else f"{value:+.{digits}g}"
    return "0" if float(text.replace(",", "")) == 0.0 else text.replace("-", MINUS)


def interval(bounds: list[float | None]) -> str:
    """A 95 % interval in brackets; empty where there is none."""
    low, high = bounds
    return "" if low is None or high is None else f"[{amount(low)}, {amount(high)}]"


def millions(yuan: float | None) -> str:
    """An amount of money in millions, with its sign."""
    return amount(None if yuan is None else yuan / _MILLION)


def shown(told: dict[str, Any]) -> int:
    """1: shown to be better; -1: shown to be worse; 0: neither. By the corrected p value of a difference."""
    p, difference = told["p_holm"], told["difference"]
    if p is None or difference is None or p >= 0.05 or not difference:
        return 0
    return 1 if (difference < 0) == (told["better"] == "less") else -1


def rate(told: dict[str, Any] | None) -> str:
    """Events per 1,000 km where there were none: the bound; empty where some were counted."""
    if not told or told["count"] or told["high"] is None:
        return ""
    return f"≤ {told['high']:.2g} / 1,000 km"
