"""What follows for an option: better, worse, no difference shown, or more evidence needed; and the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.study.differences import Difference
from sim.study.rails import Rail

BETTER, WORSE = "better", "worse"
ALIKE, UNSURE = "no difference shown", "more evidence needed"


@dataclass(frozen=True, slots=True)
class Decision:
    """The word for an option, and why."""

    word: str
    why: str


def decide(found: Sequence[Difference], guards: Sequence[Rail], invalid: Sequence[int] = ()) -> Decision:
    """The word for an option, by its first measure, the others and its guard-rails.

    Args:
        invalid: seeds on which the run of the base or of the option is invalid: a good word cannot stand on them.
    """
    word = _word(found, guards)
    both = [x.name for x in guards if x.holds is False and x.before]
    if both:
        word = Decision(word.word, f"{word.why}; guard-rail {', '.join(both)} is broken, on the base too")
    if not invalid or word.word == WORSE:
        return word
    runs = (
        f"run{'s' if len(invalid) > 1 else ''} on seed{'s' if len(invalid) > 1 else ''} {', '.join(map(str, invalid))}"
    )
    return Decision(UNSURE, f"invalid {runs}: they cannot be believed; {word.why}")


def _word(found: Sequence[Difference], guards: Sequence[Rail]) -> Decision:
    first = found[0]
    if first.paired.count == 0:
        return Decision(UNSURE, f"no pair of runs came to an end and has {first.measure.name}")
    if first.paired.count < 2:
        return Decision(UNSURE, "one seed tells nothing about chance: at least 2 are needed, 10 are usual")
    broken = [x.name for x in guards if x.holds is False and not x.before]
    if broken:
        return Decision(WORSE, f"breaks guard-rail {', '.join(broken)}")
    worse = [x.measure.title for x in found if x.shown < 0]
    if first.shown < 0:
        return Decision(WORSE, f"{first.measure.title}: {_amount(first)}")
    open_rails = [x for x in guards if x.holds is None]
    names = ", ".join(x.name for x in open_rails)
    if first.shown > 0:
        if open_rails:
            return Decision(UNSURE, f"{_for_rails(open_rails)}: {_amount(first)}, but guard-rail {names} is not shown")
        return Decision(BETTER, f"{_amount(first)}" + (f"; but worse in {', '.join(worse)}" if worse else ""))
    doubt = _uncorrected(first, len(found))
    if first.is_precise:
        besides = f"; guard-rail {names} is not shown" if open_rails else ""
        return Decision(ALIKE, f"{_amount(first)}, as precise as wanted{doubt}{besides}")
    return Decision(UNSURE, f"{_seeds([first])}: {_amount(first)}{doubt}")


def _uncorrected(first: Difference, measures: int) -> str:
    """Why nothing is shown though the interval leaves zero out: the interval is of one measure, the word of all."""
    leaves_out = first.paired.low > 0.0 or first.paired.high < 0.0
    return f"; zero lies outside, but not after Holm's correction for {measures} measures" if leaves_out else ""


def _seeds(found: Sequence[Difference]) -> str:
    needed = max([x.seeds for x in found if not x.is_precise], default=0)
    here = found[0].paired.count
    return f"about {max(needed, here + 1)} seeds" if needed else "more seeds"


def _for_rails(rails: Sequence[Rail]) -> str:
    """How many seeds guard-rails that are not shown need."""
    if any(x.seeds is None for x in rails):
        return "a bound or more seeds"
    return f"about {max(x.seeds or 0 for x in rails)} seeds"


def _amount(x: Difference) -> str:
    unit = "" if x.measure.unit == "-" else f" {x.measure.unit}"
    return f"{x.paired.mean:+.3g}{unit} [{x.paired.low:+.3g}, {x.paired.high:+.3g}]"


def ranking(found: Mapping[str, tuple[Decision, float]]) -> list[str]:
    """Options from best to worst: by word, then by mean gain."""
    order = (BETTER, ALIKE, UNSURE, WORSE)
    return sorted(found, key=lambda name: (order.index(found[name][0].word), -found[name][1]))
