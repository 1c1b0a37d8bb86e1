"""What changes at each site between compared runs: table, page, map for QGIS."""

from __future__ import annotations

import json
import re
import zipfile

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
import vl_convert

from planner.plan.compared_runs import ComparedRun
from planner.plan.schemas import SITES
from planner.plan.site_changes import SITE_CHANGES, site_changes
from planner.reporting.changed_sites import ChangedSites
from planner.reporting.charts.changes import changes_map
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import plan_map
from planner.tables.language import ENGLISH
from planner.tables.table import check_table
from tests.languages import GERMAN
from tests.unit.reporting.synthetic_plan import synthetic_plan


@pytest.fixture(scope="module")
def mapped():
    return synthetic_plan()


@pytest.fixture
def run_of(tmp_path, mapped):
    def make(name, level, points, waits, seed=1, first=0):
        folder = tmp_path / name
        folder.mkdir()
        sites = mapped.figures_of("balanced").iloc[first : first + len(points)]
        sites = sites.assign(n_hpc=points, mean_wait_min=waits)
        sites[SITES.column_names].to_parquet(folder / "sites.parquet")
        (folder / "plan.gpkg").touch()
        figures = {"n_hpc": sum(points), "mean_wait_min": 2.0, "tcu": 0.3}
        summary = {"n_trips": 9, "n_unserved": 0, "solutions": {"balanced": figures}}
        manifest = {"name": name, "scenario": mapped.scenario, "summary": summary}
        (folder / "run.json").write_text(json.dumps(manifest))
        flat = {"demand.electrification_share": str(level)}
        return ComparedRun(folder, name, level, seed, flat | {"seed": str(seed)}, {}, summary, {})

    return make


def test_a_site_that_one_run_lacks_has_no_points_there_and_no_wait(run_of):
    table = site_changes(
        [run_of("old", 0.1, [2, 5], [3.0, 1.0])], [run_of("new", 0.2, [9, 1], [4.0, 0.5], first=1)]
    )
    check_table(table, SITE_CHANGES)
    assert table["n_hpc_change"].tolist() == [4.0, -2.0, 1.0]
    assert table["mean_wait_change_min"].round(9).dropna().tolist() == [3.0]


def test_runs_on_roads_without_names_have_a_map_around_their_sites(run_of):
    table = site_changes([run_of("old", 0.1, [2, 5], [3, 1])], [run_of("new", 0.2, [9, 1], [4, 1])])
    no_roads, around = (
        gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326")
        for shapes in ([], [shapely.Point(table["lon"][0], table["lat"][0]).buffer(0.1)])
    )
    layers = changes_map(table, no_roads, around, ENGLISH).to_dict()["layer"]
    assert len(layers) == 3


@pytest.mark.parametrize("most", [1, 2, 3, 40])
def test_the_legend_tells_each_number_of_points_once(run_of, most):
    table = site_changes([run_of("old", 0.1, [2], [3])], [run_of("new", 0.2, [2 + most], [4])])
    around = gpd.GeoDataFrame(
        geometry=[shapely.Point(table["lon"][0], table["lat"][0]).buffer(0.1)], crs="EPSG:4326"
    )
    chart = changes_map(table, around.iloc[:0], around, ENGLISH)
    legend = re.search(
        r"role-legend-entry.*", vl_convert.vegalite_to_svg(chart.to_dict()), re.DOTALL
    )
    told = re.findall(r">([\d,]+)</text>", legend[0])
    assert len(told) >= 2
    assert len(set(told)) == len(told)


def test_draws_of_a_run_count_with_their_means(run_of):
    old = [run_of(f"old{seed}", 0.1, [2 * seed], [seed], seed) for seed in (1, 2)]
    table = site_changes(old, [run_of("new", 0.2, [4], [2.0])])
    assert table[["n_hpc_change", "mean_wait_change_min"]].to_numpy().tolist() == [[1.0, 0.5]]


def test_changes_are_a_layer_and_a_theme_of_the_comparison_and_a_map_on_its_page(
    run_of, mapped, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "planner.reporting.changed_sites.read_layers",
        lambda _, names: {name: plan_map(mapped).layers[name] for name in names},
    )
    runs = [
        run_of("ten", 0.1, [2, 5, 3], [3.0, 1.0, 2.0]),
        run_of("a20", 0.2, [6, 5, 1], [0.0] * 3),
    ]
    changed = ChangedSites.of(runs)
    (chart,) = changed.charts().values()
    assert chart(GERMAN).to_dict()["layer"][2]["encoding"]["color"]["scale"]["domain"] == [
        "mehr Ladepunkte",
        "ebenso viele Ladepunkte",
        "weniger Ladepunkte",
    ]
    shown = changed.section().parts[-1].table
    at = [column.key for column in shown.columns].index("n_hpc_change")
    assert [row[at].text.english for row in shown.rows] == ["+4", "\N{MINUS SIGN}2", "0"]

    write_map(changed.map(ENGLISH), tmp_path, "comparison", ENGLISH)
    layer = pyogrio.read_dataframe(tmp_path / "comparison.gpkg", layer="changes_a20")
    assert layer["n_hpc_change"].tolist() == [4.0, -2.0, 0.0]
    with zipfile.ZipFile(tmp_path / "comparison.qgz") as archive:
        project = archive.read("comparison.qgs").decode()
    assert 'name="a20 instead of ten"' in project
    assert changed.map(GERMAN).views[0].title == "a20 statt ten"
    assert "2 high-power points more in all" in project


def test_runs_without_a_site_in_common_have_no_map_of_changes(run_of):
    runs = [run_of("one", 0.1, [2], [1.0]), run_of("two", 0.2, [3], [1.0], first=1)]
    assert ChangedSites.of(runs) is None
    assert isinstance(site_changes(runs[:1], runs[1:]), pd.DataFrame)
