"""What a run is given: the place, who comes, how they behave and by which way they mean to go; read, never changed."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray


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
