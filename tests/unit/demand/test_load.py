import numpy as np
import pytest

from planner.demand.load import load_trips
from planner.errors import InputDataError, ScenarioError
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import BuiltinDemand, InitialSoc, OdTableDemand


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "traffic.csv"
    path.write_text(
        "origin,destination,trucks_per_year\naa,dd,521400\nee,aa,260700\naa,bb,99\n",
        encoding="utf-8",
    )
    return path


def test_an_od_table_becomes_electric_trips_and_a_report(table, line_graph):
    demand = OdTableDemand(source="od_table", path=table, electrification_share=0.2)
    trips, report = load_trips(demand, line_graph, {"small": 0.5, "big": 0.5}, RandomStreams(1))
    assert sum(report.n_full_fleet_by_day.values()) == report.n_full_fleet
    # 15,000 trips a week, of which 75 % from Monday to Thursday.
    assert report.n_full_fleet == pytest.approx(15_000 * 6968 / 9250, abs=4)
    assert report.n_electric == trips.n_trips == pytest.approx(0.2 * report.n_full_fleet, rel=0.06)
    assert trips.electrification_rank.max() < 0.2
    assert report.domestic_share == 1.0
    assert report.inside_km_at_quantile[0.5] == 450.0
    assert report.mean_inside_km == pytest.approx(500.0, rel=1e-3)
    assert "OD pairs shorter than 300 km (1, with 99 trucks a year)" in report.notices[0]


def test_a_lower_level_is_a_part_of_a_higher_one(table, line_graph):
    found = []
    for level in (0.05, 0.15):
        demand = OdTableDemand(source="od_table", path=table, electrification_share=level)
        found.append(load_trips(demand, line_graph, {"a": 1.0}, RandomStreams(3))[0])
    low, high = found
    position = np.searchsorted(high.trip_id, low.trip_id)
    np.testing.assert_array_equal(high.trip_id[position], low.trip_id)
    np.testing.assert_array_equal(high.departure_h[position], low.departure_h)
    np.testing.assert_array_equal(high.initial_soc_share[position], low.initial_soc_share)


def test_initial_soc_comes_from_an_earlier_run_where_named(table, line_graph, tmp_path):
    histogram = tmp_path / "arrival_soc.csv"
    histogram.write_text("soc_from_share,soc_to_share,n_trips\n0.3,0.4,1\n", encoding="utf-8")
    demand = OdTableDemand(
        source="od_table",
        path=table,
        initial_soc=InitialSoc(full_share=0.0, arrival_histogram=histogram),
    )
    trips, _ = load_trips(demand, line_graph, {"a": 1.0}, RandomStreams(1))
    assert trips.initial_soc_share.min() >= 0.3
    assert trips.initial_soc_share.max() <= 0.4


def test_the_builtin_demand_refuses_shorter_trips_than_it_knows(line_graph):
    demand = BuiltinDemand(source="builtin", min_distance_km=150)
    with pytest.raises(ScenarioError, match="holds trips of 300 km and more; found 150"):
        load_trips(demand, line_graph, {"a": 1.0}, RandomStreams(1))


def test_a_table_too_thin_for_a_single_electric_trip_is_refused(tmp_path, line_graph):
    path = tmp_path / "traffic.csv"
    path.write_text("origin,destination,volume\naa,dd,100\n", encoding="utf-8")
    demand = OdTableDemand(source="od_table", path=path, electrification_share=0.001)
    with pytest.raises(
        InputDataError, match=r"at least one electric trip; the full fleet has [12] "
    ):
        load_trips(demand, line_graph, {"a": 1.0}, RandomStreams(1))
