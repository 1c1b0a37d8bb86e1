"""Figures by site and by hour of every solution of the front, not of the named ones alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.simulation.hourly_profile import HourlyProfile
    from planner.simulation.metrics import SiteFigures
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.site_hours import SiteHours


@dataclass(frozen=True, slots=True)
class FrontDetail:
    """Figures by site and by hour of all solutions.

    Parameters
    ----------
    site : dict of str to (n_solutions, n_sites) float64
        By column of ``SITES``: those that depend on the solution, NaN where not known.
    hour : (n_hours,) int64
        Hours since Monday 00:00.
    hourly : dict of str to (n_solutions, n_hours) float64
        By column of ``HOURLY``, NaN where not known.
    site_hours : dict of str to (n_solutions, 24 n_sites) float64
        By column of ``SITE_HOURS``, the hours of the first site before those of the next; NaN
        where not known.
    """

    site: dict[str, NDArray[np.float64]]
    hour: NDArray[np.int64]
    hourly: dict[str, NDArray[np.float64]]
    site_hours: dict[str, NDArray[np.float64]]


def front_detail(
    layouts: Sequence[ChargerLayout],
    sites: Sequence[SiteFigures],
    profiles: Sequence[HourlyProfile],
    site_hours: Sequence[SiteHours],
) -> FrontDetail:
    """Gather the figures of all solutions.

    Parameters
    ----------
    layouts : sequence of ChargerLayout
        Points of each solution.
    sites, profiles, site_hours : sequence of SiteFigures, of HourlyProfile, of SiteHours
        What happened with them, in the same order.
    """
    n_hpc = np.array([max(1, int(layout.n_hpc.sum())) for layout in layouts])
    occupied = np.stack([profile.n_hpc_occupied for profile in profiles])
    return FrontDetail(
        site={
            "n_sessions_hpc": _stacked([each.n_sessions_hpc for each in sites]),
            "n_sessions_lpc": _stacked([each.n_sessions_lpc for each in sites]),
            "energy_mwh": _stacked(
                [(each.energy_hpc_kwh + each.energy_lpc_kwh) / 1000.0 for each in sites]
            ),
            MEAN_WAIT.name: _stacked([each.mean_wait_min for each in sites]),
            "p95_wait_min": _stacked([each.p95_wait_min for each in sites]),
            "utilisation_share": _stacked([each.utilisation_share for each in sites]),
            "peak_power_kw": _stacked([each.peak_power_kw for each in sites]),
        },
        hour=profiles[0].hour,
        hourly={
            MEAN_WAIT.name: _stacked([profile.mean_wait_min for profile in profiles]),
            "occupied_share": occupied / n_hpc[:, None],
        },
        site_hours={
            "power_kw": _stacked([each.power_kw.ravel() for each in site_hours]),
            MEAN_WAIT.name: _stacked([each.mean_wait_min.ravel() for each in site_hours]),
        },
    )


def _stacked(rows: Sequence[NDArray[np.float64] | NDArray[np.int64]]) -> NDArray[np.float64]:
    return np.stack([row.astype(np.float64) for row in rows])
