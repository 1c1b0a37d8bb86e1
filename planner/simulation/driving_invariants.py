"""Driver rules held against the breaks and rests of planned trips, in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InvariantError
from planner.simulation.driving_invariants_kernel import fill_longest_drives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.routing.drivers import Drivers
    from planner.routing.driving_kernel import Limits
    from planner.routing.stop_plans import StopPlans

_TOLERANCE_H = 1e-6


def check_driving(plans: StopPlans, trips: Trips, drivers: Drivers) -> dict[str, float | int]:
    """Check that no break or rest is missing, and that no truck drives on beyond the limits.

    Parameters
    ----------
    trips : Trips
        Those that are planned.
    drivers : Drivers
        Whose rules hold.

    Returns
    -------
    dict
        The longest drives without break and without daily rest, hours, for ``run.json``.

    Raises
    ------
    InvariantError
        If the breaks and rests of a trip are not as many as its plan says, do not lie on its legs
        in order, come too late, or are too short.
    """
    limits = drivers.limits
    _check_counts(plans, trips)
    longest_h = np.zeros((plans.n_trips, 2))
    truck = drivers.trucks(trips)
    fill_longest_drives(
        plans.is_served,
        trips.departure_h,
        trips.initial_soc_share * truck[:, 0],
        trips.abroad_before_km,
        truck,
        limits,
        plans.stop_offset,
        plans.stop_kind,
        plans.stop_hold_h,
        _leg_drive_h(plans, limits),
        plans.unplugged_offset,
        plans.unplugged_leg,
        plans.unplugged_after_drive_h,
        plans.unplugged_length_h,
        plans.unplugged_is_rest,
        _TOLERANCE_H,
        longest_h,
    )
    allowed_h = np.array(drivers.allowed_drive_h)
    is_wrong = ~(longest_h <= allowed_h + _TOLERANCE_H).all(axis=1)
    if is_wrong.any():
        trip = int(np.argmax(is_wrong))
        message = (
            f"{int(is_wrong.sum())} trips break the driver rules, first trip {trips.trip_id[trip]}:"
            f" {longest_h[trip, 0]:.6g} h without a break ({allowed_h[0]:g} h allowed), "
            f"{longest_h[trip, 1]:.6g} h without a daily rest ({allowed_h[1]:g} h allowed)"
        )
        raise InvariantError(message)
    longest_break_h, longest_rest_h = longest_h.max(axis=0, initial=0.0).tolist()
    return {"longest_drive_to_break_h": longest_break_h, "longest_drive_to_rest_h": longest_rest_h}


def _check_counts(plans: StopPlans, trips: Trips) -> None:
    """Check that the breaks and rests of each trip are as many as it says."""
    trip, is_rest = plans.unplugged_trip_idx, plans.unplugged_is_rest
    for name, is_kind, counted in (
        ("breaks", ~is_rest, plans.n_unplugged_breaks),
        ("daily rests", is_rest, plans.n_unplugged_rests),
    ):
        found = np.bincount(trip[is_kind], minlength=plans.n_trips)
        if not np.array_equal(found, counted):
            row = int(np.argmax(found != counted))
            message = (
                f"trip {trips.trip_id[row]} has {found[row]} unplugged {name} on its legs, "
                f"but {counted[row]} in its plan"
            )
            raise InvariantError(message)


def _leg_drive_h(plans: StopPlans, limits: Limits) -> NDArray[np.float64]:
    """Driving time of each leg, hours: without its breaks and rests, and parking at its stop."""
    leg_offset = plans.leg_offset
    drive_h = np.empty(leg_offset[-1])
    is_first = np.zeros(len(drive_h), dtype=np.bool_)
    is_first[leg_offset[:-1]] = True
    drive_h[is_first] = plans.first_leg_h
    drive_h[~is_first] = plans.stop_next_leg_h
    leg = leg_offset[plans.unplugged_trip_idx] + plans.unplugged_leg
    held_h = limits.stop_cost_h + plans.unplugged_length_h
    leads_to_stop = np.ones(len(drive_h), dtype=np.bool_)
    leads_to_stop[leg_offset[1:] - 1] = False
    drive_h[leads_to_stop] -= limits.stop_cost_h
    return drive_h - np.bincount(leg, held_h, minlength=len(drive_h))
