"""SUMO's route files: vehicles, trips, flows, stops, types; and what is said about bad ones."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import DemandError
from sim.park.importers.sumo_net import read
from sim.park.names import Names
from sim.park.network import Network
from sim.traffic.card import Card
from sim.traffic.departures import (
    AVERAGE,
    BASE,
    BEST,
    DESIRED,
    FIRST_ALLOWED,
    FREE,
    FREE_POSITION,
    MAXIMUM,
    RANDOM,
    RANDOM_FREE,
    RANDOM_POSITION,
    SPEED_LIMIT,
    Departures,
)
from sim.traffic.sumo import Options, SumoDemand, defaults

#: a -> b -> c, and b -> d for buses only; a has two lanes.
NET = """<net version="1.20">
 <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="10" length="100" shape="0,0 100,0"/>
  <lane id="a_1" index="1" speed="10" length="100" shape="0,3 100,3"/></edge>
 <edge id="b" from="B" to="C"><lane id="b_0" index="0" speed="10" length="200" shape="110,0 310,0"/></edge>
 <edge id="c" from="C" to="D"><lane id="c_0" index="0" speed="10" length="80" shape="320,0 400,0"/></edge>
 <edge id="d" from="C" to="E"><lane id="d_0" index="0" allow="bus" speed="10" length="80" shape="320,5 320,85"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes=""/>
 <junction id="B" type="priority" x="105" y="0" incLanes="a_0 a_1" intLanes=""/>
 <junction id="C" type="priority" x="315" y="0" incLanes="b_0" intLanes=""/>
 <junction id="D" type="dead_end" x="400" y="0" incLanes="c_0" intLanes=""/>
 <junction id="E" type="dead_end" x="320" y="85" incLanes="d_0" intLanes=""/>
 <connection from="a" to="b" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from="b" to="c" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from="b" to="d" fromLane="0" toLane="0" dir="l" state="M"/>
</net>"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("net") / "road.net.xml"
    path.write_text(NET)
    return read(path)


class Files:
    """Writes route files and draws departures."""

    def __init__(self, folder: Path, net: Network) -> None:
        self.folder, self.net = folder, net

    def __call__(
        self, body: str, begin: float = 0.0, end: float = 3600.0, seed: int = 1, more: str = "", **options: object
    ) -> Departures:
        path, extra = self.folder / "test.rou.xml", self.folder / "test.add.xml"
        path.write_text(f'<routes><route id="r" edges="a b c"/>\n{body}</routes>')
        extra.write_text(f"<additional>{more}</additional>")
        demand = SumoDemand((path,), (extra,), **options)  # type: ignore[arg-type]
        return demand.departures(self.net, seed, begin, end)


@pytest.fixture
def draw(tmp_path: Path, net: Network) -> Files:
    return Files(tmp_path, net)


def card(found: Departures, name: str) -> Card:
    return next(card for card in found.cards if card.name == name)


def route(found: Departures, row: int, net: Network) -> list[str]:
    return [net.edges[edge].id for edge in found.routes[found.route[row]]]


# --------------------------------------------------------------------------------------------------- vehicles, trips


def test_a_vehicle_without_anything_gets_sumos_defaults(draw: Files, net: Network):
    found = draw('<vehicle id="x" depart="5" route="r"/>')
    assert (found.ids, found.time.tolist(), route(found, 0, net)) == (["x"], [5.0], ["a", "b", "c"])
    assert (found.lane[0], found.position[0], found.speed[0]) == (BEST, BASE, AVERAGE)
    assert found.arrival_position[0] == math.inf
    assert found.stop_begin.tolist() == [0, 0]
    (passenger,) = found.cards
    assert (passenger.name, passenger.vehicle_class, passenger.car_following) == (
        "DEFAULT_VEHTYPE",
        "passenger",
        "krauss",
    )
    assert (passenger["length"], passenger["reaction_time"], passenger["imperfection"]) == (5.0, 1.0, 0.5)
    assert passenger.parameters["length"].source == defaults.SOURCE
    assert 0.2 < found.speed_factor[0] < 2.0


