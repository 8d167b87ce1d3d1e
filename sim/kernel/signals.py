"""Signal controllers: which light shows, fixed programmes and greens extended by detectors."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.order import record

SIGNAL = 8  # rank of "signal" in sim.engine.recording.EVENT_KINDS


@inline
def show(w: Any, signal: int) -> None:
    """Put the letters of the present phase into the lights, and until when they hold at least."""
    s = w.signals[signal]
    start = w.phases[s.phase].state
    for g in range(s.groups):
        w.loose.light[s.light + g] = w.loose.letters[start + g]
        w.loose.light_end[s.light + g] = s.change


@inline
def last_seen(w: Any, signal: int) -> int:
    """Step in which a detector of the present phase last saw somebody."""
    phase = w.phases[w.signals[signal].phase]
    last = -1000000
    for i in range(phase.detector, phase.detector_end):
        last = max(last, w.lane[w.loose.detectors[i]].detected)
    return last


@inline
def extended(w: Any, signal: int, step: int, last: int) -> int:
    """Step until which the present green is extended at a step, if somebody was last seen then; no later: it ends.

    Whoever was seen last is let through, and greens last whole seconds.

    Source: SUMO's actuated signals (MSActuatedTrafficLightLogic::duration).
    """
    s = w.signals[signal]
    phase = w.phases[s.phase]
    if step >= s.began + phase.maximum or step - last > s.max_gap:
        return step
    end = max(s.began + phase.minimum, last + 1 + s.clear, step + 1) - s.began
    return min(s.began + phase.maximum, s.began + (end + s.second - 1) // s.second * s.second)


@inline
def switch(w: Any, signal: int, step: int) -> None:
    """Go on to the next phase."""
    s = w.signals[signal]
    s.phase = w.phases[s.phase].following
    s.began = step
    phase = w.phases[s.phase]
    s.change = step + (phase.minimum if s.actuated and phase.maximum > phase.minimum else phase.duration)
    show(w, signal)
    record(w, SIGNAL, signal, -1, float(s.phase - s.first), -1, 0.0)


@inline
def run_signals(w: Any, step: int) -> None:
    """Bring every controller to the present step."""
    for i in range(w.totals[0].signals):
        s = w.signals[i]
        if step < s.change:
            continue
        if s.actuated and w.phases[s.phase].maximum > w.phases[s.phase].minimum:
            s.change = extended(w, i, step, last_seen(w, i))
        if step >= s.change:
            switch(w, i, step)
