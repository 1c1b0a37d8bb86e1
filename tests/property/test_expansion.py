"""Properties of the expansion that hold for all volumes and distances."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planner.demand.calibration import AbroadDistance
from planner.demand.expansion import abroad_distances_km, whole_trips
from planner.demand.initial_soc import SocHistogram

volumes = arrays(np.float64, st.integers(1, 30), elements=st.floats(0.0, 50.0))
draws = st.floats(0.0, 1.0, exclude_max=True)


@given(volumes, draws)
def test_whole_trips_are_the_volume_rounded_and_keep_the_sum(volume, start):
    trips = whole_trips(volume, start)
    assert (np.abs(trips - volume) < 1.0 + 1e-9).all()
    assert abs(trips.sum() - volume.sum()) < 1.0 + 1e-9


@settings(max_examples=50)
@given(arrays(np.float64, st.integers(1, 8), elements=st.floats(0.0, 5.0)))
def test_rounding_is_unbiased(volume):
    """The mean over a fine grid of starts equals the volume to within the grid's step."""
    starts = (np.arange(500) + 0.5) / 500
    mean = np.mean([whole_trips(volume, start) for start in starts], axis=0)
    np.testing.assert_allclose(mean, volume, atol=2.0 / 500)


@given(
    st.floats(5.0, 2000.0),
    st.floats(-900.0, 300.0),
    arrays(np.float64, 20, elements=draws),
    st.floats(0.2, 1.5),
)
def test_distances_abroad_stay_within_their_bounds(median_km, at_least_km, quantile, sigma):
    spread = AbroadDistance(log_standard_deviation=sigma, max_km=2500.0)
    found = abroad_distances_km(
        np.full(20, median_km), np.full(20, at_least_km), spread, np.sort(quantile)
    )
    assert np.isfinite(found).all()
    assert (found > 0.0).all()
    assert (found >= at_least_km).all()
    assert (found <= 2500.0).all()


@given(
    arrays(np.float64, 6, elements=st.floats(0.0, 100.0)).filter(lambda weight: weight.sum() > 1.0),
    arrays(np.float64, 20, elements=draws),
)
def test_histogram_draws_ascend_with_the_quantile_and_stay_in_bins_with_trips(weight, quantile):
    edges = np.linspace(0.1, 1.0, 7)
    histogram = SocHistogram(edges[:-1], edges[1:], weight)
    found = histogram.at_quantile(np.sort(quantile))
    assert (np.diff(found) >= -1e-12).all()
    assert (found >= edges[:-1][weight > 0].min() - 1e-9).all()
    assert (found <= edges[1:][weight > 0].max() + 1e-9).all()
