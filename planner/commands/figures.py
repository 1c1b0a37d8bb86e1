"""Figures for papers from the folder of a run or a sweep."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.errors import RunDirectoryError
from planner.reporting.figures.formats import PictureFormat
from planner.runs.written_files import placing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reporting.figures.rendering import Figure
    from planner.tables.language import Language


def figures(
    run_dir: Annotated[
        Path, typer.Argument(help="Folder of a finished plan, sweep, market or depot.")
    ],
    formats: Annotated[
        list[PictureFormat],
        typer.Option(
            "--format",
            help="Kind of file; may be given more than once. A PNG has 300 dpi.",
        ),
    ] = [PictureFormat.SVG, PictureFormat.PNG],  # noqa: B006  # nobody changes it
    lang: LanguageOption = "en",
    width_mm: Annotated[
        float | None,
        typer.Option(
            min=60.0,
            max=400.0,
            help="Width of all figures in print, mm; letters keep their size. By default each has "
            "the width that suits it: 85 (a column), 120 or 175 (a page).",
            show_default=False,
        ),
    ] = None,
    solution: Annotated[
        str | None,
        typer.Option(
            help="Named plan of the map or of the levels (cpo is the operator's); by default the "
            "balanced one."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the files; by default figures in the run's folder, figures-de for "
            "German.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the figures for a paper: vector or 300 dpi, English or German, any width.

    Every plan and sweep has them already in its folder figures, in English, as SVG and PNG;
    markets, also of plans, and depots get those of their pages here.
    Examples: `planner figures outputs/germany-10 --format pdf --lang de`,
    `planner figures outputs/germany-10 --width-mm 160 --solution cpo --out my-figures`
    """
    from planner.reporting.figures.run_figures import FOLDER, write_figures  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    asked = language(lang)
    folder = out or run_dir / (FOLDER if lang == "en" else f"{FOLDER}-{lang}")
    drawn, sources = _figures_of(run_dir, asked, solution, width_mm)
    kinds = list(dict.fromkeys(formats))
    with placing(folder, "choose another --out") as new:
        paths = write_figures(drawn, new, kinds, asked, width_mm=width_mm, sources=sources)
    for path in paths:
        console.print(str(folder / path.name), soft_wrap=True)


def _figures_of(
    folder: Path, asked: Language, solution: str | None, width_mm: float | None
) -> tuple[Sequence[Figure], str]:
    """Figures of what a folder holds, and the line that names who made the inputs."""
    from planner.plan.finished_run import PLAN, SWEEP, read_finished_run  # noqa: PLC0415
    from planner.reporting.figures.page_figures import (  # noqa: PLC0415
        DEPOT,
        MARKET,
        page_figures,
    )
    from planner.reporting.figures.run_figures import (  # noqa: PLC0415
        run_figures,
        run_sources,
        sources_line,
    )

    run = read_finished_run(folder, PLAN, SWEEP, MARKET, DEPOT)
    if run.kind == SWEEP:
        from planner.sweeping.figures import sweep_figures, sweep_sources  # noqa: PLC0415

        return sweep_figures(run, asked, solution), sweep_sources(run, asked)
    if run.kind != PLAN and solution is not None:
        msg = f"{folder}: a result of the kind {run.kind!r} has no plans; leave out --solution"
        raise RunDirectoryError(msg)
    of_page = page_figures(run, asked)
    if run.kind != PLAN:
        return of_page, ""
    drawn = (*run_figures(run, asked, solution=solution, width_mm=width_mm), *of_page)
    return drawn, sources_line(run_sources(run, asked), asked)
