"""Close the sites with too few sessions, one by one, until all that are left have enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_plans import StopPlans


def close_idle_sites(
    plans: StopPlans,
    ways: SiteWays,
    plan: Callable[[NDArray[np.int64]], StopPlans],
    fewest: float,
    stays: NDArray[np.bool_],
    told: Callable[[int], None] = lambda _: None,
) -> StopPlans:
    """Close the site with the fewest sessions, plan its trucks anew, until none has too few.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips with all sites open.
    ways : SiteWays
        Where sites are closed; holds the outcome.
    plan : callable
        Plans some trips, by their indices, with the sites that are open then.
    fewest : float
        Sessions that a site needs over the simulated days.
    stays : (n_sites,) bool
        Sites that do not close.
    told : callable
        Told how many sites are closed.

    Returns
    -------
    StopPlans
        Plans of all trips with the sites that are left, which are stable: planning all trips anew
        leaves no site with too few sessions.
    """
    closed = ways.is_closed
    closed[:] = False
    everyone = np.arange(plans.n_trips)
    while True:
        n_sessions = np.bincount(plans.stop_site_idx, minlength=len(closed)).astype(np.float64)
        may_close = ~closed & ~stays & (n_sessions < fewest)
        if may_close.sum() == (~closed).sum():
            # The last site is no use closed: without any no truck would charge.
            may_close[np.argmax(np.where(closed, -1.0, n_sessions))] = False
        if not may_close.any():
            if not closed.any():
                return plans
            again = plan(everyone)
            if np.array_equal(again.stop_site_idx, plans.stop_site_idx):
                return again
            plans = again
            n_now = np.bincount(plans.stop_site_idx, minlength=len(closed))
            if not (~closed & ~stays & (n_now < fewest)).any():
                return plans
            continue
        site = int(np.argmin(np.where(may_close, n_sessions, np.inf)))
        closed[site] = True
        trip_of_stop = plans.stop_trip_idx[plans.stop_site_idx == site]
        trips = np.unique(trip_of_stop).astype(np.int64)
        if len(trips):
            plans = plans.with_plans_of(trips, plan(trips))
        told(int(closed.sum()))
