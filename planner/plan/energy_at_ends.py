"""Energy that trucks get away from public points: at depots and destinations, between trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.plan.computed_plan import ComputedPlan

NIGHT_H = 8.0
"""Hours in which trucks are taken to charge at depots and destinations, every night."""


def energy_at_ends(plan: ComputedPlan) -> dict[str, float | None]:
    """What batteries hold when trips begin, and no longer when they end.

    Parameters
    ----------
    plan : ComputedPlan
        Trips of the horizon.

    Returns
    -------
    dict
        ``start_soc_share`` and ``end_soc_share``, means over served trips of the charge at the
        start and on leaving the roads, None where none is served; ``energy_mwh``, the difference
        of all of them: what must come into batteries between trips, at depots and destinations,
        so that none appears from nowhere; ``night_mw``, its power if all of it comes within
        :data:`NIGHT_H` of each night.

    Notes
    -----
    What is driven abroad before the roads and after them is not in the plan's energy: the start
    is that of the trip, the end that on leaving the roads.
    """
    served = plan.plans.is_served
    battery_kwh = np.array(
        [vehicle.battery_kwh for vehicle in plan.scenario.vehicles.classes.values()]
    )[plan.trips.vehicle_class_idx[served]]
    start = plan.trips.initial_soc_share[served]
    end = plan.plans.final_soc_share[served]
    energy_mwh = float(((start - end) * battery_kwh).sum()) / 1000.0
    n_nights = len(plan.scenario.demand.days)
    return {
        "start_soc_share": float(start.mean()) if start.size else None,
        "end_soc_share": float(end.mean()) if end.size else None,
        "energy_mwh": energy_mwh,
        "night_mw": energy_mwh / (n_nights * NIGHT_H),
    }
