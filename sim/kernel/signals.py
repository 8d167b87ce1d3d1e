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
def demanded(w: Any, signal: int, step: int) -> bool:
    """Whether a detector of the present phase saw somebody within the maximum gap."""
    s = w.signals[signal]
    phase = w.phases[s.phase]
    for i in range(phase.detector, phase.detector_end):
        if step - w.lane[w.loose.detectors[i]].detected <= s.max_gap:
            return True
    return False


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
        phase = w.phases[s.phase]
        if s.actuated and step < s.began + phase.maximum and demanded(w, i, step):
            s.change = step + 1
        else:
            switch(w, i, step)