@pytest.mark.parametrize(
    ("text", "code"),
    [("first", FIRST_ALLOWED), ("best", BEST), ("free", FREE), ("allowed", FREE), ("random", RANDOM), ("1", 1)],
)
def test_depart_lanes(draw: Files, text: str, code: int):
    assert draw(f'<vehicle id="x" depart="5" route="r" departLane="{text}"/>').lane[0] == code


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("base", BASE),
        ("random", RANDOM_POSITION),
        ("free", FREE_POSITION),
        ("random_free", RANDOM_FREE),
        ("0", 0.0),
        ("12.5", 12.5),
        ("-10", 90.0),
        ("5000", 100.0),
    ],
)
def test_depart_positions(draw: Files, text: str, position: float):
    assert draw(f'<vehicle id="x" depart="5" route="r" departPos="{text}"/>').position[0] == position


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("max", MAXIMUM),
        ("desired", DESIRED),
        ("speedLimit", SPEED_LIMIT),
        ("avg", AVERAGE),
        ("last", MAXIMUM),
        ("7", 7),
    ],
)
def test_depart_speeds(draw: Files, text: str, speed: float):
    assert draw(f'<vehicle id="x" depart="5" route="r" departSpeed="{text}"/>').speed[0] == speed


@pytest.mark.parametrize(("text", "position"), [("max", math.inf), ("30", 30.0), ("-1", 79.0), ("999", 80.0)])
def test_arrival_positions(draw: Files, text: str, position: float):
    assert draw(f'<vehicle id="x" depart="5" route="r" arrivalPos="{text}"/>').arrival_position[0] == position


def test_random_arrivals_lie_on_the_last_edge(draw: Files):
    found = draw('<flow id="f" begin="0" end="100" number="50" route="r" arrivalPos="random"/>')
    assert ((found.arrival_position >= 0.0) & (found.arrival_position < 80.0)).all()
    assert len(set(found.arrival_position)) == 50


@pytest.mark.parametrize(("text", "seconds"), [("90", 90.0), ("0:01:30", 90.0), ("1:00:00:02.5", 86402.5)])
def test_times_of_day(draw: Files, text: str, seconds: float):
    assert draw(f'<vehicle id="x" depart="{text}" route="r"/>', end=1e6).time[0] == seconds


def test_trips_are_routed_by_class_and_stops(draw: Files, net: Network):
    found = draw(
        '<vType id="bus" vClass="bus"/><trip id="x" depart="1" from="a " to=" c"/>'
        '<trip id="y" type="bus" depart="2" from="a" to="d" via="b"/>'
        '<vehicle id="z" depart="3"><route edges="b c"/></vehicle>'
    )
    assert [route(found, row, net) for row in range(3)] == [["a", "b", "c"], ["a", "b", "d"], ["b", "c"]]


def test_trips_between_zones_take_the_edges_that_make_them_quickest(draw: Files, net: Network):
    zones = (
        '<taz id="west"><tazSource id="a" weight="9"/><tazSource id="b" weight="1"/></taz><taz id="east" edges="c d"/>'
    )
    trips = (
        '<trip id="x" depart="1" fromTaz="west" toTaz="east"/><trip id="y" depart="2" from="a" toTaz="east"/>'
        '<trip id="z" depart="3" from="a" to="b" fromTaz="west" toTaz="east"/>'
    )
    found = draw(trips, more=zones)
    assert [route(found, row, net) for row in range(3)] == [["b", "c"], ["a", "b", "c"], ["a", "b"]]
    assert [found.trips[trip].tolist()[:: len(found.trips[trip]) - 1] for trip in found.trip] == [
        [1, 2],
        [0, 2],
        [0, 1],
    ]
    with pytest.raises(DemandError, match='there is no zone "eas"; did you mean east'):
        draw('<trip id="x" depart="1" from="a" toTaz="eas"/>', more=zones)
    with pytest.raises(DemandError, match="there is no way from zone east to edge a for it"):
        draw('<trip id="x" depart="1" fromTaz="east" to="a"/>', more=zones)


