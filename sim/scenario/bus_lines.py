"""Bus lines of the traffic section."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.scenario.asked import Asked, defaults
from sim.scenario.fields import CardName, ClockTime, Name, Part, PlaceName, StopName, Time
from sim.traffic.demand import BusLine, Halt


class HaltPart(Part):
    """A stop that a bus calls at.

    Args:
        stop: of the map.
        dwell: time at rest there [s].
    """

    stop: StopName
    dwell: Time = Field(default=defaults(Halt)["dwell"], ge=0.0)


def _halt(value: Any) -> Any:
    return {"stop": value} if isinstance(value, str) else value


class BusLinePart(Asked):
    """A bus line: a bus each headway that calls at its stops in order.

    Args:
        halts: stops in the order of travel, each a name or with its dwell.
        headway: between two buses [s].
        first: time of the clock of the first departure.
        last: time of the clock after which none departs.
        name: of the line; by default made of its ends.
        card: of the buses.
        origin: place or edge where buses set out; by default the edge of the first stop.
        destination: place or edge where they leave the road; by default the edge of the last stop.
    """

    halts: list[Annotated[HaltPart, BeforeValidator(_halt, json_schema_input_type=Name | HaltPart)]] = Field(
        min_length=1
    )
    headway: Time = Field(gt=0.0)
    first: ClockTime
    last: ClockTime
    name: Name | None = None
    card: CardName = "bus"
    origin: PlaceName | None = Field(default=None, alias="from")
    destination: PlaceName | None = Field(default=None, alias="to")

    def title(self) -> str:
        """The line's name or its ends."""
        return self.name or f"bus-{self.halts[0].stop}-{self.halts[-1].stop}"

    def line(self, name: str) -> BusLine:
        """As demand wants it."""
        halts = tuple(Halt(x.stop, x.dwell) for x in self.halts)
        return BusLine(id=name, **self.said() | {"halts": halts})
