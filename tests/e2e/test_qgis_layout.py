"""The project of a layout of one's own, as `planner evaluate --qgis` leaves it, in real QGIS.

What the workbench takes away is the same to the byte: tests/e2e/workbench/test_taking.py.
"""

import geopandas as gpd
import pandas as pd
import pytest

from planner.layouts.evaluation import evaluate_layout
from planner.reporting.gis.qgis_xml import layer_id
from tests.real_qgis import needs_qgis, seen_by_qgis

pytestmark = pytest.mark.qgis

LAYOUT, BEFORE, CHANGES = "sites_layout", "sites_before", "changes_layout"
ALL = {layer_id(name) for name in (LAYOUT, BEFORE, CHANGES)}
PLACE = (8.2, 51.1)
"""Beside the road between two of the study's towns, where it has no site."""


@pytest.fixture(scope="module")
def layout(plain_run, tmp_path_factory):
    """The balanced plan with one site closed, one with five points more, and one added."""
    needs_qgis()
    place = tmp_path_factory.mktemp("layout")
    table, added = place / "own.csv", place / "sites.csv"
    sites = plain_run.table("sites").query("solution_name == 'balanced'")[["site_id", "n_hpc"]]
    points = [0, sites["n_hpc"].iloc[1] + 5, *sites["n_hpc"].iloc[2:], 4]
    pd.DataFrame({"site_id": [*sites["site_id"], "new"], "n_hpc": points}).to_csv(
        table, index=False
    )
    new = {"site_id": "new", "name": "Rastplatz <Neu>", "lon": PLACE[0], "lat": PLACE[1]}
    pd.DataFrame([new]).to_csv(added, index=False)
    out = place / "out"
    evaluate_layout(plain_run.folder, table, sites_file=added, qgis=True, out=out)
    return out


@pytest.fixture(scope="module")
def seen(layout):
    return seen_by_qgis(layout / "layout.qgz", layout)


def test_the_project_opens_without_a_complaint_and_all_layers_are_valid(layout, seen):
    assert seen["is_read"]
    assert seen["warnings"] == []
    assert seen["layers"].keys() > ALL
    for name, layer in seen["layers"].items():
        kept = gpd.read_file(layout / "layout.gpkg", layer=name.removeprefix("plan_layer_"))
        assert layer["is_valid"], name
        assert layer["n_features"] == len(kept), name


def test_sites_before_and_after_have_the_same_classes_and_changes_their_own(seen):
    own, before, changes = (seen["layers"][layer_id(name)] for name in (LAYOUT, BEFORE, CHANGES))
    for layer in (own, before):
        assert layer["renderer"] == "graduatedSymbol"
        assert "utilisation_share" in layer["attribute"]
        assert "n_hpc" in layer["size"]
    assert own["classes"] == before["classes"]
    assert own["sizes"] == before["sizes"]
    assert changes["renderer"] == "graduatedSymbol"
    assert "n_hpc_change" in changes["attribute"]
    assert seen["alone"][LAYOUT] == own


def test_it_shows_the_layout_first_and_each_theme_is_another_picture(layout, seen):
    assert ALL & set(seen["visible"]) == {layer_id(LAYOUT)}
    titles = ["Your layout", "Balanced plan", "Your layout instead of balanced plan"]
    assert seen["themes"].keys() == set(titles)
    for title, name in zip(titles, (LAYOUT, BEFORE, CHANGES), strict=True):
        theme = seen["themes"][title]
        assert theme["errors"] == []
        assert {layer_id(name)} == ALL & set(theme["layers"])
    pictures = {path.read_bytes() for path in layout.glob("theme-*.png")}
    assert len(pictures) == len(titles)
    assert all(each["is_exported"] for each in seen["layouts"].values())


def test_titles_of_sheets_fit_a_line(seen):
    sheets = seen["layouts"]
    assert sheets["Your layout"]["title"] == "Charging points for 50 % electric trucks: Your layout"
    changes = "Your layout instead of balanced plan"
    assert sheets[changes]["title"] == f"small: {changes}"