def test_a_trip_without_ends_goes_from_its_first_stop_to_its_last(draw: Files, net: Network):
    stops = '<stop lane="b_0" endPos="50" duration="5"/><stop lane="c_0" endPos="20" duration="5"/>'
    found = draw(
        f'<trip id="x" depart="1" departPos="stop">{stops}</trip><trip id="y" depart="2" from="a">{stops}</trip>'
    )
    assert [route(found, row, net) for row in range(2)] == [["b", "c"], ["a", "b", "c"]]
    assert found.position.tolist() == [50.0, BASE]
    assert found.stop_begin.tolist() == [0, 2, 4]


def test_a_file_may_be_one_element_alone(draw: Files):
    (draw.folder / "more.rou.xml").write_text('<flow id="f" begin="0" number="2" end="9"><route edges="a b"/></flow>')
    assert draw('<include href="more.rou.xml"/>').ids == ["f.0", "f.1"]


def test_a_repeated_route_wants_a_way_back(draw: Files):
    with pytest.raises(DemandError, match="no connection from edge c to edge a"):
        draw('<vehicle id="x" depart="1"><route edges="a b c" repeat="1"/></vehicle>')


def test_vehicles_stand_in_order_of_time_then_of_the_file(draw: Files):
    found = draw(
        '<vehicle id="x" depart="5" route="r"/><flow id="f" begin="5" end="9" number="2" route="r"/>'
        '<vehicle id="y" depart="5" route="r"/><vehicle id="w" depart="2" route="r"/>'
    )
    assert found.ids == ["w", "x", "f.0", "y", "f.1"]
    assert any("out of the order of departures" in warning for warning in found.warnings)


def test_who_departs_outside_the_run_is_counted(draw: Files):
    found = draw(
        '<vehicle id="x" depart="5" route="r"/><vehicle id="y" depart="50" route="r"/>'
        '<vehicle id="z" depart="500" route="r"/>',
        begin=10,
        end=100,
    )
    assert found.ids == ["y"]
    told = [warning.partition(": ")[2] for warning in found.warnings]
    assert told == [
        "1 x <vehicle> after the run ends (does not depart)",
        "1 x <vehicle> before the run begins (does not depart)",
    ]


def test_what_is_not_simulated_is_counted(draw: Files):
    found = draw(
        '<person id="p" depart="1"/><person id="q" depart="1"/><personFlow id="r2" begin="0"/>'
        '<vehicle id="x" depart="1" route="r" insertionChecks="none" arrivalSpeed="3"/>'
        '<vehicle id="t" depart="triggered" route="r"/><trip id="z" depart="2" fromJunction="A" to="c"/>',
        more='<e1Detector id="e"/><poly id="p"/><rerouter id="w"/>',
    )
    told = sorted(warning.partition(": ")[2] for warning in found.warnings)
    assert found.ids == ["x"]
    assert told == [
        "1 x <e1Detector> (not written)",
        "1 x <personFlow> (not simulated)",
        "1 x <rerouter> (not read)",
        "1 x <trip> between junctions or coordinates (not simulated)",
        '1 x <vehicle> with depart="triggered" (not simulated)',
        "1 x attribute arrivalSpeed of <vehicle> (not obeyed)",
        "1 x attribute insertionChecks of <vehicle> (not read)",
        "2 x <person> (not simulated)",
    ]


def test_files_can_include_others(draw: Files):
    (draw.folder / "more.rou.xml").write_text('<routes><vehicle id="inside" depart="3" route="r"/></routes>')
    assert draw('<include href="more.rou.xml"/>').ids == ["inside"]
    (draw.folder / "more.rou.xml").write_text('<routes><include href="more.rou.xml"/></routes>')
    with pytest.raises(DemandError, match="the file includes itself"):
        draw('<include href="more.rou.xml"/>')


# -------------------------------------------------------------------------------------------------------------- stops


