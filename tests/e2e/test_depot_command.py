"""planner depot as its users run it: a folder with everything, errors without a traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import pandas as pd
import pytest

from planner.depot.checks import check_depot
from planner.reporting.charts.depot_ways import way_titles
from planner.scenario.depot_model import load_depot
from planner.tables.language import ENGLISH
from tests.cases.command_line import planner
from tests.unit.depot.small_depot import STOPS, TARIFF, write_depot

KEYS = {
    "energy_kwh",
    "tours",
    "n_recharges",
    "grid_energy_kwh",
    "grid_peak_kw",
    "cost_total",
    "cost_energy",
    "cost_demand",
    "currency",
}
pytestmark = pytest.mark.slow

PROGRAM = "from planner.cli import main; main()"


def planner_process(*arguments):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    path = write_depot(folder, tariff=TARIFF + "spot: {file: spot.csv}\n")
    hours = [f"{month};{hour};0,00" for month in range(1, 13) for hour in range(24)]
    (folder / "config" / "tariffs" / "spot.csv").write_text("\n".join(["month;hour;price", *hours]))
    done = planner_process("depot", path, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder, done


def test_nothing_of_the_solver_or_other_libraries_reaches_the_terminal(run):
    """What the process writes to its two streams is what the planner shows, to the byte."""
    folder, done = run
    shown = planner_process("show", folder / "out")
    assert shown.returncode == 0
    places = f"\nReport {folder / 'out' / 'report.html'}   "
    assert done.stdout.startswith(shown.stdout + places)
    assert done.stdout.count("\n") == shown.stdout.count("\n") + 2
    assert (done.stderr, shown.stderr) == ("", "")


def test_summary_has_the_agreed_keys(run):
    folder, _ = run
    manifest = json.loads((folder / "out" / "run.json").read_text())
    assert manifest["kind"] == "depot"
    summary = manifest["summary"]
    assert set(summary) == KEYS | {"uncoordinated", "dispatch_first"}
    assert set(summary["uncoordinated"]) == set(summary["dispatch_first"]) == KEYS
    assert all(isinstance(stop, int) or stop == "R" for tour in summary["tours"] for stop in tour)
    assert summary["currency"] == "EUR"
    assert summary["n_recharges"] == sum(tour.count("R") for tour in summary["tours"])


def test_what_readers_note_is_told_before_and_after(run):
    folder, done = run
    note = "spot.csv: decimal commas in price"
    assert json.loads((folder / "out" / "run.json").read_text())["notes"] == [note]
    assert f"Note: {note}" in done.stdout
    said = check_depot(load_depot(folder / "small.yaml"))
    assert any(line.startswith("Note: ") and line.endswith(note) for line in said)


def test_tables_agree_with_the_summary(run):
    folder, _ = run
    summary = json.loads((folder / "out" / "run.json").read_text())["summary"]
    flows = pd.read_parquet(folder / "out" / "power_flows.parquet")
    own = flows[flows["coordination"] == "co-optimised"]
    assert own["import_kw"].sum() / 4 == pytest.approx(summary["grid_energy_kwh"])
    assert own["import_kw"].max() == pytest.approx(summary["grid_peak_kw"])
    tours = pd.read_csv(folder / "out" / "tours.csv")
    driven = tours[tours["coordination"] == "co-optimised"]["driven_kwh"].sum()
    assert driven == pytest.approx(summary["energy_kwh"], abs=0.01)
    bill = pd.read_csv(folder / "out" / "bill.csv")
    own_bill = bill[bill["coordination"] == "co-optimised"]
    demand = own_bill.loc[own_bill["kind"] == "demand", "amount"].sum()
    assert demand == pytest.approx(summary["cost_demand"], abs=0.02)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A depot with a weak connection and a tariff that prices power by the year."""
    folder = tmp_path_factory.mktemp("short")
    study = write_depot(
        folder,
        tariff=TARIFF.replace("price: 8", "price: 365, per: year"),
        iterations=8,
        site__grid={"max_import_kw": 14, "peak_so_far_kw": 5},
        site__pv=None,
        site__storage=None,
    )
    done = planner("depot", study, "--out", folder / "out")
    assert done.code == 0, done
    return folder / "out", done


