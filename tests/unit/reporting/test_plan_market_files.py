"""What the report, the terminal and the data package tell of the market of a plan."""

import json
import math
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from rich.console import Console

from planner.plan.finished_run import read_finished_run
from planner.plan.market_figures import NationalFigures, write_national_tables
from planner.plan.market_schemas import (
    MARKET_HOURS_BY_SITE,
    MARKET_ROUNDS,
    MARKET_SITES,
    NATIONAL_SCHEMAS,
)
from planner.plan.plan_tables import write_tables
from planner.reporting.datapackage import write_datapackage
from planner.reporting.html_report import render_html_report
from planner.reporting.manifest import plan_manifest
from planner.reporting.national_market_headline import MARKET_PAGE, national_answer
from planner.reporting.spreadsheet import write_spreadsheet
from planner.reporting.terminal import show_run
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from planner.tables.table_files import write_parquet
from tests.data_packages import package_faults
from tests.languages import GERMAN


@pytest.fixture
def with_market(plan, market_summary):
    return replace(plan, summary=plan.summary | {"market": market_summary})


@pytest.fixture
def run_dir(with_market, tmp_path):
    write_tables(with_market, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(with_market))
    return tmp_path


def printed(folder, language):
    console = Console(width=80)
    with console.capture() as capture:
        show_run(folder, console, language)
    return re.sub(r"\s+", " ", capture.get())


def test_the_terminal_tells_the_headline_in_both_languages(run_dir, market_summary):
    for language, asked in ((ENGLISH, "what will a kWh cost?"), (GERMAN, "eine kWh kosten?")):
        text = printed(run_dir, language)
        assert asked in text
        assert national_answer(market_summary, language) in text
    assert "Trucks pay 0.17 EUR/kWh" in national_answer(market_summary, ENGLISH)
    assert "Lkw zahlen im Mittel 0,17 EUR/kWh" in national_answer(market_summary, GERMAN)


def test_a_plan_without_a_market_says_nothing_of_it(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    assert "kWh cost" not in printed(tmp_path, ENGLISH)
    html = render_html_report(plan)
    assert MARKET_PAGE not in html
    assert 'id="market"' not in html


def test_the_report_tells_it_and_leads_to_its_page(with_market, market_summary):
    html = render_html_report(with_market).replace("\N{NO-BREAK SPACE}", " ")
    section = html.partition('<section id="market">')[2].partition("</section>")[0]
    assert f'href="{MARKET_PAGE}"' in section
    for language in (ENGLISH, GERMAN):
        assert national_answer(market_summary, language) in section


def test_the_data_package_names_the_tables_with_their_keys(run_dir, market):
    hours = pd.DataFrame(
        [(site, hour, 0.2, 0.2, 10.0, 1.0) for site in market["site_id"] for hour in range(24)],
        columns=MARKET_HOURS_BY_SITE.column_names,
    )
    rounds = pd.DataFrame([(1, 1, 0.2, 30.0, 1.0)], columns=MARKET_ROUNDS.column_names)
    write_national_tables(NationalFigures(market, hours, rounds, {}), run_dir)
    path = write_datapackage(read_finished_run(run_dir))
    package = json.loads(path.read_text(encoding="utf-8"))
    by_path = {resource["path"]: resource for resource in package["resources"]}
    for schema in NATIONAL_SCHEMAS:
        for ending in ("csv", "parquet"):
            fields = by_path[f"{schema.name}.{ending}"]["schema"]["fields"]
            assert [field["name"] for field in fields] == schema.column_names
    of_hours = by_path["market_hours.csv"]["schema"]
    assert of_hours["primaryKey"] == ["site_id", "hour"]
    (reference,) = of_hours["foreignKeys"]
    assert by_path["market_sites.parquet"]["name"] == reference["reference"]["resource"]
    assert MARKET_SITES.name == "market_sites"
    assert package_faults(path) == []


def test_the_workbook_has_a_sheet_of_prices_in_both_languages(run_dir, market):
    write_parquet(market, MARKET_SITES, run_dir / "market_sites.parquet")
    run = read_finished_run(run_dir)
    for language, name, heading in (
        (ENGLISH, "Market", "Price (EUR/kWh)"),
        (GERMAN, "Markt", "Preis (EUR/kWh)"),
    ):
        write_spreadsheet(run, run_dir / "plan.xlsx", language)
        book = openpyxl.load_workbook(run_dir / "plan.xlsx")
        header, *rows = book[name].iter_rows(values_only=True)
        paid = [row[header.index(heading)] for row in rows]
        expected = [None if math.isnan(price) else price for price in market["price_eur_kwh"]]
        assert paid == pytest.approx(expected)
        mean = MARKET_ROUNDS.quantities("mean_price_eur_kwh")[0].heading(language)
        (first,) = [row for row in book.worksheets[0].iter_rows() if row[0].value == mean]
        assert first[1].value == 0.17
        meanings = {row[:2] for row in book.worksheets[-3].iter_rows(values_only=True)}
        assert (name, heading) in meanings


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_a_market_in_which_nobody_charges_says_so(market_summary, unknown):
    prices = {"mean_price_eur_kwh", "price_p90_eur_kwh", "mean_wait_min"}
    prices |= {"plan_mean_price_eur_kwh", "plan_mean_wait_min"}
    nobody = market_summary | dict.fromkeys(prices, unknown)
    assert national_answer(nobody, ENGLISH).startswith("No truck charges at the ")
    assert "lädt kein Lkw" in national_answer(nobody, GERMAN)
