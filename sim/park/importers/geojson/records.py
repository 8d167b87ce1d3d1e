"""What a map of ours may say of roads, junctions, stops, roadside units and places; checked, in SI."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.park.classes import CLASSES
from sim.park.passing import Passing
from sim.units import parse

#: Least width of a lane in which bicycles ride beside vehicles [m]: their strip of 1 m, a car of 1.8 m, and 0.2 m.
#: Source: assumed.
BESIDE = 3.0


def _of_dimension(dimension: str) -> BeforeValidator:
    return BeforeValidator(lambda text: parse(text, dimension))


def _from_text(value: Any) -> Any:
    """Lists and tables that an editor wrote as JSON text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        return json.loads(value)
    return value


def _road_users(names: Any) -> Any:
    for name in names if isinstance(names, list) else ():
        if name not in CLASSES:
            raise ValueError(f"no class of road users is called {name}; known are {', '.join(CLASSES)}")
    return names


Speed = Annotated[float, _of_dimension("speed"), Field(gt=0.0, le=150.0)]
Length = Annotated[float, _of_dimension("length"), Field(gt=0.0)]
Setback = Annotated[float, _of_dimension("length"), Field(ge=0.0, le=500.0)]
Width = Annotated[float, _of_dimension("length"), Field(ge=1.0, le=20.0)]
Time = Annotated[float, _of_dimension("time")]
Green = Annotated[float, _of_dimension("time"), Field(gt=0.0, le=3600.0)]
Names = Annotated[list[str], BeforeValidator(_from_text)]
LaneCount = Annotated[int, Field(ge=0, le=12)]


class Record(BaseModel):
    """What every feature may say."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, populate_by_name=False)

    kind: str
    id: str = Field(
        min_length=1, pattern=r"^[^\s:-][^\s:]*$", examples=["west_gate (no blank or colon, no - in front)"]
    )
    name: str = ""
    note: str = ""
    fid: int | None = None


class PassageRecord(BaseModel):
    """How a half-width road is shared by both directions; defaults as in `sim.park.network.Passing`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    control: Literal["courtesy", "priority", "signal", "request"]
    first: Literal["forward", "backward"] = "forward"
    batch: Annotated[int, Field(ge=1, le=1000)] = Passing("courtesy").batch
    green: Green = Passing("courtesy").green
    patience: Green = Passing("courtesy").patience
    sight: Length = Passing("courtesy").sight
    bays: Annotated[int, Field(ge=0, le=100)] | None = None
    bay: Annotated[float, _of_dimension("length"), Field(ge=15.0, le=200.0)] = Passing("courtesy").bay
    mouth: Annotated[float, _of_dimension("length"), Field(ge=15.0, le=200.0)] = Passing("courtesy").mouth

    def passing(self) -> Passing:
        """As a network has it."""
        return Passing(**self.model_dump())


