"""Every fault of a study is told before anything runs, with its place and what was wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_compare import ROOT

import sim
from sim.errors import SimError, StudyError

BAD = {
    "there is no road weast": "options: { x: [ { do: open_road, road: weast } ] }",
    "which operation 1": (
        "options: { x: [ { do: set_speed, road: west_road, speed: 5 }, { do: set_speed, road: west_road, speed: 6 } ] }"
    ),
    "too small; wanted more than 0": "options: { x: [] }\nphases: { budget: 0, candidates: [x] }",
    "conflicts with run.step of set": "options: { x: [] }\nset: { run.step: 0.1 }\nsweeps: { run.step: [0.1, 0.2] }",
    "conflicts with sweep a": (
        "options: { x: [] }\nsweeps:\n  a: { do: scale_demand, factor: [1, 2] }\n"
        "  b: { do: scale_demand, factor: [1, 3] }"
    ),
    "sets share of card robotaxi among human_car to 0.2, which": (
        "options: { x: [ { do: set_share, card: robotaxi, share: 0.5 } ] }\n"
        "sweeps: { a: { do: set_share, card: robotaxi, share: [0.5, 0.2] } }"
    ),
    "is no count of events": "options: { x: [] }\nguard_rails: { trips.worst_group_s: { per_1000_km: 1 } }",
    "is no sweep": "options: { x: [] }\nsweeps: { a: { do: scale_demand, factor: 1 } }",
    "there is no option y": "options: { x: { of: [y] } }",
    "did you mean seeds": "options: { x: [] }\nseed: 3",
    "the summary has no beauty": "options: { x: [] }\nmeasures: [beauty]",
    "there is no open_raod; did you mean open_road": "options: { x: [ { do: open_raod, road: west_road } ] }",
    "does not say which it is": "options: { x: [ { road: west_road } ] }",
    '"5 yuan" is no amount of yuan': "options: { x: [ { do: set_speed, road: west_road, speed: 9, cost: 5 yuan } ] }",
    "wanted a number of seeds from 1 to 1000": "options: { x: [] }\nseeds: 0",
    "a seed stands twice": "options: { x: [] }\nseeds: [1, 1]",
    "[-3, 2] is not known": "options: { x: [] }\nseeds: [-3, 2]",
    "sets run.seed, which the study does itself": "options: { x: [] }\nset: { run: { seed: 3 } }",
    "sweeps.run.seed: sets run.seed": "options: { x: [] }\nsweeps: { run.seed: [1, 2] }",
    "would not be seen over the same time": "options: { x: { set: { run.duration: 4 min } } }",
    "vehicles.arrived stands twice": "options: { x: [] }\nmeasures: [vehicles.arrived, vehicles.arrived]",
    "nothing can be built for ¥ 1,000: the cheapest, x, costs ¥ 50,000": (
        "options: { x: [ { do: set_speed, road: west_road, speed: 9 } ] }\nphases: { budget: 1000, candidates: [x] }"
    ),
    "d=0.5,e={'human_car': 1} comes to the same as d=0,e={'human_car': 1}": (
        "options: { x: [] }\nsweeps:\n  d: { do: set_share, card: robotaxi, share: [0, 0.5] }\n"
        "  e: { do: set_mix, cards: [{ human_car: 1 }, { robotaxi: 1 }] }"
    ),
    "wants conflicts to be looked for; set: { output.conflicts: true }": (
        "options: { x: [] }\nguard_rails: { safety.conflicts.ttc_1_5s: { rise_share: 10 % } }"
    ),
    "adds no lane": "options: { x: [ { do: widen_road, road: west_road, forward: 0, backward: 0 } ] }",
    "equip_share wants a radio": "options: { x: [ { do: equip_share, card: robotaxi, share: 50 % } ] }",
    "v2x.packet_delivery_ratio wants a radio": "options: { x: [] }\nmeasures: [v2x.packet_delivery_ratio]",
}


@pytest.mark.parametrize("says", BAD)
def test_bad_input_is_told_before_anything_runs(says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.study.yaml"
    path.write_text(f"base: {ROOT / 'scenarios' / 'crossroads.yaml'}\n{BAD[says]}\n", encoding="utf-8")
    with pytest.raises(SimError) as told:
        sim.compare(path, out=tmp_path / "out")
    assert says in str(told.value)
    assert isinstance(told.value, StudyError)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seeds", [0, -1, 2000, "many", True])
def test_seeds_that_are_none_are_told(seeds: int | str, tmp_path: Path) -> None:
    path = tmp_path / "small.study.yaml"
    path.write_text(f"base: {ROOT / 'scenarios' / 'crossroads.yaml'}\noptions: {{ x: [] }}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="wanted a number of seeds from 1 to 1000"):
        sim.compare(path, out=tmp_path / "out", seeds=seeds)
    assert not (tmp_path / "out").exists()
