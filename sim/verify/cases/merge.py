"""Motorway merges: breakdown at an entry, and the capacity drop after it.

Everybody is on the road from the begin on, as far upstream as his turn is late: the way onto the road is no bottleneck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.chance import key
from sim.park.network import Network
from sim.pilot import Rules
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import settle
from sim.verify.edges import PERIOD, sums
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import Layout
from sim.verify.trial import Trial, once

MILE = 1609.344  #: [m]
_RULES = Rules(lane_change_duration=3.0, keep_right=False)
_SETTINGS = (
    Setting("card", "human_car", "text", "who drives"),
    Setting("free_speed", 65.0 * MILE / 3600.0, "speed", "speed limit", 10.0, 60.0),
    Setting("spread", 0.05, "share", "deviation of desired speeds", 0.0, 0.3),
    Setting("entry_share", 0.15, "share", "of the flow behind that comes by the entry", 0.01, 0.6),
    Setting("copies", 6, "number", "merges for each flow", 1, 100),
    Setting("seed", 1, "number", "of all draws", 0),
)
_FIRST = 400.0  #: [m] from the head of each stream to the end of its road


def _network(copies: int, limit: float, reservoir: float) -> tuple[Network, list[tuple[int, int, int, int, int]]]:
    """Motorways of two lanes with an entry: edges far before, before, beside and behind it, and the entry's own."""
    layout = Layout("merge")
    found = []
    for _ in range(copies):
        nodes = [layout.junction() for _ in range(6)]
        far = layout.edge(nodes[0], nodes[1], reservoir, limit, 2)
        before = layout.edge(nodes[1], nodes[2], 500.0, limit, 2)
        entry = layout.edge(nodes[5], nodes[2], reservoir, limit, 1)
        beside = layout.edge(nodes[2], nodes[3], 300.0, limit, 3)
        behind = layout.edge(nodes[3], nodes[4], 1000.0, limit, 2)
        layout.join(far, before)
        layout.join(before, beside)
        layout.join_right(entry, beside)
        layout.join(beside, behind)
        found.append((far, before, beside, behind, entry))
    return layout.network(), found


def _turns(rate: float, duration: float, growth: float, shift: float) -> np.ndarray:
    """When a stream's vehicles pass its head [s]: evenly at a rate [veh/h] that grows linearly by a factor."""
    time = np.linspace(0.0, duration, 2000)
    flow = rate / 3600.0 * (1.0 + (growth - 1.0) * time / duration)
    passed = np.concatenate(([0.0], np.cumsum(0.5 * (flow[1:] + flow[:-1]) * np.diff(time))))
    return np.interp(np.arange(shift, passed[-1]), passed, time)


@dataclass(frozen=True, slots=True)
class Merge:
    """Minutes of one merge: flow behind [veh/h a lane], speed before it [m/s]."""

    flow: np.ndarray
    speed: np.ndarray


def merging(told: Settings, rates: list[float], duration: float, growth: float = 1.0) -> list[Merge]:
    """Merges at flows behind them [veh/h a lane] that grow by a factor over the duration [s]."""
    card, limit = CARDS[told.text("card")], told["free_speed"]
    speed = 0.92 * limit  # measured: what drivers go there; else flows were not those asked for
    reservoir = duration * speed + _FIRST + 500.0
    park, places = _network(len(rates), limit, reservoir)
    vehicles: list[Vehicle] = []
    for i, (rate, (far, before, beside, behind, entry)) in enumerate(zip(rates, places, strict=True)):
        main, side = rate * (1.0 - told["entry_share"]), 2.0 * rate * told["entry_share"]
        streams = (
            (f"r{i}", (far, before, beside, behind), 0, main, 0.1),
            (f"l{i}", (far, before, beside, behind), 1, main, 0.6),
            (f"e{i}", (entry, beside, behind), 0, side, 0.3),
        )
        for name, route, lane, flow, shift in streams:
            turns = _turns(flow, duration, growth, shift)
            at = reservoir - _FIRST - speed * turns
            vehicles += [_vehicle(f"{name}.{k}", route, lane, x, card, told["spread"]) for k, x in enumerate(at)]
    exact = np.array([(x.position, speed) for x in vehicles])
    trial = Trial(park, Fleet(vehicles), duration, rules=_RULES, edges=PERIOD)
    diary = trial.run(told.whole("seed"), [once(trial.step, partial(settle, exact))])
    return [
        Merge(sums(diary, behind, 120.0).flow / 2.0, sums(diary, before, 120.0).speed)
        for _, before, _, behind, _ in places
    ]


