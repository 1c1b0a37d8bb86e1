"""Every command with arguments that are nothing it can use: one message, exit code 2."""

from __future__ import annotations

import sys

import pytest

from planner import cli

ON_FILES = [("run",), ("validate",), ("sweep",), ("depot",), ("market",), ("depot", "--vrpb")]
ON_FOLDERS = [
    ("show",),
    ("figures",),
    ("target", "--max-p95", "5"),
    ("evaluate",),
    ("compare", "--out", "compared"),
    ("export", "matsim"),
    ("export", "xlsx"),
    ("export", "qgis"),
]


@pytest.fixture(autouse=True)
def _strange_places(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "table.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    manifests = {
        "list": b"[1, 2]",
        "nothing": b"{}",
        "broken": b'{"kind": ',
        "number": b'{"kind": 5}',
        "bytes": b"\xff\xfe\x00",
        "market": b'{"kind": "market"}',
        "depot": b'{"kind": "depot"}',
        "deep": b"[" * 100_000,
    }
    for name, content in manifests.items():
        (tmp_path / f"run-{name}").mkdir()
        (tmp_path / f"run-{name}" / "run.json").write_bytes(content)
    for name, content in {"a": b"a,b\n1,2\n", "b": b"\xff\x00", "c": b""}.items():
        folder = tmp_path / f"sweep-{name}"
        folder.mkdir()
        (folder / "sweep.json").write_text('{"sweep": {"name": "x"}, "complete": true}')
        (folder / "sweep.csv").write_bytes(content)


@pytest.mark.parametrize(
    ("arguments", "german"),
    [
        (("show", "nowhere"), "Fehler nowhere: kein Lauf des Planers (der Ordner fehlt)"),
        (("run", "germany-10", "--set", "seed=[1"), "seed: erwartet ein Wert wie 0.15, mon oder"),
        (
            ("run", "germany-10", "--workers", "0"),
            "Fehler Unzulässiger Wert für '--workers': erwartet 1 oder mehr; gefunden '0'. Siehe",
        ),
        (
            ("target", "nowhere", "--max-p95", "x"),
            "Unzulässiger Wert für '--max-p95': erwartet eine Zahl; gefunden 'x'.",
        ),
        (("run",), "Fehler Es fehlt das Argument 'SCENARIO'. Siehe 'planner run --help'."),
        (("run", "a", "b"), "Fehler Überzählige Argumente (b). Siehe 'planner run --help'."),
        (("run", "--nope"), "Fehler Unbekannte Option: --nope. Siehe 'planner run --help'."),
        (("run", "--sed"), "Unbekannte Option: --sed (ähnliche Optionen: --seed, --set). Siehe"),
        (("run", "a", "--resume=3"), "Fehler Option '--resume' nimmt keinen Wert an."),
        (("export", "nope"), "Unbekannter Befehl 'nope'. Siehe 'planner export --help'."),
        (("shwo",), "Unbekannter Befehl 'shwo'. Meinten Sie 'show'? Siehe 'planner --help'."),
        (
            ("figures", "x", "--format", "zz"),
            "Wert für '--format': erwartet eines von svg, png, pdf; gefunden 'zz'. Siehe",
        ),
    ],
)
def test_what_is_wrong_is_told_in_the_language_of_the_command(
    monkeypatch, capsys, arguments, german
):
    for language, is_german in (("de", True), ("en", False)):
        monkeypatch.setattr(sys, "argv", ["planner", *arguments, "--lang", language])
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert left.value.code == 2
        told = capsys.readouterr().err
        assert (german in told) is is_german
        assert told.startswith("Fehler" if is_german else "Error")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (("--lang", "de", "run", "--nope"), "Fehler Unbekannte Option: --lang. "),
        (("run", "--lang=de", "x", "--out"), "Fehler Option '--out' braucht einen Wert."),
        (("run", "x", "--lang", "de", "--lang", "xx"), "Fehler Unzulässiger Wert für '--lang': "),
        (("run", "x", "--lang=de", "--lang"), "Fehler Option '--lang' braucht einen Wert."),
        (("run", "x", "--lang", "xx"), "Error Invalid value for '--lang': "),
        (("run", "x", "--lang", "de", "--nope", "--lang", "en"), "Error No such option: --nope."),
    ],
)
def test_the_last_language_that_there_is_tells_what_is_wrong_with_a_command_line(
    monkeypatch, capsys, arguments, begins
):
    assert said(monkeypatch, capsys, *arguments).startswith(begins)


def test_what_is_refused_before_a_command_begins_is_told_in_its_language(monkeypatch, capsys):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "0")
    told = said(monkeypatch, capsys, "run", "germany-10", "--lang", "de")
    assert told.startswith("Fehler NUMBA_NUM_THREADS: erwartet eine ganze Zahl")


