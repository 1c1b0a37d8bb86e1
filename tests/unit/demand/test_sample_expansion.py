from dataclasses import fields

import numpy as np
import pytest

from planner.demand.expansion import FleetTraits, whole_trips
from planner.demand.initial_soc import SocHistogram
from planner.demand.sample_expansion import (
    COPIES_PER_RECORD,
    PlacedRecords,
    SampleSettings,
    departure_profiles,
    electric_trips,
)
from planner.demand.surroundings import Surroundings, TripEnds
from planner.demand.trip_records import TripRecords
from planner.runs.counter_draws import uniform_draws
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import Border, TripFileDemand
from tests.unit.demand.trip_columns import TRIP_DTYPES, assert_same, trip_dtypes

WORKDAYS = ("mon", "tue", "wed", "thu")
WEEK = (*WORKDAYS, "fri", "sat", "sun")
TRAITS = FleetTraits(0.76, np.array([0.7, 0.3]), 0.5, SocHistogram.uniform(0.2))
N_RECORDS = 400


@pytest.fixture(scope="module")
def records():
    """Trips all over the grid and from abroad, a third each; Saturdays leave at 20 h only."""
    rng = np.random.default_rng(2)
    lon = rng.uniform(8.0, 12.0, (2, N_RECORDS))
    lat = rng.uniform(48.0, 51.0, (2, N_RECORDS))
    third = np.arange(N_RECORDS) % 3
    lon[0, third == 1] = 2.0
    lon[1, third == 2] = 18.0
    day = rng.choice(7, N_RECORDS, p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.05, 0.05])
    hour = rng.choice([6, 7, 14], N_RECORDS, p=[0.5, 0.3, 0.2])
    nowhere = np.full(N_RECORDS, -1, dtype=np.int32)
    return TripRecords(
        record_idx=np.arange(N_RECORDS),
        origin_lon=lon[0],
        origin_lat=lat[0],
        destination_lon=lon[1],
        destination_lat=lat[1],
        origin_node_idx=nowhere,
        destination_node_idx=nowhere,
        departure_h=day * 24.0 + np.where(day == 5, 20, hour) + 0.5,
        is_loaded=np.where(np.arange(N_RECORDS) % 4 == 0, 0, 1).astype(np.int8),
        initial_soc_share=np.where(np.arange(N_RECORDS) < 50, 0.33, np.nan),
        vehicle_class_idx=np.full(N_RECORDS, -1, dtype=np.int16),
    )


@pytest.fixture(scope="module")
def expand(records, grid_country):
    surroundings = Surroundings(grid_country, Border())
    origins = TripEnds(records.origin_lon, records.origin_lat, records.origin_node_idx)
    destinations = TripEnds(
        records.destination_lon, records.destination_lat, records.destination_node_idx
    )
    abroad = (surroundings.is_abroad(origins), surroundings.is_abroad(destinations))
    passages = surroundings.passages(origins, destinations, *abroad)
    drives = passages.origin_node_idx != passages.destination_node_idx
    placed = PlacedRecords(
        records.select(drives),
        type(passages)(*(getattr(passages, f.name)[drives] for f in fields(passages))),
        abroad[0][drives],
        abroad[1][drives],
        2500.0,
    )

    def run(sample_share=0.01, level=0.1, spread_km=15.0, days=WEEK, seed=1):
        settings = SampleSettings(sample_share, level, spread_km, days)
        trips = electric_trips(placed, surroundings, settings, TRAITS, RandomStreams(seed))
        return trips, placed

    return run


def test_dtypes_are_those_of_the_contract(expand):
    trips, _ = expand()
    assert trip_dtypes(trips) == TRIP_DTYPES
    assert (np.diff(trips.trip_id) > 0).all()
    assert (trips.origin_node_idx != trips.destination_node_idx).all()


def test_a_level_has_its_share_of_the_full_fleet(expand):
    full, placed = expand(level=1.0)
    assert full.n_trips == 100 * placed.records.n_records
    for level in (0.01, 0.1, 0.2):
        found = expand(level=level)[0].n_trips / full.n_trips
        assert found == pytest.approx(level, abs=4 * np.sqrt(level / full.n_trips))


def test_levels_and_days_are_nested_trip_by_trip(expand):
    high, _ = expand(level=0.15)
    assert_same(high.electrified(0.05), expand(level=0.05)[0])
    wednesday = (high.departure_h >= 48.0) & (high.departure_h < 72.0)
    assert_same(high.select(wednesday), expand(level=0.15, days=("wed",))[0])


def test_the_seed_decides(expand):
    assert_same(expand(seed=3)[0], expand(seed=3)[0])
    other = expand(seed=4)[0]
    assert not np.array_equal(expand(seed=3)[0].trip_id, other.trip_id)


def test_a_share_that_is_no_whole_fraction_gives_the_right_sum(expand):
    full, placed = expand(sample_share=0.4, level=1.0)
    assert abs(full.n_trips - placed.records.n_records / 0.4) < 1.0
    assert set(np.unique(full.trip_id % COPIES_PER_RECORD)) == {0, 1, 2}


