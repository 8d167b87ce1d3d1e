"""Real bytes: sizes to the byte, there and back, and read by hand from the list of fields, without any schema."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.told_map import roads_to
from sim.engine.told_signs import size_of_signs
from sim.errors import SimError
from sim.park.importers.geojson import read
from sim.v2x import MESSAGES, OFFSETS, Field, Message, Road, Sign, Strip, Way, size_of
from sim.v2x.encoding import decode, encode, schema

pytest.importorskip("asn1tools")

CAR = {
    "second": 12.345,
    "latitude": 23.3312345,
    "longitude": 113.0765432,
    "speed": 13.889,
    "heading": 271.23,
    "acceleration": -1.234,
    "lateral_acceleration": 0.12,
    "vertical_acceleration": 0.0,
    "yaw_rate": 3.21,
    "width": 1.85,
    "length": 4.76,
}
SEEN = {
    "second": 12.3,
    "kind": 1.0,
    "offset_latitude": 1.2e-4,
    "offset_longitude": -3.4e-4,
    "speed": 4.0,
    "heading": 90.0,
    "width": 1.8,
    "length": 4.5,
}
PHASE = {"phase": 3.0, "light": 6.0, "start": 0.0, "likely_end": 12.3}
TIMED = {**PHASE, "minimum_end": 5.0, "maximum_end": 30.0, "confidence": 0.45}
HERE = {"latitude": 23.33, "longitude": 113.08}
JUNCTION = {**HERE, "junction": 7.0}
NOW = {"junction": 4.0, "minute": 12.0, "second": 3.5}
#: What a vehicle may say besides.
ACCURATE = {
    "elevation": 10.0,
    "height": 1.5,
    "wheel_angle": -30.0,
    "time_confidence": 9.0,
    "semi_major": 0.5,
    "semi_minor": 0.25,
    "orientation": 90.0,
    "position_confidence": 8.0,
    "elevation_confidence": 7.0,
    "speed_confidence": 1.0,
    "heading_confidence": 2.0,
    "wheel_confidence": 3.0,
}
AHEAD = {"events": 129.0, "curve_radius": -250.0, "curve_confidence": 0.5}
PASSED = {"offset_latitude": -7e-7, "offset_longitude": 5e-7, "offset_elevation": 0.1, "ago": 0.1}


class Bits:
    """Reads whole numbers out of bytes, bit by bit."""

    def __init__(self, data: bytes) -> None:
        self.text = "".join(f"{x:08b}" for x in data)
        self.at = 0

    def take(self, width: int, low: int = 0) -> int:
        self.at += width
        return int(self.text[self.at - width : self.at], 2) + low


def test_a_safety_message_is_read_by_hand() -> None:
    data = encode("bsm", CAR, number=300, who=b"car7")
    assert len(data) == 36 == MESSAGES["bsm"].size()
    b = Bits(data)
    assert (b.take(1), b.take(3), b.take(1), b.take(7)) == (0, 0, 0, 0)  # frame, message, nothing optional
    assert b.take(7) == 300 % 128
    assert bytes(b.take(8) for _ in range(8)) == b"car7\0\0\0\0"
    assert b.take(16) == 12_345
    assert b.take(1) == 0  # no elevation
    assert b.take(31, -900_000_000) == 233_312_345
    assert b.take(32, -1_799_999_999) == 1_130_765_432
    assert b.take(3) == 7
    assert b.take(13) == round(13.889 / 0.02)
    assert b.take(15) == round(271.23 / 0.0125)
    assert [b.take(12, -2000), b.take(12, -2000), b.take(8, -127), b.take(16, -32_767)] == [-123, 12, 0, 321]
    assert b.take(7) == 0  # nothing on brakes
    assert (b.take(1), b.take(10), b.take(12)) == (0, 185, 476)
    assert (b.take(1), b.take(1), b.take(8)) == (0, 0, 0)
    assert b.at == MESSAGES["bsm"].bits
    assert set(b.text[b.at :]) <= {"0"}


def test_what_was_said_is_what_is_read() -> None:
    name, told, rest = decode(encode("bsm", CAR))
    assert (name, rest) == ("bsm", [])
    assert told == pytest.approx(MESSAGES["bsm"].carried(CAR))
    name, told, objects = decode(encode("rsm", HERE, [SEEN, SEEN]))
    assert name == "rsm"
    assert told == pytest.approx(HERE)
    assert objects == [pytest.approx(MESSAGES["rsm"].carried(SEEN))] * 2
    name, told, phases = decode(encode("spat", NOW, [PHASE, TIMED]))
    assert (name, told) == ("spat", NOW)
    assert phases[0] == pytest.approx(PHASE)
    assert phases[1] == pytest.approx(TIMED)


def test_of_an_object_only_the_acceleration_that_is_seen_is_told() -> None:
    data = encode("rsm", HERE, [{**SEEN, "acceleration": -1.5}])
    told = schema().decode("MessageFrame", data)[1]["participants"][0]["accelSet"]
    assert told == {"long": -150, "lat": 2001, "vert": -127, "yaw": 0}
    assert decode(data)[2] == [pytest.approx(MESSAGES["rsm"].carried({**SEEN, "acceleration": -1.5}))]


@pytest.mark.parametrize("count", [1, 8, 16])
def test_sizes_of_objects(count: int) -> None:
    data = encode("rsm", HERE, [SEEN] * count)
    assert len(data) == MESSAGES["rsm"].size(count) == {1: 36, 8: 157, 16: 296}[count]
    told = schema().decode("MessageFrame", data)[1]
    rich = {
        "id": bytes(8),
        "transmission": 2,
        "angle": 0,
        "motionCfd": {"speedCfd": 1, "headingCfd": 1, "steerCfd": 1},
        "accelSet": {"long": 0, "lat": 0, "vert": 0, "yaw": 0},
        "vehicleClass": {"classification": 10},
    }
    told["refPos"]["elevation"] = 100
    told["participants"] = [{**x, **rich} for x in told["participants"]]
    full = len(schema().encode("MessageFrame", ("rsmFrame", told)))
    assert full == MESSAGES["rsm"].size(count, full=True) == {1: 56, 8: 303, 16: 586}[count]


def test_sizes_of_signals() -> None:
    assert len(encode("spat", NOW, [{**PHASE, "phase": float(x)} for x in range(4)])) == MESSAGES["spat"].size(4) == 43
    for phases, size in ((4, 149), (8, 284)):
        lights = [{**TIMED, "phase": float(x), "light": float(y)} for x in range(phases) for y in (3, 6, 7)]
        data = encode("spat", NOW, lights)
        assert len(data) == MESSAGES["spat"].size(phases, full=True) == size
        assert decode(data)[2] == [pytest.approx(x) for x in lights]


EVENT = {
    "kind": 401.0,
    "radius": 12.5,
    "speed": 30.0 / 3.6,
    "priority": 3.0,
    "offset_latitude": 2e-4,
    "offset_longitude": -3.1e-3,
}


@pytest.mark.parametrize("count", [1, 3, 8])
def test_sizes_of_warnings(count: int) -> None:
    here = {**HERE, "minute": 12.0}
    data = encode("rsi", here, [EVENT] * count)
    assert len(data) == MESSAGES["rsi"].size(count)
    name, told, events = decode(data)
    assert (name, told) == ("rsi", pytest.approx(here))
    assert events == [pytest.approx(MESSAGES["rsi"].carried(EVENT))] * count
    assert MESSAGES["rsi"].size() == 56, "as measured with an independent encoder"


@pytest.mark.parametrize("name", ["crossroads", "priority_crossroads", "roundabout", "auto_city", "merge"])
def test_sizes_of_maps_are_those_of_what_they_tell(name: str) -> None:
    park = read(Path(__file__).parents[2] / "maps" / f"{name}.geojson")
    sizes = set()
    for roads in roads_to(park, set(range(len(park.junctions)))).values():
        sizes.add(size_of(roads))
        assert len(encode("map", JUNCTION, roads)) == size_of(roads)
        assert decode(encode("map", JUNCTION, roads))[2] == [carried(x) for x in roads]
    assert len(sizes) > 1


def test_roads_of_every_kind_of_offset() -> None:
    for most, _ in OFFSETS:
        for lat, lon in ((most - 1, 0), (-most, 5), (0, -most), (7, most - 1), (most, 1 - most)):
            roads = [Road(3, 13.9, ((lat, lon), (0, 0)), (Strip(3.5), Strip(3.2, (Way(9, 1), Way(9, 0)))))]
            if abs(lat) < OFFSETS[-1][0]:
                assert len(encode("map", JUNCTION, roads)) == size_of(roads), (lat, lon)


@pytest.mark.parametrize(("points", "size"), [(0, 47), (5, 95), (10, 136), (23, 243)])
def test_sizes_of_safety_messages_with_accuracy_and_history(points: int, size: int) -> None:
    values = {**CAR, **ACCURATE, **(AHEAD if points else {})}
    data = encode("bsm", values, [PASSED] * points)
    assert len(data) == size
    assert not points or MESSAGES["bsm"].size(points, full=True) == size
    name, told, passed = decode(data)
    assert (name, told) == ("bsm", pytest.approx(MESSAGES["bsm"].carried(values)))
    assert passed == [pytest.approx(PASSED)] * points


def test_what_a_vehicle_may_say_besides_is_read_by_hand() -> None:
    b = Bits(encode("bsm", {**CAR, **ACCURATE, **AHEAD}, [PASSED]))
    assert (b.take(1), b.take(3)) == (0, 0)
    assert b.take(1) == 0  # no extension
    assert b.take(7) == 0b1111110  # time, accuracy, confidence, angle, motion, safety; no emergency
    b.take(7 + 64 + 16)
    assert b.take(6) == 9
    assert b.take(1) == 1
    b.take(31 + 32)
    assert b.take(16, -4096) == 100
    assert [b.take(8), b.take(8), b.take(16)] == [10, 5, round(90.0 / (360.0 / 65_535))]
    assert (b.take(1), b.take(4), b.take(4)) == (1, 8, 7)
    b.take(3 + 13 + 15)
    assert b.take(8, -126) == -20
    assert (b.take(3), b.take(3), b.take(3), b.take(2)) == (0b111, 1, 2, 3)
    b.take(48 + 7)
    assert (b.take(1), b.take(22), b.take(7)) == (1, 185 << 12 | 476, 30)
    b.take(10)
    assert (b.take(1), b.take(4)) == (0, 0b1110)  # events, the way driven, the way ahead; no lights
    assert (b.take(1), b.take(13)) == (0, 0b1000000100000)  # hazard lights, hard braking
    assert (b.take(1), b.take(2), b.take(5, 1)) == (0, 0, 1)
    assert (b.take(1), b.take(3)) == (0, 0)
    assert (b.take(1), b.take(3), b.take(16, -32_768), b.take(16, -32_768)) == (1, 2, 5, -7)
    assert (b.take(3), b.take(7, -64), b.take(16, 1)) == (0, 1, 10)
    assert (b.take(1), b.take(16, -32_767), b.take(8)) == (0, -2500, 100)
    assert set(b.text[b.at :]) <= {"0"}


def test_another_library_reads_the_same(tmp_path: Path) -> None:
    compiler = pytest.importorskip("pycrate_asn1c.asnproc")
    from pycrate_asn1c.generator import PycrateGenerator

    compiler.compile_text(Path(__file__).parents[2].joinpath("sim", "v2x", "schema.asn").read_text())
    PycrateGenerator(dest=str(tmp_path / "pilotzone_schema.py"))
    spec = importlib.util.spec_from_file_location("pilotzone_schema", tmp_path / "pilotzone_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    frame = module.PilotZone.MessageFrame
    for data in (
        encode("bsm", CAR, who=b"car7"),
        encode("bsm", {**CAR, **ACCURATE, **AHEAD}, [PASSED, {**PASSED, "offset_elevation": -204.8}]),
        encode("rsm", {**HERE, "elevation": 3.0}, [SEEN, {**SEEN, "acceleration": -2.0}]),
        encode("spat", NOW, [TIMED] * 4),
        encode("rsi", HERE, [EVENT, EVENT, BOARD, replace(BOARD, end=5)]),
        encode("map", JUNCTION, [Road(3, 13.9, ((7, -5000), (0, 9)), (Strip(3.5), Strip(3.2, (Way(9, 1, 4),))))]),
    ):
        frame.from_uper(data)
        assert frame.to_uper() == data
        assert frame.get_val()[0] == schema().decode("MessageFrame", data)[0]


def carried(road: Road) -> Road:
    width, speed = (MESSAGES["map"].field(x).carried for x in ("lane_width", "speed_limit"))
    return replace(road, speed=speed(road.speed), strips=tuple(replace(x, width=width(x.width)) for x in road.strips))


def told_by(field: Field) -> st.SearchStrategy[float]:
    """All that a field can tell: its extremes, between two counts, and not available."""
    if field.turn:
        return st.floats(-1e4, 1e4) | st.sampled_from((0.0, -0.001, 359.999, 360.0)) | st.just(math.nan)
    whole = field.resolution == 1.0
    between = st.just(0.0) if whole else st.floats(-0.49, 0.49)
    some = st.builds(lambda n, x: (n + x) * field.resolution, st.integers(field.low, field.high), between)
    ends = st.sampled_from((field.low * field.resolution, field.high * field.resolution))
    return some | ends | (st.nothing() if field.unknown is None else st.just(math.nan))


def named(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, float]]:
    must, may = ({x.name: told_by(x) for x in fields if x.optional == y} for y in (False, True))
    return st.fixed_dictionaries(must, optional=may)


def said(name: str) -> st.SearchStrategy[tuple[dict[str, float], list[dict[str, float]]]]:
    message = MESSAGES[name]
    least, _ = message.elements
    return st.tuples(named(message.fields), st.lists(named(message.each), min_size=least, max_size=4))


def same(told: Mapping[str, float], values: Mapping[str, float], message: Message) -> bool:
    carried = message.carried(values)
    told, carried = ({name: "nan" if math.isnan(x) else x for name, x in y.items()} for y in (told, carried))
    return told == carried


def together(values: dict[str, float]) -> dict[str, float]:
    """A vehicle whose accuracies are told together, as they must be."""
    groups = (("semi_major", "semi_minor", "orientation"), ("curve_radius", "curve_confidence"))
    apart = {x for group in groups if not set(group) <= set(values) for x in group}
    apart |= set() if "position_confidence" in values else {"elevation_confidence"}
    return {name: x for name, x in values.items() if name not in apart}


@pytest.mark.parametrize("name", ["bsm", "rsi", "rsm", "spat"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_said_is_read_as_far_as_fields_carry_it(name: str, data: st.DataObject) -> None:
    values, elements = data.draw(said(name))
    values = together(values)
    message, read, list_read = decode(encode(name, values, elements))
    assert message == name
    assert same(read, values, MESSAGES[name])
    assert len(list_read) == len(elements)
    assert all(same(x, y, MESSAGES[name]) for x, y in zip(list_read, elements, strict=True))


WAY = st.builds(Way, st.integers(0, 65_535), st.integers(0, 255), st.integers(-1, 255))
STRIP = st.builds(Strip, st.floats(0.0, 80.0), st.lists(WAY, max_size=4).map(tuple))
POINT = st.tuples(*[st.integers(-8_388_608, 8_388_607) | st.integers(-9000, 9000)] * 2)
ROAD = st.builds(
    Road,
    st.integers(0, 65_535),
    told_by(MESSAGES["map"].field("speed_limit")),
    st.lists(POINT, min_size=2, max_size=31).map(tuple),
    st.lists(STRIP, min_size=1, max_size=4).map(tuple),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=named(MESSAGES["map"].fields), roads=st.lists(ROAD, max_size=4))
def test_whatever_roads_are_told_are_read(values: dict[str, float], roads: list[Road]) -> None:
    name, read, found = decode(encode("map", values, roads))
    assert name == "map"
    assert same(read, values, MESSAGES["map"])
    assert repr(found) == repr([carried(x) for x in roads])  # by what is written, for nan


SIGN = st.builds(
    Sign,
    st.integers(0, 65_535),
    st.text(st.characters(max_codepoint=127), min_size=1, max_size=20),
    st.tuples(POINT, POINT),
    told_by(MESSAGES["rsi"].field("radius")),
    st.integers(0, 527_040),
    st.none() | st.integers(0, 527_040),
    st.integers(0, 7),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(signs=st.lists(SIGN, min_size=1, max_size=16), events=st.integers(0, 8))
def test_whatever_signs_are_told_are_read(signs: list[Sign], events: int) -> None:
    data = encode("rsi", {**HERE, "minute": 1.0}, [*signs, *[EVENT] * events])
    assert events or len(data) == size_of_signs(signs)
    _, _, read = decode(data)
    assert read[:events] == [pytest.approx(MESSAGES["rsi"].carried(EVENT))] * events
    radius = MESSAGES["rsi"].field("radius").carried
    assert read[events:] == [replace(x, radius=radius(x.radius)) for x in signs]


def test_the_most_that_lists_of_roads_hold() -> None:
    lanes = tuple(Strip(10.0, (Way(x, 255, -1),)) for x in range(32))
    ways = (Strip(327.67, tuple(Way(x, x, x) for x in range(16))),)
    for roads in ([Road(1, 163.8, ((1, 1),) * 31, lanes)], [Road(0, 0.0, ((0, 0),) * 2, ways)] * 32):
        assert decode(encode("map", JUNCTION, roads))[2] == [carried(x) for x in roads]


@pytest.mark.parametrize(
    ("angle", "read"), [(360.0, 0.0), (-1.0, 359.0), (359.995, 0.0), (359.99, 359.9875), (725.0, 5.0)]
)
def test_headings_go_round(angle: float, read: float) -> None:
    assert decode(encode("bsm", {**CAR, "heading": angle}))[1]["heading"] == pytest.approx(read)
    assert decode(encode("rsm", HERE, [{**SEEN, "heading": angle}]))[2][0]["heading"] == pytest.approx(read)


STRIPS = (Strip(3.5, (Way(9, 1, 4),)),)
LINE = ((7, -5000), (0, 9))
BOARD = Sign(85, "030", ((1, 2), (3, 4)), 3.5)
WRONG = [
    ("rsi", HERE, [], "rsi: events: 0 cannot be told; wanted 1 to 8"),
    ("rsi", HERE, [BOARD] * 17, "rsi: signs: 17 cannot be told; wanted 0 to 16"),
    ("rsi", HERE, [BOARD, *[EVENT] * 9], "rsi: events: 9 cannot be told; wanted 0 to 8"),
    ("rsi", HERE, [BOARD, replace(BOARD, kind=-1)], "rsi: sign 2: kind: -1 cannot be told"),
    ("rsi", HERE, [replace(BOARD, text="学校")], "rsi: sign 1: text: '学校' cannot be told; wanted 1 to 512 letters"),
    ("rsi", HERE, [replace(BOARD, text="")], "rsi: sign 1: text: '' cannot be told"),
    ("rsi", HERE, [replace(BOARD, radius=-1.0)], "rsi: sign 1: radius: -1.0 cannot be told; wanted 0 to 6553.5 m"),
    ("rsi", HERE, [replace(BOARD, start=527_041)], "rsi: sign 1: start: 527041 cannot be told"),
    ("rsi", HERE, [replace(BOARD, end=-5)], "rsi: sign 1: end: -5 cannot be told"),
    ("rsi", HERE, [replace(BOARD, priority=8)], "rsi: sign 1: priority: 8 cannot be told; wanted a whole"),
    ("rsi", HERE, [replace(BOARD, points=((9, 0),))], "rsi: sign 1: points: 1 cannot be told; wanted 2 to 2"),
    ("bsm", CAR, [PASSED] * 24, "bsm: points: 24 cannot be told; wanted 0 to 23"),
    ("rsm", HERE, [SEEN] * 17, "rsm: objects: 17 cannot be told; wanted 1 to 16"),
    ("rsm", HERE, [], "rsm: objects: 0 cannot be told; wanted 1 to 16"),
    ("rsm", HERE, None, "rsm: objects: None is no list; wanted 1 to 16"),
    ("rsi", HERE, [EVENT] * 9, "rsi: events: 9 cannot be told; wanted 1 to 8"),
    ("spat", NOW, [], "spat: lights: 0 cannot be told"),
    ("spat", NOW, [{**PHASE, "phase": float(x)} for x in range(17)], "spat: phases: 17 cannot be told; wanted"),
    ("spat", NOW, [PHASE] * 17, "spat: phase 3: lights: 17 cannot be told; wanted 1 to 16"),
    ("map", JUNCTION, [Road(3, 13.9, LINE, STRIPS)] * 33, "map: roads: 33 cannot be told; wanted 0 to 32"),
    ("map", JUNCTION, [Road(3, 13.9, LINE[:1], STRIPS)], "map: road 1: points: 1 cannot be told; wanted 2 to 31"),
    ("map", JUNCTION, [Road(3, 13.9, LINE, ())], "map: road 1: lanes: 0 cannot be told; wanted 1 to 32"),
    ("map", JUNCTION, [Road(3, 13.9, ((10_000_000, 0), (0, 0)), STRIPS)], "map: road 1: point 1: (10000000, 0) cannot"),
    ("map", JUNCTION, [Road(3, 13.9, ((0.5, 0), (0, 0)), STRIPS)], "map: road 1: point 1: (0.5, 0) cannot be told"),
    ("map", JUNCTION, [Road(65_536, 13.9, LINE, STRIPS)], "map: road 1: start: 65536 cannot be told; wanted a whole"),
    ("map", JUNCTION, [Road(3, 164.0, LINE, STRIPS)], "map: road 1: speed_limit: 164.0 cannot be told; wanted 0 to"),
    ("map", JUNCTION, [Road(3, 1.0, LINE, (Strip(328.0),))], "map: road 1: lane 1: lane_width: 328.0 cannot be told"),
    ("map", JUNCTION, [Road(3, 1.0, LINE, (Strip(300.0),) * 2)], "map: road 1: width of all lanes: 600.0 cannot"),
    ("map", JUNCTION, [Road(3, 1.0, LINE, (Strip(3.0, (Way(9, 0),) * 17),))], "map: road 1: lane 1: ways: 17 cannot"),
    ("map", JUNCTION, [Road(3, 1.0, LINE, (Strip(3.0, (Way(9, 256),)),))], "map: road 1: lane 1: way 1: lane: 256"),
    ("map", JUNCTION, [Road(3, 1.0, LINE, (Strip(3.0, (Way(9, 0, 256),)),))], "map: road 1: lane 1: way 1: phase: 256"),
    ("map", JUNCTION, [EVENT], "map: road 1: {'kind': 401.0"),
    ("map", HERE, [], "map: junction: is missing; wanted a whole number, 0 to 65535"),
    ("rsm", {"latitude": 95.0, "longitude": 0.0}, [SEEN], "rsm: latitude: 95.0 cannot be told; wanted -90 to 90 deg,"),
    ("rsm", {"latitude": 9.0}, [SEEN], "rsm: longitude: is missing; wanted -179.9999999 to 180 deg, or nan"),
    ("rsm", HERE, [SEEN, {**SEEN, "kind": 5.0}], "rsm: object 2: kind: 5.0 cannot be told; wanted a whole number, 0"),
    ("rsm", HERE, [{**SEEN, "kind": -1.0}], "rsm: object 1: kind: -1.0 cannot be told"),
    ("rsm", HERE, [{**SEEN, "kind": 1.5}], "rsm: object 1: kind: 1.5 cannot be told"),
    ("rsm", HERE, [{**SEEN, "kind": math.nan}], "rsm: object 1: kind: nan cannot be told"),
    ("rsm", HERE, [3.0], "rsm: object 1: 3.0 is not told by name; wanted numbers by name: second, kind"),
    ("spat", NOW, [{**PHASE, "light": 9.0}], "spat: light 1: light: 9.0 cannot be told; wanted a whole number, 0 to 8"),
    ("bsm", {**CAR, "foo": 1.0}, [], "bsm: has no field foo; wanted some of second, latitude"),
    ("bsm", {**CAR, "sped": 1.0}, [], "bsm: has no field sped; did you mean speed?"),
    ("bsm", {**CAR, "speed": math.inf}, [], "bsm: speed: inf cannot be told; wanted 0 to 163.8 m/s"),
    ("bsm", {**CAR, "speed": "fast"}, [], "bsm: speed: 'fast' cannot be told"),
    ("bsm", {**CAR, "speed": 10**400}, [], "bsm: speed: 1000000"),
    ("bsm", {**CAR, "yaw_rate": math.nan}, [], "bsm: yaw_rate: nan cannot be told; wanted -327.67 to 327.67 deg/s"),
    ("bsm", {**CAR, "semi_major": 1.0}, [], "bsm: semi_minor: is missing; wanted, as semi_major is told"),
    ("bsm", {**CAR, "semi_minor": 1.0, "orientation": 1.0}, [], "bsm: semi_major: is missing; wanted, as orientation"),
    ("bsm", {**CAR, "semi_major": 1.0, "semi_minor": 1.0}, [], "bsm: orientation: is missing; wanted, as semi_minor"),
    ("bsm", {**CAR, "curve_radius": 9.0}, [], "bsm: curve_confidence: is missing; wanted, as curve_radius is told"),
    ("bsm", {**CAR, "curve_confidence": 1.0}, [], "bsm: curve_radius: is missing; wanted, as curve_confidence is told"),
    ("bsm", {**CAR, "elevation_confidence": 1.0}, [], "bsm: position_confidence: is missing"),
    ("psm", {}, [], "encoding: no schema for psm; "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "elements", "told"), WRONG, ids=[x[-1][:40] for x in WRONG])
def test_what_cannot_be_told_is_refused(name: str, values: Any, elements: Any, told: str) -> None:
    with pytest.raises(SimError) as caught:
        encode(name, values, elements)
    assert str(caught.value).startswith(told)
    assert len(caught.value.faults) == 1


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SimError) as caught:
        encode("rsm", {"latitude": 95.0, "height": 1.0}, [{**SEEN, "kind": 7.0}], number=1.5, who=b"nine bytes")  # type: ignore[arg-type]
    assert [str(x).split("; ")[0] for x in caught.value.faults] == [
        "rsm: has no field height",
        "rsm: latitude: 95.0 cannot be told",
        "rsm: longitude: is missing",
        "rsm: object 1: kind: 7.0 cannot be told",
        "rsm: number: 1.5 cannot be told",
        "rsm: who: b'nine bytes' cannot be told",
    ]
    with pytest.raises(SimError, match=r"map: who: .*wanted up to 0 bytes"):
        encode("map", JUNCTION, who=b"unit")


@pytest.mark.parametrize("name", ["bsm", "map", "rsi", "rsm", "spat"])
def test_every_field_has_its_ends(name: str) -> None:
    message, beyond = MESSAGES[name], 0.6
    spoken = {"bsm": ({**CAR, **ACCURATE, **AHEAD}, [PASSED]), "rsi": ({**HERE, "minute": 1.0}, [EVENT])}
    spoken |= {"rsm": (HERE, [{**SEEN, "acceleration": 1.0}]), "spat": (NOW, [TIMED]), "map": (JUNCTION, [])}
    values, elements = spoken[name]
    told: list[tuple[Field, Callable[[float], tuple[dict[str, float], list[Any]]]]] = []
    told += [(x, lambda v, x=x: ({**values, x.name: v}, elements)) for x in message.fields]
    told += [(x, lambda v, x=x: (values, [{**elements[0], x.name: v}])) for x in message.each if elements]
    assert len(told) == len(message.fields) + (len(message.each) if name != "map" else 0)
    for field, put in told:
        for count, by in ((field.low, -1), (field.high, 1)):
            encode(name, *put(count * field.resolution))
            if not field.turn:
                with pytest.raises(SimError, match=f"{field.name}: .*cannot be told; wanted"):
                    encode(name, *put((count + by * beyond) * field.resolution))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "encoding: 0 bytes cannot be read"),
        (b"garbage", "encoding: 7 bytes cannot be read"),
        (b"\xff" * 40, "encoding: 40 bytes cannot be read"),
        (encode("bsm", CAR)[:-1], "encoding: 35 bytes cannot be read"),
        (encode("bsm", CAR) + b"x", "bsm: 37 bytes, of which it has 36; wanted those of one message"),
        ("text", "encoding: 'text' are no bytes"),
    ],
)
def test_other_bytes_are_refused(data: Any, told: str) -> None:
    with pytest.raises(SimError) as caught:
        decode(data)
    assert str(caught.value).startswith(told)


MADE = [
    encode("bsm", {**CAR, **ACCURATE, **AHEAD}, [PASSED] * 2),
    encode("rsm", HERE, [SEEN] * 2),
    encode("spat", NOW, [TIMED] * 2),
    encode("rsi", HERE, [EVENT]),
    encode("map", JUNCTION, [Road(3, 13.9, LINE, STRIPS)]),
]


def flipped(data: bytes, bit: int) -> bytes:
    byte, mask = bit // 8 % len(data), 1 << bit % 8
    return data[:byte] + bytes([data[byte] ^ mask]) + data[byte + 1 :]


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=60) | st.builds(flipped, st.sampled_from(MADE), st.integers(0, 10_000)))
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    try:
        name, values, elements = decode(data)
    except SimError:
        return
    else:
        assert name in ("bsm", "map", "rsi", "rsm", "spat")
        assert values is not None
        assert elements is not None


def test_what_the_standard_has_and_is_not_read_is_told() -> None:
    def bytes_of(message: str, change: Callable[[Any], None], made: bytes) -> bytes:
        told = schema().decode("MessageFrame", made)[1]
        change(told)
        return bytes(schema().encode("MessageFrame", (f"{message}Frame", told)))

    def far(told: Any) -> None:
        told["participants"][0]["pos"] = {"offsetLL": ("position-LatLon", {"lat": 1, "lon": 1})}

    def late(told: Any) -> None:
        told["participants"][0]["secMark"] = 61_500

    def twice(told: Any) -> None:
        told["intersections"] *= 2

    def high(told: Any) -> None:
        told["safetyExt"]["pathHistory"]["crumbData"][0]["llvOffset"]["offsetV"] = ("elevation", 5)

    def clock(told: Any) -> None:
        told["intersections"][0]["phases"][0]["phaseStates"][0]["timing"] = ("utcTiming", None)

    seen, lights, passed = encode("rsm", HERE, [SEEN]), encode("spat", NOW, [PHASE]), encode("bsm", CAR, [PASSED])
    for message, change, made, told in (
        ("rsm", far, seen, "rsm: a place by itself cannot be read"),
        ("rsm", late, seen, "rsm: second: 61500 counts cannot be read; wanted 0 to 60.999 s"),
        ("spat", twice, lights, "spat: 2 junctions cannot be read; wanted one"),
        ("spat", clock, lights, "spat: phase 3: times by the clock cannot be read"),
        ("bsm", high, passed, "bsm: point: a height by itself cannot be read"),
    ):
        with pytest.raises(SimError) as caught:
            decode(bytes_of(message, change, made))
        assert str(caught.value).startswith(told)
