"""A small country with enough coupling that queues move later arrivals."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.stop_plans import StopKind
from planner.simulation.charging_demand import ChargingDemand
from tests.bare_stop_plans import bare_stop_plans

HORIZON_H = 24.0


def small_demand(seed: int, n_sites: int = 6, n_trips: int = 150) -> ChargingDemand:
    rng = np.random.default_rng(seed)
    n_stops = rng.integers(1, 4, n_trips)
    n = int(n_stops.sum())
    # The last site is never visited.
    weight = rng.uniform(0.3, 1.0, n_sites - 1)
    is_rest = rng.random(n) < 0.1
    hold_h = np.where(is_rest, 11.0, 0.75)
    plans = bare_stop_plans(
        n_stops,
        entry_h=rng.uniform(0.0, 0.6 * HORIZON_H, n_trips),
        first_leg_h=rng.uniform(0.0, 2.0, n_trips),
        stop_site_idx=rng.choice(n_sites - 1, n, p=weight / weight.sum()),
        stop_kind=np.where(is_rest, StopKind.LPC_REST, StopKind.HPC_BREAK),
        stop_plug_h=hold_h,
        stop_hold_h=hold_h,
        stop_energy_kwh=rng.uniform(100.0, 400.0, n),
        stop_next_leg_h=rng.uniform(1.0, 3.0, n),
    )
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        horizon_h=HORIZON_H,
        hpc_kw=720.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )


@pytest.fixture(scope="session")
def demand() -> ChargingDemand:
    return small_demand(seed=1)


@pytest.fixture(scope="session")
def make_demand():
    """Other countries of this kind: seed, number of sites and of trips."""
    return small_demand