def test_stops_at_places_and_on_lanes(draw: Files, net: Network):
    found = draw(
        '<vehicle id="x" depart="1" route="r"><stop busStop="s" duration="20"/>'
        '<stop lane="c_0" endPos="-20" until="0:02:00"/></vehicle>'
        '<vehicle id="y" depart="2"><route edges="a b"><stop lane="a_1" endPos="50" duration="5"/></route></vehicle>',
        more='<busStop id="s" lane="b_0" startPos="10" endPos="30"/>',
    )
    names = Names(net)
    assert found.stop_begin.tolist() == [0, 2, 3]
    assert found.stop_lane.tolist() == [names.lane["b_0"], names.lane["c_0"], names.lane["a_1"]]
    assert found.stop_position.tolist() == [30.0, 60.0, 50.0]
    assert found.stop_duration.tolist() == [20.0, 0.0, 5.0]
    assert found.stop_until.tolist() == [-math.inf, 120.0, -math.inf]


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        ('<stop busStop="none" duration="1"/>', 'its stop at "none" is nowhere in the network'),
        ('<stop lane="d_0" endPos="5" duration="1"/>', "its stop on lane d_0 does not lie ahead"),
        (
            '<stop lane="b_0" endPos="5" duration="1"/><stop lane="a_0" endPos="5" duration="1"/>',
            "lane a_0 does not lie",
        ),
        ('<stop lane="b_0" endPos="5"/>', "does not say how long; wanted duration or until"),
        ('<stop duration="5"/>', "does not say where"),
        ('<stop lane="b_0" duration="-1"/>', 'duration is "-1"; wanted 0 or more'),
        ('<stop lane="b_0" until="-1"/>', 'until is "-1"; wanted 0 or more'),
        ('<stop lane="b_0" endPos="201" duration="1"/>', "endPos of its stop is 201 m, and lane b_0 is 200 m long"),
        ('<stop edge="b" endPos="201" duration="1"/>', "endPos of its stop is 201 m"),
        ('<stop lane="b_0" startPos="9" endPos="5" duration="1"/>', "startPos of its stop is 9 m, and endPos 5 m"),
    ],
)
def test_bad_stops(draw: Files, stop: str, said: str):
    with pytest.raises(DemandError, match=said):
        draw(f'<vehicle id="x" depart="1" route="r">{stop}</vehicle>')


def test_friendly_ends_of_stops_and_places_lie_on_the_lane(draw: Files):
    found = draw(
        '<vehicle id="x" depart="1" route="r"><stop lane="a_0" endPos="500" friendlyPos="true" duration="1"/>'
        '<stop busStop="s" duration="1"/></vehicle>',
        more='<busStop id="s" lane="b_0" startPos="10" endPos="300" friendlyPos="1"/>',
    )
    assert found.stop_position.tolist() == [100.0, 200.0]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('<busStop id="s" lane="e_0"/>', 'busStop s: there is no lane "e_0"'),
        ('<parkingArea id="s" lane="b_0" endPos="250"/>', "s: endPos is 250 m, and lane b_0 is 200 m long"),
        ('<trainStop id="s" lane="b_0" startPos="60" endPos="50"/>', "startPos is 60 m, and endPos 50 m"),
        ('<busStop id="s" lane="b_0" endPos="-300"/>', "endPos is -100 m"),
    ],
)
def test_bad_places_are_faults_of_their_own_lines(draw: Files, place: str, said: str):
    with pytest.raises(DemandError, match=said) as caught:
        draw('<vehicle id="x" depart="1" route="r"><stop busStop="s" duration="1"/></vehicle>', more=place)
    assert [fault.where.split(":")[0].rsplit("/")[-1] for fault in caught.value.faults] == ["test.add.xml"]


# -------------------------------------------------------------------------------------------------------------- types


