"""Messages on the air: path loss, packet delivery of sidelink and 802.11p, cellular delays, age of information."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.engine.recording import Heard
from sim.models import propagation
from sim.models.radio import BUSY, COLLISION, FATES, HALF_DUPLEX, HEARD, PROPAGATION, SENSITIVITY
from sim.models.radio.cellular import outage
from sim.pilot import Radio
from sim.state.air import BEAT, GAPS
from sim.verify.case import Point, Setting, Settings, VerificationError, case, point, within
from sim.verify.talk import talk

_MODE4 = "Gonzalez-Martin et al. 2019, doi:10.1109/TVT.2018.2888704"
_WLAN = "Sepulcre et al. 2022, doi:10.1109/TVT.2021.3124708"
#: Packet delivery read in the source at 10 Hz, 20 dBm, 4 sub-channels, 190 bytes [%]: by density, then distance.
_READ = {
    0.1: {50: 98.6, 100: 98.0, 150: 97.6, 200: 96.8, 300: 91.6, 400: 71.5},
    0.2: {50: 96.2, 100: 94.5, 150: 93.1, 200: 90.6, 300: 78.4, 400: 55.8},
    0.3: {50: 94.9, 100: 92.4, 150: 89.9, 200: 84.4, 300: 67.3, 400: 45.1},
}
#: Loss and share above -90.5 dBm at 20 dBm; WINNER+ B1 at 5.91 GHz, antennas 1.5 m high.
_LOSSES = {10: 67.85, 50: 81.83, 100: 87.85, 150: 91.83, 200: 95.59, 300: 102.64, 400: 107.63, 500: 111.51}
_ABOVE = {200: 1.0, 300: 0.9956, 400: 0.8304, 500: 0.3683}
#: Farthest distance looked at, half a window of distances about one [m]; road beyond what is measured on each side [m].
_FAR, _WINDOW, _SPARE = 510.0, 7.5, 1000.0
#: Data rates of 802.11p in 10 MHz [Mbit/s].
_MEGABITS = (3.0, 4.5, 6.0, 9.0, 12.0, 18.0, 24.0, 27.0)


def _length(told: Settings) -> float:
    """Length of the road [m]: as told, else with so many cars that its ends hardly count."""
    return told["length"] or min(12_000.0, max(4000.0, 1000.0 / told["density"]))


def _near(told: Heard, distance: float) -> np.ndarray:
    """Shares of each fate about a distance [m], (fates,) [-]; nan if nobody was there."""
    middle = (np.arange(len(told["by_distance"])) + 0.5) * told["class_width"]
    rows = told["by_distance"][np.abs(middle - distance) <= _WINDOW].sum(0)
    return np.asarray(rows / rows.sum() if rows.sum() else np.full(len(FATES), np.nan))


def _rows(path: str, wanted: dict[int, float], columns: int) -> list[list[float]]:
    """Rows of a file of numbers, each of so many columns, whose columns have the wanted values."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        lines = list(enumerate(csv.reader(file), 1))[1:]
    found = []
    for number, line in lines:
        try:
            asked = all(abs(float(line[i]) - x) < 1e-9 for i, x in wanted.items())
            row = [float(x) for x in line if x != "sim"][:columns] if asked else []
        except (IndexError, ValueError):
            asked, row = True, []
        if asked and len(row) < columns:
            raise VerificationError(f"{path}:{number}: wanted {columns} numbers, in the authors' columns")
        found += [row] if asked else []
    if not found:
        raise VerificationError(f"{path}: holds no row of these settings ({', '.join(map(str, wanted.values()))})")
    return found


def _judged(told: Heard, expected: dict[float, dict[int, float]], shown: tuple[float, ...]) -> Iterator[Point]:
    """Packet delivery and its causes by distance: expected, if known, by distance and fate [%]."""
    off = []
    for distance in sorted({*expected, *shown}):
        got, wanted = 100.0 * _near(told, distance), expected.get(distance, {})
        if HEARD in wanted:
            off.append(abs(got[HEARD] - wanted[HEARD]))
        if distance > 0.0:  # nobody stands where somebody else does
            yield point(distance, "packet delivery [%]", wanted.get(HEARD), float(got[HEARD]), 8.0)
        for fate in (HALF_DUPLEX, SENSITIVITY, PROPAGATION, COLLISION, BUSY):
            if fate in wanted:
                yield point(distance, f"lost to {FATES[fate]} [%]", wanted[fate], float(got[fate]), 8.0)
    if off:
        yield point("all distances", "mean deviation of packet delivery [%]", 0.0, float(np.mean(off)), 4.0)


