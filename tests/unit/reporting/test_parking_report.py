"""Page, list of what to build and map of the parking spaces of a finished run."""

import html
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring

from planner.parking.columns import PARKING_CASES, PARKING_HOURS, PARKING_REGIONS
from planner.parking.needs import (
    ALL,
    PLANNED,
    REASONS,
    SHORT,
    WITHOUT,
    ParkingNeeds,
)
from planner.parking.rules import read_parking_rules
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_tables import write_tables
from planner.reporting.charts.parking import standing_chart
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.manifest import plan_manifest
from planner.reporting.parking_report import (
    BOOK,
    MAP,
    PAGE,
    regions_in_brief,
    rest_of_regions,
    sentences,
    write_parking,
)
from planner.reporting.phrases import unbroken
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH, LANGUAGES
from tests.languages import GERMAN


@pytest.fixture(scope="module")
def run(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parking")
    write_tables(plan, folder)
    write_map(plan_map(plan), folder, "plan", ENGLISH)
    manifest = plan_manifest(plan)
    manifest["scenario"]["description"] = "Toy [demand.electrification_share=0.2]"
    write_manifest(folder / "run.json", manifest)
    return read_finished_run(folder, PLAN)


@pytest.fixture(scope="module")
def needs(run):
    told = run.sites()
    told = told[told["solution_name"] == run.default_solution.name].reset_index(drop=True)
    n = len(told)
    lacking = np.arange(n) * 10
    sites = told[["site_id", "name", "road", "lon", "lat", "n_hpc", "n_lpc"]].assign(
        region=["north" if i % 2 else "south" for i in range(n)],
        spaces=50,
        spaces_sure="computed",
        point_bays=(told["n_hpc"] + told["n_lpc"]).astype(float),
        wanted_day=100.0,
        moved_on_day=7.0,
        standing=30.0,
        at_points=5.0,
        full_hours=3,
        nowhere=lacking.astype(float),
        state=np.where(lacking > 0, SHORT, "full"),
        to_build=lacking,
        to_build_without=lacking // 2,
    )
    figures = [name for name in PARKING_REGIONS.column_names if name in sites and name != "region"]
    regions = sites.assign(region=ALL).groupby("region", as_index=False)[figures].sum()
    regions = regions.assign(n_sites=n)[PARKING_REGIONS.column_names]
    hours = pd.DataFrame({name: np.arange(24) for name in PARKING_HOURS.column_names})
    rows = [(PLANNED, "", 9), (WITHOUT, "", 5), ("search_h", "low", 7), ("search_h", "high", 12)]
    cases = pd.DataFrame(rows, columns=["case", "end", "to_build"])
    cases = cases.reindex(columns=PARKING_CASES.column_names)
    rules = read_parking_rules()
    published = pd.DataFrame(
        [
            {"figure": figure, "published": 4.0, "ours": 5.0, "reason": reason, "source": "said"}
            for figure, reason in REASONS.items()
        ]
    )
    counted = rules.counted_on("builtin")
    return ParkingNeeds(sites, regions, hours, cases, published, rules, 0.25, counted, 21, 1000)


def test_the_pack_holds_page_list_and_a_themed_map(run, needs, tmp_path):
    write_parking(needs, run, "toy, balanced", tmp_path, GERMAN)
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "toy, balanced <span>Toy [demand.electrification_share=0.2]</span>" in page
    page = html.unescape((tmp_path / PAGE).read_text(encoding="utf-8"))
    for language in LANGUAGES:
        for sentence in sentences(needs, language):
            assert unbroken(sentence) in page
    layer = gpd.read_file(tmp_path / f"{MAP}.gpkg", layer="parking_sites")
    assert layer["to_build"].tolist() == needs.sites["to_build"].tolist()
    with zipfile.ZipFile(tmp_path / f"{MAP}.qgz") as archive:
        project = archive.read(f"{MAP}.qgs").decode()
    assert "Lkw bleiben ohne Stellplatz" in project
    assert "Zu bauende Stellplätze" in project
    tree = fromstring(project.split("\n", 1)[1]).find("layer-tree-group")
    ticked = {
        each.get("name")
        for each in tree.iter("layer-tree-layer")
        if each.get("checked") == "Qt::Checked"
    }
    assert "Lkw-Stellplätze" in ticked
    assert "Ausgewogen" not in ticked
    assert f"Zu bauende Stellplätze: {GERMAN.count(needs.sites['to_build'].sum())}" in project
    listed = pd.read_excel(tmp_path / BOOK, sheet_name="Zu bauende Stellplätze")
    assert len(listed) == len(needs.building()) > 0


def test_what_is_said_follows_the_figures(needs):
    told = " ".join(sentences(needs, ENGLISH))
    total = int(needs.sites["to_build"].sum())
    assert f"{total:,} spaces are to be built at {len(needs.sites) - 1} sites" in told
    assert "each counted in its own fullest hour and with what points take" in told
    assert "it is 7 to 12 spaces" in told
    sure = needs.sites["spaces_sure"].value_counts()
    assert f"is given for {sure.get('given', 0)} of these sites" in told
    assert "19,627" not in told  # what was published stands in the table that is shown
    assert len(regions_in_brief(needs).rows) == 1
    assert rest_of_regions(needs, ENGLISH) == ""


def test_the_hours_of_a_day_are_named_at_their_axis_as_on_other_pages():
    for language, title in ((ENGLISH, "Hour of the day"), (GERMAN, "Uhrzeit (h)")):
        bars = standing_chart(language).to_dict()["layer"][0]
        assert bars["encoding"]["x"]["title"] == title
