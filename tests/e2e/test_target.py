"""From a finished run to the fewest points for a target, and runs side by side."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.errors import InputDataError, RunDirectoryError
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.targets import plan_for_target
from planner.optimization.informed_points import informed_points
from planner.optimization.least_points import WaitTarget, fewest_found
from planner.optimization.seeding import separable_model
from planner.plan.compared_runs import read_runs
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.reporting.run_comparison import write_comparison
from planner.routing.stop_plans import StopPlans
from planner.simulation.queues import unlimited_layout
from planner.tables.language import language


@pytest.fixture
def run(plain_run):
    return plain_run


@pytest.mark.parametrize(
    "target",
    [WaitTarget(mean_min=2.0), WaitTarget(p95_min=8.0), WaitTarget(mean_min=1.0, p95_min=15.0)],
)
def test_the_answer_is_at_most_what_the_front_needs(run, tmp_path, target):
    answer = plan_for_target(run.folder, target, tmp_path / "out")
    front = run.front
    enough = (front["mean_wait_min"] <= target.mean_min) & (front["p95_wait_min"] <= target.p95_min)
    assert answer.found.n_hpc_of_front == front["n_hpc"][enough].min()
    said = json.loads((tmp_path / "out" / "target.json").read_text())
    assert said["n_hpc"] <= answer.found.n_hpc_of_front
    assert said["mean_wait_min"] <= target.mean_min
    assert said["p95_wait_min"] <= target.p95_min


def test_the_layout_is_a_table_and_a_layer(run, tmp_path):
    answer = plan_for_target(run.folder, WaitTarget(mean_min=2.0), tmp_path / "out")
    sites = pd.read_csv(tmp_path / "out" / "sites.csv")
    assert sites["n_hpc"].sum() == answer.found.figures.n_hpc
    layer = gpd.read_file(tmp_path / "out" / "sites.gpkg", layer="sites")
    assert layer.crs.to_epsg() == 4326
    np.testing.assert_array_equal(layer["n_hpc"], sites["n_hpc"])
    assert "high-power charging points at 7 sites" in answer.sentences()[0]
    assert "7 are the one point that each visited site keeps" in answer.sentences()[1]
    in_german = answer.sentences(language("de"))
    assert len(in_german) == len(answer.sentences())
    assert "Hochleistungsladepunkte an 7 Standorten reichen für eine " in in_german[0]
    assert "Lkw warten dann im Mittel" in in_german[2]
    before = (tmp_path / "out" / "sites.gpkg").read_bytes()
    plan_for_target(run.folder, WaitTarget(mean_min=2.0), tmp_path / "out")
    assert (tmp_path / "out" / "sites.gpkg").read_bytes() == before


def test_stops_are_read_back_as_they_were_planned(run):
    stored = read_finished_run(run.folder, PLAN).on_roads("balanced")
    plans = stored.plans()
    planned = plan_trips(stored.scenario, read_inputs(stored.scenario))
    of_the_search = {"looked_km", "is_first_try", "is_exact"}
    left_out = {"entry_soc_share", "stranded_node_idx"}
    for name in {*StopPlans.__slots__} - left_out - of_the_search:
        np.testing.assert_array_equal(getattr(plans, name), getattr(planned, name), err_msg=name)
    # Tables do not hold what tells that a plan stays; none may be taken for one that does.
    assert np.isposinf(plans.looked_km).all()
    assert not plans.is_first_try.any()


def test_by_default_the_layout_lies_beside_the_run(run):
    answer = plan_for_target(run.folder, WaitTarget(mean_min=2.5, p95_min=20.0))
    assert answer.folder == run.folder.with_name("run-mean-wait-2.5-min-p95-wait-20-min")


def test_a_target_out_of_reach_is_told(run, tmp_path):
    with pytest.raises(InputDataError, match="no layout keeps to a mean wait of at most 0 min"):
        plan_for_target(run.folder, WaitTarget(mean_min=0.0), tmp_path / "out")


def test_no_target_is_told(run, tmp_path):
    with pytest.raises(InputDataError, match="--max-mean-wait"):
        plan_for_target(run.folder, WaitTarget(), tmp_path / "out")


def test_a_foreign_folder_is_not_written_into(run, tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="holds other files"):
        plan_for_target(run.folder, WaitTarget(mean_min=2.0), tmp_path)


def test_a_real_run_is_compared(run, tmp_path):
    table = write_comparison(read_runs([run.folder]), tmp_path, with_published=True)
    balanced = table[table["solution_name"] == "balanced"].iloc[0]
    assert balanced["n_hpc"] == run.summary["solutions"]["balanced"]["n_hpc"]
    assert balanced["level"] == 0.5
    files = {"comparison.csv", "comparison.html", "comparison.svg"}
    figures = {f"figures/{name}" for name in ("captions.txt", "fronts.png", "fronts.svg")}
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.as_posix() for path in written} == files | figures


def test_trucks_that_know_the_queues_need_fewer_points(run, tmp_path):
    target = WaitTarget(mean_min=1.0)
    answer = plan_for_target(run.folder, target, tmp_path / "out", learn_queues=True)
    said = json.loads((tmp_path / "out" / "target.json").read_text())
    assert said["replanned"]["n_hpc"] == answer.informed.n_hpc.sum() <= said["n_hpc"]
    assert said["replanned"]["mean_wait_min"] <= 1.0
    assert "Trucks that know the queues need" in answer.sentences()[-3]
    # Whoever evaluates the layout finds what the answer says.
    layout = tmp_path / "out" / "sites.csv"
    evaluation = evaluate_layout(run.folder, layout, learn_queues=True, out=tmp_path / "again")
    figures = evaluation.evaluated[-1].figures
    assert figures.n_hpc == said["replanned"]["n_hpc"]
    assert figures.mean_wait_min == said["replanned"]["mean_wait_min"]


def test_trucks_that_learn_nothing_need_as_many_points(run):
    stored = read_finished_run(run.folder, PLAN).on_roads("balanced")
    demand = charging_demand(
        stored.scenario, stored.vehicle_class_idx(), stored.plans(), stored.sites.n_sites
    )
    n_lpc = stored.n_lpc.astype(np.int32)
    unlimited = unlimited_layout(demand)
    bounds = separable_model(demand, unlimited).bounds
    target = WaitTarget(mean_min=1.0)
    fewest = fewest_found(demand, unlimited.n_hpc[None], n_lpc, bounds, target)
    told = []
    found = informed_points(
        fewest,
        n_lpc,
        target,
        learned=lambda _: demand,
        bounds_of=lambda _: bounds,
        progress=lambda done, _: told.append(done),
    )
    np.testing.assert_array_equal(found.n_hpc, fewest)
    assert told == [found.n_rounds] == [1]
    assert (
        informed_points(
            bounds.lower,
            n_lpc,
            WaitTarget(mean_min=0.0),
            learned=lambda _: demand,
            bounds_of=lambda _: bounds,
            progress=lambda *_: None,
        )
        is None
    )