def test_summary_bill_and_page_bear_the_same_share_of_a_year(short):
    folder, done = short
    manifest = json.loads((folder / "run.json").read_text())
    bill = pd.read_csv(folder / "bill.csv")
    for way in ("uncoordinated", "dispatch_first"):
        lines = bill[(bill["coordination"] == way) & (bill["kind"] == "demand")]
        assert lines["amount"].sum() == pytest.approx(
            manifest["summary"][way]["cost_demand"], abs=0.02
        )
        peak_kw = manifest["summary"][way]["grid_peak_kw"]
        assert manifest["summary"][way]["cost_demand"] == pytest.approx(peak_kw - 5, abs=0.02)
        assert set(lines["period"]) == {"year"}
        assert lines["share"].tolist() == pytest.approx([1 / 365])
    assert "priced by the year; the day bears 1/365" in done.said
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "minutes of the year" in page
    assert "of the month" not in page.partition("<script")[0]


def test_tables_show_what_trucks_got_and_what_they_lack(short):
    folder, done = short
    manifest = json.loads((folder / "run.json").read_text())
    tours = pd.read_csv(folder / "tours.csv", keep_default_na=False)
    charging = pd.read_csv(folder / "charging.csv")
    for way in ("uncoordinated", "dispatch_first"):
        own = tours[(tours["coordination"] == way) & (tours["stop"] == "R")]
        gained = (own["departure_kwh"] - own["arrival_kwh"]).sum()
        delivered = charging.loc[charging["coordination"] == way, "power_kw"].sum() / 4
        assert gained == pytest.approx(delivered, abs=1e-3)
        recharges = manifest["ways_of_planning"][way]["recharges"]
        missing = sum(recharge["missing_kwh"] for recharge in recharges)
        assert own["missing_kwh"].sum() == pytest.approx(missing, abs=1e-3)
    assert (tours[["arrival_kwh", "departure_kwh"]] >= 0.0).all(axis=None)
    assert tours["missing_kwh"].max() > 1.0
    stranded = tours[tours["shortfall_kwh"] > 0.0]
    assert len(stranded)
    assert f"{way_titles(ENGLISH)['dispatch_first']}, truck" in done.said
    assert "it does not get to" in done.said


def test_terminal_tells_tours_and_costs(run):
    _, done = run
    assert "tours and charging" in done.stdout
    assert "uncoordinated" in done.stdout
    assert "truck 1:" in done.stdout


def test_other_coordination_comes_first_when_asked(run, tmp_path):
    folder, _ = run
    done = planner(
        "depot",
        folder / "small.yaml",
        "--set",
        "depot.coordination=uncoordinated",
        "--out",
        tmp_path / "out",
    )
    assert done.code == 0, done
    summary = json.loads((tmp_path / "out" / "run.json").read_text())["summary"]
    rival = summary.pop("uncoordinated")
    summary.pop("dispatch_first")
    assert summary == rival


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"stops": STOPS.replace("60,300", "300,60")}, "before it opens"),
        ({"site__building__kw": -4}, "building"),
        ({"tariff": "name: x\ncurrency: EUR\n"}, "energy"),
    ],
)
def test_mistakes_are_one_message(tmp_path, changes, says):
    done = planner("depot", write_depot(tmp_path, **changes), "--out", tmp_path / "out")
    assert done.code == 2
    assert says in done.complained
    assert "Traceback" not in done.complained
    assert not (tmp_path / "out").exists()


def test_neither_scenario_nor_instance():
    done = planner("depot")
    assert done.code == 2
    assert "expected a scenario" in done.complained
