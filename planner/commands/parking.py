"""The command that parks all trucks at the sites of a plan."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def parking(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    solution: Annotated[
        str,
        typer.Option(
            help="Named solution whose charging points take spaces; cpo is the operator's."
        ),
    ] = "balanced",
    share_here: Annotated[
        float | None,
        typer.Option(
            min=1.0,
            max=100.0,
            help="Percent of the breaks and rests that look for a space at the sites, the others "
            "elsewhere; by default what the sites have of the country's spaces where these are "
            "known (built-in network), else 100.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, tables, list and map; by default parking in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Tell which truck parking spaces charging points take, and how many are to be built.

    All trucks of the study, electric or not, look for a space where a break or daily rest falls
    due, and go on to the next site where all are taken: who stands where by hour, who finds
    nothing, and how many spaces each site and region lacks.

    Example: `planner parking outputs/germany-10`
    """
    from planner.layouts.parked_trucks import park_trucks_of_run  # noqa: PLC0415
    from planner.reporting.parking_report import (  # noqa: PLC0415
        BOOK,
        MAP,
        PAGE,
        regions_in_brief,
        rest_of_regions,
        sentences,
        write_parking,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    share = None if share_here is None else share_here / 100.0
    with listener_on(console) as progress:
        found = park_trucks_of_run(run_dir, solution, share, progress)
    folder = out or run_dir / "parking"
    with placing(folder, "name another folder with --out") as new:
        write_parking(found.needs, found.run, f"{found.run.name}, {solution}", new, language)
    for line in sentences(found.needs, language):
        console.print(line)
    console.print()
    console.print(regions_in_brief(found.needs).for_terminal(language))
    if rest := rest_of_regions(found.needs, language):
        console.print(rest)
    console.print()
    beside = said("map {map} and tables beside it", map=f"{MAP}.qgz")
    console.print_place(said("Report"), folder / PAGE, beside)
    console.print_place(said("Spaces to build"), folder / BOOK)