PLACES = [
    "",
    "nowhere",
    "nowhere.yaml",
    "folder",
    "empty.yaml",
    "binary.yaml",
    "table.csv",
    "/dev/null",
    "x" * 5000,
    "a/" * 3000,
    "~nobody/x",
    "\udcff.yaml",
    "[/x]",
    "\x1b[31m",
    *(f"run-{name}" for name in ("list", "nothing", "broken", "number", "bytes", "market")),
    *(f"run-{name}" for name in ("depot", "deep")),
    *(f"sweep-{name}" for name in "abc"),
]


def said(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["planner", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2, arguments
    told = capsys.readouterr().err
    assert told.strip()
    assert "\x1b" not in told
    return told


@pytest.mark.parametrize("command", ON_FILES + ON_FOLDERS, ids=" ".join)
def test_a_place_that_is_nothing_of_the_kind_is_one_message(monkeypatch, capsys, command):
    for place in PLACES:
        said(monkeypatch, capsys, *command, place)


@pytest.mark.parametrize(
    "override",
    [
        "seed",
        "=5",
        ".=5",
        "seed=",
        "seed=0,5",
        "seed=1_0",
        "seed=true",
        "seed=" + "9" * 5000,
        "seed=[",
        "seed=!!int x",
        "seed=*x",
        "seed.x=1",
        "seed=\x1b[31m",
        "x" * 5000 + "=1",
        "network=5",
        "network.source=[a]",
        "demand.electrification_share=0,1",
        "demand.electrification_share=10 %",
        "demand.days=mon",
        "chargers.hpc_kw=1e300",
        "driver_rules=[]",
        "depots={places: [5]}",
        "market={operators: 5}",
        'sites={source: table, path: "a\\0b"}',
        "sites={source: table, path: /dev/zero}",
    ],
)
def test_a_wrong_change_of_a_key_is_one_message(monkeypatch, capsys, override):
    told = said(monkeypatch, capsys, "validate", "germany-10", "--set", override)
    assert len(told) < 2500


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["shwo"], "Error No such command 'shwo'. Did you mean 'show'? Try '"),
        (["run", "--sed", "1"], "No such option: --sed (Possible options: "),
        (["run"], "Missing argument 'SCENARIO'. Try '"),
        (["run", "a", "b"], "unexpected extra argument(s) (b). Try"),
        (["show", "x", "--lang", "fr"], "'--lang': "),
        (
            ["figures", "x", "--format", "zz"],
            "'--format': expected one of svg, png, pdf; found 'zz'.",
        ),
        (["run", "x", "--seed", "1.5"], "'--seed': expected a whole number; found '1.5'. Try"),
        (["run", "x", "--workers", "0"], "'--workers': expected 1 or more; found '0'. Try"),
        (["figures", "x", "--width-mm", "9e9"], "'--width-mm': expected 400 or less; found"),
        (["target", "x", "--max-p95", "nan"], "'--max-p95': expected 0 or more; found 'nan'."),
        (["target", "x", "--max-p95", "5,5"], "'--max-p95': expected a number; found '5,5'."),
        (["target", "x", "--max-p95"], "Option '--max-p95' requires an argument."),
        (["\x1b[31mx"], "No such command '\\x1b[31mx'."),
    ],
)
def test_arguments_that_no_command_takes_are_told_in_one_line(monkeypatch, capsys, arguments, says):
    told = said(monkeypatch, capsys, *arguments)
    assert says in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("long", ["y" * 10_000, "y z" * 5_000, "\x1b]0;x\x07" * 3_000])
@pytest.mark.parametrize("before", [[], ["run", "x"], ["run", "x", "--seed"], ["export"]])
def test_a_long_argument_is_quoted_in_part(monkeypatch, capsys, before, long):
    told = said(monkeypatch, capsys, *before, long)
    assert len(told) < 1000
    assert "characters)" in told


def test_a_long_option_is_quoted_in_part(monkeypatch, capsys):
    assert len(said(monkeypatch, capsys, "run", "--" + "y " * 5_000)) < 500


# All kinds of results are shown and drawn.
TAKES_PLANS = [each for each in ON_FOLDERS[1:] if each != ("figures",)]


@pytest.mark.parametrize("command", TAKES_PLANS, ids=" ".join)
@pytest.mark.parametrize("kind", ["depot", "market"])
def test_a_result_of_another_kind_is_named(monkeypatch, capsys, command, kind):
    told = said(monkeypatch, capsys, *command, f"run-{kind}")
    assert f"run-{kind}: expected the folder of 'planner run'" in told
    assert f"found a result of the kind '{kind}'" in told
