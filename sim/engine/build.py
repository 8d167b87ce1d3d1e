"""Lay a pilot and its departures out as the arrays of a `World`."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from sim.engine.recording import EVENT_KINDS
from sim.kernel.plans import plan_routes
from sim.models import car_following
from sim.models.fold import WIDTH
from sim.park.network import CLASSES, Conflict, Crossing, Network
from sim.pilot import Pilot
from sim.state import world as tables
from sim.state.columns import allocate, grown
from sim.state.world import PER_VEHICLE, Loose, World
from sim.traffic.card import Card
from sim.traffic.departures import Departures

#: Rows of `Vehicles` at first; more are added when needed.
ROWS = 1024
RECORDS = 65_536


def class_bit(card: Card) -> int:
    """Class of a card, as bit."""
    return 1 << CLASSES.index(card.vehicle_class)


def _links(network: Network, light: list[int]) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray]:
    """Rows of `Links`, and each entry's source lane, target lane and classes; connections' links follow each other."""
    total = sum(len(c.via) + 1 for c in network.connections)
    links = allocate(tables.Links, total)
    entries = np.zeros((len(network.connections), 3), np.int64)
    allowed = np.zeros(len(network.connections), np.uint64)
    row = 0
    for number, c in enumerate(network.connections):
        way = [c.source, *c.via, c.target]
        entries[number] = row, c.source, c.target
        allowed[number] = c.allowed
        for step in range(len(way) - 1):
            k = links[row]
            k.lane, k.target = way[step + 1], c.target
            k.entry = step == 0
            k.waiting = 0 < step < len(c.via)
            if k.entry or k.waiting:
                k.light = light[c.signal] + c.group if c.signal >= 0 else -1
                k.rule = ord(c.rule)
            k.waits = step == 0 and len(c.via) > 1
            k.keep_clear = c.keep_clear
            k.visibility = c.visibility
            k.straight = c.direction == "s"
            k.inside = network.lanes[way[step + 1]].length if step < len(c.via) else 0.0
            row += 1
    return links, entries[:, 0], entries[:, 1:], allowed


def _crosses(network: Network) -> set[int]:
    """Internal lanes that another path crosses: only these need to be kept clear."""
    return {c.lane for c in network.conflicts if c.kind == 0}


def _lanes(network: Network, links: Any) -> tuple[Any, np.ndarray]:
    """Rows of `Lanes`, and the list their inlets point into."""
    lanes = allocate(tables.Lanes, len(network.lanes))
    inlets: list[list[int]] = [[] for _ in network.lanes]
    for name in ("length", "speed", "edge", "index", "change_left", "change_right"):
        lanes[name] = [getattr(lane, name) for lane in network.lanes]
    for edge in network.edges:
        for right, left in itertools.pairwise(edge.lanes):
            if not edge.internal:
                lanes[right].left, lanes[left].right = left, right
        for lane in edge.lanes:
            lanes[lane].internal = edge.internal
            lanes[lane].ring = edge.roundabout
    row = 0
    for c in network.connections:
        way = [c.source, *c.via, c.target]
        for step in range(len(way) - 1):
            if step > 0:
                lanes[way[step]].link = row + step
            inlets[way[step + 1]].append(way[step])
        row += len(way) - 1
    sizes = np.array([len(i) for i in inlets])
    lanes["inlet_end"] = np.cumsum(sizes)
    lanes["inlet"] = lanes["inlet_end"] - sizes
    return lanes, np.array([*itertools.chain.from_iterable(inlets)], np.int32)


def _real_conflicts(network: Network) -> list[Conflict]:
    """Conflicts but those at a waiting place, where one may stand without being in anybody's way."""
    before_waiting = {lane for c in network.connections for lane in c.via[:-1]}
    decided = {(c.lane, c.foe) for c in network.conflicts if c.yields}
    return [
        c
        for c in network.conflicts
        if c.kind != Crossing.CROSS
        or not (c.lane in before_waiting or c.foe in before_waiting)
        or (c.lane, c.foe) in decided
        or (c.foe, c.lane) in decided
    ]


def _conflicts(network: Network, lanes: Any) -> Any:
    """Rows of `Conflicts`, ordered by lane; sets each lane's span and whether it is watched."""
    ordered = sorted(_real_conflicts(network), key=lambda c: (c.lane, c.foe, c.kind))
    rows = allocate(tables.Conflicts, len(ordered))
    for name in ("foe", "kind", "begin", "end", "foe_begin", "foe_end", "yields"):
        rows[name] = [getattr(c, name) for c in ordered]
    yielding = {(c.lane, c.foe) for c in ordered if c.yields}
    rows["mutual"] = [c.yields and (c.foe, c.lane) in yielding for c in ordered]
    owner = np.array([c.lane for c in ordered], np.int64)
    lanes["conflict"] = np.searchsorted(owner, np.arange(len(lanes)), "left")
    lanes["conflict_end"] = np.searchsorted(owner, np.arange(len(lanes)), "right")
    lanes["watched"][rows["foe"][rows["yields"]]] = True
    return rows


