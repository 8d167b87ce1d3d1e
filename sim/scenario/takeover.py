"""The section on take-over: what makes automated vehicles ask for a driver, and what comes of it."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.scenario.fields import Acceleration, CardName, EdgeName, Name, Number, Part, Share, Time
from sim.traffic.takeover import HARDEST, ODD_EXIT, Takeover

_TOLD = Takeover()
_MOST = 1000.0  #: demands a kilometre
_LONGEST = 3600.0


class TakeoverPart(Part):
    """When automated vehicles hand over to people, and what happens if nobody answers."""

    as_of: ClassVar[tuple[type, ...]] = (Takeover,)

    per_km: dict[Name, Annotated[Number, Field(ge=0.0, le=_MOST)]] = Field(default_factory=dict)
    outside: list[EdgeName] = Field(default_factory=list)
    driver: CardName = _TOLD.driver
    lead: Time = Field(default=_TOLD.lead, gt=0.0, le=_LONGEST)
    response: Time = Field(default=_TOLD.response, gt=0.0, le=_LONGEST)
    deviation: Time = Field(default=_TOLD.deviation, ge=0.0, le=_LONGEST)
    unanswered: Share = _TOLD.unanswered
    time_gap: Time = Field(default=_TOLD.time_gap, ge=0.0, le=60.0)
    deceleration: Acceleration = Field(default=_TOLD.deceleration, gt=0.0, le=HARDEST)
    awareness: Share = Field(default=_TOLD.awareness, gt=0.0)
    recovery: Number = Field(default=_TOLD.recovery, ge=0.01, le=10.0)
    manual: Time = Field(default=_TOLD.manual, ge=0.0, le=86400.0)
    vehicles_per_operator: Number = Field(default=_TOLD.vehicles_per_operator, ge=0.0, le=1e6)
    help: Time = Field(default=_TOLD.help, gt=0.0, le=_LONGEST)

    @model_validator(mode="after")
    def _sound(self) -> TakeoverPart:
        if ODD_EXIT in self.per_km:
            raise ValueError(f"per_km: {ODD_EXIT} is no matter of chance; name the edges under outside")
        if not self.outside and math.fsum(self.per_km.values()) == 0.0:
            raise ValueError("nothing makes a vehicle ask: wanted per_km: { cause: number } or outside: [ edge ]")
        return self

    def takeover(self) -> Takeover:
        """As the engine wants it."""
        return Takeover(**self.model_dump() | {"outside": tuple(self.outside)})
