"""Commands on many studies, or on what they answer together."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from planner.commands.options import console


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
) -> None:
    """Plan many variants of a study, each with several draws of the demand.

    Goes on where an interrupted sweep stopped. Example: `planner sweep germany-sweep`
    """
    from planner.scenario.sweep import load_sweep  # noqa: PLC0415

    loaded = load_sweep(sweep_file)
    from planner.reporting.language import ENGLISH  # noqa: PLC0415
    from planner.sweeping.progress_table import LiveProgress, PlainProgress  # noqa: PLC0415
    from planner.sweeping.report import show_sweep  # noqa: PLC0415
    from planner.sweeping.sweep import run_sweep  # noqa: PLC0415

    with LiveProgress(console) if console.is_terminal else PlainProgress(console) as listener:
        result = run_sweep(loaded, out=out, workers=workers, cluster=cluster, listener=listener)
    show_sweep(loaded.variants, result.summary, console, ENGLISH)
    console.print(f"\nReport [bold]{result.folder / 'sweep.html'}[/]   table sweep.csv beside it")


def target(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    max_mean_wait: Annotated[
        float | None,
        typer.Option(min=0.0, help="Longest mean wait, minutes.", show_default=False),
    ] = None,
    max_p95: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Wait that 95 of 100 sessions must not exceed, minutes.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the layout; by default beside the run, named after the target.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Find the fewest high-power points with which trucks wait no longer than a target.

    Example: `planner target outputs/germany-10 --max-mean-wait 5 --max-p95 15`
    """
    from planner.optimization.least_points import WaitTarget  # noqa: PLC0415
    from planner.targets import plan_for_target  # noqa: PLC0415

    asked = WaitTarget(
        mean_min=math.inf if max_mean_wait is None else max_mean_wait,
        p95_min=math.inf if max_p95 is None else max_p95,
    )
    answer = plan_for_target(run_dir, asked, out)
    for line in answer.sentences():
        console.print(line, highlight=False)
    console.print(f"\nLayout [bold]{answer.folder / 'sites.csv'}[/]   map sites.gpkg beside it")


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
) -> None:
    """Lay finished runs side by side, over their levels.

    Example: `planner compare outputs/germany-10 outputs/germany-15`
    """
    from planner.reporting.compared_runs import read_runs  # noqa: PLC0415
    from planner.reporting.run_comparison import (  # noqa: PLC0415
        shown_comparison,
        write_comparison,
    )

    table = write_comparison(read_runs(run_dirs), out, with_published=published)
    console.print(shown_comparison(table, brief=True).for_terminal())
    console.print(f"\nReport [bold]{out / 'comparison.html'}[/]   table and chart beside it")
