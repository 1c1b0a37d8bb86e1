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

from planner.network.towns import TOWNS_ATTRIBUTION
from planner.plan.compared_runs import ComparedRun
from planner.plan.map_places import names_in
from planner.plan.schemas import SITES
from planner.plan.site_changes import SITE_CHANGES, site_changes
from planner.reporting.changed_sites import ChangedSites
from planner.reporting.charts.changes import changes_map
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.page_sections import Table, Text
from planner.tables.language import ENGLISH
from planner.tables.table import check_table
from tests.languages import GERMAN
from tests.unit.reporting.synthetic_plan import synthetic_plan

NO_PLACES = gpd.GeoDataFrame(
    {"place": [], "n_departures": [], "n_arrivals": []}, geometry=[], crs="EPSG:4326"
)


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
    layers = changes_map(table, no_roads, around, NO_PLACES, ENGLISH).to_dict()["layer"]
    assert [len(each.get("encoding", {})) > 3 for each in layers[:3]] == [False, False, True]


@pytest.mark.parametrize("most", [1, 2, 3, 40])
def test_the_legend_tells_each_number_of_points_once(run_of, most):
    table = site_changes([run_of("old", 0.1, [2], [3])], [run_of("new", 0.2, [2 + most], [4])])
    around = gpd.GeoDataFrame(
        geometry=[shapely.Point(table["lon"][0], table["lat"][0]).buffer(0.1)], crs="EPSG:4326"
    )
    chart = changes_map(table, around.iloc[:0], around, NO_PLACES, ENGLISH)
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
    (shown,) = (part for part in changed.section().parts if isinstance(part, Table))
    assert shown.hint.english == "All 2 sites with more or fewer high-power points."
    at = [column.key for column in shown.table.columns].index("n_hpc_change")
    assert [row[at].text.english for row in shown.table.rows] == ["+4", "\N{MINUS SIGN}2"]

    write_map(changed.map(ENGLISH), tmp_path, "comparison", ENGLISH)
    layer = pyogrio.read_dataframe(tmp_path / "comparison.gpkg", layer="changes_a20")
    assert layer["n_hpc_change"].tolist() == [4.0, -2.0, 0.0]
    with zipfile.ZipFile(tmp_path / "comparison.qgz") as archive:
        project = archive.read("comparison.qgs").decode()
    assert 'name="a20 instead of ten"' in project
    assert changed.map(GERMAN).views[0].title == "a20 statt ten"
    assert "2 high-power points more in all" in project


@pytest.fixture
def told_of(run_of, mapped, monkeypatch):
    """What the page says of two plans with these points: sentences, and rows of its tables."""
    layers = plan_map(mapped).layers
    monkeypatch.setattr(
        "planner.reporting.changed_sites.read_layers",
        lambda _, names: {name: layers[name] for name in names},
    )

    def told(before, after):
        plans = {"a": (0.1, before), "b": (0.2, after)}
        runs = [run_of(name, *plan, [1.0] * len(before)) for name, plan in plans.items()]
        parts = ChangedSites.of(runs).section().parts
        tables = [part for part in parts if isinstance(part, Table)]
        hints = [part.text for part in parts if isinstance(part, Text)]
        told = [each.english for each in (*(table.hint for table in tables), *hints)]
        return told, [len(each.table.rows) for each in tables]

    return told


@pytest.mark.parametrize(
    ("n_changed", "said"),
    [
        (0, "No site has more or fewer high-power points."),
        (1, "The only site with more or fewer high-power points."),
        (15, "All 15 sites with more or fewer high-power points."),
        (
            16,
            "Of 16 sites with more or fewer high-power points the 15 with the largest change.",
        ),
    ],
)
def test_the_table_of_changes_has_no_site_that_stays_as_it_is(told_of, n_changed, said):
    before = [2] * 20
    after = [5] * n_changed + before[n_changed:]
    sentences, n_rows = told_of(before, after)
    assert said in sentences
    assert f"Names of towns: {TOWNS_ATTRIBUTION}." in sentences
    assert n_rows == ([min(n_changed, 15)] if n_changed else [])


def test_the_map_of_changes_names_towns_in_the_language_of_the_page(run_of, mapped):
    table = site_changes([run_of("old", 0.1, [2, 5], [3, 1])], [run_of("new", 0.2, [9, 1], [4, 1])])
    layers = plan_map(mapped).layers
    behind = [layers[name] for name in ("roads", "countries", "places")]
    for language in (ENGLISH, GERMAN):
        chart = changes_map(table, *behind, language).to_dict()
        rows = [row for rows in chart["datasets"].values() for row in rows]
        towns = [row["name"] for row in rows if set(row) == {"name", "lon", "lat"}]
        assert 2 <= len(towns) <= 14
        assert set(towns) <= set(names_in(language, layers["places"]))


def test_runs_without_a_site_in_common_have_no_map_of_changes(run_of):
    runs = [run_of("one", 0.1, [2], [1.0]), run_of("two", 0.2, [3], [1.0], first=1)]
    assert ChangedSites.of(runs) is None
    assert isinstance(site_changes(runs[:1], runs[1:]), pd.DataFrame)
