"""The command that holds a study's traffic against counting stations."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def counts(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    stations: Annotated[
        Path,
        typer.Argument(
            help="Table of counting stations (CSV, Excel, GeoPackage, GeoJSON): station_id, "
            "motorway, lon, lat, heavy_vehicles_per_working_day (both directions)."
        ),
    ],
    max_distance_km: Annotated[
        float,
        typer.Option(
            min=0.0, help="Farthest that a station may lie from its road as the network draws it."
        ),
    ] = 3.0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, tables and map; by default counts in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Hold the trucks of a run's study, electric or not, against traffic counts.

    Tells how well they fit, which roads carry more or less than their part, and where the trucks
    of the study alone are more than all heavy vehicles counted.

    Example: `planner counts outputs/germany-10 stations.csv`
    """
    from planner.layouts.counted_traffic import hold_run_against_counts  # noqa: PLC0415
    from planner.reporting.counts_report import (  # noqa: PLC0415
        LAYERS,
        PAGE,
        sentences,
        write_counts,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    with listener_on(console) as progress:
        traffic = hold_run_against_counts(run_dir, stations, max_distance_km, progress)
    language = language_of(lang)
    folder = out or run_dir / "counts"
    with placing(folder, "name another folder with --out") as new:
        write_counts(traffic.fit, traffic.graph, traffic.name, new, language)
    for line in sentences(traffic.fit):
        console.print(line.texts[language.code])
    console.print()
    console.print_place(
        said("Report"), folder / PAGE, said("map {map} and tables beside it", map=LAYERS)
    )
