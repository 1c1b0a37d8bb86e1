"""Tables of a front and of the sites and hours of its named solutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.plan.built_points import built_and_missing
from planner.plan.measured_layouts import tabulated
from planner.plan.schemas import front_schema

if TYPE_CHECKING:
    from planner.optimization.front import Front
    from planner.plan.computed_plan import ComputedPlan
    from planner.plan.front_detail import FrontDetail
    from planner.simulation.metrics import LayoutFigures


def front_table(front: Front, named: dict[str, int], figures: list[LayoutFigures]) -> pd.DataFrame:
    """Table of the front: a row per solution, with its figures and the name it may have."""
    table = pd.DataFrame([tabulated(each) for each in figures])
    for objective, values in zip(front.space.objectives, front.objectives.T, strict=True):
        if objective.name not in table:
            table[objective.name] = values.astype(objective.quantity.dtype)
    names = [""] * len(figures)
    for name, solution in named.items():
        names[solution] = names[solution] or name
    table.insert(0, "solution", np.arange(len(figures)))
    table.insert(1, "name", names)
    quantities = [objective.quantity for objective in front.space.objectives]
    return table[front_schema(quantities).column_names]


def tables_of_sites(
    plan: ComputedPlan, named: dict[str, int], detail: FrontDetail
) -> dict[str, Any]:
    """Tables of the named solutions by site and by hour."""
    by_site = [_site_table(plan, name, solution, detail) for name, solution in named.items()]
    by_hour = [_hourly_table(name, solution, detail) for name, solution in named.items()]
    return {
        "site_figures": pd.concat(by_site, ignore_index=True),
        "hourly": pd.concat(by_hour, ignore_index=True),
    }


def _site_table(plan: ComputedPlan, name: str, solution: int, detail: FrontDetail) -> pd.DataFrame:
    layout, sites = plan.layout(solution), plan.sites
    register = sites.register()
    figures = {key: values[solution] for key, values in detail.site.items()}
    n_sessions = {
        key: figures.pop(key).astype(np.int64) for key in ("n_sessions_hpc", "n_sessions_lpc")
    }
    return pd.DataFrame(
        {
            "solution_name": name,
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "site_origin": register.pop("origin"),
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc": layout.n_hpc,
            "n_lpc": layout.n_lpc,
            **n_sessions,
            **figures,
            "grid_connection_kw": sites.grid_connection_kw,
            **built_and_missing(sites, layout),
            **register,
        }
    )


def _hourly_table(name: str, solution: int, detail: FrontDetail) -> pd.DataFrame:
    return pd.DataFrame(
        {"solution_name": name, "hour": detail.hour}
        | {key: values[solution] for key, values in detail.hourly.items()}
    )
