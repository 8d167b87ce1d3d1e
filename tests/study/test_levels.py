"""Whether a decision is the same at every level of a sweep, such as the rungs of the radio ladder."""

from __future__ import annotations

from sim.study.conclusions import by_level


def test_a_decision_that_hangs_on_the_level_is_told() -> None:
    rows = [
        ("a", "ideal", "better"),
        ("a", "resources", "worse"),
        ("b", "ideal", "better"),
        ("b", "resources", "better"),
    ]
    told = by_level([{"option": x, "level": y, "decision": z} for x, y, z in rows])
    assert told["a"] == {"same": False, "decisions": {"ideal": "better", "resources": "worse"}}
    assert told["b"]["same"]
