"""The plan as a GeoPackage."""

import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from threading import Event

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from defusedxml.ElementTree import fromstring

from planner.plan.front_groups import FrontGroups
from planner.plan.map_classes import USE, SiteClasses, class_labels, size_counts
from planner.reporting.gis.geopackage import new_geopackage, write_geopackage
from planner.reporting.gis.layer_styles import layer_style
from planner.reporting.gis.plan_layers import unserved_layer
from planner.reporting.gis.plan_map import geometry_type, plan_map
from planner.reporting.gis.qgis_project import write_project
from planner.reporting.gis.style_values import flow_bounds
from planner.reporting.gis.themes import map_themes, not_drawn
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.fixture(scope="module")
def mapped(plan):
    return plan_map(plan)


@pytest.fixture(scope="module")
def package(mapped, tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
    write_geopackage(mapped, path, ENGLISH)
    return path


def query(path, statement):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def styles_of(path):
    styles = query(path, "SELECT f_table_name, styleQML FROM layer_styles")
    return {name: fromstring(qml.split("\n", 1)[1]) for name, qml in styles}


def test_layers_are_in_degrees_valid_and_of_one_kind(plan, mapped, package):
    solutions = {f"sites_{s.name.replace('-', '_')}" for s in plan.named_solutions}
    layers = {name for name, _ in pyogrio.list_layers(package)} - {"layer_styles"}

    assert layers == set(mapped.layers)
    assert {"sites", "network", "flows", "roads", "unserved", "places", "countries"} <= layers
    assert solutions <= layers
    for name in layers:
        layer = gpd.read_file(package, layer=name)
        assert layer.crs.to_epsg() == 4326
        assert layer.geometry.is_valid.all()
        assert not layer.geometry.is_empty.any()
        assert set(layer.geom_type) == {geometry_type(name)}


def test_it_is_a_geopackage_of_version_1_2(package):
    assert query(package, "PRAGMA user_version") == [(10200,)]
    assert query(package, "PRAGMA integrity_check") == [("ok",)]
    assert query(package, "PRAGMA foreign_key_check") == []


def test_sites_carry_the_balanced_plan_and_every_named_one(plan, package):
    sites = gpd.read_file(package, layer="sites")

    np.testing.assert_allclose(sites.geometry.x, plan.sites.lon)
    assert list(sites["name"]) == list(plan.sites.name)
    balanced = plan.hpc_layouts[plan.default_solution.solution]
    assert sites["n_hpc"].tolist() == balanced.tolist() == sites["n_hpc_balanced"].tolist()
    for named in plan.named_solutions:
        key = named.name.replace("-", "_")
        own = gpd.read_file(package, layer=f"sites_{key}")
        expected = plan.hpc_layouts[named.solution].tolist()
        assert sites[f"n_hpc_{key}"].tolist() == own["n_hpc"].tolist() == expected


def test_flows_leave_out_empty_arcs_and_tell_the_direction(plan, tmp_path):
    trucks = np.zeros(plan.graph.n_arcs)
    trucks[0] = 12.0
    mapped = plan_map(replace(plan, arc_trucks_per_day=trucks))
    write_geopackage(mapped, tmp_path / "plan.gpkg", ENGLISH)
    flows = gpd.read_file(tmp_path / "plan.gpkg", layer="flows")

    assert flows["trucks_per_day"].tolist() == [12.0]
    assert flows["direction"][0] in {"E", "NE", "SE"}
    assert flows["from_place"][0] == plan.graph.node_name[plan.graph.arc_from_idx[0]]


def test_the_network_has_both_directions_and_roads_add_it_up(plan, mapped):
    network, roads = mapped.layers["network"], mapped.layers["roads"]

    assert len(network) * 2 == plan.graph.n_arcs
    assert network["trucks_per_day"].sum() == pytest.approx(plan.arc_trucks_per_day.sum())
    truck_km = (network["trucks_per_day"] * network["length_km"]).sum()
    assert roads["truck_km_per_day"].sum() == pytest.approx(truck_km)
    assert roads["length_km"].sum() == pytest.approx(plan.graph.arc_length_km.sum() / 2.0)


def test_unserved_trips_are_counted_by_place_and_reason(plan, mapped):
    unserved = mapped.layers["unserved"]

    assert unserved["n_trips"].sum() == len(plan.unserved)
    assert not unserved.duplicated(["place", "reason"]).any()
    first = unserved.iloc[0]
    at_first = plan.unserved[plan.unserved["place"] == first["place"]]
    assert first["n_trips"] == len(at_first)
    assert (first.geometry.x, first.geometry.y) == (
        at_first["lon"].iloc[0],
        at_first["lat"].iloc[0],
    )


def test_places_are_towns_and_then_others_by_trips(plan, mapped):
    places = mapped.layers["places"]

    n_trips = places["n_departures"] + places["n_arrivals"]
    is_town = places["geonames_id"] > 0
    assert n_trips.sum() == 2 * len(plan.trips)
    assert is_town.is_monotonic_decreasing
    assert n_trips[~is_town].is_monotonic_decreasing
    assert places["rank"].tolist() == list(range(1, len(places) + 1))


def test_every_field_has_a_title_with_its_unit(mapped, package):
    titles = {
        (layer, field): title
        for layer, field, title in query(
            package, "SELECT table_name, column_name, title FROM gpkg_data_columns"
        )
    }
    fields = {(name, field) for name, layer in mapped.layers.items() for field in layer.columns} - {
        (name, "geometry") for name in mapped.layers
    }

    assert set(titles) == fields
    assert titles["sites_balanced", "mean_wait_min"] == "Mean wait (min)"
    assert titles["sites", "peak_power_kw_cpo"] == "Peak power (kW), Operator"
    units = {"_min": "(min)", "_kw": "(kW)", "_mwh": "(MWh)", "_km": "(km)", "_kmh": "(km/h)"}
    for (_, field), title in titles.items():
        for ending, unit in units.items():
            if field.endswith(ending):
                assert title.endswith(unit)
    assert ("gpkg_schema",) in query(package, "SELECT extension_name FROM gpkg_extensions")


def test_titles_and_legends_can_be_german_while_names_stay(mapped, package, tmp_path):
    write_geopackage(mapped, tmp_path / "plan.gpkg", GERMAN)
    german = tmp_path / "plan.gpkg"

    statement = "SELECT table_name, column_name FROM gpkg_data_columns ORDER BY 1, 2"
    assert query(german, statement) == query(package, statement)
    title = "SELECT title FROM gpkg_data_columns WHERE column_name = 'mean_wait_min' LIMIT 1"
    assert query(german, title) == [("Mittlere Wartezeit (min)",)]
    labels = {each.get("label") for each in styles_of(german)["sites"].iter("range")}
    limits = SiteClasses.of(mapped.layers[name] for name in mapped.view_of_sites).limits(USE)
    assert set(class_labels(limits, USE.form, GERMAN)) <= labels


def test_styles_are_registered_the_way_qgis_makes_them(mapped, package):
    columns = query(package, "SELECT name FROM pragma_table_info('layer_styles')")
    assert len(columns) == 13
    styles = query(
        package, "SELECT f_table_name, f_geometry_column, useAsDefault FROM layer_styles"
    )
    assert sorted(styles) == sorted((name, "geom", 1) for name in mapped.layers)
    kinds = dict(query(package, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["layer_styles"] == "attributes"


def test_every_symbol_property_is_written_for_old_and_new_qgis(package):
    for style in styles_of(package).values():
        for layer in style.iter("layer"):
            options = {entry.get("name"): entry.get("value") for entry in layer.find("Option")}
            props = {entry.get("k"): entry.get("v") for entry in layer.findall("prop")}
            assert options == props


def test_fields_have_aliases_in_the_order_of_the_table(package):
    for name, style in styles_of(package).items():
        columns = ["fid", *pyogrio.read_info(package, layer=name)["fields"]]
        aliases = list(style.find("aliases"))
        assert [each.get("field") for each in aliases] == columns
        assert all(each.get("name") for each in aliases[1:])


def test_colour_classes_of_sites_cover_every_utilisation(package):
    ranges = list(styles_of(package)["sites_balanced"].iter("range"))
    bounds = [(float(each.get("lower")), float(each.get("upper"))) for each in ranges]
    bounds = [pair for pair in bounds if pair[0] >= 0.0]

    assert (bounds[0][0], bounds[-1][1]) == (0.0, 1.0)
    assert all(a[1] == b[0] for a, b in pairwise(bounds))


@pytest.mark.parametrize("most", [0.0, 0.3, 7.0, 100.0, 2863.5, 40_000.0])
def test_classes_of_flows_are_round_and_cover_all(most):
    bounds = flow_bounds(most)

    assert bounds[0] == 0.0
    assert bounds[-1] >= most
    assert all(a < b for a, b in pairwise(bounds))
    assert len(bounds) <= 6
    assert all(f"{bound:.0e}"[0] in "125" for bound in bounds[1:-1])


def test_counts_of_a_size_legend_are_few_and_round():
    assert size_counts(1) == [1]
    assert size_counts(2) == [1, 2]
    assert size_counts(17) == [1, 5, 10]
    assert size_counts(130) == [1, 10, 100]
    assert size_counts(0) == [1]


def test_equal_plans_give_equal_bytes_and_nothing_is_left_behind(plan, package, tmp_path):
    write_geopackage(plan_map(plan), tmp_path / "again.gpkg", ENGLISH)

    assert (tmp_path / "again.gpkg").read_bytes() == package.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.gpkg"]


def test_a_file_that_another_thread_ends_meanwhile_leaves_its_fixed_time_to_one_at_work(tmp_path):
    has_begun, meets, has_ended = Event(), Event(), Event()
    fixed = []

    def ends_first():
        with new_geopackage(tmp_path / "one.gpkg") as new:
            new.touch()
            has_begun.set()
            meets.wait(0.3)
        has_ended.set()

    def goes_on():
        has_begun.wait(10)
        with new_geopackage(tmp_path / "other.gpkg") as new:
            new.touch()
            meets.set()
            has_ended.wait(10)
            fixed.append(pyogrio.get_gdal_config_option("OGR_CURRENT_DATE"))

    with ThreadPoolExecutor(2) as threads:
        for done in (threads.submit(ends_first), threads.submit(goes_on)):
            done.result()
    assert fixed == ["2000-01-01T00:00:00.000Z"]
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_plan_without_unserved_trips_has_an_empty_layer(plan, tmp_path):
    mapped = plan_map(replace(plan, unserved=plan.unserved.iloc[:0]))
    write_geopackage(mapped, tmp_path / "plan.gpkg", ENGLISH)

    info = pyogrio.read_info(tmp_path / "plan.gpkg", layer="unserved")
    assert (info["features"], info["geometry_type"]) == (0, "Point")
    assert list(info["fields"]) == ["place", "reason", "n_trips"]


def test_a_failed_write_leaves_an_older_plan_alone(mapped, package, tmp_path, monkeypatch):
    path = tmp_path / "plan.gpkg"
    path.write_bytes(package.read_bytes())
    monkeypatch.setattr("planner.reporting.gis.geopackage._LAYER_STYLES_TABLE", "CREATE nonsense")

    with pytest.raises(sqlite3.OperationalError):
        write_geopackage(mapped, path, ENGLISH)
    assert path.read_bytes() == package.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.gpkg"]


def test_a_few_sites_across_a_border_make_no_country_a_planned_one(mapped, tmp_path):
    countries = mapped.layers["countries"].copy()
    countries["n_sites"] = [98, 2] + [0] * (len(countries) - 2)
    odd = replace(mapped, layers=mapped.layers | {"countries": countries})
    write_geopackage(odd, tmp_path / "plan.gpkg", ENGLISH)

    renderer = styles_of(tmp_path / "plan.gpkg")["countries"].find("renderer-v2")
    assert renderer.get("attr") == "if(\"n_sites\" >= 5, '1', '0')"


def test_the_layer_of_unserved_trips_shows_holes_of_the_network_alone(plan):
    unserved = plan.unserved.copy()
    unserved["reason"] = np.resize(
        ["no site in range", "starts below the minimum state of charge", "no route"], len(unserved)
    )
    layer = unserved_layer(replace(plan, unserved=unserved))

    assert set(layer["reason"]) == {"no site in range"}
    assert layer["n_trips"].sum() == (unserved["reason"] == "no site in range").sum()


def test_regions_are_areas_with_the_figures_of_their_group(plan, tmp_path):
    assert "regions" not in plan_map(plan).layers
    middle = float(np.median(plan.sites.lon))
    boxes = [shapely.box(0.0, 40.0, middle, 60.0), shapely.box(middle, 40.0, 30.0, 60.0)]
    regions = plan.groups.loc[plan.groups["grouping"] == "region", "group"].unique()
    named = gpd.GeoDataFrame({"part": [regions[0], "Nobody"]}, geometry=boxes, crs="EPSG:4326")
    named.to_file(tmp_path / "areas.gpkg")
    settings = {"path": str(tmp_path / "areas.gpkg"), "layer": "", "name_column": "part"}
    mapped = plan_map(replace(plan, scenario=plan.scenario | {"regions": settings}))
    layer = mapped.layers["regions"].set_index("group")
    shown = plan.groups[plan.groups["solution_name"] == plan.default_solution.name]
    row = shown[(shown["grouping"] == "region") & (shown["group"] == regions[0])].iloc[0]
    assert layer.loc[regions[0], "simultaneous_peak_kw"] == row["simultaneous_peak_kw"]
    assert layer.loc["Nobody", "energy_day_mwh"] == 0.0
    style = layer_style(mapped, "regions", GERMAN)
    classes = list(style.iter("range"))
    assert classes[-1].get("label").startswith("über ")
    assert classes[-1].get("label").endswith("MWh")
    assert float(classes[-1].get("upper")) >= layer["energy_day_mwh"].max()
    titles = [theme.name for theme in map_themes(mapped, GERMAN)]
    assert "Ergebnisse nach Regionen" in titles
    write_project(mapped, tmp_path / "plan.qgz", GERMAN)
    with zipfile.ZipFile(tmp_path / "plan.qgz") as archive:
        project = fromstring(archive.read("plan.qgs").decode().split("\n", 1)[1])
    sheets = {each.get("name"): each for each in project.iter("Layout")}
    items = {each.get("id") for each in sheets["Ergebnisse nach Regionen"].iter("LayoutItem")}
    assert {"legend", "legend of flows", "map"} <= items
    assert "legend of sizes" not in items  # areas have none


def map_of_groups(plan):
    """A map with groups by road and by operator, known of one site, figures 1, 2, ... by group."""
    roads = sorted(set(plan.sites.road))
    of_road = np.array([roads.index(road) for road in plan.sites.road])
    operators = np.minimum(np.arange(plan.sites.n_sites), 1)  # one site, and the unknown others
    names = [("road", road) for road in roads]
    names += [("grid_operator_mv", "A Netz"), ("grid_operator_mv", "unknown")]
    energy = np.tile(np.arange(1.0, len(names) + 1), (len(plan.front), 1))
    figures = dict.fromkeys(plan.front_groups.figures, energy)
    groups = FrontGroups(names, {"road": of_road, "grid_operator_mv": operators}, figures)
    return plan_map(replace(plan, front_groups=groups))


def test_motorways_and_sites_of_operators_have_the_figures_of_their_group(plan):
    roads = sorted(set(plan.sites.road))
    mapped = map_of_groups(plan)
    motorways = mapped.layers["motorways"].set_index("group")
    assert list(motorways["energy_day_mwh"]) == list(range(1, len(roads) + 1))
    network = mapped.layers["network"]
    of_first = network.geometry[network["road"] == roads[0]]
    expected = sum(each.length for each in of_first)
    assert motorways.geometry[roads[0]].length == pytest.approx(expected)
    (operator,) = mapped.layers["operators_mv"].itertuples()
    assert (operator.group, len(operator.geometry.geoms)) == ("A Netz", 1)
    labels = [
        each.get("label") for each in layer_style(mapped, "operators_mv", GERMAN).iter("range")
    ]
    assert all(label.endswith(("kW", "MW")) for label in labels)


def test_layers_of_groups_say_which_sites_they_lack(plan, tmp_path):
    mapped = map_of_groups(plan)
    n_hpc = mapped.layers[mapped.default.sites]["n_hpc"]
    one = mapped.layers["operators_mv"].assign(n_sites=1.0, n_hpc=float(n_hpc.iloc[0]))
    all_of_them = one.assign(n_sites=float(len(n_hpc)), n_hpc=float(n_hpc.sum()))
    lacking = replace(mapped, layers=mapped.layers | {"operators_mv": one})
    whole = replace(mapped, layers=mapped.layers | {"operators_mv": all_of_them})
    expected = (
        f"Not drawn are {len(n_hpc) - 1} sites with {n_hpc.iloc[1:].sum():.0f} of the "
        f"{n_hpc.sum():.0f} high-power points, whose group is unknown or not on the map"
    )
    assert not_drawn(lacking, "operators_mv", ENGLISH) == expected
    assert not_drawn(whole, "operators_mv", ENGLISH) == ""
    assert not_drawn(lacking, "roads", ENGLISH) == ""
    (theme,) = (each for each in map_themes(lacking, ENGLISH) if each.shown == "operators_mv")
    assert theme.subtitle == expected
    write_project(lacking, tmp_path / "plan.qgz", GERMAN)
    with zipfile.ZipFile(tmp_path / "plan.qgz") as archive:
        project = fromstring(archive.read("plan.qgs").decode().split("\n", 1)[1])
    abstracts = {
        each.findtext("datasource").rpartition("=")[2]: each.findtext("resourceMetadata/abstract")
        for each in project.iter("maplayer")
    }
    assert abstracts["operators_mv"].startswith("Nicht gezeichnet sind")
    assert not abstracts["roads"]