def _vehicle(name: str, route: tuple[int, ...], lane: int, at: float, card: Card, spread: float) -> Vehicle:
    factor = 1.0 + spread * float(np.random.default_rng(key(name)).standard_normal())
    return Vehicle(name, 0.0, route, card, lane, float(at), 0.0, max(0.7, factor))


def broken(speed: np.ndarray, limit: float) -> np.ndarray:
    """Minutes in which traffic before a merge has broken down: below two thirds of the limit for five minutes.

    Args:
        speed: (minutes,) [m/s].
        limit: [m/s].
    """
    slow = np.nan_to_num(speed, nan=np.inf) < 2.0 / 3.0 * limit
    found = np.zeros(len(slow), bool)
    for k in np.flatnonzero(np.convolve(slow, np.ones(5), "valid") >= 5.0):
        found[k : k + 5] = True
    return found


@case(
    "merge.breakdown",
    title="Breakdown at a merge",
    reason="those who enter force their way in at the end of the entry lane; queues form at flows at which on the "
    "road one interval in a hundred breaks down, and always, not by chance",
    source="I-440: 1.2, 4.4, 15, 22.8 % of 15-minute intervals break down at 1550, 1750, 2050, 2250 pc/h/ln",
    standing="read",
    settings=(
        Setting(
            "flow",
            (1550.0, 1750.0, 2050.0, 2250.0),
            "number",
            "behind the merge, of a lane [veh/h], swept",
            100.0,
            3000.0,
        ),
        *_SETTINGS,
    ),
)
def breakdown(told: Settings) -> Iterator[Point]:
    """Share of 15-minute intervals that break down, each interval on a road of its own; capacity at 15 %."""
    copies = told.whole("copies")
    rates = [rate for rate in told.numbers("flow") for _ in range(copies)]
    found = merging(told, rates, 900.0)
    shares = [
        float(np.mean([broken(x.speed, told["free_speed"]).any() for x in found[i : i + copies]]))
        for i in range(0, len(rates), copies)
    ]
    published = {1550.0: 0.012, 1750.0: 0.044, 2050.0: 0.15, 2250.0: 0.228}
    for i, (rate, share) in enumerate(zip(told.numbers("flow"), shares, strict=True)):
        flow = np.mean([x.flow.mean() for x in found[i * copies : (i + 1) * copies]])
        note = f"flow behind {flow:.0f} veh/h a lane"
        yield point(rate, "share of intervals that break down [-]", published.get(rate), share, note=note)
    above = np.interp(0.15, np.maximum.accumulate(shares) + 1e-6 * np.arange(len(shares)), told.numbers("flow"))
    reached = max(shares) >= 0.15
    wanted = 2105.0 if told.published("flow") else None
    note = "" if reached else "no flow of the sweep breaks down that often"
    yield point("15 %", "flow that breaks down [veh/h]", wanted, float(above) if reached else np.nan, 150.0, note)


@case(
    "merge.capacity_drop",
    title="Capacity drop after a breakdown",
    reason="the first queue forms at a flow below the one that the queue discharges at: the merge breaks down early "
    "(see merge.breakdown), and the car-following model has no drop of its own",
    source="discharge behind a queue 2-15 % below the flow before the breakdown, 7 % in the middle",
    standing="read",
    settings=(
        Setting(
            "flow", 2800.0, "number", "demand behind at the end, of a lane [veh/h]; 60 % of it at first", 500.0, 4000.0
        ),
        Setting("duration", 2400.0, "time", "in which demand rises", 900.0, 7200.0),
        *_SETTINGS,
    ),
)
def capacity_drop(told: Settings) -> Iterator[Point]:
    """Demand that rises to beyond capacity: greatest five minutes before the breakdown against the mean after it."""
    drops, notes = [], []
    for one in merging(told, [0.5 * told["flow"]] * told.whole("copies"), told["duration"], 2.0):
        down = np.flatnonzero(broken(one.speed, told["free_speed"]))
        if not len(down) or down[0] < 5 or len(one.flow) - down[0] < 15:
            continue
        before = np.convolve(one.flow[: down[0] + 1], np.ones(5) / 5.0, "valid").max()
        after = one.flow[down[0] + 5 :].mean()
        drops.append(100.0 * (1.0 - after / before))
        notes.append((before, after))
    if not drops:
        yield point("no breakdown", "drop [%]", 8.5, np.nan, 6.5)
        return
    before, after = np.mean(notes, axis=0)
    yield point(f"{len(drops)} breakdowns", "drop [%]", 8.5, drops, 6.5, f"{before:.0f} to {after:.0f} veh/h a lane")
