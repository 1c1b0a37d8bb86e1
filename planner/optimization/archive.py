"""All non-dominated layouts that a search has met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.pareto import (
    covering_points,
    hypervolume,
    non_dominated,
    thin_front,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(slots=True)
class Archive:
    """Non-dominated layouts of a search, by ascending wait and utilisation.

    Holds at most ``capacity`` layouts, and beyond that what it takes to be nowhere worse than the
    seed of the search. Layouts that
    wait longer than the reference point of the hypervolume are not kept.

    Parameters
    ----------
    capacity : int
        Layouts to hold, >= 2.
    reference_wait_min : float
        Mean wait of the reference point, minutes.
    n_seeds : int
        Layouts of the first batch, from its start, that count as the seed.
    seed_points : (n_seeds, 2) float64
        Mean wait in minutes and utilisation of the non-dominated seed layouts.
    layouts : (n, n_sites) int32
        HPC plugs.
    points : (n, 2) float64
        Mean wait in minutes and utilisation, both strictly ascending.
    """

    capacity: int
    reference_wait_min: float
    n_seeds: int
    seed_points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    layouts: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def hypervolume(self) -> float:
        """Normalised hypervolume of the archive."""
        return hypervolume(self.points[:, 0], self.points[:, 1], self.reference_wait_min)

    def add(self, layouts: NDArray[np.integer], points: NDArray[np.float64]) -> None:
        """Add evaluated layouts and keep the non-dominated.

        Parameters
        ----------
        layouts : (n, n_sites) integer
            HPC plugs.
        points : (n, 2) float64
            Mean wait in minutes and utilisation.
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
        """Indices and values of the non-dominated points that do not wait too long."""
        front = non_dominated(points[:, 0], points[:, 1])
        front = front[points[front, 0] <= self.reference_wait_min]
        return front, points[front]

    def _thinned(self, points: NDArray[np.float64], n_points: int) -> NDArray[np.int64]:
        if len(points) <= n_points:
            return np.arange(len(points))
        return thin_front(points, n_points, covering_points(points, self.seed_points))
