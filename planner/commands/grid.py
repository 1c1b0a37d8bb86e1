"""The command that tells grid operators what sites need."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.written_files import placing
from planner.said import said


def grid(
    run_dirs: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of finished runs, each a level of electric trucks, or of sweeps over "
            "levels, or of their combinations below runs/."
        ),
    ],
    solution: Annotated[
        str | None,
        typer.Option(
            help="Named solution, by default balanced; cpo is the operator's.", show_default=False
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            min=2000,
            max=2100,
            help="Year in which connections are requested; this one by default.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, tables, order list and map; by default grid in the folder of "
            "the first run.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Tell grid operators what the sites of a plan draw, and which connections to request.

    By operator of the medium- and the high-voltage grid and by region: simultaneous peak, power
    requested, when the peak passes it; and an order list with a row per site.

    Example: `planner grid outputs/germany-5 outputs/germany-10 outputs/germany-15`
    """
    from planner.grid.connection_rules import read_connection_rules  # noqa: PLC0415
    from planner.grid.needs import grid_needs  # noqa: PLC0415
    from planner.plan.grid_levels import read_grid_levels  # noqa: PLC0415
    from planner.reporting.grid_report import (  # noqa: PLC0415
        BOOK,
        MAP,
        PAGE,
        brief_groups,
        rest_of_groups,
        sentences,
        write_grid,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    found = read_grid_levels(run_dirs, solution)
    rules = read_connection_rules()
    needs = grid_needs(found.levels, found.places, rules, year or datetime.now(tz=UTC).year)
    folder = out or run_dirs[0] / "grid"
    with placing(folder, "name another folder with --out") as new:
        name = solution or found.run.default_solution.name
        write_grid(needs, found.run, f"{found.run.name}, {name}", new, language)
    for line in sentences(needs, language):
        console.print(line)
    if brief := brief_groups(needs):
        console.print()
        console.print(brief.for_terminal(language))
        if rest := rest_of_groups(needs, language):
            console.print(rest)
    console.print()
    beside = said("map {map} and tables beside it", map=f"{MAP}.qgz")
    console.print_place(said("Report"), folder / PAGE, beside)
    console.print_place(said("Order list"), folder / BOOK)
