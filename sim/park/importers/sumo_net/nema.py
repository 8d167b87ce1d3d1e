"""Dual ring programmes: `<tlLogic type="NEMA">`, whose phases are movements and whose order its parameters tell.

Source: SUMO documentation, Simulation/NEMA.
"""

from __future__ import annotations

from sim.park.rings import RingPhase, Rings
from sim.park.xml import Document, Node

#: Parameters that are obeyed, and those that only say what is shown, written or checked.
OBEYED = frozenset((
    "detector-length", "detector-length-leftTurnLane", "total-cycle-length", "cycle-length", "cycleTime",
    "ring1", "ring2", "barrierPhases", "barrier2Phases", "coordinatePhases", "coordinate-mode", "minRecall",
    "maxRecall", "fixForceOff",
    "controllerType",
))  # fmt: skip
SHOWN = frozenset(("whetherOutputState", "ignore-errors"))
TIMES = frozenset(("vehext", "vehExt", "yellow", "red"))
#: Defaults of SUMO's controller: detectors [m], cycle [s]; and what netconvert gives its phases [s].
REACH, REACH_LEFT, CYCLE = 20.0, 10.0, 60.0
EXTENSION, YELLOW, RED = 2.0, 3.0, 2.0
LARGEST = 16  #: number of a phase


def read_rings(document: Document, node: Node) -> Rings | None:
    """The rings of a programme; None if they cannot be read, which the document is told."""
    told = {child.text("key"): child for child in node.children if child.tag == "param"}
    reader = _Reader(document, node, told)
    phases = reader.phases()
    places = {phase.number: i for i, phase in enumerate(phases)}
    if len(places) < len(phases):
        document.fault(node, "two of its phases have one name", "wanted a number of its own for each")
    rings = [reader.sides(rank, places) for rank in (1, 2)]
    used = [ring for ring in rings if any(ring)]
    if not used:
        document.fault(node, "no phase is in a ring", 'wanted parameters ring1 and ring2, such as "1,2,3,4"')
        return None
    if len({len(ring) for ring in used}) > 1:
        document.fault(node, "its rings do not have the same barriers", "wanted a phase of each ring in barrierPhases")
        return None
    in_step = reader.flag("coordinate-mode", False)
    kept = reader.numbers("coordinatePhases") or reader.numbers("barrier2Phases")
    return Rings(
        phases,
        tuple(used),
        tuple(dict.fromkeys(places[x] for x in kept if x in places)) if in_step else (),
        next(
            (reader.number(x, CYCLE) for x in ("total-cycle-length", "cycle-length", "cycleTime") if x in told), CYCLE
        ),
        reader.text("controllerType", "TS2").replace(" ", "").lower() == "type170",
        reader.flag("fixForceOff", False),
        reader.number("detector-length", REACH),
        reader.number("detector-length-leftTurnLane", REACH_LEFT),
    )


class _Reader:
    """Parameters and phases of one programme."""

    def __init__(self, document: Document, node: Node, told: dict[str, Node]) -> None:
        self._document, self._node, self._told = document, node, told

    def text(self, key: str, default: str = "") -> str:
        """A parameter."""
        return self._told[key].text("value") if key in self._told else default

    def number(self, key: str, default: float) -> float:
        """A parameter that is no less than zero."""
        return self._document.number(self._told[key], "value", None, 0.0) if key in self._told else default

    def flag(self, key: str, default: bool) -> bool:
        """A parameter that is true or false."""
        return self._document.flag(self._told[key], "value", default) if key in self._told else default

    def numbers(self, key: str, default: str = "") -> list[int]:
        """Numbers of phases, separated by commas; 0 stands for none."""
        words = self.text(key, default).replace(",", " ").split()
        if all(word.isdecimal() and int(word) <= LARGEST for word in words):
            return [int(word) for word in words]
        self._document.fault(self._node, f'{key} is "{self.text(key)}"', "wanted numbers of phases, such as 1,2,3,4")
        return []

    def phases(self) -> tuple[RingPhase, ...]:
        """All phases, in the order of the file."""
        nodes = [child for child in self._node.children if child.tag == "phase"]
        everybody = ",".join(str(x) for x in range(1, LARGEST + 1))
        whole = self.numbers("maxRecall")
        called = {*self.numbers("minRecall", everybody), *whole}
        return tuple(self._phase(node, called, whole) for node in nodes)

    def _phase(self, node: Node, called: set[int], whole: list[int]) -> RingPhase:
        document, name = self._document, node.text("name")
        number = int(name) if name.isdecimal() and 0 < int(name) <= LARGEST else 0
        if not number:
            document.fault(self._node, f'a phase has the name "{name}"', f"wanted a number from 1 to {LARGEST}")
        usual = document.number(node, "duration", None, 0.0)
        least = document.number(node, "minDur", usual, 0.0)
        most = max(least, document.number(node, "maxDur", usual, 0.0))
        extension = document.number(node, "vehExt" if node.has("vehExt") else "vehext", EXTENSION, 0.0)
        yellow, red = document.number(node, "yellow", YELLOW, 0.0), document.number(node, "red", RED, 0.0)
        state = node.text("state")
        return RingPhase(number, state, least, most, extension, yellow, red, number in called, number in whole)

    def sides(self, rank: int, places: dict[int, int]) -> tuple[tuple[int, ...], ...]:
        """Phases of a ring between barriers, as places; the phase a barrier names is the last one before it."""
        ends = {x[rank - 1] for x in map(self.numbers, ("barrierPhases", "barrier2Phases")) if len(x) >= rank}
        found: list[list[int]] = [[]]
        for number in self.numbers(f"ring{rank}"):
            if number in places:
                found[-1].append(places[number])
            elif number:
                what = f"ring{rank} names phase {number}, which it has not"
                self._document.fault(self._node, what, f"it has {', '.join(map(str, sorted(places)))}")
            if number in ends:
                found.append([])
        return tuple(tuple(side) for side in (found if found[-1] else found[:-1]))
