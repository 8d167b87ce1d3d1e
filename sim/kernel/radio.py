"""How messages are said, carried and heard: once a step, on the same loop as the cars.

Everything said within a step is sorted onto a grid; each receiver then counts what is said around it, which loads its
channel, and leaves a trace of where it is. Whether a message got through is one draw keyed by sender, receiver and
number, and is decided when somebody asks what he knows (`sim.kernel.memory.known`), never the truth. For the figures
some stations decide each reception at once; all of them where every sub-channel is simulated.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import fetch, inline
from sim.kernel.arrange import arrange
from sim.kernel.at_once import foresee_pairs
from sim.kernel.call import call, tell_apps
from sim.kernel.choose import FRAME
from sim.kernel.hear import hear, settle
from sim.kernel.nearby import gather_around
from sim.kernel.network import fill_cells
from sim.kernel.pairs import sweep
from sim.kernel.receive import receive
from sim.kernel.say import RESOURCES, beats, gather, say, sort
from sim.kernel.tally import list_transmissions, tell_around

#: How many receivers ahead each is fetched, and what it has heard of others.
AHEAD, NEXT = 8, 2


@inline
def carry(w: Any, step: int) -> None:
    """Say, carry and hear all messages of a step."""
    r, a = w.radio, w.radio.air[0]
    now, end = beats(w, step), beats(w, step + 1)
    gather(w, step, now)
    arrange(w, end)
    if a.way == RESOURCES:
        carry_in_parts(w, step, now, end)
    else:
        if a.zones > 0:
            fill_cells(w, step, now >= a.warm)
        say(w, now, end)
        sort(w)
        for unit in range(a.apart_told):
            tell_around(w, unit)
        for cell in range(a.columns * a.lines):
            if r.cells[cell].stations > 0:
                hear_in(w, cell, step, now >= a.warm)
        settle(w)
        if a.each:
            list_transmissions(w, step)
        if a.calls > 0:
            call(w)
    if a.waiting > 0:
        tell_apps(w, now)


@inline
def hear_in(w: Any, cell: int, step: int, measured: bool) -> None:
    """Let all stations in a cell hear."""
    r, n = w.radio, w.radio.air[0].present
    c = r.cells[cell]
    gather_around(w, cell, c.counting > 0)
    for i in range(c.head, c.head + c.stations):
        if i + AHEAD < n:
            fetch(r.stations, r.in_cells[i + AHEAD], 0)
            fetch(r.stations, r.in_cells[i + AHEAD], 1)
        if i + NEXT < n and r.stations[r.in_cells[i + NEXT]].counts:
            foresee_pairs(w, r.in_cells[i + NEXT])
        station = r.in_cells[i]
        s = r.stations[station]
        if not s.silent:
            hear(w, station, step, measured)
            if s.counts:
                sweep(w, station, step)


@inline
def carry_in_parts(w: Any, step: int, now: int, end: int) -> None:
    """Go through a step in parts of some sub-frames: who reserves must know what others have just reserved."""
    r, a = w.radio, w.radio.air[0]
    a.begin = now // FRAME * FRAME
    while a.begin < end:
        until = min(end, a.begin + a.frames * FRAME)
        say(w, now, until)
        sort(w)
        for i in range(a.present):
            if not r.stations[r.on_air[i]].silent:
                receive(w, r.on_air[i], a.begin)
        settle(w)
        if a.each:
            list_transmissions(w, step)
        a.begin += a.frames * FRAME
    for i in range(a.present):
        sweep(w, r.on_air[i], step)
