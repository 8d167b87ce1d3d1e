"""Lay the radio out as arrays: who is equipped, what each says, shares of every fate, the grid, and lanes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim import chance
from sim.engine.arrangers import lay_arrangers
from sim.engine.belief import lay_beliefs
from sim.engine.kinds import kinds
from sim.engine.merges import lay_merges
from sim.engine.recording import EVENT_KINDS
from sim.engine.sensors import lay_sensors
from sim.engine.sidelink import lay_sidelink
from sim.engine.sight import lay_axes, lay_sight
from sim.engine.stations import lay_stations, told
from sim.engine.zones import lay_zones
from sim.kernel.nearby import FULL
from sim.models.radio import RADIO, TOLD
from sim.pilot import Equipment, Pilot, Radio
from sim.state import air as tables
from sim.state import grid, roadside
from sim.state.air import AGES, BEAT, BECAME, DELAYS, GAPS, LISTS, RECEIVERS, REMEMBERED, TALLIED
from sim.state.belief import NAMES
from sim.state.channel import Air
from sim.state.columns import allocate, untouched, zeros
from sim.state.remembered import Contents, Traces
from sim.state.roadside import MOST_OBJECTS
from sim.traffic.departures import Departures
from sim.v2x import MESSAGES

#: Width of a class of distance [m]; loads that shares are computed for, and the step from one to the next [1/m].
CLASS, LOADS, LOAD_STEP = 5.0, 25, 0.025
#: Messages that may be told to apps at once, and cells of the grid at most.
WAITING, MOST_CELLS = 65_536, 250_000
#: Messages that may be said in a step.
MOST_SPOKEN = 4_000_000
#: How far back it can be told what was heard [s], or as long as an application believes it; assumed.
MEMORY = 20.0
#: Cells of the grid in a range.
FINER = 4.0
#: Lists with a row a message, of those said or of those gathered around a cell, which are filled up to a multiple.
OF_MESSAGES = (
    "x", "y", "cut", "keys", "marks", "counted_in", "stands", "rows", "near", "places_heard", "away", "missed", "drawn",
    "x_around", "y_around", "rows_around", "keys_around", "stands_around", "bytes_around",
)  # fmt: skip
#: Step of the last warning of who was never warned.
NEVER = -1_000_000_000
#: Sub-frames that are looked at together, where every sub-channel is simulated.
PART = 10
WAYS = ("shares", "cellular", "resources")
#: What becomes of those a sensor could see; columns of `Sensors`.
SENSED = ("seen", "missed", "behind_buildings", "behind_vehicles", "too_many", "false")


def equipped(equip: Equipment, departures: Departures, seed: int) -> np.ndarray:
    """Which departures can say and hear, (departures,) bool: drawn by each one's own name."""
    share = np.array([equip.shares.get(card.name, 0.0) for card in departures.cards] or [0.0])[departures.card]
    some = np.flatnonzero(share > 0.0)
    found = np.zeros(len(departures), bool)
    for row in some:
        found[row] = chance.draw(seed, chance.EQUIPPED, departures.ids[row]) < share[row]
    return found


