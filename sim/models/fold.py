"""Fold scalar models of one kind into one compiled function that picks by code."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from sim.compiled import dissolved

Model = Callable[..., Any]

#: Own parameters a model may have at most: the width of a profile's row.
WIDTH = 8


def parameters(model: Model, given: int) -> tuple[str, ...]:
    """Names of a model's own parameters: all that follow the `given` inputs."""
    return tuple(inspect.signature(getattr(model, "py_func", model)).parameters)[given:]


def fold(models: Sequence[Model], given: int) -> Model:
    """Compiled (code, inputs, row) -> models[code](*inputs, *row[:n]).

    A chain of small functions that the compiler inlines; measured equal to a hand-written `elif` chain.
    """

    def link(code: int, model: Model, count: int, rest: Model) -> Model:
        @dissolved
        def pick(c, inputs, row):  # type: ignore[no-untyped-def]
            if c == code:
                return model(*inputs, *row[:count])
            return rest(c, inputs, row)

        return pick

    last, count = models[-1], len(parameters(models[-1], given))

    @dissolved
    def pick(c, inputs, row):  # type: ignore[no-untyped-def]
        return last(*inputs, *row[:count])

    for code in reversed(range(len(models) - 1)):
        pick = link(code, models[code], len(parameters(models[code], given)), pick)
    return pick
