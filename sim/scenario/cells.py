"""Cells of a network: where each lies, and which delays, losses and capacity it has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from sim.engine.zones import OUTSIDE
from sim.pilot import Cell, End
from sim.scenario.fields import AreaName, DataRate, JunctionName, Length, Name, Number, Part, Share, Time

_MOST_DELAY, _LEAST_BETWEEN = 10.0, 4.0
#: Entries of an end's delay: who tells the first tells the law anew.
_LAW = ("delay", "most_delay", "spread")
#: East and north [m].
Corner = Annotated[list[Number], Field(min_length=2, max_length=2)]


class EndPart(Part):
    """What one end of the way adds: up to the network where a message is said, or down from it where it is heard.

    Args:
        delay: least delay of this end [s], or its median where no most_delay is told and the model is `cellular`; by
            default half of what the model tells of the whole way.
        most_delay: of this end [s], all between it and delay being equally likely; by default, on `disc`, as delay.
        spread: of the logarithm of the delay, about delay as its median, on `cellular`; by default the model's own.
        loss: share lost at this end; by default as much as makes the radio's loss with another such end.
        capacity: that this end bears [bit/s], messages with their headers; down, each who hears one has it sent to
            himself. By default whatever comes. Beyond it messages wait for room, and then are lost.
        buffer: longest wait for room [s], beyond which messages are lost; by default 50 ms, the delay budget of 5QI 79
            (V2X messages; TS 23.501, table 5.7.4-1, from memory); that no longer wait is borne is assumed.
    """

    delay: Time | None = Field(default=None, ge=0.0, le=_MOST_DELAY)
    most_delay: Time | None = Field(default=None, ge=0.0, le=_MOST_DELAY)
    spread: Number | None = Field(default=None, ge=0.0, le=3.0)
    loss: Share | None = None
    capacity: DataRate | None = Field(default=None, gt=0.0)
    buffer: Time | None = Field(default=None, gt=0.0, le=_MOST_DELAY)

    @model_validator(mode="after")
    def _ordered(self) -> EndPart:
        if self.most_delay is not None and self.most_delay < (self.delay or 0.0):
            raise ValueError("most_delay must not be less than delay")
        if self.most_delay is not None and self.spread is not None:
            raise ValueError("wanted either most_delay or spread: both say how far delays lie apart")
        if self.spread is not None and self.delay is None:
            raise ValueError("spread wants delay, the median about which delays lie")
        return self

    def told(self) -> dict[str, Any]:
        """What is told of an end."""
        return self.model_dump(include=set(EndPart.model_fields), exclude_none=True)


class CellPart(EndPart):
    """A cell of the network: a circle about a junction, an area of the map, or corners; where several lie above each
    other, the smallest counts.

    What is told here holds for both ends, what is told under `up` or `down` for one.

    Args:
        name: by which figures call it.
        junction: in the middle of a circle.
        radius: of that circle [m].
        area: id of a feature of the map of kind area.
        corners: in metres of the map's plane, as x_m and y_m in trajectories.
        outages: an outage of a station begins once in so long there, on average [s], on `cellular`; by default the
            model's own.
        up: of the way up, where it is otherwise.
        down: of the way down, where it is otherwise.
    """

    name: Name
    junction: JunctionName | None = None
    radius: Length | None = Field(default=None, gt=0.0, le=20_000.0)
    area: AreaName | None = None
    corners: list[Corner] | None = Field(default=None, min_length=3, max_length=1000)
    outages: Time | None = Field(default=None, ge=_LEAST_BETWEEN)
    up: EndPart | None = None
    down: EndPart | None = None

    @model_validator(mode="after")
    def _sound(self) -> CellPart:
        if self.name == OUTSIDE:
            raise ValueError(f"{OUTSIDE} is what lies in no cell; wanted another name")
        ways = [self.junction is not None or self.radius is not None, self.area is not None, self.corners is not None]
        if sum(ways) != 1 or (self.junction is None) != (self.radius is None):
            raise ValueError("wanted one place: junction and radius, or area, or corners")
        if len({tuple(x) for x in self.corners or ()}) < min(3, len(self.corners or ())):
            raise ValueError("corners: wanted three or more that differ")
        for way in (self.up, self.down):
            EndPart.model_validate(_of_end(self, way))
        return self

    def cell(self) -> Cell:
        """As the engine wants it."""
        return Cell(
            name=self.name,
            up=_end(_of_end(self, self.up)),
            down=_end(_of_end(self, self.down)),
            outages=self.outages,
            junction=self.junction or "",
            radius=self.radius or 0.0,
            area=self.area or "",
            corners=tuple((x, y) for x, y in self.corners or ()),
        )


def _of_end(cell: CellPart, own: EndPart | None) -> dict[str, Any]:
    """What is told of one end of a cell: its own before what holds for both."""
    both, told = cell.told(), own.told() if own else {}
    if told.keys() & set(_LAW):
        both = {name: x for name, x in both.items() if name not in _LAW}
    return both | told


def _end(told: dict[str, Any]) -> End:
    """An end as the engine wants it."""
    said = {name: x for name, x in told.items() if name not in _LAW}
    low, high = told.get("delay"), told.get("most_delay")
    return End(low=0.0 if low is None and high is not None else low, high=high, spread=told.get("spread"), **said)