def lay_radio(pilot: Pilot, departures: Departures, seed: int) -> tables.Radio:
    """All tables of the radio; silent where there is none or nobody is equipped."""
    radio = pilot.radio
    rows = np.flatnonzero(equipped(pilot.equip, departures, seed)) if radio else np.empty(0, np.int64)
    junctions = pilot.equip.junctions if radio else ()
    units = allocate(grid.Units, len(departures))
    if radio is None or not (len(rows) or junctions):
        return _silent(units)
    units["station"][rows] = len(junctions) + np.arange(len(rows))
    stations, streams = lay_stations(pilot, radio, departures, rows, seed)
    air = _lay_air(pilot, radio, stations, streams)
    stations["tallied"] *= air[0].rows
    axes, outlines = lay_axes(pilot.park)
    sidelink = lay_sidelink(radio, told(radio), air[0], len(stations))
    sight = _lay_sight(pilot, air, stations, outlines, axes)
    fates, occupied = lay_fates(radio, int(air[0].sights))
    lists = _lay_lists(air[0], len(stations)) | sight | sidelink
    fates = np.pad(fates.reshape(LOADS, TOLD, -1), ((0, 0), (0, 0), (0, 1)))
    lists |= {"fates": fates.astype(np.float32).ravel(), "occupied": occupied}
    room = int(air[0].room)
    return tables.Radio(
        units=units,
        stations=stations,
        streams=streams,
        contents=untouched(Contents, REMEMBERED * len(streams), large=True),
        traces=_lay_traces(air[0]),
        places=allocate(grid.Uttered, room),
        uttered=allocate(grid.Spoken, room),
        spoken=allocate(grid.Spoken, room),
        transmissions=allocate(grid.Transmissions, max(1, int(air[0].listed_room))),
        due=allocate(grid.Due, WAITING),
        cells=allocate(grid.Cells, int(air[0].columns * air[0].lines) + 1),
        axes=axes,
        outlines=outlines,
        kinds=allocate(grid.Kinds, int(air[0].kinds)),
        air=air,
        jams=allocate(roadside.Jams, roadside.MOST_JAMS),
        slow=allocate(roadside.Slow, len(stations) * roadside.MOST_SLOW),
        **lay_zones(pilot, radio, air[0], outlines, stations),
        **lay_sensors(pilot, stations, streams),
        **lay_merges(pilot),
        **lay_arrangers(pilot, stations, streams),
        **lay_beliefs(pilot, stations, streams),
        **lists,
    )


def _lay_lists(a: Any, stations: int) -> dict[str, np.ndarray]:
    """Lists that are filled in while a run goes."""
    classes, room = int(a.classes), int(a.room)
    return {
        "pairs": zeros(stations * int(a.slots), np.uint32, large=False),
        "after": zeros(room * tables.RECENT, np.int32),
        **{name: zeros(room + FULL + 1, tables.LISTS[name]) for name in OF_MESSAGES},
        "on_air": np.arange(stations, dtype=np.int32),
        **{name: np.zeros(stations, np.int32) for name in ("were_on_air", "in_cells", "cell")},
        "free_blocks": np.arange(stations, dtype=np.int32)[::-1].copy(),  # the lowest lie on top
        "limits": np.zeros(TOLD * (int(a.sights) * classes + 1), np.int32),
        "passed": np.zeros(len(RECEIVERS) * (int(a.kinds) + 1) * classes, np.int64),
        "tally": np.zeros(len(RECEIVERS) * int(a.rows) * TALLIED, np.int64),
        "delays": np.zeros(int(a.kinds) * DELAYS, np.int64),  # these take memory only where something is counted
        "gaps": np.zeros(int(a.kinds) * GAPS, np.int64),
        "ages": np.zeros(int(a.kinds) * AGES, np.int64),
        "became": np.zeros(room * BECAME if a.each else 1, np.int32),
        "used": np.zeros(32, np.int64),
        "since": np.full(stations * len(NAMES), -1, np.int64),
        "lately": np.full(stations * len(NAMES), NEVER, np.int64),
    }


def _lay_traces(air: Any) -> Any:
    """Room for where everybody was."""
    traces = untouched(Traces, int(air.memory) * int(air.stations))
    traces["step"][: int(air.stations)] = -1  # zeros would tell of the first step
    return traces


def _lay_sight(pilot: Pilot, air: Any, stations: Any, outlines: Any, axes: Any) -> dict[str, np.ndarray]:
    """Lines of sight; units at the roadside stand behind the last piece of the last lane."""
    a, n = air[0], len(pilot.equip.junctions)
    units = np.stack([stations["x"][:n], stations["y"][:n]], axis=1)
    shared = pilot.apps.get("sensor_sharing", {}).get("range", 0.0)
    sensing = max([shared, *(x.range for x in pilot.equip.sensors)])
    laid = lay_sight(pilot.park, outlines, axes, units, max(a.range, a.reach, sensing))
    stations["patch"][:n] = len(laid["standpoints"]) - n + np.arange(n) if pilot.park.buildings else 0
    a.sights, a.patches = 2 if pilot.park.buildings else 1, len(laid.pop("places"))
    return laid


