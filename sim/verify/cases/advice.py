"""Advice by message: what a green wave for each (GLOSA) saves by share of those who have it, and by traffic."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.apps import settings_of
from sim.park.network import Network
from sim.pilot import Equipment, Radio
from sim.traffic.cards import CARDS
from sim.traffic.demand import ParkDemand
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.junctions import Times, copy_of, flows, street
from sim.verify.roads import side_by_side
from sim.verify.trial import Halts, Trial

_SURE = Radio("ideal", 400.0, low=0.02, high=0.02)


@case(
    "advice.green_wave",
    title="A green wave for each (GLOSA): saves where traffic is light, the more the more have it",
    source="simulation studies of GLOSA, recalled: saves at low density, monotone in the share; it may harm when dense",
    standing="recalled",
    settings=(
        Setting("card", "human_car", "text", "who drives; all who have the advice follow it"),
        Setting("share", (0.0, 0.25, 0.5, 0.75, 1.0), "share", "of those who have it, swept", 0.0, 1.0),
        Setting("light", 150.0, "number", "flow of light traffic [veh/h]", 10.0, 400.0),
        Setting("dense", 850.0, "number", "flow of dense traffic [veh/h]", 200.0, 1500.0),
        Setting("signals", 3, "number", "in a row, at offsets drawn at random", 1, 12),
        Setting("apart", 400.0, "length", "between signals", 150.0, 2000.0),
        Setting("cycle", 80.0, "time", "of the signals", 40.0, 240.0),
        Setting("green", 40.0, "time", "displayed", 10.0, 200.0),
        Setting("duration", 1800.0, "time", "in which vehicles arrive", 300.0, 20000.0),
        Setting("copies", 8, "number", "streets side by side, with drivers of their own", 2, 100),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def green_wave(told: Settings) -> Iterator[Point]:
    """The same vehicles on the same streets, with more and more of them advised; stops and energy against nobody's."""
    shares = sorted({0.0, *told.numbers("share")})
    for name in ("light", "dense"):
        figures = np.array([_driven(told, told[name], share) for share in shares])  # (shares, stops or energy, copies)
        at = f"{name}, {told[name]:.0f} veh/h"
        for rank, what in ((0, "stops"), (1, "energy")):
            saved = 100.0 * (1.0 - figures[:, rank] / figures[0, rank].mean())
            for share, row in zip(shares[1:], saved[1:], strict=True):
                note = f"{figures[0, rank].mean():.3g} without" if share == shares[1] else ""
                yield point(share, f"{what} saved in {at} [%]", None, row, note=note)
            if name == "light":
                means = saved.mean(axis=1)
                yield point(at, f"every share saves {what}: 1", 1.0, float((means[1:] > 0.0).all()), 0.5)
                rises = float((np.diff(means) > 0.0).all())
                yield point(at, f"a greater share saves more {what}: 1", 1.0, rises, 0.5)


def _driven(told: Settings, rate: float, share: float) -> np.ndarray:
    """Stops of a vehicle and its energy [kWh], means on each copy (2, copies)."""
    copies, seed = told.whole("copies"), told.whole("seed")
    park, demand = _street(told, rate)
    junctions = tuple(x.id for x in park.junctions if x.control == "signal")
    trial = Trial(
        park,
        demand,
        radio=_SURE,
        equip=Equipment({told.text("card"): share}, junctions),
        apps={"green_wave": settings_of("green_wave", compliance=1.0)},
    )
    halts = Halts()
    diary = trial.run(seed, [halts])
    copy = copy_of(diary.departures.ids)
    energy = diary.trips_told["energy_kwh"]
    return np.array([[x[copy == c].mean() for c in range(copies)] for x in (halts.counts, energy)])


def _street(told: Settings, rate: float) -> tuple[Network, ParkDemand]:
    """Streets whose signals have offsets drawn from the seed, and who drives along them."""
    copies, cycle = told.whole("copies"), told["cycle"]
    offsets = np.random.default_rng(told.whole("seed")).uniform(0.0, cycle, told.whole("signals"))
    times = [Times(cycle, told["green"], float(x)) for x in offsets]
    demand = flows(CARDS[told.text("card")], [("s0", f"s{len(times)}", rate)], copies, end=told["duration"])
    return side_by_side(street(times, told["apart"]), copies), demand
