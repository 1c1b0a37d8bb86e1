"""The command that holds the plans of a finished run against what may come otherwise."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def robust(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    scenarios: Annotated[
        Path | None,
        typer.Argument(
            help="File with the key robustness: what may come otherwise, and how likely that is; "
            "by default config/robustness.yaml, with other draws of the demand and winter.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="High-power points of the plans that are made; by default as many as the "
            "balanced plan has.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, workbook and tables; by default robust, or robust-FILE, in the "
            "run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Hold plans against other draws, shares, winters and lost sites, and plan for all of them.

    Example: `planner robust outputs/germany-10 my-scenarios.yaml`
    """
    from planner.scenario.robustness import read_robustness  # noqa: PLC0415

    # Faults of the file are told before what plans is imported.
    asked = read_robustness(scenarios)
    from planner.layouts.robustness import robust_plans  # noqa: PLC0415
    from planner.reporting.robust_report import (  # noqa: PLC0415
        PAGE,
        WORKBOOK,
        sentences,
        write_robust,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    where = "config/robustness.yaml" if scenarios is None else str(scenarios)
    with listener_on(console) as progress:
        found = robust_plans(run_dir, asked, where, points, progress)
    folder = out or run_dir / ("robust" if scenarios is None else f"robust-{scenarios.stem}")
    with placing(folder, "name another folder with --out") as new:
        write_robust(found.tables, found.layouts, found.run, language, new)
    for line in sentences(found.tables, language):
        console.print(line)
    console.print()
    console.print_place(said("Report"), folder / PAGE, said("tables beside it"))
    console.print_place(
        said("Tables"), folder / WORKBOOK, said("layouts for planner evaluate beside it")
    )
