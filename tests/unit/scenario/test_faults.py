"""Wrong values at every key of every kind of file: what a user is told of them."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache

import pytest
from pydantic import TypeAdapter, ValidationError

import planner.demand.calibration
import planner.scenario.map_extracts  # noqa: F401  # more sections, both
from planner.errors import ScenarioError
from planner.said import Said
from planner.scenario.depot_model import DepotScenario
from planner.scenario.market_scenario import MarketScenario
from planner.scenario.model import Scenario
from planner.scenario.parameter_sets import Section, VehicleClass
from planner.scenario.patterns import PATTERN_WORDS
from planner.scenario.sweep import SweepDefinition
from planner.scenario.tariffs import Tariff
from planner.scenario.yaml_files import read_yaml_mapping, validated
from tests.languages import GERMAN

WRONG = {
    "text": "x" * 300,
    "number as text": "1",
    "full-width digit": "\N{FULLWIDTH DIGIT ONE}",
    "number with underscore": "1_0",
    "truth": True,
    "nothing": None,
    "huge": 1e300,
    "negative": -1e300,
    "not a number": float("nan"),
    "endless": float("inf"),
    "huge whole": 10**29,
    "list": [],
    "list in list": [[{"a": 1}], None],
    "keys": {},
    "strange keys": {"x\x1b[31m": {"y": [1]}},
    "date": dt.date(2026, 1, 31),
    "moment": dt.datetime(2026, 1, 31, 7, 15, tzinfo=dt.UTC),
    "path to nowhere": "\x00",
    "path without end": "a/" * 5000,
    "home of nobody": "~nobody-at-all/x",
}
NUMBERS_THAT_ARE_NONE = ("text", "number as text", "full-width digit", "number with underscore")
ROOTS = (Scenario, MarketScenario, DepotScenario, SweepDefinition, Tariff)


def sections(base=Section):
    for model in base.__subclasses__():
        yield model
        yield from sections(model)


@cache
def adapter(model):
    """A kind of section, whose schema is made once for all values that are wrong."""
    made = TypeAdapter(model)
    made.json_schema = cache(made.json_schema)
    return made


def faults(model, raw):
    with pytest.raises(ScenarioError) as caught:
        validated(adapter(model), raw, "file", {})
    return caught.value.faults


def sentences(model, raw):
    return str(ScenarioError(faults(model, raw), "file"))


def words_of_the_validator(model, raw):
    try:
        adapter(model).validate_python(raw)
    except ValidationError as error:
        return [fault["msg"] for fault in error.errors() if fault["type"] != "value_error"]
    return []


def in_german(told_each):
    """What a key expects, and a section of its keys together, is told in German too."""
    for told in told_each:
        assert isinstance(told, Said), told
        german = GERMAN.own_text(told)
        assert german.partition(": ")[0] == told.partition(": ")[0]
        assert re.search(r"erwartet|fehlt|unbekannter Schlüssel", german), told
        assert not re.search(r"expected|found|did you mean|write", german), german


@cache
def numeric_fields(model):
    """Fields that take any number of a range and no text; prices are stored exactly, as text."""
    return [
        name
        for name, node in model.model_json_schema().get("properties", {}).items()
        if (kinds := {option.get("type") for option in node.get("anyOf", [node])})
        & {"number", "integer"}
        and "string" not in kinds
        and "enum" not in node
    ]


def models_with_numbers():
    of_users = (model for model in sections() if model.__module__.startswith("planner.scenario"))
    return [model for model in dict.fromkeys(of_users) if numeric_fields(model)]


MARKS_OF_THE_VALIDATOR = (
    "Input should",
    "should have",
    "should be",
    "after validation",
    "[key]",
    "literal[",
    "tuple[",
    "function-",
    "isoformat",
    "NoneType",
    "unable to",
    "class ",
    "^",
    "\\w",
)


@pytest.mark.parametrize("model", list(dict.fromkeys(sections())), ids=lambda model: model.__name__)
def test_no_word_of_the_validator_reaches_a_user(model):
    for what, value in WRONG.items():
        raw = dict.fromkeys(model.model_fields, value)
        words = words_of_the_validator(model, raw)
        if not words:
            continue
        told_each = faults(model, raw)
        told = str(ScenarioError(told_each, "file"))
        if what in {"truth", "strange keys", "number as text", "date"}:
            in_german(told_each)
        for each in (*words, *MARKS_OF_THE_VALIDATOR, model.__name__):
            assert each not in told, what
        assert max(map(len, told.splitlines())) < 2000


@pytest.mark.parametrize("what", ["truth", "huge", "negative", *NUMBERS_THAT_ARE_NONE])
@pytest.mark.parametrize("model", list(models_with_numbers()), ids=lambda model: model.__name__)
def test_numbers_are_written_as_numbers_and_within_a_range_that_is_named(model, what):
    names = numeric_fields(model)
    told = faults(model, dict.fromkeys(names, WRONG[what]))
    for name in names:
        [fault] = [fault for fault in told if re.match(rf"{name}[.:]", fault)]
        assert "number" in fault
        assert re.search(r"from \S+ to \S+|(at least|above) \S+ and (of at most|below) \S+", fault)


@pytest.mark.parametrize("model", list(dict.fromkeys(sections())), ids=lambda model: model.__name__)
def test_no_number_has_two_bounds_of_a_kind_of_which_one_would_not_count(model):
    for name, field in model.model_fields.items():
        kinds = [type(bound) for bound in field.metadata]
        assert len(kinds) == len(set(kinds)), name


def test_every_form_of_text_has_words():
    for model in ROOTS:
        patterns = re.findall(
            r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(model.model_json_schema())
        )
        assert {json.loads(pattern) for pattern in patterns} <= set(PATTERN_WORDS) | {
            # what decimal numbers look like as text
            pattern
            for pattern in map(json.loads, patterns)
            if "?!" in pattern
        }


@pytest.mark.parametrize("value", ["x", 5, True, None, [], {}, {"source": 5}, {"source": ["a"]}])
@pytest.mark.parametrize("key", ["network", "sites", "demand"])
def test_a_section_with_a_choice_of_sources_names_them(key, value):
    told = "\n".join(fault for fault in faults(Scenario, {key: value}) if key in fault)
    assert "keys with values" in told or f"{key}.source: " in told
    if isinstance(value, dict):
        assert "'builtin'" in told
    for words in (*words_of_the_validator(Scenario, {key: value}), *MARKS_OF_THE_VALIDATOR):
        assert words not in told or words == "Field required"


def tariff(**changes):
    known = {
        "name": "t",
        "currency": "EUR",
        "effective": dt.date(2025, 1, 1),
        "source": "x",
        "energy": [{"name": "a", "price": 0.3}],
    }
    return faults(Tariff, known | changes)


def period(**changes):
    return [{"name": "a", "price": 0.3} | changes]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"holidays": {"country": False}}, 'put it in quotes: "NO"'),
        ({"energy": period(days=["Mon", "tue"])}, "energy.0.days.0: expected 'mon', 'tue'"),
        (
            {"energy": period(days="monday")},
            "'all', 'weekdays' or 'weekends' or a list, each 'mon'",
        ),
        ({"energy": period(days=5)}, "energy.0.days: expected 'all'"),
        ({"energy": period(hours=["22:00-06:00"])}, '["22:00-24:00", "00:00-06:00"]'),
        ({"energy": period(hours=["22:00-00:00"])}, '["22:00-24:00"]'),
        ({"energy": period(hours=[])}, "energy.0.hours: expected a list of at least 1 entry"),
        (
            {"energy": period(price=True)},
            "price: expected a number from -1000 to 100000; found true",
        ),
        ({"energy": period(price="1_0")}, "price: expected a number from"),
        ({"energy": period(price="0,3")}, "(write decimals with a point: 0.3)"),
        ({"seasons": {"s": {"first": "4-1", "last": "12-31"}}}, "such as \"04-01\"; found '4-1'"),
        ({"effective": 20250101}, "effective: expected a date such as 2026-01-31; found 20250101"),
        ({"effective": True}, "effective: expected a date"),
        ({"currency": "euro"}, "currency: expected three capital letters such as EUR"),
    ],
)
def test_a_fault_of_a_tariff_is_told_once_with_what_to_write(changes, fault):
    [told] = tariff(**changes) if "days" not in str(changes) else tariff(**changes)[:1]
    assert fault in told


def test_a_point_of_a_curve_is_told_with_what_may_stand_at_its_place():
    shape = {"battery_kwh": 1, "consumption_loaded_kwh_km": 1, "consumption_empty_kwh_km": 1}
    truck = shape | {"max_charging_kw": 9, "charging_curve": [[0, 0], [2, 50]]}
    told = sentences(VehicleClass, truck)
    assert "charging_curve.0.1: expected a number from 1 to 10000; found 0" in told
    assert "charging_curve.1.0: expected a number from 0 to 1; found 2" in told


@pytest.mark.parametrize(
    ("found", "quotes"),
    [(False, '"NO"'), (True, '"YES"'), (101, '"101"'), (dt.date(2026, 1, 31), '"2026-01-31"')],
)
def test_text_that_yaml_takes_for_something_else_goes_in_quotes(found, quotes):
    network = {"source": "etisplus", "path": ".", "countries": [found]}
    told = sentences(Scenario, {"network": network})
    assert "network.countries.0: expected text; found" in told
    assert f"put it in quotes: {quotes}" in told


def test_a_number_in_quotes_is_not_proposed_in_its_own_place():
    told = sentences(Scenario, {"optimization": {"law": {"afir": "2030"}}})
    assert "found '2030' (write it without quotes: 2030)" in told


def test_an_unknown_key_beside_a_source_of_its_name_is_told_at_its_place():
    network = {"source": "osm", "osm": 1, "include_trunk": "perhaps"}
    told = faults(Scenario, {"network": network})
    assert any(fault.startswith("network.osm: unknown key") for fault in told)
    assert any(fault.startswith("network.include_trunk: expected true or false") for fault in told)


def test_links_that_lead_in_a_circle_are_refused_by_their_key(tmp_path):
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    study = tmp_path / "study.yaml"
    study.write_text("name: x\nsites: {source: table, path: one}\n", encoding="utf-8")
    raw = read_yaml_mapping(study)
    with pytest.raises(ScenarioError) as caught:
        validated(TypeAdapter(Scenario), raw, "file", {"base_dir": tmp_path})
    [told] = [fault for fault in caught.value.faults if fault.startswith("sites.path")]
    assert "circle" in told or "does not exist" in told


def test_a_device_is_no_input():
    raw = {"sites": {"source": "table", "path": "/dev/zero"}}
    assert any("is a device or a pipe" in fault for fault in faults(Scenario, raw))
