"""Commands on many studies, or on what they answer together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from planner.commands.options import LanguageOption, console
from planner.commands.studies import run_and_show
from planner.runs.written_files import placing
from planner.said import said


def sweep(
    sweep_file: Annotated[
        Path,
        typer.Argument(
            metavar="SWEEP",
            help="A sweep file, or the name of one that comes with the planner (germany-sweep).",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the sweep; by default outputs/NAME.", show_default=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Runs at the same time; one per processor core by default. The result does not "
            "depend on it.",
            show_default=False,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Scheduler of a dask cluster that shares the file system, for example "
            "tcp://10.0.0.1:8786, to do the runs there.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Plan many variants of a study, each with several draws of the demand.

    Resumes an interrupted sweep. Example: `planner sweep germany-sweep`
    """
    run_and_show(sweep_file, [], kind="sweep", lang=lang, out=out, workers=workers, cluster=cluster)


def compare(
    run_dirs: Annotated[
        list[Path], typer.Argument(help="Folders of finished runs, or of whole sweeps.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for table, page and chart.")] = Path(
        "outputs/comparison"
    ),
    published: Annotated[
        bool | None,
        typer.Option(
            help="Whether published figures for Germany stand beside; by default where all runs "
            "are of the built-in Germany.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Say what differs between finished runs: plans, scenarios, fronts over each other.

    The first run is what the others are held against.
    Example: `planner compare outputs/germany-10 outputs/germany-15`
    """
    from planner.plan.compared_runs import read_runs, without_copies  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, SWEEP, read_finished_run  # noqa: PLC0415
    from planner.reporting.comparison_answer import (  # noqa: PLC0415
        comparison_answer,
        shown_differences,
    )
    from planner.reporting.run_comparison import (  # noqa: PLC0415
        shown_comparison,
        write_comparison,
    )
    from planner.tables.language import language  # noqa: PLC0415

    asked = language(lang)
    for run_dir in run_dirs:
        read_finished_run(run_dir, PLAN, SWEEP)
    runs, copies = without_copies(read_runs(run_dirs))
    for copy, of in copies:
        console.print(
            said(
                "Left out {copy}: study, level and seed of {run}, no replication of it.",
                copy=str(copy.folder),
                run=str(of.folder),
            ),
            soft_wrap=True,
        )
    with placing(out, "name another folder with --out") as new:
        table = write_comparison(runs, new, with_published=published, language=asked)
    console.print(Text(comparison_answer(runs, asked)))
    differing = shown_differences(runs)
    for shown in (differing, shown_comparison(table, brief=True)):
        if shown.rows:
            console.print()
            console.print(shown.for_terminal(asked))
    console.print()
    beside = said("map for QGIS, tables and figures beside it")
    console.print_place(said("Report"), out / "comparison.html", beside)
