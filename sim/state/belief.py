"""What equipped drivers do with what they hear: which applications there are in the loop, and their settings.

An application has a bit, by its rank; `Stations.uses` tells which of them a driver heeds.
"""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray

#: Applications; the rank of a name is its bit and the value of its events. New ones are added at the end.
NAMES = (
    "cacc", "green_wave", "emergency_brake", "speed_limit", "hazard_warning", "jam_ahead", "intersection_collision",
    "emergency_vehicle", "vulnerable_road_user", "forward_collision", "left_turn_assist", "red_light_violation",
    "lane_change_warning", "cooperative_lane_change", "sensor_sharing",
    "cooperative_merge", "platoon", "cooperative_intersection", "signage",
)  # fmt: skip
#: Ranks of those that act in the loop.
RANK_GREEN_WAVE, RANK_BRAKE, RANK_LIMIT, RANK_CROSSING = 1, 2, 3, 6
RANK_SIREN, RANK_WALKER, RANK_FORWARD, RANK_TURN, RANK_RED, RANK_BESIDE = 7, 8, 9, 10, 11, 12
RANK_HELP, RANK_SHARED, RANK_MERGE, RANK_PLATOON, RANK_PASSAGE = 13, 14, 15, 16, 17
CACC, GREEN_WAVE, EMERGENCY_BRAKE, SPEED_LIMIT = (np.uint32(1 << i) for i in range(4))
INTERSECTION_COLLISION = np.uint32(1 << RANK_CROSSING)
EMERGENCY_VEHICLE, VULNERABLE_ROAD_USER = np.uint32(1 << RANK_SIREN), np.uint32(1 << RANK_WALKER)
FORWARD_COLLISION, LEFT_TURN_ASSIST = np.uint32(1 << RANK_FORWARD), np.uint32(1 << RANK_TURN)
RED_LIGHT_VIOLATION, LANE_CHANGE_WARNING = np.uint32(1 << RANK_RED), np.uint32(1 << RANK_BESIDE)
COOPERATIVE_LANE_CHANGE, SENSOR_SHARING = np.uint32(1 << RANK_HELP), np.uint32(1 << RANK_SHARED)
COOPERATIVE_MERGE, PLATOON = np.uint32(1 << RANK_MERGE), np.uint32(1 << RANK_PLATOON)
COOPERATIVE_INTERSECTION = np.uint32(1 << RANK_PASSAGE)