def test_types_keep_what_the_file_gives(draw: Files):
    found = draw(
        '<vType id="t" vClass="truck" length="15" accel="0.8" sigma="0" tau="1.4" jmTimegapMinor="2" lcStrategic="-1"'
        ' speedFactor="normc(0.9,0.05,0.5,1.1)" color="1,0.5,0" guiShape="truck" actionStepLength="0.5"/>'
        '<vehicle id="x" depart="1" route="r" type="t"/>'
    )
    truck = card(found, "t")
    assert [truck[name] for name in ("length", "maximum_acceleration", "imperfection", "reaction_time")] == [
        15,
        0.8,
        0,
        1.4,
    ]
    assert [truck[name] for name in ("minor_time_gap", "strategic", "width", "minimum_gap")] == [2.0, -1.0, 2.4, 2.5]
    assert truck.parameters["length"].standing == "given"
    assert truck.parameters["width"].standing == "verified"
    assert truck.colour == "#ff8000"
    factor = truck.speed_factor
    assert (factor.mean, factor.deviation, factor.low, factor.high) == (0.9, 0.05, 0.5, 1.1)
    assert [w.partition(": ")[2] for w in found.warnings] == ["1 x attribute actionStepLength of <vType> (not read)"]


def test_models_with_parameters_of_their_own(draw: Files):
    found = draw(
        '<vType id="a" carFollowModel="ACC" tau="1.4" speedControlGain="-0.5" gapControlGainSpace="0.2"'
        ' gapControlGainSpeed="0.1" gapClosingControlGainSpeed="0.7"/>'
        '<vType id="c" carFollowModel="CACC" tau="0.6" speedControlGainCACC="-0.3" gapControlGainGap="0.4"'
        ' gapControlGainGapDot="0.02" tauCACCToACC="1.1" gapControlGainSpace="0.25"/>'
        '<vType id="w" carFollowModel="W99" cc1="0.9" cc2="4" cc3="-8" cc4="-0.35" cc5="0.4" cc6="11.44" cc7="0.3"'
        ' cc8="3.5" cc9="1.4" accel="1"/><vType id="d" carFollowModel="W99"/>'
        + "".join(f'<vehicle id="{t}" depart="1" route="r" type="{t}"/>' for t in "acwd")
    )
    acc, cacc, w99, usual = (card(found, name) for name in "acwd")
    assert [x.car_following for x in (acc, cacc, w99)] == ["acc", "cacc", "wiedemann_99"]
    gains = ("time_gap", "cruise_control", "gap_control", "closing_control")
    assert [acc[name] for name in gains] == [1.4, 0.5, 0.2, 0.1]
    assert [cacc[name] for name in gains] == [1.1, 0.3, 0.25, 0.07]
    connected = [cacc[name] for name in ("connected_time_gap", "error_control", "error_rate_control")]
    assert connected == pytest.approx([0.6, 4.0, 0.2])  # SUMO's gains are a step of 0.1 s
    names = ("cc1", "cc2", "cc3", "cc4", "cc5", "cc6", "cc7", "maximum_acceleration", "cc9")
    assert [w99[name] for name in names] == [0.9, 4.0, -8.0, -0.35, 0.4, 11.44, 0.3, 3.5, 1.4]
    assert [usual[name] for name in names] == [1.3, 8.0, -12.0, -0.25, 0.35, 6.0, 0.25, 2.0, 1.5]
    assert {x["imperfection"] for x in (acc, cacc, w99)} == {0.0}
    assert (w99.parameters["cc1"].standing, usual.parameters["cc1"].standing) == ("given", "verified")
    told = [warning.partition(": ")[2] for warning in found.warnings]
    assert "1 x attribute gapClosingControlGainSpeed of <vType> (not read)" in told
    assert "1 x attribute accel of a <vType> by W99 (not read by SUMO either)" in told
    assert any("carFollowModel CACC (taken as cacc" in line for line in told)


def test_parameters_belong_to_their_models(draw: Files):
    found = draw('<vType id="t" cc1="0.9"/><vehicle id="x" depart="1" route="r" type="t"/>')
    assert [w.partition(": ")[2] for w in found.warnings] == ["1 x attribute cc1 of <vType> (not read)"]


def test_models(draw: Files):
    found = draw(
        '<vType id="i" carFollowModel="IDM" tau="1.2"/><vType id="w" carFollowModel="Wiedemann"/><vType id="k"/>'
        + "".join(f'<vehicle id="{t}" depart="1" route="r" type="{t}"/>' for t in "iwk")
    )
    models = {one.name: one.car_following for one in found.cards}
    assert models == {"i": "idm", "w": "krauss", "k": "krauss"}
    assert (card(found, "i")["time_gap"], card(found, "i")["imperfection"]) == (1.2, 0.0)
    assert any("carFollowModel Wiedemann (taken as krauss)" in warning for warning in found.warnings)


