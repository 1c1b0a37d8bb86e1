"""Studies that aim at other objectives than mean wait and utilisation."""

from __future__ import annotations

import json
import re

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import vl_convert
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import ScenarioError
from planner.optimization.objectives import OBJECTIVES, Objective
from planner.optimization.pareto import non_dominated
from planner.plan.compared_runs import read_runs
from planner.plan.run_columns import OBJECTIVE_FIGURES
from planner.plan.schemas import FRONT
from planner.reporting.gis.plan_map import read_plan_map
from planner.reporting.gis.themes import map_themes
from planner.reporting.run_comparison import comparison_table, shown_comparison
from planner.scenario.load import load_scenario
from planner.studies import check, run
from planner.sweeping.tables import FIGURES
from planner.tables.language import ENGLISH
from planner.tables.table import Quantity

BIGGEST = Objective(
    Quantity(
        "n_hpc_biggest",
        "int64",
        "points",
        "count",
        "Points of the biggest site",
        "Most high-power points that any site has.",
    ),
    "min",
    0.0,
    1.0,
    lambda layouts: layouts.n_hpc.max(axis=1).astype(np.float64),
    is_separable=False,
)


def study(folder, objectives):
    """Run the small country with these objectives."""
    asked = [
        f"optimization.objectives=[{', '.join(objectives)}]",
        "optimization.max_generations=4",
        "optimization.compare_methods=true",
    ]
    return run(folder / "study.yaml", asked, out=folder / "out")


