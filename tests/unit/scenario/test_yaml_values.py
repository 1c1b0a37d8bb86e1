"""What YAML is read as, and what of it is refused by its key."""

from __future__ import annotations

import datetime as dt
from time import process_time

import pytest

from planner.errors import PlannerError, ScenarioError
from planner.files.bounds import YAML
from planner.scenario.load import load_scenario, parse_override
from planner.scenario.yaml_files import read_yaml_mapping
from planner.scenario.yaml_values import MAX_DEPTH, MAX_VALUES, parse_yaml
from tests.languages import GERMAN


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(text, "study.yaml")
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 5", 5),
        ("a: -5", -5),
        ("a: 0.5", 0.5),
        ("a: 1e-4", 1e-4),
        ("a: 1.0e+3", 1000.0),
        ("a: .inf", float("inf")),
        ("a: no", False),
        ("a: true", True),
        ("a: ~", None),
        ("a:", None),
        ("a: 2026-01-31", dt.date(2026, 1, 31)),
        ('a: "7:00"', "7:00"),
        ("a: '1_0'", "1_0"),
        ("a: '1e-4'", "1e-4"),
        ("a: 22:00-06:00", "22:00-06:00"),
        ("a: [x, {b: 1}]", ["x", {"b": 1}]),
        ("a: =", "="),
        ("a: &anchor 5", 5),
        ("a: |\n  two\n  lines", "two\nlines"),
    ],
)
def test_values_are_what_is_written(text, value):
    assert parse_yaml(text, "study.yaml") == {"a": value}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("b: 1\nseed: " + "9" * 5000, "seed: expected a number of at most 30 digits; found 5,000"),
        ("seed: 1_0", "seed: expected a number in plain digits"),
        ("seed: 0x_", "seed: expected a number in plain digits"),
        ("seed: 0x1F", "seed: expected a number in plain digits"),
        ("seed: 0b1", "seed: expected a number in plain digits"),
        ("ids: [007]", "ids.0: expected a number in plain digits, or text in quotes"),
        ("seed: 1_000.5", "seed: expected a number in plain digits"),
        ("seed: 1e999", "seed: expected a number below 1e308"),
        ("seed: 1.0e+999", "seed: expected a number below 1e308"),
        (
            "opens: 7:00",
            "opens: YAML reads '7:00' as a number, not as a time; put it in quotes: \"07:00\"",
        ),
        ("opens: 12:30:15", 'put it in quotes: "12:30:15"'),
        ("opens: 1:30.5", "put it in quotes"),
        ("day: 2026-13-45", "day: expected a date that exists; found 2026-13-45"),
        ("day: 2026-02-30", "day: expected a date that exists"),
        ("day: 2026-01-01 25:00:00", "day: expected a date that exists"),
        ("seed: !!int abc", "seed: tags ('!!int') are not allowed here"),
        ("seed: !!bool perhaps", "seed: tags"),
        ("seed: !!timestamp soon", "seed: tags"),
        ("seed: !!binary 5", "seed: tags"),
        ("seed: !mine 5", "seed: tags ('!mine')"),
        ("seed: !!set {a}", "seed: tags"),
        ("? [1, 2]\n: 3", "expected words as keys; found a list"),
        ("a: {[1]: 2}", "a: expected words as keys; found a list"),
        ("a: {? {b: 1} : 2}", "a: expected words as keys"),
        ("mix: {NO: 1}", "mix.NO: expected words as keys; found 'NO': put it in quotes"),
        ("mix: {2026-01-01: 1}", "mix.2026-01-01: expected words as keys"),
        ("mix: {~: 1}", "mix.~: expected words as keys"),
        ("mix: {share: 0,5}", "a number with a decimal comma"),
        ("a: 1\na: 2", "a: the key 'a' stands here twice (line 2)"),
        ("a: {<<: {b: 1}}", "a.<<: merging (<<) is not allowed here"),
        ("a: &x [1]\nb: *x", "aliases (*name) are not allowed here"),
        ("a: *x", "aliases (*name) are not allowed here"),
        ("a: &x {b: *x}", "aliases"),
        ("a\tb: 1\n\tc: 2", "found a tab; indent with spaces"),
        ("a: b: c", "text with a colon goes in quotes"),
        ("a: [1, 2", "a list that begins with [ is not closed"),
        ("a: {b: 1", "keys that begin with { are not closed"),
        ("a: 'text", "a quote that is not closed"),
        ("a: %x", "text that begins with % @ or ` goes in quotes"),
        ("a: 1\n b: 2", "line 2, column 3"),
        ("a: 1\n---\nb: 2", "a second document"),
        ("a: \x07", "the character U+0007"),
        ("a: '" + "x" * 10_000 + "\n b: 1", "not closed"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_key(text, fault):
    told = refused(text)
    assert fault in told
    assert len(told) < 500


TYPED = [
    ("demand.days=[", "'[' (a value, a closing bracket or a quotation mark is missing)"),
    ("demand.days={", "'{' (a value, a closing bracket or a quotation mark is missing)"),
    ("demand.days=[mon,tue", "'[mon,tue' (a list that begins with [ is not closed by ])"),
    ("demand.days=[mon,,tue]", "(a value is missing before a comma or a bracket)"),
    ("demand.days=]", "']' (a value is missing before a comma or a bracket)"),
    ("demand.days={[}", "(a value is missing before a comma or a bracket)"),
    ("demand.days=[mon]]", "(there is more text after the end of the value)"),
    ("demand.days={mon: 1", "(keys that begin with { are not closed by })"),
    ("demand.days='mon", "(a quote that is not closed)"),
    ("demand.days=...", "(a value, a closing bracket or a quotation mark is missing)"),
    ("name=@x", "'@x' (text that begins with % @ or ` goes in quotes)"),
    ("name=%x", "'%x' (text that begins with % @ or ` goes in quotes)"),
    ("name=*x", "(aliases (*name) are not allowed here; write the value out)"),
    ("name=: x", "': x' (the indentation does not fit the lines above)"),
    ("name=\tx", "(found a tab; indent with spaces)"),
    ('network.path="C:\\qgis"', "(a backslash begins an escape in \"...\"; use '...' around it)"),
    ("name=\x01", "(the character U+0001 at position 1)"),
    ("name=a\n?\tb", "(found a tab; indent with spaces)"),
    ("name=& x", "'& x' (a character stands where it is not allowed)"),
    ("name=!<x", "'!<x' (a character stands where it is not allowed)"),
    ("name=|9x", "'|9x' (a character stands where it is not allowed)"),
]


@pytest.mark.parametrize(("typed", "found"), TYPED)
def test_a_value_that_was_typed_is_refused_with_an_example_and_in_our_words(typed, found):
    with pytest.raises(ScenarioError) as caught:
        parse_override(typed)
    (fault,) = caught.value.faults
    key, _, _ = typed.partition("=")
    assert fault.startswith(f"{key}: expected a value such as 0.15, mon or [mon, tue]; found ")
    assert fault.endswith(found)
    german = GERMAN.own_text(fault)
    assert german.startswith(f"{key}: erwartet ein Wert wie 0.15, mon oder [mon, tue]; gefunden ")
    assert not {"a", "the", "is"} & set(german.split())


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("demand.days=mon,tue", "(write a list in brackets: [mon, tue])"),
        ("demand.days=mon]", "(write a list in brackets: [mon])"),
        ("seed=1,000", "found '1,000' (write it without commas: 1000)"),
        ("demand.electrification_share=0,15", "(write decimals with a point: 0.15)"),
    ],
)
def test_what_was_meant_by_a_value_is_told(typed, hint):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("germany-10", [typed])
    assert caught.value.faults[0].endswith(hint)


