"""The command line: parse, call the study, print."""

from __future__ import annotations

import json
import math
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from planner import __version__
from planner.errors import InvariantError, PlannerError, RunDirectoryError
from planner.progress import Quiet, TerminalProgress
from planner.scenario.bundled import bundled_path
from planner.scenario.load import load_scenario
from planner.scenario.model import Scenario

app = typer.Typer(
    name="planner",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Plan where a country's truck chargers go, and how many.\n\n"
    "Start with `planner run germany-10`, or make your own with `planner init my-study`.",
)
export_app = typer.Typer(no_args_is_help=True)
app.add_typer(export_app, name="export", help="Hand a finished run on to other programs.")
_INTERRUPTED = 130

console = Console()
errors = Console(stderr=True)

ScenarioPath = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, or the name of one that comes with the planner (germany-10).",
    ),
]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY.PATH=VALUE",
        help="Change a key of the scenario, for example `--set demand.electrification_share=0.15`."
        " May be given more than once.",
    ),
]


@app.command()
def run(
    scenario: ScenarioPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the result; by default outputs/NAME.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed in place of the scenario's.", show_default=False)
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processor cores to use; all by default. The result does not depend on it.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--resume",
            help="Go on where an interrupted run of the same scenario stopped; "
            "a complete one is not done again.",
        ),
    ] = False,
) -> None:
    """Plan a study: from freight trips to a Pareto front, a report and a map.

    Examples: `planner run germany-10`,
    `planner run my-study/study.yaml --set sites.network=extended --out outputs/more-sites`
    """
    from planner import study  # noqa: PLC0415  # seconds of imports that --help need not wait for
    from planner.reporting.terminal import show_run  # noqa: PLC0415

    if seed is not None:
        overrides = [*overrides, f"seed={seed}"]
    loaded = load_scenario(scenario, overrides)
    listener = TerminalProgress(console) if console.is_terminal else None
    with listener or nullcontext():
        folder = study.run(
            loaded, out=out, workers=workers, resume=resume, progress=listener or Quiet()
        ).folder
    show_run(folder, console)
    console.print(f"\nReport [bold]{folder / 'report.html'}[/]   map {folder / 'plan.gpkg'}")


@app.command()
def validate(
    scenario: ScenarioPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
) -> None:
    """Check a scenario and the files it names without running it; tell all faults at once."""
    from planner.stages import check_inputs  # noqa: PLC0415

    for line in check_inputs(load_scenario(scenario, overrides)):
        console.print(line, highlight=False)
    console.print("[green]No faults found.[/]")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="New folder for the study.")],
) -> None:
    """Copy a commented starter study into a new folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder}: exists and is not empty; name a new folder"
        raise RunDirectoryError(msg)
    try:
        shutil.copytree(bundled_path("scenarios/starter"), folder, dirs_exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); name another folder"
        raise RunDirectoryError(msg) from error
    console.print(f"Made [bold]{folder}[/]. Look into {folder / 'study.yaml'}, then:")
    console.print(f"  planner run {folder / 'study.yaml'}", highlight=False)


@app.command()
def show(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
) -> None:
    """Show the result of a run on the terminal."""
    from planner.reporting.terminal import show_run  # noqa: PLC0415

    show_run(run_dir, console)


@app.command()
def sweep(
    sweep_file: Annotated[
        Path,
        typer.Argument(
            metavar="SWEEP",
            help="A sweep file, or the name of one that comes with the planner (germany-sweep).",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the sweep; by default outputs/NAME.", show_default=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Runs at the same time; one per processor core by default. The result does not "
            "depend on it.",
            show_default=False,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Scheduler of a dask cluster that shares the file system, for example "
            "tcp://10.0.0.1:8786, to do the runs there.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Plan many variants of a study, each with several draws of the demand.

    Goes on where an interrupted sweep stopped. Example: `planner sweep germany-sweep`
    """
    from planner.scenario.sweep import load_sweep  # noqa: PLC0415

    loaded = load_sweep(sweep_file)
    from planner.sweeping.progress_table import LiveProgress, PlainProgress  # noqa: PLC0415
    from planner.sweeping.report import show_sweep  # noqa: PLC0415
    from planner.sweeping.sweep import run_sweep  # noqa: PLC0415

    with LiveProgress(console) if console.is_terminal else PlainProgress(console) as listener:
        result = run_sweep(loaded, out=out, workers=workers, cluster=cluster, listener=listener)
    show_sweep(loaded, result.summary, console)
    console.print(f"\nReport [bold]{result.folder / 'sweep.html'}[/]   table sweep.csv beside it")


