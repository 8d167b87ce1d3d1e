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

Array = np.ndarray

# ------------------------------------------------------------------------------------------------ static


class Lanes:
    """A row a lane, internal lanes among them; index as in `Network.lanes`."""

    NEAR = (
        "length foes bit detector slot edge link junction conflict parted conflict_end index internal watched "
        "left right"
    )

    length: A[Array, C("m", "length")]
    speed: A[Array, C("m/s", "speed limit")]
    edge: A[Array, C("-", "edge index", "i4", -1)]
    index: A[Array, C("-", "0 at the kerb", "i2")]
    left: A[Array, C("-", "lane to the left, same edge", "i4", -1)]
    right: A[Array, C("-", "lane to the right, same edge", "i4", -1)]
    internal: A[Array, C("-", "lies inside a junction", "?")]
    track: A[Array, C("-", "of a roundabout's ring it is part of; -1: none", "i4", -1)]
    mouth: A[Array, C("-", "one waits there for a shared strip: it is entered only with room for all who come", "?")]
    link: A[Array, C("-", "of an internal lane: the only way on", "i4", -1)]
    slot: A[Array, C("-", "first place in `Order.slots`", "i4")]
    room: A[Array, C("-", "places in `Order.slots`", "i4")]
    conflict: A[Array, C("-", "first row of `Conflicts`", "i4")]
    parted: A[Array, C("-", "after its rows of `Conflicts` with lanes that part from it; they come first", "i4")]
    conflict_end: A[Array, C("-", "after the last row of `Conflicts`", "i4")]
    junction: A[Array, C("-", "of an internal lane: row of `Junctions`", "i4")]
    bit: A[Array, C("-", "of an internal lane: its place in its junction's masks", "u8")]
    foes: A[Array, C("-", "places of the lanes that conflict with it", "u8")]
    givers: A[Array, C("-", "places of the lanes whose users it must give way to", "u8")]
    watched: A[Array, C("-", "somebody must give way to users of this lane", "?")]
    inlet: A[Array, C("-", "first place in `Plan.inlets`: lanes that lead here", "i4")]
    inlet_end: A[Array, C("-", "after the last place in `Plan.inlets`", "i4")]
    detector: A[Array, C("m", "where an actuated signal's detector lies; inf: none", "f8", np.inf)]
    change_left: A[Array, C("-", "classes that may change to the left", "u8")]
    change_right: A[Array, C("-", "classes that may change to the right", "u8")]
    passing_width: A[
        Array, C("m", "widest body that may pass riders on the strip at its kerb; inf: none", "f8", np.inf)
    ]
    sign: A[Array, C("-", "first row of `Signs`", "i4")]
    sign_end: A[Array, C("-", "after the last row of `Signs`", "i4")]


class Links:
    """A row a step from a lane to the next one: into, through or out of a junction."""

    NEAR = "lane target light rule within entry waiting waits keep_clear visibility inside"

    lane: A[Array, C("-", "next lane", "i4", -1)]
    target: A[Array, C("-", "normal lane behind the junction", "i4", -1)]
    light: A[Array, C("-", "place in `Signals.light` of the entry; -1: no signal", "i4", -1)]
    rule: A[Array, C("-", "letter of the rule without signal (ASCII)", "u1", ord("M"))]
    within: A[Array, C("-", "letter at a waiting place, whatever the light shows; 0: its, or the rule's", "u1")]
    entry: A[Array, C("-", "leads from a normal lane into a junction", "?")]
    waiting: A[Array, C("-", "leads from a waiting place inside a junction on", "?")]
    source: A[Array, C("-", "lane it leads from", "i4", -1)]
    movement: A[Array, C("-", "rank in sim.park.network.MOVEMENTS; -1: none of them", "i1", -1)]
    waits: A[Array, C("-", "an entry whose yielding is done at a waiting place", "?")]
    keep_clear: A[Array, C("-", "do not enter without room behind the junction", "?")]
    visibility: A[Array, C("m", "distance from which foes are seen", "f8", 4.5)]
    inside: A[Array, C("m", "way inside the junction from here on")]
    straight: A[Array, C("-", "goes straight on", "?")]
    told: A[Array, C("-", "who wants to know of its users: sum of `TOLD_HERE`, `TOLD_BEHIND`, `TOLD_AFAR`", "i1")]
    junction: A[Array, C("-", "of the next lane, if that is internal: row of `Junctions`", "i4")]
    place: A[Array, C("-", "of the next lane, if that is internal: in its junction's masks", "i1", -1)]
    clears: A[Array, C("s", "how long one with priority who has passed his line is in the way of who waits here", "f4")]
    joins: A[Array, C("-", "track of a ring it leads into from outside; -1: none", "i4", -1)]


