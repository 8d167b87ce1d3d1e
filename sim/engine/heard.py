"""What became of messages: read off the kernel's counts, taken for all where only some receivers count."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.air import CLASS, SENSED
from sim.engine.covered import by_cell
from sim.engine.kinds import TOPICS, code, folded, kinds, messages_of
from sim.engine.recording import TIMED, Columns, Heard, Means, Part, Recorder, Times
from sim.engine.stations import SAYS_ROADSIDE
from sim.models.radio import FATES, HEARD
from sim.pilot import Pilot, Radio
from sim.state import air as tables
from sim.state.air import AGES, BEAT, BYTES_IN_ALL, COUNTED, DELAYS, GAPS, RECEIVERS, SAID_IN_ALL, TALLIED, TOLD, WITHIN
from sim.state.world import World
from sim.v2x import MESSAGES


class Teller:
    """Tells a recorder while a run goes what becomes of messages."""

    def __init__(self, pilot: Pilot, recorder: Recorder) -> None:
        self._pilot, self._recorder, self._until = pilot, recorder, -math.inf

    def tell(self, world: World, clock: float) -> None:
        """Tell what messages came to up to now [s of the clock], if that was not told yet."""
        if self._pilot.radio and clock > self._until:
            self._until = clock
            self._recorder.messages(clock, counted(world.radio), timed(world.radio))

    def take(self, world: World) -> None:
        """Hand on what became of each message, where that is asked for."""
        if world.radio.air[0].listed:
            self._recorder.transmissions(transmissions(world.radio, self._pilot.clock.begin))


def counted(radio: tables.Radio) -> np.ndarray:
    """What was counted up to now by kind of receiver and of message, a copy, (RECEIVERS, kinds, TALLIED)."""
    if not radio.air[0].on:
        return np.zeros((len(RECEIVERS), len(MESSAGES.names()), TALLIED), np.int64)
    return folded(_rows(radio)[:, : len(kinds())], 1)


def timed(radio: tables.Radio) -> np.ndarray:
    """What times came to up to now by kind of message, (kinds, TIMED)."""
    a, names = radio.air[0], len(MESSAGES.names())
    if not a.on:
        return np.zeros((names, len(TIMED)), np.int64)
    own = [folded(np.array(radio.kinds[x])) for x in TIMED[:-2]]
    return np.stack([*own, np.full(names, a.busy_sum), np.full(names, a.busy_count)], axis=1)


def heard(radio: tables.Radio, rules: Radio) -> Heard:
    """What became of all messages of a run up to now.

    Args:
        rules: how messages travel, as the pilot says.
    """
    a, names, each = radio.air[0], MESSAGES.names(), len(kinds())
    rows = _rows(radio) if a.on else np.zeros((len(RECEIVERS), each + 1, TALLIED), np.int64)
    last = rows[:, -1]
    ratios = ratios_of(last)
    sums = folded(rows[:, :each], 1)
    by_receiver = taken_for_all(sums[:, :, :SAID_IN_ALL], ratios)
    apart = rows[:, each:-1, :SAID_IN_ALL].reshape(len(RECEIVERS), each, -1, SAID_IN_ALL)
    near = folded(apart, 1)
    times = times_of(radio)
    some = (ratios[:, None] != 1.0) & (by_receiver.sum(2) > 0)
    return Heard(
        messages=names,
        said=sums[0, :, SAID_IN_ALL].copy(),
        bytes=sums[0, :, BYTES_IN_ALL] - rules.header * sums[0, :, SAID_IN_ALL],
        fates=by_receiver.sum(0),
        by_receiver=by_receiver,
        ratios=ratios,
        estimated=[x for x, estimate in zip(names, some.any(0), strict=True) if estimate and x not in SAYS_ROADSIDE],
        by_distance=_by_distance(near, ratios, np.isin(names, SAYS_ROADSIDE)),
        class_width=CLASS,
        near=taken_for_all(near, ratios).sum(0),
        due=folded(radio.kinds["due"]) / BEAT if a.on else np.zeros(len(names)),
        kept=folded(radio.kinds["kept"]) / BEAT if a.on else np.zeros(len(names)),
        times=times,
        delays=sum_up([x["delays"] for x in times]),
        gaps=sum_up([x["gaps"] for x in times]),
        ages=sum_up([x["ages"] for x in times]),
        **_means(timed(radio).sum(0)),
        busy_mean=float(a.busy_sum / a.busy_count * 1e-6) if a.busy_count else 0.0,
        busy_most=float(a.busy_most * 1e-6),
        decided=int(a.decided),
        overflow=int(a.overflow),
        stale=int(a.stale),
        groupless=int(a.groupless),
        forged=int(a.forged),
        cells=by_cell(radio, rules) if a.zones else {},
        counted=_share_counted(last),
        topics={x: _topic(radio, x, rows, apart) for x in TOPICS},
        sensing={x: int(radio.sensors[x].sum()) for x in SENSED},
    )


def _by_distance(near: np.ndarray, ratios: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Fates by class of distance, (classes, fates), of those by kind of receiver and message.

    Args:
        told: messages that are counted at everybody.
    """
    some = np.rint(near[:, ~told].sum(1) * ratios[:, None, None]).astype(np.int64).sum(0)
    return np.asarray(some + near[:, told].sum((0, 1)))


