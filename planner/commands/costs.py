"""The command that prices a finished run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import CostSetOption, LanguageOption, console
from planner.errors import RunDirectoryError
from planner.runs.written_files import placing
from planner.said import said


def costs(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    set_name: CostSetOption = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="File with a set of your own, of the layout of config/infrastructure_costs.yaml; "
            "based_on: germany-2030 takes what it does not say from there.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page and tables; by default costs-SET in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Price the plans of a run: what operators pay, what waiting costs trucks, which costs least.

    Example: `planner costs outputs/germany-10 --set germany-2030`
    """
    import numpy as np  # noqa: PLC0415

    from planner.costs.columns import LEAST  # noqa: PLC0415
    from planner.costs.layout_costs import load_of_layouts  # noqa: PLC0415
    from planner.costs.pricing import price_front  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.plan.schemas import LAYOUTS  # noqa: PLC0415
    from planner.plan.stages import charging_demand  # noqa: PLC0415
    from planner.reporting.cost_report import LAYOUT, PAGE, sentences, write_costs  # noqa: PLC0415
    from planner.scenario.infrastructure_costs import (  # noqa: PLC0415
        DEFAULT_COST_SET,
        read_cost_set,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(run.default_solution.name)
    used = plan.scenario.infrastructure_costs
    if set_name is not None or file is not None or used is None:
        set_name = set_name or DEFAULT_COST_SET
        used = read_cost_set(set_name, file)
    else:
        set_name = "study"
    n_sites = plan.sites.n_sites
    demand = charging_demand(plan.scenario, plan.vehicle_class_idx(), plan.plans(), n_sites)
    if not demand.n_stops:
        told = "{run}: no truck of this run charges on its way; there is nothing to price"
        msg = said(told, run=str(run_dir))
        raise RunDirectoryError(msg)
    n_hpc = run.table(LAYOUTS)["n_hpc"].to_numpy(np.int32).reshape(-1, n_sites)
    names = [""] * len(n_hpc)
    for named in run.named_solutions:
        if named.name != LEAST:  # the run's own prices may be others
            names[named.solution] = named.name
    n_days = demand.horizon_h / 24.0
    n_trips_day = float(run.summary["n_served"]) / n_days
    charging_min = float(run.summary["reference"]["mean_extra_without_waiting_min"])
    priced = price_front(
        load_of_layouts(demand, n_hpc, plan.n_lpc.astype(np.int32)),
        names,
        plan.sites,
        used.of_days(n_days),
        (plan.scenario.chargers.hpc_kw, plan.scenario.chargers.lpc_kw),
        n_trips_day,
        n_trips_day * charging_min / 60.0,
    )
    folder = out or run_dir / f"costs-{set_name}"
    with placing(folder, "name another folder with --out") as new:
        write_costs(priced, run, set_name, new)
    for line in sentences(priced, language_of(lang)):
        console.print(line)
    console.print()
    console.print_place(said("Report"), folder / PAGE, said("tables beside it"))
    console.print_place(said("Least cost"), folder / LAYOUT, said("for planner evaluate"))