class RoadRecord(Record):
    """A centre line. `lanes` counts both directions; the way back gets the smaller half.

    `kerb_lane_for`: classes for which the kerb lane is of a direction with two lanes or more; `bus_lane`: for buses.
    `bicycles`: whether bicycles and mopeds ride beside the vehicles in the kerb lane, on a strip of it, or in it.
    `half`: the side, as drawn, of the only half that is built or planned; of a half-width road the right if not told.
    `setback`: how far before its first and last point its lanes end; made from the junctions' shapes if not told.
    `passage`: how both directions share that half, if it has no room for a lane each way.
    """

    road_class: Literal["arterial", "collector", "local", "expressway", "access"] = Field(
        alias="class", examples=["local"]
    )
    state: Literal["built", "planned", "half_width"] = "built"
    half: Literal["left", "right"] | None = None
    passage: Annotated[PassageRecord, BeforeValidator(_from_text)] | None = None
    oneway: bool = False
    lanes: LaneCount | None = None
    lanes_forward: LaneCount | None = None
    lanes_backward: LaneCount | None = None
    speed: Speed | None = None
    width: Width | None = None
    median: Annotated[float, _of_dimension("length"), Field(ge=0.0, le=100.0)] = 0.0
    grade: Annotated[int, Field(ge=0, le=9)] = 0
    allowed: Annotated[list[str], BeforeValidator(_road_users), BeforeValidator(_from_text)] | None = None
    bus_lane: bool = False
    kerb_lane_for: Annotated[list[str], BeforeValidator(_road_users), BeforeValidator(_from_text)] | None = None
    bicycles: Literal["in_lane", "beside"] = "in_lane"
    setback: Annotated[tuple[Setback, Setback], BeforeValidator(_from_text)] | None = None
    start: str | None = Field(default=None, alias="from")
    end: str | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _lanes_fit(self) -> RoadRecord:
        if self.lanes is not None and (self.lanes_forward is not None or self.lanes_backward is not None):
            raise ValueError("give either lanes, or lanes_forward and lanes_backward")
        forward, backward = self.directions
        if self.oneway and backward:
            raise ValueError("a one-way road has no lanes_backward")
        if self.state == "built" and self.half is not None:
            raise ValueError("half is told of a road that is built in full; its state may be half_width or planned")
        if self.passage is not None and (self.state == "built" or self.oneway):
            raise ValueError("passage is told of a road that is built in full or one-way; wanted a half-width one")
        if forward < 1 or (backward < 1 and not self.oneway):
            raise ValueError(f"{forward} lane(s) forward and {backward} backward; wanted 1 or more each way, or oneway")
        return self

    @model_validator(mode="after")
    def _riders_have_room(self) -> RoadRecord:
        if self.bicycles == "in_lane":
            return self
        if self.bus_lane or self.kerb_lane_for is not None:
            raise ValueError(
                "bicycles ride beside vehicles where the kerb lane is everybody's; wanted no other kerb lane"
            )
        if self.state == "half_width" or self.half is not None or self.passage is not None:
            raise ValueError("half a road has no room for bicycles beside vehicles; wanted bicycles: in_lane")
        if self.width is not None and self.width < BESIDE:
            raise ValueError(
                f"lanes of {self.width:g} m have no room for bicycles beside a car; wanted {BESIDE:g} m or more"
            )
        return self

    @property
    def directions(self) -> tuple[int, int]:
        """Lanes forward and backward when built in full."""
        usual = {"arterial": 3, "expressway": 4, "collector": 2}.get(self.road_class, 1)
        if self.lanes is not None:
            return (self.lanes, 0) if self.oneway else (self.lanes - self.lanes // 2, self.lanes // 2)
        forward = usual if self.lanes_forward is None else self.lanes_forward
        if self.lanes_backward is not None:
            return forward, self.lanes_backward
        return forward, 0 if self.oneway else usual


class StageRecord(BaseModel):
    """A green stage of a signal: by road, the directions that go (`s`, `l`, `r`, `t`, `L`, `R`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    green: dict[str, Annotated[str, Field(pattern="^[slrtLR]+$")]] = Field(
        min_length=1, examples=['{"west_road": "sr", "east_road": "sr"}']
    )
    duration: Green = math.nan
    minimum: Green = math.nan
    maximum: Green = math.nan


class ProgrammeRecord(BaseModel):
    """How a junction is signalled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["fixed", "actuated"] = "fixed"
    cycle: Green = math.nan
    offset: Time = 0.0
    yellow: Annotated[float, _of_dimension("time"), Field(ge=0.0, le=60.0)] = 3.0
    all_red: Annotated[float, _of_dimension("time"), Field(ge=0.0, le=600.0)] = 2.0
    left: Literal["protected", "permissive", "both"] = "protected"
    right_on_red: bool = False
    phases: list[StageRecord] = Field(
        default_factory=list, examples=['[{"green": {"west_road": "sr"}, "duration": "30 s"}]']
    )


class JunctionRecord(Record):
    """Where roads meet; `crossings`: roads that people may cross on foot at its edge, or `all`."""

    control: Literal[
        "priority", "yield", "stop", "all_way_stop", "right_before_left", "signal", "roundabout", "zipper", "none"
    ] = "priority"
    main: Names = Field(default_factory=list)
    u_turn: bool | None = None
    radius: Annotated[float, _of_dimension("length"), Field(ge=8.0, le=200.0)] = 20.0
    ring_lanes: Annotated[int, Field(ge=1, le=4)] = 1
    crossings: Names = Field(default_factory=list)
    programme: Annotated[ProgrammeRecord, BeforeValidator(_from_text)] = Field(default_factory=ProgrammeRecord)

    @model_validator(mode="after")
    def _two_main_roads(self) -> JunctionRecord:
        if len(self.main) not in (0, 2):
            raise ValueError(f"main names {len(self.main)} road(s), wanted two")
        return self


class RoadsideRecord(Record):
    """A roadside unit or sensor."""

    type: Literal["rsu", "camera", "radar", "lidar", "sensor", "sign"] = "rsu"
    junction: str | None = None


class StopRecord(Record):
    """A bus stop at the kerb of a road's direction; it lies about its point."""

    road: str = Field(examples=["west_road"])
    direction: Literal["forward", "backward"] = "forward"
    length: Length = 30.0


class PlaceRecord(Record):
    """Where trips begin and end: on roads named, at a junction (a gate at the border), or on the nearest road."""

    type: str = "place"
    roads: Names = Field(default_factory=list)
    junction: str | None = None


class BuildingRecord(Record):
    """A building: neither signals nor sensors pass it. Holes in it count as built."""


class AreaRecord(Record):
    """An area that a scenario can name, such as a cell of a network. Holes in it count as part of it."""


class NoteRecord(BaseModel):
    """Something drawn for people; it is not read."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str


class Header(BaseModel):
    """What a map says of itself.

    Args:
        origin: longitude and latitude [degrees] that become (0, 0); without it the middle of what is drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = Field(examples=["1"])
    name: str = ""
    synthetic: bool = False
    left_hand: bool = False
    origin: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-80, le=80)]] | None = None
    note: str = ""


#: Kind of feature -> its record, and the geometry it wants ("" for any).
KINDS: dict[str, tuple[type[BaseModel], str]] = {
    "road": (RoadRecord, "LineString"),
    "junction": (JunctionRecord, "Point"),
    "roadside": (RoadsideRecord, "Point"),
    "stop": (StopRecord, "Point"),
    "place": (PlaceRecord, "Point"),
    "building": (BuildingRecord, "Polygon"),
    "area": (AreaRecord, "Polygon"),
    "note": (NoteRecord, ""),
}
