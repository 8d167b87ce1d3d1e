"""Queues of those who wait outside to depart on an edge."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline


@inline
def enqueue_due(w: Any, step: int) -> None:
    """Put everybody who is due into the queue of the edge they start on."""
    t = w.totals[0]
    while t.due < t.starts and w.starts[t.due].step <= step:
        d = t.due
        edge = w.stages[w.starts[d].stage].edge
        q = w.queues[edge]
        w.loose.waiting_next[d] = -1
        if q.head < 0:
            q.head = d
            w.loose.waiting_edges[t.waiting_edges] = edge
            t.waiting_edges += 1
        else:
            w.loose.waiting_next[q.tail] = d
        q.tail = d
        t.due += 1
        t.waiting += 1


def come_back(w: Any, d: int, halt: int) -> None:
    """Let one who halted beside the road depart anew from there, before all others; called from Python."""
    s, h = w.starts[d], w.halts[halt]
    s.stage, s.lane, s.position, s.speed = w.trips[d].stage, w.lanes[h.lane].index, h.position, 0.0
    s.halt = halt + 1
    edge = w.lanes[h.lane].edge
    q, t = w.queues[edge], w.totals[0]
    w.loose.waiting_next[d] = q.head
    if q.head < 0:
        q.tail = d
        w.loose.waiting_edges[t.waiting_edges] = edge
        t.waiting_edges += 1
    q.head = d
    t.waiting += 1
