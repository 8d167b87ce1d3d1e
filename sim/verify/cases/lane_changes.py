"""Lane changes for speed: whether drivers change when MOBIL says so, and which lanes of a motorway are used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np

from sim.pilot import Rules
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import Course, Ring, circles, settle
from sim.verify.fleet import Fleet, Vehicle, idm
from sim.verify.roads import Layout
from sim.verify.trial import Trial, Watch, once

_A, _B, _T, _S0, _LENGTH = 1.0, 1.5, 1.2, 2.0, 5.0  #: of the textbook drivers [m/s2], [m/s2], [s], [m], [m]
_THRESHOLD = 0.1  #: [m/s2]
_PLACE, _ROAD = 400.0, 1500.0  #: of the driver in question, and length of each road [m]
_LOOK = 0.6  #: time that is watched [s]: everybody looks at the lanes beside once in half a second


@dataclass(frozen=True, slots=True)
class _Scene:
    """A driver behind a slower leader, and who comes on the lane beside: gaps [m], speeds [m/s], politeness [-]."""

    ahead: float
    behind: float
    follower: float
    politeness: float


def _pull(v: float, gap: float, leader: float, limit: float) -> float:
    """Acceleration of a textbook driver [m/s2]; gap inf: nobody ahead."""
    free = _A * (1.0 - (v / limit) ** 4)
    if math.isinf(gap):
        return free
    wanted = _S0 + max(0.0, v * _T + v * (v - leader) / (2.0 * math.sqrt(_A * _B)))
    return free - _A * (wanted / max(gap, 0.1)) ** 2


def _law(place: np.ndarray, speed: np.ndarray, politeness: float, limit: float) -> bool | None:
    """Whether to change; None: too near a border to tell.

    Args:
        place: of the driver, the one ahead, and the one who comes beside (3,) [m].
        speed: likewise [m/s].

    That the follower can bear it is doubtful between the criterion for one who wants the limit and for one who is
    content with his speed.
    """
    ahead, behind = place[1] - place[0] - _LENGTH, place[0] - place[2] - _LENGTH
    if min(ahead, behind) < _S0 + 0.2:
        return None
    own, then = _pull(speed[0], ahead, speed[1], limit), _pull(speed[0], math.inf, 0.0, limit)
    other = _pull(speed[2], math.inf, 0.0, limit)
    other_then = _pull(speed[2], behind, speed[0], limit)
    content = other_then - other
    gain = then - own + politeness * (other_then - other)
    if abs(gain - _THRESHOLD) < 0.05 or (content + _B < 0.05 and other_then + _B > -0.05):
        return None
    return bool(gain > _THRESHOLD and content > -_B)


def _verdict(place: np.ndarray, speed: np.ndarray, politeness: float, limit: float) -> bool | None:
    """What the law says of all that was seen until somebody changed (instants, 3); None: not always the same."""
    said = {_law(x, v, politeness, limit) for x, v in zip(place, speed, strict=True)}
    return said.pop() if len(said) == 1 else None


def _polite(politeness: float) -> Card:
    like = idm(_T, _S0, _A, _B)
    own = {name: Value(x, "-", "verification case", "given") for name, x in (("politeness", politeness),)}
    own["safety_factor"] = Value(1.0, "-", "verification case", "given")
    return replace(like, name=f"polite{politeness}", parameters=like.parameters | own)


def _judged(scenes: list[_Scene], told: Settings) -> Iterator[tuple[bool, bool]]:
    """What the law says and what the driver did, of each scene that leaves no doubt; each on a road of its own."""
    layout, vehicles, exact = Layout("two lanes"), [], []
    v, slow, limit = told["speed"], told["leader"], told["limit"]
    for i, one in enumerate(scenes):
        edge = layout.edge(layout.junction(), layout.junction(), _ROAD, limit, 2)
        card = _polite(one.politeness)
        for name, lane, at, speed in (
            ("me", 0, _PLACE, v),
            ("leader", 0, _PLACE + one.ahead + _LENGTH, slow),
            ("follower", 1, _PLACE - _LENGTH - one.behind, one.follower),
        ):
            factor = slow / limit if name == "leader" else 1.0
            vehicles.append(Vehicle(f"{name}{i}", 0.0, (edge,), card, lane, at, 0.0, factor))
            exact.append((at, speed))
    start = np.array(exact)
    park, watch = layout.network(), Watch(0.1, 0.2, _LOOK + 0.15)
    trial = Trial(park, Fleet(vehicles), _LOOK + 1.0, rules=Rules(lane_change_duration=3.0, keep_right=False))
    trial.run(1, [once(trial.step, partial(settle, start)), watch])
    seen = watch.table()
    where = np.vstack([start[:, 0], seen["position"]]).reshape(-1, len(scenes), 3)
    fast = np.vstack([start[:, 1], seen["speed"]]).reshape(-1, len(scenes), 3)
    first = np.array([park.edges[i].lanes[0] for i in range(len(scenes))])
    left = np.vstack([np.zeros(len(scenes), bool), seen["lane"][:, ::3] != first])
    for i, one in enumerate(scenes):
        changed = bool(left[:, i].any())
        until = int(left[:, i].argmax()) if changed else len(left)
        wanted = _verdict(where[:until, i], fast[:until, i], one.politeness, limit)
        if wanted is not None:
            yield wanted, changed


@case(
    "mobil.criterion",
    title="Drivers change lanes for speed when MOBIL's criteria say so, and only then",
    source="Kesting, Treiber, Helbing 2007, doi:10.3141/1999-10, eqs. 2-3, with the Intelligent Driver Model",
    settings=(
        Setting("speed", 20.0, "speed", "of the driver in question", 5.0, 40.0),
        Setting("leader", 15.0, "speed", "of the one ahead", 1.0, 40.0),
        Setting("limit", 25.0, "speed", "that all want", 6.0, 60.0),
        Setting("ahead", (25.0, 40.0, 60.0, 80.0, 120.0, 200.0), "length", "to the one ahead, swept", 5.0, 400.0),
        Setting("behind", (8.0, 15.0, 25.0, 50.0, 100.0), "length", "gaps on the lane beside, swept", 5.0, 300.0),
        Setting("follower", (18.0, 21.0, 24.0), "speed", "of the one who comes there, swept", 1.0, 60.0),
        Setting("politeness", (0.0, 0.2, 1.0), "number", "weight of what others lose, swept", 0.0, 1.0),
    ),
)
def criterion(told: Settings) -> Iterator[Point]:
    """Scenes that leave no doubt while drivers look: how many do as the law says of what was so when they did."""
    names = ("ahead", "behind", "follower", "politeness")
    scenes = [_Scene(*x) for x in product(*(told.numbers(name) for name in names))]
    judged = list(_judged(scenes, told))
    for want, what in ((True, "change that should"), (False, "stay that should")):
        right = [got == want for wanted, got in judged if wanted == want]
        if right:
            yield point(what, "share of drivers [%]", 100.0, 100.0 * float(np.mean(right)), 1.0, f"{len(right)} scenes")


#: Share of the left one of two lanes by flow of both, where one keeps to the right. Source: recalled of Sparmann 1978
#: and Wu 2006, "Equilibrium of lane flow distribution on motorways", doi:10.1177/0361198106196500106.
_LEFT = {400.0: 0.18, 1000.0: 0.38, 1500.0: 0.50, 2000.0: 0.55, 3000.0: 0.60}


@case(
    "motorway.lanes",
    title="Use of the lanes of a motorway by flow",
    source="lanes that are alike are used alike; where one keeps right as Sparmann 1978, Wu 2006 (figures recalled)",
    standing="recalled",
    reports=True,
    settings=(
        Setting("card", "human_car", "text", "who drives"),
        Setting("lorries", "truck", "text", "who else drives"),
        Setting("lorry_share", 0.1, "share", "of these", 0.0, 1.0),
        Setting("flow", tuple(_LEFT), "number", "of both lanes [veh/h], swept", 100.0, 4000.0),
        Setting("limit", 36.0, "speed", "speed limit", 10.0, 60.0),
        Setting("spread", 0.12, "share", "deviation of desired speeds", 0.0, 0.3),
        Setting("vehicles", 120, "number", "on a ring", 20, 2000),
        Setting("duration", 900.0, "time", "of a run, the second half is measured", 120.0, 7200.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def use(told: Settings) -> Iterator[Point]:
    """Rings of two lanes, from sparse to full, on which one keeps to the right, or drives as one likes."""
    limit, count = told["limit"], told.whole("vehicles")
    densities = np.array([0.9 * q / (3.6 * limit) / 2.0 for q in told.numbers("flow")])  # of a lane [1/km]
    heavy = round(told["lorry_share"] * (count // 2))
    draw = np.random.default_rng(told.whole("seed"))
    kinds = (CARDS[told.text("card")], CARDS[told.text("lorries")])
    rings = []
    for k in densities:
        row = tuple(kinds[int(x < heavy)] for x in draw.permutation(count // 2))
        rings.append(Ring(500.0 * count / k, count // 2, 0.8 * limit, row))
    for keep, what in ((True, "who keeps right"), (False, "who need not")):
        for flow, got, share in zip(told.numbers("flow"), *_left_share(rings, told, keep), strict=True):
            wanted = np.interp(got, list(_LEFT), list(_LEFT.values())) if keep else 0.5
            known = not keep or told.published("limit", "lorry_share")
            note = f"{what}; flow of both lanes {got:.0f} veh/h"
            of = f"share of the left lane, {what} [-]"
            yield point(flow, of, float(wanted) if known else None, float(share), 0.08, note)


def _left_share(rings: list[Ring], told: Settings, keep_right: bool) -> tuple[np.ndarray, np.ndarray]:
    """Flow of both lanes [veh/h] and share of it on the left one, of each ring in the second half of a run."""
    course = Course(told["duration"], told["limit"], lanes=2, spread=told["spread"])
    trial, put = circles(rings, course)
    trial = replace(trial, rules=Rules(lane_change_duration=3.0, keep_right=keep_right))
    watch = Watch(period=5.0, after=0.5 * told["duration"])
    trial.run(told.whole("seed"), [put, watch])
    seen = watch.table()
    index = np.array([lane.index for lane in trial.park.lanes])
    flows, shares, first = [], [], 0
    for ring in rings:
        mine = slice(first, first + 2 * ring.vehicles)
        first = mine.stop
        lane, speed = seen["lane"][:, mine].astype(int), seen["speed"][:, mine]
        flows.append(3600.0 * speed.mean() * 2 * ring.vehicles / ring.length)
        shares.append(float(speed[index[lane] == 1].sum() / speed.sum()))
    return np.array(flows), np.array(shares)
