"""What became of messages: read off the kernel's counts, taken for all where only some receivers count."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.air import CLASS, SENSED
from sim.engine.recording import Columns, Heard, Recorder
from sim.engine.stations import SAYS_ROADSIDE
from sim.models.radio import FATES, HEARD
from sim.pilot import Pilot
from sim.state import air as tables
from sim.state.air import BEAT, COUNTED, RECEIVERS, SAID_IN_ALL, TALLIED, TOLD, WITHIN
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
            self._recorder.messages(clock, counted(world.radio))

    def take(self, world: World) -> None:
        """Hand on what became of each message, where that is asked for."""
        if world.radio.air[0].listed:
            self._recorder.transmissions(transmissions(world.radio, self._pilot.clock.begin))


def counted(radio: tables.Radio) -> np.ndarray:
    """What was counted up to now by kind of receiver and of message, a copy, (RECEIVERS, kinds, TALLIED)."""
    kinds = len(MESSAGES.names())
    if not radio.air[0].on:
        return np.zeros((len(RECEIVERS), kinds, TALLIED), np.int64)
    return _rows(radio)[:, :kinds].copy()


def heard(radio: tables.Radio) -> Heard:
    """What became of all messages of a run up to now."""
    a, kinds, counts = radio.air[0], MESSAGES.names(), radio.counts
    rows = _rows(radio) if a.on else np.zeros((len(RECEIVERS), len(kinds) + 1, TALLIED), np.int64)
    classes, last = (rows.shape[1] - 1 - len(kinds)) // 2, rows[:, -1]
    ratios = ratios_of(last)
    by_receiver = taken_for_all(rows[:, : len(kinds), :SAID_IN_ALL], ratios)
    by_distance, told = rows[:, len(kinds) :, :SAID_IN_ALL][:, :classes], rows[:, len(kinds) + classes : -1]
    asked = last[:, WITHIN].sum() + last[:, TOLD].sum()
    some = (ratios[:, None] != 1.0) & (by_receiver.sum(2) > 0)
    return Heard(
        messages=kinds,
        said=rows[0, : len(kinds), SAID_IN_ALL].copy(),
        fates=by_receiver.sum(0),
        by_receiver=by_receiver,
        ratios=ratios,
        estimated=[x for x, estimate in zip(kinds, some.any(0), strict=True) if estimate and x not in SAYS_ROADSIDE],
        by_distance=np.rint(by_distance * ratios[:, None, None]).astype(np.int64).sum(0)
        + told[:, :, :SAID_IN_ALL].sum(0),
        class_width=CLASS,
        delays=counts["delays"].copy(),
        gaps=counts["gaps"].copy(),
        ages=np.cumsum(counts["ages"]),
        mean_delay=_mean(a.delay_time, a.delay_count),
        mean_gap=_mean(a.gap_time, a.gap_count),
        mean_age=_mean(a.age_area, 2 * a.gap_time),
        busy_mean=float(a.busy_sum / a.busy_count * 1e-6) if a.busy_count else 0.0,
        busy_most=float(a.busy_most * 1e-6),
        decided=int(a.decided),
        overflow=int(a.overflow),
        stale=int(a.stale),
        forged=int(a.forged),
        counted=float((last[:, COUNTED].sum() + last[:, TOLD].sum()) / asked) if asked else 1.0,
        sensing={x: int(radio.sensors[x].sum()) for x in SENSED},
    )


def ratios_of(last: np.ndarray) -> np.ndarray:
    """For how many receptions one that was counted stands, by kind of receiver, (RECEIVERS,); 1: all were counted."""
    within, some = last[:, WITHIN].astype(float), last[:, COUNTED]
    return np.where(some > 0, within / np.maximum(some, 1), 1.0)


def taken_for_all(rows: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """What was counted at some receivers, taken for all of them, to the nearest whole number.

    Args:
        rows: (RECEIVERS, kinds, fates); what the roadside says is counted everywhere, and stays as it is.
        ratios: (RECEIVERS,).
    """
    exact = np.isin(MESSAGES.names(), SAYS_ROADSIDE)
    by = np.where(exact[None, :], 1.0, ratios[:, None])
    return np.rint(rows * by[:, :, None]).astype(np.int64)


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
        "message": block["message"],
        "number": block["number"],
        "sender": np.where(departure >= 0, departure, -1 - block["station"]),
        "receiver": block["receiver"],
        "bytes": block["bytes"],
        FATES[HEARD]: block["heard"],
        **lost,
    }


def _rows(radio: tables.Radio) -> np.ndarray:
    """Counts by kind of receiver, (RECEIVERS, Air.rows, TALLIED)."""
    return radio.tally.reshape(len(RECEIVERS), -1, TALLIED)


def _mean(total: Any, count: Any) -> float:
    """Mean of so many times whose sum is told in beats [s]; nan of none."""
    return float(total / count / BEAT) if count else math.nan
