"""What the entries of the traffic section have in common."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from sim.scenario.fields import CardName, Name, Part, Share

MOST_PER_HOUR = 100_000.0  #: of one flow
_ROUNDING = 1e-6

Arrivals = Literal["poisson", "even"]


def defaults(description: type[Any]) -> dict[str, Any]:
    """Defaults of a description, by name."""
    return {x.name: x.default for x in dataclasses.fields(description)}


def _complete(shares: dict[str, float]) -> dict[str, float]:
    total = math.fsum(shares.values())
    if abs(total - 1.0) > _ROUNDING:
        raise ValueError(f"the shares add up to {total:g}; wanted 1")
    return shares


Shares = Annotated[dict[CardName, Share], Field(min_length=1), AfterValidator(_complete)]


class Asked(Part):
    """What every description has.

    Args:
        id: name that vehicles are called after; by default made of the places.
        origin: place or edge where they set out.
        destination: place or edge where they leave the road.
        begin: time of the clock from which they depart; by default when the run begins.
        end: time of the clock; by default when the run ends.
        cards: share of each card, adding up to 1; by default those of `traffic.cards`.
        arrivals: `poisson`: random and independent; `even`: at equal intervals.
    """

    id: Name | None = None

    def said(self) -> dict[str, Any]:
        """What the file says, by the names of the description's own fields."""
        return {name: x for name in type(self).model_fields if name != "id" and (x := getattr(self, name)) is not None}

    @abstractmethod
    def title(self) -> str:
        """What the description is called where the file gives no id; the same for equal places."""
