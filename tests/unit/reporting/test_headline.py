"""The sentence that a reader remembers, and how its figures are rounded."""

from dataclasses import replace

import pandas as pd
import pytest

from planner.reporting.headline import answer, question
from planner.reporting.language import ENGLISH, GERMAN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH.count(1371.4), "1,371"),
        (ENGLISH.percent(0.3666), "37 %"),
        (ENGLISH.percent(0.0561), "5.6 %"),
        (ENGLISH.percent(0.0996), "10 %"),
        (ENGLISH.percent(0.05), "5 %"),
        (ENGLISH.percent(0.0), "0 %"),
        (ENGLISH.minutes(3.36), "3.4 min"),
        (ENGLISH.minutes(9.96), "10 min"),
        (ENGLISH.minutes(1234.5), "1,234 min"),
        (ENGLISH.minutes(float("nan")), "\N{EN DASH}"),
        (ENGLISH.percent(float("nan")), "\N{EN DASH}"),
        (ENGLISH.count(float("nan")), "\N{EN DASH}"),
    ],
)
def test_figures_are_rounded_to_what_can_be_used(text, expected):
    assert text == expected


def test_the_answer_gives_the_range_of_the_named_plans_and_the_balanced_one(plan):
    rows = plan.front.set_index("name")
    text = answer(plan)

    fewest, most = rows.loc["cpo", "n_hpc"], rows.loc["logistics", "n_hpc"]
    assert f"between {fewest:,} and {most:,} high-power" in text
    assert f"The balanced plan has {rows.loc['balanced', 'n_hpc']:,} at 40 sites" in text
    assert question(plan) == "How many charging points do 10 % electric long-haul trucks need?"


def test_without_an_electrification_level_the_trucks_are_just_trucks(plan):
    assert "do battery-electric long-haul trucks need" in question(replace(plan, scenario={}))


def test_sites_without_high_power_points_are_not_counted(plan):
    layouts = plan.hpc_layouts.copy()
    layouts[plan.default_solution.solution, :10] = 0
    assert "at 30 sites" in answer(replace(plan, hpc_layouts=layouts))


def test_the_answer_is_there_in_german(plan):
    rows = plan.front.set_index("name")
    text = answer(plan, GERMAN)

    assert f"zwischen {GERMAN.count(rows.loc['cpo', 'n_hpc'])} und" in text
    assert "Der Plan „ausgewogen“ hat" in text
    assert question(plan, GERMAN) == (
        "Wie viele Ladepunkte brauchen 10 % elektrische Fernverkehrs-Lkw?"
    )


@pytest.mark.parametrize(
    ("n_served", "language", "says"),
    [
        (90, ENGLISH, "No truck charges on its way, so no charging point is needed: 90 of 100"),
        (90, GERMAN, "Kein Lkw lädt unterwegs, deshalb wird kein Ladepunkt gebraucht: 90 von 100"),
        (0, ENGLISH, "None of 100 trips can be driven with these sites and trucks"),
        (0, GERMAN, "Keine von 100 Fahrten ist mit diesen Standorten und Lkw fahrbar"),
    ],
)
def test_a_plan_in_which_nobody_charges_says_so(plan, n_served, language, says):
    nothing = {"n_trips": 100, "n_served": n_served, "energy_hpc_mwh": 0.0, "energy_lpc_mwh": 0.0}
    assert answer(replace(plan, summary=plan.summary | nothing), language).startswith(says)


def with_unserved(plan, reasons):
    """The plan with one unserved trip for each reason, of ten times as many trips."""
    row = {"trip_id": 0, "place": "Dorf 1", "lon": 9.0, "lat": 50.0}
    unserved = pd.DataFrame([row | {"trip_id": i, "reason": r} for i, r in enumerate(reasons)])
    of_trips = {"n_trips": 10 * len(reasons), "n_served": 9 * len(reasons)}
    return replace(
        plan, unserved=unserved, summary=plan.summary | of_trips | {"n_unserved": len(reasons)}
    )


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            ENGLISH,
            (
                "Of 40 trips, 10 % (4) cannot be driven with these sites: 2 find no site in range, "
                "1 start below the minimum state of charge, 1 have no route."
            ),
        ),
        (
            GERMAN,
            (
                "Von 40 Fahrten sind 10 % (4) mit diesen Standorten nicht fahrbar: 2 finden keinen "
                "Standort in Reichweite, 1 beginnen unter dem Mindestladezustand, 1 haben keinen "
                "Weg."
            ),
        ),
    ],
)
def test_the_answer_ends_with_the_share_that_cannot_be_driven_and_why(plan, language, says):
    reasons = [
        *["no site in range"] * 2,
        "starts below the minimum state of charge",
        "no route",
    ]
    assert answer(with_unserved(plan, reasons), language).endswith(says)


def test_a_plan_that_serves_all_trips_tells_of_none_unserved(plan):
    served = replace(plan, unserved=plan.unserved.iloc[:0])
    assert "cannot be driven" not in answer(served)
