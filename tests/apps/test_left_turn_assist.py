"""Left-turn assist: fewer come to a path from which somebody who turned left before them has just gone."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
from equipped import Log, equal, scenario, watched

RADIO = "{ model: disc, range: 300 m }"
FLOWS = {("west", "east"): 700, ("east", "west"): 700, ("east", "south"): 200, ("west", "north"): 200}


@cache
def crossing(
    seed: int, share: float, radio: str = RADIO, app: str = "[left_turn_assist]", machines: float = 1.0
) -> tuple[dict[str, np.ndarray], Log]:
    """A main road from which some turn left before those who come towards them."""
    flows = [{"from": f"gate_{a}", "to": f"gate_{b}", "per_hour": n} for (a, b), n in FLOWS.items()]
    told = {"run__duration": "12 min", "output__conflicts": "true", "apps": app, "radio": radio}
    equip = json.dumps({"human_car": share, "robotaxi": share * machines})
    pilot = scenario("priority_crossroads", **told, traffic__flows=json.dumps(flows), equip=equip)
    return watched(pilot, seed, period=0.5)


def narrow(log: Log, limit: float = 2.0) -> int:
    """Times somebody who went straight on crossed within a limit [s] the path of one who had turned left before him."""
    met, told = log.encounters(), log.departures
    turns = np.array(["th" in log.pilot.park.edges[x[-1]].id for x in told.routes])[told.route]
    crossed = (met["kind"] == 3) & ~turns[met["subject"]] & turns[met["other"]]
    return int((crossed & (met["pet_s"] < limit)).sum())


SEEDS = (1, 2)


def test_fewer_narrow_left_turns() -> None:
    without, heard, some = (
        sum(narrow(crossing(x, *how)[1]) for x in SEEDS)
        for how in ((0.0,), (1.0,), (1.0, "{ model: disc, range: 300 m, loss: 90 % }"))
    )
    assert without > 20
    assert heard < 0.75 * without
    assert heard < some
    for seed in SEEDS:
        assert crossing(seed, 1.0)[1].count("collision") == 0
        assert crossing(seed, 1.0)[1].count("advice") > 10


def test_it_costs_who_turns_some_time() -> None:
    lost = [np.nanmean(crossing(1, x)[1].trips_told["time_loss_s"]) for x in (0.0, 1.0)]
    assert lost[0] < lost[1] < lost[0] + 5.0


def test_the_baseline_to_the_bit() -> None:
    baseline = crossing(1, 0.0)[0]
    assert equal(crossing(1, 1.0, app="{ left_turn_assist: { compliance: 0 } }", machines=0.0)[0], baseline)
    assert equal(crossing(1, 1.0, "{ model: disc, loss: 100 % }")[0], baseline)