class Apps:
    """One row: settings of the applications that act in the loop, and sums of the run."""

    acting: A[Array, C("-", "somebody may be advised", "?")]
    event: A[Array, C("-", "kind of the record that tells of advice", "i4")]
    cacc_lifetime: A[Array, C("s", "age of the leader's last message from which on he is not heard any more")]
    cacc_time: A[Array, C("-", "steps in which somebody followed a leader by CACC", "i8")]
    cacc_linked: A[Array, C("-", "those of them in which the leader was heard", "i8")]
    cacc_equipped: A[Array, C("-", "those of them in which the leader was equipped", "i8")]
    green_wave_range: A[Array, C("m", "to the line, within which advice is given")]
    green_wave_minimum: A[Array, C("m/s", "slowest advice")]
    green_wave_factor: A[Array, C("-", "fastest advice over the limit")]
    green_wave_margin: A[Array, C("s", "after the begin of green, at which one wants to be at the line")]
    green_wave_lifetime: A[Array, C("s", "age of SPAT from which on it is not believed any more")]
    emergency_brake_range: A[Array, C("m", "up to which hard braking ahead matters")]
    emergency_brake_threshold: A[Array, C("m/s2", "braking from which on it is hard")]
    emergency_brake_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    intersection_collision_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    speed_limit_lifetime: A[Array, C("s", "age of MAP from which on it is not believed any more")]
    vulnerable_road_user_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    emergency_vehicle_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    emergency_vehicle_behind: A[Array, C("m", "up to which one behind is made way for")]
    forward_collision_range: A[Array, C("m", "how far ahead it matters")]
    forward_collision_threshold: A[Array, C("m/s2", "braking needed from which on it warns")]
    forward_collision_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    left_turn_assist_margin: A[Array, C("s", "least time between leaving a path and somebody's coming to it")]
    left_turn_assist_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    red_light_violation_range: A[Array, C("m", "to the line, within which it warns")]
    red_light_violation_lifetime: A[Array, C("s", "age of SPAT from which on it is not believed any more")]
    lane_change_warning_ttc: A[Array, C("s", "time to collision of one behind, below which it warns")]
    lane_change_warning_beside: A[Array, C("m", "behind the own rear, where one is warned of whoever is there")]
    lane_change_warning_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    cooperative_lane_change_lifetime: A[Array, C("s", "age of a request from which on it is not believed any more")]
    sensor_sharing_lifetime: A[Array, C("s", "age of what others sense from which on it is not believed any more")]
    cooperative_merge_range: A[Array, C("m", "before the end of the own way, within which one asks and makes room")]
    cooperative_merge_gap: A[Array, C("s", "between who merges and who lets him in")]
    cooperative_merge_braking: A[Array, C("m/s2", "hardest braking to make room")]
    cooperative_merge_lifetime: A[Array, C("s", "age of an intention from which on it is not believed any more")]
    cooperative_intersection_range: A[Array, C("m", "to the line, within which one says when one comes")]
    cooperative_intersection_margin: A[Array, C("s", "between one's being gone and the next one's coming")]
    cooperative_intersection_gap: A[Array, C("s", "behind who merges")]
    cooperative_intersection_braking: A[Array, C("m/s2", "hardest braking to be there no sooner than ordered")]
    cooperative_intersection_lifetime: A[Array, C("s", "age of a message from which on it is not believed any more")]
    platoon_range: A[Array, C("m", "gap up to which one asks to join who is ahead")]
    platoon_most: A[Array, C("-", "vehicles of a platoon at most")]
    platoon_factor: A[Array, C("-", "speed over the limit with which one closes up")]
    platoon_leave: A[Array, C("m", "before the own way parts, where one leaves")]
    platoon_hold: A[Array, C("s", "from leaving a platoon to asking again")]
    platoon_lifetime: A[Array, C("s", "age of a message from which on one leaves for it is not heard any more")]
    platoon_event: A[Array, C("-", "kind of the record that tells that one has left", "i4")]
    platoon_time: A[Array, C("-", "steps in which somebody drove in a platoon, its leader apart", "i8")]
    platoon_drive: A[Array, C("-", "steps in which somebody who could drove", "i8")]
    platoon_lost: A[Array, C("-", "times one left for he did not hear who is ahead, or who leads", "i8")]
    platoon_stranger: A[Array, C("-", "times one left for another one is ahead", "i8")]
    platoon_left: A[Array, C("-", "times one left for his way parts", "i8")]
    platoon_longest: A[Array, C("-", "vehicles of the longest platoon", "i8")]


class Pacts:
    """A row a station: what it means to do, asks others for, and has agreed to with them."""

    meant: A[Array, C("-", "row of `Merges` into which it means to merge; -1: none", "i4", -1)]
    meant_at: A[Array, C("beat", "when it expects to be there", "i8")]
    meant_speed: A[Array, C("m/s", "how fast then")]
    admits: A[Array, C("-", "station that it lets in before itself where ways merge; -1: none", "i4", -1)]
    crosses: A[Array, C("-", "link to whose line it comes, where a unit orders; -1: none", "i4", -1)]
    crosses_at: A[Array, C("beat", "when it expects to be there", "i8")]
    crosses_speed: A[Array, C("m/s", "how fast then")]
    crosses_time: A[Array, C("s", "from there until its rear is over the junction")]
    keeps: A[Array, C("-", "it keeps to what was ordered", "?")]
    kept: A[Array, C("beat", "before which it is not there, then", "i8")]
    lead: A[Array, C("-", "station at the head of its platoon; -1: alone, or leads itself", "i4", -1)]
    rank: A[Array, C("-", "place in its platoon, behind that one's 0", "i4")]
    after: A[Array, C("-", "station ahead of it in its platoon; -1: leads one, or is alone", "i4", -1)]
    asks: A[Array, C("-", "station behind which it asks to be; -1: none", "i4", -1)]
    lets: A[Array, C("-", "station that it lets behind itself; -1: none", "i4", -1)]
    parted: A[Array, C("-", "step until which it asks nobody, after it has left a platoon", "i8")]
