"""Errors a user can act on: each says where it is and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, and what was wanted.

    Args:
        where: `file:line: path` or the map's own id.
        what: what is wrong there.
        wanted: what would be right; empty if `what` says it.
    """

    where: str
    what: str
    wanted: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.wanted}" if self.wanted else "")


#: Exit code of a fault of the program itself.
INTERNAL = 5


class SimError(Exception):
    """Root of all errors raised on purpose; `exit_code` is what the command returns."""

    exit_code = 2

    def __init__(self, message: str | None = None, faults: tuple[Fault, ...] | list[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message if message is not None else "\n".join(map(str, self.faults)))


class ScenarioError(SimError):
    """The scenario file cannot be used; carries every fault found in it."""


class NetworkError(SimError):
    """The road network cannot be driven; carries every fault by the map's own id."""


class DemandError(SimError):
    """Somebody is to drive who cannot: unknown type, unconnected route, impossible number."""


class UpgradeError(SimError):
    """An operation of a plan or option cannot be done on this park: missing target, precondition, contradiction."""


class StudyError(SimError):
    """A study cannot be begun; carries every fault found in it."""


class NullGateError(SimError):
    """Changing nothing changed something: no difference of this study could be believed."""

    exit_code = 3


class StateError(SimError):
    """Arrays of the world do not fit their declaration: a fault of the program, not of the user."""

    exit_code = INTERNAL


class OutputError(SimError):
    """The result folder cannot be written."""


class DiskFullError(OutputError):
    """There is no room left where the result is to be."""

    exit_code = 4


class UnknownName(SimError):  # noqa: N818 - says what it is
    """A name that nothing is registered under."""


class RunError(SimError):
    """The run could not go on or cannot be believed."""

    exit_code = 3
