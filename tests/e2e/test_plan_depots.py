"""A plan some of whose trips start at depots: its files, what they say together, bad input."""

from __future__ import annotations

import json
import sqlite3
import sys
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.cli import main
from planner.errors import ScenarioError
from planner.plan import compute as plan_compute
from planner.plan import depots as plan_depots
from planner.plan.checks import check_inputs
from planner.plan.study_inputs import read_inputs
from planner.reporting.gis.export import export_qgis
from planner.scenario.bundled import bundled_path
from planner.scenario.load import load_scenario
from planner.studies import run
from tests.languages import GERMAN

PLUGS = "depot.site.chargers.points"
CONNECTION = "depot.site.grid.max_import_kw"
DEPOTS = {
    "study": "depot-demo",
    "own_tours": False,
    "places": [
        {"id": "West", "lon": 7.02, "lat": 50.01, "trucks": 30, "changes": {PLUGS: 20}},
        {"id": "South", "node": "south", "trucks": 4},
    ],
}


def scenario_of(folder, depots=DEPOTS, *more):
    return load_scenario(
        folder / "study.yaml",
        [f"depots={json.dumps(depots)}", *more],
    )


@pytest.fixture
def without(plain_run):
    return plain_run


@pytest.fixture(scope="module")
def found(shared_study_folder):
    return run(scenario_of(shared_study_folder), out=shared_study_folder / "run")