_SHOWN = tuple(float(x) for x in range(25, 501, 25))
_DENSITY = Setting("density", 0.1, "number", "vehicles [1/m]", 0.005, 0.6)
_RATE = Setting("rate", 10.0, "frequency", "messages a second", 1.0, 50.0)
_POWER = Setting("power", 20.0, "number", "transmission power [dBm]", 0.0, 40.0)
_BYTES = Setting("bytes", 190, "number", "packet", 20, 1500)
_SEED = Setting("seed", 1, "number", "of the draws", 0, 1_000_000)
_LENGTH = Setting("length", 0.0, "length", "of the road; 0: 4 to 12 km, the longer the fewer cars", 0.0, 20_000.0)
_DATA = Setting("data", "", "file", "file with the authors' own simulations, in their columns")


@case(
    "radio.mode4",
    title="Packet delivery of C-V2X mode 4 by distance",
    source=f"{_MODE4}; the authors' own simulations",
    settings=(
        _DENSITY,
        _RATE,
        _POWER,
        Setting("subchannels", 4, "number", "of the sidelink", 1, 10),
        _BYTES,
        Setting("model", "packet_delivery", "text", "rung of the ladder"),
        _LENGTH,
        _SEED,
        _DATA,
    ),
)
def mode4(told: Settings) -> Iterator[Point]:
    """Cars on a straight road tell each other where they are; shares heard and lost by distance."""
    density, rate, channels = told["density"], told["rate"], told.whole("subchannels")
    radio = Radio(
        told.text("model"),
        _FAR,
        {"bsm": rate},
        power=told["power"],
        sub_channels=channels,
        payload=told.whole("bytes"),
        neighbours=1024,
    )
    expected: dict[float, dict[int, float]] = {}
    if told.text("data"):
        wanted = {1: density, 2: rate, 3: told["power"], 4: float(channels), 5: told["bytes"]}
        fates = (HEARD, HALF_DUPLEX, SENSITIVITY, PROPAGATION, COLLISION)
        for row in _rows(told.text("data"), wanted, 11):
            expected[row[5]] = dict(zip(fates, row[6:11], strict=True))
    elif told.published("rate", "power", "subchannels", "bytes") and density in _READ:
        expected = {float(d): {HEARD: x} for d, x in _READ[density].items()}
        for fates_at in expected.values():
            fates_at[HALF_DUPLEX] = 100.0 * rate / 1000.0
    heard, busy = talk(radio, density, _length(told), told.whole("seed"))
    yield from _judged(heard, {d: x for d, x in expected.items() if d > 0.0}, _SHOWN)
    yield point("all distances", "channel busy ratio [-]", None, busy)


@case(
    "radio.80211p",
    title="Packet delivery of IEEE 802.11p by distance",
    source=f"{_WLAN}; the authors' own simulations",
    settings=(
        Setting("density", 0.06, "number", "vehicles [1/m]", 0.005, 0.6),
        _RATE,
        Setting("power", 23.0, "number", "transmission power [dBm]", 0.0, 40.0),
        Setting("megabits", 6.0, "number", "data rate [Mbit/s]", 3.0, 27.0),
        _BYTES,
        _LENGTH,
        _SEED,
        _DATA,
        Setting("busy", "", "file", "file with the authors' channel busy ratios, in their columns"),
    ),
)
def wlan(told: Settings) -> Iterator[Point]:
    """Cars on a straight road tell each other where they are, through 802.11p."""
    if told["megabits"] not in _MEGABITS:
        known = ", ".join(f"{x:g}" for x in _MEGABITS)
        raise VerificationError(f'megabits: "{told["megabits"]:g}" is no data rate of 802.11p; wanted {known}')
    radio = Radio(
        "ieee80211p",
        _FAR,
        {"bsm": told["rate"]},
        power=told["power"],
        data_rate=told["megabits"] * 1e6,
        payload=told.whole("bytes"),
        neighbours=1024,
    )
    wanted = {0: told["density"], 1: told["megabits"], 2: told["rate"], 3: told["power"], 4: told["bytes"]}
    expected: dict[float, dict[int, float]] = {}
    if told.text("data"):
        for row in _rows(told.text("data"), wanted, 11):
            shares = zip((HEARD, PROPAGATION, COLLISION, BUSY, SENSITIVITY), row[6:11], strict=True)
            expected[row[5]] = {fate: 100.0 * x for fate, x in shares}
    busy = [row[5] for row in _rows(told.text("busy"), wanted, 6)] if told.text("busy") else []
    heard, amid = talk(radio, told["density"], _length(told), told.whole("seed"))
    yield from _judged(heard, {d: x for d, x in expected.items() if d > 0.0}, _SHOWN)
    ratio = busy[0] if busy else None
    yield point("all distances", "channel busy ratio [-]", ratio, amid, within(ratio, 10.0))
    air = 1e6 * (40e-6 + 8.0 * (told["bytes"] + 30.0) / (told["megabits"] * 1e6))
    quickest = 1e6 * (np.flatnonzero(heard["delays"])[0] / BEAT - Radio().processing)
    yield point("quickest packet", "time on the air [us]", air, float(quickest), 100.0, "counted in classes of 100 us")


