"""Where grid connections keep a plan from having more high-power points, and the waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.grid_limits import hpc_carried_by_grid
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language

_NAMED_SITES = 10


def limits_points_by_grid(results: PlanResults) -> bool:
    """Whether the study keeps its points within the grid connections."""
    return bool(results.scenario.get("sites", {}).get("within_grid_connection", False))


def bound_by_grid(results: PlanResults, solution: int) -> NDArray[np.bool_]:
    """Sites whose connection carries no further high-power point in a solution, (n_sites,).

    Sites where no truck waits are none of them: a further point would change nothing there.
    """
    if not limits_points_by_grid(results):
        return np.zeros(results.sites.n_sites, dtype=bool)
    hpc_kw = float(results.scenario["chargers"]["hpc_kw"])
    # Points that share their connection are sure of a part of their power.
    hpc_kw *= results.scenario["sites"].get("power_sharing") or 1.0
    carried = hpc_carried_by_grid(results.sites.grid_connection_kw, hpc_kw)
    waits = np.nan_to_num(results.detail.site[MEAN_WAIT.name][solution]) > 0.0
    return np.asarray((results.hpc_layouts[solution] >= carried) & waits)


def grid_sentence(results: PlanResults, language: Language = ENGLISH) -> str:
    """Say at which sites the grid limits the default solution, and what trucks wait there.

    Returns
    -------
    str
        One sentence, sites with the most waiting first; empty where the grid limits none.
    """
    solution = results.default_solution.solution
    bound = bound_by_grid(results, solution)
    if not bound.any():
        return ""
    detail = {name: np.nan_to_num(values[solution]) for name, values in results.detail.site.items()}
    sessions = detail["n_sessions_hpc"]
    waited_min = sessions * detail[MEAN_WAIT.name]
    order = np.flatnonzero(bound)[np.argsort(-waited_min[bound], kind="stable")]
    names = ", ".join(str(name) for name in results.sites.name[order[:_NAMED_SITES]])
    others = len(order) - _NAMED_SITES
    if others > 0:
        names = language.counted(
            others, "{names} and {n} other", "{names} and {n} others", names=names
        )

    def mean_wait(chosen: NDArray[np.bool_]) -> str:
        n_sessions = sessions[chosen].sum()
        return language.minutes(waited_min[chosen].sum() / n_sessions if n_sessions else np.nan)

    return language.counted(
        len(order),
        "The grid connection allows no further high-power point at {n} site where trucks wait: "
        "{names}. Trucks wait {there} on average there, {elsewhere} at the other sites.",
        "Grid connections allow no further high-power point at {n} sites where trucks wait: "
        "{names}. Trucks wait {there} on average there, {elsewhere} at the other sites.",
        names=names,
        there=mean_wait(bound),
        elsewhere=mean_wait(~bound),
    )