def test_trips_that_start_at_depots_leave_with_what_these_gave_them(found, without):
    trucks = found.table("depot_trucks").set_index("trip_id")
    trips = found.table("trips").set_index("trip_id")
    plain = without.table("trips").set_index("trip_id")
    assert (trips.index == plain.index).all()
    at_depot = trips.index.isin(trucks.index)
    left = trucks["departure_soc_share"].reindex(trips.index[at_depot])
    assert np.array_equal(trips.loc[at_depot, "initial_soc_share"], left)
    others = "initial_soc_share"
    assert np.array_equal(trips.loc[~at_depot, others], plain.loc[~at_depot, others])
    assert (trucks["departure_soc_share"] >= trucks["arrival_soc_share"] - 1e-12).all()
    assert (trucks["departure_soc_share"] <= 1.0).all()
    battery_kwh = 600.0
    gained = (trucks["departure_soc_share"] - trucks["arrival_soc_share"]) * battery_kwh
    assert np.allclose(gained, trucks["energy_kwh"], atol=1e-4)
    assert (trucks["departure_h"] - trucks["arrival_h"]).to_numpy() == pytest.approx(11.0)
    days = (trucks["departure_h"] // 24).astype(int)
    n_trucks = {place["id"]: place["trucks"] for place in DEPOTS["places"]}
    for (depot, _), n in trucks.groupby(["depot_id", days]).size().items():
        assert n <= n_trucks[depot]


def test_the_tables_of_a_plans_depots_agree(found):
    depots = found.table("depots").set_index("depot_id")
    trucks, power = found.table("depot_trucks"), found.table("depot_power")
    summary = found.summary["depots"]
    assert summary["n_departures"] == len(trucks) == depots["n_departures"].sum()
    assert summary["energy_trucks_kwh"] == pytest.approx(trucks["energy_kwh"].sum())
    for depot_id, row in depots.iterrows():
        steps = power[power["depot_id"] == depot_id]
        # the night before the first of two days counts too
        assert len(steps) == 3 * 96
        assert steps["hour"].iloc[0] == -24.0
        assert row["grid_peak_kw"] == pytest.approx(steps["import_kw"].max())
        assert row["grid_peak_kw"] <= row["grid_connection_kw"] + 1e-6
        assert row["grid_energy_kwh"] == pytest.approx(steps["import_kw"].sum() / 4)
        into = steps["trucks_kw"].sum() / 4 * 0.95
        assert into == pytest.approx(row["energy_trucks_kwh"], rel=1e-6)
        balance = steps["import_kw"] - steps["export_kw"] - steps["load_kw"]
        balance -= steps["trucks_kw"] + steps["own_trucks_kw"] + steps["storage_kw"]
        assert (balance <= 1e-6).all()
        assert (balance >= -steps["pv_kw"] - 1e-6).all()
        assert row["is_proved"]
    assert depots.loc["South", "n_as_wanted"] == 8
    # 200 kW for thirty trucks are not enough for all they want, but for what they need
    assert depots.loc["West", "missing_kwh"] > 100.0
    assert depots.loc["West", "n_below_need"] == 0
    assert (depots["cost"] > depots["cost_without"]).all()
    page = (found.folder / "report.html").read_text(encoding="utf-8")
    assert "SoC at departure" in page
    assert "Ladestand bei Abfahrt" in page
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    hours = data["chartData"]["depot-power"]
    assert [hours[0]["hour"], hours[-1]["hour"]] == [-24.0, 47.0]
    drawn_kwh = sum(row["import_kw"] for row in hours)
    assert drawn_kwh == pytest.approx(depots["grid_energy_kwh"].sum(), abs=0.05 * len(hours))
    assert {"depots"} <= data["charts"]["en"].keys() & data["charts"]["de"].keys()


def test_a_plan_without_depots_says_nothing_of_them(without):
    assert "depots" not in without.summary
    assert not list(without.folder.glob("depot*"))
    assert "SoC at departure" not in (without.folder / "report.html").read_text(encoding="utf-8")


def test_depots_are_not_charged_again_when_a_run_is_taken_up(study_folder, found, monkeypatch):
    scenario = scenario_of(study_folder)

    def killed(*_, **__):
        message = "killed"
        raise RuntimeError(message)

    monkeypatch.setattr(plan_compute, "plan_trips", killed)
    with pytest.raises(RuntimeError, match="killed"):
        run(scenario, out=study_folder / "again")
    monkeypatch.undo()
    monkeypatch.setattr(plan_depots, "charge_departures", killed)
    folder = run(scenario, out=study_folder / "again", resume=True).folder
    for name in ("depots", "depot_trucks", "depot_power", "trips", "front"):
        file = f"{name}.parquet"
        assert (folder / file).read_bytes() == (found.folder / file).read_bytes()


def test_a_table_of_depots_with_own_tours_says_the_same_as_a_list(shared_study_folder):
    small = shared_study_folder / "depot.yaml"
    small.write_text(quick_study(), encoding="utf-8")
    table = shared_study_folder / "few.csv"
    table.write_text(
        f"id;trucks;lon;lat;study;{PLUGS}\nWest;3;7.02;50.01;depot.yaml;2\nSouth;2;10.0;48;;\n",
        encoding="utf-8",
    )
    places = [
        {"id": "West", "trucks": 3, "lon": 7.02, "lat": 50.01, "changes": {PLUGS: 2}},
        {"id": "South", "trucks": 2, "lon": 10.0, "lat": 48.0},
    ]
    shared = {"study": str(small)}
    results = [
        read_inputs(scenario_of(shared_study_folder, shared | given)).depots.figures
        for given in ({"places": places}, {"table": str(table)})
    ]
    for one, other in zip(results[0].tables, results[1].tables, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert (results[0].depots["energy_own_kwh"] > 50.0).all()


def test_a_depot_that_nothing_starts_at_stands_in_the_tables(shared_study_folder):
    idle = {"id": "Idle", "node": "west-north-3", "trucks": 5}
    depots = DEPOTS | {"places": [idle, *DEPOTS["places"]]}
    inputs = read_inputs(scenario_of(shared_study_folder, depots))
    figures = inputs.depots.figures
    assert figures.depots["n_departures"].tolist() == [0, 60, 8]
    assert figures.depots["departure_soc_share"].isna().tolist() == [True, False, False]
    assert figures.depots["cost"][0] == figures.depots["cost_without"][0]
    assert figures.trucks["trip_id"].dtype == np.int64
    assert "no electric trip begins within 25 km of Idle" in inputs.sentences()[-1]
    alone = read_inputs(scenario_of(shared_study_folder, DEPOTS | {"places": [idle]}))
    summary = alone.depots.figures.summary(alone.depots.drawn_soc_share)
    assert summary["n_departures"] == 0
    assert np.isnan(summary["departure_soc_share"])


def quick_study():
    """The bundled depot with a short search for tours."""
    scenarios = bundled_path("scenarios")
    text = (scenarios / "depot-demo.yaml").read_text(encoding="utf-8")
    text = text.replace("depot-demo/stops.csv", str(scenarios / "depot-demo" / "stops.csv"))
    return text.replace("  horizon_min: 540\n", "  horizon_min: 540\n  iterations: 5\n")


def test_depots_are_checked_without_planning(shared_study_folder):
    said = check_inputs(scenario_of(shared_study_folder))
    assert said[-1] == "Depots: 2 with 34 trucks"
    with pytest.raises(ScenarioError, match="found node 'nowhere'"):
        check_inputs(scenario_of(shared_study_folder, place(node="nowhere", lon=None, lat=None)))
    with pytest.raises(
        ScenarioError, match=r"West: .*depot-demo\.yaml: .*points: expected a whole"
    ):
        check_inputs(scenario_of(shared_study_folder, place(changes={PLUGS: "many"})))


@pytest.fixture
def refused(monkeypatch, capfd):
    """What the command line says of a study that it refuses."""

    def call(folder, text):
        file = folder / "bad.yaml"
        file.write_text((folder / "study.yaml").read_text("utf-8") + text, encoding="utf-8")
        monkeypatch.setattr(
            sys, "argv", ["planner", "run", str(file), "--out", str(folder / "bad")]
        )
        with pytest.raises(SystemExit) as left:
            main()
        told = " ".join(capfd.readouterr().err.split())
        assert left.value.code == 2, told
        assert "Traceback" not in told
        assert not (folder / "bad").exists()
        return told

    return call


def place(**changes):
    return {"places": [DEPOTS["places"][0] | changes], "study": "depot-demo"}


@pytest.mark.parametrize(
    ("depots", "said"),
    [
        ({"study": "depot-demo"}, "depots: expected either places (a list of depots) or table"),
        (place(lon=None), "depots.places.0: expected either lon and lat, or node"),
        (place(trucks=0), "places.0.trucks: expected a whole number from 1 to 5000; found 0"),
        (place(study="depot-dmo"), "depots.places.0.study: expected the file of a depot study"),
        (place(changes={"points": 3}), "keys of the depot study that begin with depot."),
        (place(changes={PLUGS: "many"}), "West: "),
        (place(changes={"depot.site.chargers.point": 3}), "did you mean"),
        (place(lon=50.01, lat=7.02), "longitude and latitude look swapped"),
        (
            place(lon=7.02, lat=58.0),
            "West at 7.02, 58: the nearest node of the road network is",
        ),
        (place(node="nowhere", lon=None, lat=None), "found node 'nowhere'"),
        ({"places": DEPOTS["places"]}, "a depot study for 'West'"),
        ({"places": DEPOTS["places"] * 2, "study": "depot-demo"}, "found 'West' twice"),
        (place(changes={CONNECTION: 1.0}), "depots, West ("),
        (DEPOTS | {"target_soc": 0.9}, "depots.target_soc: unknown key"),
    ],
)
def test_bad_depots_are_named(study_folder, refused, depots, said):
    assert said in refused(study_folder, f"depots: {json.dumps(depots)}\n")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("id,lon,lat\nWest,7,50\n", "missing column trucks"),
        ("id,trucks,lon,lat\nWest,2,7,50\nWest,2,8,50\n", "found 'West' again in"),
        ("id,trucks,lon,lat\nWest,many,7,50\n", "trucks must be a finite number"),
        ("id,trucks,lon,lat\nWest,2,7,95\n", "lat: expected a number from -85 to 85"),
        ("id,trucks,lon,lat,study\nWest,2,7,50,mine.yaml\n", "mine.yaml does not exist"),
        ("id,trucks,lon,lat\n", "expected a header and at least one row"),
    ],
)
def test_a_bad_table_of_depots_is_named(study_folder, refused, rows, said):
    (study_folder / "depots.csv").write_text(rows, encoding="utf-8")
    told = refused(study_folder, "depots: {table: depots.csv, study: depot-demo}\n")
    assert said in told


