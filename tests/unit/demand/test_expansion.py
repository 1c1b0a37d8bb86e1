import numpy as np
import pytest

from planner.demand.calibration import german_calibration
from planner.demand.expansion import FleetTraits, departure_hours, expand
from planner.demand.initial_soc import SocHistogram
from planner.demand.od_flows import OdFlows
from planner.runs.random_streams import RandomStreams
from tests.unit.demand.trip_columns import TRIP_DTYPES, assert_same, trip_dtypes

WORKDAYS = ("mon", "tue", "wed", "thu")
TRAITS = FleetTraits(
    loaded_share=0.76,
    vehicle_shares=np.array([0.7, 0.3]),
    full_soc_share=0.5,
    partial_soc=SocHistogram.uniform(0.2),
)
N_DESTINATIONS = 60


@pytest.fixture(scope="module")
def flows():
    """Three hundred flows of 10 to 1,500 trips a week into sixty destinations; a third crosses."""
    rng = np.random.default_rng(8)
    n_flows = 300
    crosses = np.arange(n_flows) % 3
    return OdFlows(
        origin_node_idx=np.arange(100, 100 + n_flows, dtype=np.int32),
        destination_node_idx=(np.arange(n_flows) % N_DESTINATIONS).astype(np.int32),
        trips_per_week=rng.uniform(10, 1500, n_flows),
        inside_km=rng.uniform(100, 900, n_flows),
        abroad_before_median_km=np.where(crosses == 1, 400.0, 0.0),
        abroad_after_median_km=np.where(crosses == 2, 700.0, 0.0),
    )


@pytest.fixture(scope="module")
def fleet(flows):
    return expand(flows, WORKDAYS, TRAITS, german_calibration(), RandomStreams(1))


def test_dtypes_are_those_of_the_contract(fleet):
    assert trip_dtypes(fleet.trips) == TRIP_DTYPES


def test_trip_numbers_ascend_and_days_follow_the_calibration(fleet, flows):
    assert (np.diff(fleet.trips.trip_id) > 0).all()
    found = np.bincount((fleet.trips.departure_h // 24).astype(int))
    calibration = german_calibration()
    expected = [calibration.day_share(day) * flows.trips_per_week.sum() for day in WORKDAYS]
    np.testing.assert_allclose(found, expected, atol=1.0)


def test_same_seed_gives_the_same_trips_and_another_seed_others(fleet, flows):
    again = expand(flows, WORKDAYS, TRAITS, german_calibration(), RandomStreams(1))
    assert_same(again.trips, fleet.trips)
    other = expand(flows, WORKDAYS, TRAITS, german_calibration(), RandomStreams(2))
    assert not np.array_equal(other.trips.departure_h[:100], fleet.trips.departure_h[:100])


def test_a_day_is_the_same_whatever_other_days_are_drawn(fleet, flows):
    wednesday = expand(flows, ("wed",), TRAITS, german_calibration(), RandomStreams(1))
    within = (fleet.trips.departure_h >= 48.0) & (fleet.trips.departure_h < 72.0)
    assert_same(wednesday.trips, fleet.trips.select(within))


def test_levels_are_nested_and_of_the_right_size(fleet):
    five, ten = fleet.trips.electrified(0.05), fleet.trips.electrified(0.10)
    assert np.isin(five.trip_id, ten.trip_id).all()
    assert_same(ten.electrified(0.05), five)
    assert five.n_trips / fleet.trips.n_trips == pytest.approx(0.05, abs=0.003)
    assert ten.n_trips / fleet.trips.n_trips == pytest.approx(0.10, abs=0.004)


def test_loads_vehicle_classes_and_charge_follow_the_traits(fleet):
    trips = fleet.trips
    assert trips.is_loaded.mean() == pytest.approx(0.76, abs=0.005)
    assert (trips.vehicle_class_idx == 1).mean() == pytest.approx(0.3, abs=0.005)
    assert set(trips.vehicle_class_idx.tolist()) == {0, 1}
    assert (trips.initial_soc_share == 1.0).mean() == pytest.approx(0.5, abs=0.005)
    assert trips.initial_soc_share.min() >= 0.2


def test_border_trips_drive_abroad_on_their_side_and_far_enough(fleet, flows):
    trips = fleet.trips
    inbound = flows.abroad_before_median_km[fleet.flow_idx] > 0
    outbound = flows.abroad_after_median_km[fleet.flow_idx] > 0
    assert ((trips.abroad_before_km > 0) == inbound).all()
    assert ((trips.abroad_after_km > 0) == outbound).all()
    total_km = (flows.inside_km[fleet.flow_idx] + trips.abroad_before_km + trips.abroad_after_km)[
        inbound | outbound
    ]
    assert total_km.min() >= 300.0
    long_inside = flows.inside_km[fleet.flow_idx] > 300.0
    calibration = german_calibration()
    assert np.median(trips.abroad_before_km[inbound & long_inside]) == pytest.approx(400, rel=0.06)
    assert trips.abroad_after_km.max() <= calibration.abroad_distance.max_km


def test_departures_follow_the_profile_and_are_even_within_the_hour():
    shares = german_calibration().hour_shares("tue")
    departure_h = departure_hours(shares, 400_000, np.random.default_rng(4))
    found = np.bincount(departure_h.astype(int), minlength=24) / 400_000
    np.testing.assert_allclose(found, shares, atol=0.0015)
    assert found[21:].sum() == 0.0
    quarters = np.bincount(((departure_h % 1.0) * 4).astype(int)) / 400_000
    np.testing.assert_allclose(quarters, 0.25, atol=0.004)


def hourly_arrivals(departure_h, destination_idx):
    """Trucks by destination and hour, (N_DESTINATIONS, 96)."""
    counts = np.zeros((N_DESTINATIONS, 96))
    np.add.at(counts, (destination_idx, departure_h.astype(int)), 1)
    return counts


def variance_to_mean(counts, expected):
    """Index of dispersion around a known mean of each cell, where something is expected."""
    busy = expected > 0.5
    return (((counts - expected) ** 2)[busy] / expected[busy]).mean()


def test_an_expanded_sample_does_not_travel_in_bunches(fleet, flows):
    """Dispersion of hourly arrivals: as in an independent Poisson fleet, unlike copied trips."""
    calibration = german_calibration()
    by_destination = np.bincount(flows.destination_node_idx, flows.trips_per_week)
    profile = np.concatenate(
        [calibration.day_share(day) * calibration.hour_shares(day) for day in WORKDAYS]
    )
    level = 0.2
    expected = level * by_destination[:, None] * profile[None, :]
    sample = fleet.trips.electrified(level)
    expanded = hourly_arrivals(sample.departure_h, sample.destination_node_idx)
    rng = np.random.default_rng(12)
    independent = rng.poisson(expected)
    copied = 10.0 * rng.poisson(expected / 10.0)
    ratio = variance_to_mean(expanded, expected)
    assert ratio == pytest.approx(variance_to_mean(independent, expected), abs=0.12)
    assert ratio == pytest.approx(1.0, abs=0.08)
    assert variance_to_mean(copied, expected) > 8.0
