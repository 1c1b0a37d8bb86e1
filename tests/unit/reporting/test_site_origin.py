"""Nobody may take a computed site for a planned one."""

from __future__ import annotations

import json
import re

import openpyxl
import pytest

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.plan.site_origin import site_origin, site_origins
from planner.reporting.gis.layer_styles import layer_style
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.themes import attribution
from planner.reporting.html_report import render_html_report
from planner.reporting.manifest import plan_manifest
from planner.reporting.spreadsheet import write_spreadsheet
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.mark.parametrize(
    ("sites", "said", "auf_deutsch"),
    [
        (
            {"source": "builtin", "network": "policy"},
            "official.*Computed are the carriageways served, .*parking spaces",
            "amtlich.*Berechnet sind",
        ),
        (
            {"source": "builtin", "network": "extended"},
            "extended network.*official list.*computed",
            "erweiterte Netz.*amtliche Liste.*berechnet",
        ),
        (
            {"source": "table", "direction": "one", "off_road_km": 0.25},
            r"given by you.*assumed: the carriageway beside it.*0\.25 km",
            "von Ihnen vorgegeben.*angenommen: die Richtungsfahrbahn daneben.*0,25 km",
        ),
        ({"source": "spacing"}, "computed by the rule", "nach der Regel"),
        ({"source": "table"}, "given by you", "von Ihnen vorgegeben"),
        ({"source": "osm"}, "OpenStreetMap", "OpenStreetMap"),
    ],
)
def test_every_source_of_sites_says_what_it_is(sites, said, auf_deutsch):
    assert re.search(said, site_origin(sites, ENGLISH))
    assert re.search(auf_deutsch, site_origin(sites, GERMAN))


MARKS = ["official", "given", "computed"]


def test_several_studies_say_each_origin_once():
    policy, extended = ({"source": "builtin", "network": name} for name in ("policy", "extended"))
    said = site_origins([policy, extended, policy], ENGLISH)
    assert said == f"{site_origin(policy, ENGLISH)} {site_origin(extended, ENGLISH)}"


def test_tables_and_sheets_mark_each_site_and_hold_what_the_official_list_says(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    run = read_finished_run(tmp_path)
    sites = run.sites()
    assert sites["site_origin"][:3].tolist() == MARKS
    assert sites["official_number"][:2].tolist() == ["46", ""]
    assert sites["grid_operator_mv"][:2].tolist() == ["A Netz", ""]
    for language, heading, marks in (
        (ENGLISH, "Where from", ("official", "given by you", "computed")),
        (GERMAN, "Herkunft", ("amtlich", "von Ihnen vorgegeben", "berechnet")),
    ):
        write_spreadsheet(run, tmp_path / "plan.xlsx", language)
        book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
        header, *rows = book[language.text("Sites")].iter_rows(values_only=True)
        assert tuple(row[header.index(heading)] for row in rows[:3]) == marks
        defined = book[language.text("Definitions")].iter_rows(values_only=True)
        assert any(row[2] == "site_origin" and row[3] for row in defined)


def test_the_page_marks_each_site_in_its_table_and_popup(plan):
    page = render_html_report(plan)
    data = json.loads(re.search(r"<script[^>]*json[^>]*>(.*?)</script>", page, re.DOTALL).group(1))
    assert data["sites"]["site_origin"][:3] == MARKS
    assert "site_origin" in [column["key"] for column in data["siteColumns"]]
    for site, mark in enumerate(("official", "given by you", "computed")):
        row = re.search(rf'<tr data-name="{site}">.*?</tr>', page, re.DOTALL).group()
        assert f'<span lang="en">{mark}</span>' in row
    # What the official list says besides stands where one site is asked for.
    assert data["sites"]["grid_operator_hv"][0] == "B Netz"
    assert "B Netz" not in page[: page.index('<script type="application/json"')]


def test_map_layers_mark_each_site_and_the_sheets_say_where_they_come_from(plan):
    mapped = plan_map(plan)
    for layer in ("sites", *mapped.view_of_sites):
        assert mapped.layers[layer]["site_origin"][:3].tolist() == MARKS
        assert mapped.layers[layer]["official_number"][0] == "46"
    assert "site_origin" in layer_style(mapped, "sites", ENGLISH).findtext("mapTip")
    assert site_origin(plan.scenario["sites"], ENGLISH) in attribution(mapped, ENGLISH)