def test_emergency_braking_is_never_weaker_than_usual_braking(draw: Files):
    found = draw('<vType id="t" decel="9.5"/><vehicle id="x" depart="1" route="r" type="t"/>')
    assert card(found, "t")["emergency_deceleration"] == 9.5


def test_speed_factors(draw: Files):
    found = draw(
        '<vType id="t" speedFactor="1.2" speedDev="0"/><vType id="u" speedDev="0.1"/>'
        '<vehicle id="x" depart="1" route="r" type="t"/>'
        '<vehicle id="y" depart="1" route="r" type="t" speedFactor="0.8"/>'
        '<flow id="f" begin="0" end="3000" number="2000" route="r" type="u"/>'
    )
    by_id = dict(zip(found.ids, found.speed_factor.tolist(), strict=True))
    assert (by_id["x"], by_id["y"]) == (1.2, 0.8)
    drawn = np.array([factor for name, factor in by_id.items() if name.startswith("f.")])
    assert drawn.mean() == pytest.approx(1.0, abs=0.01)
    assert drawn.std() == pytest.approx(0.1, abs=0.01)


def test_options_of_the_configuration_reach_the_types(draw: Files):
    options = Options(deviation=0.0, model="IDM", time_to_impatience=50.0)
    found = draw('<vType id="t"/><vehicle id="x" depart="1" route="r" type="t"/>', options=options)
    assert (card(found, "t").car_following, card(found, "t")["time_to_impatience"]) == ("idm", 50.0)
    assert found.speed_factor.tolist() == [1.0]


def test_types_are_drawn_by_probability_and_by_the_vehicle_alone(draw: Files):
    types = (
        '<vType id="p" probability="3"/><vTypeDistribution id="mix"><vType id="q" probability="1"/>'
        '<vType id="n" probability="0"/></vTypeDistribution>'
        '<vTypeDistribution id="two" vTypes="p q" probabilities="0.75 0.25"/>'
    )
    flow = '<flow id="f" begin="0" end="3000" number="3000" route="r" type="two"/>'
    found = draw(types + flow)
    shares = {one.name: np.mean(found.card == rank) for rank, one in enumerate(found.cards)}
    assert shares["p"] == pytest.approx(0.75, abs=0.03)
    crowd = draw(types + '<vehicle id="other" depart="0" route="r" type="mix"/>' + flow)
    kinds = [dict(zip(x.ids, (x.cards[i].name for i in x.card), strict=True)) for x in (found, crowd)]
    assert kinds[1].pop("other") == "q"
    assert kinds[0] == kinds[1]
    other = draw(types + flow, seed=2)
    assert [other.cards[i].name for i in other.card] != [found.cards[i].name for i in found.card]


def test_routes_are_drawn_by_probability(draw: Files, net: Network):
    found = draw(
        '<route id="s" edges="b c"/><routeDistribution id="both" routes="r s" probabilities="1 3"/>'
        '<flow id="f" begin="0" end="2000" number="2000" route="both"/>'
        '<vehicle id="x" depart="3000"><routeDistribution><route edges="a b" probability="0"/><route edges="b"/>'
        "</routeDistribution></vehicle>"
    )
    lengths = np.array([len(route(found, row, net)) for row in range(2000)])
    assert np.mean(lengths == 2) == pytest.approx(0.75, abs=0.03)
    assert route(found, 2000, net) == ["b"]


