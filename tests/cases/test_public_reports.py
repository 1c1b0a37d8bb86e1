"""Files from public bug reports do what the README beside each expects."""

import http.server
import json
import math
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.files.spreadsheet_texts import unmarked_text
from planner.plan.study_inputs import read_inputs
from planner.scenario.load import load_scenario
from tests.cases.command_line import environment, planner
from tests.cases.small_studies import scenario
from tests.reference_data import case_path

# What `planner validate` says to a file of a folder: read (0) or refused (2), and words of it.
VALIDATED = [
    ("depot-csv-decimal-comma/d.yaml", 0, ["decimal commas in load"]),
    ("depot-csv-empty/d.yaml", 2, ["load.csv", "the file is empty"]),
    ("depot-csv-one-column/d.yaml", 0, ["Building: 540 kWh"]),
    ("depot-xlsx-damaged/d.yaml", 2, ["load.xlsx", "damaged", "export the file again"]),
    ("depot-xlsx-other-sheet/d.yaml", 2, ["'Info'", "Data", "depot.site.building.sheet"]),
    (
        "epw-missing-9999/d.yaml",
        0,
        ["missing values of ghi filled between their neighbours: 365 of 8,760"],
    ),
    ("epw-short/d.yaml", 2, ["w.epw", "8,760", "found 8,000"]),
    ("epw-text-cell/d.yaml", 2, ["w.epw", "ghi must be a number", "'abc'", "row 21"]),
    ("matrix-nan-not-validated/d.yaml", 2, ["dist.csv", "'n/a'", "row 4", "column 1"]),
    (
        "matsim-subpopulation-message/s.yaml",
        2,
        ["no persons of subpopulation longDistanceFreight", "there are freight"],
    ),
    ("nsrdb-csv/d.yaml", 2, ["nsrdb.csv", "NSRDB", "no TMY3"]),
    ("omx-crashes/omx_group_in_data/s.yaml", 2, ["m.omx", "/data/sub", "group"]),
    ("omx-crashes/omx_latin1/s.yaml", 2, ["m.omx", "UTF-8", r"K\xf6ln"]),
    ("omx-crashes/omx_scalarlookup/s.yaml", 2, ["m.omx", "'zone'", "single value"]),
    ("omx-wrong-lookup/s.yaml", 2, ["demand.lookup", "Index", "TAZ_ID"]),
    ("osm-history-file/s.yaml", 0, ["1,031 km of carriageway"]),
    ("semicolon-thousands/s.yaml", 2, ["od.csv", "'400.000'", "unclear", "row 2"]),
    ("spot-dst-full-year/d.yaml", 0, ["clocks go back on 2026-10-25", "the first is taken"]),
    ("spot-local/d.yaml", 0, ["0.1 to 0.33 EUR"]),
    ("spot-semicolon/d.yaml", 0, ["decimal commas in price"]),
    ("spot-utc/d.yaml", 0, ["+00:00", "Europe/Berlin", "0.1 to 0.33 EUR"]),
    ("stops-header-spaces/d.yaml", 0, ["Stops: 2; 2 with a delivery"]),
    ("stops-id-NA/d.yaml", 0, ["Stops: 2; 2 with a delivery"]),
    ("stops-id-empty/d.yaml", 2, ["stops.csv", "needs an id", "row 3"]),
    ("stops-repeated-header/d.yaml", 2, ["stops.csv", "more than once: load"]),
    ("stops-swapped/d.yaml", 2, ["stops.csv", "look swapped"]),
    ("stops-xlsx-date/d.yaml", 2, ["s.xlsx", "open_min", "date or time", "row 2"]),
    ("trips-dates-day-month/s.yaml", 0, ["read as day-month-year"]),
    ("urdb-api-error/d.yaml", 2, ["API_KEY_MISSING: No api_key was supplied."]),
    ("urdb-bulk-file/d.yaml", 2, ["bulk download", "api_key"]),
    ("urdb-lookback-v8/d.yaml", 2, ["lookbackpercent", "not billed here"]),
    ("urdb-minimum-charge/d.yaml", 2, ["minmonthlycharge", "not billed here"]),
    ("urdb-ratchet-zero/d.yaml", 0, ["Tariff: Test rate"]),
    ("urdb-tier-without-max/d.yaml", 2, ["energyratestructure[0][0].max", "another one follows"]),
    ("yaml-hints/norway.yaml", 2, ["network.countries", 'put it in quotes: "NO"']),
    ("yaml-hints/opens-7-00.yaml", 2, ["depot.opens", 'put it in quotes: "07:00"']),
    ("yaml-hints/tariff-days.yaml", 2, ["energy.0.days.0", "did you mean 'mon'"]),
    ("yaml-hints/tariff-norway.yaml", 2, ["holidays.country", 'put it in quotes: "NO"']),
    ("yaml-hints/tariff-overnight.yaml", 2, ["energy.1.hours", '"22:00-24:00"', '"00:00-06:00"']),
    ("yaml-hints/tariff-season.yaml", 2, ["seasons.s.first", '"04-01"']),
    ("zones-swapped/s.yaml", 2, ["z.csv", "look swapped"]),
]
# The other folders, each with a test of its own below.
OTHERWISE = {
    "cluster-address",
    "compare-missing-table",
    "csv-injection",
    "disk-full",
    "matsim-vehicle-ids",
    "path-exclamation-mark",
    "path-square-brackets",
    "terminal-cp1252",
    "trips-parquet-time-of-day",
    "vrpb-layout",
}
# Sentences that are none of the planner's own.
FOREIGN_WORDS = ["Traceback", "Tuple should", "isoformat", "pydantic", "literal[", "Error("]


