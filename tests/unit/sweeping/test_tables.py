"""What a sweep's tables say."""

from __future__ import annotations

import json

import numpy as np
import pytest

from planner.reporting.intervals import interval_of
from planner.sweeping.axes import SweepAxes, chart_data
from planner.sweeping.report import summary_shown, sweep_answer, write_sweep_report
from planner.sweeping.schedule import Schedule
from planner.sweeping.spreadsheet import SWEEP_FIGURES
from planner.sweeping.tables import (
    DIFFERENCES,
    REPLANNED,
    difference_table,
    summary_schema,
    summary_table,
    sweep_schema,
    sweep_table,
)
from planner.tables.table import check_table
from tests.languages import GERMAN


class Silent:
    def wanted(self, runs):
        pass


@pytest.fixture
def sweep(sweep_of, pretended):
    return sweep_of()


@pytest.fixture
def table(sweep, tmp_path):
    runs = Schedule(sweep, tmp_path, Silent()).runs
    return sweep_table(runs, sweep_schema(sweep.variants))


def test_the_axes_are_columns_beside_the_figures(sweep, table):
    check_table(table, sweep_schema(sweep.variants))
    assert len(table) == 4 * 3 * 3
    assert table["demand.electrification_share"].dtype == float
    assert set(table["sites.network"]) == {"policy", "extended"}
    row = table.iloc[0]
    assert row["energy_mwh"] == row["energy_hpc_mwh"] + row["energy_lpc_mwh"]
    assert row["run"] == "runs/electrification_share=0.05_network=policy/replication-1"


def test_means_and_intervals_are_over_replications(sweep, table):
    summary = summary_table(table, sweep.variants)
    check_table(summary, summary_schema(sweep.variants))
    assert len(summary) == 4 * 3
    row = summary.iloc[0]
    own = table[(table["scenario"] == row["scenario"]) & (table["solution_name"] == "logistics")]
    expected = interval_of(own["mean_wait_min"])
    assert row["mean_wait_min"] == expected.mean
    assert row["mean_wait_min_high"] == expected.high


def test_intervals_do_not_reach_below_zero(sweep, table):
    table.loc[table["replication"] == 1, "mean_wait_min"] = 100.0
    summary = summary_table(table, sweep.variants)
    assert (summary["mean_wait_min_low"] == 0.0).all()


def test_paired_differences_are_free_of_chance_that_both_share(sweep, table):
    differences = difference_table(table, sweep.variants)
    check_table(differences, DIFFERENCES)
    network = differences[differences["axis"] == "sites.network"]
    assert len(network) == 2 * 3
    assert (network["value"] == "extended").all()
    # The seed moves both alike, so that the difference is exact.
    np.testing.assert_allclose(network["mean_wait_min"], -1.0)
    np.testing.assert_allclose(network["mean_wait_min_high"], -1.0)
    summary = summary_table(table, sweep.variants)
    assert (summary["mean_wait_min_high"] - summary["mean_wait_min"] > 0.1).all()


def test_what_replanning_did_stands_in_the_rows_of_balanced(sweep_of, pretended, tmp_path):
    sweep = sweep_of(more="fixed: {replanning: {iterations: 3}}")
    runs = Schedule(sweep, tmp_path, Silent()).runs
    table = sweep_table(runs, sweep_schema(sweep.variants))
    names = [column.name for column in REPLANNED]
    # Where replanning is part of the search (here: on the extended network) its row says it all.
    has_any = (table["solution_name"] == "balanced") & (table["sites.network"] == "policy")
    assert table.loc[~has_any, names].isna().all().all()
    assert (table.loc[has_any, "replanned_wait_cut_share"] == 0.85).all()
    assert (table.loc[has_any, "replanned_n_lpc_rejected"] == 220).all()
    assert (table.loc[has_any, "replanned_tcu"] == 0.31).all()
    summary = summary_table(table, sweep.variants)
    check_table(summary, summary_schema(sweep.variants))
    balanced = summary[
        (summary["solution_name"] == "balanced") & (summary["sites.network"] == "policy")
    ]
    np.testing.assert_allclose(balanced["replanned_extra_km"], -0.02)
    np.testing.assert_allclose(balanced["replanned_mean_wait_min_low"], 0.6)


