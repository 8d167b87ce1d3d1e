"""The probe's slow and plain twin: encounters of a run, from what is true after each of its steps, in dicts and lists.

Everybody is compared with everybody who may meet him; formulas are those of the definitions, written anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.kernel.encounters import EVERY, OPEN_PET, OPEN_TTC, QUIET
from sim.kernel.measure import RECENT
from sim.state.world import World

CROSS, MERGE, DIVERGE = 0, 1, 2
FOLLOWING, LANE_CHANGE, MERGING, CROSSING = 0, 1, 2, 3
RED = (ord("r"), ord("u"))


class Car:
    """A vehicle after a step, in plain numbers."""

    def __init__(self, row: Any, dt: float) -> None:
        for name in ("departure", "lane", "stage", "last_stage", "link", "shadow", "shadow_end", "change_step", "key"):
            setattr(self, name, int(row[name]))
        for name in ("position", "speed", "acceleration", "length"):
            setattr(self, name, float(row[name]))
        self.chain = [self.lane]
        for name in ("behind", "behind2", "behind3"):
            if row[name] < 0:
                break
            self.chain.append(int(row[name]))
        self.moved = self.speed * dt

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Twin:
    """Looks at a world after each step."""

    def __init__(self, world: World) -> None:
        t = world.totals[0]
        self.world, self.dt = world, float(t.dt)
        self.exposure, self.reaction, self.change_steps = float(t.exposure), float(t.reaction), int(t.change_steps)
        self.open: dict[tuple[int, int], dict[str, Any]] = {}
        self.past: list[dict[str, Any]] = []
        self.left: dict[tuple[int, int], tuple[float, int, float]] = {}
        lanes = world.lanes
        self.length = [float(x) for x in lanes["length"]]
        self.internal = [bool(x) for x in lanes["internal"]]
        self.conflicts = [
            (lane, *(float(c[x]) for x in ("begin", "end", "foe_begin", "foe_end")), int(c["foe"]), int(c["kind"]))
            for lane in range(len(lanes))
            for c in world.conflicts[lanes["conflict"][lane] : lanes["conflict_end"][lane]]
        ]

    def look(self) -> None:
        """After a step."""
        self.step = int(self.world.totals[0].step)
        rows = self.world.vehicles[self.world.vehicles["departure"] >= 0]
        self.cars = {int(r["departure"]): Car(r, self.dt) for r in rows}
        self._lay()
        now: dict[tuple[int, int], float] = {}
        for second, first, kind, ttc, drac, mdrac in [*self._on_lanes(), *self._in_junctions()]:
            e = self._encounter(second, first, kind)
            pair = (e["one"], e["other"])
            now[pair] = min(now.get(pair, math.inf), ttc)
            e["drac"], e["mdrac"] = max(e["drac"], drac), max(e["mdrac"], mdrac)
            if ttc < e["ttc"]:
                e["ttc"] = ttc
                other = self.cars[first.departure]
                self._place(e, second, (other.lane, other.position, other.speed))
        for pair, ttc in now.items():
            if ttc < self.exposure:
                self.open[pair]["tet"] += self.dt
                self.open[pair]["tit"] += (self.exposure - ttc) * self.dt
        self._passages()
        if (self.step - 1) % EVERY == 0:
            for pair in [p for p, e in self.open.items() if self._is_over(e)]:
                self.past.append(self.open.pop(pair) | {"end": self.step})

    def _is_over(self, e: dict[str, Any]) -> bool:
        gone = e["one"] not in self.cars or e["other"] not in self.cars
        return gone or (self.step - e["last"]) * self.dt >= QUIET

    def _encounter(self, second: Car, first: Any, kind: int) -> dict[str, Any]:
        one, other = sorted((second.departure, getattr(first, "departure", first)))
        e = self.open.setdefault(
            (one, other),
            {"one": one, "other": other, "kind": 0, "begin": self.step, "ttc": math.inf, "pet": math.inf, "drac": 0.0}
            | {"mdrac": 0.0, "tet": 0.0, "tit": 0.0, "braking": 0.0, "other_braking": 0.0},
        )
        e["kind"], e["last"] = max(e["kind"], kind), self.step
        for who, name in ((one, "braking"), (other, "other_braking")):
            if who in self.cars:
                e[name] = max(e[name], -self.cars[who].acceleration)
        return e

    def _place(self, e: dict[str, Any], second: Car, other: tuple[int, float, float]) -> None:
        e |= {"step": self.step, "subject": second.departure, "lane": second.lane, "position": second.position}
        e |= {"speed": second.speed, "other_lane": other[0], "other_position": other[1], "other_speed": other[2]}

    # -------------------------------------------------------------------------------------------- on lanes

    def _lay(self) -> None:
        """Who is on each lane, from its end backwards; (car, whether it is a shadow)."""
        self.on: dict[int, list[tuple[Car, bool]]] = {}
        self.tail: dict[int, tuple[float, int, Car]] = {}
        for car in self.cars.values():
            self.on.setdefault(car.lane, []).append((car, False))
            if car.shadow >= 0:
                self.on.setdefault(car.shadow, []).append((car, True))
            for lane, front in list(self._stretch(car))[1:]:
                self.tail[lane] = min(self.tail.get(lane, (math.inf,)), (front - car.length, car.key, car))
        for here in self.on.values():
            here.sort(key=lambda x: (-x[0].position, -x[0].key))

    def _stretch(self, car: Car) -> Iterator[tuple[int, float]]:
        """Lanes on which a body is, and its front from the begin of each."""
        front = car.position
        for i, lane in enumerate(car.chain):
            if i > 0:
                front += self.length[lane]
            yield lane, front
            if front - car.length >= 0.0:
                return

    def _has_changed(self, car: Car) -> bool:
        return car.shadow >= 0 or (self.step - car.change_step) * self.dt < RECENT

    def _behind(self, car: Car, leader: Car, gap: float) -> Iterator[tuple[Any, ...]]:
        closing = car.speed - leader.speed
        if gap >= 0.0 and closing > 0.0 and gap < OPEN_TTC * closing:
            ttc = gap / closing if gap > 0.0 else 0.0
            late = ttc - self.reaction
            drac = closing / (2.0 * ttc) if ttc > 0.0 else math.inf
            mdrac = closing / (2.0 * late) if late > 0.0 else math.inf
            kind = LANE_CHANGE if self._has_changed(car) or self._has_changed(leader) else FOLLOWING
            yield car, leader, kind, ttc, drac, mdrac

    def _on_lanes(self) -> Iterator[tuple[Any, ...]]:
        for lane, here in self.on.items():
            ahead: tuple[Car, float] | None = None
            if lane in self.tail:
                ahead = self.tail[lane][2], self.tail[lane][0]
            for car, shadow in here:
                if shadow and 2 * (car.shadow_end - self.step) <= self.change_steps:
                    continue
                if ahead is not None and ahead[0] is not car:
                    yield from self._behind(car, ahead[0], ahead[1] - car.position)
                elif not shadow:
                    yield from self._beyond(car)
                ahead = car, car.position - car.length

    def _beyond(self, car: Car) -> Iterator[tuple[Any, ...]]:
        """Against the next one on the way beyond the lane's end."""
        lane, link, stage = car.lane, car.link, car.stage
        seen = self.length[lane] - car.position
        w = self.world
        for _ in range(12):
            if link < 0 or seen >= OPEN_TTC * car.speed:
                return
            before, lane = lane, int(w.links["lane"][link])
            stage += not self.internal[lane]
            found = None
            if self.on.get(lane):
                found = self.on[lane][-1][0], self.on[lane][-1][0].position - self.on[lane][-1][0].length
            elif lane in self.tail:
                found = self.tail[lane][2], self.tail[lane][0]
            if found:
                if found[0] is not car and (found[1] >= 0.0 or before in found[0].chain[1:]):
                    yield from self._behind(car, found[0], seen + found[1])
                return
            seen += self.length[lane]
            if self.internal[lane]:
                link = int(w.lanes["link"][lane])
            elif stage >= car.last_stage:
                link = -1
            else:
                link = int(w.plans["link"][w.stages["plan"][stage] + w.lanes["index"][lane]])

    # ---------------------------------------------------------------------------------------- in junctions

    def _comes(self, car: Car, link: int, way: float) -> bool:
        k = self.world.links[link]
        letter = int(k.rule)
        if k.light >= 0 and int(self.world.loose.light[k.light]) != ord("O"):
            letter = int(self.world.loose.light[k.light])
        stops = car.acceleration < 0.0 and car.speed**2 <= -2.0 * car.acceleration * way
        return way < OPEN_TTC * car.speed and letter not in RED and not stops

    def _users(self) -> dict[int, list[tuple[Car, float, bool]]]:
        """Of each internal lane: who, front from its begin, whether still before his stop line."""
        found: dict[int, list[tuple[Car, float, bool]]] = {}
        w = self.world
        for car in self.cars.values():
            for lane, front in self._stretch(car):
                if self.internal[lane] and front - car.length < self.length[lane]:
                    found.setdefault(lane, []).append((car, front, False))
            if self.internal[car.lane]:
                link, way = int(w.lanes["link"][car.lane]), self.length[car.lane] - car.position
                if self.internal[int(w.links["lane"][link])] and self._comes(car, link, way):
                    found.setdefault(int(w.links["lane"][link]), []).append((car, -way, False))
        for lane, here in self.on.items():
            for car, shadow in here:
                if shadow:
                    continue
                way = self.length[lane] - car.position
                if self.internal[lane] or car.link < 0 or not self._comes(car, car.link, way):
                    break
                if not self.internal[int(w.links["lane"][car.link])]:
                    break
                found.setdefault(int(w.links["lane"][car.link]), []).append((car, -way, True))
        return found

    def _in_junctions(self) -> Iterator[tuple[Any, ...]]:
        users = self._users()
        for lane, begin, end, foe_begin, foe_end, foe, kind in self.conflicts:
            for me, front, coming in users.get(lane, ()):
                for other, foe_front, foe_comes in users.get(foe, ()):
                    if me is other or coming or not (foe_comes or lane < foe):
                        continue
                    mine = (me, begin - front, end - front)
                    its = (other, foe_begin - foe_front, foe_end - foe_front)
                    if kind == CROSS:
                        yield from self._cross(mine, its)
                    elif kind == MERGE:
                        yield from self._merge(mine, its)
                    else:
                        lead, last = (
                            ((me, front, end), (other, foe_front))
                            if front >= foe_front
                            else ((other, foe_front, foe_end), (me, front))
                        )
                        if lead[1] - lead[0].length < lead[2]:
                            yield from self._behind(last[0], lead[0], lead[1] - lead[0].length - last[1])

    @staticmethod
    def _time(way: float, speed: float) -> float:
        return 0.0 if way <= 0.0 else way / speed if speed > 0.0 else math.inf

    def _cross(self, *two: tuple[Car, float, float]) -> Iterator[tuple[Any, ...]]:
        """Each is told as car, way to the area, way to its end: in the area while rear and front are about it."""
        stay = [
            (self._time(begin, car.speed), car.departure, self._time(end + car.length, car.speed), begin, car)
            for car, begin, end in two
        ]
        if min(x[2] for x in stay) <= 0.0:
            return
        first, second = sorted(stay, key=lambda x: x[:2])
        if second[0] < min(OPEN_TTC, first[2]):
            needed = [self._yield(second[3], second[4].speed, first[2], late) for late in (0.0, self.reaction)]
            yield second[4], first[4], CROSSING, second[0], *needed

    def _yield(self, way: float, speed: float, clear: float, late: float) -> float:
        """Way left after the reaction is to last until the area is clear, or for stopping."""
        room, time = way - speed * late, clear - late
        if speed == 0.0:
            return 0.0
        if room <= 0.0:
            return math.inf
        if room / time >= speed / 2.0:  # mean speed of one who still moves
            return 2.0 * (speed - room / time) / time
        return speed**2 / (2.0 * room)

    def _merge(self, *two: tuple[Car, float, float]) -> Iterator[tuple[Any, ...]]:
        together = max(self._time(begin, car.speed) for car, begin, _ in two)
        if together >= OPEN_TTC or any(end + car.length <= 0.0 for car, _, end in two):
            return
        first, second = sorted(two, key=lambda x: (x[2] - x[0].speed * together, x[0].departure))
        gap = second[2] - first[2] - first[0].length
        closing = second[0].speed - first[0].speed
        if gap - closing * together <= 0.0:
            ttc = together
        elif closing > 0.0:
            ttc = gap / closing
        else:
            return
        if ttc < OPEN_TTC:
            needed = [self._fall_back(gap, closing, together, second, late) for late in (0.0, self.reaction)]
            yield second[0], first[0], MERGING, ttc, *needed

    def _fall_back(
        self, gap: float, closing: float, together: float, who: tuple[Car, float, float], late: float
    ) -> float:
        room, time = gap - closing * late, together - late
        if room > 0.0 and room / closing >= time / 2.0:
            return closing**2 / (2.0 * room)
        if time <= 0.0:
            return math.inf
        needed = 2.0 * (closing - room / time) / time
        before = who[1] - who[0].speed * late
        if needed * time > who[0].speed:
            return math.inf if before <= 0.0 else who[0].speed ** 2 / (2.0 * before)
        return needed

    def _passages(self) -> None:
        """Who came to an area how soon after the last one had left it on the other path."""
        came = []
        for car in self.cars.values():
            fronts: dict[int, float] = {}
            front = car.position
            for i, lane in enumerate(car.chain):
                front += self.length[lane] if i > 0 else 0.0
                fronts[lane] = front
            for lane, begin, end, _, _, foe, kind in self.conflicts:
                if lane not in fronts or kind == DIVERGE or car.moved == 0.0:
                    continue
                line = end if kind == MERGE else begin
                now, rear = fronts[lane], fronts[lane] - car.length
                if now - car.moved <= line < now:
                    came.append((car, lane, foe, kind, (self.step - (now - line) / car.moved) * self.dt))
                if rear - car.moved <= end < rear:
                    time = (self.step - (rear - end) / car.moved) * self.dt
                    self.left[lane, foe] = time, car.departure, car.speed, end
        for car, lane, foe, kind, time in came:
            if (foe, lane) not in self.left:
                continue
            left, by, speed, end = self.left[foe, lane]
            if by != car.departure and 0.0 <= time - left <= OPEN_PET:
                e = self._encounter(car, by, MERGING if kind == MERGE else CROSSING)
                if time - left < e["pet"]:
                    e["pet"] = time - left
                    if e["ttc"] == math.inf:
                        self._place(e, car, (foe, end, speed))
