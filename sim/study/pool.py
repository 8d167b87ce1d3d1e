"""Where runs are done: in this process, in worker processes, or on a cluster; each run at most twice."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import StudyError
from sim.study.runs import Task, execute, is_done

ATTEMPTS = 2
#: Where the scheduler of a cluster is told: `tcp://host:8786`.
SCHEDULER = "PILOTZONE_SCHEDULER"

Told = Callable[[Task, str], None]


class Pool:
    """Does runs and tells of each what becomes of it: planned, done, kept (was there already), again, failed: why.

    Args:
        jobs: processes; 1: this one.
        kind: local or cluster.
        told: hears of each run.
    """

    def __init__(self, jobs: int, kind: str = "local", told: Told = lambda task, what: None) -> None:
        self._jobs, self._kind, self._told = jobs, kind, told
        self._executor: Executor | None = None
        self._close: Callable[[], None] = lambda: None
        self._seen: set[str] = set()
        self._crashed: Counter[str] = Counter()
        self.failed: dict[str, str] = {}

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        more = {"cancel_futures": True} if self._kind == "local" else {}  # Dask cancels where it does not wait
        if self._executor is not None:
            self._executor.shutdown(wait=error[0] is None, **more)
        self._close()

    def run(self, tasks: Sequence[Task]) -> None:
        """Do what is not done yet; a run that fails is tried once more, then told in `failed`."""
        unique = {task.folder: task for task in tasks}
        left = [task for task in unique.values() if not is_done(Path(task.folder))]
        for task in unique.values():
            if task.folder in self._seen:
                continue
            self._seen.add(task.folder)
            self._told(task, "planned")
            if task not in left:
                self._told(task, "kept")
        if self._jobs == 1 and self._kind == "local":
            for task in left:
                self._here(task)
            return
        left = self._elsewhere(left)
        left = self._elsewhere(left)
        for task in left:  # a process died twice: alone, one sees whose fault it is
            self._elsewhere([task], last=True)

    def _here(self, task: Task) -> None:
        for attempt in range(ATTEMPTS):
            try:
                execute(task)
            except Exception as error:
                self._failed(task, error, last=attempt == ATTEMPTS - 1)
            else:
                self._told(task, "done")
                return

    def _elsewhere(self, tasks: Sequence[Task], last: bool = False) -> list[Task]:
        """Do runs in other processes; those that are to be tried again."""
        if not tasks:
            return []
        if self._executor is None:
            self._executor = self._begin()
        waiting = {self._executor.submit(execute, task): task for task in tasks}
        again = list[Task]()
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                error = _error(future)
                if error is None:
                    self._told(task, "done")
                    continue
                died = isinstance(error, BrokenProcessPool)
                self._crashed[task.folder] += not died
                ended = last or self._crashed[task.folder] == ATTEMPTS
                again += [] if ended else [task]
                self._failed(task, error, ended)
        return again

    def _failed(self, task: Task, error: BaseException, last: bool) -> None:
        what = f"{type(error).__name__}: {error}"
        if isinstance(error, BrokenProcessPool) and self._executor is not None:  # a worker died: begin anew
            self._executor.shutdown(wait=False)
            self._executor = None
            what = "its process died"
        if last:
            self.failed[f"{task.variant.name}, seed {task.seed}"] = what
        self._told(task, f"failed: {what}" if last else "again")

    def _begin(self) -> Executor:
        if self._kind == "local":
            return ProcessPoolExecutor(self._jobs, mp_context=multiprocessing.get_context("spawn"))
        try:
            from distributed import Client
        except ImportError:
            raise StudyError("the cluster wants Dask: install pilotzone[cluster], or leave out --executor") from None
        address = os.environ.get(SCHEDULER)
        client: Any = Client
        try:
            client = client(address) if address else client(n_workers=self._jobs, threads_per_worker=1)
        except (OSError, ValueError) as error:
            raise StudyError(f"no scheduler answers at {address or 'this machine'}: {error}; see {SCHEDULER}") from None
        self._close = client.close
        found: Executor = client.get_executor(pure=False)
        return found


def _error(future: Future[Any]) -> BaseException | None:
    return None if future.cancelled() else future.exception()


@contextmanager
def plain_threads() -> Iterator[None]:
    """Let each worker process use one thread of the numeric libraries."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
