"""What trucks expect to wait: learned from simulated queues, by site and quarter hour."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.expected_delays import ExpectedDelays
from planner.routing.site_choice_kernel import WAIT_BIN_H
from planner.simulation.expected_wait_kernel import fill_expected_arrivals, fill_virtual_waits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, QueueResult


@dataclass(frozen=True, slots=True)
class ExpectedWaits:
    """What a truck expects at each site, by quarter hour of arrival since Monday 00:00.

    Parameters
    ----------
    hpc_wait_h : (n_sites, n_bins) float64
        Waiting for an HPC plug, hours; 1000 where the site has none.
    lpc_wait_h : (n_sites, n_bins) float64
        Waiting for an LPC plug, hours; 1000 where the site has none.
    lpc_full_share : (n_sites, n_bins) float64
        Probability that all LPC plugs are taken; 1 where the site has none.
    """

    hpc_wait_h: NDArray[np.float64]
    lpc_wait_h: NDArray[np.float64]
    lpc_full_share: NDArray[np.float64]

    def moved_towards(self, other: ExpectedWaits, step: float) -> ExpectedWaits:
        """Return these expectations moved by a part of the way to others.

        Parameters
        ----------
        other : ExpectedWaits
            What was met last.
        step : float
            Part of the way, within [0, 1].

        Returns
        -------
        ExpectedWaits
        """
        return ExpectedWaits(
            **{
                field.name: (1.0 - step) * getattr(self, field.name)
                + step * getattr(other, field.name)
                for field in fields(self)
            }
        )

    def delays(self, layout: ChargerLayout, rest_h: float) -> ExpectedDelays:
        """Return what these waits mean for a truck that plans its stops.

        Parameters
        ----------
        layout : ChargerLayout
            The plugs: what a truck does that finds no LPC plug free depends on them. Where there
            are HPC plugs it takes its rest and charges there afterwards; elsewhere it waits.
        rest_h : float
            Length of an overnight stop, hours.

        Returns
        -------
        ExpectedDelays
        """
        middle_h = (np.arange(self.hpc_wait_h.shape[1]) + 0.5) * WAIT_BIN_H
        after_rest_h = np.array(
            [np.interp(middle_h + rest_h, middle_h, wait_h) for wait_h in self.hpc_wait_h]
        ).reshape(self.hpc_wait_h.shape)
        has_hpc = (layout.n_hpc > 0)[:, np.newaxis]
        return ExpectedDelays(
            self.hpc_wait_h,
            np.where(has_hpc, self.lpc_full_share * after_rest_h, self.lpc_wait_h),
            np.where(has_hpc, self.lpc_full_share, 0.0),
        )


def waits_met(
    demand: ChargingDemand, layout: ChargerLayout, result: QueueResult, n_bins: int
) -> ExpectedWaits:
    """What one more truck would have met in a simulated run, also where none came.

    Parameters
    ----------
    demand : ChargingDemand
        The stops.
    layout : ChargerLayout
        The plugs.
    result : QueueResult
        What happened at them.
    n_bins : int
        Quarter hours since Monday 00:00.

    Returns
    -------
    ExpectedWaits
        Means over each quarter hour of the wait that a truck coming in at that moment would have
        met, behind all that came before it.
    """
    n_sites = demand.n_sites
    station = demand.stop_site_idx + np.where(result.is_hpc, 0, n_sites)
    order = np.lexsort((result.plug_in_h, result.queue_h, station))
    wait_h = np.empty((2 * n_sites, n_bins))
    full_share = np.empty((2 * n_sites, n_bins))
    fill_virtual_waits(
        np.searchsorted(station[order], np.arange(2 * n_sites + 1)),
        result.queue_h[order],
        result.release_h[order],
        np.concatenate([layout.n_hpc, layout.n_lpc]).astype(np.int32),
        wait_h,
        full_share,
    )
    return ExpectedWaits(wait_h[:n_sites], wait_h[n_sites:], full_share[n_sites:])


def expected_arrival_h(demand: ChargingDemand, delays: ExpectedDelays) -> NDArray[np.float64]:
    """When trucks expect to arrive at their destinations.

    Parameters
    ----------
    demand : ChargingDemand
        The stops.
    delays : ExpectedDelays
        What they expect to lose at the sites.

    Returns
    -------
    (n_charging_trips,) float64
        Hours since Monday 00:00.
    """
    arrival_h = np.empty(demand.n_trips)
    fill_expected_arrivals(
        demand.first_arrival_h,
        demand.trip_stop_offset,
        demand.stop_site_idx,
        demand.stop_is_hpc,
        demand.stop_hold_h,
        demand.stop_fallback_plug_h,
        demand.stop_next_leg_h,
        delays.hpc_wait_h,
        delays.lpc_wait_h,
        delays.lpc_full_share,
        arrival_h,
    )
    return arrival_h


def n_wait_bins(until_h: float) -> int:
    """Quarter hours from Monday 00:00 that cover a time, hours."""
    return int(np.ceil(until_h / WAIT_BIN_H))
