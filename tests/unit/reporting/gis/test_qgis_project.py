"""The QGIS project of a plan, without QGIS."""

import zipfile
from dataclasses import replace
from xml.etree.ElementTree import tostring

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from planner.reporting.gis.layer_styles import layer_style
from planner.reporting.gis.map_tips import as_text
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.qgis_project import map_crs, map_frame, write_project
from planner.reporting.gis.qgis_xml import layer_id
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

HOLES = "Trips that find no site in range"


@pytest.fixture(scope="module")
def mapped(plan):
    return plan_map(plan)


def written(mapped, folder, language=ENGLISH):
    path = folder / "plan.qgz"
    write_project(mapped, path, language)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["plan.qgs"]
        return fromstring(archive.read("plan.qgs").decode().split("\n", 1)[1])


@pytest.fixture(scope="module")
def project(mapped, tmp_path_factory):
    return written(mapped, tmp_path_factory.mktemp("qgz"))


def moved(mapped, lon, lat):
    """The same plan around another point on Earth."""
    network = mapped.layers["network"].copy()
    west, south, east, north = network.total_bounds
    shift = lon - (west + east) / 2.0, lat - (south + north) / 2.0
    network["geometry"] = network.geometry.translate(*shift)
    return replace(mapped, layers=mapped.layers | {"network": network})


def test_layers_lie_beside_the_project_and_are_in_the_tree(mapped, project):
    layers = {each.findtext("id"): each for each in project.iter("maplayer")}
    in_tree = [each.get("id") for each in project.find("layer-tree-group").iter("layer-tree-layer")]

    assert (
        set(layers)
        == set(in_tree)
        == {layer_id(name) for name in mapped.layers} - {layer_id("sites")}
    )
    for name in mapped.layers:
        if name != "sites":
            source = layers[layer_id(name)].findtext("datasource")
            assert source == f"./plan.gpkg|layername={name}"
            assert layers[layer_id(name)].find("srs/spatialrefsys/wkt").text
    assert project.find("properties/Paths/Absolute").text == "false"
    assert project.find("properties/SpatialRefSys/ProjectionsEnabled").text == "1"


def test_sites_lie_on_top_and_countries_at_the_bottom(project):
    order = [each.get("id") for each in project.find("layerorder")]

    assert order[0] == layer_id("sites_logistics")
    assert order[-2:] == [layer_id("network"), layer_id("countries")]


def test_one_solution_at_a_time_is_ticked_at_first_the_default(plan, project):
    group = project.find("layer-tree-group/layer-tree-group")
    ticked = [each.get("id") for each in group if each.get("checked") == "Qt::Checked"]

    assert group.get("mutually-exclusive") == "1"
    assert ticked == [layer_id(f"sites_{plan.default_solution.name}")]
    child = group.findall("layer-tree-layer")[int(group.get("mutually-exclusive-child"))]
    assert child.get("id") == ticked[0]


def test_there_are_a_theme_and_a_layout_for_each_solution_and_the_unserved(plan, project):
    themes = [each.get("name") for each in project.iter("visibility-preset")]
    layouts = [each.get("name") for each in project.iter("Layout")]

    assert themes == [each.title for each in plan.named_solutions] + [HOLES]
    assert layouts == [*themes, "Comparison"]
    for layout in project.iter("Layout"):
        followed = [each.get("followPresetName") for each in layout.iter("LayoutItem")]
        followed = [name for name in followed if name]
        name = layout.get("name")
        assert followed == ([] if name == "Comparison" else [name])


def test_the_comparison_shows_both_ends_and_the_middle(project):
    layout = next(each for each in project.iter("Layout") if each.get("name") == "Comparison")
    maps = {each.get("id"): each.findall("LayerSet/Layer") for each in layout.iter("LayoutItem")}
    of_maps = [[each.text for each in maps[f"map {number}"]] for number in (1, 2, 3)]

    assert of_maps == [
        [layer_id(name), layer_id("network"), layer_id("countries")]
        for name in ("sites_logistics", "sites_balanced", "sites_cpo")
    ]


def test_layouts_tell_the_numbers_of_their_solution(plan, project):
    for named in plan.named_solutions:
        layout = next(each for each in project.iter("Layout") if each.get("name") == named.title)
        texts = " ".join(each.get("labelText", "") for each in layout.iter("LayoutItem"))
        assert ENGLISH.count(plan.summary["solutions"][named.name]["n_hpc"]) in texts
        assert "10 % electric trucks" in texts
        assert "Natural Earth" in texts


def test_uuids_of_all_layouts_differ(project):
    uuids = [each.get("uuid") for each in project.iter("LayoutItem")]

    assert len(set(uuids)) == len(uuids)


def test_a_plan_without_unserved_trips_or_countries_shows_none(mapped, tmp_path):
    layers = mapped.layers
    empty = {name: layers[name].iloc[:0] for name in ("unserved", "countries")}
    bare = written(replace(mapped, layers=layers | empty), tmp_path)

    ids = {each.findtext("id") for each in bare.iter("maplayer")}
    assert ids.isdisjoint({layer_id("unserved"), layer_id("countries")})
    assert HOLES not in {each.get("name") for each in bare.iter("visibility-preset")}


def test_names_are_german_on_demand(mapped, tmp_path):
    german = written(mapped, tmp_path, GERMAN)

    assert b"{{" not in tostring(german)
    themes = [each.get("name") for each in german.iter("visibility-preset")]
    assert themes[2] == "Ausgewogen"
    assert themes[-1] == "Fahrten ohne Standort in Reichweite"
    assert "Ladestandorte" in {each.get("name") for each in german.iter("layer-tree-group")}


def test_a_name_with_signs_of_xml_stays_a_name(mapped, tmp_path):
    odd = replace(mapped, name='<b>"A&B"</b> {{ 7 * 7 }}', level_share=None)

    project = written(odd, tmp_path)
    assert project.findtext("title") == '<b>"A&B"</b> {{ 7 * 7 }}'
    assert any(
        '<b>"A&B"</b> {{ 7 * 7 }}' in each.get("labelText", "")
        for each in project.iter("LayoutItem")
    )


def test_the_frame_holds_all_roads(mapped):
    west, south, east, north = map_frame(mapped, "EPSG:4326")
    bounds = mapped.layers["network"].total_bounds

    assert west < bounds[0] < bounds[2] < east
    assert south < bounds[1] < bounds[3] < north
    assert np.isfinite(map_frame(mapped, map_crs(mapped))).all()


def test_maps_are_equal_area_in_europe_and_in_their_utm_zone_elsewhere(mapped):
    assert map_crs(mapped) == "EPSG:3035"
    assert map_crs(moved(mapped, -94.6, 39.1)) == "EPSG:32615"
    assert map_crs(moved(mapped, 151.2, -33.9)) == "EPSG:32756"


def test_equal_plans_give_equal_bytes(mapped, tmp_path):
    first, second = tmp_path / "plan.qgz", tmp_path / "again" / "plan.qgz"
    second.parent.mkdir()
    write_project(mapped, first, ENGLISH)
    write_project(mapped, second, ENGLISH)

    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in second.parent.iterdir()] == ["plan.qgz"]


def test_tips_show_names_as_text_and_never_as_html(mapped):
    shown = as_text('"name"')
    assert shown == (
        "[% replace(replace(\"name\", char(38), char(38) || 'amp;'), char(60), "
        "char(38) || 'lt;') %]"
    )
    assert shown in layer_style(mapped, "sites", ENGLISH).findtext("mapTip")
