"""Motorway merges: breakdown at an entry, and the capacity drop after it.

Everybody is on the road from the begin on, as far upstream as his turn is late: the way onto the road is no bottleneck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.apps import settings_of
from sim.chance import key
from sim.park.network import Network
from sim.pilot import Equipment, Radio, Rules
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.automation import driven_by, in_groups
from sim.verify.case import Point, Setting, Settings, case, point, within
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
#: How groups hear each other: whoever is near, at once.
_SURE = Radio("ideal", 100.0, low=0.02, high=0.02)
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


def merging(
    told: Settings, rates: list[float], duration: float, growth: float = 1.0, shares: list[float] | None = None
) -> list[Merge]:
    """Merges at flows behind them [veh/h a lane] that grow by a factor over the duration [s].

    Args:
        shares: of automated vehicles at each, which drive in groups and hear each other; None: nobody is automated.
    """
    card, limit = CARDS[told.text("card")], told["free_speed"]
    speed = 0.92 * limit  # measured: what drivers go there; else flows were not those asked for
    reservoir = duration * speed + _FIRST + 500.0
    park, places = _network(len(rates), limit, reservoir)
    vehicles: list[Vehicle] = []
    draw = np.random.default_rng(told.whole("seed"))
    machine = _machine(told) if shares else card
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
            automated = in_groups(draw, len(at), shares[i], told.whole("group")) if shares else np.zeros(len(at), bool)
            vehicles += [
                _vehicle(f"{name}.{k}", route, lane, x, machine if a else card, 0.0 if a else told["spread"])
                for k, (x, a) in enumerate(zip(at, automated, strict=True))
            ]
    exact = np.array([(x.position, speed) for x in vehicles])
    trial = Trial(park, Fleet(vehicles), duration, rules=_RULES, edges=PERIOD)
    if shares and any(shares):
        trial = replace(trial, radio=_SURE, equip=Equipment({machine.name: 1.0}), apps={"cacc": settings_of("cacc")})
    diary = trial.run(told.whole("seed"), [once(trial.step, partial(settle, exact))])
    return [
        Merge(sums(diary, behind, 120.0).flow / 2.0, sums(diary, before, 120.0).speed)
        for _, before, _, behind, _ in places
    ]


def _machine(told: Settings) -> Card:
    """Who keeps a short headway behind others who are heard, and a long one behind people [s] at the limit."""
    body = CARDS[told.text("card")]["length"] / told["free_speed"]
    gaps = {"time_gap": told["behind_human"] - body, "connected_time_gap": told["behind_cav"] - body}
    return driven_by("cacc", "cav", maximum_speed=100.0, **gaps)


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


#: Capacity at a merge over that without automated vehicles, by their share.
_FACTORS = {0.0: 1.0, 0.2: 1.02, 0.4: 1.07, 0.6: 1.16, 0.8: 1.33, 1.0: 1.45}


@case(
    "merge.automated",
    title="Capacity of a merge by share of automated vehicles that drive in groups",
    source="HCM 7, adjustment for connected automated vehicles at merges: 1, 1.02, 1.07, 1.16, 1.33, 1.45 of 2200",
    standing="read",
    reason="automated vehicles in groups leave no gap for those who enter: these stop at the end of their lane and set "
    "off from rest, and behind the merge cars follow at 3.6 s and 24 m/s, though 98 % hear the one ahead; flows fall "
    "from 2090 veh/h a lane without any to 1170 where all are (the manual's vehicles make room by agreement)",
    settings=(
        Setting("share", tuple(_FACTORS), "share", "of automated vehicles, swept", 0.0, 1.0),
        Setting("behind_human", 2.4, "time", "headway of automated vehicles behind people", 0.8, 8.0),
        Setting("behind_cav", 1.11, "time", "headway of automated vehicles behind each other", 0.4, 6.0),
        Setting("group", 10, "number", "vehicles in a group", 1, 100),
        Setting("demand", 1.1, "number", "over the published capacity", 0.5, 2.0),
        Setting("duration", 660.0, "time", "of a run, measured from the eighth minute on", 540.0, 7200.0),
        *_SETTINGS[:-2],
        Setting("copies", 1, "number", "merges for each share", 1, 100),
        _SETTINGS[-1],
    ),
)
def automated(told: Settings) -> Iterator[Point]:
    """More demand than the merge carries: flow behind it; automated vehicles come in groups and hear each other."""
    copies = told.whole("copies")
    shares = [share for share in told.numbers("share") for _ in range(copies)]
    known = told.published("behind_human", "behind_cav", "group", "entry_share")
    most = np.interp(shares, list(_FACTORS), [2200.0 * x for x in _FACTORS.values()])
    found = merging(told, [float(told["demand"] * x) for x in most], told["duration"], shares=shares)
    flows = np.array([one.flow[5:].mean() for one in found]).reshape(-1, copies)
    for share, got in zip(told.numbers("share"), flows, strict=True):
        wanted = 2200.0 * _FACTORS[share] if known and share in _FACTORS else None
        yield point(share, "flow behind a merge [veh/h a lane]", wanted, got, within(wanted, 8.0))
    rises = float((np.diff(flows.mean(axis=1)) > 0.0).all())
    yield point("shares", "a greater share carries more: 1", 1.0 if known else None, rises, 0.5)
