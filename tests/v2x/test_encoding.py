"""Real bytes: sizes to the byte, there and back, and read by hand from the list of fields, without any schema."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from sim.engine.told_map import roads_to
from sim.park.importers.geojson import read
from sim.v2x import MESSAGES, OFFSETS, Road, Strip, Way, size_of
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
    name, told, objects = decode(encode("rsm", {"latitude": 23.33, "longitude": 113.08}, [SEEN, SEEN]))
    assert name == "rsm"
    assert told == pytest.approx({"latitude": 23.33, "longitude": 113.08})
    assert objects == [pytest.approx(MESSAGES["rsm"].carried(SEEN))] * 2
    name, _, phases = decode(encode("spat", {"junction": 4.0}, [PHASE, TIMED]))
    assert name == "spat"
    assert phases[0] == pytest.approx(PHASE)
    assert phases[1] == pytest.approx(TIMED)


@pytest.mark.parametrize("count", [1, 8, 16])
def test_sizes_of_objects(count: int) -> None:
    data = encode("rsm", {"latitude": 23.33, "longitude": 113.08}, [SEEN] * count)
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
    assert len(encode("spat", {}, [PHASE] * 4)) == MESSAGES["spat"].size(4) == 43
    for phases, size in ((4, 149), (8, 284)):
        told = schema().decode("MessageFrame", encode("spat", {}, [TIMED] * phases))[1]
        for phase in told["intersections"][0]["phases"]:
            phase["phaseStates"] = phase["phaseStates"] * 3
        assert len(schema().encode("MessageFrame", ("spatFrame", told))) == size
        assert MESSAGES["spat"].size(phases, full=True) == size


HERE = {"latitude": 23.33, "longitude": 113.08}
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
    data = encode("rsi", {**HERE, "minute": 12.0}, [EVENT] * count)
    assert len(data) == MESSAGES["rsi"].size(count)
    name, told, events = decode(data)
    assert (name, told) == ("rsi", pytest.approx(HERE))
    assert events == [pytest.approx(MESSAGES["rsi"].carried(EVENT))] * count
    assert MESSAGES["rsi"].size() == 56, "as measured with an independent encoder"


@pytest.mark.parametrize("name", ["crossroads", "priority_crossroads", "roundabout", "auto_city", "merge"])
def test_sizes_of_maps_are_those_of_what_they_tell(name: str) -> None:
    park = read(Path(__file__).parents[2] / "maps" / f"{name}.geojson")
    sizes = set()
    for roads in roads_to(park, set(range(len(park.junctions)))).values():
        sizes.add(size_of(roads))
        assert len(encode("map", {**HERE, "junction": 7.0}, roads)) == size_of(roads)
    assert len(sizes) > 1


def test_roads_of_every_kind_of_offset() -> None:
    for most, _ in OFFSETS:
        for lat, lon in ((most - 1, 0), (-most, 5), (0, -most), (7, most - 1), (most, 1 - most)):
            roads = [Road(3, 13.9, ((lat, lon), (0, 0)), (Strip(3.5), Strip(3.2, (Way(9, 1), Way(9, 0)))))]
            if abs(lat) < OFFSETS[-1][0]:
                assert len(encode("map", HERE, roads)) == size_of(roads), (lat, lon)


@pytest.mark.parametrize(("points", "size"), [(0, 47), (5, 95), (10, 136), (23, 243)])
def test_sizes_of_safety_messages_with_accuracy_and_history(points: int, size: int) -> None:
    told: dict[str, Any] = schema().decode("MessageFrame", encode("bsm", {**CAR, "elevation": 10.0}))[1]
    told |= {
        "timeConfidence": 9,
        "posAccuracy": {"semiMajor": 1, "semiMinor": 1, "orientation": 0},
        "posConfidence": {"pos": 9, "elevation": 9},
        "angle": 0,
        "motionCfd": {"speedCfd": 1, "headingCfd": 1, "steerCfd": 1},
        "size": {**told["size"], "height": 30},
    }
    offset = {"offsetLL": ("position-LL3", {"lon": 5, "lat": -7}), "offsetV": ("offset1", 1)}
    if points:
        told["safetyExt"] = {
            "events": (bytes(2), 13),
            "pathHistory": {"crumbData": [{"llvOffset": offset, "timeOffset": 10}] * points},
            "pathPrediction": {"radiusOfCurve": 0, "confidence": 100},
        }
        assert MESSAGES["bsm"].size(points, full=True) == size
    assert len(schema().encode("MessageFrame", ("bsmFrame", told))) == size


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
        encode("rsm", {"latitude": 23.33, "longitude": 113.08}, [SEEN] * 3),
        encode("spat", {}, [TIMED] * 4),
        encode("rsi", HERE, [EVENT] * 2),
        encode("map", HERE, [Road(3, 13.9, ((7, -5000), (0, 9)), (Strip(3.5), Strip(3.2, (Way(9, 1, 4),))))]),
    ):
        frame.from_uper(data)
        assert frame.to_uper() == data
        assert frame.get_val()[0] == schema().decode("MessageFrame", data)[0]


def test_what_has_no_schema_is_told() -> None:
    with pytest.raises(Exception, match="no schema for psm"):
        encode("psm", {})
