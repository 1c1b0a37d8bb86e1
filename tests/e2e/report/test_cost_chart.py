"""Names of plans above their costs, in a browser: the plan of least cost may be any of them."""

import pytest

from planner.costs.columns import LEAST
from planner.reporting.charts.costs import cost_chart
from planner.reporting.charts.look import SCREEN
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Section
from planner.reporting.phrases import phrase, verbatim
from planner.tables.language import LANGUAGES
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS
from tests.e2e.report.label_boxes import OVERLAPS

WAITS_MIN = {
    "logistics": 0.05,
    "logistics-leaning": 0.7,
    "balanced": 3.3,
    "cpo-leaning": 9.3,
    "cpo": 24.0,
}


def titles_of(names, least, language):
    told = {name: language.text(NAMED_SOLUTION_DEFINITIONS[name].title) for name in names}
    return told if least == LEAST else told | {least: f"{told[least]} = {told_least(language)}"}


def told_least(language):
    return language.text(NAMED_SOLUTION_DEFINITIONS[LEAST].title)


def rows_of(waits_min):
    return [
        {
            "name": name,
            "n_hpc": 30,
            "mean_wait_min": wait_min,
            "operator_eur_day": 50e3,
            "waiting_eur_day": 1e3 * wait_min,
            "charging_eur_day": 5e3,
            "operator_cost_eur_kwh": 0.4,
            "logistics_cost_eur_trip": 12.0,
            "system_eur_day": 55e3 + 1e3 * wait_min,
        }
        for name, wait_min in waits_min.items()
    ]


@pytest.fixture(
    params=[
        *((name, WAITS_MIN) for name in WAITS_MIN),
        (LEAST, WAITS_MIN | {LEAST: 4.1}),
        ("balanced", {"balanced": 0.0}),
    ],
    ids=[*WAITS_MIN, LEAST, "the only plan"],
)
def page_of_costs(request, tmp_path):
    least, waits_min = request.param
    waits_min = dict(sorted(waits_min.items(), key=lambda each: each[1]))
    charts = {
        language.code: {
            "costs": SCREEN.dressed(
                cost_chart(language, titles_of(waits_min, least, language), least)
            )
        }
        for language in LANGUAGES
    }
    data = {"study": "x", "chartData": {"costs": rows_of(waits_min)}, "charts": charts}
    section = Section(verbatim("x"), [Chart("costs")], "costs")
    path = tmp_path / "costs.html"
    text = render_page(
        data, name="x", question=phrase("Least cost"), answer=verbatim("x"), sections=[section]
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "en"), (390, "de")])
def test_names_of_plans_do_not_cover_each_other(open_page, page_of_costs, width, language):
    page = open_page(page_of_costs, f"#lang={language}", viewport={"width": width, "height": 844})
    least = next(told_least(each) for each in LANGUAGES if each.code == language)
    page.locator("#chart-costs svg text", has_text=least).first.wait_for()
    assert page.evaluate(OVERLAPS) == []