def report(name):
    return case_path(f"public-reports/{name}")


def test_every_report_has_a_test():
    folders = {readme.parent.name for readme in report("").glob("*/README*")}
    tested = {name.split("/")[0] for name, _, _ in VALIDATED} | OTHERWISE
    assert folders == tested


@pytest.mark.parametrize(("name", "code", "words"), VALIDATED)
def test_a_file_is_read_or_refused_as_its_report_expects(name, code, words):
    answer = planner("validate", report(name))
    told = answer.complained if code else answer.said
    assert answer.code == code, answer
    assert [word for word in words if word not in told] == [], told
    assert not [word for word in FOREIGN_WORDS if word in answer.complained]


def test_the_energy_of_the_sun_is_right_where_noon_is_missing():
    said = planner("validate", report("epw-missing-9999/d.yaml")).said
    kwh = float(said.partition("PV: ")[2].split(" kWh")[0])
    assert kwh == pytest.approx(466.0, rel=0.01)


@pytest.mark.parametrize("name", ["spot-local", "spot-utc"])
def test_a_day_costs_the_same_with_prices_in_local_time_and_in_utc(name, tmp_path):
    answer = planner("depot", report(f"{name}/d.yaml"), "--out", tmp_path / "out")
    assert answer.code == 0, answer
    assert _bill(tmp_path / "out") == pytest.approx(105.36, abs=0.005)


def _bill(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["summary"]["cost_total"]


def test_a_stop_called_na_keeps_its_name(tmp_path):
    answer = planner("depot", report("stops-id-NA/d.yaml"), "--out", tmp_path / "out")
    assert answer.code == 0, answer
    tours = pd.read_parquet(tmp_path / "out" / "tours.parquet")
    assert set(tours["stop"]) == {"D", "NA", "B"}


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("trips-dates-day-month", {8.0, 56.0, 80.0}),
        ("trips-parquet-time-of-day", {8.5}),
    ],
)
def test_departures_are_those_that_the_table_states(name, hours):
    trips = read_inputs(load_scenario(report(f"{name}/s.yaml"))).trips
    assert set(np.round(trips.departure_h, 6)) == hours


def test_vehicles_with_the_mode_in_their_id_belong_to_their_person():
    trips = read_inputs(load_scenario(report("matsim-vehicle-ids/s.yaml"))).trips
    assert 0.5 in trips.initial_soc_share


def vrpb(name):
    return planner("depot", "--vrpb", report(f"vrpb-layout/{name}"), "--seconds", "0.1")


def test_a_number_that_no_place_can_have_is_refused_by_its_line():
    answer = vrpb("hugeid.vrp")
    assert answer.code == 2, answer
    assert "line 11: NODE_COORD_SECTION holds '1e30'" in answer.complained


# A time of service changes no length of a route, and no route there has a longest time.
@pytest.mark.parametrize("name", ["bom.vrp", "pyvrp_backhaul.vrp", "servicetime.vrp"])
def test_vrpb_files_of_other_layouts_are_read(name):
    answer = vrpb(name)
    assert answer.code == 0, answer
    solved = json.loads(answer.said)
    assert solved["feasible"]
    assert solved["cost"] == pytest.approx(20.0 + 20.0 * math.sqrt(2.0))


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """A run of the reports' study, in a folder whose name other programs read as commands."""
    folder = tmp_path_factory.mktemp("runs")
    sites = f"sites.path={_sites_with_a_formula(folder)}"
    out = folder / "!aus [neu] [" / "x] y"
    return out, planner("run", report("base/study.yaml"), "--out", out, "--set", sites)


FORMULA = '=HYPERLINK("http://localhost/";"Rast 1")'


def _sites_with_a_formula(folder):
    sites = pd.read_csv(report("base/sites.csv"))
    sites.loc[0, "name"] = FORMULA
    sites.to_csv(folder / "sites.csv", index=False)
    return folder / "sites.csv"


def test_a_folder_of_any_name_takes_results_and_is_printed_as_it_is(strange):
    folder, answer = strange
    assert answer.code == 0, answer
    assert f"Report {folder / 'report.html'}" in answer.said
    assert f"map {folder / 'plan.qgz'}" in answer.said
    assert (folder / "plan.gpkg").is_file()


