"""People on foot, of the traffic section."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from sim.scenario.asked import MOST_PER_HOUR, Arrivals, Asked, Shares
from sim.scenario.fields import ClockTime, Number, Share, WalkwayName
from sim.traffic.demand import Flow


class PedestriansPart(Asked):
    """People who cross a road on foot, both ways.

    Args:
        at: crossing: `junction.road`.
        per_hour: mean rate, both ways together.
        to_left: share that crosses to the left, as seen from the junction [-].
        cards: share of each card, adding up to 1.
    """

    at: WalkwayName
    per_hour: Number = Field(ge=0.0, le=MOST_PER_HOUR)
    to_left: Share = 0.5
    begin: ClockTime | None = None
    end: ClockTime | None = None
    cards: Shares = Field(default_factory=lambda: {"pedestrian": 1.0})
    arrivals: Arrivals = "poisson"

    def title(self) -> str:
        """The crossing."""
        return f"walk-{self.at}"

    def flows(self, name: str) -> Iterator[Flow]:
        """As demand wants them: one each way."""
        said = self.said()
        at, rate, share = said.pop("at"), said.pop("per_hour"), said.pop("to_left")
        yield Flow(f"{name}.left", f"{at}.right", f"-{at}.left", rate * share, **said)
        yield Flow(f"{name}.right", f"{at}.left", f"-{at}.right", rate * (1.0 - share), **said)
