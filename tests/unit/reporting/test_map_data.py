"""What the map of the report draws."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.network.arc_lines import two_way_flows
from planner.network.graph import RoadGraph
from planner.plan.origin_regions import states_of_sites
from planner.reporting.map_data import (
    DRAWING_WIDTH,
    MapProjection,
    map_data,
    stranded_trips,
)


def small_graph(geometry=None):
    """Two carriageways between a and b, and a one-way arc from b to c."""
    return RoadGraph(
        node_id=np.array(["a", "b", "c"], dtype=object),
        node_name=np.array(["A", "B", "C"], dtype=object),
        lon=np.array([7.0, 8.0, 9.0]),
        lat=np.array([50.0, 51.0, 50.5]),
        arc_from_idx=np.array([0, 1, 1], dtype=np.int32),
        arc_to_idx=np.array([1, 0, 2], dtype=np.int32),
        arc_length_km=np.array([130.0, 131.0, 90.0]),
        arc_free_speed_kmh=np.full(3, 100.0),
        arc_road=np.array(["A1", "A1", "A2"], dtype=object),
        arc_geometry=geometry,
    )


def test_both_carriageways_are_one_road_with_the_trucks_of_both():
    arcs, flows = two_way_flows(small_graph(), np.array([100.0, 50.0, 7.0]))

    assert arcs.tolist() == [0, 2]
    assert flows.tolist() == [150.0, 7.0]


def test_no_truck_gets_lost_on_the_way_to_the_map(plan):
    arcs, flows = two_way_flows(plan.graph, plan.arc_trucks_per_day)

    assert len(arcs) * 2 == plan.graph.n_arcs
    assert flows.sum() == pytest.approx(plan.arc_trucks_per_day.sum())


def test_the_projection_keeps_angles_and_points_north_up():
    projection = MapProjection(np.array([6.0, 15.0]), np.array([47.0, 55.0]))
    x, y = projection(np.array([10.0, 10.01, 10.0]), np.array([51.0, 51.0, 51.01]))

    assert y[2] < y[0]
    east, north = x[1] - x[0], y[0] - y[2]
    assert east / north == pytest.approx(np.cos(np.radians(51.005)), rel=1e-3)


def test_positions_lead_back_to_degrees():
    projection = MapProjection(np.array([6.0, 15.0]), np.array([47.0, 55.0]))
    x, y = projection(np.array([9.5]), np.array([52.25]))
    assert projection.lon(float(x[0])) == pytest.approx(9.5)
    assert projection.lat(float(y[0])) == pytest.approx(52.25)


def test_countries_are_drawn_where_there_are_outlines(plan):
    drawing = map_data(plan)
    assert drawing["hasOutlines"]
    assert {planned for _, planned in drawing["countries"]} == {0, 1}


def test_beyond_the_outlines_land_is_drawn_around_the_roads(plan):
    graph = replace(plan.graph, lon=plan.graph.lon - 90.0)
    drawing = map_data(
        replace(plan, graph=graph, sites=replace(plan.sites, lon=plan.sites.lon - 90.0))
    )
    assert not drawing["hasOutlines"]
    (shape,) = drawing["countries"]
    assert shape[0].startswith("M")


def test_everything_lies_inside_the_drawing(plan):
    drawing = map_data(plan)

    xy = np.array(drawing["site_xy"])
    assert xy.shape == (plan.sites.n_sites, 2)
    assert (xy >= 0).all()
    assert (xy <= [DRAWING_WIDTH, drawing["height"]]).all()


def test_a_road_with_a_course_is_drawn_along_it(plan):
    line = shapely.LineString([(7.0, 50.0), (7.2, 50.9), (8.0, 51.0)])
    geometry = np.array([line, line.reverse(), shapely.LineString([(8, 51), (9, 50.5)])], object)
    graph = small_graph(geometry)
    trips = plan.trips.assign(origin_node_id="a", destination_node_id="c")
    drawing = map_data(
        replace(plan, graph=graph, arc_trucks_per_day=np.array([1.0, 2.0, 3.0]), trips=trips)
    )

    assert [road[1:] for road in drawing["roads"]] == [["A1", 3], ["A2", 3]]
    assert drawing["roads"][0][0].count("L") == 2
    assert {"A", "C"} <= {place[0]["en"] for place in drawing["places"]}


def test_unserved_trips_are_gathered_by_place_and_reason(plan):
    drawing = map_data(plan)

    counts = [entry[2] for entry in drawing["unserved"]]
    assert sum(counts) == len(plan.unserved)
    assert counts == sorted(counts, reverse=True)
    assert map_data(replace(plan, unserved=plan.unserved.iloc[:0]))["unserved"] == []
    assert [each.n_trips for each in stranded_trips(plan.unserved)] == counts


def test_places_without_a_name_of_their_own_carry_no_label(plan):
    graph = replace(small_graph(), node_name=np.array(["a", "B", "c"], dtype=object))
    trips = plan.trips.assign(origin_node_id="a", destination_node_id="b")
    drawing = map_data(replace(plan, graph=graph, arc_trucks_per_day=np.ones(3), trips=trips))
    names = {place[0]["en"] for place in drawing["places"]}
    assert "B" in names
    assert not {"a", "b", "c"} & names


def test_the_map_shows_holes_of_the_network_and_no_trucks_that_start_nearly_empty(plan):
    unserved = plan.unserved.copy()
    unserved["reason"] = np.resize(
        ["no site in range", "starts below the minimum state of charge", "no route"], len(unserved)
    )
    drawing = map_data(replace(plan, unserved=unserved))

    for_want_of_a_site = int((unserved["reason"] == "no site in range").sum())
    assert sum(entry[2] for entry in drawing["unserved"]) == for_want_of_a_site
    assert {entry[1]["en"] for entry in drawing["unserved"]} == {"no site in range"}


def test_regions_are_drawn_under_their_names(plan):
    assert map_data(plan)["regions"] == []
    builtin = replace(plan, scenario=plan.scenario | {"network": {"source": "builtin"}})
    regions = map_data(builtin)["regions"]
    names = [name for name, _ in regions]
    assert len(names) == len(set(names)) == 16
    assert all(path.startswith("M") for _, path in regions)
    assert set(states_of_sites(plan.sites)) <= set(names)


def test_regions_of_a_scenario_are_its_own_polygons(plan, tmp_path):
    west = shapely.box(0.0, 40.0, float(np.median(plan.sites.lon)), 60.0)
    areas = gpd.GeoDataFrame({"part": ["West"]}, geometry=[west], crs="EPSG:4326")
    areas.to_file(tmp_path / "areas.gpkg")
    settings = {"path": str(tmp_path / "areas.gpkg"), "layer": "", "name_column": "part"}
    regions = map_data(replace(plan, scenario=plan.scenario | {"regions": settings}))["regions"]
    assert [name for name, _ in regions] == ["West"]
