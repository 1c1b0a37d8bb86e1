"""The sentence that a reader remembers, and how its figures are rounded."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.reporting.headline import answer, question
from planner.reporting.page_data import page_data
from planner.tables.language import ENGLISH
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS
from tests.languages import GERMAN


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


@pytest.mark.parametrize(
    ("language", "says"), [(ENGLISH, " at 1 site, and "), (GERMAN, " an 1 Standort, dazu ")]
)
def test_a_plan_of_one_site_is_told_as_one(plan, language, says):
    alone = np.where(np.arange(plan.sites.n_sites) == 0, plan.hpc_layouts.max(), 0)
    layouts = np.broadcast_to(alone, plan.hpc_layouts.shape)
    assert says in answer(replace(plan, hpc_layouts=layouts), language)


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


@pytest.mark.parametrize(
    ("language", "n_not_exact", "says"),
    [
        (
            ENGLISH,
            1,
            (
                "1 trip was planned by a coarser search, since the exact one had not ended after "
                "200,000 states; it may take longer than it must."
            ),
        ),
        (
            ENGLISH,
            1200,
            (
                "1,200 trips were planned by a coarser search, since the exact one had not ended "
                "after 200,000 states; they may take longer than they must."
            ),
        ),
        (
            GERMAN,
            1,
            (
                "1 Fahrt wurde von einer gröberen Suche geplant, weil die genaue nach 200.000 "
                "Zuständen nicht beendet war; sie dauert womöglich länger, als sie müsste."
            ),
        ),
        (
            GERMAN,
            2,
            (
                "2 Fahrten wurden von einer gröberen Suche geplant, weil die genaue nach 200.000 "
                "Zuständen nicht beendet war; sie dauern womöglich länger, als sie müssten."
            ),
        ),
    ],
)
def test_the_answer_ends_with_the_trips_that_were_not_planned_exactly(
    plan, language, n_not_exact, says
):
    assert "coarser search" not in answer(plan)
    counted = replace(plan, summary=plan.summary | {"n_not_exact": n_not_exact})
    assert answer(counted, language).endswith(says)


def limited_by_grid(plan, n_bound):
    """The plan with points at nameplate power that fill the connections of some sites."""
    layout = plan.hpc_layouts[plan.default_solution.solution]
    spare_kw = np.where(np.arange(plan.sites.n_sites) < n_bound, 999.0, 1000.0)
    grid = replace(plan.sites, grid_connection_kw=1000.0 * layout + spare_kw)
    limits = {"sites": {"within_grid_connection": True}, "chargers": {"hpc_kw": 1000.0}}
    return replace(plan, sites=grid, scenario=plan.scenario | limits)


def test_the_answer_names_sites_that_the_grid_limits_with_most_waiting_first(plan):
    limited = limited_by_grid(plan, 13)
    solution = plan.default_solution.solution
    waited = plan.detail.site["mean_wait_min"] * plan.detail.site["n_sessions_hpc"]
    waited = np.nan_to_num(waited[solution][:13])
    text = answer(limited)

    # The third site has no sessions: nobody waits there, the grid costs nothing.
    assert "no further high-power point at 12 sites where trucks wait: " in text
    assert f"trucks wait: {plan.sites.name[waited.argmax()]}, " in text
    assert " and 2 others. Trucks wait " in text
    assert "keinen weiteren Hochleistungsladepunkt" in answer(limited, GERMAN)


@pytest.mark.parametrize(
    ("language", "n_bound", "says"),
    [
        (ENGLISH, 1, "The grid connection allows no further high-power point at 1 site where"),
        (GERMAN, 1, "Der Netzanschluss lässt an 1 Standort, an dem Lkw warten, keinen weiteren"),
        (ENGLISH, 12, " and 1 other. Trucks wait "),
        (GERMAN, 12, " und 1 weiterer. Lkw warten "),
    ],
)
def test_one_site_that_the_grid_limits_is_told_as_one(plan, language, n_bound, says):
    assert says in answer(limited_by_grid(plan, n_bound), language)


def test_grid_connections_that_limit_no_points_are_no_part_of_the_answer(plan):
    limited = limited_by_grid(plan, 13)
    free = limited.scenario | {"sites": {"within_grid_connection": False}}
    assert "Grid connections" not in answer(replace(limited, scenario=free))
    assert "Grid connections" not in answer(limited_by_grid(plan, 0))


def test_a_run_that_limits_points_by_the_grid_warns_of_no_site_beyond_it(plan):
    assert page_data(limited_by_grid(plan, 13))["limitsByGrid"]
    assert not page_data(plan)["limitsByGrid"]


def test_no_named_plan_claims_that_more_points_would_not_help():
    assert "more charging points" not in NAMED_SOLUTION_DEFINITIONS["logistics"].text


def test_the_answer_says_how_many_points_are_the_one_of_each_visited_site(plan):
    fewest = plan.front.set_index("name").loc["cpo", "n_hpc"]
    says = f"Of {fewest:,} points, 39 are the one point that each visited site keeps."
    assert says in answer(plan)
    assert "39 der eine Punkt, den jeder angefahrene Standort behält" in answer(plan, GERMAN)
