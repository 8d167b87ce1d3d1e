"""What is read off the world now and then, for tables: who is where and waits for whom; who hears whom."""

from __future__ import annotations

import numpy as np

from sim.engine.recording import WAITS, Columns
from sim.kernel.ask import ask
from sim.park.geometry import Axes
from sim.state.air import BEAT, REMEMBERED
from sim.state.world import World

#: Who is slower stands [m/s]; what is then told of him, by what the state holds as `blocker`.
STANDING = 0.5
_BY_CODE = {-2: "light", -3: "lane_end", -4: "room"}
#: Messages older than this are not counted as known [s]. Source: assumed, ten periods of a basic safety message.
FRESH = 1.0
#: Of how many of the nearest others it is told what a vehicle knows. Source: assumed.
NEAREST = 8
OF_A_VEHICLE = 1  # `Streams.content`
#: Later than any message arrives [beats].
EVER = (1 << 31) - 1  # the largest that a column of times holds


def snapshot(w: World, axes: Axes, clock: float) -> Columns:
    """Everybody on the road now: columns of trajectories.parquet, sorted by vehicle."""
    v = w.vehicles
    v = v[v["departure"] >= 0]
    v = v[np.argsort(v["departure"])]
    lane = v["lane"].astype(np.int64)
    x, y, heading = axes.place(lane, v["position"])
    return {
        "time_s": np.full(len(v), clock),
        "id": v["departure"].copy(),
        "edge": w.lanes["edge"][lane],
        "lane": lane,
        "position_m": v["position"].copy(),
        "speed_mps": v["speed"].copy(),
        "acceleration_mps2": v["acceleration"].copy(),
        "x_m": x,
        "y_m": y,
        "heading_deg": heading,
    } | _waits(w, v)


def _waits(w: World, v: np.ndarray) -> Columns:
    """Of those who stand, what for and for whom; -1: not told."""
    blocker, stands = v["blocker"].astype(np.int64), v["speed"] < STANDING
    other = np.where(blocker >= 0, w.vehicles["departure"][np.maximum(blocker, 0)], -1)
    what = np.where(other >= 0, WAITS.index("vehicle"), -1)
    for code, name in _BY_CODE.items():
        what[blocker == code] = WAITS.index(name)
    what[v["holding"]] = WAITS.index("stop")
    what[~stands] = -1
    return {"waits": what, "waits_for": np.where(what == WAITS.index("vehicle"), other, -1)}


