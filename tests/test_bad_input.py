"""What the command says of input and places that cannot be used: place, cure, exit code 2, nothing left."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import cli
from sim.report.folder import writing

ROOT = Path(__file__).parents[1]
MAP = ROOT / "maps" / "crossroads.geojson"
NET = ROOT / "tests" / "park" / "two_signals.net.xml"
TEXT = f"""\
pilot: {{ map: {MAP} }}
traffic:
  cards: {{ human_car: 0.9, robotaxi: 0.1 }}
  flows:
    - {{ from: gate_west, to: gate_east, per_hour: 400 }}
run: {{ duration: 1 min, seed: 1 }}
output: {{ trajectories: 100 ms, edges: 20 s }}
"""
ALIASES = "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 9}">' for i in range(1, 12))
TRIP = '<routes>\n<trip id="a" depart="{depart}" departPos="{position}" from="left0A0" to="A0B0"/>\n</routes>'
FLOW = '<routes>\n<flow id="f" begin="0" end="60" {rate} from="left0A0" to="A0B0"/>\n</routes>'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(TEXT)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """What is said of input that is refused."""
    assert cli.outcome(list(arguments)) == code
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "internal error" not in told
    assert not Path("results").exists() or not any(Path("results").iterdir())
    return told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "per_hour: 400",
            "per_hour: 1e9",
            "small.yaml:5: traffic.flows.0.per_hour: 1e+09 is too large; wanted at most",
        ),
        ("per_hour: 400", "per_hour: 1e12", "small.yaml:5: traffic.flows.0.per_hour"),
        ("per_hour: 400", "per_hour: -3", "small.yaml:5: traffic.flows.0.per_hour"),
        ("per_hour: 400", "per_hour: .nan", "small.yaml:5: traffic.flows.0.per_hour"),
        ("duration: 1 min", "duration: 1e12 h", "small.yaml:6: run.duration"),
        ("pilot:", f"a0: &a0 [x]\n{ALIASES}pilot:", "small.yaml:1: the file unfolds to more than 100000 entries"),
        ("per_hour: 400 }", "", "small.yaml:"),
    ],
    ids=["1e9 an hour", "1e12 an hour", "negative", "nan", "endless", "YAML bomb", "truncated"],
)
def test_scenarios(old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.yaml").write_text(TEXT.replace(old, new))
    assert said in refused(capsys, "run", "small.yaml")


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        (TRIP.format(depart="-1e300", position="0"), 'x.rou.xml:2: trip a: depart is "-1e300"; wanted seconds'),
        (TRIP.format(depart="1e300", position="0"), 'x.rou.xml:2: trip a: depart is "1e300"; wanted seconds'),
        (TRIP.format(depart="0", position="1e12"), 'x.rou.xml:2: trip a: departPos is "1e12"; wanted metres'),
        (TRIP.format(depart="0", position="nan"), 'x.rou.xml:2: trip a: departPos is "nan"'),
        (FLOW.format(rate='number="1000000000000"'), "x.rou.xml:2: flow f: number is"),
        (FLOW.format(rate='vehsPerHour="1e12"'), "x.rou.xml:2: flow f: it asks for more than 5000000 vehicles"),
        (FLOW.format(rate='period="1e-12"'), "x.rou.xml:2: flow f: it asks for more than 5000000 vehicles"),
        ('<routes><trip id="a" depart="0" fro', "x.rou.xml:1: the file breaks off in the middle"),
        (f'<!DOCTYPE x [<!ENTITY e0 "x">{ENTITIES}]><routes><trip id="&e11;"/></routes>', "declares XML entities"),
    ],
)
def test_routes_of_sumo(routes: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.rou.xml").write_text(routes)
    files = f'<net-file value="{NET}"/><route-files value="x.rou.xml"/>'
    Path("x.sumocfg").write_text(f"<configuration><input>{files}</input><time><end value='60'/></time></configuration>")
    assert said in refused(capsys, "run", "x.sumocfg", "--out", "results/of/x")
    assert not Path("results").exists()


TYPE = '<vType id="t" {}/><vehicle id="v" depart="0" type="t"><route edges="nowhere"/></vehicle>'
SPREAD = (
    '<vType id="c"/><vTypeDistribution id="D" {}/><flow id="f" end="50" period="5" type="D" from="nowhere" to="A0B0"/>'
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (TYPE.format('vClass="spaceship"'), ['vType t: vClass "spaceship" is not known; did you mean ship?']),
        (SPREAD.format('vTypes="c t9" probabilities="1"'), ["wanted 2 numbers", 'it names no vehicle type: "t9"']),
        (SPREAD.format('vTypes="t9"'), ['it names no vehicle type: "t9"']),
        (SPREAD.format('vTypes="c" probabilities="0"'), ["its probabilities sum to 0"]),
        (SPREAD.format(""), ["it holds no vehicle type; wanted at least one"]),
    ],
    ids=["class", "some", "all", "zero", "none"],
)
def test_types_of_sumo(body: str, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A bad type is told, and reading goes on to what is wrong besides."""
    Path("x.rou.xml").write_text(f"<routes>{body}</routes>")
    files = f'<net-file value="{NET}"/><route-files value="x.rou.xml"/>'
    Path("x.sumocfg").write_text(f"<configuration><input>{files}</input><time><end value='60'/></time></configuration>")
    told = refused(capsys, "check", "x.sumocfg")
    for words in [*said, 'there is no edge "nowhere"']:
        assert words in told