#: Somebody must give way to users of a link's next lane; to those who go on from there; and is told of from afar.
TOLD_HERE, TOLD_BEHIND, TOLD_AFAR = 1, 2, 4


class Conflicts:
    """Rows of `Network.conflicts`, ordered by lane; those with lanes that part from it come first."""

    foe: A[Array, C("-", "the other internal lane", "i4", -1)]
    kind: A[Array, C("-", "Crossing", "i1")]
    begin: A[Array, C("m", "begin of the area on the own lane; inf: the paths do not touch", "f4")]
    end: A[Array, C("m", "end of the area on the own lane; -inf: the paths do not touch", "f4")]
    room: A[Array, C("m", "way before the area in which one stands in nobody's way; inf: back to the line", "f4")]
    foe_begin: A[Array, C("m", "begin on the foe's lane", "f4")]
    foe_end: A[Array, C("m", "end on the foe's lane", "f4")]
    yields: A[Array, C("-", "must give way to those who approach the foe's lane", "?")]
    mutual: A[Array, C("-", "both must give way to each other", "?")]
    bit: A[Array, C("-", "place of the foe's lane in the junction's masks", "u8")]
    sight: A[Array, C("m", "before the foe's line, from where on who comes is hidden by a building", "f4", np.inf)]


class Junctions:
    """A row a junction: what changes. More than 64 lanes share places, so that a set place says *perhaps*."""

    occupied: A[Array, C("-", "places of lanes with somebody on them, set before decisions", "u8")]
    approached: A[Array, C("-", "places of lanes that somebody has told to approach in this step", "u8")]


class Tracks:
    """A row a track of a roundabout's ring: its lanes of one index, and those that lead into them."""

    first: A[Array, C("-", "first place in `Loose.track_lanes`", "i4")]
    end: A[Array, C("-", "after the last place in `Loose.track_lanes`", "i4")]
    length: A[Array, C("m", "once around")]


