"""The built-in demand against the facts measured on the German study's public 1 % sample.

Figures: docstring of each test; they are written down in ``config/demand_germany.yaml`` too, but
the tests measure the single trips on the built-in network, after every draw and every spread.
"""

import time

import numpy as np
import pytest

from planner.demand.calibration import DAYS, german_calibration
from planner.demand.load import load_trips
from planner.demand.od_distances import distance_matrix_km
from planner.network.load import load_network
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import BuiltinDemand, NoTransit
from planner.scenario.network_sources import BuiltinNetwork

SECONDS_ALLOWED = 5.0
NO_TRANSIT = NoTransit(source="none")
"""The sample holds trips that begin or end in Germany, none that only pass through."""


@pytest.fixture(scope="module")
def network():
    graph, _ = load_network(BuiltinNetwork(source="builtin"))
    return graph


@pytest.fixture(scope="module")
def full_week(network):
    """All trips of the full fleet of one week, and how long it took to make them."""
    demand = BuiltinDemand(
        source="builtin",
        electrification_share=1.0,
        days=DAYS,
        transit=NO_TRANSIT,
        fitted_to="sample",
    )
    start = time.perf_counter()
    trips, _ = load_trips(demand, network, {"long-haul-600": 1.0}, RandomStreams(1))
    return trips, time.perf_counter() - start


@pytest.fixture(scope="module")
def trips(full_week):
    """Monday to Thursday, as in the study."""
    week, _ = full_week
    return week.select(week.departure_h < 96.0)


@pytest.fixture(scope="module")
def inside_km(trips, network):
    """Distance of each trip on the road network, searched anew between its nodes."""
    origins, row = np.unique(trips.origin_node_idx, return_inverse=True)
    destinations, column = np.unique(trips.destination_node_idx, return_inverse=True)
    return distance_matrix_km(network, origins, destinations)[row, column]


def test_the_full_fleet_of_a_week_is_made_in_seconds(full_week):
    assert full_week[1] < SECONDS_ALLOWED


