"""What changes each step: vehicles, lanes, signals, and what is noted of them."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray


class Junctions:
    """A row a junction: what changes. More than 64 lanes share places, so that a set place says *perhaps*."""

    occupied: A[Array, C("-", "places of lanes with somebody on them, set before decisions", "u8")]
    approached: A[Array, C("-", "places of lanes that somebody has told to approach in this step", "u8")]


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
