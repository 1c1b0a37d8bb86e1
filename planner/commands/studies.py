"""Commands on one study: plan it, check it, begin one."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import Overrides, ScenarioPath, console
from planner.errors import RunDirectoryError
from planner.progress import Quiet, TerminalProgress
from planner.scenario.bundled import bundled_path
from planner.scenario.load import load_scenario
from planner.scenario.model import Scenario


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
    from planner.reporting.language import ENGLISH  # noqa: PLC0415
    from planner.reporting.terminal import show_run  # noqa: PLC0415

    if seed is not None:
        overrides = [*overrides, f"seed={seed}"]
    loaded = load_scenario(scenario, overrides)
    listener = TerminalProgress(console) if console.is_terminal else None
    with listener or nullcontext():
        folder = study.run(
            loaded, out=out, workers=workers, resume=resume, progress=listener or Quiet()
        ).folder
    show_run(folder, console, ENGLISH)
    console.print(f"\nReport [bold]{folder / 'report.html'}[/]   map {folder / 'plan.qgz'}")
    console.print(f"Tables {folder / 'plan.xlsx'}   figures {folder / 'figures'}", highlight=False)


def validate(
    scenario: ScenarioPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
) -> None:
    """Check a scenario and the files it names without running it; tell all faults at once."""
    from planner.stages import check_inputs  # noqa: PLC0415

    for line in check_inputs(load_scenario(scenario, overrides)):
        console.print(line, highlight=False)
    console.print("[green]No faults found.[/]")


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


def schema() -> None:
    """Print the JSON schema of a scenario, for editors that check YAML while you type."""
    sys.stdout.write(json.dumps(Scenario.model_json_schema(), indent=2) + "\n")
