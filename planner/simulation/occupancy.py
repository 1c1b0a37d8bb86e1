"""How many sessions, or how much power, there is at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.simulation.occupancy_kernel import Changes, fill_peak_load, fill_peaks_in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


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
    from_h, to_h : (n_sessions,) float64
        Sessions last from the first up to but not including the second, hours.
    load : (n_sessions,) float64
        What a session adds while it lasts, >= 0, for example kW.

    Returns
    -------
    (n_sites,) float64
        Peak, in the unit of ``load``; 0 without sessions.
    """
    peak = np.zeros(n_sites)
    fill_peak_load(site_idx, from_h, to_h, np.asarray(load, np.float64), peak)
    return peak


def peak_loads_of_partitions(
    partitions: Sequence[tuple[NDArray[np.integer[Any]], int]],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    load: NDArray[np.float64],
) -> list[NDArray[np.float64]]:
    """Highest sum of loads of each group, of the same sessions put together in several ways.

    What begins and ends is brought into its order once for all of them, which :func:`peak_load`
    does for each.

    Parameters
    ----------
    partitions : sequence of tuple
        Group of each session, (n_sessions,), and the number of groups.
    from_h, to_h, load : (n_sessions,) float64
        As for :func:`peak_load`.

    Returns
    -------
    list of (n_groups,) float64
        Peaks of the groups of each partition; 0 without sessions.
    """
    by_begin, by_end = np.argsort(from_h), np.argsort(to_h)
    begins = Changes(by_begin, from_h[by_begin], np.asarray(load, np.float64)[by_begin])
    ends = Changes(by_end, to_h[by_end], np.asarray(load, np.float64)[by_end])
    peaks = []
    for of_session, n_groups in partitions:
        peak = np.zeros(n_groups)
        fill_peaks_in_order(begins, ends, np.asarray(of_session, np.int64), peak)
        peaks.append(peak)
    return peaks


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


def hours_in_bins(
    since_from_h: NDArray[np.float64], since_to_h: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Length of many intervals that falls into each bin.

    Parameters
    ----------
    since_from_h, since_to_h : (n_bins + 1,) float64
        From :func:`hours_since`: hours since the beginnings and since the ends of the intervals, at
        the edges of the bins.

    Returns
    -------
    (n_bins,) float64
        Sum of the lengths inside each bin, hours.
    """
    return np.diff(since_from_h - since_to_h).clip(min=0.0).astype(np.float64)


def hours_since(start_h: NDArray[np.float64], at_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours since all starts before each time, summed, (n_times,).

    Parameters
    ----------
    start_h : (n_starts,) float64
        In any order, hours.
    at_h : (n_times,) float64
        Ascending, hours.
    """
    ordered = np.sort(start_h)
    n_started = np.searchsorted(ordered, at_h)
    sum_of_starts = np.concatenate([[0.0], np.cumsum(ordered)])
    hours: NDArray[np.float64] = n_started * at_h - sum_of_starts[n_started]
    return hours
