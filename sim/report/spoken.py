"""Writes messages.parquet while a run goes: each transmission, or what messages came to in each interval.

Where only some receivers count, what a count stands for is known in the end only; till then counts of intervals lie in
a file that has no name, so that memory stays bounded however many there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.engine.heard import taken_for_all
from sim.engine.recording import TIMED, Columns, Heard
from sim.engine.zones import cells_of
from sim.models.radio import FATES, RADIO
from sim.pilot import Pilot
from sim.report.table_file import TableFile
from sim.report.tables import MESSAGES as TABLE
from sim.state.air import BEAT, BYTES_IN_ALL, RECEIVERS, SAID_IN_ALL, TALLIED
from sim.traffic.departures import Departures
from sim.v2x import MESSAGES

_SENDERS = ("vehicle", "roadside", "person")
#: Columns of times, and of the channel.
TIMES = ("delay_ms", "gap_ms", "age_ms", "channel_busy_ratio")


class Spoken:
    """messages.parquet on its way to disk.

    Args:
        folder: where it is made.
        told: metadata of the file.
    """

    def __init__(self, folder: Path, pilot: Pilot, departures: Departures, told: Mapping[str, str]) -> None:
        self._each = pilot.output.messages == "each"
        self._vehicles = len(departures)
        self._header = pilot.radio.header if pilot.radio else 0
        kinds = [MESSAGES[x] for x in MESSAGES.names()]
        self._own_times = pilot.radio is not None and bool(
            RADIO[pilot.radio.model].way == "cellular" or cells_of(pilot.radio)
        )
        self._sender = np.array([_SENDERS.index(x.sender) for x in kinds])
        senders = [*departures.ids, *pilot.equip.junctions] if self._each else _SENDERS
        names = {"message": [x.name for x in kinds], "sender": senders, "receiver": RECEIVERS}
        self._file = TableFile(folder, TABLE, {x: pa.array(y, pa.string()) for x, y in names.items()}, told)
        self._kept = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this

    def count(self, end: float, counted: np.ndarray, times: np.ndarray) -> None:
        """Keep what was counted up to the end of an interval [s of the clock], as `Recorder.messages` tells it."""
        if not self._each:
            sums = np.concatenate([counted.ravel(), times.ravel()]).astype(np.int64)
            self._kept.write(np.float64(end).tobytes() + sums.tobytes())

    def add(self, columns: Columns) -> None:
        """Write transmissions; roadside units are called by their junctions, after the vehicles."""
        who = columns["sender"]
        who = np.where(who >= 0, who, self._vehicles - 1 - who)
        told = {"sender": who, "bytes": columns["bytes"] - self._header}
        if self._own_times:  # each receiver has its own
            told["delay_ms"] = np.full(len(who), np.nan)
        self._file.add({x: np.full(len(who), np.nan) for x in TIMES} | columns | told)

    def close(self, heard: Heard | None) -> None:
        """Write the intervals, now that it is known what their counts stand for; without that, none. End the file."""
        if heard is not None:
            said: np.ndarray = np.zeros((), np.int64)
            fates = said
            passed = said
            for end, rows, times in self._intervals():
                now = taken_for_all(rows[:, :, :SAID_IN_ALL], heard["ratios"])
                self._add_interval(end, rows[0] - said, now - fates, times - passed)
                said, fates, passed = rows[0], now, times
        self._kept.close()
        self._file.close()

    def _intervals(self) -> Iterator[tuple[float, np.ndarray, np.ndarray]]:
        """Ends of intervals, and what was counted up to each."""
        shape, kinds = (len(RECEIVERS), len(self._sender), TALLIED), len(self._sender)
        size = int(np.prod(shape))
        self._kept.seek(0)
        while block := self._kept.read(8 * (1 + size + kinds * len(TIMED))):
            sums = np.frombuffer(block, np.int64, offset=8)
            end = float(np.frombuffer(block, np.float64, 1)[0])
            yield end, sums[:size].reshape(shape), sums[size:].reshape(kinds, len(TIMED))

    def _add_interval(self, end: float, said: np.ndarray, fates: np.ndarray, times: np.ndarray) -> None:
        """Rows of an interval: of what was said or heard, one a kind of receiver that was there, or one at least."""
        there: np.ndarray = np.any(fates, axis=2).T  # (kinds, receivers)
        number, size = said[:, SAID_IN_ALL], said[:, BYTES_IN_ALL]
        kind, receiver = np.nonzero(there)
        alone = np.flatnonzero((number > 0) & ~there.any(1))
        kind, receiver = np.append(kind, alone), np.append(receiver, np.full(len(alone), -1))
        order = np.argsort(kind, kind="stable")
        kind, receiver = kind[order], receiver[order]
        mean = np.rint(size / np.maximum(number, 1)).astype(np.int64) - self._header
        became = fates[np.maximum(receiver, 0), kind] * (receiver >= 0)[:, None]
        columns = {"heard": became[:, 0], **{f"lost_{x}": became[:, i] for i, x in enumerate(FATES[1:], 1)}}
        columns |= {"time_s": np.full(len(kind), end), "message": kind, "number": number[kind], "receiver": receiver}
        columns |= {"sender": self._sender[kind], "bytes": np.where(number > 0, mean, 0)[kind]}
        columns |= {name: x[kind] for name, x in _means(times).items()}
        self._file.add(columns)


def _means(times: np.ndarray) -> Columns:
    """Columns of means by kind of message from sums of an interval, (kinds, TIMED); nan of none."""
    delay, delays, gap, gaps, area, busy, stations = times.T.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = (delay / delays / BEAT * 1e3, gap / gaps / BEAT * 1e3, area / (2.0 * gap) / BEAT * 1e3)
        return dict(zip(TIMES, (*told, busy / stations * 1e-6), strict=True))
