"""Whether ways abroad are driven changes them alone, whatever the source of the trips."""

from dataclasses import fields

import numpy as np
import pytest
from pydantic import TypeAdapter

from planner.demand.load import load_trips
from planner.network.load import load_network
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import Demand
from planner.scenario.network_sources import BuiltinNetwork

ABROAD = ("abroad_before_km", "abroad_after_km")


def builtin(tmp_path, grid_country):
    section = {"source": "builtin", "electrification_share": 0.002}
    return section, load_network(BuiltinNetwork(source="builtin"))[0]


def single_trips(tmp_path, grid_country):
    path = tmp_path / "trips.csv"
    path.write_text(
        "origin_lon,origin_lat,destination_lon,destination_lat,departure_h\n"
        "2.0,49.5,18.0,49.5,1\n2.0,49.5,9.0,49.5,2\n9.0,49.5,10.0,60.0,3\n8.0,48.0,12.0,51.0,4\n",
        encoding="utf-8",
    )
    section = {"source": "trips", "path": path, "electrification_share": 1.0}
    return section, grid_country


def volumes(tmp_path, grid_country):
    table, zones = tmp_path / "table.csv", tmp_path / "zones.csv"
    table.write_text(
        "origin,destination,trucks_per_year\n1,2,520\n2,3,520\n4,2,520\n", encoding="utf-8"
    )
    zones.write_text("zone,lon,lat\n1,2,49.5\n2,9,49.5\n3,10,60\n4,12,51\n", encoding="utf-8")
    section = {"source": "od_table", "path": table, "zones": zones, "electrification_share": 1.0}
    return section, grid_country


@pytest.mark.parametrize("source", [builtin, single_trips, volumes])
def test_an_ignored_way_abroad_changes_no_crossing_and_no_trip(source, tmp_path, grid_country):
    section, graph = source(tmp_path, grid_country)
    (driven, of_driven), (ignored, of_ignored) = (
        load_trips(
            TypeAdapter(Demand).validate_python(section | {"border": {"abroad": abroad}}),
            graph,
            {"truck": 1.0},
            RandomStreams(1),
            warm_up_days=1,
        )
        for abroad in ("driven", "ignored")
    )
    assert of_driven == of_ignored
    assert of_driven.domestic_share < 1.0
    for field in fields(driven):
        found, expected = getattr(ignored, field.name), getattr(driven, field.name)
        if field.name in ABROAD:
            assert (expected > 0.0).any()
            expected = np.zeros(driven.n_trips)
        np.testing.assert_array_equal(found, expected, field.name)
