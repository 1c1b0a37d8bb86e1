"""The command that makes a study of whole countries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.commands.studies import run_and_show
from planner.said import said


def country(
    codes: Annotated[
        list[str],
        typer.Argument(
            metavar="XX...",
            help="Codes of countries, for example DK; several make one study with the trips "
            "between them: DK DE; ALL makes one of all Europe.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the study; by default named like the countries.", show_default=False
        ),
    ] = None,
    roads: Annotated[
        Path | None,
        typer.Option(
            help="OpenStreetMap extract of the countries (.osm.pbf, .osm), or a folder of the "
            "European truck-flow data set; without it the light European network of the planner.",
            show_default=False,
        ),
    ] = None,
    trunk: Annotated[  # noqa: FBT002  # a command-line flag
        bool, typer.Option("--trunk", help="Of an extract also trunk roads, not motorways alone.")
    ] = False,
    od: Annotated[
        Path | None,
        typer.Option(
            help="Flows between zones of Europe, as 01_Trucktrafficflow.csv of the European "
            "truck-flow data set; without it a gravity model.",
            show_default=False,
        ),
    ] = None,
    zones: Annotated[
        Path | None,
        typer.Option(
            help="Where these zones lie, as 02_NUTS-3-Regions.csv of the same data set.",
            show_default=False,
        ),
    ] = None,
    spacing_km: Annotated[
        float | None,
        typer.Option(
            "--spacing",
            min=5.0,
            max=500.0,
            help="Distance between sites along the roads, km; by default the rest areas of an "
            "extract, else 60 as the law asks.",
            show_default=False,
        ),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.001, max=1.0, help="Share of trucks that is electric.")
    ] = 0.1,
    run: Annotated[  # noqa: FBT002  # a command-line flag
        bool, typer.Option("--run", help="Plan it at once.")
    ] = False,
    lang: LanguageOption = "en",
) -> None:
    """Make a study of whole countries: roads, freight, border crossings, sites, all in a folder.

    Without further files it takes the E-roads and motorways and the towns that come with the
    planner; trips inside, over the borders and through the countries come from a gravity model.

    Examples: `planner country DK`, `planner country BE NL LU --out benelux --run`,
    `planner country AT --roads austria-latest.osm.pbf`
    """
    from planner.scenario.bundled import STUDY  # noqa: PLC0415
    from planner.studies.country_study import (  # noqa: PLC0415  # seconds of imports
        CountryRequest,
        codes_of,
        names_of,
        study_name,
        write_country_study,
    )

    asked = codes_of(codes)
    folder = out or Path(study_name(names_of(asked)))
    request = CountryRequest(asked, share, roads, trunk, od, zones, spacing_km)
    for line in write_country_study(request, folder).sentences():
        console.print(line)
    console.print()
    if run:
        run_and_show(folder / STUDY, [], kind="scenario", lang=lang)
        return
    console.print_place(said("Made"), folder)
    console.print_place(said("Look into"), folder / STUDY, said("then:"))
    command = f"  planner run {folder / STUDY}"
    console.print(command, soft_wrap=True)
