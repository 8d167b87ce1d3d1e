"""SPAT is what the controller itself will do: against what it then does, fixed and actuated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from talkers import run

from sim.engine.simulation import Process, Simulation
from sim.scenario.loader import load
from sim.units import ticks
from sim.v2x import MESSAGES

ROOT = Path(__file__).parents[2]
TOLD = {"radio": "{ model: ideal }", "equip": "{ junctions: [centre] }", "run.duration": "12 min"}


def heard_of(scenario: Path, settings: dict[str, str]) -> list[tuple[float, ...]]:
    """Every second: step, phase, least, probable and greatest end, confidence, as said; and the phase in truth."""
    rows: list[tuple[float, ...]] = []

    def look(simulation: Simulation) -> Process:
        code = MESSAGES.code("spat")
        while True:
            yield simulation.environment.timeout(ticks(1.0))
            w: Any = simulation.world
            r = w.radio
            k = next(i for i in range(len(r.streams)) if r.streams[i].message == code)
            if r.streams[k].number == 0:
                continue
            c = r.contents[k * 128 + (int(r.streams[k].number) - 1) % 128]
            g = w.signals[0]
            now = float(w.totals[0].step)
            rows.append((now, c.position, c.speed, c.likely, c.acceleration, c.confidence, float(g.phase - g.first)))

    run(load(scenario, {**TOLD, **settings}), services=[look])
    return rows


def ends(rows: list[tuple[float, ...]]) -> dict[int, float]:
    """Row -> time at which its phase was seen to be over, to a second [steps]."""
    found, until = {}, np.inf
    for i in range(len(rows) - 1, 0, -1):
        if rows[i][6] != rows[i - 1][6]:
            until = rows[i][0]
        found[i - 1] = until
    return found


def test_a_fixed_programme_is_told_for_sure() -> None:
    rows = heard_of(ROOT / "scenarios" / "crossroads.yaml", {})
    over = ends(rows)
    checked = 0
    for i, (_, phase, least, likely, most, sure, true) in enumerate(rows[:-1]):
        if phase == true and over.get(i, np.inf) < np.inf:
            assert least == likely == most
            assert sure == 1.0
            assert over[i] - 11 <= least <= over[i] + 1
            checked += 1
    assert checked > 200


def test_an_actuated_green_is_told_with_its_doubt(tmp_path: Path) -> None:
    text = (ROOT / "maps" / "crossroads.geojson").read_text()
    fixed, actuated = '{"kind": "fixed", "cycle": "90 s"}', '{"kind": "actuated", "cycle": "90 s"}'
    assert fixed in text
    (tmp_path / "map.geojson").write_text(text.replace(fixed, actuated))
    scenario = tmp_path / "actuated.yaml"
    lines = (ROOT / "scenarios" / "crossroads.yaml").read_text().replace("../maps/crossroads.geojson", "map.geojson")
    scenario.write_text(lines)
    rows = heard_of(scenario, {})
    over = ends(rows)
    unsure = [i for i, x in enumerate(rows[:-1]) if x[4] > x[2] and x[1] == x[6] and over.get(i, np.inf) < np.inf]
    assert len(unsure) > 30
    for i in unsure:
        _, _, least, likely, most, sure, _ = rows[i]
        assert least <= likely <= most
        assert least <= over[i] + 1
        assert over[i] - 11 <= most
        assert 0.0 <= sure < 1.0
    assert {round(x[5] / 0.005) == pytest.approx(x[5] / 0.005, abs=1e-3) for x in rows} == {True}
