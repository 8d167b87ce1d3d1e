"""Signal programmes (`<tlLogic>`) of SUMO network and additional files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sim.errors import NetworkError
from sim.park.importers.sumo_net import nema
from sim.park.network import Network
from sim.park.signal import Phase, Signal
from sim.park.xml import Document, Node
from sim.registry import near

LETTERS = frozenset("GgyYrusoO")
KINDS: dict[str, Literal["fixed", "actuated", "rings"]] = {
    "static": "fixed", "actuated": "actuated", "delay_based": "actuated", "NEMA": "rings",
}  # fmt: skip
RAIL = "rail_signal"  #: kind of signal that keeps trains apart; its phases, if there are any, mean nothing
LOGIC = frozenset(("id", "type", "programID", "offset"))
PHASE = frozenset(("duration", "state", "minDur", "maxDur", "next", "name"))
#: Parameters of actuated programmes that are obeyed, and what they are called in `Signal`.
OBEYED = {"detector-gap": "detector_gap", "max-gap": "max_gap", "passing-time": "passing_time"}
#: Parameters that only say what is shown or written.
SHOWN = frozenset(("show-detectors", "file", "freq", "vTypes", "source", "owner"))


@dataclass(slots=True)
class _Programme:
    """A signal as last loaded, and where."""

    node: Node | None
    signal: Signal
    versions: dict[str, Signal] = field(default_factory=dict)


class Programmes:
    """The programme in force for each signal: the one loaded last.

    Args:
        document: takes faults.
        nodes: `<tlLogic>` elements in order of loading.
        before: signals loaded before them.
    """

    def __init__(self, document: Document, nodes: Iterable[Node], before: tuple[Signal, ...] = ()) -> None:
        """Read them all."""
        self._document = document
        self._found = {signal.id: _Programme(None, signal, {signal.programme: signal}) for signal in before}
        self._ignored: Counter[str] = Counter()
        for node in nodes:
            if node.text("type") != RAIL:
                self._read(node)
        self.index = {name: rank for rank, name in enumerate(self._found)}

    def signals(self) -> tuple[Signal, ...]:
        """In the order in which their ids were first met."""
        return tuple(found.signal for found in self._found.values())

    def rail(self, name: str, group: int) -> int:
        """Index of a signal for trains, which the file need not describe, with at least so many groups."""
        known = self._found.get(name)
        letters = max(group + 1, len(known.signal.phases[0].state) if known else 0)
        forever = Phase("r" * letters, 1.0, 1.0, 1.0)
        self._found[name] = _Programme(None, Signal(name, "rail", "0", 0.0, (forever,)))
        return self.index.setdefault(name, len(self.index))

    def warnings(self) -> tuple[str, ...]:
        """What of the programmes is not obeyed, with counts."""
        name = self._document.path.name
        return tuple(f"{name}: {count} x signal programme: {what}" for what, count in sorted(self._ignored.items()))

    def check_width(self, groups: Iterable[tuple[int, int]]) -> None:
        """Find signals whose phases have no letter for a connection they control.

        Args:
            groups: (signal, group) of each controlled connection.
        """
        widest: dict[int, int] = {}
        for signal, group in groups:
            widest[signal] = max(widest.get(signal, -1), group)
        for rank, found in enumerate(self._found.values()):
            letters, last = len(found.signal.phases[0].state), widest.get(rank, -1)
            if found.node is not None and letters <= last:
                what = f"its phases have {letters} letters, but a connection is its group {last}"
                self._document.fault(found.node, what, f"wanted at least {last + 1} letters in each state")

    def _read(self, node: Node) -> None:
        document, name, programme = self._document, node.text("id"), node.text("programID", "0")
        known = self._found.get(name)
        phases = tuple(self._phase(child, node) for child in node.children if child.tag == "phase")
        offset = document.number(node, "offset", 0.0)
        if not phases and known and programme in known.versions:
            known.signal = replace(known.versions[programme], offset=offset)
            return
        if not phases:
            document.fault(node, "it has no phase", "a programme wants at least one <phase>")
            return
        if len({len(phase.state) for phase in phases}) > 1:
            document.fault(node, "its phases have states of different length", "one letter a connection in each")
        if sum(phase.duration for phase in phases) <= 0.0:
            document.fault(node, "its phases last 0 s altogether", "wanted a cycle")
        signal = self._signal(node, phases, offset)
        earlier = known.versions if known else {}
        self._found[name] = _Programme(node, signal, {**earlier, programme: signal})

    def _signal(self, node: Node, phases: tuple[Phase, ...], offset: float) -> Signal:
        kind = node.text("type", "static")
        ignored = [f"{name} is not read" for name in sorted(node.attributes.keys() - LOGIC)]
        if kind not in KINDS:
            ignored.append(f"type {kind} is run as fixed")
        elif kind == "delay_based":
            ignored.append("type delay_based is run as actuated by time gaps")
        obeyed, shown, attributes = OBEYED, SHOWN, PHASE
        if kind == "NEMA":
            obeyed, shown, attributes = {}, SHOWN | nema.SHOWN | nema.OBEYED, PHASE | nema.TIMES
        settings: dict[str, float] = {}
        for child in node.children:
            key = child.text("key")
            if child.tag == "param" and key in obeyed:
                settings[obeyed[key]] = self._document.number(child, "value", None, 0.0)
            elif child.tag == "param" and key not in shown and kind in KINDS and kind != "static":
                ignored.append(f"parameter {key} is not obeyed")
            elif child.tag not in ("phase", "param"):
                ignored.append(f"<{child.tag}> is not obeyed")
        for child in node.children:
            if child.tag == "phase":
                ignored += [f"{name} of a phase is not read" for name in sorted(child.attributes.keys() - attributes)]
        self._ignored.update(ignored)
        return Signal(
            node.text("id"),
            KINDS.get(kind, "fixed"),
            node.text("programID", "0"),
            offset,
            phases,
            ignored=tuple(dict.fromkeys(ignored)),
            rings=nema.read_rings(self._document, node) if kind == "NEMA" else None,
            **settings,
        )

    def _phase(self, node: Node, logic: Node) -> Phase:
        document = self._document
        state = node.text("state")
        if not state or not set(state) <= LETTERS:
            odd = "".join(sorted(set(state) - LETTERS))
            what = f'a phase has letters that are none of a signal: "{odd}"' if state else "a phase has no state"
            document.fault(logic, what, f"wanted {''.join(sorted(LETTERS))}")
        duration = document.number(node, "duration", None, 0.0)
        adaptive = logic.text("type", "static") in ("actuated", "delay_based", "NEMA")
        least = document.number(node, "minDur", duration, 0.0)
        most = document.number(node, "maxDur", duration, 0.0)
        following: tuple[int, ...] = ()
        if node.has("next"):
            following = self._following(node, logic)
        if not adaptive:
            return Phase(state, duration, duration, duration, following)
        return Phase(state, duration, least, most if most >= least else max(duration, least), following)

    def _following(self, node: Node, logic: Node) -> tuple[int, ...]:
        count = sum(child.tag == "phase" for child in logic.children)
        words = node.words("next")
        if not all(word.isdecimal() and int(word) < count for word in words):
            self._document.fault(logic, f'next is "{node.text("next")}"', f"wanted phases 0 to {count - 1}")
            return ()
        return tuple(int(word) for word in words)


def signals(path: Path, network: Network) -> Network:
    """The network with the signal programmes of an additional file in force.

    Args:
        path: an additional file; what it holds beside `<tlLogic>` is not looked at.
        network: whose signals the programmes replace.

    Raises:
        NetworkError: the file cannot be read, or a programme does not fit its signal.
    """
    document = Document(path, NetworkError)
    known = {signal.id for signal in network.signals}
    nodes = [node for node in document.elements(alone=frozenset(("tlLogic",))) if node.tag == "tlLogic"]
    for node in nodes:
        if node.text("id") not in known:
            document.fault(node, "the network has no such signal", near(node.text("id"), known))
    document.close()
    programmes = Programmes(document, nodes, network.signals)
    document.close()
    programmes.check_width((x.signal, x.group) for x in network.connections if x.signal >= 0)
    document.close()
    return replace(network, signals=programmes.signals(), warnings=network.warnings + programmes.warnings())