def _profiles(cards: tuple[Card, ...]) -> Any:
    """Rows of `Profiles`, one a card."""
    rows = allocate(tables.Profiles, max(1, len(cards)))
    same = (
        "length", "width", "minimum_gap", "maximum_speed", "minor_time_gap", "impatience", "time_to_impatience",
        "strategic", "cooperative", "speed_gain", "keep_right",
    )  # fmt: skip
    for row, card in zip(rows, cards, strict=False):
        for name in same:
            row[name] = card[name]
        row.acceleration = card["maximum_acceleration"]
        row.deceleration = card["comfortable_deceleration"]
        row.emergency = max(card["emergency_deceleration"], card["comfortable_deceleration"])
        row.model = car_following.CAR_FOLLOWING.code(card.car_following)
        if "imperfection" in card.parameters:
            row.imperfection = card["imperfection"]
        for i, name in enumerate(car_following.parameters(card.car_following)[:WIDTH]):
            row[f"p{i}"] = card[name]
        row.class_bit = class_bit(card)
    return rows


def _signals(network: Network, begin: float, dt: float) -> tuple[Any, Any, np.ndarray, list[int]]:
    """Rows of `Signals` and `Phases`, letters of all phases, place of each signal's first light."""
    signals = allocate(tables.Signals, len(network.signals))
    phases = allocate(tables.Phases, sum(len(s.phases) for s in network.signals))
    letters: list[int] = []
    light, row, lights = [], 0, 0
    for s, signal in zip(signals, network.signals, strict=True):
        light.append(lights)
        s.first, s.end, s.light = row, row + len(signal.phases), lights
        s.groups = len(signal.phases[0].state)
        s.actuated = signal.kind == "actuated"
        s.max_gap = round(signal.max_gap / dt)
        lights += int(s.groups)
        for i, phase in enumerate(signal.phases):
            p = phases[row + i]
            p.state = len(letters)
            letters.extend(phase.state.encode("ascii"))
            p.duration, p.minimum, p.maximum = (
                max(1, round(x / dt)) for x in (phase.duration, phase.minimum, phase.maximum)
            )
            p.following = row + (phase.following[0] if phase.following else (i + 1) % len(signal.phases))
        row += len(signal.phases)
        _start_signal(s, phases, begin, signal.offset, dt)
    return signals, phases, np.array(letters, np.uint8), light


def _start_signal(s: Any, phases: Any, begin: float, offset: float, dt: float) -> None:
    """Put a controller where its programme stands when the run begins."""
    cycle = int(phases["duration"][s.first : s.end].sum())
    into = round((begin - offset) / dt) % cycle
    phase = int(s.first)
    while into >= phases[phase].duration:
        into -= int(phases[phase].duration)
        phase += 1
    s.phase, s.began = phase, -into
    p = phases[phase]
    whole = p.minimum if s.actuated and p.maximum > p.minimum else p.duration
    s.change = max(0, int(whole) - into)


def _detectors(network: Network, lanes: Any, phases: Any, signals: Any) -> np.ndarray:
    """Lay the detectors of actuated signals; returns the lanes that extend each phase."""
    found: list[int] = []
    by_signal: dict[int, dict[int, set[int]]] = {}
    for c in network.connections:
        if c.signal >= 0:
            by_signal.setdefault(c.signal, {}).setdefault(c.group, set()).add(c.source)
    for i, signal in enumerate(network.signals):
        if signal.kind != "actuated":
            continue
        for group in by_signal.get(i, {}).values():
            for lane in group:
                ahead = signal.detector_gap * lanes[lane].speed
                lanes[lane].detector = max(0.5 * lanes[lane].length, lanes[lane].length - ahead)
        for j, phase in enumerate(signal.phases):
            row = phases[int(signals[i].first) + j]
            row.detector = len(found)
            green = {g for g, letter in enumerate(phase.state) if letter in "Gg"}
            found.extend(sorted({lane for g in green for lane in by_signal.get(i, {}).get(g, ())}))
            row.detector_end = len(found)
    return np.array(found, np.int32)


def _halt_stages(network: Network, departures: Departures, row: int) -> tuple[tuple[int, int], ...]:
    """(edge of the route, lane on it) of a departure's halts, each edge once."""
    route = departures.routes[departures.route[row]]
    found: dict[int, int] = {}
    at = 0
    for lane in departures.stop_lane[departures.stop_begin[row] : departures.stop_begin[row + 1]]:
        where = np.flatnonzero(route[at:] == network.lanes[lane].edge)
        if len(where):
            at += int(where[0])
            found.setdefault(at, network.lanes[lane].index)
    return tuple(found.items())


