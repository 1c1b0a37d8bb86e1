"""Transit is a part of the built-in demand of its own: it adds trips and changes no other."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from planner.demand.expansion import TRANSIT, TRIP_IDS_PER_DAY
from planner.demand.load import load_trips
from planner.errors import InputDataError
from planner.network.load import load_network
from planner.runs.random_streams import RandomStreams
from planner.scenario.bundled import bundled_path
from planner.scenario.demand_sources import BuiltinDemand
from planner.scenario.network_sources import BuiltinNetwork

FRANKFURT, STRAELEN = "grenze-frankfurt-oder", "grenze-straelen"


@pytest.fixture(scope="module")
def germany():
    return load_network(BuiltinNetwork(source="builtin"))[0]


def trips_of(graph, transit, share=0.02):
    section = {"source": "builtin", "electrification_share": share, "transit": transit}
    demand = TypeAdapter(BuiltinDemand).validate_python(section)
    return load_trips(demand, graph, {"truck": 1.0}, RandomStreams(1), warm_up_days=1)


def is_transit(trips):
    return np.abs(trips.trip_id) % TRIP_IDS_PER_DAY >= TRANSIT.first_number


@pytest.fixture(scope="module")
def without(germany):
    return trips_of(germany, {"source": "none"})


def test_the_trips_of_the_country_stay_as_they_are(germany, without):
    trips, report = trips_of(germany, {"source": "builtin"})
    others = trips.select(~is_transit(trips))
    for field in fields(others):
        expected = getattr(without[0], field.name)
        np.testing.assert_array_equal(getattr(others, field.name), expected, field.name)
    # None of them passes through, so the table counts no truck twice.
    assert not ((others.abroad_before_km > 0) & (others.abroad_after_km > 0)).any()
    assert report.n_full_fleet > without[1].n_full_fleet
    assert not (is_transit(without[0])).any()
    assert any("pass through from border to border" in text for text in report.notices)


def test_transit_is_part_of_the_built_in_demand_unless_it_is_left_out():
    assert BuiltinDemand(source="builtin").transit.source == "builtin"


def test_as_many_trucks_pass_through_as_the_table_says(germany):
    trips, report = trips_of(germany, {"source": "builtin"}, share=1.0)
    table = pd.read_csv(bundled_path("network/germany/transit_counts.csv"))
    passing = trips.select(is_transit(trips) & trips.is_counted)
    # Four working days of five, on which a little more than a fifth of the week's departs each.
    per_day = passing.n_trips / 4
    assert per_day == pytest.approx(table["trucks_per_working_day"].sum(), rel=0.05)
    assert (passing.abroad_before_km > 0).all()
    assert (passing.abroad_after_km > 0).all()
    assert np.all(np.diff(trips.trip_id) > 0)
    pair = table.set_index(["origin", "destination"])["trucks_per_working_day"]
    node = germany.node_id
    found = pd.MultiIndex.from_arrays(
        [node[passing.origin_node_idx], node[passing.destination_node_idx]]
    ).value_counts()
    assert set(found.index) <= set(pair.index)
    largest = pair.nlargest(20)
    np.testing.assert_allclose(found[largest.index] / 4, largest, rtol=0.06)
    assert report.domestic_share < 0.55


def table_of(tmp_path, rows, header="origin,destination,trucks_per_working_day"):
    path = tmp_path / "my_transit.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_of_ones_own_raises_flows_on_its_corridor_alone(germany, without, tmp_path):
    path = table_of(tmp_path, [f"{FRANKFURT},{STRAELEN},5000"])
    trips, _ = trips_of(germany, {"source": "table", "path": path})
    passing = trips.select(is_transit(trips) & trips.is_counted)
    assert set(germany.node_id[passing.origin_node_idx]) == {FRANKFURT}
    assert set(germany.node_id[passing.destination_node_idx]) == {STRAELEN}
    assert passing.n_trips == pytest.approx(0.02 * 4 * 5000, rel=0.2)
    assert trips.n_trips - is_transit(trips).sum() == without[0].n_trips


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{FRANKFURT},berlin,5", "destination must be the node of a gateway"),
        (f"{FRANKFURT},{FRANKFURT},5", "must be two gateways"),
        (f"{FRANKFURT},{STRAELEN},-1", "0 or more"),
        (f"{FRANKFURT},{STRAELEN},", "0 or more"),
        (f"{FRANKFURT},{STRAELEN},many", "many"),
        (f"{STRAELEN},{FRANKFURT},1\n{STRAELEN},{FRANKFURT},2", "each pair"),
        (f"{FRANKFURT},{STRAELEN},0", "found none"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_its_row(germany, tmp_path, row, message):
    path = table_of(tmp_path, [row])
    with pytest.raises(InputDataError, match=message) as told:
        trips_of(germany, {"source": "table", "path": path})
    assert "my_transit.csv" in str(told.value)
