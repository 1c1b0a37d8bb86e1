"""One figure of one site, followed through everything that people open."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest

from planner.plan.finished_run import read_finished_run
from planner.plan.map_classes import USE, SiteClasses
from planner.plan.plan_tables import write_tables
from planner.plan.schemas import SITES
from planner.reporting.figures.run_figures import run_figures
from planner.reporting.gis.export import export_qgis, write_map
from planner.reporting.gis.plan_map import PLAN_MAP, plan_map
from planner.reporting.html_report import write_html_report
from planner.reporting.layout_files import LAYOUT_COLUMNS
from planner.reporting.manifest import plan_manifest
from planner.reporting.spreadsheet import write_spreadsheet
from planner.runs.manifests import write_manifest
from planner.tables.forms import names_unit
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table_files import write_csv

FOLLOWED = SITES.quantities("n_hpc", MEAN_WAIT, "utilisation_share", "peak_power_kw")
UNITS = {"minutes": "min", "percent": "%", "power": "kW"}
"""What is said behind a figure by its form."""


@pytest.fixture(scope="module")
def run(plan, tmp_path_factory):
    """A run with all that people open."""
    folder = tmp_path_factory.mktemp("run")
    write_tables(plan, folder)
    write_manifest(folder / "run.json", plan_manifest(plan))
    write_html_report(plan, folder / "report.html")
    write_map(plan_map(plan), folder, PLAN_MAP, LANGUAGES[0])
    return read_finished_run(folder)


@pytest.fixture(scope="module")
def site(run):
    """The balanced plan's site with the most points, as Parquet has it."""
    table = pd.read_parquet(run.folder / "sites.parquet")
    balanced = table[table["solution_name"] == "balanced"]
    return balanced.loc[balanced["n_hpc"].idxmax()]


def row_of(table, site):
    rows = table[(table["site_id"] == site["site_id"])]
    return rows[rows["solution_name"] == "balanced"].iloc[0] if "solution_name" in rows else rows


def test_csv_has_the_figures_of_parquet_under_the_same_names(run, site, tmp_path):
    """Also in the table of ``planner evaluate``, whose figures are those of the catalogue."""
    write_csv(run.table(SITES), SITES, tmp_path / "sites.csv")
    found = row_of(pd.read_csv(tmp_path / "sites.csv"), site)
    of_layouts = {column.name: column for column in LAYOUT_COLUMNS}
    for figure in FOLLOWED:
        assert found[figure.name] == pytest.approx(site[figure.name], rel=1e-12)
        same = of_layouts.get(figure.name, figure)
        assert (same.unit, same.form, same.title) == (figure.unit, figure.form, figure.title)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_the_workbook_has_them_with_unit_under_the_heading_of_the_catalogue(run, site, language):
    path = run.folder / f"plan-{language.code}.xlsx"
    write_spreadsheet(run, path, language)
    book = openpyxl.load_workbook(path)
    header, *rows = book[language.text("Sites")].iter_rows(values_only=True)
    sites = pd.DataFrame(rows, columns=header)
    plan, key = header[0], SITES.quantities("site_id")[0].heading(language)
    title = run.titles(language)["balanced"]
    (found,) = sites[(sites[plan] == title) & (sites[key] == site["site_id"])].to_dict("records")
    for figure in FOLLOWED:
        assert found[figure.heading(language)] == pytest.approx(site[figure.name], rel=1e-9)
    defined = book[language.text("Definitions")].iter_rows(values_only=True)
    named = {(row[1], row[2]) for row in defined}
    assert {(figure.heading(language), figure.name) for figure in FOLLOWED} <= named


def test_page_and_tip_of_the_page_have_them_in_all_languages(run, site):
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    written = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1]
    data = json.loads(written)
    told = {each["key"]: each for each in data["siteColumns"]}
    place = data["sites"]["site_id"].index(site["site_id"])
    solution = next(each for each in data["named"] if each["name"] == "balanced")["solution"]
    assert data["layouts"][solution][place] == site["n_hpc"]
    for figure in FOLLOWED:
        column = told[figure.name]
        assert column["form"] == figure.form
        for language in LANGUAGES:
            heading = figure.heading(language, with_unit=False)
            assert column["title"][language.code] == heading


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_the_map_for_qgis_has_them_with_title_and_unit_in_layer_and_tip(
    run, site, language, tmp_path
):
    folder = export_qgis(run.folder, language, out=tmp_path / "map").parent
    layer = pyogrio.read_dataframe(folder / "plan.gpkg", layer="sites_balanced")
    found = layer[layer["site_id"] == site["site_id"]].iloc[0]
    with sqlite3.connect(folder / "plan.gpkg") as database:
        asked = "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?"
        titles = dict(database.execute(asked, ("sites_balanced",)))
    with zipfile.ZipFile(folder / "plan.qgz") as archive:
        project = archive.read("plan.qgs").decode()
    for figure in FOLLOWED:
        assert found[figure.name] == pytest.approx(site[figure.name], rel=1e-9)
        # What is a share in the file says so: readers of pages and sheets get percent.
        heading = figure.heading(language).removesuffix(" (%)")
        is_share = figure.form == "percent"
        assert titles[figure.name].startswith(heading)
        assert titles[figure.name] == heading or is_share
        tip = f"&lt;td&gt;{figure.heading(language, with_unit=False)}&lt;/td&gt;&lt;td&gt;"
        shown = project.partition(tip)[2].partition("%]")[0]
        assert f'"{figure.name}"' in shown
        assert not names_unit(figure.form) or f"' {UNITS[figure.form]}'" in shown


def test_the_figure_for_papers_draws_the_site_in_its_size_and_class(run, plan, site):
    """The picture is the chart of these rows: the largest circle is the site, in its class."""
    figure = next(each for each in run_figures(run, LANGUAGES[0]) if each.name == "map")
    drawn = figure.draw(400.0)
    rows = [
        row
        for rows in (drawn if isinstance(drawn, dict) else drawn.to_dict())["datasets"].values()
        for row in rows
        if set(row) == {"x", "y", "n_hpc", "use"}
    ]
    largest = max(rows, key=lambda row: row["n_hpc"])
    assert largest["n_hpc"] == site["n_hpc"]
    limits = SiteClasses.of([plan.site_figures]).limits(USE)
    assert largest["use"] == np.searchsorted(limits, site["utilisation_share"])