def test_the_map_shows_depots_and_the_package_names_their_tables(found, without):
    depots = gpd.read_file(found.folder / "plan.gpkg", layer="depots")
    assert depots.crs.to_epsg() == 4326
    assert depots["depot_id"].tolist() == ["West", "South"]
    assert (depots.geometry.x.iloc[0], depots.geometry.y.iloc[0]) == (7.02, 50.01)
    with closing(sqlite3.connect(found.folder / "plan.gpkg")) as package:
        styles = dict(package.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        titles = dict(
            package.execute(
                "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'depots'"
            )
        )
    assert "departure_soc_share" in styles["depots"]
    assert titles["grid_peak_kw"] == "Grid peak (kW)"
    with zipfile.ZipFile(found.folder / "plan.qgz") as project:
        shown = project.read(next(n for n in project.namelist() if n.endswith(".qgs")))
    assert b"layername=depots" in shown
    resources = json.loads((found.folder / "datapackage.json").read_text())["resources"]
    paths = {resource["path"] for resource in resources}
    assert {"depots.csv", "depots.parquet", "depot_trucks.csv", "depot_power.parquet"} <= paths
    assert "depots" not in gpd.list_layers(without.folder / "plan.gpkg")["name"].tolist()
    book = openpyxl.load_workbook(found.folder / "plan.xlsx")
    rows = list(book["Depots"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Depot", "West", "South"]
    assert "Depots" not in openpyxl.load_workbook(without.folder / "plan.xlsx").sheetnames
    german = export_qgis(found.folder, GERMAN, out=found.folder.parent / "qgis-de")
    assert german.is_file()
