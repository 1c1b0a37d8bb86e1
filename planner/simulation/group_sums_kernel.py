"""Sums over the stops of cells, and quantiles of groups of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class StopSums(NamedTuple):
    """Sums over the stops of each cell or group, each (n,).

    Parameters
    ----------
    n_hpc, n_lpc : int64
        Sessions whose trucks join inside the horizon.
    hpc_kwh, lpc_kwh : float64
        Energy charged inside the horizon, kWh.
    hpc_occupied_h : float64
        Time at HPC points inside the horizon, hours.
    wait_min : float64
        Waiting of those HPC sessions, minutes.
    """

    n_hpc: NDArray[np.int64]
    n_lpc: NDArray[np.int64]
    hpc_kwh: NDArray[np.float64]
    lpc_kwh: NDArray[np.float64]
    hpc_occupied_h: NDArray[np.float64]
    wait_min: NDArray[np.float64]


@kernel(nogil=True)
def fill_stop_sums(
    cell: NDArray[np.int64],
    is_hpc: NDArray[np.bool_],
    is_counted: NDArray[np.bool_],
    energy_kwh: NDArray[np.float64],
    occupied_h: NDArray[np.float64],
    wait_h: NDArray[np.float64],
    sums: StopSums,
) -> None:
    """Add up stops in their order.

    Parameters
    ----------
    cell : (n_stops,) int64
        Cell of each stop.
    is_hpc, is_counted : (n_stops,) bool
        Served at an HPC point; joins its queue inside the horizon.
    energy_kwh, occupied_h, wait_h : (n_stops,) float64
        Energy and time at the charging point inside the horizon, and the wait, kWh and hours.
    sums : StopSums
        Zeros, filled in.
    """
    # Taken out once: at every turn each would be counted as held, with a lock.
    n_hpc, n_lpc, hpc_kwh, lpc_kwh, hpc_occupied_h, wait_min = sums
    for stop in range(len(is_hpc)):
        at = cell[stop]
        if is_hpc[stop]:
            hpc_kwh[at] += energy_kwh[stop]
            hpc_occupied_h[at] += occupied_h[stop]
            if is_counted[stop]:
                n_hpc[at] += 1
                wait_min[at] += 60.0 * wait_h[stop]
        else:
            lpc_kwh[at] += energy_kwh[stop]
            if is_counted[stop]:
                n_lpc[at] += 1


@kernel(nogil=True)
def fill_quantiles(
    value: NDArray[np.float64],
    cell: NDArray[np.int64],
    group: NDArray[np.int32],
    n_below: NDArray[np.int64],
    rank: NDArray[np.int64],
    quantile: NDArray[np.float64],
) -> None:
    """Fill in the value of a rank in each group.

    Parameters
    ----------
    value : (n,) float64
        Ascending.
    cell : (n,) int64
        Cell of each value.
    group : (n_cells, n_partitions) int32
        Groups of each cell, one of each partition.
    n_below : (n_groups,) int64
        Values of each group that come before all of these; counted on.
    rank : (n_groups,) int64
        The least value has rank 1.
    quantile : (n_groups,) float64
        Filled in where the rank is reached here.
    """
    for row in range(len(value)):
        for partition in range(group.shape[1]):
            at = group[cell[row], partition]
            n_below[at] += 1
            if n_below[at] == rank[at]:
                quantile[at] = value[row]
