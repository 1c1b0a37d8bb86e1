"""The project and the GeoPackage in real QGIS: valid layers, styles, themes, print layouts.

They skip where QGIS is missing; `.ci/install_tools` installs it.
"""

import re
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.plan.depot_figures import DepotFigures
from planner.plan.depot_schemas import DEPOTS
from planner.plan.front_groups import FrontGroups
from planner.plan.groups import site_labels
from planner.plan.study_inputs import read_inputs
from planner.reporting.gis.export import translated
from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.group_layers import GROUP_LAYERS
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.qgis_project import write_project
from planner.reporting.gis.qgis_xml import layer_id
from planner.reporting.gis.template_filling import TEMPLATES
from planner.scenario.load import load_scenario
from planner.tables.language import ENGLISH
from tests.languages import GERMAN
from tests.real_qgis import in_qgis, needs_qgis, seen_by_qgis
from tests.unit.reporting.synthetic_plan import plan_on, synthetic_market

pytestmark = pytest.mark.qgis

HERE = Path(__file__).parent
PROJECT = "project.qgs"
SAVE_TEMPLATES = HERE.parents[1] / "docs" / "save_qgis_templates.py"
SEA, LAND, OTHER_LAND = "#dfe9f0", "#fafaf8", "#ececE8".lower()


@pytest.fixture(scope="module")
def plan():
    """Made-up figures on the real network and sites of Germany."""
    scenario = load_scenario("germany-10")
    inputs = read_inputs(scenario)
    results = plan_on(inputs.graph, inputs.sites)
    results = replace(
        results,
        depots=two_depots(),
        front_groups=groups_of(inputs, results),
        # who is to be named for Germany's own roads, sites and freight: the longest foot of a sheet
        scenario=results.scenario
        | {"network": {"source": "builtin"}, "sites": {"source": "builtin"}}
        | {
            "demand": {"source": "builtin", "transit": {"source": "builtin"}, "fitted_to": "counts"}
        },
    )
    return plan_map(results, synthetic_market(results))


def groups_of(inputs, results):
    """Groups of the real sites, each with made-up figures that grow with its number."""
    labels = site_labels(inputs.sites, inputs.region_of_site)
    names, of_site = [], {}
    for grouping, of_sites in labels.items():
        groups = sorted({str(label) or "unknown" for label in of_sites})
        of_site[grouping] = np.array([groups.index(str(each) or "unknown") for each in of_sites])
        names += [(grouping, group) for group in groups]
    figures = 1000.0 * np.tile(np.arange(1.0, len(names) + 1), (len(results.front), 1))
    return FrontGroups(names, of_site, dict.fromkeys(results.front_groups.figures, figures))


def two_depots():
    """A depot that many trips start at, and one that none does."""
    nothing = {column.name: 0.0 for column in DEPOTS.columns if column.dtype == "float64"}
    counts = {column.name: 0 for column in DEPOTS.columns if column.dtype == "int64"}
    texts = {column.name: "EUR" for column in DEPOTS.columns if column.dtype == "string"}
    busy = {"depot_id": "Busy", "lon": 10.0, "lat": 52.0, "n_departures": 400}
    idle = {"depot_id": "Idle", "lon": 9.0, "lat": 50.0, "departure_soc_share": float("nan")}
    rows = [nothing | counts | texts | {"is_proved": True} | each for each in (busy, idle)]
    rows[0]["departure_soc_share"] = 0.87
    depots = pd.DataFrame(rows)[DEPOTS.column_names]
    return DepotFigures(depots, pd.DataFrame(), pd.DataFrame())


def placeholders(path):
    return re.findall(r"{{.*?}}|{%.*?%}", path.read_text(encoding="utf-8"))


def qgis_version(path):
    return re.search(r' version="([^"]+)', path.read_text(encoding="utf-8"))[1]


