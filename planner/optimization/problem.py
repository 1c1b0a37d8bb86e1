"""The layout problem as pymoo sees it: one batch of layouts in, two objectives out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pymoo.core.problem import Problem

from planner.simulation.queues import evaluate_layouts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.simulation.charging_demand import ChargingDemand


class LayoutProblem(Problem):  # type: ignore[misc]
    """Minimise the mean wait and maximise the utilisation of the plugs, in the full simulation.

    Genes are the HPC plugs of each site. Objectives are the mean wait in minutes and the negative
    utilisation (TCU); waiting longer than the reference point of the hypervolume is infeasible, so
    that the search does not spend itself on queues that no one would accept. A whole generation is
    one call of the parallel queue kernel.

    Parameters
    ----------
    demand : ChargingDemand
        Trucks and their stops.
    n_lpc : (n_sites,) int32
        LPC plugs of each site, the same for all layouts.
    bounds : PlugBounds
        Fewest and most HPC plugs of each site.
    reference_wait_min : float
        Longest mean wait, minutes.
    """

    def __init__(
        self,
        demand: ChargingDemand,
        n_lpc: NDArray[np.int32],
        bounds: PlugBounds,
        reference_wait_min: float,
    ) -> None:
        super().__init__(
            n_var=len(bounds.lower),
            n_obj=2,
            n_ieq_constr=1,
            xl=bounds.lower,
            xu=bounds.upper,
            vtype=int,
        )
        self.demand = demand
        self.n_lpc = n_lpc
        self.reference_wait_min = reference_wait_min

    def constraint(self, objectives: NDArray[np.float64]) -> NDArray[np.float64]:
        """By how much the mean wait exceeds the reference, minutes, (n, 1); <= 0 is feasible."""
        return objectives[:, :1] - self.reference_wait_min

    def points(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Mean wait in minutes and utilisation of layouts, (n_layouts, 2)."""
        return np.asarray(self.evaluate(n_hpc, return_values_of=["F"]) * [1.0, -1.0])

    def _evaluate(self, x: NDArray[np.integer], out: dict[str, Any], *_: Any, **__: Any) -> None:
        scores = evaluate_layouts(self.demand, np.ascontiguousarray(x, np.int32), self.n_lpc)
        out["F"] = np.column_stack([scores.mean_wait_min, -scores.tcu_share])
        out["G"] = self.constraint(out["F"])
