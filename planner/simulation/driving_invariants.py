"""Driver rules held against the breaks and rests of planned trips, in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InvariantError
from planner.simulation.driving_invariants_kernel import N_DRIVES, fill_longest_drives
from planner.simulation.plan_legs import leg_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans

_TOLERANCE_H = 1e-6


def check_driving(plans: StopPlans, trips: Trips, drivers: Drivers) -> dict[str, float | int]:
    """Check that no break or rest is missing, and that no truck drives longer than it may.

    Nor at times at which none may drive.

    Parameters
    ----------
    trips : Trips
        Those that are planned.
    drivers : Drivers
        Whose rules hold.

    Returns
    -------
    dict
        The longest drives without break, without daily rest and, where drivers have weeks, without
        weekly rest, hours, for ``run.json``.

    Raises
    ------
    InvariantError
        If the breaks and rests of a trip are not as many as its plan says, do not lie on its legs
        in order, come too late, or are too short, if its driver's week has more long days, short
        rests or hours than it may have, or if it drives in a ban.
    """
    limits = drivers.limits
    _check_counts(plans, trips)
    longest_h, banned_h = np.zeros((plans.n_trips, N_DRIVES)), np.empty(plans.n_trips)
    leg_start_h, leg_drive_h = leg_times(plans, limits)
    truck = drivers.trucks(trips)
    fill_longest_drives(
        plans.is_served,
        trips.departure_h,
        trips.initial_soc_share * truck[:, 0],
        trips.abroad_before_km,
        plans.entry_h,
        truck,
        limits,
        plans.stop_offset,
        plans.stop_kind,
        plans.stop_plug_h,
        plans.stop_hold_h,
        leg_start_h,
        leg_drive_h,
        plans.unplugged_offset,
        plans.unplugged_leg,
        plans.unplugged_after_drive_h,
        plans.unplugged_length_h,
        plans.unplugged_is_rest,
        _TOLERANCE_H,
        longest_h,
        banned_h,
    )
    _refuse_driving_in_ban(banned_h, trips)
    longest_week_h = float(longest_h[:, 2].max(initial=0.0))
    allowed_h, longest_h = np.array(drivers.allowed_drive_h), longest_h[:, :2]
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
    figures = {
        "longest_drive_to_break_h": longest_break_h,
        "longest_drive_to_rest_h": longest_rest_h,
    }
    if drivers.rules.week is not None:
        figures["longest_drive_to_weekly_rest_h"] = longest_week_h
    return figures


def _refuse_driving_in_ban(banned_h: NDArray[np.float64], trips: Trips) -> None:
    """Refuse plans of which a truck drives in a ban."""
    is_wrong = np.isfinite(banned_h)
    if is_wrong.any():
        trip = int(np.argmax(is_wrong))
        message = (
            f"{int(is_wrong.sum())} trips drive in a driving ban, first trip "
            f"{trips.trip_id[trip]} at {banned_h[trip]:.6g} h"
        )
        raise InvariantError(message)


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