# ------------------------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<vehicle id="x" depart="1" route="none"/>', 'vehicle x: there is no route "none"'),
        (
            '<vehicle id="x" depart="1"><route edges="a c"/></vehicle>',
            "x: there is no connection from edge a to edge c",
        ),
        ('<vehicle id="x" depart="1"><route edges="b d"/></vehicle>', "no connection from edge b to edge d"),
        ('<vehicle id="x" depart="1"><route edges="aa b"/></vehicle>', 'there is no edge "aa"; did you mean a'),
        ('<vehicle id="x" depart="1"><route edges="d"/></vehicle>', "class passenger may not depart on edge d"),
        ('<trip id="x" depart="1" from="c" to="a"/>', "trip x: there is no way from edge c to edge a"),
        ('<vehicle id="x" depart="1"/>', "x: it has no route"),
        ('<vehicle id="x" depart="soon" route="r"/>', 'depart is "soon"; wanted seconds'),
        ('<vehicle id="x" depart="nan" route="r"/>', 'depart is "nan"'),
        ('<vehicle id="x" route="r"/>', "depart is missing"),
        ('<vehicle depart="1" route="r"/>', "it has no id"),
        ('<vehicle id="x" depart="1" route="r"/><vehicle id="x" depart="2" route="r"/>', "another vehicle called x"),
        ('<vehicle id="x" depart="1" route="r" type="tt"/><vType id="t"/>', 'type "tt" is not defined; did you mean t'),
        ('<vehicle id="x" depart="1" route="r" departLane="left"/>', 'departLane is "left"'),
        ('<vehicle id="x" depart="1" route="r" departLane="7"/>', "edge a has no lane 7 to depart on"),
        (
            '<vehicle id="x" depart="1" route="r" departSpeed="-3"/>',
            'departSpeed is "-3"; wanted a number of at least 0',
        ),
        ('<vType id="t" vClass="cars"/>', 'vClass "cars" is not known'),
        ('<vType id="t" sigma="x"/>', 'vType t: sigma is "x"'),
        ('<vType id="t" accel="-1"/>', 'accel is "-1"'),
        ('<vType id="t"/><vType id="t"/>', "two vehicle types of this id"),
        ('<vType id="t" carFollowModel="Kraus"/>', 'carFollowModel "Kraus" is not known; did you mean Krauss'),
        ('<vType id="t" carFollowModel="ACC" speedControlGain="0.4"/>', 'speedControlGain is "0.4"; wanted at most 0'),
        ('<vType id="t" carFollowModel="W99" cc1="-1"/>', 'cc1 is "-1"; wanted a number of at least 0'),
        ('<vType id="t" speedFactor="normc(1,0.1)"/>', "wanted a number or normc"),
        ('<vTypeDistribution id="d" vTypes="q"/>', 'it names no vehicle type: "q"'),
        ('<route id="r" edges="a"/>', "there are two routes of this id"),
        ('<flow id="f" begin="0" end="9" route="r"/>', "it does not say how many vehicles"),
        ('<flow id="f" begin="0" end="9" number="3" period="1" route="r"/>', "too many ways"),
        ('<flow id="f" begin="9" end="0" number="3" route="r"/>', "ends .0 s. before it begins"),
        ('<flow id="f" begin="0" end="9" number="1e12" route="r"/>', "wanted a whole number up to"),
        ('<flow id="f" begin="0" end="9" number="2.5" route="r"/>', "wanted a whole number"),
        ('<flow id="f" begin="0" end="9" probability="2" route="r"/>', "wanted more than 0, up to 1"),
        ('<flow id="f" begin="0" end="9" period="0" route="r"/>', "wanted more than 0 s"),
        ('<flow id="f" begin="0" end="1e9" vehsPerHour="1e9" route="r"/>', "more than"),
    ],
)
def test_faults_say_where_and_what(draw: Files, body: str, said: str):
    with pytest.raises(DemandError, match=said) as caught:
        draw(body)
    assert all("test.rou.xml:2: " in fault.where for fault in caught.value.faults)


def test_all_faults_of_all_files_at_once(draw: Files):
    with pytest.raises(DemandError) as caught:
        draw('<vehicle id="x" depart="?" route="q"/>', more='<vType id="t" length="0"/><busStop lane="a_0"/>')
    assert len(caught.value.faults) == 4


