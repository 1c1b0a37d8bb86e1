"""The report of a depot's day: complete, in two languages, and in need of nothing outside."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.reporting.figures.page_figures import page_figures
from planner.reporting.figures.rendering import picture
from planner.scenario.depot_model import load_depot
from planner.tables.language import ENGLISH


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    overrides = ["depot.iterations=30"]
    return planner.run(
        load_depot("depot-demo", overrides), out=tmp_path_factory.mktemp("d") / "run"
    )


@pytest.fixture(scope="module")
def page(run):
    return (run.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_page_asks_for_nothing_outside(page):
    assert "default-src 'none'" in page
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href)="(?!data:|#)', markup)


def test_page_is_in_both_languages(page, data):
    assert "What coordination is worth" in page
    assert "Was Abstimmung wert ist" in page
    assert set(data["charts"]) == {"en", "de"}
    assert all(f'id="chart-{name}"' in page for name in data["charts"]["en"])


def test_flows_balance_in_every_step(data):
    sums: dict[tuple[str, float], float] = {}
    for row in data["chartData"]["flows"]:
        key = (row["way"], row["hour"])
        sums[key] = sums.get(key, 0.0) + row["kw"]
    assert len(sums) == 3 * 96
    assert max(abs(value) for value in sums.values()) < 0.02


def test_components_add_up_to_the_cost_of_the_day(data, run):
    cost: dict[str, float] = {}
    for row in data["chartData"]["bill"]:
        cost[row["way"]] = cost.get(row["way"], 0.0) + row["cost"]
    summary = run.summary
    assert cost["co-optimised"] == pytest.approx(summary["cost_total"], abs=0.03)
    for way in ("dispatch_first", "uncoordinated"):
        assert cost[way] == pytest.approx(summary[way]["cost_total"], abs=0.03)


def test_schedule_leaves_no_gap_in_a_tour(data):
    by_truck: dict[str, list[dict]] = {}
    for row in data["chartData"]["halts"]:
        by_truck.setdefault(row["truck"], []).append(row)
    for rows in by_truck.values():
        for before, after in pairwise(rows):
            assert before["end"] == pytest.approx(after["begin"])


def test_batteries_never_run_dry_in_the_picture(data):
    assert min(row["kwh"] for row in data["chartData"]["charge"]) >= -1e-6


def test_a_plan_is_not_asked_for_where_there_is_none(run, tmp_path):
    words = ["figures", str(run.folder), "--solution", "cpo", "--out", str(tmp_path / "made")]
    with pytest.raises(RunDirectoryError, match="leave out --solution"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert not (tmp_path / "made").exists()


def test_charts_of_the_page_are_figures_for_a_paper_too(run):
    flows = {each.name: each for each in page_figures(read_finished_run(run.folder), ENGLISH)}[
        "flows"
    ]
    svg = picture(flows, flows.width_mm, ENGLISH).svg
    for text in ("from PV", "tours and charging together", "uncoordinated", "Hour of the day"):
        assert f">{text}<" in svg