def _distinct(network: Network, departures: Departures) -> tuple[list[tuple[int, int, Any]], np.ndarray]:
    """Different (route, class, halts) that are driven, and which of them each departure drives."""
    bits = [class_bit(c) for c in departures.cards]
    halting = np.flatnonzero(np.diff(departures.stop_begin))
    halts = {int(row): _halt_stages(network, departures, int(row)) for row in halting}
    number: dict[tuple[int, int, Any], int] = {}
    of_departure = np.empty(len(departures), np.int64)
    for row, (route, card) in enumerate(zip(departures.route.tolist(), departures.card.tolist(), strict=True)):
        of_departure[row] = number.setdefault((route, bits[card], halts.get(row, ())), len(number))
    return list(number), of_departure


def entry_links(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry link, (source lane, target lane) and classes of each connection."""
    _, *entries = _links(network, [0] * len(network.signals))
    return entries[0], entries[1], entries[2]


def way_out(network: Network, entries: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """What `plan_routes` wants to know of a network."""
    link, ends, allowed = entries
    order = np.argsort(ends[:, 0], kind="stable")
    return (
        np.array([e.lanes[0] if e.lanes else 0 for e in network.edges], np.int64),
        np.array([len(e.lanes) for e in network.edges], np.int64),
        np.array([lane.length for lane in network.lanes]),
        np.array([lane.allowed for lane in network.lanes], np.uint64),
        np.searchsorted(ends[order, 0], np.arange(len(network.lanes) + 1)),
        link[order],
        ends[order, 1],
        allowed[order],
    )


def plan_ways(
    ways: list[np.ndarray], bits: list[int], halts: list[Any], net: tuple[np.ndarray, ...]
) -> tuple[Any, Any]:
    """Rows of `Stages` and `Plans` for some ways, one behind the other."""
    begin = np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64)
    edges = np.concatenate([*ways, np.zeros(0, np.int32)]).astype(np.int32)
    halt = np.full(len(edges), -1, np.int64)
    for first, stops in zip(begin[:-1], halts, strict=True):
        for stage, lane in stops:
            halt[first + stage] = lane
    sizes = net[1][edges]
    stages = allocate(tables.Stages, len(edges))
    stages["edge"] = edges
    stages["plan"] = np.cumsum(sizes) - sizes
    plans = allocate(tables.Plans, int(sizes.sum()))
    plan_routes(edges, begin, halt, np.array(bits, np.uint64), net, np.ascontiguousarray(stages["plan"]), plans)
    return stages, plans


def _routes(network: Network, departures: Departures, net: tuple[np.ndarray, ...]) -> tuple[Any, Any, np.ndarray]:
    """Rows of `Stages` and `Plans`, and (departures, 2) first and last stage of each departure."""
    distinct, of_departure = _distinct(network, departures)
    ways = [departures.routes[route] for route, _, _ in distinct]
    stages, plans = plan_ways(ways, [bit for _, bit, _ in distinct], [halts for _, _, halts in distinct], net)
    begin = np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64)
    return stages, plans, np.stack([begin[of_departure], begin[of_departure + 1] - 1], 1)


def _starts(departures: Departures, spans: np.ndarray, begin: float, dt: float) -> tuple[Any, Any]:
    """Rows of `Starts` and `Halts`."""
    starts = allocate(tables.Starts, len(departures))
    starts["key"] = departures.key
    starts["step"] = np.ceil((departures.time - begin) / dt - 1e-9).astype(np.int64)
    starts["profile"] = departures.card
    starts["stage"], starts["last_stage"] = spans[:, 0], spans[:, 1]
    starts["lane"] = departures.lane
    starts["position"], starts["speed"] = departures.position, departures.speed
    starts["arrival"] = departures.arrival_position
    starts["speed_factor"] = departures.speed_factor
    starts["halt"], starts["halt_end"] = departures.stop_begin[:-1], departures.stop_begin[1:]
    halts = allocate(tables.Halts, len(departures.stop_lane))
    halts["lane"], halts["position"] = departures.stop_lane, departures.stop_position
    return starts, halts


def _slots(lanes: Any, shortest: float) -> int:
    """Give each lane its places in `Loose.slots`; returns how many there are in all."""
    lanes["room"] = np.ceil(lanes["length"] / max(0.5, shortest)).astype(np.int32) + 8
    lanes["slot"] = np.cumsum(lanes["room"], dtype=np.int64) - lanes["room"]
    return int(lanes["room"].sum())


def _loose(network: Network, places: int, lights: int, departures: int, lists: dict[str, np.ndarray]) -> Loose:
    """Lists of a world: those that are given, and empty ones of the right lengths."""
    edges, n = len(network.edges), len(network.lanes)
    return Loose(
        **lists,
        slots=np.zeros(places, np.int32),
        edge_lane=np.array([e.lanes[0] if e.lanes else -1 for e in network.edges], np.int32),
        edge_lanes=np.array([len(e.lanes) for e in network.edges], np.int32),
        edge_step=np.full(edges, -1, np.int64),
        light=np.zeros(lights, np.uint8),
        free=np.arange(ROWS, dtype=np.int32),
        wakes=np.zeros(len(EVENT_KINDS), np.bool_),
        waiting_next=np.full(departures, -1, np.int32),
        waiting_edges=np.zeros(edges, np.int32),
        shadowing=np.zeros(ROWS, np.int32),
        touched=np.zeros(n, np.int32),
        asking=np.zeros(ROWS, np.int32),
        movers=np.zeros(ROWS, np.int32),
        hanging=np.zeros(n, np.int32),
        busy=np.zeros(n + 1, np.int32),
        busy_at=np.full(n, -1, np.int32),
        order=np.zeros(n + 1, np.int32),
        renamed=np.zeros(ROWS, np.int32),
    )


def build(pilot: Pilot, departures: Departures, seed: int) -> World:
    """A world at its first step, nobody on the road."""
    network, dt = pilot.park, pilot.clock.step
    signals, phases, letters, light = _signals(network, pilot.clock.begin, dt)
    links, *entries = _links(network, light)
    lanes, inlets = _lanes(network, links)
    conflicts = _conflicts(network, lanes)
    crossed = _crosses(network)
    links["keep_clear"] &= np.array([int(k) in crossed for k in links["lane"]], bool)
    detectors = _detectors(network, lanes, phases, signals)
    net = way_out(network, tuple(entries))
    stages, plans, spans = _routes(network, departures, net)
    starts, halts = _starts(departures, spans, pilot.clock.begin, dt)
    shortest = min((c["length"] for c in departures.cards), default=5.0)
    state = allocate(tables.LaneStates, len(lanes))
    state["limit"] = lanes["speed"]
    totals = allocate(tables.Totals, 1)
    t = totals[0]
    t.seed, t.dt, t.free = seed, dt, ROWS
    t.lanes, t.rows = len(lanes), ROWS
    t.starts, t.signals, t.record_room = len(departures), len(network.signals), RECORDS
    t.change_steps = round(pilot.rules.lane_change_duration / dt)
    t.keep_right, t.left_hand = pilot.rules.keep_right, network.left_hand
    lists = {"inlets": inlets, "letters": letters, "detectors": detectors}
    groups, edges = int(signals["groups"].sum()), len(network.edges)
    loose = _loose(network, _slots(lanes, shortest), groups, len(departures), lists)
    for s in signals:
        start = int(phases[s.phase].state)
        loose.light[s.light : s.light + s.groups] = letters[start : start + s.groups]
    return World(
        lanes=lanes,
        links=links,
        conflicts=conflicts,
        profiles=_profiles(departures.cards),
        stages=stages,
        plans=plans,
        starts=starts,
        halts=halts,
        vehicles=allocate(tables.Vehicles, ROWS),
        lane=state,
        spare=allocate(tables.Vehicles, ROWS),
        approaches=allocate(tables.Approaches, ROWS * PER_VEHICLE),
        signals=signals,
        phases=phases,
        records=allocate(tables.Records, RECORDS),
        trips=allocate(tables.Trips, len(departures)),
        queues=allocate(tables.Queues, edges),
        totals=totals,
        loose=loose,
    )


def with_more_rows(w: World) -> World:
    """The same world with twice the rows for vehicles."""
    old = len(w.vehicles)
    rows = 2 * old

    def longer(array: np.ndarray) -> np.ndarray:
        return np.concatenate([array, np.zeros(rows - len(array), array.dtype)])

    free = longer(w.loose.free)
    used = int(w.totals[0].free)
    free[used : used + rows - old] = np.arange(old, rows, dtype=np.int32)
    w.totals[0].free = used + rows - old
    w.totals[0].rows = rows
    loose = w.loose._replace(
        free=free,
        shadowing=longer(w.loose.shadowing),
        asking=longer(w.loose.asking),
        movers=longer(w.loose.movers),
        renamed=longer(w.loose.renamed),
    )
    return w._replace(
        vehicles=grown(tables.Vehicles, w.vehicles, rows),
        spare=grown(tables.Vehicles, w.spare, rows),
        approaches=grown(tables.Approaches, w.approaches, rows * PER_VEHICLE),
        loose=loose,
    )


def with_more_records(w: World) -> World:
    """The same world with twice the room for records."""
    w.totals[0].record_room = 2 * len(w.records)
    return w._replace(records=grown(tables.Records, w.records, 2 * len(w.records)))
