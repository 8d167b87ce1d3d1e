"""Money by hand; the order of phases, the largest share, and `seeds: auto` in a small study."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from test_compare import SMALL, written

import sim
from sim.study.compare import FIRST, Comparison
from sim.study.measures import Saved, saved
from sim.study.money import Investment, worth
from sim.study.schema import Prices
from sim.upgrade import operation

STAGED = """
base: {base}
set: {{ run.duration: 4 min, run.warm_up: 30 s }}
options:
  fast: [ {{ do: set_speed, road: west_road, speed: 80 km/h, cost: 0.05 M }} ]
  slow: [ {{ do: set_speed, road: west_road, speed: 20 km/h, cost: 0.02 M }} ]
  dear: [ {{ do: set_speed, road: east_road, speed: 80 km/h, cost: 9 M }} ]
sweeps:
  demand: {{ do: scale_demand, factor: [0.5, 1.0, 2.0] }}
seeds: 3
guard_rails: {{ trips.time_in_park_s: {{ rise_share: 20 % }} }}
phases: {{ budget: 0.06 M, candidates: [slow, fast, dear] }}
"""


def test_worth_by_hand() -> None:
    """2 h and 10 km saved in each of 2 x 250 periods; ¥ 1 M, of which 2 % a year are upkeep; 20 years at 8 %."""
    told = worth(Prices(), Investment(((None, 1e6),)), [Saved(2.0, 10.0, 0.0)] * 3)
    time, energy, years = 2 * 1.2 * 36 * 500, 10 * 0.5 * 500, (1 - 1.08**-20) / 0.08
    assert told["benefit_a_year_yuan"] == {"time": pytest.approx(time), "energy": pytest.approx(energy), "crash": 0.0}
    assert told["npv_yuan"] == pytest.approx((time + energy - 20_000) * years - 1e6)
    assert told["bcr"] == pytest.approx((time + energy) * years / (1e6 + 20_000 * years))
    dear = next(x for x in told["sensitivity"] if x["discount"] == 0.1 and x["time_yuan_an_hour"] == 72.0)
    assert dear["npv_yuan"] == pytest.approx((2 * time + energy - 20_000) * (1 - 1.1**-20) / 0.1 - 1e6)
    assert len(told["sensitivity"]) == 18


def run_of(rows: list[tuple[Any, ...]], collisions: int = 0) -> Any:
    """A result with trips (id, departed, waited outside, arrived, way) of an hour from 07:00 on, 5 min of warm-up."""
    names = ["id", "depart_s", "depart_delay_s", "arrival_s", "route_length_m"]
    trips = pa.table({name: pa.array(x) for name, x in zip(names, zip(*rows, strict=True), strict=True)})
    summary = {"performance": {"simulated_s": 3600.0}, "safety": {"collisions": collisions}}
    return SimpleNamespace(trips=trips, summary=summary, manifest={"begin_s": 25200.0, "warm_up_s": 300.0})


def test_the_same_people_by_hand() -> None:
    """One arrives on both runs, one on the second only, one waits outside to the end of the first, one came early."""
    before = run_of([
        ("a", 26000.0, 0.0, 26500.0, 5000.0),
        ("b", 27000.0, 100.0, None, 1000.0),
        ("c", None, None, None, None),
        ("d", 25300.0, 0.0, 25400.0, 900.0),
    ])  # fmt: skip
    after = run_of([
        ("d", 25300.0, 0.0, 25350.0, 100.0),
        ("c", 28000.0, 600.0, None, 10.0),
        ("a", 26010.0, 10.0, 26300.0, 4000.0),
        ("b", 26900.0, 0.0, 28000.0, 7000.0),
    ], collisions=1)  # fmt: skip
    told = saved(before, after)
    assert told.hours == pytest.approx((200.0 + 800.0) / 3600.0)
    assert told.kilometres == pytest.approx(1.0)
    assert told.crashes == -1.0


def test_investment_by_phase_by_hand() -> None:
    """Undated ¥ 1 M is built with the first phase; ¥ 2 M two years later; the benefit begins with the last."""
    told = [
        operation({"do": "add_rsu", "at": "j09", "cost": "2 M", "date": "2029-01-01"}),
        operation({"do": "add_rsu", "at": "j11", "cost": "1 M", "date": "2027-01-01"}),
        operation({"do": "add_rsu", "at": "j12", "cost": 5e5}),
    ]
    investment = Investment.of(told)
    assert investment.phases == (
        (None, 5e5),
        (datetime.date(2027, 1, 1), 1e6),
        (datetime.date(2029, 1, 1), 2e6),
    )
    years, rate = 731 / 365.25, 0.08
    found = worth(Prices(), investment, [Saved(2.0, 0.0, 0.0)] * 3)
    benefit = 2 * 1.2 * 36 * 500 * (1 - 1.08**-20) / rate / 1.08**years
    early = 1.5e6 * (1 + 0.02 * (1 - 1.08 ** -(20 + years)) / rate)
    late = 2e6 * (1 + 0.02 * (1 - 1.08**-20) / rate) / 1.08**years
    assert found["npv_yuan"] == pytest.approx(benefit - early - late)
    assert found["bcr"] == pytest.approx(benefit / (early + late))
    assert found["phases"][2] == {"date": "2029-01-01", "yuan": 2e6}
    assert worth(Prices(), Investment.of([]), [Saved(0.0, 0.0, 0.0)] * 3)["bcr"] is None


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("staged")
    return sim.compare(written(folder, STAGED), out=folder / "out")


def test_the_order_of_phases_under_a_budget(staged: Comparison) -> None:
    """First whoever gains most a yuan among those that are affordable; the slow road never gains."""
    order = staged.told["order"]
    gains = {x["option"]: x["gain"] for x in staged.told["options"] if x["level"] == "demand=0.5"}
    assert gains["slow"] < 0.0
    assert [x["phase"] for x in order["steps"]] == (["fast"] if gains["fast"] > 0.0 else [])
    assert order["left_yuan"] == pytest.approx(0.06e6 - 0.05e6 * len(order["steps"]))
    for step in order["steps"]:
        assert step["gain"] == gains["fast"]
        assert step["interval"][0] < -step["gain"] < step["interval"][1]


def test_the_largest_share_at_which_rails_hold(staged: Comparison) -> None:
    """A slow road is more than a fifth worse at once; the base holds as far as the sweep lets it."""
    shares = staged.told["shares"]
    assert shares["slow"]["largest"] is None
    assert shares["slow"]["stopped_by"].startswith("demand=0.5: trips.time_in_park_s")
    assert shares["base"]["largest"] in ("demand=0.5", "demand=1.0", "demand=2.0")
    assert set(staged.told["ranking"]) == {"demand=0.5", "demand=1.0", "demand=2.0"}


def test_seeds_auto_stop_at_the_cap_or_before(tmp_path: Path) -> None:
    told = sim.compare(
        written(tmp_path, SMALL + "most_seeds: 12\nprecision: 1 %\n"), tmp_path / "out", seeds="auto"
    ).told
    assert len(told["seeds"]) in (FIRST, 12)
    wide = [x for o in told["options"] for x in o["measures"].values() if x["unit"] == "s"]
    precise = all(x["interval"][1] - x["interval"][0] <= 2.0 * x["wanted_half_width"] for x in wide)
    assert precise or len(told["seeds"]) == 12
