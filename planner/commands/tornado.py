"""The command that moves what a finished run takes for granted, one figure at a time."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def tornado(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    max_mean_wait: Annotated[
        float, typer.Option(min=0.0, help="Mean wait that points are counted for, minutes.")
    ] = 5.0,
    file: Annotated[
        Path | None,
        typer.Option(
            help="File with factors of trucks of your own, of the layout of config/tornado.yaml.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, table and figures; by default tornado in the run's folder. What "
            "an interrupted call has finished there is kept.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Move one factor at a time, low and high: what points for a wait and costs depend on.

    Example: `planner tornado outputs/germany-10`
    """
    from planner.scenario.tornado_factors import read_truck_factors  # noqa: PLC0415

    # Faults of the file are told before what plans is imported.
    factors = read_truck_factors(file)
    from planner.layouts.tornado import REMEDY  # noqa: PLC0415
    from planner.layouts.tornado import tornado as moved  # noqa: PLC0415
    from planner.reporting.figures.run_figures import FOLDER  # noqa: PLC0415
    from planner.reporting.tornado_report import PAGE, sentences, write_tornado  # noqa: PLC0415
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language, folder = language_of(lang), out or run_dir / "tornado"
    with listener_on(console) as progress:
        found = moved(run_dir, factors, max_mean_wait, folder, progress)
    told = sentences(found.table, found.mean_wait_min, is_met=found.is_met, left_out=found.left_out)
    with placing(folder, REMEDY) as new:
        write_tornado(found.table, told, found.run, language, new)
    for line in told:
        console.print(line.texts[language.code])
    console.print()
    console.print_place(said("Report"), folder / PAGE, said("tables beside it"))
    console.print_place(said("Figures"), folder / FOLDER, said("SVG and PNG"))
