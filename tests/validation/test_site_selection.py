"""Sets of sites that are found against all sets there are, on small motorways by chance."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from planner.plan.selected_sites import needed
from planner.plan.site_trucks import SiteTrucks
from planner.plan.study_inputs import read_inputs
from planner.plan.system_costs import SystemCosts
from planner.scenario.load import load_scenario
from planner.selection.chosen import choose_sites, fewest_sites, looked_at_alone
from tests.small_study import write_study
from tests.unit.selection.conftest import (
    covering_case,
    fewest_of_all,
    hours_of_sets,
    lost_and_later,
    motorway,
    sites_at,
    strewn,
    trips_along,
    truck,
)

__all__ = ["motorway", "sites_at", "strewn", "trips_along", "truck"]

N_CASES = 200


@pytest.mark.proof
@pytest.mark.parametrize("n_open", [2, 3, 4])
def test_of_all_sets_of_a_size_the_best_is_found(strewn, n_open):
    for seed in range(N_CASES):
        question = strewn(1000 + seed).question()
        best_h = min(hours_of_sets(question, n_open).values())
        chosen = choose_sites(question, n_open, looked_at_alone(question, lambda: None))
        assert chosen.is_open.sum() == n_open
        lost, later_h = lost_and_later(question, np.flatnonzero(chosen.is_open))
        found_h = later_h + question.lost_trip_h * lost
        assert found_h == pytest.approx(chosen.loss.hours(question.lost_trip_h), abs=1e-6)
        assert found_h == pytest.approx(best_h, abs=1e-6), f"seed {1000 + seed}"


@pytest.mark.proof
def test_no_smaller_set_covers_the_trips(strewn):
    for seed in range(N_CASES):
        question, most_lost = covering_case(strewn, 1000 + seed)
        chosen = fewest_sites(question, most_lost, looked_at_alone(question, lambda: None))
        assert chosen.is_open.sum() == fewest_of_all(question, most_lost), f"seed {1000 + seed}"


@pytest.mark.proof
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
@pytest.mark.parametrize(("lost_trip_h", "most_above"), [(24.0, 1e-9), (4.0, 0.02)])
def test_no_set_of_sites_costs_much_less_than_the_one_of_least_cost(
    tmp_path, share, lost_trip_h, most_above
):
    """Of a size the set is taken with which trucks lose least, not the one that costs least."""
    study = write_study(tmp_path) / "study.yaml"
    asked = [f"demand.electrification_share={share}", "demand.days=[mon]"]
    scenario = load_scenario(study, asked)
    trucks = SiteTrucks(scenario, read_inputs(scenario))
    plans = trucks.plan(trucks.counted)
    stays = needed(scenario, trucks.inputs)
    costs = SystemCosts(trucks, lost_trip_h)
    found = costs.cheapest_set(trucks.question(plans, lost_trip_h, stays=stays), lambda: None)
    sets = (np.array(each) for each in product([False, True], repeat=len(stays)) if any(each))
    least_eur = min(costs.eur_day(each) for each in sets)
    assert costs.eur_day(found) <= least_eur * (1.0 + most_above)
