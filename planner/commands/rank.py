"""The command that orders the sites of a finished run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated, Any

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def rank(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    first: Annotated[int, typer.Option(min=1, help="How many sites are to be built first.")] = 20,
    max_mean_wait: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Mean wait that networks are sized for, minutes; by default that of the balanced "
            "plan.",
            show_default=False,
        ),
    ] = None,
    lost_trip_hours: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="Hours of a truck that a trip counts as which can no longer be driven.",
        ),
    ] = 24.0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, tables and map; by default rank-FIRST in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Order the sites of a run: which to build first, what each adds, and how critical each is.

    Sites close one by one, each time the one whose trucks lose least, and these plan anew; then
    closed ones are exchanged with the first. Networks of the first sites are then sized for a mean
    wait, and priced. For a country this takes some minutes.

    Example: `planner rank outputs/germany-10 --first 20`
    """
    from planner.layouts.rank_work import (  # noqa: PLC0415
        N_STAGES,
        REMEDY,
        found_so_far,
        rank_work,
    )
    from planner.layouts.site_ranking import RankQuestion, rank_sites  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.rank_report import (  # noqa: PLC0415
        LAYERS,
        PAGE,
        first_sites_file,
        write_rank,
    )
    from planner.reporting.rank_sentences import sentences  # noqa: PLC0415
    from planner.tables.language import language as language_of  # noqa: PLC0415

    question = RankQuestion(first, max_mean_wait, lost_trip_hours)
    folder = out or run_dir / f"rank-{first}"
    read_finished_run(run_dir, PLAN)
    try:
        with (
            listener_on(console, N_STAGES) as progress,
            rank_work(folder, progress) as work,
        ):
            ranking = rank_sites(run_dir, question, work)
            n_first = ranking.question.first
            told = sentences(
                ranking.order, ranking.sizes, n_first, asked=first, is_stable=ranking.is_stable
            )
            with placing(folder, REMEDY) as new:
                write_rank(
                    ranking.tables(),
                    ranking.first,
                    ranking.inputs.graph,
                    ranking.run.name,
                    told,
                    new,
                )
    except KeyboardInterrupt:
        if found := found_so_far(folder):
            _tell_so_far(found)
        raise
    for line in told:
        console.print(line.texts[language_of(lang).code])
    console.print()
    console.print_place(
        said("Report"), folder / PAGE, said("map {map} and tables beside it", map=LAYERS)
    )
    console.print_place(
        said("First sites"), folder / first_sites_file(n_first), said("for a study of their own")
    )


def _tell_so_far(found: dict[str, Any]) -> None:
    """What had been found when it was stopped."""
    left = [each["name"] or each["site_id"] for each in found["sites"] if each["is_open"]]
    console.print()
    if len(left) > found["first"]:
        console.print(
            said(
                "So far: of {n} sites {left} are left, the first {first} among them.",
                n=len(found["sites"]),
                left=len(left),
                first=found["first"],
            )
        )
        return
    console.print(
        said(
            "So far, with exchanges still to be tried, the first {first} are: {names}.",
            first=len(left),
            names=", ".join(left),
        )
    )
