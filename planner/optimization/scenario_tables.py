"""Wait tables of several scenarios side by side: what a site's points are worth in each.

With arrivals held fixed the mean wait of a scenario is a sum over sites, and so is any weighted
mean over scenarios: the marginal allocation on weighted tables is exact for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import allocate, marginal_steps
from planner.optimization.wait_tables import WaitTables, offsets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds

_WORST_STEPS = 15


@dataclass(frozen=True, slots=True)
class ScenarioTables:
    """Wait tables of scenarios, all with the entries of the highest peak of each site.

    Parameters
    ----------
    offset : (n_sites + 1,) int64
        Where the entries of each site begin.
    wait_min : (n_scenarios, n_entries) float64
        What the site adds to the mean wait of the scenario, minutes.
    n_arrivals : (n_sites,) int64
        Arrivals that are counted, of all scenarios.
    """

    offset: NDArray[np.int64]
    wait_min: NDArray[np.float64]
    n_arrivals: NDArray[np.int64]

    @classmethod
    def of(cls, tables: Sequence[WaitTables]) -> ScenarioTables:
        """Lay the tables of scenarios side by side."""
        peaks = np.stack([each.peak for each in tables])
        highest = peaks.max(axis=0)
        site = np.repeat(np.arange(len(highest)), highest)
        offset = offsets(highest)
        points = np.arange(offset[-1]) - offset[site] + 1
        wait_min = np.zeros((len(tables), len(site)))
        for row, each in enumerate(tables):
            known = peaks[row, site] > 0
            entry = each.offset[site] + np.minimum(points, peaks[row, site]) - 1
            per_arrival = 60.0 / max(int(each.n_arrivals.sum()), 1)
            wait_min[row, known] = each.total_wait_h[entry[known]] * per_arrival
        return cls(offset, wait_min, np.sum([each.n_arrivals for each in tables], axis=0))

    def weighted(self, weights: NDArray[np.float64]) -> WaitTables:
        """One table for the weighted mean over scenarios, in minutes."""
        return WaitTables(self.offset, weights @ self.wait_min, self.n_arrivals)

    def mean_waits_min(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Mean wait of a layout in each scenario, minutes, (n_scenarios,)."""
        peak = np.diff(self.offset)
        visited = np.flatnonzero(peak)
        entry = self.offset[visited] + np.minimum(n_hpc[visited], peak[visited]) - 1
        waits: NDArray[np.float64] = self.wait_min[:, entry].sum(axis=1)
        return waits

    def least_mean(
        self, bounds: PlugBounds, weights: NDArray[np.float64], n_total: int
    ) -> NDArray[np.int32]:
        """Layout of a total with the least weighted mean, (n_sites,); exact as `allocate` is."""
        return allocate(marginal_steps(self.weighted(weights), bounds), n_total)

    def least_worst(
        self, bounds: PlugBounds, weights: NDArray[np.float64], n_total: int
    ) -> NDArray[np.int32]:
        """Layout of a total with a low wait in the scenario where that is longest, (n_sites,).

        Notes
        -----
        The worst case is the weighted mean whose weights an opponent chooses. Weights move towards
        the scenarios that wait long (Freund and Schapire 1999), and of the layouts on the way the
        one with the least worst case is taken: found, not proved.
        """
        moved = weights.copy()
        best, best_min = None, np.inf
        for step in range(1, _WORST_STEPS + 1):
            layout = self.least_mean(bounds, moved, n_total)
            waits_min = self.mean_waits_min(layout)
            worst_min = float(waits_min.max())
            if best is None or worst_min < best_min:
                best, best_min = layout, worst_min
            if worst_min <= 0.0:
                break
            moved = moved * np.exp(2.0 * waits_min / worst_min / np.sqrt(step))
            moved /= moved.sum()
        assert best is not None  # noqa: S101  # there is at least one step
        return best
