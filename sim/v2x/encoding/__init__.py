"""Real bytes of messages: unaligned PER by our schema of the public list of fields; wants the extra `v2x`.

The run itself needs sizes only; bytes are for whoever hands messages to other programs, and for tests. What
`pilotzone list messages NAME` names is what `encode` takes and `decode` gives back, as far as each field carries it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any

from sim.errors import Fault, SimError
from sim.registry import near
from sim.v2x.encoding import bsm, map, rsi, rsm, spat

#: Messages that have a schema -> what makes and reads them.
_KNOWN: dict[str, Any] = {"bsm": bsm, "map": map, "rsi": rsi, "rsm": rsm, "spat": spat}
#: Those that tell no identity of who says them.
_NAMELESS = ("map", "spat")
#: Bytes of an identity.
_WHO = 8


@cache
def schema() -> Any:
    """The compiled schema.

    Raises:
        SimError: the extra `v2x` is not installed.
    """
    try:
        import asn1tools
    except ImportError:
        fault = Fault("encoding", "the package asn1tools is not installed", 'wanted: pip install "pilotzone[v2x]"')
        raise SimError(faults=[fault]) from None
    return asn1tools.compile_files(str(Path(__file__).parents[1] / "schema.asn"), "uper")


def encode(
    message: str, values: Mapping[str, float], elements: Sequence[Any] = (), number: int = 0, who: bytes = b""
) -> bytes:
    """Bytes of a BSM, MAP, RSI, RSM or SPAT.

    Args:
        message: `bsm`, `map`, `rsi`, `rsm` or `spat`.
        values: what the message says once, by its names of fields, in their units; nan: not available.
        elements: points of a BSM, events of an RSI, objects of an RSM, lights of a SPAT (of a phase, one after
            another), each by name as `values`; of a MAP `Road`s; of an RSI also `Sign`s.
        number: of the message; its last seven bits are sent.
        who: identity of the sender, up to eight bytes; MAP and SPAT tell none.

    Raises:
        SimError: another message; a field that it does not have, that is missing, or that cannot carry its value; too
            few or too many elements; or the extra is not installed. It names each of them.
    """
    if message not in _KNOWN:
        wanted = near(str(message), _KNOWN) or f"wanted one of {', '.join(_KNOWN)}"
        raise SimError(faults=[Fault("encoding", f"no schema for {message}", wanted)])
    part = _KNOWN[message]
    faults = [*part.wrong(values, elements), *_wrong_sender(message, number, who)]
    if faults:
        raise SimError(faults=faults)
    told = {"msgCnt": int(number) % 128, "id": who.ljust(_WHO, b"\0"), **part.told_of(values, elements)}
    if message in _NAMELESS:
        del told["id"]
    return bytes(schema().encode("MessageFrame", (f"{message}Frame", told), check_constraints=True))


def decode(data: bytes) -> tuple[str, dict[str, float], list[Any]]:
    """Message, values and elements of bytes, as `encode` takes them; of an RSI events, then signs.

    What is not available is nan, what was left out is not there. What the standard lets a message say besides, and
    `pilotzone list messages` does not name, is not given back.

    Raises:
        SimError: these bytes are none of the messages, hold more or less than one, values that there are not, or
            extensions of later editions; or the extra is not installed.
    """
    told = _tree(data)
    message = told[0].removesuffix("Frame")
    try:
        values, elements = _KNOWN[message].read_from(told[1])
    except (KeyError, ValueError) as missing:
        raise _unreadable(message, f"{missing} cannot be read") from None
    return message, values, elements


def _tree(data: bytes) -> tuple[str, Any]:
    known = schema()
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise _unreadable("encoding", f"{data!r} are no bytes")
    import asn1tools

    try:
        told = known.decode("MessageFrame", bytes(data), check_constraints=True)
        size = len(known.encode("MessageFrame", told))
    except (asn1tools.Error, ValueError, NotImplementedError) as why:
        raise _unreadable("encoding", f"{len(data)} bytes cannot be read ({why})") from None
    if size != len(data):
        raise _unreadable(told[0].removesuffix("Frame"), f"{len(data)} bytes, of which it has {size}")
    return told[0], told[1]


def _unreadable(where: str, what: str) -> SimError:
    wanted = f"wanted those of one message, in unaligned PER: {', '.join(_KNOWN)}"
    return SimError(faults=[Fault(where, what, wanted)])


def _wrong_sender(message: str, number: Any, who: Any) -> Iterator[Fault]:
    if not isinstance(number, Integral):
        yield Fault(f"{message}: number", f"{number!r} cannot be told", "wanted a whole number")
    most = 0 if message in _NAMELESS else _WHO
    if not isinstance(who, bytes) or len(who) > most:
        yield Fault(f"{message}: who", f"{who!r} cannot be told", f"wanted up to {most} bytes")
