"""Other ways while a run goes: new routes into the world's plans, for those on the road and those to come."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.people import class_bit, entry_links, plan_ways, way_out
from sim.park.route import Router
from sim.state.world import World

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


Halts = tuple[tuple[int, int], ...]  #: (edge of a route, lane on it) of each halt


class Ways:
    """Routes of a run, each planned once.

    Args:
        simulation: whose world takes the plans.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._known: dict[tuple[bytes, int, Halts], int] = {}
        self._routers: dict[tuple[int, float], Router] = {}

    @cached_property
    def _net(self) -> tuple[np.ndarray, ...]:
        return way_out(self._simulation.pilot.park, entry_links(self._simulation.pilot.park))

    def router(self, bit: int, top_speed: float = math.inf) -> Router:
        """Router of a class of road users who can go as fast as that [m/s]."""
        if (bit, top_speed) not in self._routers:
            self._routers[bit, top_speed] = Router(self._simulation.pilot.park, bit, top_speed)
        return self._routers[bit, top_speed]

    def know(self, edges: np.ndarray, bit: int, halts: Halts, first: int) -> None:
        """Remember that a route is planned already, from a row of `Stages` on."""
        self._known.setdefault((edges.tobytes(), bit, halts), first)

    def stage(self, edges: np.ndarray, bit: int) -> int:
        """First row of `Stages` of a route without halts; it is planned and appended if it is new."""
        return self.stages([(edges, bit, ())])[0]

    def stages(self, routes: list[tuple[np.ndarray, int, Halts]]) -> list[int]:
        """First row of `Stages` of each route: its edges, class and halts; new ones are planned and appended."""
        asked = [(edges.tobytes(), bit, halts) for edges, bit, halts in routes]
        new = {key: route for key, route in zip(asked, routes, strict=True) if key not in self._known}
        if new:
            self._append(new)
        return [self._known[key] for key in asked]

    def _append(self, new: dict[tuple[bytes, int, Halts], tuple[np.ndarray, int, Halts]]) -> None:
        """Plan routes behind those of the world."""
        env = self._simulation.environment
        w = env.world
        ways, bits, halts = zip(*new.values(), strict=True)
        stages, plans = plan_ways(list(ways), list(bits), list(halts), self._net)
        stages["plan"] += len(w.plans)
        begin = len(w.stages)
        for key, edges in zip(new, ways, strict=True):
            self._known[key] = begin
            begin += len(edges)
        env.world = w._replace(
            stages=np.concatenate([w.stages, stages]).view(np.recarray),
            plans=np.concatenate([w.plans, plans]).view(np.recarray),
        )


def remaining(w: World, row: int) -> np.ndarray:
    """Edges a vehicle has still to drive, the present one first."""
    v = w.vehicles[row]
    return w.stages["edge"][int(v.stage) : int(v.last_stage) + 1].copy()


def detour(simulation: Simulation) -> None:
    """Give everybody whose way is closed, and who can still turn off, the quickest open way."""
    env, ways = simulation.environment, simulation.ways
    w = env.world
    shut = np.unique(w.lanes["edge"][w.lane["shut"]])
    cards = simulation.departures.card
    bits = [class_bit(card) for card in simulation.departures.cards]
    for bit in set(bits):
        router = ways.router(bit)
        times = router.free_times.copy()
        times[shut] = np.inf
        router.update(times)
    closed = np.zeros(len(simulation.pilot.park.edges), bool)
    closed[shut] = True
    for row in np.flatnonzero(w.vehicles["departure"] >= 0):
        edges = remaining(env.world, int(row))
        if closed[edges[1:]].any() and not env.world.lanes[env.world.vehicles[row].lane].internal:
            _send(simulation, int(row), edges, bits[int(cards[env.world.vehicles[row].departure])])
    _redirect_waiting(simulation, closed, bits)


def _send(simulation: Simulation, row: int, edges: np.ndarray, bit: int) -> None:
    """Send a vehicle on the road the open way from its present edge, if there is one and it has no halts to make."""
    env, ways = simulation.environment, simulation.ways
    path = ways.router(bit).path(int(edges[0]), int(edges[-1]))
    v = env.world.vehicles[row]
    if path is None or v.halt < v.halt_end:
        return
    drive_on(simulation, row, ways.stage(path, bit), len(path))


def drive_on(simulation: Simulation, row: int, first: int, edges: int) -> None:
    """Send a vehicle another way, which begins with the edge it is on, or, inside a junction, has come from.

    Args:
        first: row of `Stages` of the new way.
        edges: how many it has.
    """
    w = simulation.world
    v = w.vehicles[row]
    v.stage, v.last_stage = first, first + edges - 1
    if not w.lanes[v.lane].internal:
        x = w.plans[w.stages[first].plan + w.lanes[v.lane].index]
        v.link, v.reach, v.offset, v.last = x.link, x.reach, x.offset, edges == 1
        k = w.links[x.link]
        v.ahead_light, v.ahead_told, v.ahead_lane = (k.light, k.told, k.lane) if x.link >= 0 else (-1, 0, -1)
    v.link2 = -1
    if v.link >= 0 and edges > 2:
        v.link2 = w.plans[w.stages[first + 1].plan + w.lanes[w.links[v.link].target].index].link
    simulation.environment.tell("reroute", int(v.departure), edges, int(v.lane), float(v.position))


def _redirect_waiting(simulation: Simulation, closed: np.ndarray, bits: list[int]) -> None:
    """Give those who have not set off yet the open way from their first edge, if there is one."""
    env, ways = simulation.environment, simulation.ways
    starts = env.world.starts
    edge_of = env.world.stages["edge"]
    spans: dict[tuple[int, int], bool] = {}
    for d in np.flatnonzero(env.world.trips["depart"] < 0):
        s = starts[d]
        span = int(s.stage), int(s.last_stage)
        if span not in spans:
            spans[span] = bool(closed[edge_of[span[0] + 1 : span[1] + 1]].any())
        if not spans[span] or s.halt < s.halt_end:
            continue
        bit = bits[int(simulation.departures.card[d])]
        path = ways.router(bit).path(int(edge_of[span[0]]), int(edge_of[span[1]]))
        if path is not None:
            first = ways.stage(path, bit)
            s.stage, s.last_stage = first, first + len(path) - 1
