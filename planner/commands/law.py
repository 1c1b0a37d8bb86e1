"""The command that holds a plan against the law."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.written_files import placing
from planner.said import said


def afir(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    year: Annotated[
        int, typer.Option(help="Year at whose end the law is looked at: 2025, 2027 or 2030.")
    ] = 2030,
    solution: Annotated[
        str, typer.Option(help="Named solution whose charging points are looked at.")
    ] = "balanced",
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

    Example: `planner afir outputs/germany-10 --year 2030`
    """
    import numpy as np  # noqa: PLC0415

    from planner.afir.check import PointPowers, check_plan  # noqa: PLC0415
    from planner.afir.law import as_year  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.afir_report import (  # noqa: PLC0415
        LAW_ALONE,
        PAGE,
        sentences,
        write_afir,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    asked = as_year(year)
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(solution)
    chargers = plan.scenario.chargers
    n_stops = np.bincount(plan.plans().stop_site_idx, minlength=plan.sites.n_sites)
    check = check_plan(
        plan.graph,
        plan.sites,
        plan.n_hpc,
        plan.n_lpc,
        PointPowers(chargers.hpc_kw, chargers.lpc_kw),
        asked,
        n_stops.astype(np.float64),
    )
    folder = out or run_dir / f"afir-{asked}-{solution}"
    with placing(folder, "name another folder with --out") as new:
        write_afir(check, plan.graph, plan.sites, f"{run.name}, {solution}", new)
    for line in sentences(check, language):
        console.print(line)
    console.print()
    console.print_place(
        said("Report"), folder / PAGE, said("map {map} and tables beside it", map="afir.gpkg")
    )
    if len(check.least):
        for_evaluate = said("for planner evaluate")
        console.print_place(said("Law alone"), folder / LAW_ALONE, for_evaluate)
