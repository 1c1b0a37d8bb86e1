"""Trips on the roads of Europe: what of them lies in a country, and over which crossings."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.country_flows import BORDER, DOMESTIC, TRANSIT, country_flows
from planner.demand.european_freight import european_freight
from planner.demand.passing import ways_between
from planner.network.european_roads import cut_out, european_roads


@pytest.fixture(scope="module")
def denmark():
    return country_flows(european_roads(), ["DK"], european_freight())


def test_a_way_is_parted_at_the_borders_it_crosses(line_graph):
    # aa - bb - cc - dd - ee, 150 km each; the country is bb to dd.
    ends = np.stack([line_graph.arc_from_idx, line_graph.arc_to_idx])
    inside = ((ends >= 1) & (ends <= 3)).all(axis=0)
    ways = ways_between(line_graph, np.array([0, 2, 4], dtype=np.int32), inside)
    assert ways.total_km.tolist() == [[0, 300, 600], [300, 0, 300], [600, 300, 0]]
    through, inbound, outbound = (0, 2), (0, 1), (1, 2)
    for pair, expected in (
        (through, (150, 300, 150, 1, 3)),
        (inbound, (150, 150, 0, 1, 2)),
        (outbound, (0, 150, 150, 2, 3)),
    ):
        found = (
            ways.before_km[pair],
            ways.inside_km[pair],
            ways.after_km[pair],
            ways.entry_idx[pair],
            ways.exit_idx[pair],
        )
        assert found == expected


def test_a_way_that_comes_back_counts_as_inside_between_and_one_elsewhere_passes_by(line_graph):
    ends = np.stack([line_graph.arc_from_idx, line_graph.arc_to_idx]).max(axis=0)
    comes_back = ways_between(line_graph, np.array([0, 4], dtype=np.int32), np.isin(ends, (1, 3)))
    assert comes_back.inside_km[0, 1] == 450.0
    assert comes_back.after_km[0, 1] == 150.0
    passes_by = ways_between(line_graph, np.array([0, 1], dtype=np.int32), np.isin(ends, (3, 4)))
    assert passes_by.inside_km[0, 1] == 0.0
    assert passes_by.entry_idx[0, 1] == -1
    assert passes_by.total_km[0, 1] == 150.0


def test_places_that_no_road_joins_have_no_way(line_graph):
    nowhere = np.zeros(line_graph.n_arcs, dtype=bool)
    ways = ways_between(line_graph, np.array([0, 5], dtype=np.int32), nowhere)
    assert np.isinf(ways.total_km[0, 1])


def test_roads_of_a_country_end_at_its_borders():
    roads = european_roads()
    inside = roads.inside(["DK"])
    denmark = cut_out(roads.graph, inside)
    assert set(roads.arc_country[inside]) == {"DK"}
    assert 1000.0 < denmark.arc_length_km.sum() / 2 < 2500.0
    neighbours = pd.Series(roads.arc_country).groupby(roads.graph.arc_from_idx).nunique()
    borders = set(roads.graph.node_id[neighbours[neighbours > 1].index])
    assert {node for node in denmark.node_id if node in borders}
    assert not roads.inside(["XX"]).any()


def test_trips_are_inside_over_the_border_and_through_the_country(denmark):
    kinds = denmark.trucks_per_year
    assert set(kinds) == {DOMESTIC, BORDER, TRANSIT}
    assert min(kinds.values()) > 0.0
    zones = denmark.zones.set_index("zone")
    assert set(denmark.trucks["origin"]) | set(denmark.trucks["destination"]) <= set(zones.index)
    ends = [zones["kind"].loc[denmark.trucks[end]].to_numpy() for end in ("origin", "destination")]
    at_gateway = sum((end == "gateway").astype(int) for end in ends)
    trucks = denmark.trucks["trucks_per_year"]
    by_ends = [trucks[at_gateway == number].sum() for number in (0, 1, 2)]
    # Whole trucks in the table.
    assert by_ends == pytest.approx([kinds[DOMESTIC], kinds[BORDER], kinds[TRANSIT]], rel=1e-3)


def test_zones_abroad_say_how_far_beyond_their_crossing_they_lie(denmark):
    zones = denmark.zones
    is_gateway = zones["kind"] == "gateway"
    assert (zones.loc[is_gateway, "abroad_km"] >= 1.0).all()
    assert (zones.loc[~is_gateway, "abroad_km"] == 0.0).all()
    assert denmark.n_gateways == zones.loc[is_gateway, "node_idx"].nunique()
    # Over land to Germany and over the bridge to Sweden.
    assert {"E45", "E20"} <= {name.split()[0] for name in zones.loc[is_gateway, "name"]}


def test_inhabitants_of_a_country_are_those_of_its_places(denmark):
    million = european_freight().inhabitants_million["DK"]
    assert denmark.zones["inhabitants_million"].sum() == pytest.approx(million, rel=0.01)