@app.command()
def target(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    max_mean_wait: Annotated[
        float | None,
        typer.Option(min=0.0, help="Longest mean wait, minutes.", show_default=False),
    ] = None,
    max_p95: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Wait that 95 of 100 sessions must not exceed, minutes.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the layout; by default beside the run, named after the target.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Find the fewest high-power points with which trucks wait no longer than a target.

    Example: `planner target outputs/germany-10 --max-mean-wait 5 --max-p95 15`
    """
    from planner.optimization.least_points import WaitTarget  # noqa: PLC0415
    from planner.targets import plan_for_target  # noqa: PLC0415

    asked = WaitTarget(
        mean_min=math.inf if max_mean_wait is None else max_mean_wait,
        p95_min=math.inf if max_p95 is None else max_p95,
    )
    answer = plan_for_target(run_dir, asked, out)
    for line in answer.sentences():
        console.print(line, highlight=False)
    console.print(f"\nLayout [bold]{answer.folder / 'sites.csv'}[/]   map sites.gpkg beside it")


@app.command()
def compare(
    run_dirs: Annotated[
        list[Path], typer.Argument(help="Folders of finished runs, or of whole sweeps.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for table, page and chart.")] = Path(
        "outputs/comparison"
    ),
    published: Annotated[
        bool | None,
        typer.Option(
            help="Whether published figures for Germany stand beside; by default where all runs "
            "are of the built-in Germany.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Lay finished runs side by side, over their levels.

    Example: `planner compare outputs/germany-10 outputs/germany-15`
    """
    from planner.reporting.run_comparison import (  # noqa: PLC0415
        read_runs,
        shown_comparison,
        write_comparison,
    )

    table = write_comparison(read_runs(run_dirs), out, with_published=published)
    console.print(shown_comparison(table, brief=True).for_terminal())
    console.print(f"\nReport [bold]{out / 'comparison.html'}[/]   table and chart beside it")


@export_app.command()
def matsim(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    solution: Annotated[
        str, typer.Option(help="Named solution whose charging points are written.")
    ] = "balanced",
    out: Annotated[
        Path | None,
        typer.Option(
            help="New folder for the files; by default matsim-SOLUTION in the run's folder.",
            show_default=False,
        ),
    ] = None,
    dialect: Annotated[
        Literal["plug_power", "power"],
        typer.Option(
            help="Attributes of the chargers: plug_power and plug_count as in MATSim's DTD, or "
            "power and capacity as in its earlier versions."
        ),
    ] = "plug_power",
    crs: Annotated[
        str, typer.Option(help="Coordinate system of the files, projected in metres.")
    ] = "EPSG:25832",
) -> None:
    """Write network, chargers, electric vehicles and planned trips for MATSim.

    Example: `planner export matsim outputs/germany-10 --solution balanced`
    """
    from planner.reporting.matsim.export import export_matsim  # noqa: PLC0415

    export = export_matsim(run_dir, solution, out=out, dialect=dialect, crs=crs)
    for line in export.sentences():
        console.print(line, highlight=False)


@app.command()
def schema() -> None:
    """Print the JSON schema of a scenario, for editors that check YAML while you type."""
    sys.stdout.write(json.dumps(Scenario.model_json_schema(), indent=2) + "\n")


def _print_version(*, asked: bool) -> None:
    if asked:
        console.print(f"planner {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[  # noqa: FBT002  # read by main() before commands run
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
    version: Annotated[  # noqa: FBT002  # handled by its callback
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            is_eager=True,
            callback=lambda asked: _print_version(asked=asked),
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; a user's mistake is one message and exit code 2."""
    if "--debug" in sys.argv:
        app()
        return
    try:
        app()
    except InvariantError as error:
        errors.print(f"[bold red]Fault of the planner[/] {error}", highlight=False)
        errors.print("Please report this with the scenario; --debug shows where it arose.")
        sys.exit(1)
    except PlannerError as error:
        errors.print("[bold red]Error[/]", end=" ")
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except SystemExit as left:
        # typer has turned Ctrl-C into its exit code
        if left.code == _INTERRUPTED:
            errors.print("Interrupted. The same command goes on here; planner run needs --resume.")
        raise
