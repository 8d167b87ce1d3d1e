"""What can be written into events.parquet: every kind of event, and what its columns mean.

A kind's code is its rank here, which compiled code knows; new kinds are added at the end.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.state.belief import NAMES


class EventKind(NamedTuple):
    """A kind of event.

    Args:
        meaning: what has happened.
        value: what the column `value` holds, with its unit; empty: 0.
        subject: whom the column `subject` names; empty: nobody.
        other: whom the column `other` names; empty: nobody.
    """

    name: str
    meaning: str
    value: str = ""
    subject: str = "vehicle"
    other: str = ""


#: Faults of the radio.
FAULTS = ("rsu_down", "backhaul_out", "stale_map", "forged_rsi", "jamming", "clock_drift", "gnss_error")
_FAULT = f"which: {', '.join(f'{rank} {name}' for rank, name in enumerate(FAULTS))}"
_WHERE = "junction or card that has it, of `jamming` the junction in its middle; null: all vehicles"
_APP = f"which: {', '.join(f'{rank} {name}' for rank, name in enumerate(NAMES))}"
_SIGN = "limit [m/s]; 0: it tells to keep one's lane"
_WAY = "0: along the drawing, 1: against it"

KINDS = (
    EventKind("depart", "comes on the road", "speed [m/s]"),
    EventKind("arrive", "leaves the road at the end of its trip"),
    EventKind("collision", "touches another", "speed of the impact [m/s]", other="whom it touches"),
    EventKind("emergency_braking", "brakes about as hard as it can, once an episode", "deceleration [m/s2]"),
    EventKind("red_light_entry", "passes the line at red", "speed [m/s]"),
    EventKind(
        "lane_change",
        "begins to change lanes; the lane is the new one",
        "why: 1 route, 2 speed, 3 keep right, 4 makes way to one on call",
    ),
    EventKind("stop_begin", "stands at a planned halt", "rank of the halt among all of the run, from 0"),
    EventKind("stop_end", "goes on from a planned halt", "rank of the halt, as when it began"),
    EventKind("signal", "a signal goes on to its next phase", "rank of the phase, from 0", "signal"),
    EventKind("jam", "a jam that cannot dissolve: the run is invalid", "vehicles in it", "one of those in it"),
    EventKind("close", "lanes are closed; the lane is the first of them", "lanes", ""),
    EventKind("open", "closed lanes are open again; the lane is the first of them", "lanes", ""),
    EventKind("incident_begin", "a lane is blocked", "", ""),
    EventKind("incident_end", "a blocked lane is free again", "", ""),
    EventKind("reroute", "chooses another way on the road", "edges to go, the one it is on included"),
    EventKind("heard", "hears a message that an application waits for", "number of the stream, of the kernel's own"),
    EventKind("advice", "an application begins to advise or warn", _APP, other="whom it warns of, where that is one"),
    EventKind(
        "transition_demand", "the system asks for a driver", "rank of the cause: as named, by name; then odd_exit"
    ),
    EventKind("take_over", "somebody has taken over", "time since the demand [s]"),
    EventKind("minimal_risk_manoeuvre", "nobody has answered: it brakes to standstill", "deceleration [m/s2]"),
    EventKind("ads_off", "a driver drives from now on", "way driven so far [m]"),
    EventKind("ads_on", "the system drives again", "way driven so far [m]"),
    EventKind(
        "remote_help",
        "a stop was cleared by an operator, or by somebody who came",
        "wait for an operator [s]; 0 without a desk",
    ),
    EventKind("passage_open", "a passage is open to a direction; the lane is its", _WAY, ""),
    EventKind("passage_shut", "a passage is shut for those who would follow", _WAY, ""),
    EventKind("fault_begin", "a fault of the radio begins; the lane is what a forged RSI tells of", _FAULT, _WHERE),
    EventKind("fault_end", "a fault of the radio ends", _FAULT, _WHERE),
    EventKind("platoon_split", "leaves its platoon", "why: 0 leaves, 1 not heard, 2 a stranger, 3 too long"),
    EventKind("sign_begin", "a sign holds from now on; the lane is the first where it does", _SIGN, ""),
    EventKind("sign_end", "a sign holds no more", _SIGN, ""),
)
