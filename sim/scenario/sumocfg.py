"""A SUMO configuration (`.sumocfg`) as a pilot, unchanged.

Source: SUMO documentation, sumo (options of the command).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

from sim.errors import Fault, ScenarioError
from sim.park.importers import read_map
from sim.park.importers.sumo_net import signals
from sim.park.xml import Document, Node, digest
from sim.pilot import Clock, Output, Pilot, Rules
from sim.traffic.sumo import Options, SumoDemand, defaults
from sim.traffic.sumo.times import time_of
from sim.traffic.sumo.wishes import lane_of, nearly, speed_of

#: Sections of a configuration: only their options count.
SECTIONS = frozenset((
    "input", "output", "time", "processing", "routing", "report", "random_number", "gui_only", "emissions",
    "communication", "battery", "mesoscopic", "traci_server", "fcd_device", "ssm_device", "taxi_device",
    "transportable", "random", "traci", "gui", "elechybrid_device", "toc_device",
    "driver_state_device", "bluelight_device",
))  # fmt: skip
SYNONYMS = {
    "net": "net-file", "n": "net-file", "routes": "route-files", "r": "route-files", "additional": "additional-files",
    "a": "additional-files", "b": "begin", "e": "end", "srand": "seed", "default.carfollowmodel": "carfollow.model",
}  # fmt: skip
#: Options that do not change traffic here: what is shown, logged, checked, or how SUMO goes about it.
QUIET = frozenset((
    "no-step-log", "verbose", "v", "duration-log.statistics", "duration-log.disable", "log", "message-log", "error-log",
    "xml-validation", "xml-validation.net", "xml-validation.routes", "no-warnings", "print-options", "start",
    "quit-on-end", "gui-settings-file", "delay", "threads", "route-steps", "step-log.period", "aggregate-warnings",
    "write-license", "precision", "human-readable-time", "random", "save-configuration", "step-length",
))  # fmt: skip
#: Roots of SUMO's other files. A configuration's own root may be called anything, as SUMO has it.
OTHERS = frozenset(("net", "routes", "trips", "additional", "add", "tlLogics", "viewsettings", "duarouterConfiguration",
    "netconvertConfiguration", "netgenerateConfiguration", "jtrrouterConfiguration", "od2tripsConfiguration",
))  # fmt: skip
STEP = 0.1  #: [s] the core's own


class _Settings:
    """The options of a configuration by their long names."""

    def __init__(self, path: Path) -> None:
        self.document = Document(path, ScenarioError)
        self.found: dict[str, Node] = {}
        for node in self.document.elements():
            options = node.children if node.tag in SECTIONS or node.children else [node]
            for option in options:
                self.found[SYNONYMS.get(option.tag, option.tag)] = option
        self.read: set[str] = set()
        root = self.document.root
        if root is not None and root.tag in OTHERS:
            fault = Fault(self.document.where(root), f"the file's root is <{root.tag}>", "wanted <sumoConfiguration>")
            raise ScenarioError(faults=[fault])

    def node(self, name: str) -> Node | None:
        """An option's element, which counts as read."""
        self.read.add(name)
        return self.found.get(name)

    def text(self, name: str) -> str:
        """An option's value; empty if it is not set."""
        node = self.node(name)
        return node.text("value") if node else ""

    def number(self, name: str, default: float, low: float = -math.inf) -> float:
        """An option as a number."""
        node = self.node(name)
        return self.document.number(node, "value", default, low) if node else default

    def time(self, name: str, default: float) -> float:
        """An option as time [s]."""
        node = self.node(name)
        return time_of(self.document, node, "value", default) if node else default

    def files(self, name: str) -> tuple[Path, ...]:
        """An option as files, relative to the configuration; a fault for each that is not there."""
        node = self.node(name)
        found = []
        for word in node.text("value").split(",") if node else ():
            path = self.document.path.parent / word.strip()
            if node is not None and not path.is_file():
                self.document.faults.append(Fault(f"{self.document.where(node)}: {name}", f"there is no file {path}"))
            found.append(path)
        return tuple(found)

    def warnings(self) -> tuple[str, ...]:
        """Options that nobody obeys."""
        lost = Counter(name for name in self.found if name not in self.read | QUIET)
        return tuple(f"{self.document.path.name}: option {name} is not obeyed" for name in sorted(lost))


