"""Motorways: speed and capacity of a basic segment, Edie's law, breakdown at a merge and the drop after it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.pilot import Rules
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.circles import Course, Ring, circles
from sim.verify.edges import PERIOD, Sums, sums

MILE = 1609.344  #: [m]
_CARD = Setting("card", "human_car", "text", "who drives")
_SEED = Setting("seed", 1, "number", "of all draws", 0)
_RULES = Rules(lane_change_duration=3.0, keep_right=False)


def basic_capacity(free_speed: float) -> float:
    """Capacity of a lane of a basic motorway segment [veh/h] by its free speed [m/s], 55 to 75 mi/h.

    Source: HCM 7 eq. 12-6.
    """
    return min(2400.0, 2200.0 + 10.0 * (free_speed * 3600.0 / MILE - 50.0))


def basic_speed(flow: float, free_speed: float) -> float:
    """Speed on a basic motorway segment at a flow of a lane [veh/h], up to its capacity [m/s].

    Source: HCM 7 eq. 12-1 and exhibit 12-6: free up to a breakpoint, then falling to 45 veh/mi at capacity.
    """
    free, most = free_speed * 3600.0 / MILE, basic_capacity(free_speed)
    breaks = 1000.0 + 40.0 * (75.0 - free)
    over = max(0.0, flow - breaks) / (most - breaks)
    return (free - (free - most / 45.0) * over * over) * MILE / 3600.0


@case(
    "motorway.segment",
    title="Speed and capacity of a basic motorway segment",
    source="HCM 7 eqs. 12-1, 12-6 and exhibit 12-6; free speed 70 mi/h: 70.0 mi/h at 1200, 65.8 at 1800, 53.3 at 2400",
    standing="read",
    reason="a flow of 2400 veh/h a lane is not reached, for the greatest is 2290 (4.6 % lower, inside its band): there "
    "is no speed at it; at their greatest flow people go as fast as the manual has them go at its own (24.5 against "
    "23.8 m/s, told as the speed at the greatest flow); 2305 if nobody's wishes differ (--set spread=0)",
    settings=(
        _CARD,
        Setting("lanes", 3, "number", "of the road", 1, 6),
        Setting("free_speed", 70.0 * MILE / 3600.0, "speed", "speed limit", 10.0, 60.0),
        Setting("flow", (1200.0, 1800.0, 2400.0), "number", "of a lane [veh/h], swept", 100.0, 3000.0),
        Setting("spread", 0.07, "share", "deviation of desired speeds (about 5 mi/h on motorways)", 0.0, 0.3),
        Setting("duration", 1200.0, "time", "of a run, the second half is measured", 300.0, 20000.0),
        Setting("vehicles", 60, "number", "on each lane", 10, 1000),
        _SEED,
    ),
)
def segment(told: Settings) -> Iterator[Point]:
    """Rings of several lanes at densities up to 45 veh/km: flow and speed by Edie's definitions."""
    lanes, v0, count = told.whole("lanes"), told["free_speed"], told.whole("vehicles")
    densities = np.array([4.0, 8.0, 11.0, 14.0, 17.0, 20.0, 23.0, 26.0, 30.0, 36.0, 45.0])
    card = CARDS[told.text("card")]
    several = [Ring(1000.0 * count / k, count, min(0.8 * v0, 450.0 / k), (card,)) for k in densities]
    course = Course(told["duration"], v0, edges=PERIOD, lanes=lanes, spread=told["spread"])
    trial, settle = circles(several, course)
    diary = trial.run(told.whole("seed"), [settle])
    halves = [[sums(diary, e, 0.5 * told["duration"]) for e in (4 * i, 4 * i + 1)] for i in range(len(densities))]
    flows = np.array([np.mean([x.flow.mean() for x in pair]) for pair in halves]) / lanes
    speeds = np.array([_speed(pair) for pair in halves])
    top = int(flows.argmax())
    known = 55.0 <= v0 * 3600.0 / MILE <= 75.0 + 1e-6
    capacity = basic_capacity(v0) if known else None
    for rate in told.numbers("flow"):
        wanted = basic_speed(rate, v0) if capacity is not None and rate <= capacity + 1e-6 else None
        got = float(np.interp(rate, flows[: top + 1], speeds[: top + 1])) if rate <= flows[top] else np.nan
        note = "" if rate <= flows[top] else f"this flow is not reached: at most {flows[top]:.0f}"
        yield point(rate, "speed at a flow of a lane [m/s]", wanted, got, within(wanted, 5.0), note)
    yield point("greatest", "flow of a lane [veh/h]", capacity, flows[top], within(capacity, 8.0))
    wanted = basic_speed(capacity, v0) if capacity is not None else None
    yield point("greatest", "speed at the greatest flow [m/s]", wanted, float(speeds[top]), within(wanted, 5.0))
    for k, flow, speed in zip(densities, flows, speeds, strict=True):
        yield point(float(k), "speed at a density [m/s]", None, float(speed), note=f"flow {flow:.0f} veh/h a lane")


def _speed(pair: list[Sums]) -> float:
    """Mean speed of two edges together [m/s]."""
    return float(sum(x.flow.sum() for x in pair) / sum(x.density.sum() for x in pair) / 3.6)


@case(
    "motorway.edie",
    title="Flow is density times speed, and what flows past is what flows along",
    source="Edie 1963: flow, density and speed of an area of space and time",
    standing="computed",
    settings=(_CARD, Setting("density", (10.0, 25.0, 60.0), "number", "[veh/km], swept", 1.0, 130.0), _SEED),
)
def edie(told: Settings) -> Iterator[Point]:
    """A ring of one lane: sums of an edge against each other and against those who leave it."""
    card, limit = CARDS[told.text("card")], 25.0
    several = [Ring(50_000.0 / k, 50, min(15.0, 200.0 / k), (card,)) for k in told.numbers("density")]
    trial, settle = circles(several, Course(1260.0, limit, edges=PERIOD))
    diary = trial.run(told.whole("seed"), [settle])
    for i, k in enumerate(told.numbers("density")):
        one = sums(diary, 4 * i, 600.0)
        ratio = np.abs(one.flow / (3.6 * one.density * one.speed) - 1.0).max()
        yield point(k, "flow / (density x speed) - 1 [-]", 0.0, float(ratio), 1e-9)
        flow = float(one.flow.mean())
        yield point(k, "vehicles that leave in an hour [veh/h]", flow, float(one.left.mean()), within(flow, 3.0))
        yield point(k, "density [veh/km]", k, float(one.density.mean()), within(k, 3.0))