def probe(plan, folder, language, kind):
    needs_qgis()
    plan = translated(plan, language)
    write_geopackage(plan, folder / "plan.gpkg", language)
    write_project(plan, folder / "plan.qgz", language)
    return seen_by_qgis(folder / "plan.qgz", folder, kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("qgis")


@pytest.fixture(scope="module")
def seen(plan, folder):
    return probe(plan, folder, ENGLISH, "png")


def test_the_project_opens_without_a_complaint(plan, seen):
    assert seen["is_read"]
    assert seen["warnings"] == []
    assert (seen["title"], seen["crs"]) == (plan.name, "EPSG:3035")


def test_all_layers_are_valid_and_have_all_features(plan, seen):
    shown = {layer_id(name): layer for name, layer in plan.layers.items() if name != "sites"}

    assert seen["layers"].keys() == shown.keys()
    for name, layer in seen["layers"].items():
        assert layer["is_valid"], name
        assert layer["crs"] == "EPSG:4326"
        assert layer["n_features"] == len(shown[name])


def test_the_geopackage_alone_looks_like_the_project(seen):
    for name, alone in seen["alone"].items():
        assert alone["is_valid"], name
        if name != "sites":
            assert alone == seen["layers"][layer_id(name)]
    assert seen["alone"]["sites"]["renderer"] == "graduatedSymbol"


def test_sites_are_sized_by_points_and_coloured_by_use(plan, seen):
    for solution in plan.views:
        layer = seen["layers"][layer_id(solution.sites)]
        assert layer["renderer"] == "graduatedSymbol"
        assert "utilisation_share" in layer["attribute"]
        assert "n_hpc" in layer["size"]
        assert len({colour for *_, colour in layer["classes"]}) == len(layer["classes"]) >= 5
        assert layer["sizes"][0] == "1 point"
        assert layer["has_labels"]
        assert layer["display"] == '"name"'
        first = plan.layers[solution.sites].iloc[0]
        assert f"<b>{first['name']}</b>" in layer["tip_of_first"]
        assert (
            f"<td>Mean wait</td><td>{first['mean_wait_min']:.1f} min</td>"
            in (layer["tip_of_first"])
        )
        assert layer["aliases"]["mean_wait_min"] == "Mean wait (min)"


def test_sites_of_the_market_are_coloured_by_price(plan, seen):
    layer = seen["layers"][layer_id(MARKET_LAYER)]
    assert layer["renderer"] == "graduatedSymbol"
    assert "price_eur_kwh" in layer["attribute"]
    assert "n_hpc_market" in layer["size"]
    assert len({colour for *_, colour in layer["classes"]}) == len(layer["classes"]) == 6
    paid = plan.layers[MARKET_LAYER].iloc[0]["price_eur_kwh"]
    assert f"<td>Price (EUR/kWh)</td><td>{paid:.3f}</td>" in layer["tip_of_first"]
    assert layer["aliases"]["price_eur_kwh"] == "Price (EUR/kWh)"
    assert layer_id(MARKET_LAYER) not in seen["visible"]
    assert layer_id(MARKET_LAYER) in seen["themes"]["What a kWh costs"]["layers"]
    assert seen["themes"]["What a kWh costs"]["errors"] == []


@pytest.mark.parametrize("name", GROUP_LAYERS)
def test_groups_have_a_theme_and_a_sheet_with_their_classes(plan, seen, name):
    layer = seen["layers"][layer_id(name)]
    assert layer["renderer"] == "graduatedSymbol"
    assert layer["attribute"] == GROUP_LAYERS[name].figure
    assert len({colour for *_, colour in layer["classes"]}) == len(layer["classes"]) >= 3
    assert f"<b>{escape(plan.layers[name].iloc[0]['group'])}</b>" in layer["tip_of_first"]
    theme = seen["themes"][GROUP_LAYERS[name].title]
    assert layer_id(name) in theme["layers"]
    assert theme["errors"] == []
    assert GROUP_LAYERS[name].title in seen["layouts"]


def test_depots_are_coloured_by_the_charge_on_leaving(seen):
    layer = seen["layers"][layer_id(DEPOT_LAYER)]
    assert layer["renderer"] == "graduatedSymbol"
    assert "departure_soc_share" in layer["attribute"]
    assert "n_departures" in layer["size"]
    # five classes of charge, and one for depots that nothing starts at
    assert len({colour for *_, colour in layer["classes"]}) == len(layer["classes"]) == 6
    assert "<b>Busy</b>" in layer["tip_of_first"]
    assert "<td>SoC at departure</td><td>87 %</td>" in layer["tip_of_first"]
    assert layer["aliases"]["grid_peak_kw"] == "Grid peak (kW)"
    assert layer_id(DEPOT_LAYER) in seen["visible"]
    assert all(layer_id(DEPOT_LAYER) in theme["layers"] for theme in seen["themes"].values())


def test_roads_are_as_wide_as_their_flow(seen):
    network = seen["layers"][layer_id("network")]

    assert network["renderer"] == "graduatedSymbol"
    assert network["attribute"] == "trucks_per_day"
    assert len(network["classes"]) == 5


def test_it_opens_with_the_default_solution_alone(plan, seen):
    sites = {layer_id(each.sites) for each in plan.views}

    assert sites & set(seen["visible"]) == {layer_id(plan.default.sites)}
    assert {layer_id("network"), layer_id("roads")} <= set(seen["visible"])
    order = [each for each in seen["order"] if each in seen["visible"]]
    assert order[0] in sites
    assert order[-1] == layer_id("countries")


def test_each_theme_shows_its_solution_and_another_picture(plan, seen, folder):
    pictures = set()
    for solution in plan.views:
        theme = seen["themes"][solution.title]
        of_sites = [name for name in theme["layers"] if "sites_" in name]
        assert of_sites == [layer_id(solution.sites)]
        assert theme["errors"] == []
        pictures.add((folder / f"theme-{solution.title}.png").read_bytes())
    assert len(pictures) == len(plan.views)
    assert layer_id("unserved") in seen["themes"]["Trips that find no site in range"]["layers"]


def test_pictures_show_land_and_sea(seen):
    regions = GROUP_LAYERS["regions"].title  # which cover the land
    for theme in (each for name, each in seen["themes"].items() if name != regions):
        colours = dict(theme["colours"])
        assert colours[SEA] > 0.03 * 700**2
        assert colours[LAND] > 0.1 * 700**2
        assert colours[OTHER_LAND] > 0.05 * 700**2


def test_each_print_layout_exports_an_a4_sheet(seen, folder):
    assert seen["layouts"].keys() == seen["themes"].keys() | {"Comparison"}
    for name, layout in seen["layouts"].items():
        is_comparison = name == "Comparison"
        assert layout["themes"] == ([""] * 3 if is_comparison else [name])
        assert set(layout["crs"]) == {"EPSG:3035"}
        assert layout["page_mm"] == ([297.0, 210.0] if is_comparison else [210.0, 297.0])
        assert all(layout["legend_layers"])
        assert layout["scale_bars"] == [[True, "km"]]
        assert layout["is_exported"]
        assert (folder / layout["file"]).stat().st_size > 100_000
        assert cut(layout) == []


def cut(layout):
    """Texts of a sheet that have less room than they take."""
    return [name for name, (taken, room) in layout["heights_mm"].items() if taken > room]


def test_the_comparison_shows_three_solutions(seen):
    of_maps = seen["layouts"]["Comparison"]["layers"]

    assert of_maps == [
        [layer_id(name), layer_id("network"), layer_id("countries")]
        for name in ("sites_logistics", "sites_balanced", "sites_cpo")
    ]


def test_german_opens_too_and_its_sheets_are_exported_as_pdf(plan, tmp_path):
    seen = probe(plan, tmp_path, GERMAN, "pdf")

    assert seen["is_read"]
    assert seen["warnings"] == []
    assert all(layer["is_valid"] for layer in seen["layers"].values())
    assert "Ausgewogen" in seen["themes"]
    assert len(seen["layouts"]) == len(seen["themes"]) + 1
    for layout in seen["layouts"].values():
        assert layout["is_exported"]
        assert cut(layout) == []
        assert (tmp_path / layout["file"]).read_bytes().startswith(b"%PDF")


def test_templates_are_as_qgis_saves_them(tmp_path):
    needs_qgis()
    in_qgis(tmp_path, SAVE_TEMPLATES, TEMPLATES, tmp_path)

    names = {each.name for each in TEMPLATES.iterdir()}
    assert names == {each.name for each in tmp_path.iterdir() if each.suffix}
    for name in names:
        kept, saved = (folder / name for folder in (TEMPLATES, tmp_path))
        assert placeholders(saved) == placeholders(kept), name
        # Another version of QGIS may write more.
        if qgis_version(tmp_path / PROJECT) == qgis_version(TEMPLATES / PROJECT):
            assert saved.read_bytes() == kept.read_bytes(), name


def test_templates_changed_in_qgis_differ_in_that_alone(plan, seen, folder, tmp_path):
    package, layer = folder / "plan.gpkg", plan.default.sites
    in_qgis(tmp_path, HERE / "change_in_qgis.py", TEMPLATES, package, layer, tmp_path)
    in_qgis(tmp_path, SAVE_TEMPLATES, tmp_path, tmp_path)

    colours = changed_lines("sites.qml", tmp_path)
    assert len(colours) == 2
    assert all("255,0,255" in each and 'color"' in each for each in colours)
    (title,) = changed_lines("sheet.qpt", tmp_path)
    assert 'position="20,7,mm"' in title
    assert "{{ title }}" in title


def changed_lines(name, folder):
    """Lines that a template has otherwise now, but for what QGIS changes by itself.

    It names the parts of a layout anew, and writes the font that it takes for one that is missing.
    """
    own = re.compile(r' fontFamily="[^"]*"|\{[0-9a-f-]{36}\}')
    before, after = (
        own.sub("", (place / name).read_text(encoding="utf-8")).splitlines()
        for place in (TEMPLATES, folder)
    )
    return [new for old, new in zip(before, after, strict=True) if old != new]
