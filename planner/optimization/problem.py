"""The layout problem as pymoo sees it: one batch of layouts in, their objectives out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from pymoo.core.problem import Problem

from planner.optimization.objectives import EvaluatedLayouts
from planner.simulation.queues import LayoutScores, evaluate_layouts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.optimization.allocation import PlugBounds
    from planner.optimization.objectives import ObjectiveSpace
    from planner.simulation.charging_demand import ChargingDemand


class LayoutProblem(Problem):  # type: ignore[misc]
    """Find the best layouts in a space of objectives, in the full simulation.

    Genes are the HPC points of each site, pymoo's objectives the costs of the space. What is worse
    than the reference point of the hypervolume is infeasible, so that the search does not spend
    itself on queues that no one would accept. Layouts of a generation are simulated side by side,
    none twice for its scores.

    Parameters
    ----------
    n_lpc : (n_sites,) int32
        LPC points of each site, the same for all layouts.
    bounds : PlugBounds
        Fewest and most HPC points of each site.
    prices : Prices, optional
        What objectives of cost are computed with.
    """

    def __init__(
        self,
        demand: ChargingDemand,
        n_lpc: NDArray[np.int32],
        bounds: PlugBounds,
        space: ObjectiveSpace,
        prices: Prices | None = None,
    ) -> None:
        super().__init__(
            n_var=len(bounds.lower),
            n_obj=len(space.objectives),
            n_ieq_constr=len(space.objectives),
            xl=bounds.lower,
            xu=bounds.upper,
            vtype=int,
        )
        self.demand = demand
        self.n_lpc = n_lpc
        self.space = space
        self.prices = prices
        self._known: dict[bytes, tuple[LayoutScores, int]] = {}

    def evaluated(self, n_hpc: NDArray[np.integer]) -> EvaluatedLayouts:
        """Layouts with their scores in the full simulation."""
        points = np.ascontiguousarray(n_hpc, np.int32)
        keys = [hashlib.blake2b(row, digest_size=16).digest() for row in points]
        new = {key: row for row, key in enumerate(keys) if key not in self._known}
        if new:
            scores = evaluate_layouts(self.demand, points[list(new.values())], self.n_lpc)
            self._known |= {key: (scores, row) for row, key in enumerate(new)}
        found = LayoutScores.of([self._known[key] for key in keys])
        return EvaluatedLayouts(self.demand, points, self.n_lpc, found, self.prices)

    def points(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Objectives of layouts, (n_layouts, n_objectives)."""
        return self.space.points(self.evaluated(n_hpc))

    def _evaluate(self, x: NDArray[np.integer], out: dict[str, Any], *_: Any, **__: Any) -> None:
        out["F"] = self.space.costs(self.points(x))
        out["G"] = self.space.excess(out["F"])


def evaluated(
    demand: ChargingDemand,
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    prices: Prices | None = None,
) -> EvaluatedLayouts:
    """Layouts, (n_layouts, n_sites), with their scores in the full simulation."""
    return EvaluatedLayouts(demand, n_hpc, n_lpc, evaluate_layouts(demand, n_hpc, n_lpc), prices)
