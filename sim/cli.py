"""The command: parse, call, print."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import INTERNAL, SimError
from sim.listing.keys import SCHEMAS, schema_of
from sim.listing.overview import kinds, overview
from sim.options import settings_option

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.result import Result

DONE, UNEXPECTED, BAD_INPUT, INVALID = 0, 1, 2, 3

_WIDE = 160  #: columns of a table that goes into a file


class Failed(Exception):  # noqa: N818 - not an error of the program
    """A command that came to its end and found something: its exit code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pilotzone")
def command() -> None:
    """Simulate a mixed-traffic pilot: automated and human-driven vehicles on the roads of a park."""


_set_entry = settings_option("an entry", "PATH", "run.step=50 ms")


@command.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Result folder [results/NAME-seedN].")
@click.option("--seed", type=int, help="Seed of all draws, instead of the scenario's.")
@click.option("--duration", help="How long to run, such as 10 min, instead of the scenario's.")
@click.option("--quiet", is_flag=True, help="Print only the result folder.")
@_set_entry
def run(
    scenario: Path, out: Path | None, seed: int | None, duration: str | None, quiet: bool, settings: dict[str, str]
) -> None:
    """Run one SCENARIO: a .yaml of ours or a SUMO .sumocfg."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from sim.scenario.loader import load

    pilot = load(scenario, settings | _given(seed, duration))
    from rich.console import Console

    from sim.report.terminal import Watcher, show
    from sim.run import run as run_pilot

    console = None if quiet else Console(stderr=True)
    target = out or Path("results") / f"{pilot.name}-seed{pilot.clock.seed}"
    with Watcher(pilot.clock, console) as watch:
        result = run_pilot(pilot, out=target, watch=watch, command=shlex.join(["pilotzone", *sys.argv[1:]]))
    if quiet:
        click.echo(result.folder)
    else:
        show(result, Console())
    _judge(result, None if not quiet else Console(stderr=True))


def _given(seed: int | None, duration: str | None) -> dict[str, str]:
    """Options that are short for a setting."""
    told = {"run.seed": seed, "run.duration": duration}
    return {path: str(value) for path, value in told.items() if value is not None}


def _judge(result: Result, console: Console | None) -> None:
    """End with the exit code that the result deserves."""
    summary = result.summary
    if console:
        for reason in summary["reasons"]:
            console.print(f"invalid: {reason}", markup=False, highlight=False, soft_wrap=True)
    if not summary["valid"] or summary["status"] != "done":
        raise Failed(INVALID)
    if not all(told["holds"] for told in summary.get("expect", {}).values()):
        raise Failed(UNEXPECTED)


@command.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@_set_entry
def check(scenario: Path, settings: dict[str, str]) -> None:
    """Validate a SCENARIO without running it; tells every fault at once."""
    from sim.report.manifest import warnings
    from sim.scenario.loader import load

    pilot = load(scenario, settings)
    clock = pilot.clock
    departures = pilot.demand.departures(pilot.park, clock.seed, clock.begin, clock.end)
    for warning in warnings(pilot, departures):
        click.echo(f"{click.style('warning', fg='yellow')}: {warning}")
    roads = sum(not x.internal for x in pilot.park.edges)
    note = ", synthetic" if pilot.park.synthetic else ""
    told = f"({len(departures):,} vehicles, {roads:,} edges{note})"
    click.echo(f"{scenario}: {click.style('sound', fg='green', bold=True)} {told}")


@command.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results [results/NAME-study].")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes [one a core].")
@click.option("--seeds", metavar="N|auto", help="Seeds, instead of the study's; auto: until precise enough.")
@click.option("--executor", type=click.Choice(["local", "cluster"]), default="local", help="Where runs are done.")
@click.option("--resume", is_flag=True, help="Keep the runs that are there already.")
@click.option("--quiet", is_flag=True, help="Print only the result folder.")
def compare(
    study: Path, out: Path | None, jobs: int | None, seeds: str | None, executor: str, resume: bool, quiet: bool
) -> None:
    """Run the options of a STUDY on paired seeds and say which is better and how sure that is."""
    if seeds is not None and seeds != "auto" and not (seeds.isascii() and seeds.isdigit() and int(seeds) > 0):
        raise click.BadParameter(f"{seeds} is neither a number above 0 nor auto", param_hint="--seeds")
    wanted = seeds if seeds in (None, "auto") else int(seeds)
    from rich.console import Console

    from sim.study.compare import compare as compare_options
    from sim.study.telling import Teller, show

    with Teller(None if quiet else Console(stderr=True)) as watch:
        found = compare_options(study, out, jobs or os.cpu_count() or 1, wanted, executor, resume, watch)
    if not quiet:
        show(found.told, Console() if sys.stdout.isatty() else Console(width=_WIDE))
    click.echo(found.folder)


@command.command()
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--json", "as_json", is_flag=True, help="Print a list of the cases with every figure.")
@click.option("--out", type=click.Path(path_type=Path), help="Page of figures [results/verification.html].")
@click.option("--jobs", type=click.IntRange(1), default=1, help="Processes that share the cases [1].")
@settings_option("a setting of the cases", "NAME", "cycle=60 s")
def verify(cases: tuple[str, ...], as_json: bool, out: Path | None, jobs: int, settings: dict[str, str]) -> None:
    """Run verification CASEs (all if none is named): expected figures, what came out, tolerance."""
    from sim.verify.page import write
    from sim.verify.run import verify as run_cases
    from sim.verify.telling import table

    findings = []
    for finding in run_cases(cases, settings, jobs):
        findings.append(finding)
        if not as_json:
            click.echo(table(finding))
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], indent=2, ensure_ascii=False))
    if out or not as_json:
        page = write(findings, out or Path("results") / "verification.html")
        click.echo(page, err=as_json)
    if any(finding.ok is False for finding in findings):
        raise Failed(UNEXPECTED)


@command.command(name="import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Map to write, such as town.geojson.")
def import_(source: Path, out: Path) -> None:
    """Turn another program's road network (SOURCE, a SUMO .net.xml) into a map of ours."""
    from sim.park.conversion import convert

    found = convert(source, out)
    for note in found.notes:
        click.echo(f"{click.style('note', fg='yellow')}: {note}", err=True)
    click.echo(f"{out}: {found.told}")


