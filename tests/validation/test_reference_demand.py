"""The demand of the published files, where they are at hand: counts, shares, distances.

Figures: what is known of the German study group's 1 % sample (9,949 trips in two weeks, 6,968 from
Monday to Thursday of the first, 76 % loaded, 59 % with both ends in Germany).
"""

from pathlib import Path

import numpy as np
import pytest

from planner.demand.load import load_trips
from planner.demand.matsim_plans import PlanFilter, read_matsim_plans
from planner.demand.matsim_vehicles import read_initial_soc
from planner.demand.od_volumes import read_od_volumes
from planner.errors import InputDataError
from planner.files.table_keys import TableKeys
from planner.network.load import load_network
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import MatsimPlansDemand
from planner.scenario.network_sources import EtisplusNetwork
from tests.reference_data import reference_path

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def plans():
    path = reference_path("germany_bet_plans/BET_plans.xml.gz")
    return read_matsim_plans(path, "EPSG:25832", PlanFilter())


@pytest.fixture(scope="module")
def germany():
    path = reference_path("germany_etisplus")
    return load_network(EtisplusNetwork(source="etisplus", path=path))[0]


def test_every_trip_of_the_sample_is_read(plans):
    records, notices = plans
    assert notices == ()
    assert records.n_records == 9949
    by_day = np.bincount((records.departure_h // 24).astype(int))
    assert by_day[:7].tolist() == [1589, 1878, 1811, 1690, 1479, 526, 277]
    assert (records.is_loaded == 1).mean() == pytest.approx(0.757, abs=0.001)


def test_far_ends_stand_where_trucks_come_from(plans):
    """Guiana, Réunion and Siberia are in the file; most ends abroad lie within 2,500 km."""
    records, _ = plans
    lon = np.concatenate([records.origin_lon, records.destination_lon])
    lat = np.concatenate([records.origin_lat, records.destination_lat])
    assert ((lon < -50.0) & (lat > 0.0) & (lat < 10.0)).sum() > 50
    assert ((lon > 55.0) & (lon < 56.0) & (lat < -20.0)).sum() > 10
    assert ((lon > -11.0) & (lon < 45.0) & (lat > 35.0) & (lat < 72.0)).mean() > 0.98


def test_every_truck_of_the_sample_starts_full():
    initial_soc = read_initial_soc(reference_path("germany_bet_plans/BET_Vehicles.xml.gz"))
    assert len(initial_soc) == 9949
    assert set(initial_soc.values()) == {1.0}


def test_the_sample_expands_to_the_fleet_it_stands_for(germany):
    demand = MatsimPlansDemand(
        source="matsim_plans",
        path=reference_path("germany_bet_plans/BET_plans.xml.gz"),
        crs="EPSG:25832",
        sample_share=0.01,
        min_distance_km=0,
    )
    trips, report = load_trips(demand, germany, {"a": 1.0}, RandomStreams(1))
    assert report.n_full_fleet == pytest.approx(696_800, rel=0.045)
    assert trips.n_trips == pytest.approx(0.1 * report.n_full_fleet, rel=0.01)
    assert report.domestic_share == pytest.approx(0.59, abs=0.02)
    by_day = np.bincount((trips.departure_h // 24).astype(int))
    np.testing.assert_allclose(by_day / trips.n_trips, [0.228, 0.270, 0.260, 0.243], atol=0.01)
    by_hour = np.bincount((trips.departure_h % 24).astype(int), minlength=24) / trips.n_trips
    expected = [1.6, 4.1, 5.1, 5.9, 6.8, 6.7, 6.9, 6.8, 6.3, 6.8, 7.0, 6.2, 6.0, 5.3, 4.4, 3.9,
                2.8, 2.6, 2.4, 1.9, 0.8, 0.0, 0.0, 0.0]  # fmt: skip
    np.testing.assert_allclose(100 * by_hour, expected, atol=0.5)


def test_genuine_rows_of_the_published_od_table_are_read():
    found = read_od_volumes(
        reference_path("etisplus_od_layout/filtered_truck_traffic_sample.csv"), TableKeys(), None
    )
    assert len(found.volume) == 20
    assert found.name[found.origin_idx[0]] == "101010101"
    assert found.volume[:3].tolist() == [511.25, 576.25, 490.0]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("plans_full.xml.gz", "no legs of mode truck"),
        ("plans_empty.xml.gz", "found none to use"),
        ("output_facilities.xml.gz", "expected <population>"),
    ],
)
def test_files_of_other_makers_are_read_or_named(name, message):
    path = reference_path(f"matsim_fixtures/python_tools_tests/{name}")
    with pytest.raises(InputDataError, match=message):
        read_matsim_plans(path, "EPSG:31468", PlanFilter(modes=("truck",)))


def test_trips_of_a_city_scenario_are_read():
    path = reference_path("matsim_fixtures/python_tools_tests/plans_full.xml.gz")
    records, _ = read_matsim_plans(path, None, PlanFilter(modes=("car",)))
    assert records.n_records >= 3
    assert ((records.origin_lon > 11.0) & (records.origin_lon < 15.0)).all()
    assert records.departure_h[0] == pytest.approx(4 + 15 / 60 + 7 / 3600)
