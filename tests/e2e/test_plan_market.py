"""A plan whose sites have a market: its files, and what they say together."""

from __future__ import annotations

import json
import re
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from rich.console import Console

from planner.plan import compute as plan_compute
from planner.plan import market as plan_market
from planner.plan.finished_run import read_finished_run
from planner.reporting.figures.page_figures import page_figures
from planner.reporting.figures.rendering import picture
from planner.reporting.national_market_headline import national_answer
from planner.reporting.terminal import show_run
from planner.scenario.load import load_scenario
from planner.studies import run
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

MARKET = {
    "price_cap_eur_kwh": 0.7,
    "n_iterations": 300,
    "n_seeds": 2,
    "corridors": {"n_rounds": 6},
}


@pytest.fixture(scope="module")
def asked():
    """Changes of the small study."""
    return [f"market={json.dumps(MARKET)}"]


def show(folder):
    """What the terminal tells in German, in one line."""
    console = Console(width=80)
    with console.capture() as capture:
        show_run(folder, console, GERMAN)
    return re.sub(r"\s+", " ", capture.get())


def test_a_plan_tells_what_a_kwh_costs_at_each_site(study_folder, asked):

    scenario = load_scenario(study_folder / "study.yaml", asked)
    folder = run(scenario, out=study_folder / "run").folder
    summary = json.loads((folder / "run.json").read_text())["summary"]["market"]
    sites = pd.read_parquet(folder / "market_sites.parquet")
    paid = sites["price_eur_kwh"].dropna()
    assert len(paid)
    assert paid.between(0.08, MARKET["price_cap_eur_kwh"] + 1e-9).all()
    assert sites["n_hpc_market"].sum() == pytest.approx(summary["n_hpc_market"])
    assert sites["subsidy_eur_day"].sum() == pytest.approx(summary["subsidy_eur_day"])
    assert paid.min() <= summary["mean_price_eur_kwh"] <= paid.max()
    assert sites["n_hpc_plan"].sum() == next(
        named["n_hpc"]
        for named in pd.read_csv(folder / "front.csv").to_dict("records")
        if named["name"] == "balanced"
    )
    layer = gpd.read_file(folder / "plan.gpkg", layer="market_sites")
    assert layer.crs.to_epsg() == 4326
    assert len(layer) == len(sites)
    with zipfile.ZipFile(folder / "plan.qgz") as archive:
        assert b"What a kWh costs" in archive.read("plan.qgs")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {resource["path"] for resource in package["resources"]}
    assert {"market_sites.csv", "market_hours.parquet", "market_rounds.csv"} <= files
    assert summary["n_hpc_plan"] == sites["n_hpc_plan"].sum()
    assert national_answer(summary, GERMAN) in show(folder)
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert 'href="market.html"' in report
    page = (folder / "market.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert 'href="report.html"' in page
    assert "Prices at the sites" in page
    assert "Preise an den Standorten" in page
    prices = {each.name: each for each in page_figures(read_finished_run(folder), ENGLISH)}
    assert len(prices) == page.count('id="chart-')
    drawn = picture(prices["market_map"], 120.0, ENGLISH)
    assert "Price (EUR/kWh)" in drawn.svg


def test_a_market_is_not_played_again_when_a_run_is_taken_up(study_folder, asked, monkeypatch):

    scenario = load_scenario(study_folder / "study.yaml", asked)

    def killed(*_, **__):
        message = "killed"
        raise RuntimeError(message)

    monkeypatch.setattr(plan_compute, "assemble", killed)
    with pytest.raises(RuntimeError, match="killed"):
        run(scenario, out=study_folder / "run")
    monkeypatch.undo()
    monkeypatch.setattr(plan_market, "simulate_national_market", killed)
    folder = run(scenario, out=study_folder / "run", resume=True).folder
    monkeypatch.undo()
    again = run(scenario, out=study_folder / "again").folder
    for name in ("market_sites.parquet", "market_hours.parquet", "plan.gpkg"):
        assert (folder / name).read_bytes() == (again / name).read_bytes()
