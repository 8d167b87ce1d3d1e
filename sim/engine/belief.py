"""Lay out what drivers do with what they hear: settings of applications, who heeds them, and what they came to."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import chance
from sim.engine.recording import EVENT_KINDS, Applied
from sim.park.network import Network
from sim.pilot import Pilot
from sim.state.air import Radio
from sim.state.belief import ACTING, Apps
from sim.state.columns import allocate, columns
from sim.traffic.departures import Departures


def lay_apps(pilot: Pilot) -> Any:
    """The one row of settings of the applications that act in the loop."""
    apps = allocate(Apps, 1)
    for name in columns(Apps):
        app = next((x for x in ACTING if name.startswith(f"{x}_")), "")
        setting = name.removeprefix(f"{app}_")
        if setting in pilot.apps.get(app, {}):
            apps[name] = pilot.apps[app][setting]
    apps[0].acting = any(x in pilot.apps for x in ACTING)
    apps[0].event = EVENT_KINDS.index("advice")
    return apps


def heeded(pilot: Pilot, departures: Departures, rows: np.ndarray, seed: int) -> np.ndarray:
    """Bits of the applications that each equipped departure heeds (rows,) uint32.

    Machines heed all; of people the share that an application's `compliance` says, drawn by each one's own name.
    """
    bits = np.zeros(len(rows), np.uint32)
    machine = np.array([x.automated for x in departures.cards] or [False])[departures.card[rows]]
    for rank, name in enumerate(ACTING):
        if name in pilot.apps:
            draws = chance.uniforms(seed, chance.HEEDS, departures.key[rows], rank)
            heeds = machine | (draws < pilot.apps[name].get("compliance", 1.0))
            bits |= np.where(heeds, np.uint32(1 << rank), np.uint32(0))
    return bits


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
        advised = int(radio.used[ACTING.index(name)]) if radio.air[0].on and name in ACTING else 0
        told[name] = Applied(advised=advised, figures={})
    if "cacc" in told and a.cacc_time:
        told["cacc"]["figures"]["heard_share_of_time"] = float(a.cacc_linked / a.cacc_time)
    return told
