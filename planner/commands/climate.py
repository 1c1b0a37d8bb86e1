"""The command that tells what the plans of finished runs avoid."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.errors import RunDirectoryError
from planner.runs.written_files import placing
from planner.said import said


def climate(
    run_dirs: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of finished runs, for example one per level of electric trucks."
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Option(
            help="File with figures of your own, of the layout of config/climate.yaml.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, workbook and tables; by default climate in the first run's "
            "folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Tell the diesel and CO2 that plans replace, and what the network costs per tonne.

    Example: `planner climate outputs/germany-10`
    """
    from planner.costs.climate import climate_table, factor_table  # noqa: PLC0415
    from planner.costs.climate_factors import read_climate_factors  # noqa: PLC0415
    from planner.plan.climate_inputs import (  # noqa: PLC0415
        climate_inputs,
        costs_by_year,
        run_labels,
    )
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.climate_report import PAGE, sentences, write_climate  # noqa: PLC0415
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language, factors = language_of(lang), read_climate_factors(file)
    labels = run_labels(run_dirs)
    if len(set(labels)) < len(labels):
        msg = f"expected each run once; found {', '.join(map(str, run_dirs))}"
        raise RunDirectoryError(msg)
    runs = {
        label: read_finished_run(folder, PLAN)
        for label, folder in zip(labels, run_dirs, strict=True)
    }
    trips = [climate_inputs(run, label) for label, run in runs.items()]
    first = runs[labels[0]]
    costs = costs_by_year(factors, first)
    table = climate_table(trips, factors, costs)
    shown = next(plan for plan in trips[0].plans if plan.name == first.default_solution.name)
    folder = out or run_dirs[0] / "climate"
    with placing(folder, "name another folder with --out") as new:
        moved = factor_table(trips[0], shown, factors, costs)
        write_climate(table, moved, runs, language, new)
    for line in sentences(table, runs, language):
        console.print(line)
    console.print()
    console.print_place(said("Report"), folder / PAGE, said("tables beside it"))
