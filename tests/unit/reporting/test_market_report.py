"""Report, tables, run.json and terminal of a market run."""

from __future__ import annotations

import json
import re
from io import StringIO

import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from rich.console import Console

from planner.errors import RunDirectoryError
from planner.market.alternatives import alternatives
from planner.market.analysis import rush_theory, slot_theory
from planner.market.market_run import simulate_market
from planner.market.market_schemas import MARKET_SCHEMAS
from planner.market.market_tables import market_tables
from planner.market.outcome import MarketOutcome, alternative_outcome, checked_invariants
from planner.market.steady_state import steady_state
from planner.plan.finished_run import FinishedRun
from planner.reporting.charts.market_chart_data import alternative_label
from planner.reporting.figures.page_figures import MARKET, page_figures
from planner.reporting.figures.rendering import picture
from planner.reporting.market_manifest import market_manifest
from planner.reporting.market_report import render_market_report
from planner.reporting.market_terminal import show_market_run
from planner.runs.manifests import write_manifest
from planner.scenario.market_scenario import load_market
from planner.tables.language import ENGLISH
from planner.tables.table import check_table
from planner.tables.table_files import write_csv_and_parquet
from tests.languages import GERMAN

SVG = "{http://www.w3.org/2000/svg}"
SUMMARY_KEYS = {
    "mean_price_eur_kwh",
    "min_hour_price_eur_kwh",
    "max_hour_price_eur_kwh",
    "hours_at_or_below_0_12",
    "utilisation_raw",
    "utilisation_corrected",
    "mean_wait_min",
    "profit_eur_day",
    "n_chargers",
    "n_seeds",
}


def outcome_of(*overrides):
    scenario = load_market("odeshog-market", ["n_iterations=300", "n_seeds=2", *overrides])
    run = simulate_market(scenario)
    state = steady_state(run)
    others = [one for one in alternatives(scenario) if one.key in {"start", "trucks.waits"}][-2:]
    return MarketOutcome(
        run,
        state,
        slot_theory(run, state),
        rush_theory(run, state),
        tuple(alternative_outcome(one) for one in others),
        checked_invariants(run),
    )


@pytest.fixture(scope="module")
def outcome():
    return outcome_of("name=test-market", 'description="a <b> & more"')


@pytest.fixture(scope="module")
def week():
    return outcome_of("demand_variation_share=1", "week={mon: 1, tue: 0.5}")


@pytest.fixture
def folder(outcome, tmp_path):
    write_csv_and_parquet(market_tables(outcome), tmp_path)
    content = {"kind": "market", **market_manifest(outcome), "provenance": {"seed": 1}}
    write_manifest(tmp_path / "run.json", content, "x")
    return tmp_path


def test_tables_keep_their_schemas(outcome, week):
    for found in (outcome, week):
        tables = market_tables(found)
        assert [schema for schema, _ in tables] == list(MARKET_SCHEMAS)
        for schema, table in tables:
            check_table(table, schema)
            assert len(table)
    hours = {schema.name: table for schema, table in market_tables(week)}["hours"]
    assert len(hours) == 168
    assert hours["day"].iloc[[0, 24, 167]].tolist() == ["mon", "tue", "sun"]


def test_files_of_a_table_agree(folder):
    for schema in MARKET_SCHEMAS:
        csv = pd.read_csv(folder / f"{schema.name}.csv")
        parquet = pd.read_parquet(folder / f"{schema.name}.parquet")
        assert list(csv.columns) == list(parquet.columns) == schema.column_names
        assert len(csv) == len(parquet)


def test_the_summary_has_its_keys(folder, outcome):
    manifest = json.loads((folder / "run.json").read_text())
    assert manifest["kind"] == "market"
    assert set(manifest["summary"]) == SUMMARY_KEYS
    assert len(manifest["summary"]["profit_eur_day"]) == 2
    assert len(manifest["summary"]["n_chargers"]) == 2
    raw, corrected = (
        manifest["summary"][key] for key in ("utilisation_raw", "utilisation_corrected")
    )
    assert corrected == pytest.approx(0.486 * raw)
    seeds = pd.read_csv(folder / "seeds.csv")
    assert manifest["summary"]["mean_price_eur_kwh"] == pytest.approx(
        seeds["mean_price_eur_kwh"].mean()
    )
    assert manifest["scenario"]["operators"]["north"]["costs"]["charger_eur_kw_day"] == 0.32
    assert manifest["headline"]["translations"]["de"]["question"].startswith("Was kostet")