class Profiles:
    """How a driver behaves; a row a card, or a driver where cards draw parameters."""

    model: A[Array, C("-", "code of the car-following model", "i4")]
    length: A[Array, C("m", "body length")]
    width: A[Array, C("m", "body width")]
    minimum_gap: A[Array, C("m", "gap at rest")]
    maximum_speed: A[Array, C("m/s", "of the vehicle")]
    acceleration: A[Array, C("m/s2", "maximum acceleration")]
    deceleration: A[Array, C("m/s2", "comfortable deceleration")]
    emergency: A[Array, C("m/s2", "hardest deceleration")]
    imperfection: A[Array, C("-", "random loss of acceleration (Krauss' sigma)")]
    minor_time_gap: A[Array, C("s", "margin kept to foes with priority")]
    impatience: A[Array, C("-", "at first")]
    time_to_impatience: A[Array, C("s", "waiting time to full impatience", "f8", np.inf)]
    time_gap: A[Array, C("s", "kept to a leader by the car-following model: its time gap or reaction time")]
    strategic: A[Array, C("-", "weight of lane changes for the route")]
    cooperative: A[Array, C("-", "weight of yielding to lane changers")]
    speed_gain: A[Array, C("-", "weight of lane changes for speed")]
    keep_right: A[Array, C("-", "weight of returning to the right")]
    safety_factor: A[Array, C("-", "share of a gap's usual length that is enough to change lanes", "f8", 1.0)]
    politeness: A[Array, C("-", "weight of others' accelerations in MOBIL's incentive; <0: LC2013 decides", "f8", -1.0)]
    leaders: A[Array, C("-", "leaders looked at: 1 or 2", "f8", 1.0)]
    reaction_delay: A[Array, C("s", "leaders' speeds are seen as they were so long ago")]
    start_delay: A[Array, C("s", "from a change to green until one who stands first sets off")]
    response_time: A[Array, C("s", "until a wanted acceleration behind a leader is reached")]
    error_time: A[Array, C("s", "persistence of errors of perception; 0: none")]
    gap_variation: A[Array, C("-", "relative error of an estimated gap")]
    closing_rate: A[Array, C("1/s", "error of an estimated closing speed, a metre of gap")]
    class_bit: A[Array, C("-", "class of road user", "u8")]
    yield_rate: A[Array, C("-", "share of junctions at which it lets people on foot cross", "f8", 1.0)]
    compliance: A[Array, C("-", "share of people on foot who wait at red", "f8", 1.0)]
    attention: A[Array, C("-", "share of people on foot who look before they step onto a crossing", "f8", 1.0)]
    linked: A[Array, C("-", "drives otherwise while connected to its leader, see `BY_RADIO`", "u1")]
    machine: A[Array, C("-", "keeps to every sign", "?")]
    p0: A[Array, C("-", "own parameter 0 of the car-following model")]
    p1: A[Array, C("-", "own parameter 1")]
    p2: A[Array, C("-", "own parameter 2")]
    p3: A[Array, C("-", "own parameter 3")]
    p4: A[Array, C("-", "own parameter 4")]
    p5: A[Array, C("-", "own parameter 5")]
    p6: A[Array, C("-", "own parameter 6")]
    p7: A[Array, C("-", "own parameter 7")]


class Acceptance:
    """A row a profile and movement of `sim.park.network.MOVEMENTS`."""

    critical: A[Array, C("s", "critical gap; 0: arrival-time windows decide")]
    follow_up: A[Array, C("s", "time between two who use the same gap")]


class Stages:
    """A row an edge of a route (all routes one behind the other): where its lanes' plans stand."""

    edge: A[Array, C("-", "edge index", "i4", -1)]
    plan: A[Array, C("-", "row of `Plans` of the edge's lane 0", "i8", -1)]


class Plans:
    """A row a lane of an edge of a route: what the route wants there."""

    link: A[Array, C("-", "link to take; -1: none, or the trip ends here", "i4", -1)]
    reach: A[Array, C("m", "way along the route without a lane change, from the lane's begin; <0: forbidden", "f4")]
    offset: A[Array, C("-", "lanes to the left until the best one (negative: right)", "i1")]


class Starts:
    """A row a departure."""

    key: A[Array, C("-", "key of chance", "u8")]
    step: A[Array, C("-", "step from which it may depart", "i8")]
    profile: A[Array, C("-", "row of `Profiles`", "i4")]
    stage: A[Array, C("-", "first row of `Stages`", "i8")]
    last_stage: A[Array, C("-", "last row of `Stages`", "i8")]
    lane: A[Array, C("-", "index on the edge or a code of sim.traffic.departures", "i4")]
    position: A[Array, C("m", "or a code")]
    speed: A[Array, C("m/s", "or a code")]
    arrival: A[Array, C("m", "where the trip ends on the last edge", "f8", np.inf)]
    speed_factor: A[Array, C("-", "desired speed over limit", "f8", 1.0)]
    halt: A[Array, C("-", "first row of `Halts`", "i8")]
    halt_end: A[Array, C("-", "after the last row of `Halts`", "i8")]
    held: A[Array, C("-", "may not depart until released", "?")]
    alert: A[Array, C("m", "way driven after which it asks for a driver; inf: never", "f8", np.inf)]
    cause: A[Array, C("-", "why, as rank in `Takeover.causes`", "i4")]


