"""What a run tells, as it stands in the tables."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from small_run import departures, pilot, trips

from sim.engine.recording import EVENT_KINDS, WAITS
from sim.pilot import Output, Pilot
from sim.report.recorder import FolderRecorder, edge_lengths


@pytest.fixture
def recorder(tmp_path: Path) -> FolderRecorder:
    recorder = FolderRecorder(tmp_path)
    recorder.begin(pilot(), departures(), 3)
    return recorder


def test_edges_by_hand(recorder: FolderRecorder, tmp_path: Path) -> None:
    one = np.ones(2)
    length = edge_lengths(pilot().park)[:2]
    columns = {
        "edge": np.array([0, 1]),
        "entered": 3 * one,
        "left": 2 * one,
        "vehicle_seconds": 100.0 * one,
        "vehicle_metres": np.array([2 * length[0], 0.0]),
        "time_loss_s": 8.0 * one,
        "waiting_s": 5.0 * one,
        "queue_mean": 0.1 * one,
        "queue_max": 2.0 * one,
    }
    recorder.edges(0.0, 50.0, columns)
    recorder.close()
    first, second = pq.read_table(tmp_path / "edges.parquet").to_pylist()
    assert first["flow_vph"] == pytest.approx(2 / 50.0 * 3600.0)
    assert first["density_vpkm"] == pytest.approx(100.0 / (length[0] * 50.0) * 1000.0)
    assert first["speed_mps"] == pytest.approx(2 * length[0] / 100.0)
    assert first["delay_s"] == pytest.approx(4.0)
    assert first["entered"] == 3
    assert second["speed_mps"] == 0.0
    assert second["delay_s"] is None


def test_events_are_counted_and_named(recorder: FolderRecorder, tmp_path: Path) -> None:
    kinds = [EVENT_KINDS.index(x) for x in ("depart", "collision", "collision", "signal")]
    columns = {
        "time_s": np.arange(4.0),
        "kind": np.array(kinds),
        "subject": np.array([0, 1, 2, 0]),
        "other": np.array([-1, 2, 1, -1]),
        "value": np.array([np.nan, 1.0, 1.0, 3.0]),
        "edge": np.array([0, 0, 0, -1]),
        "lane": np.array([0, 0, 0, -1]),
        "position_m": np.zeros(4),
    }
    recorder.events(columns)
    recorder.close()
    told = pq.read_table(tmp_path / "events.parquet")
    assert recorder.counts == {"depart": 1, "collision": 2, "signal": 1}
    assert told["subject"].to_pylist() == ["car.0", "car.1", "taxi.0", pilot().park.signals[0].id]
    assert told["other"].to_pylist() == [None, "taxi.0", "car.1", None]
    assert told["edge"].to_pylist()[-1] is None


def test_trips_hold_a_row_a_departure(recorder: FolderRecorder, tmp_path: Path) -> None:
    recorder.trips(trips())
    recorder.close()
    table = pq.read_table(tmp_path / "trips.parquet")
    assert table["id"].to_pylist() == departures().ids
    assert table["card"].to_pylist() == ["human_car", "human_car", "robotaxi", "robotaxi"]
    assert table["arrival_s"].to_pylist() == [50.0, 72.0, None, None]
    assert table["stops"].to_pylist() == [1, 2, 0, None]
    assert table.schema.metadata[b"seed"] == b"3"


def test_trajectories_carry_the_card(recorder: FolderRecorder, tmp_path: Path) -> None:
    two = np.ones(2)
    numbers = ("time_s", "position_m", "speed_mps", "acceleration_mps2", "x_m", "y_m", "heading_deg")
    columns = dict.fromkeys(numbers, two)
    places = {"id": np.array([0, 3]), "edge": np.array([0, 0]), "lane": np.array([0, 0])}
    waits = {"waits": np.array([WAITS.index("vehicle"), -1]), "waits_for": np.array([3, -1])}
    recorder.trajectories(columns | places | waits)
    recorder.close()
    told = pq.read_table(tmp_path / "trajectories.parquet")
    assert told["id"].to_pylist() == ["car.0", "taxi.1"]
    assert told["card"].to_pylist() == ["human_car", "robotaxi"]
    assert told["waits"].to_pylist() == ["vehicle", None]
    assert told["waits_for"].to_pylist() == ["taxi.1", None]


def test_only_what_is_asked_is_written(tmp_path: Path) -> None:
    recorder = FolderRecorder(tmp_path)
    asked = pilot()
    recorder.begin(Pilot(asked.name, asked.park, asked.demand, output=Output(0.0, 0.0)), departures(), 1)
    recorder.close()
    assert sorted(x.name for x in tmp_path.iterdir()) == ["events.parquet", "trips.parquet"]
