"""What is true now: everything a run reads and writes, as tables nested in one `World`.

Tables are record arrays: a vehicle's columns lie side by side, so that a look at a vehicle in lane order touches two
or three cache lines whatever the number of vehicles, and a table costs one argument when handed to compiled code.

Static tables say what the place and its users are; the others change each step. A row of `Vehicles` is a vehicle for
as long as it drives. `-1` stands for nothing. Steps are whole numbers since the run's beginning.
"""

from __future__ import annotations

from typing import Annotated as A
from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np

from sim.compiled import opener
from sim.state.air import Radio, layout_of_radio
from sim.state.columns import Column as C
from sim.state.columns import layout
from sim.state.place import Acceptance, Conflicts, Halts, Lanes, Links, Plans, Profiles, Stages, Starts, Tracks
from sim.state.traffic import (
    Approaches,
    Areas,
    Contacts,
    Encounters,
    Junctions,
    LaneStates,
    Phases,
    Queues,
    Records,
    Signals,
    Signs,
    Trips,
    Users,
    Vehicles,
)

Array = np.ndarray


class Loose(NamedTuple):
    """Lists of their own lengths."""

    slots: Array  #: i4, (places,): vehicles of each lane from its end backwards; ~row is a shadow
    inlets: Array  #: i4: lanes that lead to a lane
    beside: Array  #: u8, (lanes / 64,): a bit a lane: another one lies beside it
    present: Array  #: u8, (lanes / 64,): a bit a lane: somebody is there
    edge_lane: Array  #: i4, (edges,): lane 0 of each edge
    edge_lanes: Array  #: i4, (edges,): number of lanes
    edge_step: Array  #: i8, (edges,): last step in which lane changes were considered there
    letters: Array  #: u1: signal states of all phases
    light: Array  #: u1, (lights,): letter shown to each group now
    light_end: Array  #: i8, (lights,): step until which it is shown at least
    track_lanes: Array  #: i4: lanes of each track
    detectors: Array  #: i4: lanes whose detectors extend a phase
    free: Array  #: i4, (rows,): stack of unused rows of `Vehicles`
    wakes: Array  #: bool, (event kinds,): return after a step that recorded one
    waiting_next: Array  #: i4, (departures,): next in the queue of an edge
    waiting_edges: Array  #: i4, (edges,): edges with a queue; `Totals.waiting_edges` of them
    shadowing: Array  #: i4, (rows,): rows that change lanes; `Totals.shadowing` of them
    touched: Array  #: i4, (lanes,): lanes with registered approaches
    asking: Array  #: i4, (rows,): rows that must look for foes in this step
    movers: Array  #: i4, (rows,): rows that left their lane in this step
    turn: Array  #: u2, (rows,): in which step of a period a driver looks at the neighbouring lanes
    hangers: Array  #: i4, (rows,): rows whose body hangs back over the begin of their lane
    hanging: Array  #: i4, (lanes,): lanes with a tail
    busy: Array  #: i4, (lanes,): lanes with vehicles, in no order
    busy_at: Array  #: i4, (lanes,): place in `busy`; -1: none
    order: Array  #: i4, (lanes,): scratch: busy lanes as they are numbered
    renamed: Array  #: i4, (rows,): scratch, new row of each row
    inside: Array  #: i4, (rows,): scratch, rows whose body is in a junction or was before the step
    user: Array  #: i4, (lanes,): scratch, first row of `Users` on a lane


#: Row type of each list of `Loose`.
LOOSE = {
    "slots": "i4",
    "inlets": "i4",
    "beside": "u8",
    "present": "u8",
    "edge_lane": "i4",
    "edge_lanes": "i4",
    "edge_step": "i8",
    "letters": "u1",
    "light": "u1",
    "light_end": "i8",
    "track_lanes": "i4",
    "detectors": "i4",
    "free": "i4",
    "wakes": "?",
    "waiting_next": "i4",
    "waiting_edges": "i4",
    "shadowing": "i4",
    "touched": "i4",
    "asking": "i4",
    "movers": "i4",
    "turn": "u2",
    "hangers": "i4",
    "hanging": "i4",
    "busy": "i4",
    "busy_at": "i4",
    "order": "i4",
    "renamed": "i4",
    "inside": "i4",
    "user": "i4",
}