def test_all_values_that_are_refused_are_told_at_once():
    assert len(refused("a: 1_0\nb: {c: 7:00, d: [!!int x, 0x_]}").splitlines()) == 4


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "\n".join(" " * depth + "a:" for depth in range(200)),
        "- " * 5000,
        "a: [" + "1," * (MAX_VALUES + 1) + "]",
        "".join(f"k{number}: 1\n" for number in range(MAX_VALUES)),
    ],
    ids=["lists", "keys", "just too deep", "lines", "dashes", "long list", "many keys"],
)
def test_documents_without_end_are_refused_in_time(text):
    begin = process_time()
    told = refused(text)
    assert "nested too deeply" in told or f"more than {MAX_VALUES:,} values" in told
    assert process_time() - begin < 5.0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a: 1\n" * YAML.max_bytes, "expected at most 1 MB"),
        ("a: 1".encode("utf-16"), "not UTF-8 text"),
        (b"PK\x03\x04\xff", "found a workbook or packed file"),
        (b"\x00" * 50, r"the character U\+0000"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not UTF-8 text"),
        (b"just text", "found text"),
        (b"5", "found 5"),
        (b"- 1", "found a list"),
        (b"# only a note", "found nothing"),
    ],
)
def test_files_that_are_no_scenario_are_refused(tmp_path, content, fault):
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(PlannerError, match=fault):
        read_yaml_mapping(path)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text("a: 1\n", encoding="utf-8-sig")
    assert read_yaml_mapping(path) == {"a": 1}


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ("folder.yaml", "found a folder"),
        ("x" * 300 + ".yaml", "the file does not exist"),
        ("a\0b.yaml", "the file does not exist"),
        ("pipe.yaml", "found a pipe"),
        ("none.yaml", "the file does not exist"),
    ],
)
def test_places_without_a_file_are_named(tmp_path, named, fault):
    import os

    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(PlannerError, match=fault):
        read_yaml_mapping(tmp_path / named)
