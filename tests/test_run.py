"""One run from Python."""

import gc
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.pilot import Pilot

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    return sim.load(ROOT / "scenarios" / "crossroads.yaml", {"run.duration": "2 min", "output.trajectories": "10 s"})


def test_result_is_read_when_asked_for(pilot: Pilot) -> None:
    result = sim.run(pilot, seed=4)
    assert result.summary["seed"] == 4
    assert result.tables == ["trips", "trajectories", "events", "edges"]
    assert result.trips.num_rows == result.summary["vehicles"]["scheduled"]
    assert set(result.trajectories["time_s"].to_pylist()) <= {25200.0 + 10 * x for x in range(13)}
    assert result.events.num_rows > 0
    with pytest.raises(sim.SimError, match="no table event; did you mean events"):
        result.table("event")


@pytest.mark.parametrize("seed", [1.5, 1.0, -1, True, "1", 2**63])
def test_what_is_no_seed_is_refused(pilot: Pilot, seed: object) -> None:
    with pytest.raises(sim.SimError, match=r"seed: .* is none; wanted a whole number"):
        sim.run(pilot, seed=seed)  # type: ignore[arg-type]


def test_a_run_can_be_given_the_path_of_a_scenario_and_any_whole_number(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    cards = "traffic: { cards: { human_car: 1 }, flows: [{ from: gate_west, to: gate_east, per_hour: 600 }] }"
    path.write_text(f"pilot: {{ map: {ROOT / 'maps/crossroads.geojson'} }}\n{cards}\nrun: {{ duration: 5 s }}\n")
    assert sim.run(str(path), seed=np.int64(3)).summary["seed"] == 3
    assert sim.run(path).summary["scenario"] == "s"
    with pytest.raises(sim.SimError, match=r"none\.yaml"):
        sim.run(tmp_path / "none.yaml")


def test_temporary_result_lives_as_long_as_it_is_held_and_can_be_saved(pilot: Pilot, tmp_path: Path) -> None:
    result = sim.run(pilot)
    folder = result.folder
    saved = sim.Result(result.save(tmp_path / "kept"))
    assert saved.summary == result.summary
    assert saved.trips.equals(result.trips)
    del result
    gc.collect()
    assert not folder.exists()


def test_table_that_was_not_asked_for(pilot: Pilot, tmp_path: Path) -> None:
    quiet = sim.load(ROOT / "scenarios" / "crossroads.yaml", {"run.duration": "1 min", "output.trajectories": "0"})
    with pytest.raises(sim.SimError, match="ask for it in the scenario's output"):
        sim.run(quiet, out=tmp_path / "r").trajectories  # noqa: B018


def test_run_outside_the_main_thread(pilot: Pilot) -> None:
    found: list[sim.Result] = []
    thread = threading.Thread(target=lambda: found.append(sim.run(pilot)))
    thread.start()
    thread.join()
    assert found[0].summary["status"] == "done"


def test_run_can_be_called_after_its_module_is_imported(pilot: Pilot) -> None:
    import sim.run

    assert sim.run(pilot, seed=2).summary["seed"] == 2


def test_importing_costs_nothing() -> None:
    code = "import sim, sys; assert not {'numpy', 'numba', 'pydantic'} & set(sys.modules); sim.Pilot; sim.nothing"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False).stderr
    assert "AttributeError: module sim has no attribute nothing" in told


def test_check_imports_neither_compiler_nor_plots() -> None:
    code = (
        "import sys\nfrom sim import cli\nsys.argv = ['pilotzone', 'check', 'scenarios/crossroads.yaml']\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    print(end.code, {'numba'} & set(sys.modules))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1] == "0 set()", told.stderr
