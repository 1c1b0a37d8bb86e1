import numpy as np
import pytest

from planner.demand.calibration import german_calibration
from planner.demand.gravity import fit_to_distances, gravity_flows
from planner.demand.regions import FreightPlaces

EDGES_KM = np.array([0.0, 100.0, 300.0, 500.0, 900.0])


@pytest.fixture(scope="module")
def country():
    """Forty inland places and six gateways on a 900 km square; Manhattan distances."""
    rng = np.random.default_rng(3)
    n_inland, n_gateways = 40, 6
    x_km, y_km = rng.uniform(0, 900, (2, n_inland + n_gateways))
    distance_km = np.abs(np.subtract.outer(x_km, x_km)) + np.abs(np.subtract.outer(y_km, y_km))
    is_gateway = np.repeat([False, True], [n_inland, n_gateways])
    places = FreightPlaces(
        node_idx=np.arange(n_inland + n_gateways, dtype=np.int32),
        weight=rng.uniform(1, 10, n_inland + n_gateways),
        country=np.array(["DE"] * n_inland + ["NL", "NL", "PL", "AT", "FR", "SE"], dtype=object),
        is_gateway=is_gateway,
        abroad_median_km=np.where(is_gateway, 400.0, 0.0),
    )
    return places, distance_km


def test_trips_by_distance_bin_are_met_exactly(country):
    places, distance_km = country
    target = np.array([0.0, 1000.0, 2000.0, 500.0])
    row, column, trips = fit_to_distances(
        places.weight, places.weight, distance_km, EDGES_KM, target
    )
    found, _ = np.histogram(distance_km[row, column], EDGES_KM, weights=trips)
    np.testing.assert_allclose(found, target, rtol=1e-12)


def test_places_send_and_receive_by_weight_where_one_bin_leaves_freedom(country):
    places, distance_km = country
    row, column, trips = fit_to_distances(
        places.weight, places.weight[::-1], distance_km, np.array([0.0, 5000.0]), np.array([1e4])
    )
    share = places.weight / places.weight.sum()
    np.testing.assert_allclose(np.bincount(row, trips) / 1e4, share, rtol=1e-6)
    np.testing.assert_allclose(np.bincount(column, trips) / 1e4, share[::-1], rtol=1e-6)


def test_share_of_a_bin_without_pairs_goes_to_the_others():
    distance_km = np.array([[0.0, 200.0], [200.0, 0.0]])
    _, _, trips = fit_to_distances(
        np.ones(2), np.ones(2), distance_km, EDGES_KM, np.array([0.0, 30.0, 10.0, 0.0])
    )
    np.testing.assert_allclose(trips, [20.0, 20.0])


def test_no_pair_in_any_bin_gives_no_trips():
    row, column, trips = fit_to_distances(
        np.ones(2), np.ones(2), np.full((2, 2), np.inf), EDGES_KM, np.full(4, 10.0)
    )
    assert len(row) == len(column) == len(trips) == 0


def test_flows_hold_the_weeks_trips_and_no_transit(country):
    places, distance_km = country
    calibration = german_calibration()
    flows = gravity_flows(places, distance_km, calibration)
    assert flows.trips_per_week.sum() == pytest.approx(calibration.trips_per_week)
    assert not ((flows.abroad_before_median_km > 0) & (flows.abroad_after_median_km > 0)).any()
    domestic = (flows.abroad_before_median_km == 0) & (flows.abroad_after_median_km == 0)
    assert flows.inside_km[domestic].min() >= calibration.min_distance_km
    outbound = flows.trips_per_week[flows.abroad_after_median_km > 0].sum()
    border = flows.trips_per_week[~domestic].sum()
    assert outbound / border == pytest.approx(calibration.outbound_share_of_border_trips)


def test_gateways_of_a_country_share_the_countrys_trips(country):
    places, distance_km = country
    calibration = german_calibration()
    flows = gravity_flows(places, distance_km, calibration)
    through = np.bincount(flows.destination_node_idx, flows.trips_per_week)[40:]
    percent = calibration.gateway_country_percent
    # SE is not named and counts as other; shares are relative to the countries that are there.
    expected = np.array([percent[name] for name in ("NL", "PL", "AT", "FR", "other")])
    found = np.array([through[:2].sum(), *through[2:]])
    np.testing.assert_allclose(found / found.sum(), expected / expected.sum(), atol=0.03)
