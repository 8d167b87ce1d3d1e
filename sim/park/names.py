"""Where in a network each id stands."""

from __future__ import annotations

from functools import cached_property

from sim.park.network import Network


class Names:
    """Where in a network each id stands."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @cached_property
    def junction(self) -> dict[str, int]:
        """Junction index by id."""
        return {x.id: i for i, x in enumerate(self._network.junctions)}

    @cached_property
    def edge(self) -> dict[str, int]:
        """Edge index by id."""
        return {x.id: i for i, x in enumerate(self._network.edges)}

    @cached_property
    def lane(self) -> dict[str, int]:
        """Lane index by id."""
        return {x.id: i for i, x in enumerate(self._network.lanes)}

    @cached_property
    def signal(self) -> dict[str, int]:
        """Signal index by id."""
        return {x.id: i for i, x in enumerate(self._network.signals)}

    @cached_property
    def walkway(self) -> dict[str, int]:
        """Walkway index by id."""
        return {x.id: i for i, x in enumerate(self._network.walkways)}

    @cached_property
    def stop(self) -> dict[str, int]:
        """Stop index by id."""
        return {x.id: i for i, x in enumerate(self._network.stops)}

    @cached_property
    def place(self) -> dict[str, int]:
        """Place index by id."""
        return {x.id: i for i, x in enumerate(self._network.places)}
