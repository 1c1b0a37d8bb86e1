"""Wait tables: total waiting at each site by its number of points, arrivals held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.optimization.wait_table_kernel import fill_wait_tables, site_peaks, sort_by_site
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class WaitTables:
    """Total waiting of every site for 1, 2, ... charging points up to its peak occupancy.

    The entries of site ``s`` are ``offset[s]:offset[s + 1]``; the first is for one charging point,
    the last for the peak occupancy, where nobody waits. Entries never increase within a site.

    Parameters
    ----------
    offset : (n_sites + 1,) int64
        Where the entries of each site begin.
    total_wait_h : (n_entries,) float64
        Waiting of all counted arrivals at the site together, hours, >= 0.
    n_arrivals : (n_sites,) int64
        Arrivals at each site that are counted.
    """

    offset: NDArray[np.int64]
    total_wait_h: NDArray[np.float64]
    n_arrivals: NDArray[np.int64]

    @property
    def n_sites(self) -> int:
        """Number of sites, with or without arrivals."""
        return len(self.n_arrivals)

    @property
    def peak(self) -> NDArray[np.int64]:
        """Peak occupancy of each site with unlimited points, (n_sites,); 0 without arrivals."""
        return np.diff(self.offset)

    def wait_h(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Look up the total waiting of layouts.

        Parameters
        ----------
        n_hpc : (..., n_sites) integer
            Charging points of each site, >= 1 where there are arrivals; more than the peak counts
            as it.

        Returns
        -------
        (...,) float64
            Total waiting, hours.

        Raises
        ------
        ValueError
            If a site with arrivals has no charging point: its trucks would wait for ever.
        """
        visited = np.flatnonzero(self.peak)
        plugs = np.minimum(np.asarray(n_hpc)[..., visited], self.peak[visited])
        if np.any(plugs < 1):
            message = "a site with arrivals lacks charging points; give each at least one"
            raise ValueError(message)
        entries = self.total_wait_h[self.offset[visited] + plugs - 1]
        return np.asarray(entries.sum(axis=-1))

    def mean_wait_min(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Mean waiting per arrival of layouts, minutes, (...,); see :meth:`wait_h`."""
        return self.wait_h(n_hpc) * 60.0 / max(int(self.n_arrivals.sum()), 1)


class SiteArrivals(NamedTuple):
    """Arrivals by site and then ascending in time; a site's are ``offset[s]:offset[s + 1]``."""

    offset: NDArray[np.int64]
    """(n_sites + 1,) where the arrivals of each site begin."""
    arrival_h: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    """(n_arrivals,) arrival and time on the charging point, hours."""
    from_h: float
    until_h: float
    """Waits count from the first of these times of arrival up to but not including the second."""


def arrivals_by_site(
    site_idx: ArrayLike,
    arrival_h: ArrayLike,
    plug_h: ArrayLike,
    n_sites: int,
    counted_h: tuple[float, float] = (-np.inf, np.inf),
) -> SiteArrivals:
    """Bring arrivals into the order in which they are served.

    Parameters
    ----------
    site_idx, arrival_h, plug_h, n_sites, counted_h
        As for :func:`build_wait_tables`, which says also what is refused.
    """
    site = np.asarray(site_idx, dtype=np.int32)
    arrival = np.asarray(arrival_h, dtype=np.float64)
    plug = np.asarray(plug_h, dtype=np.float64)
    _check_arrivals(site, arrival, plug, n_sites)
    offset = offsets(np.bincount(site, minlength=n_sites).astype(np.int64))
    by_site = SiteArrivals(offset, np.empty(len(site)), np.empty(len(site)), *counted_h)
    is_sorted = not len(site) or sort_by_site(
        site, arrival, plug, offset, by_site.arrival_h, by_site.plug_h
    )
    if is_sorted:
        return by_site
    # Many that come at once, or one long after all others, leave too many in a bucket.
    order = np.lexsort((arrival, site))
    return by_site._replace(arrival_h=arrival[order], plug_h=plug[order])


def build_wait_tables(
    site_idx: ArrayLike,
    arrival_h: ArrayLike,
    plug_h: ArrayLike,
    n_sites: int,
    counted_h: tuple[float, float] = (-np.inf, np.inf),
) -> WaitTables:
    """Tabulate the waiting at every site for every useful number of charging points.

    Parameters
    ----------
    site_idx : (n_arrivals,) integer
        Site of each arrival, in ``range(n_sites)``.
    arrival_h : (n_arrivals,) float
        Arrival times, hours, in any order; equal times are served in the order given.
    plug_h : (n_arrivals,) float
        Time each truck occupies its charging point, hours, > 0.
    counted_h : (float, float)
        Waits count from the first of these times of arrival up to but not including the second,
        hours; the others fill the queues. All count by default.

    Raises
    ------
    ValueError
        If lengths differ, a site is unknown, a time is not finite or a occupied time not positive.

    Notes
    -----
    The separable model of the optimiser: a truck that waits here does not arrive later elsewhere.
    """
    return wait_tables_of(arrivals_by_site(site_idx, arrival_h, plug_h, n_sites, counted_h))


def wait_tables_of(arrivals: SiteArrivals) -> WaitTables:
    """As :func:`build_wait_tables`, of arrivals that stand by site already."""
    site_offset, arrival, plug, from_h, until_h = arrivals
    n_sites = len(site_offset) - 1
    peak = np.zeros(n_sites, dtype=np.int64)
    in_blocks(site_peaks, n_sites, site_offset, arrival, plug, peak)

    offset = offsets(peak)
    entry_site = np.repeat(np.arange(n_sites), peak)
    # A site has an entry for each number of points from 1 to its peak: beyond that nobody waits.
    entry_plugs = np.arange(offset[-1]) - offset[entry_site] + 1
    total_wait_h = np.zeros(len(entry_site))
    in_blocks(fill_wait_tables, len(entry_site), *arrivals, entry_site, entry_plugs, total_wait_h)
    site = np.repeat(np.arange(n_sites), np.diff(site_offset))
    is_counted = (arrival >= from_h) & (arrival < until_h)
    n_counted = np.bincount(site[is_counted], minlength=n_sites).astype(np.int64)
    return WaitTables(offset=offset, total_wait_h=total_wait_h, n_arrivals=n_counted)


def offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of some groups in a row begins, and where the last one ends, (n + 1,)."""
    offset = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offset[1:])
    return offset


def _check_arrivals(
    site: NDArray[np.int32],
    arrival_h: NDArray[np.float64],
    plug_h: NDArray[np.float64],
    n_sites: int,
) -> None:
    if not len(site) == len(arrival_h) == len(plug_h):
        message = (
            "site_idx, arrival_h and plug_h must be equally long, "
            f"found {len(site)}, {len(arrival_h)} and {len(plug_h)}"
        )
        raise ValueError(message)
    if len(site) and not 0 <= site.min() <= site.max() < n_sites:
        message = f"site_idx must lie in 0..{n_sites - 1}, found {site.min()}..{site.max()}"
        raise ValueError(message)
    if not (np.isfinite(arrival_h).all() and np.isfinite(plug_h).all() and np.all(plug_h > 0.0)):
        message = "arrival_h and plug_h must be finite and plug_h positive"
        raise ValueError(message)
