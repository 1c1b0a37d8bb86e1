"""Inputs and assumptions as a reader sees them, in every language."""

from dataclasses import asdict

import pytest

from planner.plan.assumptions import assumptions_of, read_assumptions
from planner.plan.plan_results import Assumption
from planner.scenario.load import load_scenario
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

OVERRIDES = {
    "plain": [],
    "limits": [
        "sites.within_parking_spaces=true",
        "sites.within_grid_connection=true",
        "driver_rules={hpc_release: when_charged}",
    ],
    "rule": [
        "driver_behaviour=break-first",
        "chargers.hpc_planned_kw=720",
        "chargers.hpc_charge_to_share=0.9",
    ],
    "other rule": [
        "driver_behaviour.stop_planning=break_first",
        "driver_behaviour.energy_stop=full_break",
        "driver_behaviour.energy_stop_counts_as_break=true",
        "driver_behaviour.plug_in_at_breaks=always",
    ],
    "from border to border": ["demand.border.abroad=ignored"],
    "rule with short stops": ["driver_behaviour={stop_planning: break_first}"],
    "flows": ["demand={source: od_table, path: {file}, trucks_per: week}"],
    "plans": ["demand={source: matsim_plans, path: {file}, sample_share: 0.1}"],
    "trips": ["demand={source: trips, path: {file}}"],
    "sample": ["demand={source: trips, path: {file}, sample_share: 0.1}"],
    "arrivals": [
        "demand={source: builtin, initial_soc: {arrival_histogram: {file}}}",
    ],
}


@pytest.fixture(params=OVERRIDES)
def assumptions(request, tmp_path):
    file = tmp_path / "input"
    file.touch()
    overrides = [each.replace("{file}", str(file)) for each in OVERRIDES[request.param]]
    scenario = load_scenario("germany-10", overrides)
    return {row.what: row for row in assumptions_of(scenario)}


def test_every_assumption_has_a_german(assumptions):
    for row in assumptions.values():
        german = row.in_language(GERMAN)
        assert german.what != row.what
        assert "{" not in german.what + german.value
        for template in row.templates:
            GERMAN.template(template)  # warns where there is none


def test_what_a_run_of_another_version_says_is_english_without_a_warning():
    templates = ("A plug of {name} is free", "{value}")
    older = Assumption("", "", "h", "scenario", templates, {"name": "A", "value": 1.5})
    said = older.in_language(GERMAN)
    assert (said.what, said.value, said.unit) == ("A plug of A is free", "1,5", "h")


def test_figures_and_enumerations_are_written_as_in_the_language(assumptions):
    battery = next(row for what, row in assumptions.items() if "highest charging power" in what)
    assert battery.value == "1,000"
    assert battery.in_language(GERMAN).value == "1.000"
    days = assumptions["Days of departure"]
    assert days.value == "Mon, Tue, Wed, Thu"
    assert days.in_language(GERMAN).value == "Mo, Di, Mi, Do"


def test_english_is_what_stands_in_the_row_and_survives_a_file(assumptions):
    for row in assumptions.values():
        stored = Assumption(**asdict(row))
        assert stored == row
        assert stored.in_language(ENGLISH).value == row.value


def test_texts_of_a_user_are_left_alone():
    row = Assumption("Mein {Lkw}", "600", "kWh", "me")
    assert row.in_language(GERMAN) == row


def test_what_was_left_out_of_an_input_is_among_the_assumptions():
    (demand,) = read_assumptions(
        {"Sites": ["7 sites"], "Demand": ["900 trips", "od.csv: 1 OD pairs; left out."]}
    )
    assert (demand.what, demand.value) == (
        "Demand as read",
        "900 trips; od.csv: 1 OD pairs; left out.",
    )
    assert demand.in_language(GERMAN).what == "Nachfrage, wie gelesen"
    assert demand.in_language(GERMAN).value == demand.value
