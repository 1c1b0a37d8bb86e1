"""What readers refuse files for is told in German too."""

import ast
import errno
from itertools import pairwise
from pathlib import Path

import pytest

import planner
from planner.depot import urdb_document, urdb_fields, weather_files
from planner.depot.urdb_document import read_urdb_item
from planner.depot.weather_files import read_weather_year
from planner.errors import CannotWriteError, InputDataError, ScenarioError, quoted
from planner.files import bounds, hdf5_files, table_columns, table_files, table_times, xml_kinds
from planner.files.row_names import ROWS_CALLED, row_list
from planner.files.table_columns import numbers, require_columns
from planner.files.table_files import read_table
from planner.runs import disk_faults
from planner.runs.disk_faults import told_of
from planner.said import Said, said
from planner.scenario import roadmap, study_kinds, sweep, yaml_values
from planner.scenario.yaml_values import parse_yaml
from planner.tables.language import catalogue
from planner.workbench import request_faults
from tests.languages import GERMAN

PACKAGE = Path(planner.__file__).parent
READERS = (
    *("files", "network", "demand", "scenario", "workbench", "depot", "market", "layouts", "runs"),
    *("afir", "counts", "optimization", "plan", "sweeping", "tables"),
)
FOR_PROGRAMS = ("billing.py", "dispatch.py", "microgrid_site.py")
"""Of depots: what arrays of a program are refused for, which readers of studies never make."""
REFUSE = (
    *("InputDataError", "ScenarioError", "PlannerError", "_UnreadableError"),
    *("RunDirectoryError", "CannotWriteError", "ClusterError"),
)


def named_rules(tree):
    """Texts of rules of rows that have a name in their function."""
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        parts = list(ast.walk(function))
        calls = [each for each in parts if isinstance(each, ast.Call)]
        rules = [each for each in calls if getattr(each.func, "id", "") == "refuse_rows"]
        names = {each.args[3].id for each in rules if isinstance(each.args[3], ast.Name)}
        for made in (each for each in parts if isinstance(each, ast.Assign)):
            if isinstance(made.targets[0], ast.Name) and made.targets[0].id in names:
                yield made.value


def refusals(tree):
    """Texts that a module refuses with: of its errors, messages, and rules of rows."""
    yield from named_rules(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"refuse_rows": 3}.get(node.func.id, 0 if node.func.id in REFUSE else None)
            if place is not None and len(node.args) > place:
                given = node.args[place]
                yield from given.elts if isinstance(given, ast.List) else [given]
    for body in (
        each.body for each in ast.walk(tree) if isinstance(getattr(each, "body", 0), list)
    ):
        for made, told in pairwise(body):
            if isinstance(made, ast.Assign) and isinstance(told, ast.Raise):
                error = getattr(getattr(told.exc, "func", None), "id", "")
                yield from [made.value] if error in REFUSE else []


@pytest.mark.parametrize("package", READERS)
def test_no_reader_refuses_with_english_alone(package):
    english = [
        f"{path.name}:{node.lineno}"
        for path in sorted((PACKAGE / package).rglob("*.py"))
        if path.name not in FOR_PROGRAMS
        for node in refusals(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and node.value not in catalogue("de"))
    ]
    assert english == []


def test_the_search_for_refusals_sees_what_it_should():
    source = """
def f():
    msg = f"{path}: bad"
    raise InputDataError(msg)
def g():
    refuse_rows(table, wrong, where, f"{a} must be")
    raise ScenarioError([f"{a} is"], where)
def h():
    rule = f"{a} must not be"
    refuse_rows(table, wrong, where, rule)
"""
    found = [type(node) for node in refusals(ast.parse(source))]
    assert found.count(ast.JoinedStr) == 4


def test_what_faults_are_put_together_from_is_translated():
    kinds = [each for each in vars(bounds).values() if isinstance(each, bounds.FileBounds)]
    texts = {text for each in kinds for text in (each.kind, each.advice)}
    texts |= {text for pair in xml_kinds._KINDS.values() for text in pair}
    texts |= {hint for _, hint in table_columns._HINTS} | set(table_times._PATTERNS)
    texts |= set(table_files._PACKED.values()) | set(table_files._OTHERS.values())
    texts |= set(hdf5_files._LINKS.values()) | {told for _, told in yaml_values._PROBLEMS}
    texts |= set(sweep._NOT_AXES.values()) | set(roadmap._OWN.values())
    texts |= {text for kind in study_kinds.KINDS.values() for text in (kind.called, kind.use)}
    texts |= set(request_faults._BY_KIND.values()) | set(disk_faults._CAUSES.values())
    texts |= set(urdb_fields._NOT_BILLED.values()) | set(weather_files._OTHER_LAYOUTS.values()) - {
        "JSON"
    }
    texts |= {weather_files._EXPECTED, weather_files._INSTEAD, urdb_document._FETCH}
    texts |= {template for template, _ in request_faults._BOUNDS.values()}
    assert len(texts) > 100
    assert texts - set(catalogue("de")) == set()


