"""Half copies and damaged runs: each command says in one message what is wrong with them."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from planner.cli import main
from planner.layouts.evaluation import evaluate_layout
from planner.runs.own_files import sealed
from planner.runs.run_directory import RunDirectory

COMMANDS = {
    "show": ["show", "RUN"],
    "compare": ["compare", "RUN", "--out", "OUT"],
    "figures": ["figures", "RUN", "--out", "OUT", "--format", "svg"],
    "xlsx": ["export", "xlsx", "RUN", "--out", "OUT.xlsx"],
    "qgis": ["export", "qgis", "RUN", "--out", "OUT"],
    "matsim": ["export", "matsim", "RUN", "--out", "OUT"],
    "evaluate": ["evaluate", "RUN", "--out", "OUT"],
    "target": ["target", "RUN", "--max-mean-wait", "10", "--out", "OUT"],
}
TABLES = ("front", "layouts", "sites", "hourly", "trips", "stops")


@pytest.fixture
def whole(plain_run):
    return plain_run.folder


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "copy")


def said_by(arguments, copy, monkeypatch, capfd):
    out = copy.with_name("out")
    words = [word.replace("RUN", str(copy)).replace("OUT", str(out)) for word in arguments]
    monkeypatch.setattr(sys, "argv", ["planner", *words])
    capfd.readouterr()
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, capfd.readouterr().err


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_tables_that_are_gone_are_named_or_not_needed(copy, command, monkeypatch, capfd):
    """All are gone at first; those that a message names come back, until no more is needed."""
    aside = copy.with_name("aside")
    aside.mkdir()
    gone = {f"{table}.parquet" for table in TABLES}
    for file in gone:
        (copy / file).rename(aside / file)
    while True:
        code, said = said_by(command, copy, monkeypatch, capfd)
        if code == 0:
            break
        assert code == 2
        assert said.startswith("Error ")
        named = {file for file in gone if file in said}
        assert named
        for file in named:
            (aside / file).rename(copy / file)
        gone -= named
        shutil.rmtree(copy.with_name("out"), ignore_errors=True)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(summary=None),
        lambda manifest: manifest.update(summary={}),
        lambda manifest: manifest["summary"].update(solutions=None),
        lambda manifest: manifest["summary"]["solutions"].pop("balanced"),
        lambda manifest: manifest.update(named_solutions=[None]),
        lambda manifest: manifest.update(scenario={"demand": 3}),
        lambda manifest: manifest.update(provenance={"inputs_sha256": None}),
        lambda manifest: manifest.update(headline={}),
        lambda manifest: manifest.clear(),
    ],
)
def test_a_manifest_that_lacks_something_is_one_message(copy, command, change, monkeypatch, capfd):
    manifest = json.loads((copy / "run.json").read_text())
    change(manifest)
    (copy / "run.json").write_text(json.dumps(manifest))
    code, said = said_by(command, copy, monkeypatch, capfd)
    assert code in {0, 2}
    if code == 2:
        assert said.startswith("Error ")
        assert str(copy) in said


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_whole_run_of_another_version_is_one_message(copy, command, monkeypatch, capfd):
    manifest = json.loads((copy / "run.json").read_text())
    manifest["provenance"]["program_sha256"] = "0" * 64
    del manifest["summary"]["solutions"]
    for key in ("named_solutions", "datapackage", "inputs"):
        manifest.pop(key, None)
    (copy / "run.json").write_text(json.dumps(sealed(manifest, manifest["files"])))
    code, said = said_by(command, copy, monkeypatch, capfd)
    assert code in {0, 2}
    if code == 2:
        assert said.startswith("Error ")
        assert str(copy) in said
        assert "again" in said


def test_a_run_with_a_key_that_is_no_more_is_of_another_version(copy, monkeypatch, capfd):
    manifest = json.loads((copy / "run.json").read_text())
    manifest["provenance"]["program_sha256"] = "0" * 64
    manifest["scenario"]["former_key"] = None
    (copy / "run.json").write_text(json.dumps(sealed(manifest, manifest["files"])))
    code, said = said_by(["evaluate", "RUN", "--out", "OUT"], copy, monkeypatch, capfd)
    assert code == 2
    for words in (str(copy), "another version", "former_key: unknown key", "scenario again"):
        assert words in " ".join(said.split())


def test_inputs_that_are_gone_can_be_put_back_where_another_version_ran(copy, monkeypatch, capfd):
    manifest = json.loads((copy / "run.json").read_text())
    manifest["provenance"]["program_sha256"] = "0" * 64
    manifest["scenario"]["network"] |= {"source": "matsim", "path": str(copy / "gone.xml")}
    (copy / "run.json").write_text(json.dumps(sealed(manifest, manifest["files"])))
    code, said = said_by(["evaluate", "RUN", "--out", "OUT"], copy, monkeypatch, capfd)
    assert code == 2
    for words in ("gone.xml does not exist", "put back files that are gone"):
        assert words in " ".join(said.split())


def test_a_fault_of_the_program_stays_one_where_the_run_is_whole(whole, monkeypatch):
    def fault(*_):
        raise KeyError

    monkeypatch.setattr("planner.reporting.terminal.show_run", fault)
    monkeypatch.setattr(sys, "argv", ["planner", "show", str(whole)])
    with pytest.raises(KeyError):
        main()


def test_a_table_that_was_edited_by_hand_is_kept_when_an_evaluation_is_done_again(whole, tmp_path):
    out = tmp_path / "evaluated"
    for text in ("site_id,n_hpc\nmine,3\n", "site_id,n_hpc\nmine,4\n"):
        evaluate_layout(whole, out=out)
        (out / "sites.csv").write_text(text)
    evaluate_layout(whole, out=out)
    kept = [(out / f"kept-{number}" / "sites.csv").read_text() for number in (1, 2)]
    assert kept == ["site_id,n_hpc\nmine,3\n", "site_id,n_hpc\nmine,4\n"]
    assert RunDirectory(out, "", manifest="evaluation.json").is_complete()
