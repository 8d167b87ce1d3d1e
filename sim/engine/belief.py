"""Lay out what drivers do with what they hear: settings of applications, who heeds them, and what they came to."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import chance
from sim.engine.recording import EVENT_KINDS, Applied
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Pilot
from sim.state.air import Radio
from sim.state.belief import NAMES, Apps, Pacts
from sim.state.columns import allocate, columns
from sim.traffic.departures import Departures
from sim.v2x import MESSAGES

#: Median time from an unexpected warning to acting [s], and spread of its logarithm; see `reactions`.
REACTION, REACTION_SPREAD = 1.25, 0.35


def lay_beliefs(pilot: Pilot, stations: Any, streams: Any) -> dict[str, Any]:
    """What applications are told and agree to, and which streams tell of lights, lanes and junctions."""
    return {
        "apps": lay_apps(pilot),
        "pacts": allocate(Pacts, len(stations)),
        "heralds": lay_heralds(pilot.park, stations, streams, MESSAGES.code("spat")),
        "guides": lay_guides(pilot, streams, MESSAGES.code("map")),
        "watchers": lay_watchers(pilot, streams, MESSAGES.code("rsm")),
    }


def lay_apps(pilot: Pilot) -> Any:
    """The one row of settings of the applications that act in the loop."""
    apps = allocate(Apps, 1)
    for name in columns(Apps):
        app = next((x for x in NAMES if name.startswith(f"{x}_")), "")
        setting = name.removeprefix(f"{app}_")
        if setting in pilot.apps.get(app, {}):
            apps[name] = pilot.apps[app][setting]
    apps[0].acting = any(x in pilot.apps for x in NAMES)
    apps[0].event, apps[0].platoon_event = EVENT_KINDS.index("advice"), EVENT_KINDS.index("platoon_split")
    return apps


def heeded(pilot: Pilot, departures: Departures, rows: np.ndarray, seed: int) -> np.ndarray:
    """Bits of the applications that each equipped departure heeds (rows,) uint32.

    Machines heed all; of people the share that an application's `compliance` says, drawn by each one's own name.
    """
    bits = np.zeros(len(rows), np.uint32)
    machine = np.array([x.automated for x in departures.cards] or [False])[departures.card[rows]]
    for rank, name in enumerate(NAMES):
        if name in pilot.apps:
            draws = chance.uniforms(seed, chance.HEEDS, departures.key[rows], rank)
            heeds = machine | (draws < pilot.apps[name].get("compliance", 1.0))
            bits |= np.where(heeds, np.uint32(1 << rank), np.uint32(0))
    return bits


def reactions(departures: Departures, rows: np.ndarray, seed: int, step: float) -> np.ndarray:
    """Steps from a warning to acting on it, of each equipped departure (rows,); 0 of machines.

    Source: Green 2000, How long does it take to stop?, doi:10.1207/STHF0203_1: about 1.25 s to a signal that was not
    expected; log-normal, its spread assumed.
    """
    machine = np.array([x.automated for x in departures.cards] or [False])[departures.card[rows]]
    draws = chance.uniforms(seed, chance.REACTION, departures.key[rows], 0)
    time = REACTION * np.exp(REACTION_SPREAD * chance.quantile(np.clip(draws, 1e-9, 1.0 - 1e-9)))
    return np.where(machine, 0, np.ceil(time / step)).astype(np.int32)


def lay_guides(pilot: Pilot, streams: Any, code: int) -> np.ndarray:
    """Stream of MAP that tells of each lane that leads to or from a junction with a unit, (lanes,) int32; -1: none.

    Args:
        code: rank of MAP among messages.
    """
    park, places = pilot.park, Names(pilot.park).junction
    of = {places[name]: i for i, name in enumerate(pilot.equip.junctions)}
    by_station = {int(streams["station"][k]): int(k) for k in np.flatnonzero(streams["message"] == code)}
    guides = np.full(len(park.lanes), -1, np.int32)
    for i, lane in enumerate(park.lanes):
        edge = park.edges[lane.edge]
        unit = of.get(edge.end, of.get(edge.start))
        if unit is not None:
            guides[i] = by_station[unit]
    return guides


def lay_watchers(pilot: Pilot, streams: Any, code: int) -> np.ndarray:
    """Stream of RSM that tells of each junction, (junctions,) int32; -1: none.

    Args:
        code: rank of RSM among messages.
    """
    places = Names(pilot.park).junction
    watchers = np.full(max(1, len(pilot.park.junctions)), -1, np.int32)
    for k in np.flatnonzero(streams["message"] == code):
        watchers[places[pilot.equip.junctions[int(streams["station"][k])]]] = k
    return watchers


def lay_heralds(network: Network, stations: Any, streams: Any, spat: int) -> np.ndarray:
    """Stream of SPAT that tells of each light, (lights,) int32; -1: nobody does.

    Args:
        spat: rank of SPAT among messages.
    """
    sizes = [len(s.phases[0].state) for s in network.signals]
    heralds = np.full(max(1, sum(sizes)), -1, np.int32)
    first = np.cumsum([0, *sizes])
    for k in np.flatnonzero(streams["message"] == spat):
        signal = int(stations["signal"][streams["station"][k]])
        heralds[first[signal] : first[signal + 1]] = k
    return heralds


def applied(radio: Radio, pilot: Pilot) -> dict[str, Applied]:
    """What came of each application of a run."""
    a, told = radio.apps[0], dict[str, Applied]()
    for name in pilot.apps:
        advised = int(radio.used[NAMES.index(name)]) if radio.air[0].on and name in NAMES else 0
        told[name] = Applied(advised=advised, figures={})
    if "platoon" in told:
        figures = {x: float(a[f"platoon_{x}"]) for x in ("lost", "stranger", "left", "longest")}
        share = float(a.platoon_time / a.platoon_drive) if a.platoon_drive else 0.0
        told["platoon"]["figures"].update(figures, share_of_time=share)
    if a.cacc_time:
        told["cacc"]["figures"]["heard_share_of_time"] = float(a.cacc_linked / a.cacc_time)
        if a.cacc_equipped:
            told["cacc"]["figures"]["heard_share_of_equipped"] = float(a.cacc_linked / a.cacc_equipped)
    else:
        told.pop("cacc", None)  # part of a card that nobody equipped drives by
    return told
