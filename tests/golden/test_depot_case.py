"""The published depot study: tours, energies, and what co-optimising changes.

Curb mass and efficiency of the truck are calibrated to the two published energies; the building is
a stand-in. Tours, recharges and the effect of coordination are what is tested.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.depot.cooptimizer import plan_depot
from planner.depot.depot_inputs import read_depot
from planner.scenario.depot_model import load_depot
from tests.golden.exact_tours import least_energy_of_two_tours
from tests.reference_data import REFERENCE_DATA, reference_path

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow

BASELINE_100 = {
    ("31", "R", "21", "20", "25", "24", "22", "23", "26", "27", "28", "29"),
    ("32", "33", "14", "16", "15", "18", "19", "30"),
}
BASELINE_150 = {
    ("21", "20", "25", "24", "22", "23", "26", "27", "28", "29"),
    ("31", "33", "32", "14", "16", "15", "18", "19", "30"),
}


@pytest.fixture(scope="module", autouse=True)
def case_data():
    reference_path("depot_case")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANNER_REFERENCE_DATA", str(REFERENCE_DATA))
        yield


def planned(month, initial_kwh):
    changes = [f"depot.month={month}", f"depot.initial_energy_kwh={initial_kwh}"]
    scenario = load_depot(ROOT / "scenarios" / "depot-san-bernardino.yaml", changes)
    inputs = read_depot(scenario)
    return plan_depot(
        inputs.problem, inputs.site, scenario.seed, n_iterations=scenario.depot.iterations
    )


@pytest.fixture(scope="module")
def april():
    return planned(4, 100)


@pytest.fixture(scope="module")
def august():
    return planned(8, 100)


def tours(day):
    return {tour.places for tour in day.dispatch.tours}


def test_baseline_with_100_kwh(april, august):
    for days in (april, august):
        assert tours(days.uncoordinated) == BASELINE_100
        assert days.uncoordinated.dispatch.energy_kwh == pytest.approx(259.95, abs=0.005)


@pytest.mark.proof
@pytest.mark.parametrize(("initial_kwh", "published_kwh"), [(100, 259.95), (150, 211.13)])
def test_no_two_tours_take_less_than_the_published_ones(initial_kwh, published_kwh):
    changes = ["depot.month=4", f"depot.initial_energy_kwh={initial_kwh}"]
    problem = read_depot(
        load_depot(ROOT / "scenarios" / "depot-san-bernardino.yaml", changes)
    ).problem
    proved_kwh = least_energy_of_two_tours(problem, float(initial_kwh), published_kwh + 0.5)
    # reached by the plans above: so it is the least energy, and those plans are optimal
    assert proved_kwh == pytest.approx(published_kwh, abs=0.005)


def test_baseline_recharges_what_is_missing(april):
    (request,) = april.uncoordinated.dispatch.requests
    assert request.energy_kwh == pytest.approx(72.8, abs=0.05)


def test_baseline_with_150_kwh():
    days = planned(4, 150)
    assert tours(days.uncoordinated) == BASELINE_150
    assert days.uncoordinated.dispatch.energy_kwh == pytest.approx(211.13, abs=0.005)
    assert days.uncoordinated.n_recharges == 0
    assert days.co_optimised.n_recharges == 2
    assert days.co_optimised.power.grid_peak_kw == pytest.approx(0.0, abs=1e-3)


def test_april_charges_both_trucks_without_the_grid(april):
    day = april.co_optimised
    assert day.n_recharges == 2
    assert day.power.grid_energy_kwh == pytest.approx(0.0, abs=1e-3)
    assert day.power.grid_peak_kw == pytest.approx(0.0, abs=1e-3)
    assert day.cost_total < april.dispatch_first.cost_total < april.uncoordinated.cost_total


def test_august_keeps_the_tours_and_cuts_peak_and_cost(august):
    day, rival = august.co_optimised, august.uncoordinated
    assert tours(day) == BASELINE_100
    assert day.power.grid_peak_kw < 0.5 * rival.power.grid_peak_kw
    assert day.power.grid_energy_kwh < rival.power.grid_energy_kwh
    assert day.cost_demand < rival.cost_demand
    assert day.cost_total < rival.cost_total
    assert day.cost_total <= august.dispatch_first.cost_total
