"""Commands on how many points each site has: the fewest for a target, and a layout of one's own."""

from __future__ import annotations

import math
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.errors import InputDataError
from planner.runs.progress import listener_on
from planner.said import said

if TYPE_CHECKING:
    from planner.layouts.site_change import SiteChange


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
    replan: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--replan", help="Also for trucks that know the queues and stop elsewhere: minutes."
        ),
    ] = False,
    afir: Annotated[
        int | None,
        typer.Option(
            help="Year (2025, 2027, 2030) at whose end the layout fulfils the law too, as far as "
            "the sites can; that of the study by default.",
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
    lang: LanguageOption = "en",
) -> None:
    """Find the fewest high-power points with which trucks wait no longer than a target.

    Example: `planner target outputs/germany-10 --max-mean-wait 5 --max-p95 15`
    """
    from planner.afir.law import as_year  # noqa: PLC0415
    from planner.layouts.targets import plan_for_target  # noqa: PLC0415
    from planner.optimization.least_points import WaitTarget  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    asked = WaitTarget(
        mean_min=math.inf if max_mean_wait is None else max_mean_wait,
        p95_min=math.inf if max_p95 is None else max_p95,
    )
    law_year = None if afir is None else as_year(afir, "--afir")
    read_finished_run(run_dir, PLAN)
    with listener_on(console) as listener:
        answer = plan_for_target(
            run_dir, asked, out, learn_queues=replan, law_year=law_year, progress=listener
        )
    for line in answer.sentences(language(lang)):
        console.print(line)
    beside = said("map {file} beside it", file="sites.gpkg")
    console.print()
    console.print_place(said("Layout"), answer.folder / "sites.csv", beside)


def evaluate(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    layout: Annotated[
        Path | None,
        typer.Argument(
            help="Table of your points (CSV, Excel, GeoPackage or GeoJSON): site_id, n_hpc and, "
            "where they change, n_lpc; of two classes of points n_slow, the slower ones of n_hpc; "
            "an edited plan.xlsx will do. By default the plan of the run itself.",
            show_default=False,
        ),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(
            help="Name or key of a site that gets something else, with --points or --grid-mw.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(min=0, help="High-power points of that site.", show_default=False),
    ] = None,
    grid_mw: Annotated[
        float | None,
        typer.Option(
            help="Grid connection of that site, MW; without --points it gets as many points as "
            "that carries.",
            show_default=False,
        ),
    ] = None,
    sites: Annotated[
        Path | None,
        typer.Option(
            help="Table of sites that are added (site_id, name, lon, lat), which the layout gives "
            "points, else as many as they need, and of other grid connections (site_id, "
            "grid_connection_kw).",
            show_default=False,
        ),
    ] = None,
    slow_kw: Annotated[
        float | None,
        typer.Option(
            min=1.0,
            max=5000.0,
            help="Power of points of a slower class, kW, where the study names no two; a table "
            "with n_slow takes 400 kW without it.",
            show_default=False,
        ),
    ] = None,
    solution: Annotated[
        str | None,
        typer.Option(
            help="Plan of the run that stands beside, or is taken itself; of a table with several "
            "plans the one to read; cpo is the operator's. By default balanced, or the one whose "
            "rows are visible.",
            show_default=False,
        ),
    ] = None,
    replan: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--replan", help="Also let trucks learn the queues of the layout and stop elsewhere."
        ),
    ] = False,
    qgis: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--qgis",
            help="Also write a project for QGIS, layout.qgz: the layout, the plan, what changes.",
        ),
    ] = False,
    sheet: Annotated[
        str | None,
        typer.Option(help="Sheet of the workbook, or layer of the map file.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the layout and its figures; by default beside the run.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Try a layout of your own: report what the trucks of a run would meet there.

    Without a table the plan of the run is written as one, sites.xlsx and sites.csv: change numbers
    in a spreadsheet, take sites away, and evaluate that. Or ask of one site alone.

    Examples: `planner evaluate outputs/germany-10`,
    `planner evaluate outputs/germany-10 my-points.xlsx --replan`,
    `planner evaluate outputs/germany-10 --site "Garbsen Nord" --points 4`
    """
    from planner.layouts.evaluation import evaluate_layout  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    change, asked = _change_of(site, points, grid_mw), language(lang)
    read_finished_run(run_dir, PLAN)
    with listener_on(console) as listener:
        evaluation = evaluate_layout(
            run_dir,
            layout,
            solution=solution,
            sheet=sheet,
            change=change,
            sites_file=sites,
            slow_kw=slow_kw,
            learn_queues=replan,
            qgis=qgis,
            out=out,
            progress=listener,
            language=asked,
        )
    for part in evaluation.shown(asked):
        console.print(part if isinstance(part, str) else part.for_terminal(asked))
    beside = said("sites.csv, sites-de.csv for German Excel, map sites.gpkg and figures beside it")
    console.print()
    console.print_place(said("Layout"), evaluation.folder / "sites.xlsx", beside)


def _change_of(site: str | None, points: int | None, grid_mw: float | None) -> SiteChange | None:
    """What one site gets, where that is asked."""
    from planner.layouts.site_change import SiteChange  # noqa: PLC0415

    if site is not None:
        return SiteChange(site, points, grid_mw)
    if points is None and grid_mw is None:
        return None
    told = "--points" if points is not None else "--grid-mw"
    msg = f'{told}: say of which site, by its name or key: --site "Garbsen Nord".'
    raise InputDataError(msg)