class Halts:
    """A row a planned halt."""

    lane: A[Array, C("-", "lane index", "i4", -1)]
    position: A[Array, C("m", "front bumper at rest")]
    aside: A[Array, C("-", "beside the road: who halts there is out of the way", "?")]


# ------------------------------------------------------------------------------------------------ changing


class Vehicles:
    """A row a vehicle on the road."""

    NEAR = (
        "position speed length acceleration wish lane profile link station set_off holding offset items last "
        "speed_factor advice ahead_lane stage last_stage follow_up halt_lane blocker ahead_light shadow behind link2 "
        "behind2 ahead_told held_up alarm connected key lost distance energy waiting waited stops departure stood "
        "behind3 claim arrival advice_end change_step reach pace gain right_wish"
    )

    departure: A[Array, C("-", "row of `Starts`; -1: row is free", "i4", -1)]
    key: A[Array, C("-", "key of chance", "u8")]
    profile: A[Array, C("-", "row of `Profiles`", "i4")]
    lane: A[Array, C("-", "where the front bumper is", "i4", -1)]
    position: A[Array, C("m", "front bumper, along the lane")]
    speed: A[Array, C("m/s", "now")]
    acceleration: A[Array, C("m/s2", "in the last step")]
    length: A[Array, C("m", "body length")]
    station: A[Array, C("-", "row of `Stations`; -1: not equipped", "i4", -1)]
    connected: A[Array, C("-", "hears its leader by radio", "?")]
    gap_error: A[Array, C("-", "standardised error of the estimated gap", "f4")]
    closing_error: A[Array, C("-", "standardised error of the estimated closing speed", "f4")]
    wish: A[Array, C("m/s", "speed decided for the next step")]
    speed_factor: A[Array, C("-", "desired speed over limit", "f8", 1.0)]
    advice: A[Array, C("m/s", "upper bound asked by lane changers; inf: none", "f8", np.inf)]
    advice_end: A[Array, C("-", "step until which the advice holds", "i4")]
    link: A[Array, C("-", "link to take at the end of the lane; -1: none", "i4", -1)]
    link2: A[Array, C("-", "link to take at the end of the normal lane to which that one leads; -1: none", "i4", -1)]
    reach: A[Array, C("m", "way without a lane change, from the lane's begin", "f4")]
    ahead_light: A[Array, C("-", "of that link: place in `Loose.light`; -1: no signal", "i4", -1)]
    ahead_lane: A[Array, C("-", "of that link: next lane, for looking there in time", "i4", -1)]
    ahead_told: A[Array, C("-", "of that link: `Links.told`", "i1")]
    offset: A[Array, C("-", "lanes to the left until the best one", "i1")]
    last: A[Array, C("-", "on the last edge of the route", "?")]
    stage: A[Array, C("-", "row of `Stages`", "i4")]
    last_stage: A[Array, C("-", "last row of `Stages`", "i4")]
    arrival: A[Array, C("m", "where the trip ends on the last edge", "f8", np.inf)]
    halt: A[Array, C("-", "next row of `Halts`", "i8")]
    halt_end: A[Array, C("-", "after the last row of `Halts`", "i8")]
    halt_lane: A[Array, C("-", "lane of the next halt; -1: none", "i4", -1)]
    holding: A[Array, C("-", "stands at a halt until released", "?")]
    waiting: A[Array, C("s", "standing since (own time of waiting, reset by moving)")]
    entered: A[Array, C("-", "step of entering the junction it is in", "i8")]
    claim: A[Array, C("s", "turn taken in a gap that was accepted; -1e9: none", "f8", -1e9)]
    gap_since: A[Array, C("s", "when the present gap began, if it was waited for", "f8", -1e9)]
    coming: A[Array, C("s", "when the next one comes, or came, before whom a gap was refused", "f8", -1e9)]
    resolve: A[Array, C("s", "by which an accepted gap may turn out shorter", "f4")]
    follow_up: A[Array, C("s", "time after the one before in the gap that is used; 0: uses none", "f4")]
    set_off: A[Array, C("-", "step until which one who stood at a red light does not move", "i4")]
    stood: A[Array, C("-", "has stood since the last junction", "?")]
    behind: A[Array, C("-", "lane behind the present one", "i4", -1)]
    behind2: A[Array, C("-", "lane behind that", "i4", -1)]
    behind3: A[Array, C("-", "lane behind that", "i4", -1)]
    shadow: A[Array, C("-", "lane being left in a lane change; -1: none", "i4", -1)]
    shadow_end: A[Array, C("-", "step at which the change is complete", "i8")]
    change_step: A[Array, C("-", "step of the last lane change", "i8", -1000000)]
    gain: A[Array, C("-", "built-up wish to change for speed (left positive)", "f4")]
    right_wish: A[Array, C("-", "built-up wish to keep right", "f4")]
    pace: A[Array, C("m/s", "remembered speed, for looking ahead to lane changes", "f4")]
    blocker: A[Array, C("-", "row it waits for; -1: nobody, -2: a light, -3: end of lane, -4: room", "i4", -1)]
    held_up: A[Array, C("-", "slow, and kept from accelerating, in the last step", "?")]
    alarm: A[Array, C("-", "emergency braking is being told", "i1")]
    items: A[Array, C("-", "approaches registered in this step", "i1")]
    distance: A[Array, C("m", "driven")]
    lost: A[Array, C("s", "time lost against the desired speed")]
    waited: A[Array, C("s", "time standing, halts apart")]
    energy: A[Array, C("J/kg", "needed at the wheels")]
    stops: A[Array, C("-", "times it came to a stand, halts apart", "i4")]
    alert: A[Array, C("m", "way driven after which it asks for a driver; inf: never", "f8", np.inf)]
    cause: A[Array, C("-", "why, as rank in `Takeover.causes`", "i4")]
    met: A[Array, C("-", "row of `Encounters` it was last found in, if it is still there", "i4", -1)]