@case(
    "radio.pathloss",
    title="Path loss and what is noticed by distance",
    source="WINNER+ D5.3 model B1, TR 36.885; 5.91 GHz, antennas 1.5 m",
    settings=(_SEED,),
)
def pathloss(told: Settings) -> Iterator[Point]:
    """Loss at some distances, and the share of packets noticed where few cars talk."""
    losses = propagation.path_losses(np.array(list(_LOSSES), float), 1.5, propagation.SIDELINK)
    for (distance, expected), got in zip(_LOSSES.items(), losses, strict=True):
        yield point(distance, "path loss [dB]", expected, float(got), 0.05)
    yield point("break point", "distance [m]", 177.3, float(propagation.break_point(1.5, propagation.SIDELINK)), 0.05)
    heard, _ = talk(Radio(range=_FAR, neighbours=1024), 0.05, 8000.0, told.whole("seed"), 20.0)
    for distance, expected in _ABOVE.items():
        shares = _near(heard, distance)
        noticed = 1.0 - shares[SENSITIVITY] / (1.0 - shares[HALF_DUPLEX])
        yield point(distance, "share above -90.5 dBm [-]", expected, float(noticed), 0.03)


@case(
    "radio.cellular",
    title="Delays through a 5G network come in bursts",
    source="CICV5G, doi:10.5281/zenodo.17475688: urban roads, round trips",
    settings=(_SEED, Setting("duration", 120.0, "time", "measured", 10.0, 3600.0)),
)
def cellular(told: Settings) -> Iterator[Point]:
    """Cars hear each other through the network: mean and tail of delays, and how late ones follow late ones."""
    radio = Radio("cellular", 300.0, {"bsm": 18.0}, processing=0.0)
    cars = max(30.0, 1800.0 / told["duration"])  # outages of at least half an hour in all
    heard, _ = talk(radio, cars / 1500.0, 1500.0, told.whole("seed"), told["duration"])
    milli = 1e3 / BEAT
    summed = np.cumsum(heard["delays"]) / heard["delays"].sum()
    at = {p: milli * (int(np.searchsorted(summed, p)) + 0.5) for p in (0.5, 0.99, 0.999)}
    yield point("mean", "delay [ms]", 18.0, 1e3 * heard["mean_delay"], within(18.0, 15.0))
    yield point("median", "delay [ms]", 17.5, at[0.5], within(17.5, 15.0))
    yield point("p99", "delay [ms]", 28.0, at[0.99], within(28.0, 30.0))
    doublings = float(np.log2(at[0.999] / np.sqrt(90.0 * 255.0)))
    most = 1.0 + float(np.log2(np.sqrt(255.0 / 90.0)))
    yield point("p99.9", "delay as doublings of 151 ms [-]", 0.0, doublings, most, "runs: 90 to 255 ms; factor of two")
    late = np.array([outage(told.whole("seed"), np.uint64(7), 0.055 * i) > 0.033 for i in range(400_000)])
    again = float((late[1:] & late[:-1]).sum() / max(1, late[:-1].sum()))
    yield point("late after late", "share [-]", 0.72, again, 0.12, "244 messages later than 50 ms came in 67 bursts")


@case(
    "age",
    title="Gaps between messages heard, and age of information",
    source="renewal theory: a message a period, lost independently",
    settings=(
        Setting("period", 0.1, "time", "between messages", 0.02, 1.0),
        Setting("loss", 0.1, "share", "of messages", 0.0, 0.6),
        Setting("delay", 0.02, "time", "of each message", 0.001, 0.09),
        _SEED,
    ),
)
def age(told: Settings) -> Iterator[Point]:
    """Cars tell each other where they are over a disc that loses a flat share."""
    period, loss, delay = told["period"], told["loss"], told["delay"]
    radio = Radio("disc", 200.0, {"bsm": 1.0 / period}, processing=0.0, low=delay, high=delay, loss=loss)
    # gaps that the end cuts off are not counted, so there must be many of them
    heard, _ = talk(radio, 0.05, 1500.0, told.whole("seed"), max(60.0, 200.0 * period / (1.0 - loss)))
    gap, mean = 1e3 * period / (1.0 - loss), 1e3 * (delay + period * (0.5 + loss / (1.0 - loss)))
    yield point("mean", "gap between messages heard [ms]", gap, 1e3 * heard["mean_gap"], within(gap, 2.0))
    yield point("mean", "age of information [ms]", mean, 1e3 * heard["mean_age"], within(mean, 2.0))
    gaps = np.pad(heard["gaps"], (0, GAPS))
    longer = gaps.sum() - np.cumsum(gaps)
    for k in (1, 2, 3):
        share = float(longer[round((k + 0.5) * period * BEAT)] / gaps.sum())
        yield point(f"more than {k} periods", "share of gaps [-]", loss**k, share, max(0.002, 0.03 * loss**k))
