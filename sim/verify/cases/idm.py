"""The Intelligent Driver Model on rings and in a queue: equilibrium, string stability, start wave."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy import optimize

from sim.engine.simulation import Service, Simulation
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.circles import Course, Ring, circles, members
from sim.verify.fleet import Fleet, Vehicle, idm
from sim.verify.roads import road
from sim.verify.trial import Trial, Watch, once

_PAPER = "Treiber, Hennecke, Helbing 2000, doi:10.1103/PhysRevE.62.1805"
LENGTH = 5.0  #: of a car [m]

_GAPS = Setting("time_gap", (1.0, 1.5), "time", "T of the model, swept", 0.1, 5.0)
_DESIRED = Setting("desired_speed", (120 / 3.6, 15.0), "speed", "v0 of the model, swept", 2.0, 70.0)
_MODEL = (
    Setting("minimum_gap", 2.0, "length", "s0 of the model", 0.5, 10.0),
    Setting("acceleration", 1.0, "acceleration", "a of the model", 0.2, 5.0),
    Setting("braking", 1.5, "acceleration", "b of the model", 0.2, 8.0),
    Setting("step", 0.1, "time", "of the simulation", 0.005, 1.0),
)


def equilibrium_gap(v: float, v0: float, s0: float, T: float) -> float:
    """Gap at which nobody accelerates [m].

    Source: Treiber, Hennecke, Helbing 2000, doi:10.1103/PhysRevE.62.1805, eq. 4.
    """
    return (s0 + v * T) / math.sqrt(1.0 - (v / v0) ** 4)


def equilibrium_speed(spacing: float, v0: float, s0: float, T: float) -> float:
    """Speed at which a spacing is in equilibrium [m/s]; inverse of `equilibrium_gap`."""
    gap = spacing - LENGTH
    if gap <= s0:
        return 0.0
    return float(optimize.brentq(lambda v: equilibrium_gap(v, v0, s0, T) - gap, 0.0, v0 * (1.0 - 1e-12)))


def greatest_flow(v0: float, s0: float, T: float) -> tuple[float, float]:
    """Greatest equilibrium flow [veh/s], and the speed at which it flows [m/s]."""
    found = optimize.minimize_scalar(
        lambda v: -v / (equilibrium_gap(v, v0, s0, T) + LENGTH), bounds=(0.01, 0.999 * v0), method="bounded"
    )
    return -float(found.fun), float(found.x)


def stability(v: float, v0: float, model: tuple[float, float, float, float]) -> float:
    """Criterion of string stability in equilibrium: negative if small kicks grow.

    Args:
        v: speed [m/s].
        v0: desired speed [m/s].
        model: T [s], s0 [m], a [m/s2], b [m/s2].

    Source: f_v^2 / 2 - f_dv f_v - f_s with derivatives of the model's acceleration; Treiber, Kesting 2013,
    doi:10.1007/978-3-642-32460-4, ch. 15.
    """
    T, s0, a, b = model
    gap = equilibrium_gap(v, v0, s0, T)
    share = (s0 + v * T) / gap
    by_gap = 2.0 * a * share * share / gap
    by_speed = -a * (4.0 * (v / v0) ** 3 / v0 + 2.0 * T * share / gap)
    by_closing = -2.0 * a * share / gap * v / (2.0 * math.sqrt(a * b))
    # partial derivative at fixed leader speed is by_speed + by_closing; here closing speed is its own variable
    return 0.5 * by_speed**2 + by_closing * by_speed - by_gap


def unstable_densities(v0: float, model: tuple[float, float, float, float]) -> tuple[float, float]:
    """Between which densities small kicks grow [veh/m]; the greater one is that of a standing queue if it is so."""
    T, s0 = model[:2]
    speeds = np.linspace(0.0, v0 * 0.999, 4000)
    unstable = [v for v in speeds if stability(v, v0, model) < 0.0]
    if not unstable:
        return math.nan, math.nan
    return tuple(  # type: ignore[return-value]
        1.0 / (equilibrium_gap(v, v0, s0, T) + LENGTH) for v in (max(unstable), min(unstable))
    )


def _combinations(told: Settings) -> list[tuple[float, float]]:
    """Desired speeds and time gaps of a sweep."""
    return [(v0, T) for v0 in told.numbers("desired_speed") for T in told.numbers("time_gap")]


def _rest(told: Settings) -> tuple[float, float, float]:
    return told["minimum_gap"], told["acceleration"], told["braking"]


@case(
    "idm.equilibrium",
    title="Equilibrium and fundamental diagram of the Intelligent Driver Model",
    source=f"{_PAPER}, eq. 4: s(v) = (s0 + vT) / sqrt(1 - (v/v0)^4)",
    settings=(_GAPS, _DESIRED, *_MODEL, Setting("duration", 240.0, "time", "of a run", 60.0, 3600.0)),
)
def equilibrium(told: Settings) -> Iterator[Point]:
    """Rings at ten densities, started at half the speed of equilibrium; measured by Edie's definitions."""
    s0, a, b = _rest(told)
    for v0, T in _combinations(told):
        flow, best = greatest_flow(v0, s0, T)
        optimum = 1.0 / (equilibrium_gap(best, v0, s0, T) + LENGTH)
        jam = 1.0 / (s0 + LENGTH)
        densities = [*np.linspace(0.08, 0.92, 10) * jam, *(optimum * x for x in (0.97, 1.0, 1.03))]
        driver = idm(T, s0, a, b)
        wanted = [equilibrium_speed(1.0 / k, v0, s0, T) for k in densities]
        several = [Ring(40 / k, 40, 0.5 * v, (driver,)) for k, v in zip(densities, wanted, strict=True)]
        trial, settle = circles(several, Course(told["duration"], v0, told["step"], told["duration"] / 4.0))
        begin, end, sums = trial.run(extra=[settle]).intervals[-1]
        metres = np.bincount(sums["edge"], sums["vehicle_metres"], len(trial.park.edges))
        seconds = np.bincount(sums["edge"], sums["vehicle_seconds"], len(trial.park.edges))
        flows = []
        for i, (k, v) in enumerate(zip(densities, wanted, strict=True)):
            halves = [4 * i, 4 * i + 1]
            speed = metres[halves].sum() / seconds[halves].sum()
            length = sum(trial.park.lanes[trial.park.edges[e].lanes[0]].length for e in halves)
            flows.append(3600.0 * metres[halves].sum() / (length * (end - begin)))
            if i < 10:
                yield point(
                    round(1000.0 * k, 2), f"speed at T {T:g} s, v0 {v0:.4g} m/s [m/s]", v, speed, within(v, 0.1)
                )
        name = f"greatest flow at T {T:g} s, v0 {v0:.4g} m/s [veh/h]"
        yield point(f"T {T:g}, v0 {v0:.4g}", name, 3600.0 * flow, max(flows), within(3600.0 * flow, 0.2))


