"""`planner validate` and `planner schema` on every kind of study."""

from __future__ import annotations

import json
import sys

import geopandas as gpd
import jsonschema
import pytest
import shapely
import yaml

from planner import cli
from planner.errors import ScenarioError
from planner.plan.input_files import input_files
from planner.scenario.any_study import load_study
from planner.scenario.bundled import bundled_path
from planner.studies import check
from tests.languages import GERMAN
from tests.unit.depot.small_depot import STOPS, TARIFF, write_depot

SWEEP = """\
name: some
base: study.yaml
axes:
  demand.electrification_share: [0.2, 0.5]
  sites.path: [sites.csv, {other}]
replications: 2
"""


def _write_sweep(folder, other="fewer.csv"):
    rows = (folder / "sites.csv").read_text(encoding="utf-8").splitlines()
    (folder / "fewer.csv").write_text("\n".join(rows[:6]) + "\n", encoding="utf-8")
    path = folder / "sweep.yaml"
    path.write_text(SWEEP.format(other=other), encoding="utf-8")
    return path


def _command(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["planner", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code, capsys.readouterr()


def test_a_scenario_says_what_was_read(study_folder):
    said = check(load_study(study_folder / "study.yaml"))
    assert [line.partition(":")[0] for line in said] == ["Network", "Sites", "Demand"]
    assert "7 sites" in said[1]


def test_polygons_of_regions_are_checked_and_counted_among_the_inputs(study_folder):
    areas = gpd.GeoDataFrame(
        {"Land": ["all"]}, geometry=[shapely.box(-180, -90, 180, 90)], crs="EPSG:4326"
    )
    areas.to_file(study_folder / "areas.gpkg")
    settings = ["regions.path=areas.gpkg", "regions.name_column=Land"]
    scenario = load_study(study_folder / "study.yaml", settings)
    assert len(check(scenario)) == 3
    assert input_files(scenario)["regions.path"] == study_folder / "areas.gpkg"
    wrong = load_study(study_folder / "study.yaml", [settings[0], "regions.name_column=land_"])
    with pytest.raises(ScenarioError, match=r"areas\.gpkg: missing column land_ .*mean Land"):
        check(wrong)


def test_what_was_not_plain_in_a_table_is_said_also_of_a_sweep(study_folder):
    path = _write_sweep(study_folder)
    rows = (study_folder / "sites.csv").read_text(encoding="utf-8").splitlines()
    wider = [f"{row},{'Betreiber' if not number else 'Köln'}" for number, row in enumerate(rows)]
    (study_folder / "sites.csv").write_text("\n".join(wider) + "\n", encoding="cp1252")
    said = check(load_study(path))
    assert said[-1].startswith("Note: ")
    assert "sites.csv: read as Windows-1252, not UTF-8 ('Köln' in row 2)" in said[-1]
    assert "columns not used: Betreiber" in said[-1]


def test_a_sweep_says_what_its_combinations_share_once(study_folder):
    told = []
    path = _write_sweep(study_folder)
    said = check(load_study(path), advance=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert said[0] == "Runs: 8, 2 of each of 4 combinations"
    assert [line.partition(":")[0] for line in said[1:]] == [
        "Network",
        "Sites",
        "Sites",
        "Demand",
        "Demand",
    ]
    assert said[2].endswith("(with sites.path: sites.csv)")
    assert "5 sites" in said[3]
    assert said[5].endswith("(with demand.electrification_share: 0.5)")


def test_a_sweep_tells_the_faults_of_all_combinations_at_once(study_folder):
    path = _write_sweep(study_folder, other="weak.csv")
    weak = (study_folder / "sites.csv").read_text(encoding="utf-8").replace(",9000", ",900")
    (study_folder / "weak.csv").write_text(weak, encoding="utf-8")
    flows = (study_folder / "flows.csv").read_text(encoding="utf-8")
    (study_folder / "flows.csv").write_text(flows.replace("west", "nowhere"), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        check(load_study(path))
    sites, demand = sorted(refused.value.faults, key=lambda fault: "flows.csv" in fault)
    assert sites.endswith("(with sites.path: weak.csv)")
    assert "flows.csv" in demand
    assert "(with" not in demand


def test_a_sweep_takes_no_settings(study_folder):
    with pytest.raises(ScenarioError, match="section fixed"):
        load_study(_write_sweep(study_folder), ["replications=3"])


def test_a_market_says_who_comes_and_who_offers():
    said = check(load_study("odeshog-market", ["operators.south.tariff=fixed"]))
    assert said[0] == "Arrivals: 499 trucks on a typical day; 179.6 MWh"
    assert "south with 10 charging points and one price" in said[1]
    week = "week={mon: 1, tue: 1}"
    assert (
        "998 trucks in a week"
        in check(load_study("odeshog-market", [week, "demand_variation_share=1"]))[0]
    )


def test_a_market_names_the_row_of_its_table(tmp_path):
    (tmp_path / "day.csv").write_text("arrival_min\n10\n1500\n", encoding="utf-8")
    study = yaml.safe_load((bundled_path("scenarios") / "odeshog-market.yaml").read_text("utf-8"))
    study["arrivals"] = {"source": "file", "path": "day.csv"}
    path = tmp_path / "market.yaml"
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"day.csv: arrival_min .*found .1500.; see row 3"):
        check(load_study(path))


def test_a_depot_says_what_stands_there(tmp_path):
    said = check(load_study(write_depot(tmp_path)))
    assert [line.partition(":")[0] for line in said] == [
        "Stops",
        "Fleet",
        "Building",
        "PV",
        "Tariff",
    ]
    assert said[0] == "Stops: 6; 5 with a delivery; 3.9 t"
    assert said[2] == "Building: 288 kWh on 2026-06-17"
    assert "0.25 to 0.25 EUR per kWh" in said[4]
    assert GERMAN.own_text(said[4]).endswith("; 0,25 bis 0,25 EUR je kWh am 2026-06-17")


def test_a_depot_tells_the_faults_of_all_its_files_at_once(tmp_path):
    path = write_depot(
        tmp_path,
        stops=STOPS.replace("700,10,60,300", "700,10,360,300"),
        tariff=TARIFF.replace("2026-01-01", "2026-12-01"),
        initial_energy_kwh=9000,
        site__building={"source": "csv", "path": "stops.csv", "columns": {"load": 1.0}},
    )
    with pytest.raises(ScenarioError) as refused:
        check(load_study(path))
    stops, fleet, building, tariff = refused.value.faults
    assert "see row 4" in stops
    assert "depot.initial_energy_kwh" in fleet
    assert "expected the rows of a year" in building
    assert "holds from 2026-12-01 on" in tariff


def test_the_command_prints_lines_or_one_message(monkeypatch, capsys, tmp_path):
    code, printed = _command(monkeypatch, capsys, "validate", str(write_depot(tmp_path)))
    assert code == 0
    assert printed.out.endswith("No errors found.\n")
    (tmp_path / "stops.csv").write_text("id\n1\n", encoding="utf-8")
    code, printed = _command(monkeypatch, capsys, "validate", str(tmp_path / "small.yaml"))
    assert code == 2
    assert printed.out == ""
    assert "small: 1 fault" in printed.err
    code, printed = _command(monkeypatch, capsys, "depot", "odeshog-market")
    assert code == 2
    assert "planner market odeshog-market" in printed.err


@pytest.mark.parametrize(
    ("kind", "example", "slip"),
    [
        (None, "germany-10", {"chargers": {"hpc_kw": "strong"}}),
        ("scenario", "germany-reference", {"network": {"source": "none"}}),
        ("market", "odeshog-market", {"n_seeds": 0}),
        ("depot", "depot-demo", {"depot": {"month": 13}}),
        ("sweep", "germany-sweep", {"replication": 3}),
    ],
)
def test_a_schema_takes_the_examples_and_refuses_a_slip(monkeypatch, capsys, kind, example, slip):
    code, printed = _command(monkeypatch, capsys, "schema", *([kind] if kind else []))
    assert code == 0
    checked = jsonschema.Draft202012Validator(json.loads(printed.out))
    study = yaml.safe_load((bundled_path("scenarios") / f"{example}.yaml").read_text("utf-8"))
    assert not list(checked.iter_errors(study))
    assert list(checked.iter_errors(study | slip))