def _silent(units: Any) -> tables.Radio:
    """A radio that nobody uses."""
    rows = {name: np.zeros(1, row) for name, row in tables.layout_of_radio().items()}
    made = {name: x if name in LISTS else x.view(np.recarray) for name, x in rows.items()}
    return tables.Radio(**(made | {"units": units}))


def _lay_air(pilot: Pilot, radio: Radio, stations: Any, streams: Any) -> Any:
    """The one row of the channel."""
    rung, about, clock = RADIO[radio.model], told(radio), pilot.clock
    air = allocate(Air, 1)
    a = air[0]
    a.on, a.way, a.range = True, WAYS.index(rung.way), radio.range
    a.cell = radio.range / FINER
    n = len(pilot.equip.junctions)
    units = np.column_stack((stations["x"][:n], stations["y"][:n]))
    points = np.concatenate([units, *(x.shape[:, :2] for x in pilot.park.lanes)])
    a.west, a.south = points.min(0)
    width, height = points.max(0) - points.min(0)
    a.cell = max(a.cell, math.sqrt((width + a.cell) * (height + a.cell) / MOST_CELLS))
    a.columns, a.lines = int(width / a.cell) + 1, int(height / a.cell) + 1
    a.classes, a.step_of_class = int(radio.range / CLASS) + 1, CLASS
    a.loads, a.load_step = LOADS, LOAD_STEP * 2.0 * radio.range * about.rate
    a.slots = 1 << max(5, math.ceil(math.log2(radio.neighbours)))
    longest = max([MEMORY, *(x.get("lifetime", 0.0) for x in pilot.apps.values())])
    a.memory = 1 << math.ceil(math.log2(longest / clock.step + 2.0))
    low, high = rung.delay(about)
    a.low, a.high, a.kept = round(low * BEAT), round(high * BEAT), rung.kept(about)
    a.processing, a.warm = round(radio.processing * BEAT), round(clock.warm_up * BEAT)
    a.stations, a.roadside = len(stations), len(pilot.equip.junctions)
    a.shared = len(pilot.equip.sensors) * REMEMBERED * MOST_OBJECTS
    a.arrangers = (streams["message"] == MESSAGES.code("rsc")).sum()
    a.present, a.free = a.roadside, len(stations)
    a.free -= a.roadside  # roadside units keep the blocks of their own numbers, the lowest
    shortest = min(streams["period"][streams["period"] > 0], default=BEAT)
    a.apart = rung.way == "cellular" or a.high - (-a.processing if rung.way == "resources" else a.low) >= shortest
    a.room = min(MOST_SPOKEN, max(1024, len(streams) * (1 + math.ceil(BEAT / shortest * clock.step))))
    a.event, a.kinds, a.waiting_room = EVENT_KINDS.index("heard"), len(kinds()), WAITING
    a.rows, a.apart_told = a.kinds * (1 + a.classes) + 1, 0 if rung.way == "resources" else n
    a.each = pilot.output.messages == "each"
    a.listed_room = 2 * len(RECEIVERS) * a.room if a.each else 0
    a.controlled, a.sub_channels = radio.rate_control, radio.sub_channels
    a.frames = min(PART, math.ceil(1e3 * clock.step - 1e-9))
    return air


def lay_fates(radio: Radio, sights: int) -> tuple[np.ndarray, np.ndarray]:
    """Upper bounds of a draw for each fate (loads, TOLD, sights, classes), and channel busy ratios (loads,)."""
    rung, about = RADIO[radio.model], told(radio)
    distance = (np.arange(int(radio.range / CLASS) + 1) + 0.5) * CLASS
    shares = np.array(
        [[rung.fates(about, distance, LOAD_STEP * i, s == 0) for s in range(sights)] for i in range(LOADS)]
    )
    occupied = np.array([rung.busy(about, LOAD_STEP * i) for i in range(LOADS)])
    return np.cumsum(shares, axis=2).swapaxes(1, 2), occupied