def german(call):
    with pytest.raises((InputDataError, ScenarioError)) as caught:
        call()
    text = (
        caught.value.faults[0] if isinstance(caught.value, ScenarioError) else caught.value.args[0]
    )
    assert isinstance(text, Said)
    return GERMAN.own_text(text)


def test_a_missing_column_is_named_as_it_is_written_and_told_in_german(tmp_path):
    file = tmp_path / "sites.csv"
    file.write_text("nam,lon\na,9\n", encoding="utf-8")
    told = german(lambda: require_columns(read_table(file), ("name",), "sites.csv"))
    assert told.startswith(
        "sites.csv: Es fehlt die Spalte name (meinten Sie nam?). Gefundene Spalten: nam, lon."
    )


def test_a_wrong_cell_is_told_in_german_with_what_to_do(tmp_path):
    file = tmp_path / "sites.csv"
    file.write_text("id,lon\na,12 %\n", encoding="utf-8")
    told = german(lambda: numbers(read_table(file), "lon", "sites.csv", "degrees"))
    assert told == (
        "sites.csv: lon muss eine endliche Zahl sein (Grad), gefunden '12 %' und Ähnliches in "
        "Zeile 2. Schreiben Sie Anteile ohne Prozentzeichen, 0.8 für 80 %."
    )


def test_faults_of_yaml_are_told_in_german():
    told = german(lambda: parse_yaml("a: 1\nb: [1, 2", "study.yaml"))
    assert told.startswith("Zeile 2")
    assert "eine Liste, die mit [ beginnt" in told
    assert german(lambda: parse_yaml("a: 7:00", "study.yaml")) == (
        "a: YAML liest '7:00' als Zahl, nicht als Uhrzeit; setzen Sie es in Anführungszeichen: "
        '"07:00"'
    )


def test_faults_of_requests_are_told_in_german():
    errors = [
        {"type": "missing", "loc": ("body", "name")},
        {"type": "less_than_equal", "loc": ("query", "most"), "ctx": {"le": 1000}},
    ]
    told = request_faults.told_faults(errors, most=20)
    assert told == "name: must be given; most: expected at most 1,000"
    assert GERMAN.own_text(told) == "name: muss angegeben sein; most: erwartet höchstens 1.000"


def test_files_of_a_depot_are_refused_in_german(tmp_path):
    tariff, weather = tmp_path / "tariff.json", tmp_path / "year.csv"
    tariff.write_text("null", encoding="utf-8")
    told = german(lambda: read_urdb_item(tariff, None))
    assert told.startswith(f"{tariff}: erwartet ein Tarif der Tarifdatenbank (URDB), gefunden null")
    assert "Holen Sie den Tarif" in told
    weather.write_text("Source,Location ID\n1,2\n", encoding="utf-8")
    told = german(lambda: read_weather_year(weather))
    assert "gefunden ein Abruf der NSRDB, der kein TMY3 ist. Holen Sie" in told


def test_what_stands_against_writing_is_told_in_german(tmp_path):
    with pytest.raises(CannotWriteError) as caught, told_of(tmp_path, "choose another --out"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert GERMAN.own_text(caught.value.args[0]) == (
        f"{tmp_path}: lässt sich nicht schreiben (auf dem Datenträger ist kein Platz mehr); "
        "wählen Sie ein anderes --out"
    )


@pytest.mark.parametrize("kind", ROWS_CALLED)
def test_rows_are_named_in_german(kind):
    one, several = (row_list(names, kind) for names in (["7"], ["7", "9"]))
    assert (one, several) == (f"{kind} 7", f"{kind}s 7, 9")
    assert GERMAN.own_text(one).endswith(" 7")
    assert GERMAN.own_text(one) != one
    assert GERMAN.own_text(several) != several


def names_of_indexes(tree):
    """What readers call the rows of their tables: names that they give to an index."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {"Index", "RangeIndex"} & {node.func.attr}
            yield from (each.value for each in node.keywords if named and each.arg == "name")
            yield from node.args[:1] if node.func.attr == "rename_axis" else ()
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".index.name"):
            yield node.value


def test_readers_call_rows_by_names_that_languages_know():
    sources = [each for part in READERS[:6] for each in (PACKAGE / part).rglob("*.py")]
    trees = [ast.parse(each.read_text(encoding="utf-8")) for each in sources]
    named = [each for tree in trees for each in names_of_indexes(tree)]
    called = {each.value for each in named if isinstance(each, ast.Constant)}
    assert {"row", "node", "edge", "feature"} <= called
    assert called <= set(ROWS_CALLED)


def test_a_study_keeps_its_name_whatever_that_means_in_english():
    told = ScenarioError(["a"], "left").args[0]
    assert GERMAN.own_text(told) == "left: 1 Fehler\n  - a"


def test_long_values_are_cut_in_german():
    template, cut = "{where}: {expected}, found {found}; see {rows}.", f"'{'9' * 197}...'"
    found = quoted("9" * 300)
    told = said(template, where="a", expected="b", found=found, rows=row_list([2]))
    assert told == f"a: b, found {cut} (300 characters); see row 2."
    assert GERMAN.own_text(told) == f"a: b, gefunden {cut} (300 Zeichen); siehe Zeile 2."
