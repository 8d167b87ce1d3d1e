"""What is counted, and where: what the roadside says at every receiver; each message by itself, if asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from talkers import road, run

import sim
from sim.engine.simulation import Process, Simulation
from sim.pilot import Equipment, Radio
from sim.state.air import RECEIVERS
from sim.units import ticks

SCENARIO = Path(__file__).parents[2] / "scenarios" / "crossroads.yaml"
EQUIPPED = Equipment({"talker": 1.0}, ("j0", "j1"))
PLACES = [20.0 + 17.0 * i for i in range(60)]
VEHICLE, ROADSIDE = RECEIVERS.index("vehicle"), RECEIVERS.index("roadside")


@pytest.mark.parametrize("model", ["disc", "packet_delivery", "cellular"])
def test_what_the_roadside_says_is_counted_at_everybody(model: str) -> None:
    radio = Radio(model, 280.0, {"bsm": 10.0, "map": 10.0}, loss=0.3, neighbours=256)
    some, _, _ = run(road(PLACES, replace(radio, counted=0.1), EQUIPPED, 60.0))
    all_, _, _ = run(road(PLACES, replace(radio, counted=1.0), EQUIPPED, 60.0))
    assert some is not None
    assert all_ is not None
    said = all_["messages"].index("map")
    assert all_["fates"][said].sum() > 1000
    assert (all_["fates"][said] > 0).sum() > 1
    assert np.array_equal(some["by_receiver"][:, said], all_["by_receiver"][:, said])
    assert np.array_equal(some["by_receiver"][ROADSIDE], all_["by_receiver"][ROADSIDE]), "units count what they hear"
    assert some["estimated"] == ["bsm"]
    assert all_["estimated"] == []
    assert some["counted"] < 0.3
    bsm = all_["messages"].index("bsm")
    assert not np.array_equal(some["by_receiver"][VEHICLE, bsm], all_["by_receiver"][VEHICLE, bsm])
    assert some["fates"][bsm].sum() == pytest.approx(all_["fates"][bsm].sum(), rel=1e-3), "each stands for as many"
    for told in (some, all_):
        assert told["by_distance"].sum() == pytest.approx(told["fates"].sum(), abs=100)


def test_resources_count_all_alike() -> None:
    heard, _, _ = run(road(PLACES[:20], Radio("resources"), EQUIPPED))
    assert heard is not None
    said = heard["messages"].index("map")
    assert heard["said"][said] == 2 * 16
    assert heard["by_receiver"][VEHICLE, said].sum() > 100
    assert heard["by_distance"].sum() == heard["fates"].sum()


def short(**told: str) -> sim.Result:
    equip = "{ human_car: 1.0, junctions: [centre] }"
    base = {"run.duration": "100 s", "run.warm_up": "30 s", "output.pages": "false", "equip": equip}
    return sim.run(sim.load(SCENARIO, base | told))


def totals(rows: list[dict[str, Any]], *by: str) -> dict[tuple[Any, ...], int]:
    told: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[x] for x in by)
        told[key] = told.get(key, 0) + row["heard"]
    return {key: x for key, x in told.items() if x}


@pytest.mark.parametrize("model", ["packet_delivery", "resources"])
def test_each_transmission_adds_up_to_the_sums(model: str) -> None:
    radio = {"radio": f"{{ model: {model} }}"}
    sums, each = short(**radio), short(**radio, **{"output.messages": "each"})
    assert sums.summary["v2x"] == each.summary["v2x"]
    rows, single = (x.table("messages").to_pylist() for x in (sums, each))
    assert totals(rows, "message", "receiver") == totals(single, "message", "receiver")
    assert {x["receiver"] for x in rows if x["message"] == "MAP"} == {"vehicle"}
    assert {x["receiver"] for x in rows if x["message"] == "BSM"} == {"vehicle", "roadside"}
    for cause in ("lost_half_duplex", "lost_collision"):
        assert sum(x[cause] for x in rows) == sum(x[cause] for x in single)
    said = {(x["sender"], x["message"], x["number"]) for x in single}
    assert Counter(x for _, x, _ in said) == sums.summary["v2x"]["said"]
    assert sorted(x["time_s"] for x in single if x["message"] == "MAP")[0] >= sums.manifest["begin_s"] + 30.0
    assert {x["sender"] for x in single if x["message"] != "BSM"} == {"centre"}
    assert {x["bytes"] for x in single if x["message"] == "BSM"} == {36}
    assert {x["bytes"] for x in rows if x["message"] == "BSM"} == {36}


def test_each_transmission_is_told_the_same_wherever_chunks_end() -> None:
    def interrupt(run: Simulation) -> Process:
        for _ in range(150):
            yield run.environment.timeout(ticks(0.13))

    pilot = road(PLACES, Radio("packet_delivery"), EQUIPPED)
    pilot = replace(pilot, output=replace(pilot.output, messages="each"))
    _, _, whole = run(pilot)
    _, _, cut = run(pilot, services=[interrupt])
    assert len(cut.said) > len(whole.said)
    for name in whole.said[0]:
        one, other = (np.concatenate([x[name] for x in diary.said]) for diary in (whole, cut))
        assert np.array_equal(one, other), name


def test_how_busy_the_channel_is_stands_in_tables() -> None:
    """The mean of all stations in each interval, and of each station every 2 s."""
    result = short(**{"radio": "{ model: resources }", "output.edges": "50 s", "run.warm_up": "0"})
    rows = [x for x in result.table("messages").to_pylist() if x["message"] == "BSM"]
    busy = {x["time_s"]: x["channel_busy_ratio"] for x in rows}
    assert len(busy) == 2
    told = result.summary["v2x"]["channel_busy_ratio"]
    assert min(busy.values()) < told["mean"] < max(busy.values()), "more come on the road"
    stations = result.table("stations")["channel_busy_ratio"].to_numpy()
    assert 0.0 < stations.mean() < told["max"]
    single = short(**{"radio": "{ model: packet_delivery }", "output.messages": "each"}).table("messages").to_pylist()
    late = [x["delay_ms"] for x in single if x["message"] == "BSM"]
    assert np.mean(late) == pytest.approx(56.0, abs=3.0)
    assert {x["gap_ms"] for x in single} == {None}
