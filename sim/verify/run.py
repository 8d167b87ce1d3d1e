"""Runs verification cases: those named, with the settings told, on as many processes as wanted."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from sim.errors import Fault, UnknownName
from sim.registry import near
from sim.verify import cases
from sim.verify.case import CASES, Case, Finding, Point, Unavailable, VerificationError

CASES.discover(cases)


def chosen(names: Sequence[str], settings: Mapping[str, str]) -> list[tuple[Case, dict[str, str]]]:
    """Cases by name, or by family (`signal` is every `signal.…`); all if none is named; with their settings.

    A setting must be one of some chosen case; each case takes those it has.

    Raises:
        UnknownName: no such case or family, with the near name.
        VerificationError: settings no chosen case has, impossible amounts.
    """
    found = [CASES[name] for name in _named(names)]
    if len(found) > 1:
        known = {setting.name for one in found for setting in one.settings}
        faults = [
            Fault(name, "is no setting of these cases", near(name, known)) for name in settings if name not in known
        ]
        if faults:
            raise VerificationError(faults=faults)
    plans = []
    for one in found:
        own = {setting.name for setting in one.settings}
        texts = {name: text for name, text in settings.items() if len(found) == 1 or name in own}
        one.settings_of(texts)
        plans.append((one, texts))
    return plans


def _named(names: Sequence[str]) -> list[str]:
    if not names:
        return CASES.names()
    wanted: dict[str, None] = {}
    for name in names:
        family = [x for x in CASES.names() if x.startswith(f"{name}.")]
        if not family and name not in CASES:
            families = {x.partition(".")[0] for x in CASES.names()}
            hint = near(name, [*CASES.names(), *families])
            raise UnknownName(f"no verification case named {name}; {hint or 'see `pilotzone list cases`'}")
        wanted |= dict.fromkeys([name] if name in CASES else family)
    return list(wanted)


def verify(names: Sequence[str] = (), settings: Mapping[str, str] | None = None, jobs: int = 1) -> Iterator[Finding]:
    """What cases come to, in order, each as soon as it and those before it are done.

    Args:
        names: of cases or families; none: all.
        settings: as the user writes them, by name.
        jobs: processes.

    Raises:
        UnknownName, VerificationError: as for `chosen`.
    """
    plans = chosen(names, settings or {})
    if jobs < 2 or len(plans) < 2:
        yield from (finding(one.name, texts) for one, texts in plans)
        return
    with ProcessPoolExecutor(min(jobs, len(plans)), multiprocessing.get_context("spawn")) as pool:
        told = [pool.submit(outcome, one.name, texts) for one, texts in plans]
        for (one, texts), future in zip(plans, told, strict=True):
            points, left_out, seconds = future.result()
            yield Finding(one, one.settings_of(texts), points, left_out, seconds)


def finding(name: str, texts: Mapping[str, str]) -> Finding:
    """What one case comes to."""
    return Finding(CASES[name], CASES[name].settings_of(texts), *outcome(name, texts))


def outcome(name: str, texts: Mapping[str, str]) -> tuple[tuple[Point, ...], str, float]:
    """Points of a case, why it was left out (else empty), and how long it took [s]."""
    began = time.perf_counter()
    one = CASES[name]
    try:
        points: tuple[Point, ...] = tuple(one.measure(one.settings_of(texts)))
        left_out = ""
    except Unavailable as error:
        points, left_out = (), str(error)
    return points, left_out, time.perf_counter() - began