# ------------------------------------------------------------------------------------------------------------ maps


def test_truncated_net(capsys: pytest.CaptureFixture[str]) -> None:
    Path("half.net.xml").write_text(NET.read_text()[:5000])
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "half.net.xml"))
    assert "the file breaks off in the middle" in refused(capsys, "run", "small.yaml")


def test_truncated_map(capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever a map breaks off, in a word, a number or between them, it is told in the words of a broken XML file."""
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "half.geojson"))
    for kept in range(2, 1000, 31):
        Path("half.geojson").write_text(MAP.read_text()[:kept])
        told = refused(capsys, "check", "small.yaml")
        assert told.startswith("half.geojson:"), kept
        assert "the file breaks off in the middle; copy or write it anew" in told, kept


def test_a_map_that_is_ill_formed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.geojson").write_text(MAP.read_text().replace('"FeatureCollection",', '"FeatureCollection"', 1))
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "odd.geojson"))
    assert "this is not well-formed JSON (Expecting ',' delimiter" in refused(capsys, "check", "small.yaml")


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", ""),
        ("EPSG:4326", ""),
        ("urn:ogc:def:crs:EPSG::3857", "are said to be in urn:ogc:def:crs:EPSG::3857; GeoJSON is in WGS 84: export"),
    ],
)
def test_coordinates_of_a_map(name: str, cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(MAP.read_text()) | {"crs": {"type": "name", "properties": {"name": name}}}
    Path("other.geojson").write_text(json.dumps(told))
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "other.geojson"))
    if cure:
        assert f"other.geojson: crs: the coordinates {cure}" in refused(capsys, "check", "small.yaml")
    else:
        assert cli.outcome(["check", "small.yaml"]) == 0


def test_a_map_with_a_hole(capsys: pytest.CaptureFixture[str]) -> None:
    told: dict[str, Any] = json.loads(MAP.read_text())
    x, y = told["pilotzone"]["origin"]
    line = {"type": "LineString", "coordinates": [[x + 0.02, y + 0.02], [x + 0.024, y + 0.02]]}
    road = {"kind": "road", "id": "isle", "class": "local"}
    place = {"kind": "place", "id": "isle_gate", "roads": ["isle"]}
    point = {"type": "Point", "coordinates": [x + 0.022, y + 0.0201]}
    told["features"] += [
        {"type": "Feature", "properties": said, "geometry": shape} for said, shape in ((road, line), (place, point))
    ]
    Path("hole.geojson").write_text(json.dumps(told))
    text = TEXT.replace(str(MAP), "hole.geojson").replace("to: gate_east", "to: isle_gate")
    Path("small.yaml").write_text(text)
    assert "no way from gate_west to isle_gate" in refused(capsys, "run", "small.yaml")


# ------------------------------------------------------------------------------------------------ where nothing fits


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 kB; skipped where disks may not be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_full_disk(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (disk / "ballast").write_bytes(b"x" * 90_000)
    told = refused(capsys, "run", "small.yaml", "--out", str(disk / "out"), "--quiet", code=4)
    assert "the disk is full; free some space, or write elsewhere with --out" in told
    assert [x.name for x in disk.iterdir()] == ["ballast"]


def test_read_only_disk(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    told = refused(capsys, "run", "small.yaml", "--out", str(disk / "out"), "--quiet")
    assert f"{disk / 'out'}: cannot be written: Read-only file system" in told
    assert "write elsewhere with --out" in told


# ------------------------------------------------------------------------------------------------ all faults at once


def changed(text: str) -> None:
    """Write the scenario with some lines more."""
    Path("small.yaml").write_text(TEXT.replace(f"map: {MAP}", f"map: {MAP}, date: 2026-09-01") + text)


PLAN = """\
plan:
  - { date: 2026-01-01, do: add_rsu, at: nowhere }
  - { date: 2026-01-01, do: set_speed, road: west_roda, speed: 50 km/h }
"""


def test_a_plan_that_cannot_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    changed(PLAN)
    assert refused(capsys, "check", "small.yaml").splitlines() == [
        "small.yaml:9: plan.0 (add_rsu): there is no junction nowhere on the map; none is near",
        "small.yaml:10: plan.1 (set_speed): there is no road west_roda on the map; did you mean west_road?",
    ]


def test_faults_of_sections_plan_and_between_sections_are_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    """None hides another: of the file, of the plan, between sections."""
    changed(
        f"{PLAN}occurrences:\n  - {{ kind: rsu_down, junction: centre, begin: 0 }}\n"
        "  - { kind: incident, lane: west_road_1, position: 99999 m, begin: 0, end: 10 s }\nruls: {}\n"
    )
    Path("small.yaml").write_text(Path("small.yaml").read_text().replace("100 ms", "0.15 s"))
    told = refused(capsys, "check", "small.yaml").splitlines()
    lines = [
        "14: ruls:",
        "12: occurrences.0: rsu_down",
        "13: occurrences.1.position: 99999 m",
        "7: output.trajectories:",
    ]
    for place in [*lines, "9: plan.0 (add_rsu)", "10: plan.1 (set_speed)"]:
        assert any(x.startswith(f"small.yaml:{place}") for x in told), place
    assert len(told) == 6


def test_an_operation_that_can_be_done_is_not_blamed_for_another(capsys: pytest.CaptureFixture[str]) -> None:
    """What a sound operation brings is there for the checks of the rest."""
    text = PLAN.splitlines()[:2]
    changed("\n".join([*text, "  - { date: 2026-01-01, do: add_rsu, at: west }", "radio: { model: ideal }\n"]))
    fault = "occurrences: [{ kind: rsu_down, junction: west, begin: 0 }]\n"
    Path("small.yaml").write_text(Path("small.yaml").read_text() + fault)
    assert refused(capsys, "check", "small.yaml").splitlines() == [
        "small.yaml:9: plan.0 (add_rsu): there is no junction nowhere on the map; none is near"
    ]


def test_a_plan_file_that_is_not_there_hides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    changed("plan: none.yaml\nruls: {}\n")
    told = refused(capsys, "check", "small.yaml")
    assert "none.yaml: there is no such file" in told
    assert "small.yaml:9: ruls: unknown key" in told


def test_periods_of_sumo_runs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.rou.xml").write_text(TRIP.format(depart="0", position="0"))
    files = f'<net-file value="{NET}"/><route-files value="x.rou.xml"/>'
    Path("x.sumocfg").write_text(f"<configuration><input>{files}</input><time><end value='60'/></time></configuration>")
    told = refused(capsys, "check", "x.sumocfg", "--set", "output.trajectories=0.15")
    assert "output.trajectories: 0.15 s is not a whole number of steps (0.1 s)" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"class": "arterial"', '"class": "arterial", "lanes": 1e12', "lanes: 1e+12 is too large; wanted at most 12"),
        ('"class": "arterial"', '"class": "arterial", "lanes": "four"', 'lanes: "four" is no whole number'),
        ('"id": "west_road"', '"ident": "west_road"', "id: is missing; wanted one such as west_gate"),
        (
            '"id": "west_road"',
            '"id": "-west road"',
            'id: "-west road" is not written as it must be; wanted one such as',
        ),
        ('"class": "', '"class": "x', 'class: "x'),
        (
            '"cycle": "90 s"',
            '"phases": [{"green": ["west_road"]}]',
            "programme.phases.0.green: ['west_road'] is no group of entries; wanted {key: value, …} such as {",
        ),
        ('"cycle": "90 s"', '"phases": {}', "programme.phases: {} is no list; wanted [ … ]"),
    ],
)
def test_words_of_a_map(old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = MAP.read_text()
    assert old in text
    Path("odd.geojson").write_text(text.replace(old, new, 1))
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "odd.geojson"))
    told = refused(capsys, "check", "small.yaml")
    assert said in told
    assert "Input should" not in told


# ------------------------------------------------------------------------------------------------- what has no effect

IDEAL = "radio: { model: ideal }\n"


CELL = "name: a, junction: centre, radius: 90 m"


def of_radio(model: str) -> str:
    return f"radio: {{ model: {model} }}\nequip: {{ human_car: 1 }}\n"


def drifting(more: str) -> str:
    return of_radio("ideal") + f"occurrences: [{{ kind: clock_drift, begin: 10 s, {more} }}]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("equip: { robotaxi: 1 }\n", ["small.yaml:8: equip: has no effect: nobody says anything without a radio"]),
        ("apps: [green_wave]\n", ["small.yaml:8: apps: has no effect: nobody says anything without a radio"]),
        (f"{IDEAL}apps: [green_wave]\n", ["small.yaml:9: apps: has no effect: no vehicle is equipped"]),
        (f"{IDEAL}equip: {{ truck: 1 }}\n", ["equip.truck: has no effect: no truck departs in this run"]),
        (
            "occurrences: [{ kind: close, edge: west_road, begin: 60 s }]\n",
            ["small.yaml:8: occurrences.0 (close): has no effect: it begins at 00:01:00, and the run ends at 00:01:00"],
        ),
        (
            "radio: { model: ideal, rates: { ssm: 5, rsm: 5, map: 1, psm: 1, bsm: 5 } }\n",
            [
                f"rates.{x}: has no effect: nobody says {x} here; that wants"
                for x in ("ssm", "rsm", "map", "psm", "bsm")
            ],
        ),
        (f"{IDEAL}equip: {{ human_car: 1 }}\napps: [forward_collision]\n", []),
        (drifting("card: human_car"), ["occurrences.0 (clock_drift): has no effect: it tells neither ahead nor drift"]),
        (drifting("card: truck, ahead: 1 s"), ["occurrences.0 (clock_drift): has no effect: no truck is equipped"]),
        (drifting("card: human_car, ahead: 1 s"), []),
        (of_radio("ideal, rates: { rsi: 5, bsm: 2 }"), ["radio.rates.rsi: has no effect: nobody says rsi"]),
        (of_radio("ideal, rates: { rsi: 5, map: 2 }"), [f"radio.rates.{x}: has no effect" for x in ("rsi", "map")]),
        (
            of_radio("packet_delivery, loss: 10 %"),
            ["small.yaml:8: radio.loss: has no effect: the model packet_delivery"],
        ),
        (of_radio("packet_delivery, loss: 0, delay: 5 ms"), []),
        (of_radio("disc, power: 10 dBm, loss: 10 %"), ["radio.power: has no effect: the model disc does not read it"]),
        (
            of_radio(f"ideal, cells: [{{ {CELL}, loss: 1 }}]"),
            ["radio.cells: has no effect"],
        ),
        (
            of_radio(
                "disc, cells: [{ name: a, junction: centre, radius: 9, delay: 1, spread: 1, outages: 9, buffer: 1 }]"
            ),
            [f"radio.cells.0.{x}: has no effect" for x in ("spread", "outages", "buffer")],
        ),
        (
            of_radio(f"disc, cells: [{{ {CELL} }}]"),
            ["the cell a tells nothing but its place"],
        ),
        (
            of_radio(
                "disc, cells: [{ name: a, junction: centre, radius: 9, up: { capacity: 1 Mbit/s, buffer: 9 ms } }]"
            ),
            [],
        ),
        ("expect: { vehicles.by_card.bus.arrived: 3 }\n", ["expect.vehicles.by_card.bus.arrived: cannot hold: no bus"]),
        (f"{IDEAL}equip: {{ human_car: 0 }}\napps: [green_wave]\n", []),
        ("occurrences: [{ kind: close, edge: west_road, begin: 50 s, end: 70 s }]\n", []),
    ],
)
def test_what_has_no_effect_is_told(text: str, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.yaml").write_text(TEXT + text)
    assert cli.outcome(["check", "small.yaml"]) == 0
    told = [x for x in capsys.readouterr().out.splitlines() if "warning" in x]
    assert len(told) == len(said)
    for line, words in zip(told, said, strict=True):
        assert words in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "collisions: almost none",
            '"almost none" is nothing that safety.collisions can be; wanted a number such as 0',
        ),
        ("collisions: true", "True is nothing that safety.collisions can be; wanted a number"),
        ("valid: 3", "3 is nothing that valid can be; wanted true or false"),
        ("status: 1", "1 is nothing that status can be; wanted a word"),
        ("v2x.apps.platoon.advised: 3", "the application platoon does not run in this scenario; add it to apps"),
        ("v2x.cells.gate.heard: 3", "there are no cells in this scenario"),
        ("v2x.apps.platon.advised: 3", "there is no application platon; did you mean platoon?"),
        (
            "safety.conflicts.ttc_3s: 3",
            "conflicts are not looked for in this scenario; wanted output: { conflicts: true }",
        ),
    ],
)
def test_expectations_that_nothing_could_meet(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.yaml").write_text(f"{TEXT}expect: {{ {text} }}\n")
    assert said in refused(capsys, "check", "small.yaml")


def test_expectations_that_can_be_met(capsys: pytest.CaptureFixture[str]) -> None:
    more = "radio: { model: ideal }\nequip: { human_car: 1 }\napps: [forward_collision]\n"
    expected = (
        "{ safety.conflicts.ttc_3s: < 9, v2x.apps.forward_collision.met: true, status: done, collisions: 0 .. 3 }"
    )
    text = TEXT.replace("edges: 20 s", "conflicts: true")
    Path("small.yaml").write_text(f"{text}{more}expect: {expected}\n")
    assert cli.outcome(["check", "small.yaml"]) == 0
    assert "warning" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("platoon", "equipped cards that drive by cacc"),
        ("green_wave", "a roadside unit at a signal"),
        ("hazard_warning", "a roadside unit"),
        ("emergency_vehicle", "a roadside unit at a signal"),
        ("vulnerable_road_user", "people on foot"),
        ("cooperative_intersection", "a roadside unit at a junction without a signal"),
    ],
)
def test_applications_that_can_advise_nobody(name: str, wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.yaml").write_text(f"{TEXT}{of_radio('ideal')}apps: [forward_collision, {name}]\n")
    assert cli.outcome(["check", "small.yaml"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"small.yaml:10: apps: {name} has no effect: it wants {wanted}" in told
    assert "forward_collision has" not in told


def test_what_has_no_effect_stands_in_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT.replace("1 min", "1 s").replace("20 s", "0") + "apps: [green_wave]\n"
    Path("small.yaml").write_text(text)
    assert cli.outcome(["run", "small.yaml", "--out", "r"]) == 0
    (told,) = json.loads(Path("r/manifest.json").read_text())["warnings"]
    assert told.startswith("small.yaml:8: apps: has no effect")
    assert told in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ pages that fail


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(28, "No space left on device"), "the disk is full"),
        (KeyboardInterrupt(), "interrupted"),
        (ZeroDivisionError("no way"), "internal error: ZeroDivisionError: no way"),
    ],
    ids=["full", "interrupted", "broken"],
)
def test_pages_that_fail_do_not_lose_the_run(
    error: BaseException, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables stand whole, the verdict is told with its exit code, and pages can be made later."""
    text = TEXT.replace("1 min", "10 s").replace("100 ms", "1 s").replace("edges: 20 s", "edges: 0")
    Path("small.yaml").write_text(text + "expect: { collisions: '> 5' }\n")
    from sim.report import pages

    whole = pages.write_page

    def failing(path: Path, page: str) -> Path:
        assert (path.parent / "PARTIAL").is_file()
        assert not Path("r").exists(), "a result appears under its name only when it is whole"
        if path.name == "report.html":
            return whole(path, page)
        path.with_name(f"{path.name}.partial").write_text("half")
        with writing(path):
            raise error

    with monkeypatch.context() as broken:
        broken.setattr(pages, "write_page", failing)
        assert cli.outcome(["run", "small.yaml", "--out", "r"]) == 1
    told = capsys.readouterr().out
    assert f"no pages were made: {why}; all else of the run is kept; pilotzone report makes them anew" in told
    assert "expect safety.collisions > 5: fails" in told
    names = sorted(x.name for x in Path("r").iterdir())
    tables = ["events.parquet", "manifest.json", "scene.json", "summary.json", "trajectories.parquet", "trips.parquet"]
    assert names == tables
    (warning,) = json.loads(Path("r/manifest.json").read_text())["warnings"]
    assert why in warning
    assert sorted(x.name for x in Path().glob("r*")) == ["r"]
    assert cli.outcome(["report", "r"]) == 0
    assert Path("r/report.html").is_file()
    assert Path("r/replay.html").is_file()


def test_a_disk_without_room_for_pages(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT.replace("1 min", "10 s").replace("100 ms", "1 s")
    Path("small.yaml").write_text(text + "expect: { collisions: 0 }\n")
    assert cli.outcome(["run", "small.yaml", "--out", str(disk / "r")]) == 0
    assert "no pages were made: the disk is full" in capsys.readouterr().out
    names = {x.name for x in (disk / "r").iterdir()}
    assert {"summary.json", "manifest.json", "trips.parquet"} <= names
    assert not [x for x in names if "html" in x or "partial" in x or x == "PARTIAL"]