def load(path: Path) -> Pilot:
    """The pilot of a SUMO configuration.

    Args:
        path: of the `.sumocfg`; its files are relative to it.

    Raises:
        ScenarioError: the configuration has faults.
        NetworkError: the network or a signal programme has.
        DemandError: only when departures are drawn.
    """
    settings = _Settings(path)
    networks, routes = settings.files("net-file"), settings.files("route-files")
    additional = settings.files("additional-files")
    if len(networks) != 1:
        what = f"it names {len(networks)} networks" if networks else "it names no network"
        settings.document.faults.append(Fault(str(path), what, 'wanted one <net-file value="..."/>'))
    clock, rules = _clock(settings), _rules(settings)
    demand = _demand(settings, routes, additional)
    settings.document.close()
    network = read_map(networks[0])
    for extra in additional:
        network = signals(extra, network)
    return Pilot(
        name=path.stem,
        park=network,
        demand=demand,
        rules=rules,
        clock=clock,
        output=Output(trajectories=0.0, edges=300.0),
        inputs={str(x): digest(x) for x in (path, *networks, *routes, *additional)},
        warnings=(*_step_note(settings), *settings.document.warnings(), *settings.warnings()),
    )


def _clock(settings: _Settings) -> Clock:
    begin, end = settings.time("begin", 0.0), settings.time("end", math.inf)
    if end < 0.0:  # SUMO's way to say: until all are home
        end = math.inf
    if end <= begin:
        node = settings.found["end"]
        where = f"{settings.document.where(node)}: end"
        settings.document.faults.append(Fault(where, f"the run ends ({end:g} s) before it begins ({begin:g} s)"))
    said = settings.node("seed")
    seed = settings.document.whole(said, "value", 1, -(2**31)) if said else 1
    return Clock(begin=begin, end=end, step=STEP, seed=abs(seed))


def _rules(settings: _Settings) -> Rules:
    return Rules(
        lane_change_duration=max(settings.time("lanechange.duration", 0.0), 0.0),
        keep_right=True,
        jam_patience=300.0,
    )


def _demand(settings: _Settings, routes: tuple[Path, ...], additional: tuple[Path, ...]) -> SumoDemand:
    deviation = settings.number("default.speeddev", -1.0)
    options = Options(
        deviation=None if deviation < 0.0 else deviation,
        model=settings.text("carfollow.model") or "Krauss",
    )
    patience = settings.node("time-to-impatience")
    if patience is not None:
        options = replace(options, time_to_impatience=time_of(settings.document, patience, "value"))
    if settings.time("time-to-teleport", -1.0) > 0.0:  # else nobody is teleported, as here
        settings.read.discard("time-to-teleport")
    ignore = settings.node("ignore-route-errors")
    lane = settings.node("default.departlane") or _unsaid(defaults.DEPART_LANE)
    speed = settings.node("default.departspeed") or _unsaid(defaults.DEPART_SPEED)
    said = {"departLane": lane, "departSpeed": speed}
    told = {name: nearly(name, node.text("value"), "all who say none") for name, node in said.items()}
    return SumoDemand(
        routes,
        additional,
        options,
        default_lane=lane_of(settings.document, lane, "value", 0),
        default_speed=speed_of(settings.document, speed, "value", 0.0),
        nearly={name: words for name, words in told.items() if words},
        leave_out_broken=ignore is not None and settings.document.flag(ignore, "value", False),
    )


def _unsaid(value: str) -> Node:
    """An option that the configuration does not set."""
    return Node("default", {"value": value}, 0)


def _step_note(settings: _Settings) -> tuple[str, ...]:
    step = settings.time("step-length", 1.0)
    if step == STEP:
        return ()
    said = f"step-length {step:g} s" if "step-length" in settings.found else f"SUMO's step of {step:g} s"
    return (f"{settings.document.path.name}: {said} is not obeyed: the core keeps its own step of {STEP:g} s",)
