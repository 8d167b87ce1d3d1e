"""Guard-rails: shown, shown to be broken, or neither; of nothing counted only the bound holds."""

from __future__ import annotations

from typing import Any

import pytest

from sim.study.decision import ALIKE, BETTER, UNSURE, WORSE, decide
from sim.study.differences import Figures, differences
from sim.study.measures import Measure
from sim.study.rails import Rail, alone, rails
from sim.study.schema import RailPart, Study

COLLISIONS, LATE = "safety.collisions", "trips.worst_group_s"


def figures(name: str, values: list[float], way: float = 100.0) -> Figures:
    """A measure by seed, with kilometres driven."""
    return {i + 1: {name: x, "_distance_km": way} for i, x in enumerate(values)}


def rail(name: str, before: list[float], after: list[float], way: float = 100.0, **limit: Any) -> Rail:
    (found,) = rails(figures(name, before, way), figures(name, after, way), {name: RailPart(**limit)})
    return found


def test_none_counted_is_no_proof_that_there_never_is_one() -> None:
    found = rail(COLLISIONS, [0] * 10, [0] * 10, at_most=0)
    assert found.holds is None
    assert found.seeds is None
    assert "none in 1,000 km (at most 3 per 1,000 km, 95 % sure); say per_1000_km" in found.says


def test_one_counted_breaks_it() -> None:
    assert rail(COLLISIONS, [0] * 10, [0] * 9 + [1], at_most=0).holds is False


def test_enough_kilometres_show_that_they_are_few_enough() -> None:
    """Nothing in 10 x 100 km: at most 3.0 per 1,000 km; to show 1.0 takes three times as many."""
    assert rail(COLLISIONS, [0] * 10, [0] * 10, per_1000_km=3.1).holds is True
    short = rail(COLLISIONS, [0] * 10, [0] * 10, per_1000_km=1.0, at_most=0)
    assert (short.holds, short.seeds) == (None, 30)
    assert rail(COLLISIONS, [0] * 10, [0] * 10, way=310.0, per_1000_km=1.0, at_most=0).holds is True
    assert rail(COLLISIONS, [0] * 10, [2] * 10, per_1000_km=1.0).holds is False  # 20: at least 12.2 in 1,000 km


def test_counts_against_the_base() -> None:
    """20 in all on the base; 5 are fewer for sure, 22 are not sure to be at most a tenth more, 60 are more."""
    assert rail(COLLISIONS, [2] * 10, [0, 1] * 5, rise_share="10 %").holds is True
    assert rail(COLLISIONS, [2] * 10, [2] * 9 + [4], rise_share="10 %").holds is None
    assert rail(COLLISIONS, [2] * 10, [6] * 10, rise_share="10 %").holds is False
    assert rail(COLLISIONS, [0] * 10, [0] * 10).holds is None  # without a limit: no more than on the base
    assert rail(COLLISIONS, [0] * 10, [0] * 10, rise=0.5).holds is True  # at most 3 in ten runs


def test_means() -> None:
    base = [100.0, 101.0, 99.0, 100.5, 99.5]
    assert rail(LATE, base, [x + 1.0 for x in base], rise_share="10 %").holds is True
    assert rail(LATE, base, [x + 20.0 for x in base], rise_share="10 %").holds is False
    open_one = rail(LATE, base, [x + d for x, d in zip(base, (0, 18, 2, 16, 4), strict=True)], rise_share="10 %")
    assert open_one.holds is None
    assert open_one.seeds is not None
    assert open_one.seeds > 5
    assert rail(LATE, base, base, at_most=102.0).holds is True


def test_nothing_rises_against_itself() -> None:
    """Of counts on the same runs it could never be shown; what is no rise is asked all the same."""
    told = {COLLISIONS: RailPart(rise_share="10 %", per_1000_km=1.0), LATE: RailPart(rise=1.0)}
    assert alone(told) == {COLLISIONS: RailPart(per_1000_km=1.0)}


