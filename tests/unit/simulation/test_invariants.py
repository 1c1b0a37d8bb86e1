"""Every conservation law notices when it is broken."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from planner.errors import InvariantError
from planner.routing.stop_plans import TripStatus
from planner.simulation.invariants import check_energy, check_queues
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate


class Run:
    """A plan whose parts can be falsified one by one before it is checked."""

    def __init__(self, cases):
        self.cases = cases
        self.plans = cases.plans_of(
            cases.Trip(1.0, (cases.Stop(0), cases.Stop(1))),
            cases.Trip(1.25, (cases.Stop(0),)),
            cases.Trip(1.5, (cases.Stop(0),)),
            cases.Trip(2.0, (cases.lpc(1),)),
            cases.Trip(3.0),
            cases.Trip(4.0, (), TripStatus.NO_ROUTE),
        )
        self.demand = ChargingDemand.from_stop_plans(
            self.plans,
            n_sites=2,
            horizon_h=24.0,
            hpc_kw=1000.0,
            lpc_kw=100.0,
            plug_overhead_h=5.0 / 60.0,
        )
        self.first_least_soc_share = cases.min_soc_share
        self.layout = ChargerLayout(np.array([1, 1], np.int32), np.array([0, 1], np.int32))
        self.result = simulate(self.demand, self.layout)

    def falsify(self, part, **changes):
        original = getattr(self, part)
        arrays = {}
        for name, (index, value) in changes.items():
            arrays[name] = getattr(original, name).copy()
            arrays[name][index] = value
        setattr(self, part, dataclasses.replace(original, **arrays))

    def check(self):
        n_trips = self.plans.n_trips
        return check_queues(self.plans, self.demand, self.layout, self.result) | check_energy(
            self.plans,
            battery_kwh=np.full(n_trips, self.cases.battery_kwh),
            consumption_kwh_km=np.full(n_trips, self.cases.consumption_kwh_km),
            least_soc_share=(
                np.full(n_trips, self.first_least_soc_share),
                np.full(n_trips, self.cases.min_soc_share),
            ),
        )


@pytest.fixture
def run(cases):
    return Run(cases)


def test_an_honest_run_passes_and_gives_its_figures(run):
    figures = run.check()
    assert figures["n_trips"] == 6
    assert figures["n_served"] == 5
    assert figures["n_unserved"] == 1
    assert figures["n_sessions"] == 5
    assert figures["n_sites_at_full_hpc"] == 2
    assert figures["n_sites_at_full_lpc"] == 1
    assert figures["energy_charged_mwh"] == pytest.approx(1.5)
    assert figures["energy_driven_mwh"] == pytest.approx(1.5 + 5 * 0.5 * 0.6)
    assert figures["energy_gained_mwh"] == pytest.approx(-5 * 0.5 * 0.6)
    assert figures["energy_error_share"] < 1e-12
    assert figures["lowest_soc_margin_share"] == pytest.approx(0.1)


def test_a_run_without_any_trip_passes(cases, run):
    run.plans = cases.plans_of()
    run.demand = ChargingDemand.from_stop_plans(
        run.plans,
        n_sites=2,
        horizon_h=24.0,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )
    run.result = simulate(run.demand, run.layout)
    assert run.check()["n_trips"] == 0


# Stops: 0 and 1 of the first truck, 2 and 3 wait at site 0 from 1.25 and 1.5 h, 4 rests.
@pytest.mark.parametrize(
    ("part", "changes", "fault"),
    [
        ("plans", {"status": (4, 99)}, "6 trips went in, but 4 are served and 1 unserved"),
        ("plans", {"status": (1, TripStatus.NO_ROUTE)}, "have 4 stops, 5 went into"),
        ("result", {"release_h": (2, np.nan)}, "4 came out with a release"),
        ("result", {"release_h": (2, 1.0)}, "release comes before plug-in, first at stop 2"),
        ("result", {"plug_in_h": (2, 1.0)}, "plug-in comes before joining the queue"),
        ("result", {"queue_h": (2, 1.0)}, "joining the queue comes before arrival"),
        ("result", {"arrival_h": (1, 2.5)}, "the truck of stop 0 arrives at its next stop at 2.5"),
        ("result", {"release_h": (0, 2.0)}, "site 0 had 2 trucks at its 1 HPC charging points"),
        ("layout", {"n_lpc": (1, 0)}, "site 1 had 1 trucks at its 0 LPC charging points"),
        (
            "result",
            {"plug_in_h": ([2, 3], [2.5, 1.75]), "release_h": ([2, 3], [3.25, 2.5])},
            "at site 0 stop 3 was served before stop 2",
        ),
        ("plans", {"stop_energy_kwh": (0, 301.0)}, "1 kWh are not accounted for"),
        ("plans", {"distance_km": (0, np.nan)}, "not accounted for"),
        ("plans", {"stop_arrival_soc_share": (3, 0.19)}, "the lowest by 0.01 on trip 2"),
        ("plans", {"final_soc_share": ([0, 1], [0.1, 0.5])}, "the lowest by 0.1 on trip 0"),
    ],
)
def test_a_broken_law_is_noticed(run, part, changes, fault):
    run.falsify(part, **changes)
    with pytest.raises(InvariantError, match=fault):
        run.check()


def test_only_a_first_stop_may_be_reached_below_the_minimum_and_not_below_the_floor(run):
    run.first_least_soc_share = 0.1
    run.falsify("plans", stop_arrival_soc_share=(0, 0.1))
    assert run.check()["lowest_soc_margin_share"] == pytest.approx(0.0)
    run.falsify("plans", stop_arrival_soc_share=([0, 1], [0.2, 0.15]))
    with pytest.raises(InvariantError, match=r"the lowest by 0\.05 on trip 0"):
        run.check()
    run.falsify("plans", stop_arrival_soc_share=([0, 1], [0.09, 0.2]))
    with pytest.raises(InvariantError, match=r"the lowest by 0\.01 on trip 0"):
        run.check()


def test_an_unserved_trip_may_strand_below_the_minimum(run):
    run.falsify("plans", final_soc_share=(5, 0.0), entry_soc_share=(5, 0.1))
    assert run.check()["n_unserved"] == 1
