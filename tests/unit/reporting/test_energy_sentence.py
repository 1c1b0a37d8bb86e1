"""What a country has to deliver: per day, per year, and at one moment."""

from __future__ import annotations

import pytest

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
