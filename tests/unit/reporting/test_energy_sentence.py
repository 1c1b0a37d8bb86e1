"""What a country has to deliver: per day, per year, and at one moment."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from planner.plan.energy_at_ends import energy_at_ends
from planner.reporting.energy_sentence import energy_sentence
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

SUMMARY = {
    "energy_hpc_mwh": 16_000.0,
    "energy_lpc_mwh": 4_000.0,
    "solutions": {
        "balanced": {"simultaneous_peak_kw": 412_000.0, "sum_of_site_peaks_kw": 678_000.0}
    },
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (ENGLISH, ("5,000 MWh a day", "1,304 to 1,564 GWh", "412 MW", "678 MW")),
        (GERMAN, ("5.000 MWh am Tag", "1.304 bis 1.564 GWh", "412 MW", "678 MW")),
    ],
)
def test_sums_over_days_are_told_per_day_and_year_and_peaks_apart(language, said):
    text = energy_sentence(SUMMARY, 4, language).replace("\N{NO-BREAK SPACE}", " ")
    for words in said:
        assert words in text


def test_a_whole_week_makes_a_year_of_such_weeks():
    text = energy_sentence(SUMMARY | {"energy_lpc_mwh": 5_000.0}, 7, ENGLISH)
    assert "3,000 MWh a day, 1,095 GWh in a year of such weeks" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert energy_sentence(SUMMARY, 7, GERMAN).startswith("Lkw laden")


def test_what_depots_and_destinations_must_bring_is_told_with_the_hours_it_is_assumed_to_take():
    at_ends = {
        "start_soc_share": 0.8,
        "end_soc_share": 0.45,
        "energy_mwh": 12_000.0,
        "night_mw": 375.0,
    }
    text = energy_sentence(SUMMARY | {"energy_at_ends": at_ends}, 4, ENGLISH)
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("with 80 %", "with 45 %", "3,000 MWh a day more", "375 MW if within 8 h"):
        assert words in text


def test_no_mean_is_taken_where_no_trip_is_served():
    two = np.full(2, 0.1)
    plan_of_nobody = SimpleNamespace(
        plans=SimpleNamespace(is_served=np.zeros(2, np.bool_), final_soc_share=two),
        trips=SimpleNamespace(initial_soc_share=two, vehicle_class_idx=np.zeros(2, np.int16)),
        scenario=SimpleNamespace(
            vehicles=SimpleNamespace(classes={"truck": SimpleNamespace(battery_kwh=600.0)}),
            demand=SimpleNamespace(days=["mon"]),
        ),
    )
    at_ends = energy_at_ends(plan_of_nobody)
    assert (at_ends["start_soc_share"], at_ends["end_soc_share"]) == (None, None)
    assert at_ends["energy_mwh"] == 0.0


@pytest.mark.parametrize("at_ends", [None, {"start_soc_share": None, "end_soc_share": None}])
def test_nothing_is_told_of_the_ends_of_trips_where_none_can_be_driven(at_ends):
    summary = SUMMARY if at_ends is None else SUMMARY | {"energy_at_ends": at_ends}
    assert "Trips start with" not in energy_sentence(summary, 4, ENGLISH)
