"""Results in SUMO's formats: what its own tools read."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from small_run import departures, pilot, trips

from sim.engine.recording import EVENT_KINDS
from sim.errors import OutputError, UnknownName
from sim.report.exporters import EXPORTERS, export
from sim.report.folder import MANIFEST, SUMMARY, write_json
from sim.report.identity import PROGRAM
from sim.report.recorder import FolderRecorder
from sim.report.result import Result


@pytest.fixture
def result(tmp_path: Path) -> Result:
    folder = tmp_path / "result"
    folder.mkdir()
    recorder = FolderRecorder(folder)
    recorder.begin(pilot(), departures(), 3)
    nothing = np.full(3, -1)
    recorder.events(
        {
            "time_s": np.array([0.0, 12.0, 50.0]),
            "kind": np.array([EVENT_KINDS.index(x) for x in ("depart", "depart", "arrive")]),
            "subject": np.array([0, 1, 0]),
            "other": nothing,
            "value": np.full(3, np.nan),
            "edge": np.zeros(3, int),
            "lane": np.zeros(3, int),
            "position_m": np.array([5.0, 6.5, 80.0]),
        }
    )
    numbers = ("position_m", "speed_mps", "acceleration_mps2", "x_m", "y_m", "heading_deg")
    rows = {name: np.array([1.0, 2.0, 3.0]) for name in numbers}
    places = {"id": np.array([0, 3, 0]), "edge": np.zeros(3, int), "lane": np.zeros(3, int)}
    places |= {"waits": nothing, "waits_for": nothing}
    recorder.trajectories({"time_s": np.array([1.0, 1.0, 2.0])} | rows | places)
    recorder.trips(trips())
    recorder.close()
    write_json(folder / SUMMARY, {"scenario": "small", "seed": 3, "status": "done"})
    write_json(folder / MANIFEST, {PROGRAM: "test"})
    return Result(folder)


def test_tripinfo_holds_those_who_arrived(result: Result):
    path = export(result, "sumo-tripinfo")
    assert path == result.folder / "sumo-tripinfo.xml"
    found = [x.attrib for x in ElementTree.parse(path).iter("tripinfo")]
    lane = pilot().park.lanes[0].id
    assert [x["id"] for x in found] == ["car.0", "car.1"]
    assert found[0] == {
        "id": "car.0",
        "depart": "0.00",
        "departLane": lane,
        "departPos": "5.00",
        "departDelay": "0.00",
        "arrival": "50.00",
        "arrivalLane": lane,
        "arrivalPos": "80.00",
        "duration": "50.00",
        "routeLength": "500.00",
        "waitingTime": "5.00",
        "waitingCount": "1",
        "timeLoss": "8.00",
        "vType": "human_car",
    }
    assert (found[1]["departPos"], found[1].get("arrivalLane")) == ("6.50", None)


def test_floating_car_data_stand_by_instant(result: Result, tmp_path: Path):
    path = export(result, "sumo-fcd", tmp_path / "fcd.xml")
    steps = list(ElementTree.parse(path).iter("timestep"))
    assert [(step.get("time"), [x.get("id") for x in step]) for step in steps] == [
        ("1.00", ["car.0", "taxi.1"]),
        ("2.00", ["car.0"]),
    ]
    first = steps[0][0].attrib
    assert (first["x"], first["pos"], first["speed"], first["angle"], first["type"]) == (
        "1.00",
        "1.00",
        "1.00",
        "1.00",
        "human_car",
    )
    assert first["lane"] == pilot().park.lanes[0].id


def test_formats_that_are_not_there(result: Result):
    with pytest.raises(UnknownName, match="did you mean sumo-tripinfo"):
        export(result, "sumo-tripinfos")
    assert {"sumo-tripinfo", "sumo-fcd"} <= set(EXPORTERS.names())


def test_floating_car_data_want_trajectories(result: Result):
    (result.folder / "trajectories.parquet").unlink()
    with pytest.raises(UnknownName, match="holds no trajectories; ask for them"):
        export(result, "sumo-fcd")
    assert not list(result.folder.glob("*fcd*"))


def test_a_place_that_cannot_be_written(result: Result, tmp_path: Path):
    with pytest.raises(OutputError, match="cannot be written"):
        export(result, "sumo-tripinfo", tmp_path / "no" / "such" / "folder.xml")


def test_sumolib_reads_both(result: Result, monkeypatch: pytest.MonkeyPatch):
    sumo = pytest.importorskip("sumo")
    monkeypatch.syspath_prepend(Path(sumo.SUMO_HOME) / "tools")
    sumolib = pytest.importorskip("sumolib")
    rows = list(sumolib.xml.parse_fast(str(export(result, "sumo-tripinfo")), "tripinfo", ["id", "depart", "duration"]))
    assert [(row.id, float(row.duration)) for row in rows] == [("car.0", 50.0), ("car.1", 60.0)]
    steps = list(sumolib.xml.parse(str(export(result, "sumo-fcd")), "timestep"))
    assert [len(step.vehicle) for step in steps] == [2, 1]
