"""All non-dominated layouts that a search has met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.pareto import covering_points, non_dominated, thin_front

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.objectives import ObjectiveSpace


@dataclass(slots=True)
class Archive:
    """Non-dominated layouts of a search, the best in the first objective first.

    Holds at most ``capacity`` layouts, and beyond that what it takes to be nowhere worse than the
    seed of the search. Layouts that are worse than the reference point of the hypervolume in any
    objective are not kept.

    Parameters
    ----------
    capacity : int
        Layouts to hold, >= 2.
    n_seeds : int
        Layouts of the first batch, from its start, that count as the seed.
    seed_points : (n_seeds, n_objectives) float64
        Objectives of the non-dominated seed layouts.
    layouts : (n, n_sites) int32
        HPC points.
    points : (n, n_objectives) float64
        Objectives.
    """

    capacity: int
    space: ObjectiveSpace
    n_seeds: int
    seed_points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    layouts: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def hypervolume(self) -> float:
        """Normalised hypervolume of the archive."""
        return self.space.hypervolume(self.points)

    def add(self, layouts: NDArray[np.integer], points: NDArray[np.float64]) -> None:
        """Add evaluated layouts and keep the non-dominated.

        Parameters
        ----------
        layouts : (n, n_sites) integer
            HPC points.
        points : (n, n_objectives) float64
            Objectives.
        """
        if not len(self.points):
            self.seed_points = self._kept(points[: self.n_seeds])[1]
        else:
            layouts = np.concatenate([self.layouts, layouts])
            points = np.concatenate([self.points, points])
        front, kept_points = self._kept(points)
        chosen = self._thinned(kept_points, self.capacity)
        self.layouts = np.ascontiguousarray(layouts[front[chosen]], np.int32)
        self.points = kept_points[chosen]

    def thinned(self, n_points: int) -> NDArray[np.int64]:
        """Choose few layouts that stand for all and are together nowhere worse than the seed.

        Parameters
        ----------
        n_points : int
            Layouts wanted; more come only if the seed cannot be covered with fewer.

        Returns
        -------
        (n_chosen,) int64
            Ascending indices.
        """
        return self._thinned(self.points, n_points)

    def _kept(self, points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Indices and values of the non-dominated points that are feasible."""
        front = non_dominated(self.space.costs(points))
        front = front[self.space.is_feasible(points[front])]
        return front, points[front]

    def _thinned(self, points: NDArray[np.float64], n_points: int) -> NDArray[np.int64]:
        if len(points) <= n_points:
            return np.arange(len(points))
        costs = self.space.costs
        kept = covering_points(costs(points), costs(self.seed_points))
        return thin_front(self.space.thinning_costs(points), n_points, kept)
