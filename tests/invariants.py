"""What must hold after every step of every run, looked up slowly and plainly in the arrays and in the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from sim.kernel.advance import advance
from sim.park.classes import CLASSES
from sim.park.network import Crossing, Network
from sim.state.world import World

EPS = 1e-6


class Inspector:
    """Looks at a world after each step and tells what is wrong, in words."""

    def __init__(self, network: Network, world: World) -> None:
        self.network, self.world = network, world
        self.step = 0
        self.allowed = np.array([lane.allowed for lane in network.lanes], np.uint64)
        self.entry = {(c.source, c.via[0]): c for c in network.connections}
        self.crossings = [c for c in network.conflicts if c.kind == Crossing.CROSS and c.lane < c.foe]
        self.was: dict[int, tuple[int, float]] = {}  # departure -> lane, speed

    def advance(self) -> list[str]:
        """Make one step and look."""
        w = self.world
        w.totals[0].records = 0
        reached = advance(w, self.step + 1)
        faults = [] if reached == self.step + 1 else [f"kernel came back at step {reached}"]
        self.step += 1
        for look in (
            self.conserved, self.ordered, self.apart, self.within_limits, self.lawful, self.clear_inside, self.on_way
        ):  # fmt: skip
            faults += [f"step {self.step}: {x}" for x in look()]
        v = self.on_road()
        self.was = {int(r["departure"]): (int(r["lane"]), float(r["speed"])) for r in v}
        return faults

    def on_road(self) -> np.ndarray:
        """Rows of who is on the road."""
        v = self.world.vehicles
        return np.asarray(v[v["departure"] >= 0])

    def slots(self, lane: int) -> np.ndarray:
        """Slots of a lane."""
        first = int(self.world.lanes["slot"][lane])
        return self.world.loose.slots[first : first + int(self.world.lane["count"][lane])]

    def conserved(self) -> Iterator[str]:
        """Scheduled = not yet due + waiting + on the road + arrived, and every row is used or free."""
        t, w = self.world.totals[0], self.world
        present = self.on_road()
        if t.due != t.waiting + t.on_road + t.arrived:
            yield f"due {t.due}, waiting {t.waiting}, on road {t.on_road}, arrived {t.arrived}"
        if len(present) != t.on_road or len(set(present["departure"])) != t.on_road:
            yield f"{len(present)} rows are used by {t.on_road} vehicles"
        free = set(w.loose.free[: t.free].tolist())
        used = set(np.flatnonzero(w.vehicles["departure"] >= 0).tolist())
        if free & used or len(free) + len(used) != len(w.vehicles):
            yield "free and used rows do not make up all"
        homes = w.trips["arrive"] >= 0
        if homes.sum() != t.arrived or (w.trips["depart"][homes] < 0).any():
            yield "trips do not tell who arrived"

    def ordered(self) -> Iterator[str]:
        """Each lane holds its vehicles once, from its end backwards, and the shadows of who leaves it sideways."""
        w, v = self.world, self.world.vehicles
        seen: Counter[tuple[int, int]] = Counter()
        busy = set(w.loose.busy[: w.totals[0].busy].tolist())
        if busy != set(np.flatnonzero(w.lane["count"] > 0).tolist()):
            yield "list of busy lanes is wrong"
        for lane in busy:
            slots = self.slots(lane)
            seen.update((lane, int(s)) for s in slots)
            places = v["position"][np.where(slots < 0, ~slots, slots)]
            if (np.diff(places) > 0).any():
                yield f"lane {self.network.lanes[lane].id} is out of order: {places}"
        rows = np.flatnonzero(v["departure"] >= 0)
        wanted = Counter((int(v["lane"][r]), int(r)) for r in rows)
        wanted.update((int(v["shadow"][r]), ~int(r)) for r in rows if v["shadow"][r] >= 0)
        if seen != wanted:
            yield f"slots without vehicle {list(seen - wanted)[:5]}, vehicles without slot {list(wanted - seen)[:5]}"

    def on_way(self) -> Iterator[str]:
        """What a row keeps at hand about its way is what its route says."""
        w = self.world
        for r in self.on_road():
            lane, wanted, told = w.lanes[int(r["lane"])], -1, 0
            if not lane.internal and w.plans[w.stages[r["stage"]].plan + lane.index].link != r["link"]:
                yield f"row of departure {r['departure']} takes link {r['link']}, not its route's"
            if r["link"] >= 0:
                told = w.links[r["link"]].told
                if r["stage"] + 1 < r["last_stage"]:
                    target = w.lanes[w.links[r["link"]].target]
                    wanted = w.plans[w.stages[r["stage"] + 1].plan + target.index].link
            if (r["ahead_told"], r["link2"]) != (told, wanted):
                yield f"row of departure {r['departure']}: {r['ahead_told']}, {r['link2']}, not {told}, {wanted}"

    def apart(self) -> Iterator[str]:
        """Nobody touches the one ahead on the lane, nor a body that hangs back into it."""
        v = self.world.vehicles
        for lane in self.world.loose.busy[: self.world.totals[0].busy]:
            slots = self.slots(int(lane))
            rows = np.where(slots < 0, ~slots, slots)
            gaps = v["position"][rows[:-1]] - v["length"][rows[:-1]] - v["position"][rows[1:]]
            for i in np.flatnonzero((gaps < -EPS) & (slots[1:] >= 0)):
                yield f"gap {gaps[i]:.2f} m on {self.network.lanes[int(lane)].id} at {v['position'][rows[i + 1]]:.1f} m"
        for r in self.on_road():
            over, behind = r["length"] - r["position"], int(r["behind"])
            if over <= 0.0 or behind < 0:
                continue
            slots = self.slots(behind)
            if len(slots) and slots[0] >= 0:
                first = v[slots[0]]
                gap = self.network.lanes[behind].length - over - first["position"]
                if gap < -EPS and first["departure"] != r["departure"]:
                    yield f"gap {gap:.2f} m over the end of {self.network.lanes[behind].id}"

    def within_limits(self) -> Iterator[str]:
        """Speeds between standstill and what is allowed, accelerations within what the vehicle can do."""
        v = self.on_road()
        p = self.world.profiles[v["profile"]]
        speed, a = v["speed"], v["acceleration"]
        top = np.minimum(p["maximum_speed"], self.world.lanes["speed"].max() * v["speed_factor"])
        bad = (speed < 0.0) | (speed > top + EPS) | ~np.isfinite(speed)
        for r in v[bad]:
            yield f"speed {r['speed']:.2f} m/s"
        for r in v[(a > p["acceleration"] + EPS) | (a < -p["emergency"] - EPS)]:
            yield f"acceleration {r['acceleration']:.2f} m/s2"
        lane = v["lane"].astype(np.int64)
        for r in v[(v["position"] < 0.0) | (v["position"] > self.world.lanes["length"][lane] + EPS)]:
            yield f"position {r['position']:.2f} m beside the lane {self.network.lanes[int(r['lane'])].id}"

    def lawful(self) -> Iterator[str]:
        """Nobody on a forbidden lane, nobody over a red light."""
        v = self.on_road()
        forbidden = (self.allowed[v["lane"]] & self.world.profiles["class_bit"][v["profile"]]) == 0
        for r in v[forbidden]:
            name = CLASSES[int(self.world.profiles["class_bit"][r["profile"]]).bit_length() - 1]
            yield f"{name} on {self.network.lanes[int(r['lane'])].id}"
        for r in v:
            before, _ = self.was.get(int(r["departure"]), (int(r["lane"]), 0.0))
            over = self.entry.get((before, int(r["lane"])))
            if over and over.signal >= 0:
                letter = chr(self.world.loose.light[self.world.signals["light"][over.signal] + over.group])
                if letter in "ru":
                    yield f"red light run at {self.network.lanes[before].id}"

    def clear_inside(self) -> Iterator[str]:
        """No two bodies in one crossing area."""
        on: dict[int, list[tuple[float, float, int]]] = {}
        for r in self.on_road():
            front, lane, rear = float(r["position"]), int(r["lane"]), float(r["position"] - r["length"])
            on.setdefault(lane, []).append((rear, front, int(r["departure"])))
            for behind in (int(r["behind"]), int(r["behind2"]), int(r["behind3"])):
                if rear >= 0.0 or behind < 0:
                    break
                end = self.network.lanes[behind].length
                front, rear = end, end + rear
                on.setdefault(behind, []).append((rear, front, int(r["departure"])))
        for c in self.crossings:
            if c.lane not in on or c.foe not in on:
                continue
            mine = {d for rear, front, d in on[c.lane] if front > c.begin + EPS and rear < c.end - EPS}
            theirs = {d for rear, front, d in on[c.foe] if front > c.foe_begin + EPS and rear < c.foe_end - EPS}
            if mine and theirs and mine != theirs:
                yield f"{mine} and {theirs} meet on {self.network.lanes[c.lane].id} x {self.network.lanes[c.foe].id}"