@command.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--format", "name", required=True, help="One of `pilotzone list exporters`.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write [in the result folder].")
def export(result: Path, name: str, out: Path | None) -> None:
    """Write a RESULT in another tool's format."""
    from sim.report.result import Result

    told = Result(result).checked()
    from sim.report.exporters import export as write

    click.echo(write(told, name, out))


@command.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--beside", type=click.Path(path_type=Path), help="Another result, to be seen beside it in time.")
@click.option("--no-open", is_flag=True, help="Only name the page.")
def view(result: Path, beside: Path | None, no_open: bool) -> None:
    """Open the replay page of a RESULT; it is made if it is not there."""
    from sim.report.pages import replay_beside, replay_of

    page = replay_beside(result, beside) if beside else replay_of(result)
    click.echo(page)
    if not no_open:
        click.launch(page.resolve().as_uri())


@command.command()
@click.argument("result", type=click.Path(path_type=Path))
def report(result: Path) -> None:
    """Make the pages of a saved RESULT (of a run or a study) again: the report, and the replay where one can be."""
    from sim.report.comparison.build import is_study
    from sim.report.comparison.pages import write_pages as write_study_pages
    from sim.report.pages import renew_pages
    from sim.report.whole import reading

    with reading(result):
        pages = write_study_pages(result) if is_study(result) else renew_pages(result)
    for page in pages:
        click.echo(page)


@command.command()
@click.argument("what", type=click.Choice(SCHEMAS), default=SCHEMAS[0])
def schema(what: str) -> None:
    """Print the JSON Schema of a file, for editors' completion."""
    click.echo(json.dumps(schema_of(what), indent=2, ensure_ascii=False))


@command.command(name="list")
@click.argument("kind", type=click.Choice(kinds()), required=False)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print the same as data.")
def list_(kind: str | None, names: tuple[str, ...], as_json: bool) -> None:
    """Tell what there is: cards, models …, each with one line and its source; of NAMEs all there is to tell."""
    from sim.listing.details import details
    from sim.listing.sheet import data, show

    sheets = details(kind, names) if kind and names else map(overview, [kind] if kind else kinds())
    if as_json:
        click.echo(json.dumps(data(sheets), indent=2, ensure_ascii=False))
    else:
        show(sheets)


# --------------------------------------------------------------------------------------------------- the process


def main() -> None:
    """Run the command and end the process with the exit code that the interface promises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if sys.argv[1:2] in (["check"], ["import"], ["list"], ["schema"]):
        os.environ.setdefault("PILOTZONE_PLAIN", "1")  # nothing will be stepped: spare the compiler
    sys.exit(outcome(sys.argv[1:]))


def outcome(arguments: list[str]) -> int:
    """Exit code of the command; what went wrong is told on stderr in one place."""
    debug = os.environ.get("PILOTZONE_DEBUG") == "1"
    try:
        command.main(arguments, prog_name="pilotzone", standalone_mode=False)
    except Failed as found:
        return found.code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _told("interrupted: nothing was written", INVALID)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SimError as error:
        if debug:
            traceback.print_exc()
        return _told(str(error), error.exit_code)
    except Exception as error:
        if debug:
            traceback.print_exc()
        return _told(f"internal error: {_brief(error)}; set PILOTZONE_DEBUG=1 to see where", INTERNAL)
    return DONE


def _brief(error: Exception) -> str:
    """An error in one line."""
    first: Any = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0]}" if first else type(error).__name__


def _told(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code