class LaneStates:
    """A row a lane: what changes."""

    NEAR = "tail block limit count tail_row approach shut detected entered left standing"

    count: A[Array, C("-", "places used in `Order.slots`, shadows among them", "i4")]
    tail: A[Array, C("m", "rear of a body that hangs back into the lane from beyond its end; inf: none", "f8", np.inf)]
    tail_row: A[Array, C("-", "whose", "i4", -1)]
    approach: A[Array, C("-", "first row of `Approaches` towards this lane", "i4", -1)]
    shut: A[Array, C("-", "closed to entering", "?")]
    block: A[Array, C("m", "an obstacle on the lane; inf: none", "f8", np.inf)]
    limit: A[Array, C("m/s", "speed limit in force", "f8")]
    turn: A[Array, C("s", "of the last one who used a gap at its end", "f8", -1e9)]
    detected: A[Array, C("-", "step of the last detection", "i8", -1000000)]
    entered: A[Array, C("-", "vehicles that entered in the interval", "i4")]
    left: A[Array, C("-", "vehicles that left in the interval", "i4")]
    seconds: A[Array, C("s", "vehicle-seconds in the interval")]
    metres: A[Array, C("m", "vehicle-metres in the interval")]
    lost: A[Array, C("s", "time lost in the interval")]
    standing: A[Array, C("s", "vehicle-seconds standing in the interval")]
    queue: A[Array, C("-", "most vehicles standing at once in the interval", "i4")]


