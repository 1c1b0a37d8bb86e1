"""The highest load at each site, from sessions in any order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


@njit(cache=True)
def _highest(from_h: np.ndarray, to_h: np.ndarray, load: np.ndarray) -> float:
    """Highest sum of loads of one site's sessions."""
    begins, ends = np.argsort(from_h), np.argsort(to_h)
    n_ended = 0
    now = 0.0
    highest = 0.0
    for begun in begins:
        # At equal times what ends comes before what begins.
        while n_ended < len(ends) and to_h[ends[n_ended]] <= from_h[begun]:
            now -= load[ends[n_ended]]
            n_ended += 1
        now += load[begun]
        highest = max(highest, now)
    return highest


@njit(cache=True, nogil=True)
def fill_peak_load(
    site_idx: np.ndarray,
    from_h: np.ndarray,
    to_h: np.ndarray,
    load: np.ndarray,
    peak: np.ndarray,
) -> None:
    """Fill in the highest sum of loads of every site, each on its own.

    Parameters
    ----------
    site_idx : (n_sessions,) int
        Site of each session.
    from_h, to_h : (n_sessions,) float64
        Sessions last from the first up to but not including the second, hours; never negative.
    load : (n_sessions,) float64
        What a session adds while it lasts.
    peak : (n_sites,) float64
        Filled in; 0 without sessions.
    """
    n_sites = len(peak)
    offset = np.zeros(n_sites + 1, np.int64)
    for site in site_idx:
        offset[site + 1] += 1
    for site in range(n_sites):
        offset[site + 1] += offset[site]
    free = offset[:-1].copy()
    sorted_from_h = np.empty(len(site_idx))
    sorted_to_h = np.empty(len(site_idx))
    sorted_load = np.empty(len(site_idx))
    for session in range(len(site_idx)):
        at = free[site_idx[session]]
        free[site_idx[session]] += 1
        sorted_from_h[at] = from_h[session]
        sorted_to_h[at] = to_h[session]
        sorted_load[at] = load[session]
    for site in range(n_sites):
        first, last = offset[site], offset[site + 1]
        peak[site] = _highest(
            sorted_from_h[first:last], sorted_to_h[first:last], sorted_load[first:last]
        )


class Changes(NamedTuple):
    """Begins or ends of sessions in the order of time, each (n_sessions,)."""

    session: np.ndarray
    at_h: np.ndarray
    load: np.ndarray


@njit(cache=True, nogil=True)
def fill_peaks_in_order(
    begins: Changes, ends: Changes, group: np.ndarray, peak: np.ndarray
) -> None:
    """Fill in the highest sum of loads of each group, all groups in one way through time.

    Parameters
    ----------
    group : (n_sessions,) int64
        Group of each session, as numbered before they were put in order.
    peak : (n_groups,) float64
        Zeros, filled in.
    """
    now = np.zeros(len(peak))
    n_ended = 0
    for begun in range(len(begins.session)):
        # At equal times what ends comes before what begins.
        while ends.at_h[n_ended] <= begins.at_h[begun]:
            now[group[ends.session[n_ended]]] -= ends.load[n_ended]
            n_ended += 1
        at = group[begins.session[begun]]
        now[at] += begins.load[begun]
        peak[at] = max(peak[at], now[at])
