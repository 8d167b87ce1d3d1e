"""Cells of a network: delays, losses and ages of information in one, and what it does not bear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sim.models.radio import HEARD
from sim.pilot import Cell, End, Radio
from sim.v2x import MESSAGES
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.talk import talk

#: Cars in the cell; the road they start on, and what the cell covers [m]; time measured, in which nobody leaves it [s].
_CARS, _LENGTH, _MEASURED = 60, 1500.0, 30.0
_EVERYWHERE = ((-100.0, -100.0), (2e4, -100.0), (2e4, 100.0), (-100.0, 100.0))


@case(
    "radio.cells",
    title="Delays, losses and room in a cell of a network",
    source="renewal theory; a fluid queue: what comes faster than it is served waits, what finds no room is lost",
    settings=(
        Setting("period", 0.1, "time", "between messages", 0.02, 1.0),
        Setting("up", 0.03, "time", "of the way up", 0.0, 1.0),
        Setting("down", 0.02, "time", "of the way down", 0.0, 1.0),
        Setting("loss_up", 0.1, "share", "lost on the way up", 0.0, 0.6),
        Setting("loss_down", 0.2, "share", "lost on the way down", 0.0, 0.6),
        Setting("full", 1.25, "number", "messages that come up, of those that the cell bears", 1.2, 5.0),
        Setting("buffer", 0.05, "time", "longest wait for room", 0.01, 0.5),
        Setting("seed", 1, "number", "of the draws", 0, 1_000_000),
    ),
)
def cells(told: Settings) -> Iterator[Point]:
    """Cars in one cell tell each other where they are; then so many that it does not bear all that comes up."""
    period, up, down = told["period"], End(told["up"], told["up"]), End(told["down"], told["down"])
    lossy = replace(up, loss=told["loss_up"]), replace(down, loss=told["loss_down"])
    lost = 1.0 - (1.0 - told["loss_up"]) * (1.0 - told["loss_down"])
    yield from _in_a_cell("losses", lossy, told, told["up"] + told["down"], lost)
    offered = 8.0 * (MESSAGES["bsm"].size() + Radio().header) * _CARS / period
    bounded = replace(up, capacity=offered / told["full"], buffer=told["buffer"]), down
    late = told["up"] + told["down"] + told["buffer"]
    yield from _in_a_cell("more than it bears", bounded, told, late, 1.0 - 1.0 / told["full"])


def _in_a_cell(label: str, ends: tuple[End, End], told: Settings, delay: float, lost: float) -> Iterator[Point]:
    """Delay [s], share lost, gaps and ages in a cell that all are in: expected and got."""
    period = told["period"]
    cell = Cell("all", *ends, corners=_EVERYWHERE)
    radio = Radio("disc", 200.0, {"bsm": 1.0 / period}, processing=0.0, cells=(cell,))
    heard, _ = talk(radio, _CARS / _LENGTH, _LENGTH, told.whole("seed"), _MEASURED)
    there = heard["cells"]["all"]
    share = 1.0 - float(there["fates"][HEARD] / there["fates"].sum())
    gap, mean = 1e3 * period / (1.0 - lost), 1e3 * (delay + period * (0.5 + lost / (1.0 - lost)))
    yield point(label, "delay [ms]", 1e3 * delay, 1e3 * there["mean_delay"], 0.2)
    yield point(label, "share lost [-]", lost, share, 0.01)
    yield point(label, "gap between messages heard [ms]", gap, 1e3 * heard["mean_gap"], within(gap, 3.0))
    yield point(label, "age of information [ms]", mean, 1e3 * heard["mean_age"], within(mean, 3.0))
