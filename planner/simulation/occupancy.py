"""How many sessions, or how much power, there is at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from planner.simulation.occupancy_kernel import (
    Changes,
    bring_ties_in_order,
    fill_peaks_in_order,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LoadInOrder(NamedTuple):
    """Begins and ends of loads in the order of time."""

    begins: Changes
    ends: Changes


def load_in_order(
    from_h: NDArray[np.float64], to_h: NDArray[np.float64], load: NDArray[np.float64]
) -> LoadInOrder:
    """Bring what begins and ends into its order, once for all peaks of it.

    Parameters
    ----------
    from_h, to_h : (n_sessions,) float64
        Sessions last from the first up to but not including the second, hours; never negative.
    load : (n_sessions,) float64
        What a session adds while it lasts, >= 0, for example kW.
    """
    return LoadInOrder(_changes(from_h, load), _changes(to_h, load))


def _changes(at_h: NDArray[np.float64], load: NDArray[np.float64]) -> Changes:
    """Changes in the order of time; of those at the same time as they stand."""
    order = np.argsort(at_h)
    ascending_h = at_h[order]
    bring_ties_in_order(ascending_h, order)
    return Changes(order, ascending_h, load[order])


def peaks_of_groups(
    changes: LoadInOrder,
    row: NDArray[np.integer[Any]],
    group: NDArray[np.int32],
    n_groups: int,
) -> NDArray[np.float64]:
    """Highest sum of loads of groups of sessions, for any number of ways to group them.

    Parameters
    ----------
    row : (n_sessions,) int
        Row of ``group`` that tells of each session.
    group : (n_rows, n_partitions) int32
        Groups that each row belongs to, one of each partition; no two partitions share one.

    Returns
    -------
    (n_groups,) float64
        Peak, in the unit of the load; 0 without sessions.
    """
    peak = np.zeros(n_groups)
    fill_peaks_in_order(*changes, np.asarray(row, np.int64), group, peak)
    return peak


def peak_load(
    site_idx: NDArray[np.integer[Any]],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    load: NDArray[np.float64],
    n_sites: int,
) -> NDArray[np.float64]:
    """Highest sum of loads at each site.

    Parameters
    ----------
    site_idx : (n_sessions,) int
        Site of each session.
    from_h, to_h, load : (n_sessions,) float64
        As for :func:`load_in_order`.

    Returns
    -------
    (n_sites,) float64
        Peak, in the unit of ``load``; 0 without sessions.
    """
    changes = load_in_order(from_h, to_h, np.asarray(load, np.float64))
    each = np.asarray(site_idx, np.int32)[:, None]
    return peaks_of_groups(changes, np.arange(len(each)), each, n_sites)


def peak_occupancy(
    site_idx: NDArray[np.integer[Any]],
    plug_in_h: NDArray[np.float64],
    release_h: NDArray[np.float64],
    n_sites: int,
) -> NDArray[np.int32]:
    """Most sessions at the same time at each site.

    Parameters
    ----------
    site_idx : (n_sessions,) int
        Site of each session.
    plug_in_h, release_h : (n_sessions,) float64
        Sessions last from plug-in up to but not including their release, hours.

    Returns
    -------
    (n_sites,) int32
        Peak occupancy.
    """
    ones = np.ones(len(site_idx))
    return peak_load(site_idx, plug_in_h, release_h, ones, n_sites).astype(np.int32)