def test_a_map_in_a_folder_with_an_exclamation_mark_is_read(tmp_path):
    lines = report("path-exclamation-mark/b!ang/r.gpkg")
    flows, zones = report("osm-history-file/osm_od.csv"), report("osm-history-file/osm_z.csv")
    study = scenario(
        tmp_path,
        network=f"source: tables, lines: {lines}, columns: {{road: ref}}",
        sites="source: spacing, spacing_km: 60",
        demand=f"source: od_table, path: {flows}, zones: {zones}, electrification_share: 0.01",
    )
    answer = planner("validate", study)
    assert answer.code == 0, answer


def test_evaluate_writes_no_formula_and_prints_its_folder_as_it_is(strange):
    run, _ = strange
    folder = run.with_name("evaluated [neu]")
    answer = planner("evaluate", run, "--out", folder)
    assert answer.code == 0, answer
    assert f"Layout {folder / 'sites.xlsx'}" in answer.said
    written = pd.read_csv(folder / "sites.csv", dtype=str, keep_default_na=False)
    assert not [text for text in written.to_numpy().ravel() if text.startswith("=")]
    assert FORMULA in {unmarked_text(name) for name in written["name"]}


def test_half_a_copy_of_a_run_is_told_as_such(strange, tmp_path):
    shutil.copytree(strange[0], tmp_path / "half")
    (tmp_path / "half" / "front.parquet").unlink()
    answer = planner("compare", tmp_path / "half", "--out", tmp_path / "compared")
    assert answer.code == 2, answer
    assert "front.parquet: is not there; copy the whole folder" in answer.complained
    assert not (tmp_path / "compared").exists()


def test_a_run_without_its_summary_is_told_as_such(strange, tmp_path):
    shutil.copytree(strange[0], tmp_path / "half")
    manifest = json.loads((tmp_path / "half" / "run.json").read_text(encoding="utf-8"))
    (tmp_path / "half" / "run.json").write_text(json.dumps(manifest | {"summary": None}))
    answer = planner("show", tmp_path / "half")
    assert answer.code == 2, answer
    assert "run.json" in answer.complained


@pytest.mark.parametrize(
    "output",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
)
def test_output_that_is_not_utf8_lacks_no_line(strange, output):
    shown = _planner_process("show", strange[0], **output)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"Mean wait against" in shown.stdout
    assert b"|" in shown.stdout


def _planner_process(*arguments, limits=None, **changed):
    return subprocess.run(
        [Path(sys.executable).with_name("planner"), *map(str, arguments)],
        capture_output=True,
        check=False,
        env=environment(**changed),
        preexec_fn=limits,
    )


def test_a_full_disk_is_one_message_and_the_run_goes_on(strange, tmp_path):
    def no_large_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200 * 512, 200 * 512))

    command = ["run", report("base/study.yaml"), "--out", tmp_path / "full"]
    stopped = _planner_process(*command, limits=no_large_files)
    told = " ".join(stopped.stderr.decode().split())
    assert (stopped.returncode, "Traceback" in told) == (2, False), told
    assert "--resume" in told
    assert told.upper().count("ERROR") == 1, told  # GDAL says nothing of its own
    resumed = planner(*command, "--resume")
    assert resumed.code == 0, resumed


def test_a_full_device_is_one_message(strange):
    with Path("/dev/full").open("wb") as full:
        shown = subprocess.run(
            [Path(sys.executable).with_name("planner"), "show", strange[0]],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    told = shown.stderr.decode()
    assert (shown.returncode, "Traceback" in told, told.count("Error")) == (2, False, 1), told


@pytest.mark.parametrize("address", ["http://127.0.0.1:8787", "", "scheduler.json"])
def test_a_wrong_address_of_a_cluster_is_answered(address, tmp_path):
    sweep = report("cluster-address/sw.yaml")
    answer = planner("sweep", sweep, "--cluster", address, "--out", tmp_path / "out")
    assert answer.code == 2, answer
    assert answer.complained.startswith(f"Error --cluster {address}".strip()), answer
    assert "Traceback" not in answer.complained


class Silent(http.server.SimpleHTTPRequestHandler):
    """A web server that keeps to itself what it was asked."""

    def log_message(self, *_):
        pass


TIMED = """
import time
import planner.sweeping.sweep
from planner.cli import main

since = time.monotonic()
try:
    main()
finally:
    print(time.monotonic() - since)
"""
"""Imports take as long as the machine is busy, and are not counted."""


def test_a_web_server_is_not_taken_for_a_scheduler(tmp_path):
    sweep = ["sweep", report("cluster-address/sw.yaml"), "--out", tmp_path / "out"]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.server_port}"
        ended = subprocess.run(
            [sys.executable, "-c", TIMED, *map(str, sweep), "--cluster", address],
            capture_output=True,
            check=False,
            env=environment(),
        )
        server.shutdown()
    told = ended.stderr.decode()
    assert (ended.returncode, "Traceback" in told, "Exception" in told) == (2, False, False), told
    assert float(ended.stdout.split()[-1]) < 15.0
