"""Name -> thing, filled by dropping a file into a package."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Generic, TypeVar

from sim.errors import UnknownName

T = TypeVar("T")


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?` if a known name is close to `name`, else nothing."""
    spelt = {x.casefold(): x for x in known}
    close = difflib.get_close_matches(name.casefold(), spelt, 1)
    return f"did you mean {spelt[close[0]]}?" if close else ""


class Registry(Generic[T]):
    """Things of one kind by name; a thing's code is its rank in name order."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._found: dict[str, T] = {}

    def register(self, thing: T) -> T:
        """Register under the name of the thing's module; use as a decorator."""
        return self.named(thing.__module__.rsplit(".", 1)[1])(thing)

    def named(self, name: str) -> Callable[[T], T]:
        """Register under a name; use as a decorator."""

        def put(thing: T) -> T:
            if name in self._found:
                raise ValueError(f"{self.kind} {name} is registered twice")
            self._found[name] = thing
            return thing

        return put

    def discover(self, package: ModuleType) -> None:
        """Import every module of the package, in name order."""
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            importlib.import_module(f"{package.__name__}.{module}")

    def __getitem__(self, name: str) -> T:
        try:
            return self._found[name]
        except KeyError:
            hint = near(name, self._found)
            known = ", ".join(self.names())
            raise UnknownName(f"no {self.kind} named {name}; {hint or 'none is near'} (known: {known})") from None

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._found)

    def code(self, name: str) -> int:
        """Rank of a name: what compiled code knows it by."""
        self[name]
        return self.names().index(name)