@case(
    "idm.string_stability",
    title="Where small kicks grow among textbook IDM drivers",
    source=f"{_PAPER}; f_v^2/2 - f_dv f_v - f_s < 0 (Treiber, Kesting 2013, doi:10.1007/978-3-642-32460-4, ch. 15)",
    reason="the criterion is of continuous time; the step of 0.1 s (Euler) damps waves at high density, so that the "
    "upper edge of T 1.5 s lies more than 5 % lower: with --set step=0.05 every point is inside",
    settings=(
        _GAPS,
        _DESIRED,
        *_MODEL,
        Setting("vehicles", 120, "number", "on a ring", 20, 400),
        Setting("duration", 2400.0, "time", "of a run", 300.0, 20000.0),
        Setting("margin", 0.05, "share", "distance from the edges of the unstable range", 0.005, 0.5),
    ),
)
def string_stability(told: Settings) -> Iterator[Point]:
    """Kicked rings a little inside and outside each edge: the deviation of speeds grows (+1) or dies out (-1)."""
    s0, a, b = _rest(told)
    margin, count = told["margin"], told.whole("vehicles")
    jam = 1.0 / (s0 + LENGTH)
    for v0, T in _combinations(told):
        low, high = unstable_densities(v0, (T, s0, a, b))
        sides = [(low * (1 - margin), -1.0), (low * (1 + margin), 1.0), (high * (1 - margin), 1.0)]
        if high * (1 + margin) < jam:
            sides.append((high * (1 + margin), -1.0))
        driver = idm(T, s0, a, b)
        several = [Ring(count / k, count, equilibrium_speed(1.0 / k, v0, s0, T), (driver,)) for k, _ in sides]
        trial, settle = circles(several, Course(told["duration"], v0, told["step"]))
        yield from _kicked(trial, settle, members(several), sides, f"T {T:g} s, v0 {v0:.4g} m/s")