class Approaches:
    """A row a registered approach: vehicle `row` is the one at index // PER_VEHICLE; the last row is scratch.

    In that stands, while a driver decides, the approach of one whom he has heard of and does not see.
    """

    NEAR = "link next distance arrive leave arrive_speed leave_speed braking_speed wait"

    link: A[Array, C("-", "link approached", "i4", -1)]
    next: A[Array, C("-", "next approach to the same lane; -1: none; -2: believed, see `sim.kernel.believe`", "i4", -1)]
    distance: A[Array, C("m", "to the link")]
    arrive: A[Array, C("s", "from now until at the link")]
    leave: A[Array, C("s", "from now until the rear is off the next lane")]
    arrive_speed: A[Array, C("m/s", "at the link")]
    leave_speed: A[Array, C("m/s", "at the end of the next lane")]
    braking_speed: A[Array, C("m/s", "at the link, when braking from now on; <0: does not mean to pass")]
    wait: A[Array, C("m/s", "speed if this link is not passed; inf: need not look for foes before entering")]


#: Approaches a vehicle may register at once.
PER_VEHICLE = 4
#: How a vehicle is connected to the one ahead: it hears him; or it is, as in SUMO, with whoever is connected so.
BY_RADIO, BY_MODEL = 1, 2


class Signs:
    """A row a sign and lane where it holds, by lane: a limit, or that one keeps one's lane."""

    number: A[Array, C("-", "place among the pilot's occurrences", "i4")]
    key: A[Array, C("-", "what draws about it are counted by", "u8")]
    begin: A[Array, C("m", "on the lane, from where on")]
    end: A[Array, C("m", "on the lane, up to where")]
    speed: A[Array, C("m/s", "limit; inf: none", "f8", np.inf)]
    keep: A[Array, C("-", "lanes are changed for the route only", "?")]
    board: A[Array, C("-", "it stands at the road for all to see", "?")]
    share: A[Array, C("-", "people who keep to it as they see it", "f8", 1.0)]
    on: A[Array, C("-", "it holds now", "?")]


class Signals:
    """A row a signal controller."""

    phase: A[Array, C("-", "now, as row of `Phases`", "i4")]
    first: A[Array, C("-", "first row of `Phases`", "i4")]
    end: A[Array, C("-", "after the last row of `Phases`", "i4")]
    began: A[Array, C("-", "step at which the phase began", "i8")]
    change: A[Array, C("-", "step at which to look again", "i8")]
    light: A[Array, C("-", "place of group 0 in `Lights`", "i4")]
    groups: A[Array, C("-", "number of groups", "i4")]
    actuated: A[Array, C("-", "green is extended by detectors", "?")]
    max_gap: A[Array, C("-", "steps without detection that end a green", "i8")]
    clear: A[Array, C("-", "steps from a detector to the line", "i8")]
    second: A[Array, C("-", "steps a second: greens are extended by whole ones", "i8", 1)]


class Phases:
    """A row a phase of a signal."""

    state: A[Array, C("-", "place of group 0's letter in `Plan.letters`", "i8")]
    minimum: A[Array, C("-", "steps", "i8")]
    maximum: A[Array, C("-", "steps", "i8")]
    duration: A[Array, C("-", "steps", "i8")]
    following: A[Array, C("-", "row of the next phase", "i4")]
    detector: A[Array, C("-", "first place in `Plan.detectors`", "i4")]
    detector_end: A[Array, C("-", "after the last place in `Plan.detectors`", "i4")]


class Records:
    """What happened, a row an event; `Totals.records` tells how many are used."""

    step: A[Array, C("-", "at its end", "i8")]
    kind: A[Array, C("-", "rank in sim.engine.recording.EVENT_KINDS", "i4")]
    subject: A[Array, C("-", "departure", "i4", -1)]
    other: A[Array, C("-", "departure", "i4", -1)]
    value: A[Array, C("-", "depends on the kind")]
    lane: A[Array, C("-", "lane index", "i4", -1)]
    position: A[Array, C("m", "on the lane")]


