"""Names of places where trips begin and end."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.network.country_outlines import planned
from planner.network.towns import TOWNS_ATTRIBUTION
from planner.plan.map_places import map_places, names_in, names_source, place_in
from planner.reporting.charts.map_frame import frame_around, shown_places
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.themes import attribution
from planner.reporting.html_report import render_html_report
from planner.reporting.map_data import map_data
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

ENDS = pd.DataFrame({"origin": [*"1112", "4"], "destination": [*"2344", "1"]})


@pytest.fixture
def numbered(plan):
    """Its nodes have numbers for names: two by Berlin, one by Köln, one far from any town."""
    graph = plan.graph
    lon, lat = graph.lon.copy(), graph.lat.copy()
    lon[:4], lat[:4] = (13.38, 13.5, 7.0, 13.5), (52.5, 52.45, 50.9, 50.0)
    names = np.array([str(number + 1) for number in range(graph.n_nodes)], dtype=object)
    trips = plan.trips.iloc[: len(ENDS)].assign(
        origin_node_id=ENDS["origin"].to_numpy(), destination_node_id=ENDS["destination"].to_numpy()
    )
    numbered = replace(graph, node_id=names, node_name=names, lon=lon, lat=lat)
    return replace(plan, graph=numbered, trips=trips)


def test_nameless_ends_of_trips_gather_under_large_towns(numbered):
    places = map_places(numbered)
    visited = places[places["n_departures"] + places["n_arrivals"] > 0]
    assert visited["place"].tolist() == ["Berlin", "Cologne"]
    assert visited["n_departures"].tolist() == [4, 0]
    assert visited["n_arrivals"].tolist() == [2, 1]
    assert set(places["name_source"]) == {TOWNS_ATTRIBUTION}


def test_places_without_trips_are_none_however_a_table_keeps_its_nodes(plan):
    few = plan.trips.iloc[:3]
    ends = ["origin_node_id", "destination_node_id"]
    every_node = pd.CategoricalDtype(plan.graph.node_id)
    places = map_places(replace(plan, trips=few))
    as_categories = map_places(replace(plan, trips=few.astype(dict.fromkeys(ends, every_node))))
    pd.testing.assert_frame_equal(as_categories, places)
    assert (places["geonames_id"] == 0).any()


def test_the_largest_towns_of_the_country_come_first_in_the_language_of_the_reader(plan):
    named = [place[0] for place in map_data(plan)["places"][:4]]
    assert [each["en"] for each in named] == ["Berlin", "Hamburg", "Munich", "Cologne"]
    assert [each["de"] for each in named] == ["Berlin", "Hamburg", "München", "Köln"]


def test_a_plan_of_another_country_has_its_towns(plan):
    shift = replace(plan.graph, lon=plan.graph.lon + 10.0, lat=plan.graph.lat)
    sites = replace(
        plan.sites,
        lon=np.full(plan.sites.n_sites, 20.0) + np.linspace(-0.5, 1.5, plan.sites.n_sites),
        lat=np.full(plan.sites.n_sites, 52.0),
    )
    names = [
        place[0]["de"] for place in map_data(replace(plan, graph=shift, sites=sites))["places"]
    ]
    assert names[:3] == ["Warschau", "Krakau", "Breslau"]
    assert "Berlin" not in names


def test_ends_with_the_name_of_a_town_are_told_once(plan):
    names = plan.graph.node_name.copy()
    names[:2] = "München", "Nowhere"
    places = map_places(replace(plan, graph=replace(plan.graph, node_name=names)))
    assert (places["place"] == "Munich").sum() == 1
    assert "München" not in set(places["place"])
    trips = places["n_departures"].sum() + places["n_arrivals"].sum()
    assert trips == 2 * len(plan.trips)


def test_names_of_towns_are_credited(numbered):
    assert "Names of towns" in render_html_report(numbered)
    shown = attribution(plan_map(numbered), ENGLISH)
    assert f"Names of towns: {TOWNS_ATTRIBUTION}." in shown
    assert "Namen der Städte" in attribution(plan_map(numbered), GERMAN)


def test_layers_of_earlier_versions_credit_nobody_and_keep_their_names(numbered):
    places = map_places(numbered)
    assert names_source(places) == TOWNS_ATTRIBUTION
    assert names_source(places.drop(columns="name_source")) == ""
    assert names_source(places.assign(name_source=None)) == ""
    former = pd.DataFrame({"place": ["Köln", "Hafen Köln"]})
    assert names_in(ENGLISH, former) == ["Köln", "Port of Köln"]


def test_where_no_town_is_known_names_are_those_of_the_network(plan):
    far = replace(plan.graph, lon=plan.graph.lon - 100.0)
    sites = replace(plan.sites, lon=plan.sites.lon - 100.0)
    abroad = replace(plan, graph=far, sites=sites)
    assert set(map_places(abroad)["name_source"]) == {""}
    assert "Names of towns" not in render_html_report(abroad)
    assert "Names of towns" not in attribution(plan_map(abroad), ENGLISH)


def test_towns_are_named_before_border_crossings_and_ports(numbered):
    names = numbered.graph.node_name.copy()
    names[:3] = "Grenze Elten", "Hafen Hamburg", "Köln"
    graph = replace(numbered.graph, node_name=names)
    shown = [place[0] for place in map_data(replace(numbered, graph=graph))["places"]]
    of_network = {"Border at Elten", "Port of Hamburg"}
    last = [each["en"] for each in shown if each["en"] in of_network]
    assert not any("Hafen" in each["en"] or "Grenze" in each["en"] for each in shown)
    assert [each["en"] for each in shown[len(shown) - len(last) :]] == last


def test_ports_and_border_crossings_have_words_of_the_reader():
    assert place_in(ENGLISH, "Hafen Rostock") == "Port of Rostock"
    assert place_in(GERMAN, "Hafen Rostock") == "Hafen Rostock"
    assert place_in(GERMAN, "Port of Rostock") == "Hafen Rostock"
    assert place_in(ENGLISH, "Grenze Elten") == "Border at Elten"
    assert place_in(ENGLISH, "Hafenlohr") == "Hafenlohr"


def test_a_country_with_a_few_sites_across_its_border_is_not_planned():
    assert planned(np.array([351, 3, 0])).tolist() == [True, False, False]
    assert planned(np.array([1, 0])).tolist() == [True, False]
    assert planned(np.array([200, 40, 12])).tolist() == [True, True, True]
    assert planned(np.array([0, 0])).tolist() == [False, False]


def test_a_map_without_places_has_no_names(plan):
    layers = plan_map(plan).layers
    frame = frame_around([layers["sites"]])
    named = shown_places(layers["places"].iloc[:0], frame, 10, 1.0, ENGLISH)
    assert named["name"].tolist() == []
