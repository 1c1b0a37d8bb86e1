"""The plan as a GeoPackage."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from defusedxml.ElementTree import fromstring

from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.layer_styles import flow_style, network_style, site_style, unserved_style


@pytest.fixture(scope="module")
def package(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
    write_geopackage(plan, path)
    return path


def query(path, statement):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_layers_are_in_degrees_and_whole(plan, package):
    assert {name for name, _ in pyogrio.list_layers(package)} == {
        "sites", "network", "flows", "unserved", "layer_styles",
    }  # fmt: skip
    sites = gpd.read_file(package, layer="sites")
    assert sites.crs.to_epsg() == 4326
    np.testing.assert_allclose(sites.geometry.x, plan.sites.lon)
    assert list(sites["name"]) == list(plan.sites.name)
    assert len(gpd.read_file(package, layer="network")) * 2 == plan.graph.n_arcs
    assert len(gpd.read_file(package, layer="unserved")) == len(plan.unserved)


def test_sites_carry_the_balanced_plan_and_every_named_one(plan, package):
    sites = gpd.read_file(package, layer="sites")

    balanced = plan.hpc_layouts[plan.default_solution.solution]
    assert sites["n_hpc"].tolist() == balanced.tolist() == sites["n_hpc_balanced"].tolist()
    for named in plan.named_solutions:
        column = sites[f"n_hpc_{named.name.replace('-', '_')}"]
        assert column.tolist() == plan.hpc_layouts[named.solution].tolist()


def test_flows_leave_out_empty_arcs_and_tell_the_direction(plan, tmp_path):
    trucks = np.zeros(plan.graph.n_arcs)
    trucks[0] = 12.0
    write_geopackage(replace(plan, arc_trucks_per_day=trucks), tmp_path / "plan.gpkg")
    flows = gpd.read_file(tmp_path / "plan.gpkg", layer="flows")

    assert flows["trucks_per_day"].tolist() == [12.0]
    assert flows["direction"][0] in {"E", "NE", "SE"}
    assert flows["from_place"][0] == plan.graph.node_name[plan.graph.arc_from_idx[0]]


def test_styles_are_registered_the_way_qgis_makes_them(package):
    columns = query(package, "SELECT name FROM pragma_table_info('layer_styles')")
    assert len(columns) == 13
    styles = query(
        package, "SELECT f_table_name, f_geometry_column, useAsDefault FROM layer_styles"
    )
    assert sorted(styles) == [(n, "geom", 1) for n in ("flows", "network", "sites", "unserved")]
    kinds = dict(query(package, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["layer_styles"] == "attributes"
    assert query(package, "PRAGMA user_version") == [(10200,)]


def test_equal_plans_give_equal_bytes_and_nothing_is_left_behind(plan, package, tmp_path):
    write_geopackage(plan, tmp_path / "again.gpkg")

    assert (tmp_path / "again.gpkg").read_bytes() == package.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.gpkg"]


def test_a_plan_without_unserved_trips_has_an_empty_layer(plan, tmp_path):
    write_geopackage(replace(plan, unserved=plan.unserved.iloc[:0]), tmp_path / "plan.gpkg")

    info = pyogrio.read_info(tmp_path / "plan.gpkg", layer="unserved")
    assert (info["features"], info["geometry_type"]) == (0, "Point")


def test_a_failed_write_leaves_an_older_plan_alone(plan, package, tmp_path, monkeypatch):
    path = tmp_path / "plan.gpkg"
    path.write_bytes(package.read_bytes())
    monkeypatch.setattr("planner.reporting.gis.geopackage._LAYER_STYLES_TABLE", "CREATE nonsense")

    with pytest.raises(sqlite3.OperationalError):
        write_geopackage(plan, path)
    assert path.read_bytes() == package.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.gpkg"]


@pytest.mark.parametrize(
    "style", [site_style(), network_style(), flow_style(500.0), unserved_style()]
)
def test_every_symbol_property_is_written_for_old_and_new_qgis(style):
    layers = list(fromstring(style.split("\n", 1)[1]).iter("layer"))

    assert layers
    for layer in layers:
        options = {entry.get("name"): entry.get("value") for entry in layer.find("Option")}
        props = {entry.get("k"): entry.get("v") for entry in layer.findall("prop")}
        assert options == props


def test_colour_classes_of_sites_cover_every_utilisation():
    ranges = list(fromstring(site_style().split("\n", 1)[1]).iter("range"))
    bounds = [(float(each.get("lower")), float(each.get("upper"))) for each in ranges]

    assert bounds[0][0] == 0.0
    assert bounds[-1][1] == 1.0
    assert all(a[1] == b[0] for a, b in pairwise(bounds))