class Trips:
    """A row a departure: how its trip went; nan or -1 while it did not."""

    row: A[Array, C("-", "row of `Vehicles` while on the road", "i4", -1)]
    depart: A[Array, C("-", "step", "i8", -1)]
    arrive: A[Array, C("-", "step", "i8", -1)]
    stage: A[Array, C("-", "row of `Stages` where it last halted beside the road", "i8", -1)]
    distance: A[Array, C("m", "driven")]
    lost: A[Array, C("s", "time lost")]
    waited: A[Array, C("s", "standing")]
    energy: A[Array, C("J/kg", "needed at the wheels")]
    stops: A[Array, C("-", "", "i4")]
    encounter: A[Array, C("-", "first row of `Encounters` of which it is `one`", "i4", -1)]


class Areas:
    """A row a conflict: who was the last to leave its area (of a merging one: to pass its end)."""

    mirror: A[Array, C("-", "row of `Conflicts` that tells the same from the foe's side", "i4", -1)]
    by: A[Array, C("-", "departure that left last", "i4", -1)]
    left: A[Array, C("s", "when, since the run's beginning", "f8", -np.inf)]
    speed: A[Array, C("m/s", "how fast")]


class Contacts:
    """A row a pair that has touched; the latest ones, `Totals.contacts` in all."""

    one: A[Array, C("-", "departure", "i4", -1)]
    other: A[Array, C("-", "departure", "i4", -1)]


class Encounters:
    """A row a pair of road users that have come near each other; the first `Totals.encounters` are used."""

    one: A[Array, C("-", "the earlier departure", "i4", -1)]
    other: A[Array, C("-", "the later departure", "i4", -1)]
    next: A[Array, C("-", "next encounter of `one`", "i4", -1)]
    kind: A[Array, C("-", "rank in sim.metrics.KINDS", "i4")]
    last: A[Array, C("-", "step at whose end it last was one", "i8")]
    now: A[Array, C("s", "least time to collision in step `last`", "f8", np.inf)]
    ttc: A[Array, C("s", "least time to collision", "f8", np.inf)]
    tet: A[Array, C("s", "time spent below `Totals.exposure`")]
    tit: A[Array, C("s2", "time to collision missing to `Totals.exposure`, summed over time")]
    drac: A[Array, C("m/s2", "hardest deceleration that was needed to avoid a crash")]
    mdrac: A[Array, C("m/s2", "the same after `Totals.reaction`")]
    braking: A[Array, C("m/s2", "hardest braking of `one`")]
    other_braking: A[Array, C("m/s2", "hardest braking of `other`")]
    subject: A[Array, C("-", "departure of who must act: the follower, the second to come", "i4", -1)]
    begin: A[Array, C("-", "step at whose end it began", "i8")]
    end: A[Array, C("-", "step at whose end it was closed", "i8")]
    step: A[Array, C("-", "step of that, or of the passage if there was none", "i8")]
    lane: A[Array, C("-", "where the subject was then", "i4", -1)]
    other_lane: A[Array, C("-", "where the other was then", "i4", -1)]
    position: A[Array, C("m", "of the subject then")]
    other_position: A[Array, C("m", "of the other then")]
    speed: A[Array, C("m/s", "of the subject then")]
    other_speed: A[Array, C("m/s", "of the other then")]
    pet: A[Array, C("s", "least time from one leaving an area to the other entering it", "f8", np.inf)]
    collided: A[Array, C("-", "they touched", "?")]


class Users:
    """Scratch, a row a vehicle and internal lane it is on or comes to."""

    row: A[Array, C("-", "row of `Vehicles`", "i4", -1)]
    lane: A[Array, C("-", "internal lane", "i4", -1)]
    next: A[Array, C("-", "next user of the same lane", "i4", -1)]
    front: A[Array, C("m", "front bumper from the begin of that lane; negative: not there yet")]
    coming: A[Array, C("-", "has not passed its stop line yet", "?")]


#: Internal lanes a vehicle may use at once: where it is, the three behind, and the next.
LANES_A_USER = 5


class Queues:
    """A row an edge: who waits outside to depart there."""

    head: A[Array, C("-", "first departure", "i4", -1)]
    tail: A[Array, C("-", "last departure", "i4", -1)]


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