def _share_counted(last: np.ndarray) -> float:
    """Share of all receptions that were counted one by one [-]."""
    asked = last[:, WITHIN].sum() + last[:, TOLD].sum()
    return float((last[:, COUNTED].sum() + last[:, TOLD].sum()) / asked) if asked else 1.0


def _topic(radio: tables.Radio, name: str, rows: np.ndarray, near: np.ndarray) -> Part:
    """What became of what tells of a topic; only roadside units say such messages, and all is counted."""
    k, message = code("", name), code(TOPICS[name])
    on = bool(radio.air[0].on)
    due, kept = (float(radio.kinds[x][k]) / BEAT if on else 0.0 for x in ("due", "kept"))
    return Part(
        said=float(rows[0, k, SAID_IN_ALL]),
        due=due,
        kept=kept + (float(radio.kinds["kept"][message]) / BEAT if on else 0.0),
        near=near[:, k].sum(0),
        delays=_of_kind(radio.delays, k, DELAYS) if on else radio.delays[:0],
    )


def times_of(radio: tables.Radio) -> list[Times]:
    """How long messages of each kind took, how often they were heard and how old they became."""
    found: list[Times] = []
    sums, of = timed(radio), messages_of()
    for message in range(len(MESSAGES.names())):
        mine = np.flatnonzero(of == message) if radio.air[0].on else ()
        delays, gaps, ages = (
            sum_up([_of_kind(x, int(k), count) for k in mine])
            for x, count in ((radio.delays, DELAYS), (radio.gaps, GAPS), (radio.ages, AGES))
        )
        found.append(Times(delays=delays, gaps=gaps, ages=np.cumsum(ages), **_means(sums[message])))
    return found


def _of_kind(counts: np.ndarray, kind: int, count: int) -> np.ndarray:
    """Counts of times of one kind of message, without zeros at the end; a copy."""
    return _used(counts[kind * count : (kind + 1) * count])


def _used(counts: np.ndarray) -> np.ndarray:
    """A copy of counts, without zeros at the end."""
    some = np.flatnonzero(counts)
    return np.array(counts[: some[-1] + 1 if len(some) else 0])


def sum_up(counts: list[np.ndarray]) -> np.ndarray:
    """Sum of counts of which each goes on as far as it has any."""
    told = np.zeros(max((len(x) for x in counts), default=0), np.int64)
    for x in counts:
        told[: len(x)] += x
    return told


def _means(sums: np.ndarray) -> Means:
    """Means of times by their sums, (TIMED,)."""
    delay, delays, gap, gaps, area = (int(x) for x in sums[:5])
    return Means(mean_delay=_mean(delay, delays), mean_gap=_mean(gap, gaps), mean_age=_mean(area, 2 * gap))


def ratios_of(last: np.ndarray) -> np.ndarray:
    """For how many receptions one that was counted stands, by kind of receiver, (RECEIVERS,); 1: all were counted."""
    within, some = last[:, WITHIN].astype(float), last[:, COUNTED]
    return np.where(some > 0, within / np.maximum(some, 1), 1.0)


def taken_for_all(rows: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """What was counted at some receivers, taken for all of them, to the nearest whole number.

    Args:
        rows: (RECEIVERS, kinds, ..., fates); what the roadside says is counted everywhere, and stays as it is.
        ratios: (RECEIVERS,).
    """
    exact = np.isin(MESSAGES.names(), SAYS_ROADSIDE)
    by = np.where(exact[None, :], 1.0, ratios[:, None])
    return np.rint(rows * by.reshape(by.shape + (1,) * (rows.ndim - 2))).astype(np.int64)


def transmissions(radio: tables.Radio, begin: float) -> Columns:
    """What became of each message since this was asked last, and forget it; columns of messages.parquet.

    Args:
        begin: time of the clock at which the run began [s].
    """
    a = radio.air[0]
    block = radio.transmissions[: int(a.listed)].copy()
    a.listed = 0
    block = block[np.lexsort((block["receiver"], block["stream"], block["said"], block["step"]))]
    departure = radio.stations["departure"][block["station"]]
    lost = {f"lost_{fate}": block[fate] for fate in FATES[1:]}
    return {
        "time_s": begin + block["said"] / BEAT,
        "message": messages_of()[block["message"]],
        "number": block["number"],
        "sender": np.where(departure >= 0, departure, -1 - block["station"]),
        "receiver": block["receiver"],
        "bytes": block["bytes"],
        FATES[HEARD]: block["heard"],
        "delay_ms": (block["arrives"] - block["said"]) / BEAT * 1e3,
        **lost,
    }


def _rows(radio: tables.Radio) -> np.ndarray:
    """Counts by kind of receiver, (RECEIVERS, Air.rows, TALLIED)."""
    return radio.tally.reshape(len(RECEIVERS), -1, TALLIED)


def _mean(total: Any, count: Any) -> float:
    """Mean of so many times whose sum is told in beats [s]; nan of none."""
    return float(total / count / BEAT) if count else math.nan
