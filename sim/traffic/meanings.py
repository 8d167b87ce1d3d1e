"""What the parameters of cards mean; their units, amounts and sources stand in the cards."""

from __future__ import annotations

from sim.park.network import MOVEMENTS

_PLAIN = {
    "length": "of the body",
    "width": "of the body",
    "minimum_gap": "kept at rest, bumper to bumper (CC0)",
    "maximum_speed": "that it can or may drive",
    "maximum_acceleration": "wanted from rest (CC8)",
    "comfortable_deceleration": "wanted at the most",
    "emergency_deceleration": "possible at the most",
    "time_gap": "kept while following",
    "reaction_time": "of Krauss' and Gipps' models",
    "imperfection": "of Krauss' model: share of the acceleration lost at random",
    "minor_time_gap": "kept to those with priority, where gaps are not chosen by their length",
    "impatience": "readiness to make others with priority brake, from the start; 1: full",
    "time_to_impatience": "waiting after which that is full; inf: never",
    "strategic": "eagerness to change lanes for the route; below 0: never",
    "cooperative": "readiness to let others change lanes; 0: never",
    "speed_gain": "eagerness to change lanes for speed",
    "keep_right": "eagerness to return to the right lane",
    "politeness": "weight of what others lose by one's change of lanes (MOBIL)",
    "safety_factor": "share of a gap's usual length that is enough to change lanes",
    "leaders": "leaders looked at: 1 or 2",
    "reaction_delay": "leaders' speeds are seen as they were so long ago",
    "start_delay": "from a change to green until who stands first sets off",
    "error_time": "persistence of errors of perception; 0: none",
    "gap_variation": "relative error of an estimated gap",
    "closing_rate": "error of an estimated closing speed, a metre of gap",
    "yield_rate": "share who let people on foot cross; by default of the class",
    "attention": "share who look before they step onto a crossing without a light",
    "compliance": "share who stop or wait at red",
    "cruise_control": "gain of ACC and CACC on the wanted speed",
    "gap_control": "gain of ACC on the gap",
    "closing_control": "gain of ACC on the speed difference",
    "connected_time_gap": "kept by CACC while the leader is heard",
    "error_control": "gain of CACC on the gap",
    "error_rate_control": "gain of CACC on the change of the gap",
    "cc1": "Wiedemann's CC1: time gap",
    "cc2": "Wiedemann's CC2: by how much the gap may grow unnoticed",
    "cc3": "Wiedemann's CC3: when closing in is noticed, below 0",
    "cc4": "Wiedemann's CC4: speed difference that counts while following, below 0",
    "cc5": "Wiedemann's CC5: the same, above 0",
    "cc6": "Wiedemann's CC6: how these grow with the gap",
    "cc7": "Wiedemann's CC7: acceleration of unconscious swinging",
    "cc9": "Wiedemann's CC9: acceleration at 80 km/h",
}

#: By name of the parameter.
MEANINGS = (
    _PLAIN
    | {f"critical_gap_{x}": f"shortest gap that is taken: {x.replace('_', ' ')}" for x in MOVEMENTS}
    | {f"follow_up_{x}": f"to who takes the same gap next: {x.replace('_', ' ')}" for x in MOVEMENTS}
)