def test_a_whole_file_is_taken_as_it_is(expand):
    trips, placed = expand(sample_share=1.0, level=1.0)
    records = placed.records
    np.testing.assert_array_equal(trips.departure_h, records.departure_h)
    np.testing.assert_array_equal(trips.origin_node_idx, placed.passages.origin_node_idx)
    np.testing.assert_array_equal(trips.trip_id // COPIES_PER_RECORD, records.record_idx)


def test_departures_follow_the_profile_of_their_kind_of_day(expand):
    trips, placed = expand(level=1.0)
    sampled_h = placed.records.departure_h
    for days in ((0, 1, 2, 3), (4,), (5,), (6,)):
        sampled = np.isin(sampled_h // 24, days)
        drawn = np.isin(trips.departure_h // 24, days)
        expected = np.bincount((sampled_h[sampled] % 24).astype(int), minlength=24) / sampled.sum()
        found = np.bincount((trips.departure_h[drawn] % 24).astype(int), minlength=24) / drawn.sum()
        np.testing.assert_allclose(found, expected, atol=0.02)
    by_day = np.bincount((trips.departure_h // 24).astype(int)) / trips.n_trips
    np.testing.assert_allclose(by_day, np.bincount((sampled_h // 24).astype(int)) / len(sampled_h),
                               atol=0.01)  # fmt: skip
    within = np.bincount((trips.departure_h % 1 * 4).astype(int)) / trips.n_trips
    np.testing.assert_allclose(within, 0.25, atol=0.01)


def test_copies_of_a_trip_set_out_and_end_at_different_places(expand):
    trips, placed = expand(level=1.0)
    record = trips.trip_id // COPIES_PER_RECORD
    first = trips.select(record == placed.records.record_idx[0])
    assert first.n_trips == 100
    assert len(set(first.departure_h.tolist())) == 100
    assert len(set(first.origin_node_idx.tolist())) > 1
    still, _ = expand(level=1.0, spread_km=0.0)
    unmoved = np.repeat(placed.passages.origin_node_idx, 100)
    np.testing.assert_array_equal(still.origin_node_idx, unmoved)


def test_ends_abroad_stay_abroad_and_vary(expand):
    trips, placed = expand(level=1.0)
    np.testing.assert_array_equal(trips.abroad_before_km > 0.0, np.repeat(placed.from_abroad, 100))
    row = int(np.flatnonzero(placed.from_abroad)[0])
    km = trips.abroad_before_km[100 * row : 100 * row + 100]
    assert np.ptp(km) > 20.0
    assert np.median(km) == pytest.approx(placed.passages.abroad_before_km[row], abs=15.0)


def test_what_the_file_says_stays_and_the_rest_is_drawn(expand):
    trips, placed = expand(level=1.0)
    np.testing.assert_array_equal(trips.is_loaded, np.repeat(placed.records.is_loaded == 1, 100))
    told = np.repeat(~np.isnan(placed.records.initial_soc_share), 100)
    assert (trips.initial_soc_share[told] == 0.33).all()
    assert (trips.initial_soc_share[~told] == 1.0).mean() == pytest.approx(0.5, abs=0.02)
    assert trips.initial_soc_share[~told].min() >= 0.2
    assert (trips.vehicle_class_idx == 1).mean() == pytest.approx(0.3, abs=0.02)


def test_profiles_end_at_one_and_days_of_a_kind_share_their_hours():
    profiles = departure_profiles(np.array([6.5, 30.5, 31.5, 31.2, 150.5]))
    assert profiles.shape == (4, 169)
    np.testing.assert_allclose(profiles[[0, 3], -1], 1.0)
    assert (profiles[[1, 2]] == 0.0).all()
    share = np.diff(profiles[0])
    np.testing.assert_allclose(share[[6, 7, 30, 31]], [0.125, 0.125, 0.375, 0.375])
    assert share[150] == 0.0


def test_draws_belong_to_what_they_are_for():
    record, copy = np.divmod(np.arange(200_000), 100)
    drawn = uniform_draws(np.uint64(7), record, copy)
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    np.testing.assert_allclose(np.bincount((drawn * 20).astype(int)) / 10_000, 1.0, atol=0.05)
    by_record = drawn.reshape(-1, 100)
    for first, second in (
        (by_record[:, 0], by_record[:, 1]),
        (by_record[:-1, 0], by_record[1:, 0]),
    ):
        assert abs(np.corrcoef(first, second)[0, 1]) < 0.08
    part = uniform_draws(np.uint64(7), record[500:600], copy[500:600])
    np.testing.assert_array_equal(part, drawn[500:600])
    assert not np.array_equal(uniform_draws(np.uint64(8), record, copy), drawn)


def test_the_smallest_sample_has_a_number_for_every_trip_of_a_record():
    (smallest,) = (
        bound.ge
        for bound in TripFileDemand.model_fields["sample_share"].metadata
        if hasattr(bound, "ge")
    )
    for start in (0.0, 0.5, 0.999):
        assert whole_trips(np.full(50, 1.0 / smallest), start).max() <= COPIES_PER_RECORD
