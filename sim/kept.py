"""What is kept on disk from run to run because making it takes long: compiled code, and maps that were read.

A thing's name is made of everything it depends on, the sources that make it among them, so that it is never stale. It
is written at once or not at all, is taken only if its bytes are as they were written, by this user, and those not asked
for longest go when there are too many. Keeping never fails: where nothing can be written, everything is made anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import os
import pathlib
import sys
import tempfile

_PACKAGE = pathlib.Path(__file__).parent
#: At most so many things of a kind, and so many bytes.
NUMBER, SIZE = 200, 300_000_000
_DIGEST = hashlib.sha256().digest_size


def digest(*parts: str | bytes) -> str:
    """Name for what depends on some parts: 32 hexadecimal digits."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "little") + data)
    return made.hexdigest()[:32]


@functools.cache
def stamp(rooms: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """Digest of all sources in some files and folders of this package, and of the versions of others and of Python."""
    parts: list[str | bytes] = [sys.version, *(importlib.metadata.version(name) for name in packages)]
    for room in rooms:
        path = _PACKAGE / room
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            parts += [source.relative_to(_PACKAGE).as_posix(), source.read_bytes()]
    return digest(*parts)


@functools.cache
def _folder(kind: str) -> pathlib.Path:
    """Folder of a kind of thing: in the user's cache, else in the temporary folder."""
    home = os.environ.get("PILOTZONE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (pathlib.Path(home) if home else pathlib.Path.home() / ".cache") / "pilotzone" / kind
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK) or any(folder.iterdir()):
            return folder
    except (OSError, RuntimeError):
        pass
    return pathlib.Path(tempfile.gettempdir()) / "pilotzone" / kind


def find(kind: str, name: str) -> bytes | None:
    """What was kept under a name; None: nothing, or nothing that is whole and of this user or the system's."""
    path = _folder(kind) / name
    try:
        with path.open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid not in (0, os.getuid()):
                return None
            data = file.read()
        if hashlib.sha256(memoryview(data)[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return data[_DIGEST:]


def keep(kind: str, name: str, data: bytes) -> None:
    """Keep something under a name, if that can be done."""
    folder = _folder(kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made, partial = tempfile.mkstemp(dir=folder, prefix=".")
        try:
            with os.fdopen(made, "wb") as file:
                file.write(hashlib.sha256(data).digest())
                file.write(data)
            os.replace(partial, folder / name)
        except OSError:
            os.unlink(partial)
            raise
        _tidy(folder)
    except OSError:
        pass


def _tidy(folder: pathlib.Path) -> None:
    """Throw away what has not been asked for longest, where there is too much."""
    found = sorted(((path.stat().st_mtime, path.stat().st_size, path) for path in folder.iterdir()), reverse=True)
    size = 0
    for rank, (_, own, path) in enumerate(found):
        size += own
        if rank >= NUMBER or size > SIZE:
            path.unlink(missing_ok=True)