def page_data(page):
    """What the scripts of a page work on."""
    return json.loads(re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


def headings(sheet):
    return [cell.value for cell in next(sheet.iter_rows(max_row=1))]


def test_an_objective_that_is_registered_goes_through_to_tables_and_pages(
    study_folder, monkeypatch
):
    monkeypatch.setitem(OBJECTIVES, BIGGEST.name, BIGGEST)
    result = study(study_folder, ["mean_wait_min", "tcu", BIGGEST.name])
    monkeypatch.undo()  # a folder tells its own objectives: who reads it need not know them

    layouts = result.table("layouts")
    biggest = layouts.groupby("solution")["n_hpc"].max()
    assert result.front[BIGGEST.name].tolist() == biggest.tolist()
    assert [each.name for each in result.objectives] == ["mean_wait_min", "tcu", BIGGEST.name]
    assert pq.read_schema(result.folder / "front.parquet").names[-1] == BIGGEST.name
    assert BIGGEST.name in (result.folder / "front.csv").read_text().splitlines()[0]
    package = json.loads((result.folder / "datapackage.json").read_text())
    front = next(each for each in package["resources"] if each["path"] == "front.csv")
    assert BIGGEST.name in [field["name"] for field in front["schema"]["fields"]]
    sheet = openpyxl.load_workbook(result.folder / "plan.xlsx")["Front"]
    assert BIGGEST.quantity.title in headings(sheet)

    page = (result.folder / "report.html").read_text(encoding="utf-8")
    data = page_data(page)
    assert data["front"][BIGGEST.name] == biggest.tolist()
    dots = json.dumps(data["charts"]["en"]["front-tcu"])
    assert f'"field": "{BIGGEST.name}"' in dots
    assert "viridis" in dots
    assert page.count(BIGGEST.quantity.title) >= 3  # named plans, compared methods, chart


def test_tables_of_several_runs_know_every_objective_there_is():
    known = {column.name for column in (*FRONT.columns, *OBJECTIVE_FIGURES)}
    assert set(OBJECTIVES) <= known
    assert known <= {"solution", "name", *FIGURES}


def test_an_unknown_objective_is_one_fault_with_the_names_there_are(study_folder):
    file = study_folder / "study.yaml"
    asked = ["optimization.objectives=[mean_wait_min, tcv]"]
    expected = r"optimization\.objectives: expected names out of .*; found 'tcv' \(did you mean"
    with pytest.raises(ScenarioError, match=expected):
        run(file, asked, out=study_folder / "out")
    assert not (study_folder / "out").exists()
    with pytest.raises(ScenarioError, match=expected):
        check(load_scenario(file, asked))
    for wrong, said in (
        ("[tcu, tcu]", "each objective once"),
        ("[tcu]", "a list of 2 to 3 entries"),
    ):
        with pytest.raises(ScenarioError, match=said):
            load_scenario(file, [f"optimization.objectives={wrong}"])


def test_unserved_trips_depend_on_the_sites_and_are_refused_as_an_objective(study_folder):
    file, asked = study_folder / "study.yaml", ["optimization.objectives=[tcu, n_unserved]"]
    with pytest.raises(ScenarioError, match=r"the same for every layout .* `planner rank`"):
        run(file, asked, out=study_folder / "out")


def test_three_objectives_from_the_scenario_to_tables_comparison_and_page(study_folder):
    names = ["mean_wait_min", "tcu", "p95_wait_min"]
    result = study(study_folder, names)
    costs = result.front[names].to_numpy() * [1.0, -1.0, 1.0]
    assert len(non_dominated(costs)) == len(costs) > 5
    # A surface: some solutions are on it for their longest waits, beaten in the other two.
    assert len(non_dominated(costs[:, :2])) < len(costs)
    assert result.front["mean_wait_min"].is_monotonic_increasing

    page = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "Best found: 95th percentile of the wait" in page
    assert "Bester gefundener Wert: 95. Perzentil der Wartezeit" in page
    dots = json.dumps(page_data(page)["charts"]["en"]["front-tcu"])
    assert '"field": "p95_wait_min"' in dots
    assert "viridis" in dots
    charts = page_data(page)["charts"]["de"]
    # Waits over utilisation are in the chart of the front.
    assert {name for name in charts if "objectives" in name} == {
        "parallel-objectives",
        "objectives-mean-wait-min-p95-wait-min",
        "objectives-tcu-p95-wait-min",
    }
    for name in charts:
        if "objectives" in name:
            assert f'id="chart-{name}"' in page
            vl_convert.vegalite_to_vega(charts[name])


def test_a_search_for_costs_names_the_plan_of_least_cost_and_tells_its_figures(study_folder):
    asked = [
        "optimization.objectives=[operator_cost_eur_kwh, logistics_cost_eur_trip]",
        "infrastructure_costs=germany-2030",
        "optimization.max_generations=4",
    ]
    result = run(study_folder / "study.yaml", asked, out=study_folder / "out")
    front = result.front
    least = next(each for each in result.named_solutions if each.name == "least-cost")
    costs = {"operator_cost_eur_kwh", "logistics_cost_eur_trip"}
    assert costs <= set(front.columns)
    assert len(non_dominated(front[sorted(costs)].to_numpy())) == len(front)
    book = openpyxl.load_workbook(result.folder / "plan.xlsx")
    for name in ("Front", "Levels"):
        assert "Cost to operators" in " ".join(map(str, headings(book[name])))

    compared = comparison_table(read_runs([result.folder])).set_index("solution_name")
    for named in result.named_solutions:
        for name in costs:
            assert compared[name][named.name] == pytest.approx(front[name][named.solution])
    shown = shown_comparison(compared.reset_index())
    assert costs <= {column.key for column in shown.columns}
    assert "system_cost_eur_day" not in {column.key for column in shown.columns}
    themes = map_themes(read_plan_map(result), ENGLISH)
    assert "Cost to operators (EUR/kWh): " in themes[0].subtitle

    told = CliRunner().invoke(app, ["costs", str(result.folder)])
    assert told.exit_code == 0, told.output
    table = pd.read_csv(result.folder / "costs-study" / "costs.csv")
    for name in costs:  # the run's figures and those of the command are the same
        assert table[name].to_numpy() == pytest.approx(front[name].to_numpy())
    assert int(table["system_cost_eur_day"].idxmin()) == least.solution


def test_objectives_of_cost_without_prices_are_refused_with_what_to_write(study_folder):
    file = study_folder / "study.yaml"
    asked = ["optimization.objectives=[mean_wait_min, system_cost_eur_day]"]
    with pytest.raises(ScenarioError, match="infrastructure_costs: germany-2030"):
        run(file, asked, out=study_folder / "out")
