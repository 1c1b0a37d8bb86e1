"""The gravity model of European freight against what it was fitted to, and what it was not."""

import pandas as pd
import pytest

from planner.demand.calibration import DAYS, german_calibration
from planner.demand.country_flows import BORDER, TRANSIT, country_flows
from planner.demand.european_freight import european_freight
from planner.network.european_roads import european_roads
from planner.scenario.bundled import bundled_path


@pytest.fixture(scope="module")
def trucks_per_week():
    known = european_freight()
    # The built-in demand knows trips of 300 km and more.
    freight = known.model_copy(update={"shortest_km": 300.0, "least_trucks_per_year": 0.0})
    flows = country_flows(european_roads(), ["DE"], freight)
    weeks = german_calibration().weeks_per_year
    return {kind: trucks / weeks for kind, trucks in flows.trucks_per_year.items()}


def test_germany_has_the_trips_that_the_model_was_fitted_to(trucks_per_week):
    of_germany = sum(trucks_per_week.values()) - trucks_per_week[TRANSIT]
    assert of_germany == pytest.approx(german_calibration().trips_per_week, rel=0.05)
    border_share = sum(german_calibration().border_trips_percent) / 100.0
    assert trucks_per_week[BORDER] / of_germany == pytest.approx(border_share, abs=0.04)


def test_transit_through_germany_is_near_the_built_in_one_without_having_been_fitted(
    trucks_per_week,
):
    pairs = pd.read_csv(bundled_path("network/germany/transit.csv"))
    of_working_days = sum(german_calibration().day_share(day) for day in DAYS[:5])
    builtin = pairs["trucks_per_working_day"].sum() * 5.0 / of_working_days
    assert 0.7 < trucks_per_week[TRANSIT] / builtin < 1.3