def test_the_report_stands_alone_and_escapes_texts(outcome):
    page = render_market_report(outcome, {"seed": 1})
    assert "a &lt;b&gt; &amp; more" in page
    assert "<b> & more" not in page.replace('"a <b> & more"', "")
    without_library = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"""(src|href)=["']https?:""", without_library)
    assert page == render_market_report(outcome, {"seed": 1})
    for chart in ("price", "demand", "offers", "use", "queue", "break-even", "course-price"):
        assert f'id="chart-{chart}"' in page
    assert 'id="chart-alternatives-start"' in page
    assert 'lang="de">Was Lkw bezahlen' in page


def test_the_report_of_a_week_has_its_days(week):
    page = render_market_report(week, {"seed": 1})
    assert '<span lang="en">Tue</span><span lang="de">Di</span>' in page
    assert "in use on the average day" not in page


def test_charts_of_the_page_are_figures_for_a_paper_too(outcome, tmp_path):
    folder = FinishedRun(tmp_path, MARKET, {"name": "our market"})
    with pytest.raises(RunDirectoryError, match=r"report\.html"):
        page_figures(folder, GERMAN)
    page = render_market_report(outcome, {})
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    figures = {figure.name: figure for figure in page_figures(folder, GERMAN)}
    of_page = [part.partition('"')[0] for part in page.split('id="chart-')[1:]]
    assert sorted(figures) == sorted(name.replace("-", "_") for name in of_page)

    price = picture(figures["price"], 85.0, GERMAN)
    texts = [element.text for element in fromstring(price.svg).iter(f"{SVG}text")]
    assert {"Preis (EUR/kWh)", "Uhrzeit (h)"} <= set(texts)
    assert price.width_mm == 85.0
    pays = picture(figures["break_even"], 85.0, GERMAN)
    sides = {
        element.text: element.get("text-anchor")
        for element in fromstring(pays.svg).iter(f"{SVG}text")
    }
    assert "Auslastung, mittlerer Tag" in sides, "the use over the year, not of the typical day"
    of_dots = {text[:4]: side for text, side in sides.items() if text and "EUR/kWh: " in text}
    assert of_dots == {"0,17": "start", "0,40": "end"}, "the plot ends at 0.50"
    starts = picture(figures["alternatives_start"], 85.0, GERMAN)
    (name,) = [
        element.get("text-anchor")
        for element in fromstring(starts.svg).iter(f"{SVG}text")
        if "0,45 EUR/kWh" in (element.text or "")
    ]
    assert name == "start", "names stand above their rows, which are as wide as the picture"
    assert "our market" in figures["price"].caption


@pytest.mark.parametrize("name", ["course_price", "offers"])
def test_lines_of_operators_on_one_another_are_told_apart_by_their_dashes(outcome, tmp_path, name):
    folder = FinishedRun(tmp_path, MARKET, {"name": "our market"})
    (tmp_path / "report.html").write_text(render_market_report(outcome, {}), encoding="utf-8")
    [figure] = [each for each in page_figures(folder, GERMAN) if each.name == name]
    drawn = fromstring(picture(figure, 170.0, GERMAN).svg)
    dashes = {each.get("stroke-dasharray") for each in drawn.iter(f"{SVG}path")}
    assert {"1,0", "7,5"} <= dashes
    texts = [element.text for element in drawn.iter(f"{SVG}text")]
    if name == "course_price":
        assert {"Züge", "0"} <= set(texts)
        assert not any(text and text.endswith("k") for text in texts)


def test_every_alternative_has_a_name_in_every_language():
    for one in alternatives(load_market("odeshog-market")):
        for language in (ENGLISH, GERMAN):
            assert alternative_label(one.key, one.value, language)


def test_the_terminal_shows_a_run(folder):
    for language, expected in ((ENGLISH, "has not settled"), (GERMAN, "nicht eingeschwungen")):
        console = Console(width=80, record=True, file=StringIO())
        show_market_run(folder, console, language)
        text = console.export_text()
        assert "north" in text
        assert "23" in text
        assert expected in " ".join(text.split())


def test_a_folder_without_tables_is_refused(folder):
    (folder / "hours.parquet").unlink()
    with pytest.raises(RunDirectoryError, match=r"hours\.parquet"):
        show_market_run(folder, Console(), ENGLISH)
