"""The market of a plan as a layer and a theme of its map."""

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.reporting.gis.export import export_qgis, write_map
from planner.reporting.gis.layer_styles import layer_style, n_classes
from planner.reporting.gis.map_fields import layer_fields
from planner.reporting.gis.plan_layers import MARKET_LAYER
from planner.reporting.gis.plan_map import plan_map, read_plan_map
from planner.reporting.gis.qgis_xml import layer_id
from planner.reporting.gis.style_values import price_bounds
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.fixture(scope="module")
def finished(plan, market, tmp_path_factory):
    """Folder of a run with a market."""
    folder = tmp_path_factory.mktemp("market")
    write_tables(plan, folder)
    write_map(plan_map(plan, market), folder, "plan", ENGLISH)
    told = replace(plan, summary=plan.summary | {"market": {}})
    write_manifest(folder / "run.json", plan_manifest(told))
    return folder


def project(folder):
    with zipfile.ZipFile(folder / "plan.qgz") as archive:
        return fromstring(archive.read("plan.qgs").decode().split("\n", 1)[1])


def style(folder):
    with closing(sqlite3.connect(folder / "plan.gpkg")) as connection:
        ((text, is_default),) = connection.execute(
            "SELECT styleQML, useAsDefault FROM layer_styles WHERE f_table_name = ?",
            (MARKET_LAYER,),
        ).fetchall()
    assert is_default
    return fromstring(text.split("\n", 1)[1])


def ranges(styled):
    return [
        (float(each.get("lower")), float(each.get("upper")), each.get("label"))
        for each in styled.iter("range")
    ]


def test_the_layer_holds_the_table_at_the_sites(plan, market, finished):
    layer = gpd.read_file(finished / "plan.gpkg", layer=MARKET_LAYER)
    assert layer.crs.to_epsg() == 4326
    np.testing.assert_allclose(layer.geometry.x, plan.sites.lon)
    for column in ("price_eur_kwh", "n_hpc_market", "is_open"):
        np.testing.assert_array_equal(layer[column], market[column])


def test_every_price_has_one_class_and_closed_sites_a_cross(plan, market, finished):
    styled = style(finished)
    *classes, closed = ranges(styled)
    assert closed[2] == "nobody builds"
    assert len(classes) == 5
    assert all(before[1] == after[0] for before, after in pairwise(classes))
    prices = market["price_eur_kwh"].dropna()
    assert classes[0][0] <= prices.min() <= prices.max() <= classes[-1][1]
    found = np.histogram(prices, [classes[0][0], *(upper for _, upper, _ in classes)])[0]
    assert found.sum() == len(prices)
    assert found.min() >= 0.1 * len(prices)
    crosses = [
        each.get("value")
        for symbol in styled.iter("symbol")
        for each in symbol.iter("Option")
        if each.get("name") == "name" and symbol.get("name") == "5"
    ]
    assert "cross2" in crosses
    assert n_classes(layer_style(plan_map(plan, market), MARKET_LAYER, ENGLISH)) == 6


@pytest.mark.parametrize("prices", [[0.2, 0.2, 0.2], [0.204], []])
def test_few_prices_make_few_classes(plan, market, prices):
    few = market.assign(price_eur_kwh=np.nan, is_open=False)
    few.loc[few.index[: len(prices)], "price_eur_kwh"] = prices
    few.loc[few.index[: len(prices)], "is_open"] = True
    mapped = plan_map(plan, few)
    bounds = price_bounds(mapped.layers[MARKET_LAYER])
    assert len(bounds) == 2
    assert all(bounds[0] <= price <= bounds[1] for price in prices)
    assert n_classes(layer_style(mapped, MARKET_LAYER, ENGLISH)) == 2


def test_the_project_has_a_theme_and_a_sheet_for_it(market, finished):
    opened = project(finished)
    presets = {each.get("name"): each for each in opened.iter("visibility-preset")}
    shown = {each.get("id") for each in presets["What a kWh costs"].iter("layer")}
    assert {layer_id(MARKET_LAYER), layer_id("network"), layer_id("countries")} <= shown
    assert not any("plan_layer_sites" in name for name in shown)
    (sheet,) = [each for each in opened.iter("Layout") if each.get("name") == "What a kWh costs"]
    texts = " ".join(each.get("labelText", "") for each in sheet.iter("LayoutItem"))
    assert f"nothing at {(~market['is_open']).sum()} of {len(market)} sites" in texts
    ticked = [
        each.get("id")
        for each in opened.find("layer-tree-group").iter("layer-tree-layer")
        if each.get("checked") == "Qt::Checked"
    ]
    assert layer_id(MARKET_LAYER) not in ticked


def test_fields_have_titles_in_both_languages(plan, market):
    mapped = plan_map(plan, market)
    for language in (ENGLISH, GERMAN):
        fields = {each.name: each for each in layer_fields(mapped, MARKET_LAYER, language)}
        assert set(fields) == set(market.columns) - {"lon", "lat"}
        assert fields["price_eur_kwh"].title.endswith("(EUR/kWh)")
        assert all(each.meaning for each in fields.values())
    assert fields["n_hpc_market"].title == "Ladepunkte, die sich lohnen"


def test_it_is_read_back_and_exported_in_german(plan, market, finished, tmp_path):
    back = read_plan_map(read_finished_run(finished))
    assert list(back.layers) == list(plan_map(plan, market).layers)
    export_qgis(finished, GERMAN, out=tmp_path / "de")
    assert ranges(style(tmp_path / "de"))[-1][2] == "niemand baut"
    themes = [each.get("name") for each in project(tmp_path / "de").iter("visibility-preset")]
    assert "Was eine kWh kostet" in themes
