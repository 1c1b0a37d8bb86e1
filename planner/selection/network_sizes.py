"""What a network of fewer sites needs: points for a wait, energy, cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.costs.layout_costs import load_of_layouts
from planner.optimization.least_points import WaitTarget, fewest_found
from planner.optimization.seeding import separable_model
from planner.optimization.site_limits import layout_without_hpc_queues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.optimization.site_limits import PlugLimits
    from planner.simulation.charging_demand import ChargingDemand


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """The fewest points of a network's sites with which trucks wait no longer than asked.

    Parameters
    ----------
    n_hpc, n_lpc : (n_sites,) int32
        Points; none at closed sites.
    mean_wait_min : float
        Mean wait of an HPC session with these, minutes.
    energy_mwh_day : float
        Energy charged on the mean day, MWh.
    operator_cost_eur_kwh, system_cost_eur_day : float
        As the objectives of these names.
    """

    n_hpc: NDArray[np.int32]
    n_lpc: NDArray[np.int32]
    mean_wait_min: float
    energy_mwh_day: float
    operator_cost_eur_kwh: float
    system_cost_eur_day: float


def network_size(
    demand: ChargingDemand, limits: PlugLimits, mean_wait_min: float, prices: Prices
) -> NetworkSize:
    """Size the sites where the trucks of a demand charge.

    Parameters
    ----------
    demand : ChargingDemand
        Trucks that know which sites are open.
    limits : PlugLimits
        Fewest and most points of each site.
    mean_wait_min : float
        Longest mean wait, minutes.

    Returns
    -------
    NetworkSize
        With the most points that the limits allow where these do not keep the wait so short.
    """
    unlimited = layout_without_hpc_queues(demand, limits)
    bounds = separable_model(demand, unlimited, limits.existing_hpc, limits.max_hpc).bounds
    target, most = WaitTarget(mean_wait_min), bounds.upper
    found = fewest_found(demand, most[None], unlimited.n_lpc, bounds, target)
    n_hpc = most if found is None else found
    load = load_of_layouts(demand, n_hpc[None].astype(np.int32), unlimited.n_lpc)
    costs = prices.of_layouts(load)
    return NetworkSize(
        n_hpc.astype(np.int32),
        unlimited.n_lpc,
        load[0].mean_wait_min,
        float(costs.energy_kwh_day[0]) / 1000.0,
        float(costs.operator_cost_eur_kwh[0]),
        float(costs.system_cost_eur_day[0]),
    )
