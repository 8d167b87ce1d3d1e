"""Studies that are killed, workers that die, and a cluster: the numbers stay the same."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from test_compare import ROOT, written

import sim
from sim.errors import StudyError
from sim.study import pool, runs
from sim.study.compare import Comparison
from sim.study.runs import Task, is_done
from sim.study.variants import Variant

LONG = """
base: {base}
set: {{ run.duration: 30 min, run.warm_up: 30 s }}
options:
  slow: [ {{ do: set_speed, road: west_road, speed: 20 km/h }} ]
  nothing: []
seeds: 4
"""

KILLED = """
import os, signal, sys, sim
done = []
def watch(task, what):
    done.append(what) if what == "done" else None
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
sim.compare(sys.argv[1], out=sys.argv[2], watch=watch)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The study without any trouble."""
    folder = tmp_path_factory.mktemp("whole")
    return sim.compare(written(folder, LONG), out=folder / "out")


def done(folder: Path) -> set[str]:
    """Runs that came to their end."""
    return {x.name for x in (folder / "runs").glob("*") if is_done(x)}


def test_killed_in_the_middle_it_goes_on(whole: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = written(tmp_path, LONG), tmp_path / "out"
    study = subprocess.run([sys.executable, "-c", KILLED, path, out], env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert study.returncode == -signal.SIGKILL
    before = done(out)
    assert 3 <= len(before) < len(done(whole.folder))
    assert not (out / "study.json").exists()
    again, execute = Counter[str](), runs.execute

    def counted(task: Task) -> str:
        again[Path(task.folder).name] += 1
        return execute(task)

    monkeypatch.setattr(pool, "execute", counted)
    found = sim.compare(path, out=out, resume=True)
    assert found.told["options"] == whole.told["options"]
    assert set(again) == done(out) - before
    assert not list((out / "runs").glob("*.partial-*"))


def test_a_worker_that_is_killed_costs_nothing_but_time(whole: Comparison, tmp_path: Path) -> None:
    killed: list[int] = []

    def watch(task: Task, what: str) -> None:
        if what == "done" and not killed:
            killed.append(multiprocessing.active_children()[0].pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    found = sim.compare(written(tmp_path, LONG), out=tmp_path / "out", jobs=2, watch=watch)
    assert killed
    assert found.told["options"] == whole.told["options"]
    assert found.told["failed"] == {}


def test_a_worker_that_is_told_to_end_ends(tmp_path: Path) -> None:
    """Else it would finish its run, wait for more, and hold up the study's end for ever."""
    crossroads = Variant("base", "", str(ROOT / "scenarios/crossroads.yaml"), (("run.duration", "100 h"),), ())
    task = Task(crossroads, 1, str(tmp_path / "run"))
    worker = multiprocessing.get_context("spawn").Process(target=runs.execute, args=(task,))
    worker.start()
    until = time.monotonic() + 300.0
    while not list(tmp_path.glob("run.partial-*/*.parquet")) and time.monotonic() < until:
        time.sleep(0.05)
    worker.terminate()
    worker.join(60.0)
    assert worker.exitcode == -signal.SIGTERM


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setenv(pool.SCHEDULER, "nonsense://nowhere")
    with pytest.raises(StudyError, match=r"no scheduler answers at nonsense://nowhere: .*; see PILOTZONE_SCHEDULER"):
        sim.compare(written(tmp_path, LONG), out=tmp_path / "out", executor="cluster")


def test_on_a_cluster_one_of_whose_workers_is_killed(
    whole: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    monkeypatch.setenv("PYTHONPATH", paths)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        monkeypatch.setenv(pool.SCHEDULER, cluster.scheduler_address)
        killed: list[int] = []

        def watch(task: Task, what: str) -> None:
            if what == "done" and not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        found = sim.compare(written(tmp_path, LONG), out=tmp_path / "out", executor="cluster", watch=watch)
    assert killed
    assert json.dumps(found.told["options"]) == json.dumps(whole.told["options"])
    assert found.told["failed"] == {}