def stations(w: World, clock: float) -> tuple[Columns, Columns]:
    """Everybody on the air now: columns of stations.parquet; who hears roadside units and back: of links.parquet."""
    r, a = w.radio, w.radio.air[0]
    on_air = np.sort(r.on_air[: int(a.present)].astype(np.int64))  # units first, then vehicles by departure
    count, roadside = len(on_air), int(a.roadside)
    s = r.stations[on_air]
    near = _within(s, float(a.range))
    pairs, content, _ = _known(w, on_air, near, _beats(w))
    reached, _, latest = _known(w, on_air, near, EVER)
    age = _age(w, content)
    fresh = age <= FRESH

    def number(rows: np.ndarray, of: np.ndarray) -> np.ndarray:
        return np.bincount(of[rows], minlength=count)

    receiver, _ = np.divmod(pairs, count)
    reaches, sender = np.divmod(reached, count)
    fresh_count = number(fresh, receiver)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_age = np.bincount(receiver[fresh], age[fresh], count) / fresh_count
    departure = s["departure"].astype(np.int64)
    told = {
        "time_s": np.full(count, clock),
        "id": np.where(departure >= 0, departure, -1 - on_air),
        "edge": np.where(departure >= 0, w.lanes["edge"][w.vehicles["lane"][np.maximum(s["row"], 0)]], -1),
        "in_range": number(np.ones(len(near), bool), near // count),
        "known": fresh_count,
        "latest": number(latest, reaches),
        "heard_by": number(latest, sender),
        "age_s": mean_age,
        "load_per_s": s["load"].astype(float),
        "channel_busy_ratio": s["busy"].astype(float),
    }
    return told, _links(near, pairs, age, departure, roadside, clock)


def beliefs(w: World, clock: float) -> Columns:
    """What each vehicle on the air knows of the nearest others in its range: columns of beliefs.parquet, by vehicle.

    Where and how fast the other was as the newest message heard of it says; nan and -1: nothing heard of it.
    """
    r, a = w.radio, w.radio.air[0]
    on_air = np.sort(r.on_air[: int(a.present)].astype(np.int64))
    s = r.stations[on_air]
    wanted = _nearest(s, float(a.range))
    receiver, sender = np.divmod(wanted, max(1, len(s)))
    pairs, content, _ = _known(w, on_air, wanted, _beats(w), vehicles=True)
    at = np.minimum(np.searchsorted(pairs, wanted), max(0, len(pairs) - 1))
    known = pairs[at] == wanted if len(pairs) else np.zeros(len(wanted), bool)
    said = np.where(known, content[at] if len(pairs) else 0, 0)
    departure = s["departure"].astype(np.int64)

    def told(name: str) -> np.ndarray:
        return np.where(known, r.contents[name][said], np.nan)

    return {
        "time_s": np.full(len(wanted), clock),
        "id": departure[receiver],
        "about": departure[sender],
        "age_s": np.where(known, _age(w, said), np.nan),
        "lane": np.where(known, r.contents["lane"][said], -1).astype(np.int64),
        "position_m": told("position"),
        "speed_mps": told("speed"),
    }


def _nearest(s: np.ndarray, reach: float) -> np.ndarray:
    """Pairs of vehicle and one of the `NEAREST` other vehicles within range, each as one number, sorted."""
    from scipy.spatial import cKDTree  # takes a tenth of a second, and few runs need it

    vehicle = np.flatnonzero(s["departure"] >= 0)
    if len(vehicle) < 2:
        return np.empty(0, np.int64)
    places = np.column_stack((s["x"], s["y"]))[vehicle]
    away, at = cKDTree(places).query(places, min(NEAREST + 1, len(vehicle)), distance_upper_bound=reach)
    own = np.arange(len(vehicle))[:, None]
    near, rank = np.nonzero(np.isfinite(away) & (at != own))
    return np.sort(vehicle[near] * len(s) + vehicle[at[near, rank]])


def _within(s: np.ndarray, reach: float) -> np.ndarray:
    """Pairs of receiver and sender within range, each as one number, sorted."""
    from scipy.spatial import cKDTree

    near = cKDTree(np.column_stack((s["x"], s["y"]))).query_pairs(reach, output_type="ndarray").astype(np.int64)
    both = np.concatenate((near, near[:, ::-1]))
    return np.sort(both[:, 0] * len(s) + both[:, 1])


def _known(
    w: World, on_air: np.ndarray, wanted: np.ndarray, by: int, vehicles: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wanted pairs of whom the receiver knows a message, sorted; its row of `Contents`; whether that is the last said.

    Of several streams of a sender the youngest message counts.

    Args:
        wanted: pairs of receiver and sender, each as one number, sorted.
        by: when it must have arrived [beats].
        vehicles: only messages that tell of the vehicle that says them.
    """
    r, (receiver, sender) = w.radio, np.divmod(wanted, max(1, len(on_air)))
    first, end = r.stations["stream"][on_air[sender]], r.stations["stream_end"][on_air[sender]]
    pair = np.repeat(np.arange(len(wanted)), end - first)
    stream = np.arange(len(pair)) - np.repeat(np.cumsum(end - first) - (end - first), end - first) + first[pair]
    if vehicles:
        some = r.streams["content"][stream] == OF_A_VEHICLE
        pair, stream = pair[some], stream[some]
    content = ask(w, on_air[receiver[pair]], stream, by)
    pair, stream, content = pair[content >= 0], stream[content >= 0], content[content >= 0]
    latest = content == stream * REMEMBERED + (r.streams["number"][stream] - 1) % REMEMBERED
    order = np.lexsort((_age(w, content), pair))
    some = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    return wanted[pair[some]], content[some], latest[some]


def _beats(w: World) -> int:
    """Time [beats]."""
    return round(int(w.totals[0].step) * float(w.totals[0].dt) * BEAT)


def _age(w: World, content: np.ndarray) -> np.ndarray:
    """True age of messages by their rows of `Contents` [s]: a sender whose clock is wrong does not change it."""
    age: np.ndarray = (_beats(w) - w.radio.contents["sent"][content].astype(np.int64)) / BEAT
    return age


def _links(
    near: np.ndarray, pairs: np.ndarray, age: np.ndarray, departure: np.ndarray, roadside: int, clock: float
) -> Columns:
    """Roadside units and the vehicles within their range: how old is what each knows of the other; nan: nothing."""
    count = max(1, len(departure))
    unit, vehicle = np.divmod(near[near < roadside * count], count)
    unit, vehicle = unit[vehicle >= roadside], vehicle[vehicle >= roadside]

    def known(wanted: np.ndarray) -> np.ndarray:
        if not len(pairs):
            return np.full(len(wanted), np.nan)
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        return np.where(pairs[at] == wanted, age[at], np.nan)

    return {
        "time_s": np.full(len(unit), clock),
        "unit": unit,
        "id": departure[vehicle],
        "heard_age_s": known(unit * count + vehicle),
        "told_age_s": known(vehicle * count + unit),
    }
