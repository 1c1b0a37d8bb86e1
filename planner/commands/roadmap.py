"""The command that plans one study in several years."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import LanguageOption, ResultFolder, Resume, Workers, console
from planner.runs.progress import listener_on
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.runs.progress import ProgressListener


def roadmap(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="ROADMAP", help="A roadmap file: a scenario, and what changes in which year."
        ),
    ],
    out: ResultFolder = None,
    workers: Workers = None,
    resume: Resume = False,  # noqa: FBT002  # a command-line flag
    lang: LanguageOption = "en",
) -> None:
    """Plan a study in several years, each on what stands by then: what to build when.

    Years are planned one after the other; nothing is torn down. With `foresight: true` in the file
    also with the last year in view, and what doing without costs.

    Example: `planner roadmap my-roadmap.yaml`
    """
    from planner.scenario.roadmap import load_roadmap  # noqa: PLC0415

    # Faults of the file are told before what plans is imported.
    asked = load_roadmap(file)
    from planner.reporting.roadmap_report import MAP, PAGE, WORKBOOK, sentences  # noqa: PLC0415
    from planner.sweeping.roadmap import run_roadmap  # noqa: PLC0415
    from planner.tables.language import language as language_of  # noqa: PLC0415

    years = list(asked.scenarios)

    @contextmanager
    def listening(year: int) -> Iterator[ProgressListener]:
        line = "Year {year}, {number} of {n}"
        number = years.index(year) + 1
        console.print(said(line, year=str(year), number=number, n=len(years)))
        with listener_on(console) as listener:
            yield listener

    done = run_roadmap(asked, out=out, workers=workers, resume=resume, listening=listening)
    regret = None if done.foresight is None else done.foresight.regret
    console.print()
    for line in sentences(done.tables.years, language_of(lang), regret):
        console.print(line)
    console.print()
    console.print_place(
        said("Report"), done.folder / PAGE, said("tables and map {map} beside it", map=MAP)
    )
    console.print_place(
        said("Tables"), done.folder / WORKBOOK, said("a finished run per year below runs")
    )
