"""The only door to numba: its flags, a cache keyed by all compiled sources, and tables handed over by address.

Numba's own cache runs stale code after an edit in another file, so it is pointed at a folder named by a hash of every
source in this package that is compiled, and numba's version.

A world has some forty arrays. Handed over as arrays, each call between compiled functions that is not inlined would
copy some 270 words (measured: 1.9 us a vehicle-step, 71 s to compile). So compiled code gets one word: the address of a
block of addresses. `w.vehicles[row].speed` is then two loads, and reads the same with and without the compiler.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_PACKAGE = pathlib.Path(__file__).parents[1]
_COMPILED_ROOMS = ("chance.py", "compiled", "models", "state", "kernel", "park/network.py")

#: Without the compiler every function runs as plain Python (slow; the same bits): for tests and debuggers.
PLAIN = os.environ.get("PILOTZONE_PLAIN", "") == "1"


def _fingerprint(version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for room in _COMPILED_ROOMS:
        path = _PACKAGE / room
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder(version: str) -> pathlib.Path:
    """Folder for compiled code: the user's cache, else the temporary folder."""
    name = f"numba-{_fingerprint(version)}"
    home = os.environ.get("PILOTZONE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        root = pathlib.Path(home) if home else pathlib.Path.home() / ".cache"
        folder = root / "pilotzone" / name
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):
        pass
    return pathlib.Path(tempfile.gettempdir()) / f"pilotzone-{name}"


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


if PLAIN:

    def inline(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave the function as it is."""
        return function

    def fetch(rows: Any, index: int, line: int) -> None:
        """Nothing to be fetched ahead."""

    def trailing_zeros(word: Any) -> int:
        """Place of the lowest bit that is set; the word must not be 0."""
        return (int(word) & -int(word)).bit_length() - 1

    cached = inline
    dissolved = inline
    CACHE: pathlib.Path | None = None

    def opener(
        layout: dict[str, np.dtype[Any]], groups: tuple[str, ...], constant: frozenset[str]
    ) -> Callable[..., Any]:
        """Open tables: here they are open already."""
        return lambda tables: tables

else:
    import numba

    from sim.compiled.parts import Inline, WholeCompiler
    from sim.compiled.rows import fetch as fetch
    from sim.compiled.rows import opener as opener
    from sim.compiled.rows import trailing_zeros as trailing_zeros

    CACHE = _cache_folder(numba.__version__)
    numba.config.CACHE_DIR = str(CACHE)

    #: Compiled once and kept on disk; for functions at module level only. `error_model="numpy"` drops the zero-division
    #: checks (7.7 x on an IDM loop, same bits).
    cached = numba.njit(error_model="numpy", cache=True, pipeline_class=WholeCompiler)
    inline = Inline  # type: ignore[assignment]

    def dissolved(function: Callable[..., Any]) -> Callable[..., Any]:
        """Compile a function into its callers, however long it is; `inline` leaves it to the compiler."""
        return Inline(function, dissolved=True)


def is_warm() -> bool:
    """Whether compiled code of exactly these sources lies in the cache."""
    return CACHE is None or any(CACHE.rglob("*.nbc"))
