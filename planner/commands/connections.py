"""The command that sizes the grid connections of a plan's sites."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.written_files import placing
from planner.said import said


def connections(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    solution: Annotated[
        str | None,
        typer.Option(
            help="Named solution, by default balanced; cpo is the operator's.", show_default=False
        ),
    ] = None,
    set_name: Annotated[
        str | None,
        typer.Option(
            "--set",
            help="Set of costs of config/infrastructure_costs.yaml; by default that of the run's "
            "own scenario, or germany-2030.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="File with costs of batteries of your own, of the layout of "
            "config/site_battery.yaml.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page, workbook, tables and map; by default connections in the run's "
            "folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Size each site's grid connection: shared by its points, and with a battery where cheaper.

    Example: `planner connections outputs/germany-10`
    """
    from planner.costs.battery_costs import read_battery_costs  # noqa: PLC0415
    from planner.grid.connection_rules import read_connection_rules  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.plan.site_connections import site_connections  # noqa: PLC0415
    from planner.reporting.connection_report import (  # noqa: PLC0415
        BOOK,
        MAP,
        PAGE,
        sentences,
        write_connections,
    )
    from planner.scenario.infrastructure_costs import (  # noqa: PLC0415
        DEFAULT_COST_SET,
        read_cost_set,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language, batteries = language_of(lang), read_battery_costs(file)
    run = read_finished_run(run_dir, PLAN)
    name = run.default_solution.name if solution is None else run.solution(solution).name
    plan = run.on_roads(name)
    used = plan.scenario.infrastructure_costs
    if set_name is not None or used is None:
        used = read_cost_set(set_name or DEFAULT_COST_SET)
    found = site_connections(plan, used, batteries, read_connection_rules())
    folder = out or run_dir / "connections"
    with placing(folder, "name another folder with --out") as new:
        write_connections(found, run, f"{run.name}, {name}", new, language)
    for line in sentences(found, language):
        console.print(line)
    console.print()
    beside = said("map {map} and tables beside it", map=f"{MAP}.qgz")
    console.print_place(said("Report"), folder / PAGE, beside)
    console.print_place(said("Workbook"), folder / BOOK)
