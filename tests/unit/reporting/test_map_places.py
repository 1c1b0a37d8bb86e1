"""Names of places where trips begin and end."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.network.towns import TOWNS_ATTRIBUTION
from planner.plan.map_places import map_places, names_source
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
    assert places["place"].tolist() == ["Berlin", "Köln"]
    assert places["n_departures"].tolist() == [4, 0]
    assert places["n_arrivals"].tolist() == [2, 1]
    assert set(places["name_source"]) == {TOWNS_ATTRIBUTION}
    assert [place[0] for place in map_data(numbered)["places"]] == ["Berlin", "Köln"]


def test_names_of_towns_are_credited(numbered):
    assert "Names of towns" in render_html_report(numbered)
    shown = attribution(plan_map(numbered), ENGLISH)
    assert f"Names of towns: {TOWNS_ATTRIBUTION}." in shown
    assert "Namen der Städte" in attribution(plan_map(numbered), GERMAN)


def test_layers_of_earlier_versions_credit_nobody(numbered):
    places = map_places(numbered)
    assert names_source(places) == TOWNS_ATTRIBUTION
    assert names_source(places.drop(columns="name_source")) == ""
    assert names_source(places.assign(name_source=None)) == ""


def test_names_of_the_network_stay_its_own(plan):
    assert set(map_places(plan)["name_source"]) == {""}
    assert "Names of towns" not in render_html_report(plan)
    assert "Names of towns" not in attribution(plan_map(plan), ENGLISH)


def test_towns_are_named_before_border_crossings(numbered):
    names = numbered.graph.node_name.copy()
    names[:3] = "Grenze Elten", "Hafen Hamburg", "Köln"
    graph = replace(numbered.graph, node_name=names)
    shown = map_data(replace(numbered, graph=graph))["places"]
    assert shown[0][0] == "Köln"
