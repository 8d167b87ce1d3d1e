"""A stage on which vehicles are put by hand, step by step, and looked at by the compiled probe alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from small_worlds import pilot, ways_in, ways_out

from sim.compiled import PLAIN, addresses, cached
from sim.engine.build import build
from sim.engine.recording import EVENT_KINDS
from sim.kernel.measure import measure
from sim.kernel.move import list_hanger, measure_tails
from sim.park.network import Network
from sim.state.world import open_world
from sim.traffic.card import Card
from sim.traffic.cards import CARDS

COLLISION = EVENT_KINDS.index("collision")


@cached
def look(handle):  # type: ignore[no-untyped-def]
    """The probe's part of one step of the world behind a handle."""
    w = open_world(handle)
    t = w.totals[0]
    t.hangers = 0
    for i in range(t.busy):
        lane = w.loose.busy[i]
        for place in range(w.lane[lane].count):
            row = w.loose.slots[w.lanes[lane].slot + place]
            if row >= 0:  # else the shadow of a lane change: it is listed where it is
                list_hanger(w, row)
    measure_tails(w)
    measure(w)
    w.totals[0].step += 1


class Stage:
    """Vehicles that go where they are told: along a path, a chain of lanes, so far from the begin of the first one.

    Args:
        network: the roads.
        cards: of the vehicles.
    """

    def __init__(self, network: Network, *cards: Card) -> None:
        start = ways_in(network)[0]
        end = next(o for o in ways_out(network) if network.edges[o].end != network.edges[start].start)
        wishes = [(f"v{i}", 0.0, start, end, card) for i, card in enumerate(cards)]
        made = pilot(network, wishes, 60.0)
        made = replace(made, output=replace(made.output, conflicts=True))
        departures = made.demand.departures(network, 1, 0.0, 60.0)
        assert len(departures.ids) == len(cards)
        self.world = build(made, departures, 1)
        self.network = network
        self.dt = float(self.world.totals[0].dt)
        self.paths: list[list[int]] = [[] for _ in cards]
        for row in range(len(cards)):
            v = self.world.vehicles[row]
            v.departure, v.profile = row, departures.card[row]
            v.key = departures.key[row]
            v.length = self.world.profiles[v.profile].length
            self.world.trips[row].row = row

    def put(self, row: int, path: list[int], way: float, speed: float, acceleration: float = 0.0) -> None:
        """Put a vehicle's front at a way along a chain of lanes."""
        v = self.world.vehicles[row]
        at = 0
        while way > self.world.lanes["length"][path[at]]:
            way -= float(self.world.lanes["length"][path[at]])
            at += 1
        v.lane, v.position, v.speed, v.acceleration = path[at], way, speed, acceleration
        passed = path[:at][::-1]
        v.behind, v.behind2, v.behind3 = [*passed, -1, -1, -1][:3]
        v.link = self.link(path[at], path[at + 1]) if at + 1 < len(path) else -1

    def link(self, lane: int, after: int) -> int:
        """The link from a lane to the next one."""
        w = self.world
        if w.lanes["internal"][lane]:
            return int(w.lanes["link"][lane])
        return next(
            int(k)
            for k in np.flatnonzero(w.links["entry"] & (w.links["lane"] == after))
            if any(c.source == lane and c.via[0] == after for c in self.network.connections)
        )

    def look(self) -> None:
        """Let the probe look at everybody as they are now."""
        w, t = self.world, self.world.totals[0]
        w.lane["count"] = 0
        rows = [i for i in range(len(self.paths)) if w.vehicles["lane"][i] >= 0]
        busy = []
        for lane in {int(x) for i in rows for x in (w.vehicles["lane"][i], w.vehicles["shadow"][i]) if x >= 0}:
            here = [i if w.vehicles["lane"][i] == lane else ~i for i in rows if self._is_on(i, lane)]
            here.sort(key=lambda slot: -float(w.vehicles["position"][slot if slot >= 0 else ~slot]))
            first = int(w.lanes["slot"][lane])
            w.loose.slots[first : first + len(here)] = here
            w.lane["count"][lane] = len(here)
            busy.append(lane)
        w.loose.busy[: len(busy)] = busy
        w.junctions["occupied"] = ~np.uint64(0)  # perhaps there is somebody on each of their lanes
        t.busy, t.on_road = len(busy), len(rows)
        block = addresses(w)
        look(w if PLAIN else block.ctypes.data)

    def _is_on(self, row: int, lane: int) -> bool:
        v = self.world.vehicles[row]
        return bool(v.lane == lane or v.shadow == lane)

    def drive(self, ways: list[tuple[list[int], float, float]], steps: int) -> None:
        """Drive each vehicle along its path, from a way at a constant speed, and look after every step."""
        for step in range(1, steps + 1):
            for row, (path, way, speed) in enumerate(ways):
                self.put(row, path, way + speed * step * self.dt, speed)
            self.look()

    @property
    def met(self) -> Any:
        """Encounters, open ones and past ones."""
        t = self.world.totals[0]
        return np.concatenate([self.world.past[: t.past], self.world.encounters[: t.encounters]]).view(np.recarray)

    @property
    def crashes(self) -> Any:
        """Records of collisions."""
        records = self.world.records[: self.world.totals[0].records]
        return records[records["kind"] == COLLISION]


CAR, TRUCK = CARDS["human_car"], CARDS["truck"]