def test_what_the_base_breaks_too_is_not_the_options_doing() -> None:
    found = rail(COLLISIONS, [1, 0], [1, 0], at_most=0)
    assert (found.holds, found.before) == (False, True)
    assert not rail(COLLISIONS, [0, 0], [1, 0], at_most=0).before
    assert not rail(COLLISIONS, [1, 0], [0, 0], at_most=0).before
    assert not rail(COLLISIONS, [1] * 9, [9] * 9, at_most=0, rise_share="10 %").before
    base = [100.0, 110.0, 90.0]
    alike = differences(figures("m", base), figures("m", base), [Measure("m", "made up", "s")], 0.05)
    assert decide(alike, [found]).word == ALIKE
    assert "broken, on the base too" in decide(alike, [found]).why
    assert decide(alike, [rail(COLLISIONS, [0, 0], [1, 0], at_most=0)]).word == WORSE


def test_what_was_not_measured_is_told() -> None:
    assert rail(LATE, [1.0, float("nan")], [1.0, 1.0], rise=1.0).says == "was not measured on every run"


@pytest.mark.parametrize(
    ("change", "holds", "word"),
    [(-5.0, True, BETTER), (-5.0, None, UNSURE), (-5.0, False, WORSE), (0.0, None, ALIKE), (5.0, True, WORSE)],
)
def test_what_a_rail_does_to_the_decision(change: float, holds: bool | None, word: str) -> None:
    base = [100.0, 110.0, 90.0, 105.0]
    noise = [0.1, -0.1, 0.05, -0.05]
    option = [x + change + e for x, e in zip(base, noise, strict=True)]
    found = differences(figures("m", base), figures("m", option), [Measure("m", "made up", "s")], 0.05)
    decision = decide(found, [Rail("rail", holds, "", 7 if holds is None else None)])
    assert decision.word == word
    assert ("rail" in decision.why) == (holds is not True)
    assert ("about 7 seeds" in decision.why) == (word == UNSURE)


def test_no_good_word_stands_on_invalid_runs() -> None:
    base = [100.0, 110.0, 90.0, 105.0]
    noise = [0.1, -0.1, 0.05, -0.05]
    measures = [Measure("m", "made up", "s")]
    for change, words in ((-5.0, (BETTER, UNSURE)), (5.0, (WORSE, WORSE)), (0.0, (ALIKE, UNSURE))):
        option = [x + change + e for x, e in zip(base, noise, strict=True)]
        found = differences(figures("m", base), figures("m", option), measures, 0.05)
        assert (decide(found, []).word, decide(found, [], [2, 4]).word) == words
    assert "invalid runs on seeds 2, 4" in decide(found, [], [2, 4]).why


def test_what_only_holms_correction_hides_is_told() -> None:
    base = [100.0, 110.0, 90.0, 105.0]
    measures = [Measure(name, "made up", "s") for name in "mno"]
    one = {i: {"m": x, "n": x, "o": x} for i, x in enumerate(base)}
    other = {
        i: {"m": x + d, "n": x + e, "o": x - e}
        for i, (x, d, e) in enumerate(zip(base, (1, 2, 3, 1), (1, -1, 2, -2), strict=True))
    }
    found = differences(one, other, measures, 0.05)
    assert found[0].paired.low > 0.0
    assert decide(found, []).word == ALIKE
    assert "not after Holm's correction for 3 measures" in decide(found, []).why
    assert "Holm" not in decide(found[1:], []).why


def test_no_run_is_not_one_seed() -> None:
    found = differences({}, {}, [Measure("m", "made up", "s")], 0.05)
    assert "no pair of runs" in decide(found, []).why


def test_a_rate_is_of_counts_only() -> None:
    told = {"base": "x.yaml", "options": {"x": []}, "guard_rails": {LATE: {"per_1000_km": 1.0}}}
    with pytest.raises(ValueError, match="is no count of events"):
        Study.model_validate(told)