def _kicked(
    trial: Trial, settle: Service, groups: list[slice], sides: list[tuple[float, float]], name: str
) -> Iterator[Point]:
    def kick(run: Simulation) -> None:
        v = run.world.vehicles
        for group in groups:
            v["speed"][v["departure"] == group.start] -= 0.02

    watch = Watch(period=5.0)
    trial.run(extra=[settle, once(1.0, kick), watch])
    speed = watch.table()["speed"]
    for group, (k, sign) in zip(groups, sides, strict=True):
        early, late, ratio = _growth(speed[:, group])
        note = f"amplitude of the fastest growing wave: {early:.2g} to {late:.2g} m/s"
        got = 1.0 if ratio > 1.0 else -1.0
        yield point(round(1000.0 * k, 2), f"growth (1) or decay (-1), {name}", sign, got, 0.5, note)


def _growth(speed: np.ndarray) -> tuple[float, float, float]:
    """Amplitude of the fastest growing wave along a ring at 40 % and at the end of a run [m/s], and their ratio [-].

    Args:
        speed: of the vehicles one behind the other, (instants, vehicles) [m/s].
    """
    waves = np.abs(np.fft.rfft(speed, axis=1))[:, 1:] / speed.shape[1]
    n = len(waves)
    early, late = waves[int(0.35 * n) : int(0.45 * n)].mean(axis=0), waves[int(0.9 * n) :].mean(axis=0)
    heard = np.maximum(early, late) > 1e-9  # the rest is rounding
    if not heard.any():
        return 0.0, 0.0, 0.0
    ratio = np.where(heard, late / np.maximum(early, 1e-300), 0.0)
    fastest = int(ratio.argmax())
    return float(early[fastest]), float(late[fastest]), float(ratio[fastest])


@case(
    "idm.jam_wave",
    title="Start wave of a released queue of textbook IDM drivers",
    source=f"{_PAPER}: -(s0 + l) / T",
    reason="the formula is the slope of the equilibrium diagram at jam density; where the queue is string unstable "
    "(T 1.0 s) the front of the wave lags it: the same equations integrated apart at 0.01 s give -21.4 km/h, too",
    settings=(
        _GAPS,
        Setting("desired_speed", (120 / 3.6,), "speed", "v0 of the model, swept", 2.0, 70.0),
        *_MODEL,
        Setting("vehicles", 60, "number", "in the queue", 20, 300),
        Setting("threshold", 2.0, "speed", "at which a driver counts as set off", 0.1, 10.0),
    ),
)
def jam_wave(told: Settings) -> Iterator[Point]:
    """A queue at minimum gaps that begins to move at its head: how fast the wave runs back."""
    s0, a, b = _rest(told)
    count = told.whole("vehicles")
    spacing = s0 + LENGTH
    for v0, T in _combinations(told):
        front = (count + 1) * spacing
        park = road([front + 50.0, 6000.0], v0)
        driver = idm(T, s0, a, b)
        queue = [Vehicle(f"q{k}", 0.0, (0, 1), driver, 0, front - k * (spacing + 1e-6), 0.0) for k in range(count)]
        watch = Watch(period=0.5, until=240.0)
        Trial(park, Fleet(queue), 240.0, told["step"]).run(extra=[watch])
        table = watch.table()
        moving = table["speed"] > told["threshold"]
        off = table["time"][moving.argmax(axis=0)]
        rear = slice(count // 4, count)
        places = np.array([x.position for x in queue])
        wave = 3.6 * np.polyfit(off[rear], places[rear], 1)[0]
        expected = -3.6 * spacing / T
        yield point(T, f"wave speed at v0 {v0:.4g} m/s [km/h]", expected, wave, within(expected, 10.0))
