"""How many trucks wait longer than a limit at each site, by its number of points."""

from __future__ import annotations

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel
from planner.simulation.point_ring_kernel import take_earliest


@inner_kernel
def n_waiting_longer(
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    n_plugs: int,
    limit_h: float,
) -> int:
    """Trucks that wait longer than a limit at one site served first come, first served.

    Parameters
    ----------
    arrival_h : (n,) float64
        Arrival times, hours, ascending.
    plug_h : (n,) float64
        Time each truck occupies its charging point, hours.
    from_h, until_h : float
        Waits of arrivals from the first up to but not including the second count, hours.
    n_plugs : int
        Charging points, >= 1.
    limit_h : float
        The limit, hours.

    Returns
    -------
    int
        Number of trucks; never more with more charging points.
    """
    free_h = np.full(n_plugs, -np.inf)
    front = 0
    n_longer = 0
    for i in range(len(arrival_h)):
        start_h = max(arrival_h[i], free_h[front])
        if from_h <= arrival_h[i] < until_h:
            n_longer += start_h - arrival_h[i] > limit_h
        front = take_earliest(free_h, 0, n_plugs, front, start_h + plug_h[i])
    return n_longer


@kernel(nogil=True)
def fill_long_waits(
    first_entry: int,
    last_entry: int,
    site_offset: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    entry_site: np.ndarray,
    entry_plugs: np.ndarray,
    limit_h: float,
    n_longer: np.ndarray,
) -> None:
    """Fill one entry per site and number of charging points, each on its own.

    Parameters
    ----------
    first_entry, last_entry : int
        Fills entries from the first up to but not including the last.
    site_offset : (n_sites + 1,) int64
        Where the arrivals of each site begin.
    arrival_h, plug_h : (n_arrivals,) float64
        Arrivals and occupied times, hours, by site and then ascending in time.
    from_h, until_h : float
        As for :func:`n_waiting_longer`.
    entry_site, entry_plugs : (n_entries,) int64
        Site and number of charging points of each entry.
    limit_h : float
        The limit, hours.
    n_longer : (n_entries,) float64
        Filled with numbers of trucks.
    """
    for entry in range(first_entry, last_entry):
        first = site_offset[entry_site[entry]]
        last = site_offset[entry_site[entry] + 1]
        n_longer[entry] = n_waiting_longer(
            arrival_h[first:last], plug_h[first:last], from_h, until_h, entry_plugs[entry], limit_h
        )