def test_no_fault_hides_another(draw: Files):
    body = """<flow id="f" begin="0" end="9" number="5" route="r"/><flow id="f" begin="0" end="9" number="5" route="r"/>
<vehicle id="f.3" depart="3"><route edges="a c"/></vehicle>
<trip id="t" type="tt" depart="4" from="aa" to="c"/>
<flow id="g" begin="0" end="9" period="-3" from="a" to="bb"/>
<vehicle id="x" depart="5" route="r"><stop lane="b_0" duration="-3"/><stop lane="b_7" duration="1"/></vehicle>
<vehicle id="y" depart="5" departSpeed="400" route="q"/>
<vehicle id="z" depart="5" departSpeed="400" departLane="7" route="r"/>
<vehicle id="z1" depart="6" route="s"/><vehicle id="z2" depart="6" route="s"/>"""
    with pytest.raises(DemandError) as caught:
        draw(body, more='<route id="s" edges="b a"/>')
    wanted = [
        (1, "route s", "there is no connection from edge b to edge a"),  # once for both who take it
        (2, "flow f", "there is another vehicle called f.0, of <flow> f at"),
        (3, "vehicle f.3", "there is another vehicle called f.3, of <flow> f at"),
        (3, "vehicle f.3", "no connection from edge a to edge c"),
        (4, "trip t", 'its type "tt" is not defined'),
        (4, "trip t", 'there is no edge "aa"'),
        (5, "flow g", 'period is "-3"'),
        (5, "flow g", 'there is no edge "bb"'),
        (6, "stop", 'duration is "-3"'),
        (6, "vehicle x", 'its stop at "b_7" is nowhere'),
        (7, "vehicle y", 'there is no route "q"'),
        (8, "vehicle z", "departSpeed is 400 m/s, and its type drives no more than 55.5556 m/s"),
        (8, "vehicle z", "edge a has no lane 7"),
    ]
    assert len(caught.value.faults) == len(wanted)
    for fault, (line, subject, what) in zip(caught.value.faults, wanted, strict=True):
        assert fault.where.endswith(f":{line}: {subject}")
        assert what in fault.what


def test_two_flows_of_one_name_are_one_fault(draw: Files):
    flow = '<flow id="f" begin="0" end="600" number="500" route="r"/>\n'
    with pytest.raises(DemandError) as caught:
        draw(flow + flow)
    (fault,) = caught.value.faults
    assert "test.rou.xml:3: flow f" in fault.where
    assert fault.what.endswith("test.rou.xml:2")


def test_a_speed_that_its_type_can_drive_is_taken(draw: Files):
    assert draw('<vehicle id="x" depart="5" route="r" departSpeed="55.56"/>').speed[0] == 55.56


def test_broken_routes_can_be_left_out(draw: Files):
    body = '<vehicle id="x" depart="1"><route edges="a c"/></vehicle><vehicle id="y" depart="1" route="r"/>'
    found = draw(body, leave_out_broken=True)
    assert found.ids == ["y"]
    assert any("1 x <vehicle> whose route is broken (not simulated)" in warning for warning in found.warnings)


def test_where_route_errors_are_ignored_a_stop_off_the_route_is_not_made(draw: Files):
    body = '<vehicle id="x" depart="1" route="r"><stop lane="d_0" endPos="5" duration="1"/></vehicle>'
    found = draw(body, leave_out_broken=True)
    assert (found.ids, len(found.stop_lane)) == (["x"], 0)
    assert any("stop that is not on the route" in warning for warning in found.warnings)


def test_a_flow_without_end_wants_an_end_of_the_run(draw: Files):
    with pytest.raises(DemandError, match="neither it nor the run has an end"):
        draw('<flow id="f" begin="0" period="5" route="r"/>', end=math.inf)


def test_missing_and_truncated_files(tmp_path: Path, net: Network):
    path = tmp_path / "x.rou.xml"
    with pytest.raises(DemandError, match="there is no such file"):
        SumoDemand((path,)).departures(net, 1, 0.0, 10.0)
    path.write_text('<routes>\n<vehicle id="x" depart="1"')
    with pytest.raises(DemandError, match=r"x\.rou\.xml:2: the file breaks off"):
        SumoDemand((path,)).departures(net, 1, 0.0, 10.0)
