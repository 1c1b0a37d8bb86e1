"""Least lateness of equally long pieces of charging at each site, by its number of points."""

from __future__ import annotations

import numpy as np

from planner.runs.kernel_decorators import kernel


@kernel
def total_lateness_h(release_h: np.ndarray, piece_h: float, end_h: float, n_plugs: int) -> float:
    """Sum of the delays of equally long pieces at one site, served first come, first served.

    Parameters
    ----------
    release_h : (n_pieces,) float64
        Earliest start of each piece, hours, ascending.
    piece_h : float
        Length of every piece, hours.
    end_h : float
        Lateness counts up to this time, hours.
    n_plugs : int
        Charging points, >= 1.

    Returns
    -------
    float
        Sum of start minus earliest start before ``end_h``, hours.

    Notes
    -----
    Pieces being equally long, the k-th to start waits for the end of the one ``n_plugs`` before it
    and for nothing else, and no schedule starts its k-th piece earlier.
    """
    start_h = np.empty(len(release_h))
    total_h = 0.0
    for k in range(len(release_h)):
        start_h[k] = release_h[k]
        if k >= n_plugs:
            start_h[k] = max(release_h[k], start_h[k - n_plugs] + piece_h)
        total_h += min(start_h[k], end_h) - min(release_h[k], end_h)
    return total_h


@kernel(nogil=True)
def add_lateness(
    first_entry: int,
    last_entry: int,
    site_offset: np.ndarray,
    release_h: np.ndarray,
    piece_h: float,
    end_h: float,
    weight: float,
    entry_site: np.ndarray,
    entry_plugs: np.ndarray,
    total_h: np.ndarray,
) -> None:
    """Add the weighted lateness to one entry per site and number of points, each on its own.

    Parameters
    ----------
    first_entry, last_entry : int
        Fills entries from the first up to but not including the last.
    site_offset : (n_sites + 1,) int64
        Where the pieces of each site begin.
    release_h : (n_pieces,) float64
        Earliest starts, hours, by site and then ascending.
    piece_h : float
        Length of every piece, hours.
    end_h : float
        Lateness counts up to this time, hours.
    weight : float
        What the lateness is multiplied with.
    entry_site, entry_plugs : (n_entries,) int64
        Site and number of charging points of each entry.
    total_h : (n_entries,) float64
        Added to, hours.
    """
    for entry in range(first_entry, last_entry):
        first = site_offset[entry_site[entry]]
        last = site_offset[entry_site[entry] + 1]
        total_h[entry] += weight * total_lateness_h(
            release_h[first:last], piece_h, end_h, entry_plugs[entry]
        )
