"""Whom somebody who stands waits for, beyond the one a driver's own decision names."""

from __future__ import annotations

import numpy as np

from sim.kernel.beside import CREEP
from sim.kernel.decide import BY_END, BY_ROOM
from sim.state.world import World

#: Lanes looked at for whoever takes the room behind a junction, at most; assumed: four edges and what lies between.
LANES = 12
STANDING = 0.1  # [m/s] below this one stands; SUMO's halting speed
RED = np.frombuffer(b"ru", np.uint8)  # letters that forbid entering


def whom(w: World, row: int) -> list[int]:
    """Rows of those of whom each must move before one who stands can; empty if there is none or nobody knows."""
    r = w.vehicles[row]
    if r["blocker"] >= 0:
        return [int(r["blocker"])]
    if r["blocker"] == BY_ROOM:
        return _takers_of_room(w, row)
    side = _side_wanted(w, row)
    return _refusers(w, row, side) if side >= 0 else []


def never_turns_green(w: World, row: int) -> bool:
    """Whether the light ahead of a row shows red in all phases of its programme, and now."""
    light = int(w.vehicles["ahead_light"][row])
    if light < 0 or w.loose.light[light] not in RED:
        return False
    begin = w.signals["light"].astype(np.int64)
    own = np.flatnonzero((begin <= light) & (light < begin + w.signals["groups"]))
    if len(own) != 1:
        return False
    s = w.signals[own[0]]
    if s["end"] - s["first"] < 2:  # no programme: a service opens it
        return False
    shown = w.loose.letters[w.phases["state"][s["first"] : s["end"]] + light - s["light"]]
    return bool(np.isin(shown, RED).all())


def _side_wanted(w: World, row: int) -> int:
    """Lane beside somebody to which he must change before he can go on; -1: none, or no way to it."""
    r = w.vehicles[row]
    n = w.lanes[r["lane"]]
    offset = 0
    if r["blocker"] == BY_END:
        offset = int(r["offset"])
    elif r["halt_lane"] >= 0 and w.lanes["edge"][r["halt_lane"]] == n["edge"]:
        offset = int(w.lanes["index"][r["halt_lane"]] - n["index"])
    if offset == 0:
        return -1
    may, lane = (n["change_left"], n["left"]) if offset > 0 else (n["change_right"], n["right"])
    return int(lane) if lane >= 0 and may & w.profiles["class_bit"][r["profile"]] else -1


def _refusers(w: World, row: int, lane: int) -> list[int]:
    """Rows of those beside somebody who stands, on a lane he must change to."""
    r = w.vehicles[row]
    margin = CREEP * w.profiles["safety_factor"][r["profile"]]
    front, rear = r["position"] + margin, r["position"] - r["length"] - margin
    found = [x for x in _on(w, lane) if _rear(w, x) < front and w.vehicles["position"][x] > rear]
    state = w.lane[lane]
    if state["tail_row"] >= 0 and state["tail"] < front:
        found.append(int(state["tail_row"]))
    if rear < 0.0:  # his body reaches back over the lane's begin: so would it there
        for inlet in w.loose.inlets[w.lanes["inlet"][lane] : w.lanes["inlet_end"][lane]]:
            ends = w.lanes["length"][inlet]
            found += [x for x in _on(w, int(inlet)) if w.vehicles["position"][x] - ends > rear]
    return [x for x in dict.fromkeys(found) if x != row]


def _takers_of_room(w: World, row: int) -> list[int]:
    """Row of the last one who stands behind the junction before which somebody waits for room, if there is one."""
    r = w.vehicles[row]
    link, stage = int(r["link"]), int(r["stage"])
    for _ in range(LANES):
        if link < 0:
            break
        track, lane = int(w.links["joins"][link]), int(w.links["lane"][link])
        if track >= 0:
            ring = _in_ring(w, track)
            if ring and (w.vehicles["speed"][ring] < STANDING).all():
                return [x for x in ring if x != row]
        standing = [x for x in reversed(_on(w, lane)) if w.vehicles["speed"][x] < STANDING and x != row]
        if not standing and w.lane["tail_row"][lane] not in (-1, row):
            tail = int(w.lane["tail_row"][lane])
            standing = [tail] if w.vehicles["speed"][tail] < STANDING else []
        if standing:
            return standing[:1]
        if w.lanes["internal"][lane]:
            link = int(w.lanes["link"][lane])
            continue
        stage += 1
        if stage >= r["last_stage"]:
            break
        link = int(w.plans["link"][w.stages["plan"][stage] + w.lanes["index"][lane]])
    return []


def _in_ring(w: World, track: int) -> list[int]:
    """Rows of those in a roundabout's track."""
    x = w.tracks[track]
    return [row for lane in w.loose.track_lanes[x["first"] : x["end"]] for row in _on(w, int(lane))]


def _on(w: World, lane: int) -> list[int]:
    """Rows on a lane from its end backwards, shadows of who is leaving it among them."""
    first = int(w.lanes["slot"][lane])
    slots = w.loose.slots[first : first + int(w.lane["count"][lane])]
    rows: list[int] = np.where(slots < 0, ~slots, slots).tolist()
    return rows


def _rear(w: World, row: int) -> float:
    """Where a body ends, along its lane [m]."""
    return float(w.vehicles["position"][row] - w.vehicles["length"][row])
