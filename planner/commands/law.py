"""The command that holds a plan against the law."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.errors import InputDataError
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said


def afir(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    year: Annotated[
        int, typer.Option(help="Year at whose end the law is looked at: 2025, 2027 or 2030.")
    ] = 2030,
    solution: Annotated[
        str,
        typer.Option(
            help="Named solution whose charging points are looked at; cpo is the operator's."
        ),
    ] = "balanced",
    reliefs: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--reliefs",
            help="Reckon with what a state may allow along roads with little traffic, by the "
            "trucks of the study.",
        ),
    ] = False,
    parking: Annotated[
        Path | None,
        typer.Option(
            help="Table of safe and secure parking areas (CSV, Excel, GeoPackage, GeoJSON): name, "
            "lon, lat, radius_km if known.",
            show_default=False,
        ),
    ] = None,
    nodes: Annotated[
        Path | None,
        typer.Option(
            help="Table of urban nodes, likewise.",
            show_default=False,
        ),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option(
            help="Shares of electric trucks in percent, as 1,2,5,10,15,20: which waits the law "
            "alone would give.",
            show_default=False,
        ),
    ] = None,
    replan: Annotated[  # noqa: FBT002  # a command-line flag
        bool,
        typer.Option(
            "--replan",
            help="With --levels: also for trucks that know the queues and stop elsewhere: minutes.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, tables and map; by default afir-YEAR-SOLUTION in the run's "
            "folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Hold a plan against the law on truck charging along the TEN-T roads (AFIR, Article 4).

    Tells which part of the roads has pools close enough in each direction, where the gaps are, and
    what the law alone asks of the sites.

    Examples: `planner afir outputs/germany-10 --year 2030`,
    `planner afir outputs/germany-10 --levels 1,2,5,10,15,20`
    """
    import numpy as np  # noqa: PLC0415

    from planner.afir.check import check_plan  # noqa: PLC0415
    from planner.afir.law import as_year  # noqa: PLC0415
    from planner.afir.places import Extras, PointPowers, read_places  # noqa: PLC0415
    from planner.layouts.law_waits import read_levels, waits_of_law  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.afir_report import (  # noqa: PLC0415
        LAW_ALONE,
        MAP,
        all_trucks_per_day,
        brief_build,
        map_layers,
        write_afir,
        write_afir_map,
    )
    from planner.reporting.afir_sentences import (  # noqa: PLC0415
        PAGE,
        rest_of_build,
        sentences,
        waits_in_words,
    )
    from planner.reporting.gis.plan_map import read_plan_map  # noqa: PLC0415
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    asked = as_year(year)
    shares = [] if levels is None else read_levels(levels)
    if replan and not shares:
        msg = "--replan: expected --levels beside it, as in --levels 1,5,10; found none"
        raise InputDataError(msg)
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(solution)
    plan_map = read_plan_map(run)
    chargers = plan.scenario.chargers
    n_stops = np.bincount(plan.plans().stop_site_idx, minlength=plan.sites.n_sites)
    roads = (plan.graph.lon, plan.graph.lat)
    extras = Extras(
        all_trucks_per_day(plan.graph, plan_map, run_dir) if reliefs else None,
        None if parking is None else read_places(parking, roads),
        None if nodes is None else read_places(nodes, roads),
    )
    check = check_plan(
        plan.graph,
        plan.sites,
        plan.n_hpc,
        plan.n_lpc,
        PointPowers(chargers.hpc_kw, chargers.lpc_kw),
        asked,
        n_stops.astype(np.float64),
        extras,
    )
    waits = None
    if shares:
        with listener_on(console) as listener:
            waits = waits_of_law(
                plan, run_dir, check.least_n_hpc, shares, listener, learn_queues=replan
            )
    folder = out or run_dir / f"afir-{asked}-{solution}"
    with placing(folder, "name another folder with --out") as new:
        write_afir(check, plan.graph, plan.sites, f"{run.name}, {solution}", new, waits)
        layers = map_layers(check, plan.graph, plan.sites)
        write_afir_map(plan_map, layers, new, language)
    for line in sentences(check, language):
        console.print(line)
    if waits is not None:
        console.print(waits_in_words(waits, language))
    if build := brief_build(check):
        console.print()
        console.print(build.for_terminal(language))
        if rest := rest_of_build(check, language):
            console.print(rest)
    console.print()
    console.print_place(
        said("Report"), folder / PAGE, said("map {map} and tables beside it", map=f"{MAP}.qgz")
    )
    if len(check.least):
        for_evaluate = said("for planner evaluate")
        console.print_place(said("Law alone"), folder / LAW_ALONE, for_evaluate)