def test_without_replanning_its_columns_are_empty(table):
    assert table[[column.name for column in REPLANNED]].isna().all().all()


def test_a_sweep_without_axes_has_no_differences(sweep, table):
    variants = sweep.variants[:1]
    only = table[table["scenario"] == variants[0].label]
    differences = difference_table(only, [_without_axes(variants[0])])
    assert differences.empty


def _without_axes(variant):
    return type(variant)({}, variant.label, variant.scenario)


def test_the_chart_is_over_the_level_with_a_line_per_network(sweep, table):
    axis, data = chart_data(summary_table(table, sweep.variants), sweep.variants)
    assert axis.is_share
    assert set(data["level"]) == {0.05, 0.1}
    assert set(data["series"]) == {"policy", "extended"}
    np.testing.assert_allclose(data["energy_gwh"].iloc[0], 0.6)
    of_policy = data[(data["series"] == "policy") & (data["level"] == 0.1)]
    n_hpc = of_policy.set_index("solution_name")["n_hpc"]
    assert (of_policy["n_hpc_cpo"] == n_hpc["cpo"]).all()
    assert (of_policy["n_hpc_logistics"] == n_hpc["logistics"]).all()


def test_without_levels_the_first_numbers_are_drawn_over_and_else_the_first_key(sweep):
    networks = [variant for variant in sweep.variants if "0.05" in variant.label]
    assert SweepAxes.of(networks).level_key == "sites.network"
    assert not SweepAxes.of(networks).axis.is_number
    assert SweepAxes.of([_without_axes(sweep.variants[0])]).level_key == ""


@pytest.fixture
def folder_of_runs(sweep, tmp_path):
    """A sweep's folder with what its page reads of each run."""
    for run in Schedule(sweep, tmp_path, Silent()).runs:
        folder = tmp_path / "runs" / run.name
        folder.mkdir(parents=True)
        run.front.to_parquet(folder / "front.parquet")
        manifest = run.manifest | {
            "name": run.scenario.name,
            "scenario": run.scenario.model_dump(mode="json"),
        }
        manifest["summary"]["n_hpc_without_queues"] = 2000
        (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_the_report_says_figures_with_intervals(sweep, table, folder_of_runs):
    summary = summary_table(table, sweep.variants)
    balanced = summary[summary["solution_name"] == "balanced"]
    assert sweep_answer(sweep.variants, balanced).startswith("12 runs of 4 combinations.")
    assert sweep_answer(sweep.variants, balanced, GERMAN).startswith(
        "12 Läufe von 4 Kombinationen."
    )
    one_floor = balanced.assign(n_visited_sites=347.0)
    said = "Of these points, 347 are the one point that each visited site keeps."
    assert said in sweep_answer(sweep.variants, one_floor)
    assert "n_visited_sites" in {column.name for column in SWEEP_FIGURES}
    shown = summary_shown(balanced, sweep.variants)
    titles = [column.title.english for column in shown.columns[:3]]
    assert titles == ["Electric trucks", "network", "Runs"]
    assert [cell.english for cell in shown.rows[0][:3]] == ["5\N{NO-BREAK SPACE}%", "policy", "3"]
    assert " ±\N{NO-BREAK SPACE}" in shown.rows[0][3].text.english
    assert shown.rows[0][3].value == balanced["n_hpc"].iloc[0]
    differences = difference_table(table, sweep.variants)
    write_sweep_report(sweep, table, summary, differences, folder_of_runs)
    page = (folder_of_runs / "sweep.html").read_text(encoding="utf-8")
    assert "What a change of one key changes" in page
    assert "Was die Änderung eines Schlüssels ändert" in page
    assert "http://" not in page.replace("http://www.w3.org", "").split("<script>")[0]


def test_published_figures_stand_with_sweeps_of_the_built_in_germany(sweep, table, folder_of_runs):
    summary = summary_table(table, sweep.variants)
    differences = difference_table(table, sweep.variants)
    write_sweep_report(sweep, table, summary, differences, folder_of_runs)
    page = (folder_of_runs / "sweep.html").read_text(encoding="utf-8")
    assert "Directions that the study finds" in page
    assert "1.4\N{EN DASH}1.9" in page
