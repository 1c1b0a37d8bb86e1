import numpy as np
import pytest
from pydantic import ValidationError

from planner.demand.calibration import DAYS, DemandCalibration, german_calibration


def test_days_and_hours_are_shares_of_a_week_and_of_a_day():
    calibration = german_calibration()
    assert sum(calibration.day_share(day) for day in DAYS) == pytest.approx(1.0)
    for day in DAYS:
        assert calibration.hour_shares(day).sum() == pytest.approx(1.0)
    assert np.array_equal(calibration.hour_shares("mon"), calibration.hour_shares("sat"))
    assert not np.array_equal(calibration.hour_shares("mon"), calibration.hour_shares("sun"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distance_bin_edges_km": (0, 300, 200)}, "ascending order"),
        ({"distance_bin_edges_km": (0, 300)}, "one percentage per distance bin"),
        ({"domestic_trips_percent": (0,) * 13}, "sum to 100; found 41"),
        ({"gateway_country_percent": {"PL": 100}}, "what other countries have"),
    ],
)
def test_figures_that_do_not_fit_together_are_refused(change, message):
    figures = german_calibration().model_dump() | change
    with pytest.raises(ValidationError, match=message):
        DemandCalibration.model_validate(figures)


def test_what_counts_say_differs_from_the_sample_in_places_and_distances_alone():
    sample, counts = german_calibration().model_dump(), german_calibration("counts").model_dump()
    assert {key for key in sample if sample[key] != counts[key]} == {
        "domestic_trips_percent",
        "border_trips_percent",
        "gateway_country_percent",
        "state_percent",
    }
    domestic = [sum(each["domestic_trips_percent"]) for each in (sample, counts)]
    assert domestic == pytest.approx([59.0, 59.0], abs=0.1)
