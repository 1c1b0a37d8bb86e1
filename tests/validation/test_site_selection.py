"""Sets of sites that are found against all sets there are, on small motorways by chance."""

from __future__ import annotations

import numpy as np
import pytest

from planner.selection.chosen import choose_sites, fewest_sites, looked_at_alone
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_no_smaller_set_covers_the_trips(strewn):
    for seed in range(N_CASES):
        question, most_lost = covering_case(strewn, 1000 + seed)
        chosen = fewest_sites(question, most_lost, looked_at_alone(question, lambda: None))
        assert chosen.is_open.sum() == fewest_of_all(question, most_lost), f"seed {1000 + seed}"
