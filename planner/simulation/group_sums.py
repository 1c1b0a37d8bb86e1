"""Groups of stops, of sites or of regions, motorways and classes at once, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from planner.simulation.group_sums_kernel import StopSums, fill_quantiles, fill_stop_sums
from planner.simulation.occupancy import peaks_of_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.inside_horizon import InsideHorizon
    from planner.simulation.queues import QueueResult


@dataclass(frozen=True, slots=True)
class Partitions:
    """Ways to put the same rows together, their groups numbered one behind the other.

    Rows that are together in all ways are a cell: there are few of these, so that what can be
    added up is added up by cell first.

    Parameters
    ----------
    cell : (n_rows,) int64
        Cell of each row.
    group : (n_cells, n_partitions) int32
        Groups that each cell belongs to, one of each partition.
    offset : (n_partitions + 1,) int64
        Where the groups of each partition begin.
    """

    cell: NDArray[np.int64]
    group: NDArray[np.int32]
    offset: NDArray[np.int64]

    @classmethod
    def of(
        cls, cell: NDArray[np.integer[Any]], each: Sequence[tuple[NDArray[np.integer[Any]], int]]
    ) -> Self:
        """Partitions by the group of each cell, (n_cells,) from 0, and the number of groups."""
        offset = np.concatenate([[0], np.cumsum([n_groups for _, n_groups in each])])
        columns = [of_cell + begin for (of_cell, _), begin in zip(each, offset, strict=False)]
        group = np.column_stack(columns).astype(np.int32)
        return cls(np.asarray(cell, np.int64), group, offset.astype(np.int64))

    @classmethod
    def by(cls, place: NDArray[np.integer[Any]], n_places: int) -> Self:
        """The one way to put rows together by where they are, (n_rows,)."""
        return cls.of(place, [(np.arange(n_places), n_places)])

    @property
    def n_groups(self) -> int:
        """Number of groups of all partitions."""
        return int(self.offset[-1])

    def summed(self, of_cells: NDArray[Any]) -> NDArray[Any]:
        """What cells add up to in each group, (n_groups,), of their type."""
        total = np.zeros(self.n_groups, of_cells.dtype)
        for of_partition in self.group.T:
            np.add.at(total, of_partition, of_cells)
        return total


def p95_of_groups(
    partitions: Partitions,
    row: NDArray[np.int64],
    values: NDArray[np.float64],
    n_in_group: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Least value that 95 % of a group's values do not exceed, (n_groups,); NaN without any.

    Parameters
    ----------
    row : (n,) int64
        Rows of the partitions that count.
    values : (n,) float64
        Their values, >= 0.
    n_in_group : (n_groups,) int64
        Rows of each group that count.
    """
    # Most trucks do not wait at all: only the others need be brought into their order.
    chosen = np.flatnonzero(values > 0.0)
    by_value = chosen[np.argsort(values[chosen])]
    above = partitions.cell[row[by_value]]
    n_above = partitions.summed(np.bincount(above, minlength=len(partitions.group)))
    quantile = np.where(n_in_group > 0, 0.0, np.nan)
    # In whole numbers: 0.95 * 20 must not become the 20th value by rounding.
    rank = (19 * n_in_group + 19) // 20
    fill_quantiles(values[by_value], above, partitions.group, n_in_group - n_above, rank, quantile)
    return quantile


def sums_of_groups(result: QueueResult, inside: InsideHorizon, partitions: Partitions) -> StopSums:
    """Sums over groups of stops.

    Parameters
    ----------
    result : QueueResult
        What happened at the stops.
    inside : InsideHorizon
        What of it lies inside the horizon.
    partitions : Partitions
        Groups of these stops.
    """
    n_cells = len(partitions.group)
    of_cells = StopSums(*np.zeros((2, n_cells), np.int64), *np.zeros((4, n_cells)))
    fill_stop_sums(
        partitions.cell,
        result.is_hpc,
        inside.joins,
        inside.energy_kwh,
        inside.hours_h,
        inside.wait_h,
        of_cells,
    )
    return StopSums(*(partitions.summed(values) for values in of_cells))


def p95_waits_min(
    result: QueueResult, inside: InsideHorizon, partitions: Partitions, n_hpc: NDArray[np.int64]
) -> NDArray[np.float64]:
    """95th percentile of the waits of groups' HPC sessions, minutes, (n_groups,); NaN without any.

    Parameters
    ----------
    n_hpc : (n_groups,) int64
        How many they are, of the sums over the same groups.
    """
    row = np.flatnonzero(result.is_hpc & inside.joins)
    return p95_of_groups(partitions, row, 60.0 * inside.wait_h[row], n_hpc)


def peak_power_kw(drawn: DrawnPower, partitions: Partitions) -> NDArray[np.float64]:
    """Highest power of groups of stops, kW, (n_groups,).

    Both that of a site and that of all sites is of the horizon: what trucks of the days before draw
    until it begins counts for neither, so that the peaks of all sites sum to no less than the peak
    of all together.
    """
    cell = partitions.cell[drawn.session]
    return peaks_of_groups(drawn.in_order, cell, partitions.group, partitions.n_groups)


def p95_per_site(
    site_idx: NDArray[np.integer[Any]], values: NDArray[np.float64], n_at_site: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least value, >= 0, that 95 % of a site's do not exceed; NaN for sites without any."""
    each_site = Partitions.by(site_idx, len(n_at_site))
    return p95_of_groups(each_site, np.arange(len(values)), values, n_at_site)
