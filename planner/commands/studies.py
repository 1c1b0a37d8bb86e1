"""Commands on one study: plan it, check it, begin one."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import (
    Overrides,
    ResultFolder,
    Resume,
    ScenarioPath,
    Seed,
    Workers,
    console,
)
from planner.errors import RunDirectoryError
from planner.runs.progress import Quiet, TerminalProgress
from planner.scenario.any_study import load_study
from planner.scenario.bundled import bundled_path
from planner.scenario.load import load_scenario
from planner.scenario.study_kinds import KindName  # noqa: TC001  # typer reads the annotations

if TYPE_CHECKING:
    from planner.scenario.parameter_sets import Section


def run(
    scenario: ScenarioPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    out: ResultFolder = None,
    seed: Seed = None,
    workers: Workers = None,
    resume: Resume = False,  # noqa: FBT002  # a command-line flag
) -> None:
    """Plan a study: from freight trips to a Pareto front, a report and a map.

    Examples: `planner run germany-10`,
    `planner run my-study/study.yaml --set sites.network=extended --out outputs/more-sites`
    """
    if seed is not None:
        overrides = [*overrides, f"seed={seed}"]
    loaded = load_scenario(scenario, overrides)
    # Seconds of imports, for which neither --help nor a fault in the file need wait.
    from planner import study  # noqa: PLC0415
    from planner.plan.finished_run import read_finished_run  # noqa: PLC0415
    from planner.reporting.market.national_headline import MARKET_PAGE  # noqa: PLC0415
    from planner.reporting.terminal import show_run  # noqa: PLC0415
    from planner.tables.language import ENGLISH  # noqa: PLC0415

    listener = TerminalProgress(console) if console.is_terminal else None
    with listener or nullcontext():
        folder = study.run(
            loaded, out=out, workers=workers, resume=resume, progress=listener or Quiet()
        ).folder
    show_run(folder, console, ENGLISH)
    console.print()
    for line in read_finished_run(folder).manifest["inputs"]:
        console.print(line)
    console.print_place("\nReport", folder / "report.html", f"   map {folder / 'plan.qgz'}")
    console.print(
        f"Tables {folder / 'plan.xlsx'}   figures {folder / 'figures'}",
        soft_wrap=True,
    )
    if (folder / MARKET_PAGE).is_file():
        console.print(f"Market {folder / MARKET_PAGE}", soft_wrap=True)


def validate(
    study: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A scenario, market study, depot study, sweep or tariff, or the name of one that "
            "comes with the planner (germany-10, odeshog-market, depot-demo, germany-sweep).",
        ),
    ],
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
) -> None:
    """Check a study and the files it names without running it; tell all faults at once.

    Examples: `planner validate my-study/study.yaml`, `planner validate germany-sweep`
    """
    # Faults of the file itself are told before what reads its inputs is imported.
    known = load_study(study, overrides)
    from planner.study_checks import check_study  # noqa: PLC0415  # seconds of imports

    with console.status("Reading ...") as status:
        lines = check_study(
            known,
            lambda done, total: status.update(f"Reading ... {done} of {total} combinations"),
        )
    for line in lines:
        console.print(line)
    console.print("No faults found.", style="green")


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
    console.print_place("Made", folder, f". Look into {folder / 'study.yaml'}, then:")
    console.print(f"  planner run {folder / 'study.yaml'}", soft_wrap=True)


def schema(
    kind: Annotated[
        KindName, typer.Argument(help="Which kind of file.", show_default=True)
    ] = "scenario",
) -> None:
    """Print the JSON schema of a kind of file, for editors that check YAML while you type.

    Example: `planner schema market > market.schema.json`
    """
    sys.stdout.write(json.dumps(_model_of(kind).model_json_schema(), indent=2) + "\n")


def _model_of(kind: KindName) -> type[Section]:
    from planner.scenario.depot_model import DepotScenario  # noqa: PLC0415  # not for --help
    from planner.scenario.market_scenario import MarketScenario  # noqa: PLC0415
    from planner.scenario.model import Scenario  # noqa: PLC0415
    from planner.scenario.sweep import SweepDefinition  # noqa: PLC0415
    from planner.scenario.tariffs import Tariff  # noqa: PLC0415

    models: dict[KindName, type[Section]] = {
        "scenario": Scenario,
        "market": MarketScenario,
        "depot": DepotScenario,
        "sweep": SweepDefinition,
        "tariff": Tariff,
    }
    return models[kind]
