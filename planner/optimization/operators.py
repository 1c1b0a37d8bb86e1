"""Operators of the genetic search that fit layouts.

Good layouts of neighbouring totals differ by few charging points at few sites, and a site's need is
known roughly from its wait table. So children differ from their parents by few charging points, and
mutations pick the sites by a small tournament on the tables' marginal gains; the simulation has the
last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pymoo.core.crossover import Crossover
from pymoo.core.duplicate import DuplicateElimination
from pymoo.core.mutation import Mutation
from pymoo.core.repair import Repair

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pymoo.core.population import Population

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.wait_tables import WaitTables

MAX_STEPS = 8
"""Most charging point steps of one mutation; few steps are the most likely."""
MAX_CANDIDATES = 16
"""Most sites in a mutation's tournament; one site is a blind choice."""
CROSSOVER_PROB = 0.7


class SiteCrossover(Crossover):  # type: ignore[misc]
    """Exchange the charging points of single sites between two layouts.

    Each pair draws its own share of sites to exchange, between none and half.
    """

    def __init__(self) -> None:
        super().__init__(n_parents=2, n_offsprings=2, prob=CROSSOVER_PROB)

    def _do(
        self,
        _problem: Any,
        X: NDArray[np.int64],
        *_: Any,
        random_state: np.random.Generator,
        **__: Any,
    ) -> NDArray[np.int64]:
        _, n_matings, n_sites = X.shape
        swap_share = random_state.uniform(0.0, 0.5, size=(n_matings, 1))
        swapped = random_state.random((n_matings, n_sites)) < swap_share
        return np.where(swapped, X[::-1], X)


class PlugMutation(Mutation):  # type: ignore[misc]
    """Add, remove or move single charging points.

    Parameters
    ----------
    tables : WaitTables
        Waiting by site and charging points: the marginal gains that the tournaments look at.
    bounds : PlugBounds
        Fewest and most charging points of each site, never left.
    """

    def __init__(self, tables: WaitTables, bounds: PlugBounds) -> None:
        super().__init__(prob=1.0)
        self._bounds = bounds
        self._gain_h = _marginal_gains(tables, bounds)

    def _do(
        self,
        _problem: Any,
        X: NDArray[np.int64],
        *_: Any,
        random_state: np.random.Generator,
        **__: Any,
    ) -> NDArray[np.int64]:
        mutated = X.copy()
        n_layouts = len(mutated)
        n_steps = np.minimum(random_state.geometric(0.4, size=n_layouts), MAX_STEPS)
        for step in range(MAX_STEPS):
            active = step < n_steps
            # A third each: add, remove, move (that is, both).
            kind = random_state.integers(3, size=n_layouts)
            self._add(mutated, active & (kind != 1), random_state)
            self._remove(mutated, active & (kind != 0), random_state)
        return mutated

    def _add(
        self,
        layouts: NDArray[np.int64],
        active: NDArray[np.bool_],
        random_state: np.random.Generator,
    ) -> None:
        sites, in_play = self._candidates(len(layouts), random_state)
        rows = np.arange(len(layouts))
        plugs = layouts[rows[:, None], sites]
        gain_h = np.where(
            in_play & (plugs < self._bounds.upper[sites]), self._gain_h[sites, plugs], -np.inf
        )
        best = gain_h.argmax(axis=1)
        possible = active & (gain_h[rows, best] > -np.inf)
        layouts[rows[possible], sites[rows, best][possible]] += 1

    def _remove(
        self,
        layouts: NDArray[np.int64],
        active: NDArray[np.bool_],
        random_state: np.random.Generator,
    ) -> None:
        sites, in_play = self._candidates(len(layouts), random_state)
        rows = np.arange(len(layouts))
        plugs = layouts[rows[:, None], sites]
        loss_h = np.where(
            in_play & (plugs > self._bounds.lower[sites]),
            self._gain_h[sites, np.maximum(plugs - 1, 0)],
            np.inf,
        )
        best = loss_h.argmin(axis=1)
        possible = active & (loss_h[rows, best] < np.inf)
        layouts[rows[possible], sites[rows, best][possible]] -= 1

    def _candidates(
        self, n_layouts: int, random_state: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        n_sites = len(self._bounds.lower)
        sites = random_state.integers(n_sites, size=(n_layouts, MAX_CANDIDATES))
        n_in_play = random_state.integers(1, MAX_CANDIDATES + 1, size=(n_layouts, 1))
        return sites, np.arange(MAX_CANDIDATES) < n_in_play


class EqualLayouts(DuplicateElimination):  # type: ignore[misc]
    """Leave out layouts that are there already; of equal ones the first stays.

    Layouts are whole numbers, so they are looked up. pymoo's own elimination measures the distances
    between all of them.
    """

    def _do(
        self, pop: Population, other: Population | None, is_duplicate: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        met = set() if other is None else set(_keys(other))
        for i, key in enumerate(_keys(pop)):
            is_duplicate[i] = key in met
            if other is None:
                met.add(key)
        return is_duplicate


def _keys(pop: Population) -> list[bytes]:
    """What tells each layout from others."""
    return [row.tobytes() for row in np.asarray(pop.get("X"), np.int64)]


class BoundsRepair(Repair):  # type: ignore[misc]
    """Round to whole charging points and clip to the bounds of each site."""

    def _do(self, problem: Any, X: NDArray[np.float64], **_: Any) -> NDArray[np.int64]:
        return np.clip(np.rint(X), problem.xl, problem.xu).astype(np.int64)


def _marginal_gains(tables: WaitTables, bounds: PlugBounds) -> NDArray[np.float64]:
    """Waiting that one point more saves, hours: (n_sites, highest upper bound + 1), finite."""
    gain_h = np.zeros((tables.n_sites, int(bounds.upper.max(initial=0)) + 1))
    for site in np.flatnonzero(tables.peak):
        waits = tables.total_wait_h[tables.offset[site] : tables.offset[site + 1]]
        n_known = min(len(waits), gain_h.shape[1])
        # Entry c - 1 of the table is for c charging points; without a charging point all would wait
        # for ever.
        gain_h[site, 1:n_known] = -np.diff(waits)[: n_known - 1]
        gain_h[site, 0] = np.finfo(float).max
    return gain_h
