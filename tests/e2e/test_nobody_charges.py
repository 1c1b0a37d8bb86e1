"""A study in which no truck charges on its way: everything is written, and says so."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import RunDirectoryError
from planner.reporting.terminal import show_run
from tests.languages import GERMAN

SCENARIO = """\
name: none
network: {source: tables, nodes: nodes.csv, arcs: arcs.csv, contract: false}
sites: {source: spacing, spacing_km: 50}
demand:
  source: trips
  path: trips.csv
  electrification_share: 1.0
  days: [mon]
  min_distance_km: 0
optimization: {population: 8, max_generations: 2}
replanning: {iterations: 2}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finished run: two trips of 112 km that set out full, and one on a part that was dropped."""
    home = tmp_path_factory.mktemp("none")
    (home / "study.yaml").write_text(SCENARIO, encoding="utf-8")
    (home / "nodes.csv").write_text(
        "node_id,lon,lat\na,9.0,50.0\nb,9.0,50.5\nc,9.0,51.0\nd,13.0,50.0\ne,13.0,51.5\n",
        encoding="utf-8",
    )
    arcs = ["a,b,56,A1", "b,c,56,A1", "c,b,56,A1", "b,a,56,A1", "d,e,168,A2", "e,d,168,A2"]
    (home / "arcs.csv").write_text(
        "\n".join(["from_node_id,to_node_id,length_km,road", *arcs]), encoding="utf-8"
    )
    (home / "trips.csv").write_text(
        "origin,destination,departure_h,soc_share\na,c,8.0,1.0\nc,a,9.0,1.0\nd,e,9.0,1.0\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(
        app, ["run", str(home / "study.yaml"), "--out", str(home / "out"), "--workers", "1"]
    )
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "No truck charges on its way, so no charging point is needed: 2 of 2 trips" in said
    assert "trips that begin or end on parts of the road network" in said
    return home / "out"


def test_the_run_says_so_in_its_files_and_names_what_was_left_out(folder):
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert manifest["headline"]["answer"].startswith("No truck charges on its way")
    assert any("33.3 % of all" in line for line in manifest["inputs"])
    as_read = {row["what"]: row["value"] for row in manifest["assumptions"]}
    assert "33.3 % of all" in as_read["Demand as read"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "No truck charges on its way" in page
    assert "Kein Lkw lädt unterwegs" in page
    assert (folder / "figures" / "hours.svg").is_file()


def test_it_can_be_shown_in_german(folder):
    console = Console(record=True, width=80)
    show_run(folder, console, GERMAN)
    assert "Kein Lkw lädt unterwegs" in " ".join(console.export_text().split())


@pytest.mark.parametrize(
    "command",
    [
        ["figures", "OUT", "--lang", "de"],
        ["export", "qgis", "OUT", "--lang", "de"],
        ["export", "xlsx", "OUT", "--lang", "de"],
        ["export", "matsim", "OUT", "--solution", "balanced", "--crs", "EPSG:25832"],
        ["export", "load", "OUT", "--span", "year", "--minutes", "60", "--lang", "de"],
        ["export", "load", "OUT", "--format", "pypsa-eur"],
        ["export", "load", "OUT", "--format", "spice-ev"],
        ["export", "load", "OUT", "--format", "edisgo"],
        ["climate", "OUT", "--lang", "de"],
        ["evaluate", "OUT"],
        ["target", "OUT", "--max-mean-wait", "5", "--max-p95", "15"],
        ["compare", "OUT", "OUT"],
    ],
    ids=" ".join,
)
def test_every_other_command_goes_on_from_it(folder, tmp_path, command):
    places = {"xlsx": "plan.xlsx"}
    words = [str(folder) if word == "OUT" else word for word in command]
    out = tmp_path / places.get(command[1], "made")
    result = CliRunner().invoke(app, [*words, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert out.exists()


def test_prices_are_refused_where_no_kwh_is_charged(folder, tmp_path):
    out = tmp_path / "costs"
    with pytest.raises(RunDirectoryError, match="there is nothing to price"):
        CliRunner().invoke(app, ["costs", str(folder), "--out", str(out)], catch_exceptions=False)
    assert not out.exists()


def test_every_file_that_a_section_names_is_among_the_inputs_of_the_run(folder):
    """Else a run would be taken for complete after one of them was changed."""
    manifest = json.loads((folder / "run.json").read_text())
    named = manifest["provenance"]["inputs_sha256"]
    assert {"network.nodes.path", "network.arcs.path", "demand.path"} <= set(named)
