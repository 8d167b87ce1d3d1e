"""The only door to numba: its flags, and a cache keyed by all compiled sources.

Numba's own cache runs stale code after an edit in another file, so it is pointed at a folder named by a hash of every
source in this package and numba's version.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import tempfile
from collections.abc import Callable
from typing import Any

_PACKAGE = pathlib.Path(__file__).parent
_COMPILED_ROOMS = ("chance.py", "compiled.py", "models", "state", "kernel", "metrics")

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


if PLAIN:

    def inline(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave the function as it is."""
        return function

    cached = inline
    CACHE: pathlib.Path | None = None
else:
    import numba

    CACHE = _cache_folder(numba.__version__)
    numba.config.CACHE_DIR = str(CACHE)

    #: Compiled into its caller; `error_model="numpy"` drops the zero-division checks (7.7 x on an IDM loop, same bits).
    inline = numba.njit(error_model="numpy")
    #: Compiled once and kept on disk; for functions at module level only.
    cached = numba.njit(error_model="numpy", cache=True)


def is_warm() -> bool:
    """Whether compiled code of exactly these sources lies in the cache."""
    return CACHE is None or any(CACHE.rglob("*.nbc"))
