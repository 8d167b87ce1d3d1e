"""What sections of a scenario must have in common; told of what the file says, so that no other fault hides it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim import expectation, units
from sim.apps import APPS
from sim.engine.zones import OUTSIDE, covered, is_outline
from sim.errors import Fault
from sim.findings import shown
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Cell, Clock, Output
from sim.registry import near
from sim.scenario.document import Document
from sim.scenario.occurrences import OF_A_UNIT, RADIO_FAULTS
from sim.scenario.schema import is_whole

_STEP, _OUTPUT = Clock().step, Output()
ORDERS = "cooperative_intersection"  #: the application that says RSC
#: Figures that are known only where conflicts are looked for.
_WATCHED = ("safety.conflicts.", "safety.per_1000_encounters.", "safety.crash_estimate.")


def faults(said: Document, network: Network | None) -> list[Fault]:
    """Every fault between sections; what is at fault by itself is passed over.

    Args:
        network: the scenario's map, if it is sound.
    """
    told = [*_dates(said), *_of_the_radio(said), *periods(said), *expectations(said)]
    return [*told, *((*_beyond(said, network), *_off_the_map(said, network)) if network else ())]


def periods(said: Document) -> Iterator[Fault]:
    """Periods of the output that are not of whole steps."""
    told = _group(said, "output")
    step = _amount(_group(said, "run").get("step", _STEP), "time")
    for name, usual in (("trajectories", _OUTPUT.trajectories), ("edges", _OUTPUT.edges)):
        period = _amount(told.get(name, usual), "time")
        if step > 0.0 and period >= 0.0 and not is_whole(period / step):
            what = f"{period:g} s is not a whole number of steps ({step:g} s)"
            yield Fault(said.where(("output", name)), what, "wanted a multiple of run.step")


def expectations(said: Document) -> Iterator[Fault]:
    """Expectations that no run could meet."""
    for name, wanted in _group(said, "expect").items():
        try:
            figure, misfit = expectation.resolve(name), expectation.misfit(expectation.resolve(name), wanted)
        except (AttributeError, ValueError):
            continue  # told where it is read
        where = said.where(("expect", name))
        if misfit:
            yield Fault(where, f"{shown(wanted)} is nothing that {figure} can be", f"wanted {misfit}")
        if figure.startswith(_WATCHED) and not _group(said, "output").get("conflicts", _OUTPUT.conflicts):
            yield Fault(where, "conflicts are not looked for in this scenario", "wanted output: { conflicts: true }")
        if figure.startswith("v2x.apps."):
            yield from _of_an_app(said, where, figure.split(".")[2])
        if figure.startswith("v2x.cells."):
            yield from _of_a_cell(said, where, figure.split(".")[2])


def _of_a_cell(said: Document, where: str, name: str) -> Iterator[Fault]:
    """An expectation of a cell of the network that there is not."""
    listed = _group(said, "radio").get("cells")
    there = [str(x.get("name")) for x in listed if isinstance(x, dict)] if isinstance(listed, list) else []
    if not there:
        yield Fault(where, "there are no cells in this scenario", "wanted some in radio.cells")
    elif name not in (*there, OUTSIDE):
        yield Fault(where, f"there is no cell {name}", near(name, there) or f"wanted one of {', '.join(there)}")


def _of_an_app(said: Document, where: str, name: str) -> Iterator[Fault]:
    """An expectation of an application that does not run."""
    asked = said.data.get("apps")
    if name not in APPS:
        yield Fault(where, f"there is no application {name}", near(name, APPS.names()) or "see pilotzone list apps")
    elif not APPS[name].built_in and name not in (asked if isinstance(asked, list | dict) else ()):
        yield Fault(where, f"the application {name} does not run in this scenario", "add it to apps")


def _dates(said: Document) -> Iterator[Fault]:
    """Operations that nobody can say of whether they are done."""
    planned = list(_entries(said, "plan"))
    for rank, entry in planned:
        if entry.get("date") is None:
            yield Fault(said.where(("plan", rank)), "has no date", "wanted one such as 2027-01-01 for each operation")
    if planned and _group(said, "pilot").get("date") is None:
        what = "is missing: it says which operations of the plan are done"
        yield Fault(said.where(("pilot", "date")), what, "wanted one such as 2026-09-01")


def _of_the_radio(said: Document) -> Iterator[Fault]:
    """Faults of a radio or of a roadside unit that is not there."""
    told = _group(said, "equip").get("junctions")
    units_at = told if isinstance(told, list) else []
    rates, apps = _group(said, "radio").get("rates"), said.data.get("apps") or ()
    if (
        isinstance(rates, dict)
        and "rsc" in rates
        and not (units_at and isinstance(apps, dict | list) and ORDERS in apps)
    ):
        cure = f"wanted apps: [{ORDERS}] and a roadside unit in equip.junctions"
        yield Fault(said.where(("radio", "rates", "rsc")), "nobody can say rsc, which orders who passes when", cure)
    for rank, entry in _entries(said, "occurrences"):
        kind, junction = entry.get("kind"), entry.get("junction")
        where = said.where(("occurrences", rank))
        if kind in RADIO_FAULTS and said.data.get("radio") is None:
            what = f"{kind} is a fault of the radio, but there is no radio section"
            yield Fault(where, what, "wanted one such as radio: { model: packet_delivery }")
        elif kind in OF_A_UNIT and junction is not None and junction not in units_at:
            yield Fault(where, f"{kind}: there is no roadside unit at {junction}", "add it to equip.junctions")


def _beyond(said: Document, network: Network) -> Iterator[Fault]:
    """Places beyond the end of their lane."""
    names = Names(network)
    for rank, entry in _entries(said, "occurrences"):
        lane, position = entry.get("lane"), _amount(entry.get("position"), "length")
        if isinstance(lane, str) and lane in names.lane:
            length = network.lanes[names.lane[lane]].length
            if position > length:
                what = f"{position:g} m is beyond the end of lane {lane}"
                yield Fault(said.where(("occurrences", rank, "position")), what, f"it is {length:.1f} m long")
                continue
        if entry.get("kind") == "sign":
            yield from _of_a_sign(said, network, rank, entry)


def _of_a_sign(said: Document, network: Network, rank: int, entry: dict[str, Any]) -> Iterator[Fault]:
    """A sign that stands beyond the end of its road, or holds beyond it."""
    names = (entry.get("edge"), entry.get("lane"))
    lengths = [x.length for x in network.lanes if x.id == names[1] or network.edges[x.edge].id == names[0]]
    if not lengths:
        return  # told where it is read
    begin = 0.0 if entry.get("position") is None else _amount(entry["position"], "length")
    long = 0.0 if entry.get("length") is None else _amount(entry["length"], "length")
    key, reached = ("length", begin + long) if long > 0.0 else ("position", begin)
    if reached > min(lengths) or (key == "position" and reached == min(lengths)):
        what = f"the sign reaches {reached:g} m, beyond the end of {names[0] or names[1]}"
        yield Fault(said.where(("occurrences", rank, key)), what, f"it is {min(lengths):.1f} m long")


def _off_the_map(said: Document, network: Network) -> Iterator[Fault]:
    """Cells of the network in which no road lies, or whose corners go round nothing."""
    listed = _group(said, "radio").get("cells")
    for rank, entry in enumerate(listed if isinstance(listed, list) else ()):
        cell, where = _placed(entry, network), said.where(("radio", "cells", rank))
        if cell is None:
            continue
        if cell.corners and not is_outline(cell.corners):
            what = f"the outline of {cell.name} crosses itself or has no area"
            yield Fault(where, what, "wanted corners in the order in which one walks around it")
        elif not covered(cell, network):
            x, y = np.concatenate([x.shape[:, :2] for x in network.lanes]).min(0)
            right, top = np.concatenate([x.shape[:, :2] for x in network.lanes]).max(0)
            what = f"no road of the map lies in the cell {cell.name}"
            yield Fault(where, what, f"the map's roads lie within x {x:.0f} to {right:.0f} m, y {y:.0f} to {top:.0f} m")


def _placed(entry: Any, network: Network) -> Cell | None:
    """Where an entry says that a cell lies; None if that is at fault by itself."""
    if not isinstance(entry, dict):
        return None
    name, junction, area, corners = (entry.get(x) for x in ("name", "junction", "area", "corners"))
    radius = _amount(entry.get("radius"), "length")
    if isinstance(junction, str) and junction in Names(network).junction and radius > 0.0:
        return Cell(str(name), junction=junction, radius=radius)
    if isinstance(area, str) and area in network.areas:
        return Cell(str(name), area=area)
    try:
        told = tuple((float(x), float(y)) for x, y in corners or ())
    except (TypeError, ValueError):
        return None
    return Cell(str(name), corners=told) if len(set(told)) > 2 else None


def _group(said: Document, name: str) -> dict[str, Any]:
    """A section, if it is one."""
    told = said.data.get(name)
    return told if isinstance(told, dict) else {}


def _entries(said: Document, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Entries of a section that is a list, with their ranks."""
    told = said.data.get(name)
    for rank, entry in enumerate(told if isinstance(told, list) else ()):
        if isinstance(entry, dict):
            yield rank, entry


def _amount(value: Any, dimension: str) -> float:
    """A quantity in SI; nan if it is none."""
    try:
        return units.parse(value, dimension)
    except (TypeError, ValueError):
        return math.nan
