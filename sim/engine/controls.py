"""Lay signals out as arrays: programmes and phases."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.park.network import Network
from sim.state import traffic
from sim.state.columns import allocate


def lay_signals(network: Network, begin: float, dt: float) -> tuple[Any, Any, np.ndarray, list[int]]:
    """Rows of `Signals` and `Phases`, letters of all phases, place of each signal's first light."""
    signals = allocate(traffic.Signals, len(network.signals))
    phases = allocate(traffic.Phases, sum(len(s.phases) for s in network.signals))
    letters: list[int] = []
    light, row, lights = [], 0, 0
    for s, signal in zip(signals, network.signals, strict=True):
        light.append(lights)
        s.first, s.end, s.light = row, row + len(signal.phases), lights
        s.groups = len(signal.phases[0].state)
        s.actuated = signal.kind == "actuated"
        s.max_gap, s.clear = round(signal.max_gap / dt), round(signal.detector_gap / dt)
        s.second = max(1, round(1.0 / dt))
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
        _start_signal(s, phases, begin, signal.offset, dt, signal.kind in ("rail", "passage", "rings"))
    return signals, phases, np.array(letters, np.uint8), light


def _start_signal(s: Any, phases: Any, begin: float, offset: float, dt: float, served: bool) -> None:
    """Put a controller where its programme stands when the run begins; one that a service opens stays as it is."""
    if served:
        s.phase, s.change = int(s.first), np.iinfo(np.int64).max
        return
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
