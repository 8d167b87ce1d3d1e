"""The demand of a park: who drives in our own scenarios, drawn before the run into one table of departures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.traffic.card import Card
from sim.traffic.descriptions import BusLine, Flow, Freight, Halt, Pulse, Shift, TripTable

__all__ = ["BusLine", "Flow", "Freight", "Halt", "ParkDemand", "Pulse", "Shift", "TripTable"]


@dataclass(frozen=True, slots=True)
class ParkDemand:
    """Everybody who drives in a park.

    Args:
        cards: share of each card among flows, tables and shifts that do not say their own; adds up to 1.
        own_cards: cards of the scenario beside or instead of the built-in ones, by name.
    """

    cards: Mapping[str, float]
    flows: tuple[Flow, ...] = ()
    tables: tuple[TripTable, ...] = ()
    shifts: tuple[Shift, ...] = ()
    freight: tuple[Freight, ...] = ()
    bus_lines: tuple[BusLine, ...] = ()
    own_cards: Mapping[str, Card] | None = None