def test_trips_by_day(full_week):
    """A hundred times 1589/1878/1811/1690/1479/526/277 trips."""
    week, _ = full_week
    found = np.bincount((week.departure_h // 24).astype(int))
    np.testing.assert_allclose(
        found, [158900, 187800, 181100, 169000, 147900, 52600, 27700], atol=2
    )


def test_share_of_loaded_trips(trips):
    """76 % loaded."""
    assert trips.is_loaded.mean() == pytest.approx(0.76, abs=0.005)


def test_departures_by_hour(trips):
    """Hours 0 to 20 in %, none from 21 to 24 h."""
    percent = [1.6, 4.1, 5.1, 5.9, 6.8, 6.7, 6.9, 6.8, 6.3, 6.8, 7.0]
    percent += [6.2, 6.0, 5.3, 4.4, 3.9, 2.8, 2.6, 2.4, 1.9, 0.8, 0.0, 0.0, 0.0]
    hour = (trips.departure_h % 24).astype(int)
    found = 100 * np.bincount(hour, minlength=24) / trips.n_trips
    np.testing.assert_allclose(found, percent, rtol=0.05, atol=0.02)
    assert found[21:].sum() == 0.0


def test_distances_inside_germany(inside_km):
    """229/346/446/574/765 km at the 5/25/50/75/95 % quantiles, mean 467 km."""
    found = np.quantile(inside_km, [0.05, 0.25, 0.50, 0.75, 0.95])
    np.testing.assert_allclose(found, [229, 346, 446, 574, 765], rtol=0.05)
    assert inside_km.mean() == pytest.approx(467, rel=0.05)


def test_domestic_inbound_and_outbound_trips(trips):
    """59 % with both ends in Germany, 20.3 % inbound, 20.7 % outbound, no transit."""
    begins_abroad, ends_abroad = trips.abroad_before_km > 0, trips.abroad_after_km > 0
    assert (~begins_abroad & ~ends_abroad).mean() == pytest.approx(0.59, abs=0.005)
    assert begins_abroad.mean() == pytest.approx(0.203, abs=0.005)
    assert ends_abroad.mean() == pytest.approx(0.207, abs=0.005)
    assert not (begins_abroad & ends_abroad).any()


def test_every_trip_is_long_haul_and_goes_somewhere(trips, inside_km):
    """Over 300 km from end to end, abroad included."""
    total_km = inside_km + trips.abroad_before_km + trips.abroad_after_km
    assert total_km.min() >= 300.0 - 1e-6
    assert (trips.origin_node_idx != trips.destination_node_idx).all()


def test_whole_length_of_border_trips(trips, inside_km):
    """Sample, on the shortest way over a crossing: 519/767/1146 km at 25/50/75 %, within 15 %."""
    abroad_km = trips.abroad_before_km + trips.abroad_after_km
    whole_km = (inside_km + abroad_km)[abroad_km > 0]
    found = np.quantile(whole_km, [0.25, 0.50, 0.75])
    np.testing.assert_allclose(found, [519, 767, 1146], rtol=0.15)


def test_an_electric_sample_looks_like_the_full_fleet(trips, inside_km):
    """The 10 % level: a tenth of the trips, with the same distances."""
    electric = trips.electrification_rank < 0.10
    assert electric.sum() == pytest.approx(69_680, rel=0.015)
    found = np.quantile(inside_km[electric], [0.05, 0.25, 0.50, 0.75, 0.95])
    np.testing.assert_allclose(found, [229, 346, 446, 574, 765], rtol=0.05)


def test_trips_spread_over_many_places(trips):
    """More than 500 places inland; none, the port of Hamburg included, sends 2 % of the trips."""
    inland = trips.abroad_before_km == 0.0
    share = np.bincount(trips.origin_node_idx[inland]) / inland.sum()
    assert (share > 0).sum() > 500
    assert share.max() < 0.02


def test_minimum_distance_above_the_studys_thins_the_trips(network, trips, inside_km):
    """Trips of at least 360 km are those of the same fleet that are long enough."""
    demand = BuiltinDemand(
        source="builtin",
        electrification_share=1.0,
        min_distance_km=360,
        transit=NO_TRANSIT,
        fitted_to="sample",
    )
    found, _ = load_trips(demand, network, {"long-haul-600": 1.0}, RandomStreams(1))
    total_km = inside_km + trips.abroad_before_km + trips.abroad_after_km
    np.testing.assert_array_equal(found.trip_id, trips.trip_id[total_km >= 360.0])


def test_calibrated_constants_agree_with_each_other():
    """The percentages by bin sum to 59 and 41 % and to the sample's quantiles."""
    calibration = german_calibration()
    domestic = np.asarray(calibration.domestic_trips_percent)
    border = np.asarray(calibration.border_trips_percent)
    assert domestic.sum() == pytest.approx(59.0)
    upper_edges_km = calibration.distance_bin_edges_km[1:]
    below = dict(zip(upper_edges_km, np.cumsum(domestic + border), strict=True))
    found = [below[km] for km in (229, 346, 446, 574, 765)]
    np.testing.assert_allclose(found, [5, 25, 50, 75, 95])


def test_volumes_that_meet_counts_keep_the_facts_of_the_sample_but_distances(network, trips):
    """Days, hours, loads and the trips with both ends in Germany within 5 %; distances differ."""
    demand = BuiltinDemand(
        source="builtin", electrification_share=1.0, transit=NO_TRANSIT, fitted_to="counts"
    )
    counted, report = load_trips(demand, network, {"long-haul-600": 1.0}, RandomStreams(1))
    of_sample, of_counts = (
        np.histogram(each.departure_h, np.arange(0.0, 97.0))[0] for each in (trips, counted)
    )
    busy = of_sample > 0.02 * of_sample.sum() / 4
    np.testing.assert_allclose(of_counts[busy], of_sample[busy], rtol=0.05)
    assert counted.n_trips == pytest.approx(trips.n_trips, rel=1e-4)
    assert report.loaded_share == pytest.approx(0.76, rel=0.05)
    assert report.domestic_share == pytest.approx(0.59, rel=0.05)
    # Counts ask for shorter ways than the sample's 467 km.
    assert 420 < report.mean_inside_km < 450
