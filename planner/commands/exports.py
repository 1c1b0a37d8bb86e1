"""Commands that hand a finished run on to other programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated, Literal

import typer

from planner.commands.options import LanguageOption, console
from planner.errors import InputDataError
from planner.runs.written_files import placing
from planner.said import said


def matsim(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    solution: Annotated[
        str,
        typer.Option(
            help="Named solution whose charging points are written; cpo is the operator's."
        ),
    ] = "balanced",
    out: Annotated[
        Path | None,
        typer.Option(
            help="New folder for the files; by default matsim-SOLUTION in the run's folder.",
            show_default=False,
        ),
    ] = None,
    dialect: Annotated[
        Literal["plug_power", "power"],
        typer.Option(
            help="Attributes of the chargers: plug_power and plug_count as in MATSim's DTD, or "
            "power and capacity as in its earlier versions."
        ),
    ] = "plug_power",
    crs: Annotated[
        str, typer.Option(help="Coordinate system of the files, projected in metres.")
    ] = "EPSG:25832",
    lang: LanguageOption = "en",  # noqa: ARG001  # the terminal speaks it
) -> None:
    """Write network, charging points, electric vehicles and planned trips for MATSim.

    Example: `planner export matsim outputs/germany-10 --solution balanced`
    """
    from planner.reporting.matsim.export import export_matsim  # noqa: PLC0415

    export = export_matsim(run_dir, solution, out=out, dialect=dialect, crs=crs)
    for line in export.sentences():
        console.print(line)


def xlsx(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run or sweep.")],
    lang: LanguageOption = "en",
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file to write; by default plan-LANG.xlsx or sweep-LANG.xlsx in the folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the spreadsheet of a run or a sweep, in English or German.

    Every run has plan.xlsx and every sweep sweep.xlsx, in English.

    Example: `planner export xlsx outputs/germany-10 --lang de`
    """
    from planner.plan.finished_run import PLAN, SWEEP, read_finished_run  # noqa: PLC0415
    from planner.reporting.spreadsheet import write_spreadsheet  # noqa: PLC0415
    from planner.sweeping.spreadsheet import write_sweep_spreadsheet  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    write = {PLAN: write_spreadsheet, SWEEP: write_sweep_spreadsheet}
    run = read_finished_run(run_dir, *write)
    path = out or run_dir / f"{run.kind}-{lang}.xlsx"
    remedy = "name a file in a folder that exists, and close it in other programs"
    with placing(path, remedy, is_file=True) as new:
        write[run.kind](run, new, language(lang))
    console.print_place(said("Spreadsheet"), path)


def qgis(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run or sweep.")],
    lang: LanguageOption = "en",
    out: Annotated[
        Path | None,
        typer.Option(
            help="New folder for plan.qgz and plan.gpkg; by default qgis-LANG in the run's folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the map of a run or a sweep for QGIS, in English or German.

    Every run has plan.qgz and plan.gpkg, every sweep sweep.qgz and sweep.gpkg, in English: layers
    and fields keep their names, titles, legends and print layouts change. Example:
    `planner export qgis outputs/germany-10 --lang de`
    """
    from planner.plan.finished_run import PLAN, SWEEP, read_finished_run  # noqa: PLC0415
    from planner.reporting.gis.export import export_qgis  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    read_finished_run(run_dir, PLAN, SWEEP)
    project = export_qgis(run_dir, language(lang), out=out)
    console.print_place(said("QGIS project"), project)


def load(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    solution: Annotated[
        str,
        typer.Option(
            help="Named solution (cpo is the operator's), or number of a solution of the front."
        ),
    ] = "balanced",
    by: Annotated[
        Literal["site", "region", "road", "grid_operator_mv", "grid_operator_hv", "all"] | None,
        typer.Option(
            help="Places that load is told by; by default site, with --regions region.",
            show_default=False,
        ),
    ] = None,
    regions: Annotated[
        Path | None,
        typer.Option(
            help="Layer of polygons as --by region, for example NUTS-3, in place of the run's "
            "regions.",
            show_default=False,
        ),
    ] = None,
    name_column: Annotated[
        str, typer.Option(help="Column of that layer with the name of each polygon.")
    ] = "NAME",
    layer: Annotated[str, typer.Option(help="Its layer, where the file has several.")] = "",
    span: Annotated[
        Literal["days", "week", "year"],
        typer.Option(help="The simulated days, a typical week, or a calendar year."),
    ] = "week",
    minutes: Annotated[
        Literal["15", "60"], typer.Option(help="Length of a step of time, minutes.")
    ] = "15",
    year: Annotated[
        int, typer.Option(min=1970, max=2200, help="Calendar year of the dates.")
    ] = 2030,
    holidays: Annotated[
        str,
        typer.Option(
            help="Country whose public holidays a year has, for example AT; by default DE on the "
            "built-in network, none on others.",
            show_default=False,
        ),
    ] = "",
    layout: Annotated[
        Literal["csv", "pypsa-eur", "spice-ev", "edisgo"],
        typer.Option("--format", help="Plain tables, or the layout of another program."),
    ] = "csv",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the files; by default load-SOLUTION-BY-SPAN-FORMAT in the run's "
            "folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Write the load on the grid over time, and what of overnight charging could shift.

    High-power and overnight charging apart, by site, region, motorway or grid operator. Example:
    `planner export load outputs/germany-10 --by grid_operator_mv --span year --minutes 60`
    """
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.plan.load_calendar import known_country  # noqa: PLC0415
    from planner.plan.load_series import LoadQuestion, load_of  # noqa: PLC0415
    from planner.reporting.load.export import sentences, write_load  # noqa: PLC0415
    from planner.scenario.region_source import Regions  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    if regions:
        if by not in (None, "region"):
            msg = (
                f"--regions {regions}: expected --by region beside it, whose polygons it names; "
                f"found --by {by}; leave out one of the two"
            )
            raise InputDataError(msg)
        by = "region"
    by = by or "site"
    folder = out or run_dir / f"load-{solution}-{by}-{span}-{layout}"
    country = known_country(holidays)
    plan = read_finished_run(run_dir, PLAN).on_roads(solution)
    if regions:
        own = Regions.model_construct(path=regions, layer=layer, name_column=name_column)
        plan = replace(plan, scenario=plan.scenario.model_copy(update={"regions": own}))
    is_german = plan.scenario.network.source == "builtin"
    asked = LoadQuestion(by, span, int(minutes), year, country or ("DE" if is_german else ""))
    found = load_of(plan, asked)
    with placing(folder, "name another folder with --out") as new:
        write_load(found, layout, new)
    for line in sentences(found, language(lang)):
        console.print(line)
    console.print()
    console.print_place(said("Load"), folder)
