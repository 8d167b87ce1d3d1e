"""The only door to numba: its flags, machine code that is kept, and tables handed over by address.

Numba's own cache runs stale code after an edit in another file, and cannot be read without the compiler; see `door`.

A world has some forty arrays. Handed over as arrays, each call between compiled functions that is not inlined would
copy some 270 words (measured: 1.9 us a vehicle-step, 71 s to compile). So compiled code gets one word: the address of a
block of addresses. `w.vehicles[row].speed` is then two loads, and reads the same with and without the compiler.
"""

from __future__ import annotations

import functools
import os
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.compiled.door import Door

#: Without the compiler every function runs as plain Python (slow; the same bits): for tests and debuggers.
PLAIN = os.environ.get("PILOTZONE_PLAIN", "") == "1"


def arrays_of(tables: Any) -> Iterator[tuple[str, np.ndarray]]:
    """Names and arrays of a (nested) NamedTuple of arrays, in order."""
    for name, value in zip(tables._fields, tables, strict=True):
        if isinstance(value, tuple):
            yield from arrays_of(value)
        else:
            yield name, value


#: The arrays whose addresses were asked for last, weakly, and the answer: asking numpy costs 10 us an array.
_asked: tuple[list[weakref.ref[np.ndarray]], np.ndarray] = ([], np.empty(0, np.int64))


def addresses(tables: Any) -> np.ndarray:
    """Addresses of all arrays, (arrays,) int64; the arrays must outlive their use."""
    global _asked
    arrays = [array for _, array in arrays_of(tables)]
    known, block = _asked
    if len(known) != len(arrays) or any(one() is not other for one, other in zip(known, arrays, strict=True)):
        block = np.array([array.ctypes.data for array in arrays], np.int64)
        _asked = ([weakref.ref(array) for array in arrays], block)
    return block


class Later:
    """Stands for something of the compiler's until the compiler asks what it is: importing a model costs no numba.

    Args:
        make: what makes it.
        function: whose name and documentation it has.
    """

    def __init__(self, make: Callable[[], Any], function: Callable[..., Any]) -> None:
        self._make = make
        functools.update_wrapper(self, function)
        self.py_func = function

    @functools.cached_property
    def made(self) -> Any:
        """The thing itself."""
        return self._make()

    @property
    def _numba_type_(self) -> Any:
        from sim.compiled import parts

        return parts.kind_of(self.made)

    def __call__(self, *given: Any) -> Any:
        """Call it from Python."""
        return self.made(*given)


def _part(function: Callable[..., Any], told: str = "") -> Callable[..., Any]:
    def make() -> Any:
        from sim.compiled.parts import Inline

        return Inline(function, told)

    return Later(make, function)


def _of_rows(function: Callable[..., Any], *given: Any) -> Callable[..., Any]:
    """What stands for a thing in `rows` that has a function's name, or that it makes of something given."""

    def make() -> Any:
        from sim.compiled import rows

        found = getattr(rows, function.__name__)
        return found(*given) if given else found

    return Later(make, function)


def inline(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function into its callers, if the compiler finds that worth its length."""
    return function if PLAIN else _part(function)


def dissolved(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function into its callers, however long it is."""
    return function if PLAIN else _part(function, "alwaysinline")


def aside(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function by itself: what few runs need must not make those longer that call it, and then costs all."""
    return function if PLAIN else _part(function, "noinline")


def cached(function: Callable[..., Any]) -> Any:
    """A function that Python calls, compiled as a whole once a machine; see `Door`."""
    return function if PLAIN else Door(function)


def ready(door: Any) -> bool:
    """Whether such a function can be called without being compiled first."""
    return PLAIN or bool(door.ready())


def fetch(rows: Any, index: int, line: int) -> None:
    """Have a line of a row fetched into the cache, so that nobody waits for it who reads it soon."""


def trailing_zeros(word: Any) -> int:
    """Place of the lowest bit that is set; the word must not be 0."""
    return (int(word) & -int(word)).bit_length() - 1


def match(words: Any, first: int, word: int, bits: int) -> int:
    """Which of eight words of a list, from a place on, is a word but for so many of its lowest bits; 8: none is."""
    for i in range(8):
        if (int(words[first + i]) ^ word) >> bits == 0:
            return i
    return 8


def opener(layout: dict[str, np.dtype[Any]], groups: tuple[str, ...], constant: frozenset[str]) -> Callable[..., Any]:
    """Function that opens tables of a layout by the address of their addresses; without the compiler they are open.

    Args:
        groups: names of tuples of tables among them.
        constant: tables that compiled code only reads.
    """
    return (lambda tables: tables) if PLAIN else _of_rows(opener, layout, groups, constant)


if not PLAIN:
    fetch, match, trailing_zeros = _of_rows(fetch), _of_rows(match), _of_rows(trailing_zeros)
