"""Where a number comes from: every parameter carries its unit, source and standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: verified: read in the source; derived: computed from one; measured: by us; memory: of a source, unchecked;
#: assumed: no source; given: by the user's own file.
Standing = Literal["verified", "derived", "measured", "memory", "assumed", "given"]


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter: its amount and where it comes from.

    Args:
        amount: in SI.
        unit: unit in brackets' notation, e.g. `m/s2`; `-` if none.
        source: DOI, clause or file.
        standing: how far the source was checked.
    """

    amount: float
    unit: str
    source: str
    standing: Standing
