"""Commands that hand a finished run on to other programs."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated, Literal

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.written_files import placing


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
    console.print_place("Spreadsheet", path)


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
    console.print_place("QGIS project", project)
