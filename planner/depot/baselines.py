"""What becomes of tours whose charging nobody plans together with the rest of the site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.microgrid_site import STEP_H, STEP_MIN, MicrogridPlan, request_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.microgrid_site import MicrogridSite


def charge_on_arrival(alone: MicrogridPlan, requests: Sequence[ChargingRequest]) -> MicrogridPlan:
    """Trucks charge at full power as they come; the storage is run for the building alone.

    Parameters
    ----------
    alone : MicrogridPlan
        Plan of the site without trucks, which the storage follows.
    requests : sequence of ChargingRequest
        What trucks need. Those who come first take the charging points first.

    Returns
    -------
    MicrogridPlan
        The flows; what PV does not give to trucks comes from the grid, beyond the limit of the
        connection if need be. Energy that a truck does not get within its window is missing.
    """
    site = alone.site
    trucks = _first_come(site, requests)
    drawn = trucks.sum(axis=0) / site.charger_efficiency
    net = alone.import_kw - alone.export_kw + drawn
    from_curtailed = np.minimum(alone.curtailed_kw, np.maximum(net, 0.0))
    net = net - from_curtailed
    plan = replace(
        alone,
        requests=tuple(requests),
        import_kw=np.maximum(net, 0.0),
        export_kw=np.maximum(-net, 0.0),
        curtailed_kw=alone.curtailed_kw - from_curtailed,
        truck_kw=trucks,
        missing_kwh=np.array([request.energy_kwh for request in requests])
        - trucks.sum(axis=1) * STEP_H,
        is_proved=False,
    )
    return replace(plan, cost=plan.energy_cost + plan.demand_cost + plan.wear_cost)


def _first_come(site: MicrogridSite, requests: Sequence[ChargingRequest]) -> NDArray[np.float64]:
    """Power of each request by step, (n_requests, n_steps) float64, kW at the battery."""
    power = np.zeros((len(requests), site.n_steps))
    free_min = np.full(site.n_steps, STEP_MIN * site.n_chargers)
    order = sorted(range(len(requests)), key=lambda r: (requests[r].start_min, r))
    for r in order:
        request = requests[r]
        limit = site.truck_limit_kw(request.truck)
        there_min = STEP_MIN * request_share(request, site.n_steps)
        open_kwh = request.energy_kwh
        for step in np.flatnonzero(there_min > 0.0):
            minutes = min(there_min[step], free_min[step], 60.0 * open_kwh / limit)
            power[r, step] = limit * minutes / STEP_MIN
            free_min[step] -= minutes
            open_kwh -= limit * minutes / 60.0
    return power
