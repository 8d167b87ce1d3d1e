"""The demand of a park: who drives in our own scenarios, drawn before the run into one table of departures.

Every draw is keyed by the flow's or the vehicle's name: adding, removing or reordering flows changes nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import DemandError, Fault
from sim.park.network import Network
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.traffic.departures import Departures
from sim.traffic.descriptions import Asked, BusLine, Flow, Freight, Halt, Pulse, Shift, TripTable
from sim.traffic.draw import draw
from sim.traffic.soundness import Known, unsound_numbers, unsound_sizes
from sim.traffic.streams import Stream, of_day, streams
from sim.traffic.table import table

__all__ = ["BusLine", "Flow", "Freight", "Halt", "ParkDemand", "Pulse", "Shift", "TripTable"]


@dataclass(frozen=True, slots=True)
class ParkDemand:
    """Everybody who drives in a park.

    Args:
        cards: share of each card among flows, tables and shifts that do not say their own; adds up to 1.
        own_cards: cards of the scenario beside or instead of the built-in ones, by name.
        day_to_day: coefficient of variation of how many come, from one seed to another [-].
    """

    cards: Mapping[str, float]
    flows: tuple[Flow, ...] = ()
    tables: tuple[TripTable, ...] = ()
    shifts: tuple[Shift, ...] = ()
    freight: tuple[Freight, ...] = ()
    bus_lines: tuple[BusLine, ...] = ()
    own_cards: Mapping[str, Card] | None = None
    day_to_day: float = 0.0

    def asked(self) -> tuple[Asked, ...]:
        """All descriptions, in the order in which equal times are resolved."""
        return (*self.flows, *self.tables, *self.shifts, *self.freight, *self.bus_lines)

    def catalogue(self) -> dict[str, Card]:
        """Cards that can be named: the built-in ones and the scenario's own."""
        return {name: CARDS[name] for name in CARDS.names()} | dict(self.own_cards or {})

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """Everybody who wants to depart in [begin, end) [s].

        Vehicle k of a flow is called `<flow>.<k>`. Each takes the quickest route at free travel times, enters the lane
        that leads on, as fast as is safe, and leaves the road at the end of its last edge.

        Raises:
            DemandError: every fault: unknown names, impossible numbers, too many vehicles, places without a way.
        """
        asked = self._sound(network, begin, end)
        amount = of_day(self.day_to_day, seed)
        drawn = [draw(stream.on_a_day(amount), seed, begin, end) for stream in asked]
        return table(drawn, network, self.catalogue(), seed)

    def _sound(self, network: Network, begin: float, end: float) -> list[Stream]:
        """All streams, if nothing is wrong with them."""
        faults: list[Fault] = []
        found: list[Stream] = []
        for asked in self.asked():
            wrong = unsound_numbers(asked)
            faults += wrong
            found += [] if wrong else streams(asked, self.cards)
        known = Known(network, self.catalogue())
        for stream in found:
            faults += known.faults(stream)
        faults += unsound_sizes(found, begin, end)
        if faults:
            raise DemandError(faults=tuple(dict.fromkeys(faults)))
        return found
