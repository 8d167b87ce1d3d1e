"""SPAT is what the controller itself will do: against what it then does, fixed and actuated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from talkers import run

from sim.apps import applications
from sim.engine.simulation import Process, Simulation
from sim.engine.told_map import roads_to
from sim.engine.told_spat import lights_of, phases_of
from sim.park.importers.geojson import read
from sim.park.network import Network
from sim.report.v2x import figures
from sim.scenario.loader import load
from sim.services import services
from sim.units import ticks
from sim.v2x import MESSAGES, size_of_lights

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


def test_when_a_strip_is_opened_nobody_can_say() -> None:
    """Told is that it is not known, as the standard marks it; nobody is warned of a red light, nor told of a green."""
    equip = "{ human_car: 1, truck: 1, robotaxi: 1, junctions: [narrow.n1, narrow.n4] }"
    apps = "{ red_light_violation: { compliance: 1 }, green_wave: { compliance: 1 } }"
    told = {"radio": "{ model: ideal }", "run.duration": "6 min", "output.pages": "false", "run.warm_up": "0"}
    pilot = load(ROOT / "scenarios" / "narrow_road.yaml", told | {"equip": equip, "apps": apps})
    heard, simulation, diary = run(pilot, services=[*services(), *applications(pilot)])
    assert heard is not None
    r, code = simulation.world.radio, MESSAGES.code("spat")
    rows = [k for k in range(len(r.streams)) if r.streams[k].message == code]
    assert len(rows) == 2
    for k in rows:
        assert r.streams[k].number > 3000
        c = r.contents[k * 128 + (int(r.streams[k].number) - 1) % 128]
        assert np.isnan([c.speed, c.likely, c.acceleration]).all()
        assert MESSAGES["spat"].field("likely_end").count(float(c.likely)) == 36_001
    assert diary.count("advice") == 0
    assert diary.count("passage_open") > 3


LIGHT = {"light": 6.0, "start": 0.0, "likely_end": 12.3}
TIMED = {**LIGHT, "minimum_end": 5.0, "maximum_end": 30.0, "confidence": 0.45}


@pytest.mark.parametrize("name", ["auto_city", "corridor", "crossroads", "narrow_road"])
def test_a_spat_is_as_long_as_its_phases(name: str) -> None:
    """To the byte what the encoder makes of so many phases with so many lights each."""
    encoding = pytest.importorskip("sim.v2x.encoding")
    pytest.importorskip("asn1tools")
    park = read(ROOT / "maps" / f"{name}.geojson")
    counts = set()
    for rank in range(len(park.signals)):
        junction = next(c.junction for c in park.connections if c.signal == rank)
        lights = lights_of(park, rank, junction)
        said = [
            {"phase": i + 1.0, **(TIMED if timed else LIGHT)}
            for i, (count, timed) in enumerate(lights)
            for _ in range(count)
        ]
        now = {"junction": float(junction), "minute": 12.0, "second": 3.5}
        assert len(encoding.encode("spat", now, said)) == size_of_lights(lights)
        counts.add(len(lights))
    assert counts == {"auto_city": {3, 4, 5, 6}, "corridor": {4}, "crossroads": {5}, "narrow_road": {2}}[name]


def test_sizes_that_were_measured() -> None:
    assert [size_of_lights([(1, False)] * 4), *(size_of_lights([(3, True)] * n) for n in (4, 8))] == [43, 149, 284]


def test_groups_that_always_show_the_same_are_one_phase() -> None:
    park = read(ROOT / "maps" / "crossroads.geojson")
    states = [x.state for x in park.signals[0].phases]
    numbers = phases_of(park.signals[0])
    assert len(numbers) == len(states[0]) > numbers.max() == 5
    for a in range(len(numbers)):
        for b in range(a):
            alike = all(state[a] == state[b] for state in states)
            assert alike == (numbers[a] == numbers[b])
    told = {
        way.phase
        for road in roads_to(park, set(range(len(park.junctions))))[_centre(park)]
        for strip in road.strips
        for way in strip.ways
    }
    assert told <= set(numbers.tolist()), "MAP tells the same numbers"


def _centre(park: Network) -> int:
    return next(c.junction for c in park.connections if c.signal == 0)


def test_a_unit_says_what_its_signal_needs() -> None:
    """Four phases with three lights each at every junction of the corridor: 149 bytes."""
    equip = "{ junctions: [j0, j2], human_car: 0.1 }"
    pilot = load(
        ROOT / "scenarios" / "corridor.yaml", {"radio": "{ model: ideal }", "equip": equip, "run.duration": "1 min"}
    )
    heard, _, _ = run(pilot)
    assert heard is not None
    assert figures(heard)["by_message"]["SPAT"]["bytes"] == 149.0