class Totals:
    """One row: counters of the whole run."""

    seed: A[Array, C("-", "", "i8")]
    step: A[Array, C("-", "steps done", "i8")]
    updates: A[Array, C("-", "vehicles on the road summed over steps", "i8")]
    on_road: A[Array, C("-", "", "i8")]
    free: A[Array, C("-", "used part of `Loose.free`", "i8")]
    due: A[Array, C("-", "next departure that is not due", "i8")]
    waiting: A[Array, C("-", "wait outside", "i8")]
    arrived: A[Array, C("-", "", "i8")]
    records: A[Array, C("-", "used rows of `Records`", "i8")]
    woke: A[Array, C("-", "a record of the last step wakes somebody", "?")]
    waiting_edges: A[Array, C("-", "", "i8")]
    shadowing: A[Array, C("-", "", "i8")]
    touched: A[Array, C("-", "", "i8")]
    asking: A[Array, C("-", "", "i8")]
    movers: A[Array, C("-", "", "i8")]
    hangers: A[Array, C("-", "", "i8")]
    hanging: A[Array, C("-", "", "i8")]
    busy: A[Array, C("-", "", "i8")]
    collisions: A[Array, C("-", "", "i8")]
    dt: A[Array, C("s", "step")]
    lanes: A[Array, C("-", "lanes in all", "i8")]
    rows: A[Array, C("-", "rows of `Vehicles`", "i8")]
    starts: A[Array, C("-", "departures in all", "i8")]
    signals: A[Array, C("-", "signals in all", "i8")]
    junctions: A[Array, C("-", "junctions in all", "i8")]
    record_room: A[Array, C("-", "rows of `Records`", "i8")]
    short_of_records: A[Array, C("-", "stopped because records could overflow", "?")]
    short_of_rows: A[Array, C("-", "stopped because departures could lack rows", "?")]
    change_steps: A[Array, C("-", "steps a lane change takes", "i8")]
    keep_right: A[Array, C("-", "the rule holds", "?")]
    left_hand: A[Array, C("-", "traffic keeps left", "?")]
    alerts: A[Array, C("-", "vehicles may ask for a driver", "?")]
    walking: A[Array, C("-", "there are crossings for people on foot", "?")]
    riding: A[Array, C("-", "there are strips on which bicycles ride beside vehicles", "?")]
    boards: A[Array, C("-", "signs that can be seen now", "i8")]
    contacts: A[Array, C("-", "pairs that have touched", "i8")]
    inside: A[Array, C("-", "", "i8")]
    users: A[Array, C("-", "", "i8")]
    probing: A[Array, C("-", "encounters are measured", "?")]
    exposure: A[Array, C("s", "time to collision below which TET and TIT count")]
    reaction: A[Array, C("s", "reaction time of MDRAC")]
    encounters: A[Array, C("-", "open ones", "i8")]
    encounter_room: A[Array, C("-", "rows of `Encounters` and of `World.past`", "i8")]
    past: A[Array, C("-", "closed ones that wait to be taken away", "i8")]
    missed: A[Array, C("-", "sightings that found no room", "i8")]
    short_of_encounters: A[Array, C("-", "stopped because encounters could lack rows", "?")]


class World(NamedTuple):
    """All tables of a run; each a record array of the table named by its type."""

    lanes: A[Any, Lanes]
    links: A[Any, Links]
    conflicts: A[Any, Conflicts]
    junctions: A[Any, Junctions]
    tracks: A[Any, Tracks]
    profiles: A[Any, Profiles]
    acceptance: A[Any, Acceptance]
    stages: A[Any, Stages]
    plans: A[Any, Plans]
    starts: A[Any, Starts]
    halts: A[Any, Halts]
    vehicles: A[Any, Vehicles]
    lane: A[Any, LaneStates]
    spare: A[Any, Vehicles]
    approaches: A[Any, Approaches]
    signs: A[Any, Signs]
    signals: A[Any, Signals]
    phases: A[Any, Phases]
    records: A[Any, Records]
    trips: A[Any, Trips]
    queues: A[Any, Queues]
    areas: A[Any, Areas]
    contacts: A[Any, Contacts]
    encounters: A[Any, Encounters]
    past: A[Any, Encounters]
    users: A[Any, Users]
    totals: A[Any, Totals]
    loose: Loose
    radio: Radio


def layout_of_world() -> dict[str, np.dtype[Any]]:
    """Row layout of each array of a world, in order."""
    rows = {}
    for name, hint in get_type_hints(World, include_extras=True).items():
        if name not in ("loose", "radio"):
            rows[name] = layout(get_args(hint)[1])
    return rows | {name: np.dtype(dtype) for name, dtype in LOOSE.items()} | layout_of_radio()


assert list(LOOSE) == list(Loose._fields)
#: Tables and lists that compiled code only reads.
CONSTANT = frozenset((
    "lanes", "links", "conflicts", "tracks", "profiles", "acceptance", "stages", "plans", "starts", "halts", "phases",
    "inlets", "beside",
    "edge_lane", "edge_lanes", "letters", "track_lanes", "detectors", "wakes",
))  # fmt: skip
#: In compiled code: open a world by the address of its addresses.
open_world = opener(layout_of_world(), ("loose", "radio"), CONSTANT)
