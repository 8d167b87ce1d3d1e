"""Lay a pilot and its departures out as the arrays of a `World`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.air import lay_radio
from sim.engine.controls import lay_signals
from sim.engine.corners import lay_corners
from sim.engine.detectors import lay_detectors
from sim.engine.drivers import lay_acceptance, lay_profiles, tempers
from sim.engine.people import lay_routes, lay_starts, way_out
from sim.engine.recording import EVENT_KINDS
from sim.engine.roads import (
    crossed_lanes,
    lay_areas,
    lay_conflicts,
    lay_lanes,
    lay_links,
    lay_tracks,
    mouths,
)
from sim.engine.signs import lay_signs
from sim.kernel.contact import CONTACTS
from sim.park.network import MOVEMENTS, Network
from sim.pilot import Pilot
from sim.state import traffic as tables
from sim.state.columns import allocate, grown, zeros
from sim.state.place import TOLD_AFAR
from sim.state.traffic import LANES_A_USER, PER_VEHICLE
from sim.state.world import Loose, Totals, World
from sim.traffic.departures import Departures

#: Rows of `Vehicles` at first; more are added when needed.
ROWS = 1024
RECORDS = 65_536
#: Rows for encounters at first, where they are measured.
ENCOUNTERS = 8_192


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
        slots=zeros(places, np.int32),
        edge_lane=np.array([e.lanes[0] if e.lanes else -1 for e in network.edges], np.int32),
        edge_lanes=np.array([len(e.lanes) for e in network.edges], np.int32),
        edge_step=np.full(edges, -1, np.int64),
        light=np.zeros(lights, np.uint8),
        light_end=np.zeros(lights, np.int64),
        free=np.arange(ROWS, dtype=np.int32),
        wakes=np.zeros(len(EVENT_KINDS), np.bool_),
        waiting_next=np.full(departures, -1, np.int32),
        waiting_edges=np.zeros(edges, np.int32),
        shadowing=np.zeros(ROWS, np.int32),
        touched=np.zeros(n, np.int32),
        asking=np.zeros(ROWS, np.int32),
        movers=np.zeros(ROWS, np.int32),
        turn=np.zeros(ROWS, np.uint16),
        hangers=np.zeros(ROWS, np.int32),
        hanging=np.zeros(n, np.int32),
        busy=np.zeros(n + 1, np.int32),
        busy_at=np.full(n, -1, np.int32),
        order=np.zeros(n + 1, np.int32),
        renamed=np.zeros(ROWS, np.int32),
        inside=np.zeros(ROWS, np.int32),
        user=np.full(n, -1, np.int32),
    )


def _bits(marks: np.ndarray) -> np.ndarray:
    """Marks (lanes,) as bits of words (lanes / 64,), as in `Loose.present`."""
    words = np.zeros((len(marks) // 64 + 1, 64), np.uint8)
    words.reshape(-1)[: len(marks)] = marks
    return np.packbits(words, axis=-1, bitorder="little").view("<u8").astype(np.uint64).reshape(-1)


def _totals(pilot: Pilot, departures: int, seed: int) -> Any:
    """The one row of `Totals`: sizes of other tables, and the rules that hold everywhere."""
    network, dt = pilot.park, pilot.clock.step
    totals = allocate(Totals, 1)
    t = totals[0]
    t.seed, t.dt, t.free = seed, dt, ROWS
    t.lanes, t.rows, t.junctions = len(network.lanes), ROWS, len(network.junctions)
    t.starts, t.signals, t.record_room = departures, len(network.signals), RECORDS
    t.change_steps = round(pilot.rules.lane_change_duration / dt)
    t.keep_right, t.left_hand = pilot.rules.keep_right, network.left_hand
    t.probing, t.exposure, t.reaction = pilot.output.conflicts, pilot.rules.exposure, pilot.rules.reaction
    t.walking = bool(network.walkways)
    t.riding = any(lane.passing_width < math.inf for lane in network.lanes)
    t.encounter_room = ENCOUNTERS if t.probing else 0
    return totals


def _lay_room(network: Network, lanes: Any, links: Any) -> None:
    """Mark the links that are entered only with room behind the junction: crossed ways, and strips that are shared."""
    crossed = crossed_lanes(network)
    links["keep_clear"] &= np.array([int(k) in crossed for k in links["lane"]], bool)
    narrow = list(mouths(network))
    lanes["mouth"][narrow] = True
    links["keep_clear"] |= np.isin(links["target"], narrow) & links["entry"]


def _tell_from_afar(links: Any, profiles: Any, acceptance: Any) -> None:
    """Let approaches be told from far away where somebody grows impatient who has no critical gap."""
    by_windows = ~(acceptance["critical"].reshape(-1, len(MOVEMENTS)) > 0.0).any(axis=1)
    impatient = (profiles["impatience"] > 0.0) | np.isfinite(profiles["time_to_impatience"])
    if (by_windows & impatient).any():
        links["told"][links["told"] > 0] |= TOLD_AFAR


def build(pilot: Pilot, departures: Departures, seed: int) -> World:
    """A world at its first step, nobody on the road."""
    network, dt = pilot.park, pilot.clock.step
    signals, phases, letters, light = lay_signals(network, pilot.clock.begin, dt)
    links, *entries = lay_links(network, light)
    lanes, inlets = lay_lanes(network)
    conflicts = lay_conflicts(network, lanes, links)
    lay_corners(network, lanes, conflicts)
    _lay_room(network, lanes, links)
    tracks, track_lanes = lay_tracks(network, lanes, links)
    detectors = lay_detectors(network, lanes, phases, signals)
    net = way_out(network, tuple(entries))
    stages, plans, spans = lay_routes(network, departures, net)
    starts, halts = lay_starts(departures, spans, pilot.clock.begin, dt)
    starts["profile"] = tempers(departures, seed)
    shortest = min((c["length"] for c in departures.cards), default=5.0)
    state = allocate(tables.LaneStates, len(lanes))
    state["limit"] = lanes["speed"]
    totals = _totals(pilot, len(departures), seed)
    acceptance = lay_acceptance(departures.cards)
    profiles = lay_profiles(departures.cards)
    _tell_from_afar(links, profiles, acceptance)
    lists = {"inlets": inlets, "letters": letters, "detectors": detectors, "track_lanes": track_lanes}
    lists["beside"] = _bits((lanes["left"] >= 0) | (lanes["right"] >= 0))
    lists["present"] = np.zeros(len(lanes) // 64 + 1, np.uint64)
    groups, edges, encounters = int(signals["groups"].sum()), len(network.edges), int(totals[0].encounter_room)
    loose = _loose(network, _slots(lanes, shortest), groups, len(departures), lists)
    for s in signals:
        start = int(phases[s.phase].state)
        loose.light[s.light : s.light + s.groups] = letters[start : start + s.groups]
        loose.light_end[s.light : s.light + s.groups] = s.change
    return World(
        lanes=lanes,
        links=links,
        conflicts=conflicts,
        junctions=allocate(tables.Junctions, max(1, len(network.junctions))),
        tracks=tracks,
        profiles=profiles,
        acceptance=acceptance,
        stages=stages,
        plans=plans,
        starts=starts,
        halts=halts,
        vehicles=allocate(tables.Vehicles, ROWS),
        lane=state,
        spare=allocate(tables.Vehicles, ROWS),
        approaches=allocate(tables.Approaches, ROWS * PER_VEHICLE + 1),
        signs=lay_signs(pilot, lanes),
        signals=signals,
        phases=phases,
        records=allocate(tables.Records, RECORDS),
        trips=allocate(tables.Trips, len(departures)),
        queues=allocate(tables.Queues, edges),
        areas=lay_areas(conflicts, lanes),
        contacts=allocate(tables.Contacts, CONTACTS),
        encounters=allocate(tables.Encounters, encounters),
        past=allocate(tables.Encounters, encounters),
        users=allocate(tables.Users, LANES_A_USER * ROWS if encounters else 0),
        totals=totals,
        loose=loose,
        radio=lay_radio(pilot, departures, seed),
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
        turn=longer(w.loose.turn),
        hangers=longer(w.loose.hangers),
        renamed=longer(w.loose.renamed),
        inside=longer(w.loose.inside),
    )
    return w._replace(
        vehicles=grown(tables.Vehicles, w.vehicles, rows),
        spare=grown(tables.Vehicles, w.spare, rows),
        approaches=grown(tables.Approaches, w.approaches, rows * PER_VEHICLE + 1),
        users=grown(tables.Users, w.users, LANES_A_USER * rows if w.totals[0].probing else 0),
        loose=loose,
    )


def with_more_records(w: World) -> World:
    """The same world with twice the room for records."""
    w.totals[0].record_room = 2 * len(w.records)
    return w._replace(records=grown(tables.Records, w.records, 2 * len(w.records)))


def with_more_encounters(w: World) -> World:
    """The same world with twice the room for encounters."""
    rooms = 2 * len(w.encounters)
    w.totals[0].encounter_room = rooms
    return w._replace(
        encounters=grown(tables.Encounters, w.encounters, rooms), past=grown(tables.Encounters, w.past, rooms)
    )
