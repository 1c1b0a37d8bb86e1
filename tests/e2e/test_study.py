"""A study from its files to its report, run as its users run it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import planner
from planner.cli import main
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.schemas import FILE_SCHEMAS
from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.scenario.load import load_scenario
from planner.simulation.inside_horizon import joins_inside_horizon
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.warming.compile_times import compiled_kernels
from planner.warming.kernels import WARM_UPS, warmed_by
from tests.data_packages import package_faults

TABLES = [f"{schema.name}.parquet" for schema in FILE_SCHEMAS]
SAME_BYTES = [
    *TABLES,
    "plan.xlsx",
    "figures/front.svg",
    "figures/map.png",
    "datapackage.json",
]


def planner_process(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-c", "from planner.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def planner_command(monkeypatch, capfd):
    """Call the command line in this process: imports and kernels are paid for once."""

    def call(*arguments, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["planner", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capfd.readouterr()
        return SimpleNamespace(returncode=left.value.code, stdout=said.out, stderr=said.err)

    return call


def table_bytes(folder):
    return {name: (folder / name).read_bytes() for name in SAME_BYTES}


@pytest.fixture(scope="module")
def finished(shared_study_folder):
    study = shared_study_folder / "study.yaml"
    compared = study.read_text("utf-8").replace(
        "tolerance: 0", "tolerance: 0, compare_methods: true"
    )
    study.write_text(compared + "replications: 2\n", "utf-8")
    done = planner_process("run", "study.yaml", "--workers", 1, cwd=shared_study_folder)
    assert done.returncode == 0, done.stderr
    return shared_study_folder / "outputs" / "small", done


def test_groups_of_a_grouping_add_up_to_the_solution(finished):
    folder, _ = finished
    groups, sites = (pd.read_parquet(folder / f"{name}.parquet") for name in ("groups", "sites"))
    summary = json.loads((folder / "run.json").read_text())["summary"]
    assert set(groups["grouping"]) == {"all", "vehicle_class"}
    for name, figures in summary["solutions"].items():
        own = sites[sites["solution_name"] == name]
        energy_mwh = figures["energy_hpc_mwh"] + figures["energy_lpc_mwh"]
        for grouping, rows in groups[groups["solution_name"] == name].groupby("grouping"):
            waits_min = (rows["mean_wait_min"] * rows["n_sessions_hpc"]).sum()
            assert rows["n_sessions_hpc"].sum() == own["n_sessions_hpc"].sum()
            assert rows["n_sessions_lpc"].sum() == own["n_sessions_lpc"].sum()
            assert waits_min / rows["n_sessions_hpc"].sum() == pytest.approx(
                figures["mean_wait_min"]
            )
            # Monday and Tuesday; years of 365 / 7 weeks.
            assert 2 * rows["energy_day_mwh"].sum() == pytest.approx(energy_mwh)
            assert rows["energy_year_5_days_gwh"].sum() == pytest.approx(
                energy_mwh / 2 * 5 * 365 / 7 / 1000
            )
            if grouping == "vehicle_class":
                assert rows[["n_sites", "n_hpc", "simultaneous_peak_kw"]].isna().all(axis=None)
                continue
            assert rows["n_sites"].sum() == len(own)
            assert rows["n_hpc"].sum() == figures["n_hpc"]
            assert rows["n_lpc"].sum() == figures["n_lpc"]
            assert rows["sum_of_site_peaks_kw"].sum() == pytest.approx(
                figures["sum_of_site_peaks_kw"]
            )
        whole = groups[(groups["solution_name"] == name) & (groups["grouping"] == "all")].iloc[0]
        assert whole["simultaneous_peak_kw"] == pytest.approx(figures["simultaneous_peak_kw"])
        assert whole["p95_wait_min"] == pytest.approx(figures["p95_wait_min"])


def test_load_climate_and_connections_of_a_plan_hold_the_energy_of_its_run(
    finished, planner_command, tmp_path
):
    folder, _ = finished
    load, climate, power = (tmp_path / name for name in ("load", "climate", "connections"))
    for words in (
        ("export", "load", folder, "--span", "days", "--minutes", 60, "--out", load),
        ("climate", folder, "--out", climate),
        ("connections", folder, "--out", power, "--lang", "de"),
    ):
        said = planner_command(*words, cwd=tmp_path)
        assert said.returncode == 0, said.stderr
    figures = json.loads((folder / "run.json").read_text())["summary"]["solutions"]["balanced"]
    series = pd.read_csv(load / "load.csv")
    for kind in ("hpc", "lpc"):
        assert series[f"{kind}_kw"].sum() == pytest.approx(
            1000.0 * figures[f"energy_{kind}_mwh"], abs=0.5
        )
    assert "kostet eine Batterie weniger als die Leistung" in " ".join(said.stdout.split())
    sites = pd.read_parquet(power / "site_connections.parquet")
    total = pd.read_parquet(power / "connection_totals.parquet").set_index("end").loc["central"]
    energy_mwh = figures["energy_hpc_mwh"] + figures["energy_lpc_mwh"]
    assert sites["energy_kwh_day"].sum() * 2 == pytest.approx(1000.0 * energy_mwh)
    assert (sites["with_battery_kw"] <= sites["peak_kw"] + 1e-6).all()
    assert (sites["peak_kw"] <= sites["moment_kw"] + 1e-6).all()
    assert (sites["moment_kw"] <= sites["nameplate_kw"] + 1e-6).all()
    assert sites["saved_eur_year"].min() >= 0.0
    assert total["saved_eur_year"] == pytest.approx(sites["saved_eur_year"].sum())
    trips = pd.read_parquet(folder / "trips.parquet")
    driven = trips[trips["status"] == "served"]
    rows = pd.read_parquet(climate / "climate.parquet")
    sheet = pd.read_excel(climate / "climate.xlsx")
    assert len(sheet) == len(rows) == 3 * rows["name"].nunique()
    # Monday and Tuesday, in a year of 286 such days.
    assert rows["km_year"].to_numpy() == pytest.approx(driven["direct_distance_km"].sum() / 2 * 286)
    used_kwh = 1.2 * driven["distance_km"].sum() / 2 * 286
    assert rows["grid_kwh_year"].to_numpy() == pytest.approx(used_kwh / 0.94)
    waits = rows.set_index("name")["wait_h_year"]
    assert waits["logistics"].max() < waits["cpo"].min()


def test_a_run_leaves_every_file_and_they_agree(finished):
    folder, done = finished
    expected = {
        *TABLES,
        "front.csv",
        "extra.csv",
        "groups.csv",
        "site_hours.csv",
        "run.json",
        "plan.gpkg",
        "plan.qgz",
        "report.html",
        "arrival_soc.csv",
        "plan.xlsx",
        "figures",
        "datapackage.json",
    }
    names = ("front", "map", "hours", "trip_extra")
    figures = {f"{name}.{ending}" for name in names for ending in ("svg", "png")}
    assert {path.name for path in (folder / "figures").iterdir()} == figures | {"captions.txt"}
    assert package_faults(folder / "datapackage.json") == []
    assert {path.name for path in folder.iterdir() if path.name != ".stages"} == expected
    assert [path.name for path in folder.parent.iterdir()] == ["small"]
    assert "high-power" in done.stdout
    assert "\x1b" not in done.stdout

    summary = json.loads((folder / "run.json").read_text())["summary"]
    front = pd.read_csv(folder / "front.csv")
    pd.testing.assert_frame_equal(
        front.fillna({"name": ""}), pd.read_parquet(folder / "front.parquet"), check_dtype=False
    )
    assert {"n_trips", "n_served", "n_unserved", "energy_hpc_mwh", "energy_lpc_mwh"} <= set(summary)
    assert summary["n_trips"] == summary["n_served"] + summary["n_unserved"]
    assert list(summary["solutions"]) == [
        "logistics",
        "logistics-leaning",
        "balanced",
        "cpo-leaning",
        "cpo",
    ]
    layouts = pd.read_parquet(folder / "layouts.parquet")
    per_solution = layouts.groupby("solution")["n_hpc"].sum()
    # The floor under all plans: where trucks only rest overnight none is kept.
    open_sites = layouts[layouts["n_hpc"] > 0].groupby("solution")["site_id"].nunique()
    summary = json.loads((folder / "run.json").read_text(encoding="utf-8"))["summary"]
    assert set(open_sites) == {summary["n_visited_sites"]}
    np.testing.assert_array_equal(per_solution.to_numpy(), front["n_hpc"].to_numpy())
    assert (layouts["n_hpc"] <= 9).all()  # the grid connection carries nine points of 1 MW

    stops = pd.read_parquet(folder / "stops.parquet")
    trips = pd.read_parquet(folder / "trips.parquet")
    assert len(trips) == summary["n_trips"]
    assert trips["n_stops"].sum() == len(stops)
    sites = pd.read_parquet(folder / "sites.parquet")
    sessions = sites[sites["solution_name"] == "balanced"]
    run = read_finished_run(folder, PLAN).on_roads("balanced")
    demand = charging_demand(run.scenario, run.vehicle_class_idx(), run.plans(), run.sites.n_sites)
    queues = simulate(demand, ChargerLayout(run.n_hpc, run.n_lpc))
    n_inside = joins_inside_horizon(demand, queues).sum()
    assert sessions[["n_sessions_hpc", "n_sessions_lpc"]].sum().sum() == n_inside
    assert len(stops) < demand.n_stops  # those of the days before are not listed as the study's
    assert set(summary["mean_wait_min_by_day"]["balanced"]) == {"mon", "tue"}


def test_the_map_opens_with_its_layers(finished):
    folder, _ = finished
    layers = set(gpd.list_layers(folder / "plan.gpkg")["name"])
    assert {"sites", "network", "flows", "unserved", "layer_styles"} <= layers
    sites = gpd.read_file(folder / "plan.gpkg", layer="sites")
    assert sites.crs.to_epsg() == 4326
    assert len(sites) == 7
    flows = gpd.read_file(folder / "plan.gpkg", layer="flows")
    assert flows["trucks_per_day"].max() > 0


def test_bands_are_what_the_same_layouts_give_on_the_next_draw_of_the_demand(finished):
    folder, done = finished
    run = read_finished_run(folder, PLAN)
    scenario = load_scenario(folder.parents[1] / "study.yaml").draw(2)
    inputs = read_inputs(scenario)
    plans = plan_trips(scenario, inputs)
    demand = charging_demand(scenario, inputs.trips.vehicle_class_idx, plans, inputs.sites.n_sites)
    layouts = run.table("layouts")
    for solution, own in run.front.iterrows():
        here = layouts[layouts["solution"] == solution]
        layout = ChargerLayout(*(here[name].to_numpy(np.int32) for name in ("n_hpc", "n_lpc")))
        figures = layout_figures(demand, simulate(demand, layout), layout)
        for name, value in (("mean_wait_min", figures.mean_wait_min), ("tcu", figures.tcu_share)):
            assert own[f"{name}_low"] == min(own[name], value)
            assert own[f"{name}_high"] == max(own[name], value)
    assert run.summary["draws"]["seeds"] == [3, 4]
    assert "On 2 draws of the demand (seeds 3 to 4)" in " ".join(done.stdout.split())


def test_show_tells_the_result_again(finished, planner_command):
    folder, _ = finished
    shown = planner_command("show", folder, cwd=folder)
    assert shown.returncode == 0
    assert "Balanced" in shown.stdout


def test_same_bytes_whatever_the_number_of_workers(finished, tmp_path, planner_command):
    folder, _ = finished
    study = folder.parents[1] / "study.yaml"
    two = planner_command("run", study, "--workers", 2, "--out", "two", cwd=tmp_path)
    assert two.returncode == 0, two.stderr
    assert table_bytes(folder) == table_bytes(tmp_path / "two")


class StoppedError(Exception):
    """The run is killed."""


class Killing:
    """Listener that stops the run when a stage begins, or some way into it."""

    def __init__(self, name, after):
        self.name, self.after, self.begun = name, after, []

    @contextmanager
    def stage(self, name):
        self.begun.append(name)

        def advance(done, total):
            if name == self.name and done >= self.after:
                raise StoppedError

        if name == self.name and self.after == 0:
            raise StoppedError
        yield advance


KILLED_AT = (
    ("Planning stops", 0),
    ("Searching the front", 0),
    ("Searching the front", 12),
    ("Comparing methods", 5),
    ("Measuring the plans", 1),
    ("Writing results", 0),
)
"""Stages, and how far into them."""


def test_a_run_killed_at_every_stage_goes_on_to_the_same_bytes(finished, tmp_path):
    folder, _ = finished
    scenario = load_scenario(folder.parents[1] / "study.yaml")
    broken = tmp_path / "broken"
    for stage, after in KILLED_AT:
        with pytest.raises(StoppedError):
            planner.run(scenario, out=broken, resume=True, progress=Killing(stage, after))
        assert not broken.exists()
    result = planner.run(scenario, out=broken, resume=True)
    assert table_bytes(result.folder) == table_bytes(folder)
    # A complete run is not done again.
    watcher = Killing("nothing", 0)
    planner.run(scenario, out=broken, resume=True, progress=watcher)
    assert watcher.begun == []


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("sites.csv", "id,name,lon,lat\na,A,50.1,8.1\nb,B,51.0,9.0\n", "lat"),
        ("sites.csv", "id,name,lon,lat\na,A,9.5,52.2\na,B,9.6,52.2\n", "rows 2, 3"),
        ("sites.csv", "", "the file is empty"),
        ("sites.csv", "id,name,lon\na,A,9.5\n", "lat"),
        ("flows.csv", "origin,destination,trucks_per_year\nwest,atlantis,10\n", "atlantis"),
        ("flows.csv", "origin,destination,trucks_per_year\nwest,east,-1\n", "-1"),
        ("flows.csv", "from,to,trucks\nwest,east,5\n", "origin"),
        ("roads/graph.graphml", "<graphml", "graph.graphml"),
        (
            "roads/graph.graphml",
            '<!DOCTYPE x [<!ENTITY a "b">]><graphml>&a;</graphml>',
            "graph.graphml",
        ),
        ("study.yaml", "name: small\nnetwork: {source: builtn}\n", "builtin"),
    ],
)
def test_bad_input_is_one_message_and_leaves_nothing(
    study_folder, file, text, expected, planner_command
):
    (study_folder / file).write_text(text, encoding="utf-8")
    for command in ("validate", "run"):
        done = planner_command(command, "study.yaml", cwd=study_folder)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("Error ")
        assert expected in done.stderr
        assert done.stdout == ""
    assert not (study_folder / "outputs" / "small").exists()


def test_validate_tells_the_faults_of_all_files_at_once(study_folder, planner_command):
    (study_folder / "sites.csv").write_text("id,name,lon\na,A,9.5\n", encoding="utf-8")
    (study_folder / "flows.csv").write_text("from,to\n", encoding="utf-8")
    done = planner_command("validate", "study.yaml", cwd=study_folder)
    assert done.returncode == 2
    assert "sites.csv" in done.stderr
    assert "flows.csv" in done.stderr
    assert not (study_folder / "outputs").exists()


def test_a_foreign_folder_is_not_written_over(study_folder, planner_command):
    done = planner_command("run", "study.yaml", "--out", ".", cwd=study_folder)
    assert done.returncode == 2
    assert "not a run of the planner" in done.stderr


def test_init_makes_a_study_that_validates(tmp_path, planner_command):
    made = planner_command("init", "mine", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    again = planner_command("init", "mine", cwd=tmp_path)
    assert again.returncode == 2
    checked = planner_command("validate", "mine/study.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "352 sites" in checked.stdout


def test_schema_is_json_and_knows_the_keys(tmp_path, planner_command):
    schema = json.loads(planner_command("schema", cwd=tmp_path).stdout)
    assert "electrification_share" in json.dumps(schema)


def test_another_seed_from_python_compiles_nothing_where_kernels_are_warm(study_folder, plain_run):
    warmed_by(next(each for each in WARM_UPS if each.kind == "plan"))
    scenario = load_scenario(study_folder / "study.yaml", ["seed=4"])
    with compiled_kernels() as compiled:
        result = planner.run(scenario, out=study_folder / "run")
    assert compiled == []
    assert len(result.front) > 5
    assert set(result.table("sites")["solution_name"]) == set(result.summary["solutions"])
    for name in ("trips.parquet", "front.parquet"):
        assert (result.folder / name).read_bytes() != (plain_run.folder / name).read_bytes()
