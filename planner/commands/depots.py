"""The command on a depot: its tours and its charging of one day."""

from __future__ import annotations

import json
import sys
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import (  # typer reads the annotations
    LanguageOption,  # noqa: TC001
    Overrides,  # noqa: TC001
    ResultFolder,  # noqa: TC001
    Resume,  # noqa: TC001
    Seed,  # noqa: TC001
)
from planner.commands.studies import run_and_show
from planner.errors import ScenarioError


def depot(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario file, or the name of one that comes with the planner "
            "(depot-demo, depot-san-bernardino).",
            show_default=False,
        ),
    ] = None,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    out: ResultFolder = None,
    seed: Seed = None,
    resume: Resume = False,  # noqa: FBT002  # a command-line flag
    lang: LanguageOption = "en",
    vrpb: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Solve an instance of the vehicle routing problem with backhauls instead, and "
            "print one line of JSON: cost, routes, feasible.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.01, help="Seconds for such an instance.")] = 10.0,
) -> None:
    """Plan a depot's day: tours of electric trucks and their charging, with PV and battery storage.

    The day is planned in three ways: tours and charging together, one after the other, and without
    coordination. Examples: `planner depot depot-demo`,
    `planner depot depot-san-bernardino --set depot.month=8`
    """
    if vrpb is not None:
        _solve_instance(vrpb, seconds, 1 if seed is None else seed)
        return
    if scenario is None:
        fault = "expected a scenario (depot-demo, or a file), or --vrpb FILE; found neither"
        raise ScenarioError([fault], "planner depot")
    run_and_show(scenario, overrides, seed, kind="depot", lang=lang, out=out, resume=resume)


def _solve_instance(path: Path, seconds: float, seed: int) -> None:
    from planner.depot.vrpb import solve_vrpb  # noqa: PLC0415  # seconds of imports

    found = solve_vrpb(path, seconds, seed)
    line = {"cost": found.cost, "routes": found.routes, "feasible": found.feasible}
    sys.stdout.write(json.dumps(line) + "\n")
