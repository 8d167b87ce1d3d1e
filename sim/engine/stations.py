"""Lay stations out as arrays: units at the roadside and equipped vehicles, and what each of them says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim import chance
from sim.engine.belief import heeded, reactions
from sim.engine.kinds import code
from sim.engine.sensors import carry_sensors
from sim.engine.told import SIGNAGE, SIGNS
from sim.engine.told_map import roads_to
from sim.engine.told_spat import lights_of
from sim.errors import Fault, ScenarioError
from sim.models.radio import RADIO
from sim.models.radio import Air as Told
from sim.models.radio.packet_delivery import BLOCKS as MOST_BLOCKS
from sim.models.radio.packet_delivery import blocks, packets_wide
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Occurrence, Pilot, Radio
from sim.state import air as tables
from sim.state.air import BEAT, FORGED, MOST_STREAMS
from sim.state.air import RECEIVERS as KINDS
from sim.state.columns import allocate
from sim.traffic.departures import Departures
from sim.v2x import MESSAGES, size_of, size_of_lights

#: Basic safety messages a second of a vehicle [1/s].
OWN_RATE = 1.0 / MESSAGES["bsm"].period
#: What the kernel knows to fill in, by message.
CONTENTS = {"bsm": 1, "spat": 2, "rsm": 3, "rsi": 4, "psm": 1, "vir": 5, "ssm": 3, "clpmm": 6, "rsc": 7, "map": 8}
#: Lists of signs are put together by the unit's application: `sim.engine.told.SIGNS`, a number of their own.
#: What draws about a message are keyed by: its place here, and of further ones of a kind so much more. New messages are
#: added at the end, so that nobody else draws otherwise.
PURPOSES, APART = ("bsm", "map", "psm", "rsc", "rsi", "rsm", "spat", "ssm", "vir", "clpmm"), 9
#: About so many stations of vehicles, and of people on foot, count what they hear, where there are more; assumed.
COUNTED = 128
WALKS = KINDS.index("person"), KINDS.index("vehicle")  #: kinds of receivers: who walks, and who does not
WALKING = ("pedestrian", "wheelchair")  #: classes whose stations say PSM
#: What vehicles can say besides what they are, and with which applications.
BESIDES = {
    "vir": {"cooperative_lane_change", "cooperative_merge", "cooperative_intersection"},
    "ssm": {"sensor_sharing"},
    "clpmm": {"platoon"},
}
#: What a roadside unit says: message, elements of its list, what it needs for it.
ROADSIDE = (("map", 1, ""), ("rsi", 1, ""), ("spat", 1, "signal"), ("rsm", 1, "sensor"), ("rsc", 0, "orders"))
#: Messages that only roadside units say.
SAYS_ROADSIDE = tuple(x for x, _, _ in ROADSIDE)
MOST_BYTES = 32_767  #: that a column of sizes holds
#: Applications that live by signs; and what marks messages of them, and forged ones, in place of a number of elements.
BY_SIGNS, OF_SIGNS, FALSE_EVENT, FALSE_SIGNS = {"signage", "speed_limit"}, 0, -1, -2
MOST_EVENTS = 8  #: that a unit tells of at once, each in an RSI of its own; T/CSAE 53-2020: events of an RSI


def told(radio: Radio) -> Told:
    """What a rung of the ladder is told."""
    payload = radio.payload or MESSAGES["bsm"].size() + radio.header
    return Told(
        range=radio.range,
        rate=radio.rate("bsm", OWN_RATE),
        power=radio.power,
        payload=payload,
        sub_channels=radio.sub_channels,
        data_rate=radio.data_rate,
        loss=radio.loss,
        low=radio.low,
        high=radio.high,
    )


def lay_stations(pilot: Pilot, radio: Radio, departures: Departures, rows: np.ndarray, seed: int) -> tuple[Any, Any]:
    """Stations at the roadside, then those of equipped vehicles, and what each of them says."""
    junctions = pilot.equip.junctions
    stations = allocate(tables.Stations, len(junctions) + len(rows))
    says: list[tuple[int, str, int]] = []  # station, message, elements
    places, by_junction = Names(pilot.park).junction, _signals(pilot.park)
    orders = "cooperative_intersection" in pilot.apps
    sensing = {x.junction: i for i, x in enumerate(pilot.equip.sensors)}
    for i, name in enumerate(junctions):
        s, junction = stations[i], places[name]
        s.key, s.signal, s.block = chance.key(f"roadside {name}"), by_junction.get(junction, -1), i
        s.x, s.y = pilot.park.junctions[junction].x, pilot.park.junctions[junction].y
        s.stream = len(says)
        s.sensor = sensing.get(name, -1)
        able = {"": True, "signal": s.signal >= 0, "sensor": s.sensor >= 0, "orders": orders and s.signal < 0}
        says += [(i, message, count) for message, count, needs in ROADSIDE if able[needs]]
        says += [(i, "rsi", 1)] * (MOST_EVENTS - 1) + [(i, "rsi", OF_SIGNS)] * _tells_signs(pilot)
        says += [(i, "rsi", FALSE_SIGNS if of_a_sign(x) else FALSE_EVENT) for x in forgeries(pilot, name)]
        s.stream_end = len(says)
    n = len(junctions)
    stations["key"][n:] = [chance.key(departures.ids[row]) for row in rows]
    stations["departure"][n:] = rows
    stations["uses"][n:] = heeded(pilot, departures, rows, seed)
    stations["reaction"][n:] = reactions(departures, rows, seed, pilot.clock.step)
    more = [message for message, apps in BESIDES.items() if apps & pilot.apps.keys()]
    stations["stream"][n:] = len(says) + (1 + len(more)) * np.arange(len(rows))
    stations["stream_end"][n:] = stations["stream"][n:] + 1 + len(more)
    for i, message in enumerate(more):
        stations[message][n:] = stations["stream"][n:] + 1 + i
    sense = np.flatnonzero(carry_sensors(pilot, departures, rows, seed))
    stations["sensor"][n + sense] = len(pilot.equip.sensors) + np.arange(len(sense))
    stations["hash"] = _scrambled(seed, stations["key"], 0)
    _choose_counting(pilot, radio, stations, _walking(departures, rows), seed)
    streams = _lay_streams(radio, departures, rows, seed, stations, says)
    roads = roads_to(pilot.park, {places[name] for name in junctions})
    for k, (i, message, _) in enumerate(says):
        if message == "map":
            set_size(streams[k], message, size_of(roads[places[junctions[i]]]), radio)
        elif message == "spat":
            lights = lights_of(pilot.park, int(stations["signal"][i]), places[junctions[i]])
            set_size(streams[k], message, size_of_lights(lights), radio)
    return stations, streams


def _tells_signs(pilot: Pilot) -> bool:
    """Whether units tell of signs."""
    return bool(BY_SIGNS & pilot.apps.keys()) and any(x.kind == "sign" for x in pilot.occurrences)


def of_a_sign(forgery: Occurrence) -> bool:
    """Whether what is forged is a sign, not an event."""
    return forgery.settings.get("tells") == "sign"


def forgeries(pilot: Pilot, junction: str) -> list[Occurrence]:
    """What is forged in the name of a junction's unit, each by a stream of its own behind the unit's."""
    return [x for x in pilot.occurrences if x.kind == "forged_rsi" and x.settings["junction"] == junction]


def _choose_counting(pilot: Pilot, radio: Radio, stations: Any, walks: np.ndarray, seed: int) -> None:
    """Choose who counts what he hears: every unit, and of vehicles and of people on foot some; one at least."""
    n = len(stations) - len(walks)
    stations["tallied"][:n], stations["tallied"][n:] = KINDS.index("roadside"), np.where(walks, *WALKS)
    stations["counts"][:n] = True
    for some in (n + np.flatnonzero(~walks), n + np.flatnonzero(walks)):
        share = 1.0 if pilot.output.messages == "each" else share_counted(radio, len(some))
        draws = chance.uniforms(seed, chance.COUNTED, stations["key"][some])
        stations["counts"][some] = draws < max(share, np.nextafter(draws.min(initial=1.0), 2.0))


def share_counted(radio: Radio, stations: int) -> float:
    """Share of so many stations of a kind who count what they hear [-]; all where every sub-channel is simulated."""
    if RADIO[radio.model].way == "resources":
        return 1.0
    return radio.counted or min(1.0, COUNTED / max(1, stations))


def _walking(departures: Departures, rows: np.ndarray) -> np.ndarray:
    """Which departures are people on foot, (rows,) bool."""
    kinds = np.array([x.vehicle_class in WALKING for x in departures.cards] or [False])
    return np.asarray(kinds[departures.card[rows]])


def _fitting(streams: int) -> int:
    """So many streams of messages, if that many can be told apart."""
    if streams > MOST_STREAMS:
        what = f"equipped vehicles and units would have {streams:,} streams of messages, of which {MOST_STREAMS:,} fit"
        raise ScenarioError(faults=[Fault("equip", what, "wanted smaller shares, fewer trips or a shorter run")])
    return streams


def _lay_streams(
    radio: Radio, departures: Departures, rows: np.ndarray, seed: int, stations: Any, says: list[tuple[int, str, int]]
) -> Any:
    """What stations say: those at the roadside what `says` tells, vehicles what they are, ask for and share."""
    n = len(stations) - len(rows)
    each = int(stations["stream_end"][-1] - stations["stream"][-1]) if len(rows) else 1
    besides = [message for message in BESIDES if len(rows) and stations[message][-1] >= 0]
    streams = allocate(tables.Streams, _fitting(len(says) + each * len(rows)))
    rank = 0  # among messages that are said of themselves
    for k, (station, message, count) in enumerate(says):
        _lay_stream(streams[k], station, message, count, radio)
        before = says[int(stations["stream"][station]) : k]
        more = sum(x[1] == "rsi" for x in before) if message == "rsi" else 0
        if message == "rsi" and count in (OF_SIGNS, FALSE_SIGNS):
            streams["content"][k] = SIGNS
            streams["kind"][k] = code("rsi", SIGNAGE if count == OF_SIGNS else "")
        if count in (FALSE_EVENT, FALSE_SIGNS):
            streams["flaw"][k] = FORGED
        purpose = PURPOSES.index(message) + 1 + more * APART
        streams["hash"][k] = _scrambled(seed, stations["key"][station : station + 1], purpose)[0]
        first = chance.uniforms(seed, chance.SAID, stations["key"][station : station + 1], rank)[0]
        streams["next"][k] = int(first * streams["period"][k])
        rank += more == 0
    mine = streams[len(says) :: each]
    for i, message in enumerate(besides, 1):
        part = streams[len(says) + i :: each]
        _lay_stream(part, n + np.arange(len(rows)), message, 1, radio)
        part["hash"] = _scrambled(seed, stations["key"][n:], PURPOSES.index(message) + 1)
        if message == "ssm":
            part["period"][stations["sensor"][n:] < 0] = 0
        streams[len(says) + i :: each] = part
    walks = _walking(departures, rows)
    for message, some in (("bsm", np.flatnonzero(~walks)), ("psm", np.flatnonzero(walks))):
        part = mine[some]
        _lay_stream(part, n + some, message, 0, radio)
        part["hash"] = _scrambled(seed, stations["key"][n + some], PURPOSES.index(message) + 1)
        mine[some] = part
    streams[len(says) :: each] = mine
    return streams


def _lay_stream(row: Any, station: Any, message: str, count: int, radio: Radio) -> None:
    """What does not change of one or many streams of a message."""
    kind = MESSAGES[message]
    period = 1.0 / radio.rate(message, 1.0 / kind.period)
    row["station"], row["message"], row["content"] = station, MESSAGES.code(message), CONTENTS.get(message, 0)
    row["kind"] = code(message)
    row["pace"] = round(period * BEAT)
    row["period"] = 0 if message in ("rsi", "vir") else round(period * BEAT)
    row["triggered"] = message == "bsm" and radio.trigger == "etsi"
    row["wakes"] = message == "rsi"
    row["about_lane"] = -1
    set_size(row, message, kind.size(max(count, kind.elements[0])), radio)


def set_size(row: Any, message: str, size: int, radio: Radio) -> None:
    """How long a message of one or many streams is [byte], and what it takes of the sidelink."""
    row["bytes"] = min(size + radio.header, MOST_BYTES)
    about = told(radio) if message == "bsm" else replace(told(radio), payload=size + radio.header)
    row["sub_channels"], row["blocks"] = packets_wide(about), min(blocks(about), MOST_BLOCKS)


def _scrambled(seed: int, keys: np.ndarray, purpose: int) -> np.ndarray:
    """Keys mixed with the seed, for draws that need only one step more, (n,) uint64."""
    draws = chance.uniforms(seed, chance.CHANNEL, keys, 2 * purpose)
    more = chance.uniforms(seed, chance.CHANNEL, keys, 2 * purpose + 1)
    high = (draws * 2.0**32).astype(np.uint64) << np.uint64(32)
    return np.asarray(high | (more * 2.0**32).astype(np.uint64))


def _signals(network: Network) -> dict[int, int]:
    """Signal of each junction that has one; those with rings do not tell when they change."""
    kinds = [signal.kind for signal in network.signals]
    return {c.junction: c.signal for c in network.connections if c.signal >= 0 and kinds[c.signal] != "rings"}
