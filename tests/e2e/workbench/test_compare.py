"""Runs beside each other, years and hours on a slider, in a real browser."""

import re

import pytest

from planner.plan.finished_run import read_finished_run
from tests.e2e.workbench.conftest import served, watched

RUNS = ("road/runs/2027", "road/runs/2030")
COMPARE = f"/compare?runs={RUNS[0]}&runs={RUNS[1]}"


@pytest.fixture(scope="module")
def roads(small_roadmap):
    """Server of a folder with a roadmap."""
    with served(small_roadmap[1].parent) as client:
        yield client


@pytest.fixture(scope="module")
def open_page(browser, roads):
    with watched(browser, roads) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def balanced(roads):
    """Sites of the balanced plans of both runs, by their keys."""
    plans = [read_finished_run(roads.folder / run).sites() for run in RUNS]
    return [plan.query("solution_name == 'balanced'").set_index("site_id") for plan in plans]


def figures(page, column):
    """Figures of a column of the table of two plans."""
    return page.locator(f".before-after tbody td:nth-child({column})").all_inner_texts()


def test_two_runs_on_a_swipe_map_and_as_their_difference(open_page, roads, balanced):
    page = open_page(COMPARE)
    page.wait_for_selector("body[data-compared]")
    fronts = [read_finished_run(roads.folder / run).summary["solutions"] for run in RUNS]
    points = [front["balanced"]["n_hpc"] for front in fronts]
    assert [figures(page, column)[0] for column in (2, 3)] == [f"{n:,}" for n in points]
    assert figures(page, 4)[0] == f"+{points[1] - points[0]}"
    sides = page.locator("#map .side")
    drawn = [
        float(r)
        for r in sides.nth(1)
        .locator("circle.site")
        .evaluate_all("all => all.map((each) => each.getAttribute('r'))")
    ]
    assert len(drawn) == len(balanced[1])
    swipe = page.get_by_role("slider", name="Border between the maps")
    swipe.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.locator("#map").evaluate("map => map.style.getPropertyValue('--border')") == "60%"
    assert swipe.get_attribute("aria-valuetext") == "2027 up to 60 %, then 2030"
    sides.first.locator("svg").focus()
    page.keyboard.press("+")
    page.wait_for_url(re.compile("at=1.50"))
    assert (
        len(
            {
                s.evaluate("svg => svg.querySelector('g').getAttribute('transform')")
                for s in sides.locator("svg").all()
            }
        )
        == 1
    )
    page.get_by_role("button", name="Difference").click()
    page.locator("#measure").select_option("mean_wait_min")
    longer = (balanced[1]["mean_wait_min"] - balanced[0]["mean_wait_min"]).abs()
    most = page.locator("#most-changed li").first
    assert most.locator("button").inner_text() == balanced[0].loc[longer.idxmax(), "name"]
    assert float(re.sub(r"[^\d.]", "", most.locator("span").inner_text())) == pytest.approx(
        longer.max(), abs=0.5
    )
    assert not sides.nth(1).is_visible()


def test_the_address_carries_what_is_compared(open_page):
    hash_ = "show=difference&measure=energy_mwh&left-plan=cpo&at=2.00+500.00+400.00&border=20"
    page = open_page(f"{COMPARE}#{hash_}", locale="de-DE")
    page.wait_for_selector("body[data-compared]")
    assert page.locator("#left-plan").input_value() == "cpo"
    assert page.locator("#measure").input_value() == "energy_mwh"
    assert page.get_by_role("button", name="Unterschied").get_attribute("aria-pressed") == "true"
    assert page.locator("#legend").inner_text().startswith("Unterschied: Geladene Energie")
    assert page.locator(".before-after thead th").nth(1).inner_text().startswith("Betreiber")
    assert page.locator("#chart-fronts svg").count() == 1
    page.set_viewport_size({"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_faults_of_what_is_compared_are_told(roads):
    for query, said in (
        (f"runs={RUNS[0]}", "expected 2 to 12 side by side, found 1"),
        (f"runs={RUNS[0]}&runs=road/runs/1999", "1999"),
        (f"runs={RUNS[0]}&runs=../other", "expected a file or folder inside"),
        (f"runs={RUNS[0]}&runs={RUNS[1]}&right=7", "the number of a run, 0 to 1; found 7"),
        (f"runs={RUNS[0]}&runs={RUNS[1]}&left_plan=best", "best"),
    ):
        answer = roads("GET", f"/api/comparisons/sites?{query}")
        assert answer.status == 400
        assert said in answer.text
