"""Runs beside each other, years and hours on a slider, in a real browser."""

import json
import re
import shutil

import pandas as pd
import pytest

from planner.layouts.editing import OpenedPlan
from planner.plan.finished_run import read_finished_run
from planner.runs.progress import Quiet
from tests.e2e.workbench.conftest import served, watched

RUNS = ("road/runs/2027", "road/runs/2030")
COMPARE = f"/compare?runs={RUNS[0]}&runs={RUNS[1]}"


@pytest.fixture(scope="module")
def roads(small_roadmap):
    """Server of a folder with a roadmap."""
    with served(small_roadmap[1].parent) as client:
        yield client


@pytest.fixture(scope="module")
def tab(browser, roads):
    """A tab on the workbench, for a reader who wants little to move."""
    with watched(browser, roads) as open_it:
        yield open_it(reduced_motion="reduce")


@pytest.fixture
def open_page(tab, roads):
    """Opens an address in the tab."""

    def open_it(path):
        tab.set_viewport_size({"width": 1400, "height": 900})
        tab.goto(f"http://127.0.0.1:{roads.address.port}{path}")
        return tab

    return open_it


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
    assert page.locator("#border").evaluate("border => border.style.left") == "60%"
    assert swipe.get_attribute("aria-valuetext") == "2027 up to 60 %, then 2030"
    left, right = page.get_by_role("group", name="2027"), page.get_by_role("group", name="2030")
    left.get_by_role("group", name="Map of the charging sites").focus()
    page.keyboard.press("+")
    page.wait_for_url(re.compile("at=1.50"))
    roads_at = [
        side.locator("svg").first.locator("> g").get_attribute("transform")
        for side in (left, right)
    ]
    assert roads_at[0] == roads_at[1]
    page.get_by_role("button", name="Difference").click()
    page.locator("#measure").select_option("mean_wait_min")
    longer = (balanced[1]["mean_wait_min"] - balanced[0]["mean_wait_min"]).abs()
    most = page.locator("#most-changed li").first
    assert most.locator("button").inner_text() == balanced[0].loc[longer.idxmax(), "name"]
    assert float(re.sub(r"[^\d.]", "", most.locator("span").inner_text())) == pytest.approx(
        longer.max(), abs=0.5
    )
    assert not sides.nth(1).is_visible()
    page.locator("#left-plan").select_option("cpo")
    page.reload()  # the address carries what is compared
    page.wait_for_selector("body[data-compared]")
    assert page.locator("#left-plan").input_value() == "cpo"
    assert page.locator("#legend").inner_text().startswith("Difference: Mean wait")
    assert figures(page, 2)[0] == str(fronts[0]["cpo"]["n_hpc"])
    page.locator("#right-run").select_option("0")
    page.get_by_role("columnheader", name="Balanced, 2027").wait_for()
    assert figures(page, 3)[0] == str(points[0])
    page.locator("#chart-fronts svg").wait_for()
    page.set_viewport_size({"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # Of all trucks of a country, the longest figures that there are.
    page.locator(".before-after td").evaluate_all(
        "cells => cells.forEach((cell) => { cell.textContent = '+188.911\u00a0MWh'; })"
    )
    around = page.locator(".scroll:has(.before-after)")
    assert around.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert page.get_by_role("rowheader", name="Mean wait").is_visible()


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


def test_a_result_of_another_kind_is_told_as_such(roads):
    manifest = json.loads((roads.folder / RUNS[0] / "run.json").read_text())
    (roads.folder / "a-depot").mkdir()
    (roads.folder / "a-depot" / "run.json").write_text(json.dumps(manifest | {"kind": "depot"}))
    answer = roads("GET", f"/api/comparisons/sites?runs={RUNS[0]}&runs=a-depot")
    shutil.rmtree(roads.folder / "a-depot")
    assert answer.status == 400
    assert "found a result of the kind 'depot'" in json.loads(answer.text)["fault"]["en"]


def test_a_table_of_a_sweep_leads_to_no_run_elsewhere(roads, tmp_path):
    for folder in ("elsewhere", "root/sweep/run"):
        shutil.copytree(roads.folder / RUNS[0], tmp_path / folder)
    table = tmp_path / "root" / "sweep" / "sweep.csv"
    with served(tmp_path / "root") as client:
        table.write_text("run\nrun\n../../elsewhere\n", encoding="utf-8")
        answer = client("GET", "/api/comparisons/sites?runs=sweep")
    assert answer.status == 400
    assert "expected a file or folder inside" in answer.text


def test_years_of_a_roadmap_are_played_on_the_map(open_page, roads, small_roadmap):
    years = pd.read_csv(small_roadmap[1] / "roadmap.csv")
    built = pd.read_csv(small_roadmap[1] / "roadmap_sites.csv")
    page = open_page("/")
    page.get_by_role("link", name="Years on a map").click()
    page.wait_for_url("**/roadmap?**")
    page.wait_for_selector("body[data-ready]")
    slider = page.get_by_role("slider", name="Year")
    assert slider.get_attribute("aria-valuetext") == "2027"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2030"
    page.wait_for_url(re.compile("step=2030"))
    now = dict(
        zip(
            page.locator("#years tbody th").all_inner_texts(),
            page.locator("#years tbody td.now").all_inner_texts(),
            strict=True,
        )
    )
    assert now["High-power points"] == str(years["n_hpc"][1])
    assert now["New overnight points"] == str(years["new_lpc"][1])
    more = built[(built["year"] == 2030) & (built["new_hpc"] > 0)]
    told = page.locator(".change-labels text").all_text_contents()
    assert sorted(told) == sorted(f"+{n}" for n in more["new_hpc"])
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Play").wait_for()  # at the last year it stops by itself
    assert slider.get_attribute("aria-valuetext") == "2031"
    assert page.locator(".change-labels text").count() == 0
    ahead = pd.read_csv(small_roadmap[1] / "roadmap_with_foresight.csv")
    told_ahead = page.locator("#years-ahead tr", has_text="High-power points").last
    assert told_ahead.locator("td").all_inner_texts() == [f"{n:,}" for n in ahead["n_hpc"]]
    page.locator("#measure").select_option("mean_wait_min")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#measure").input_value() == "mean_wait_min"
    assert page.locator("#moment").inner_text() == "2031"


def trucks_waiting(folder, hour):
    """Trucks of a run that wait at a moment, by its tables: each is late by what it has waited."""
    run = read_finished_run(folder)
    stops = pd.concat([run.table(name) for name in ("stops", "warm_up_stops")], keys=("", "before"))
    late_h = stops.groupby([stops.index.get_level_values(0), "trip_id"])["wait_min"].cumsum() / 60.0
    plugs_in_h = stops["arrival_h"] + late_h
    waits = (plugs_in_h > hour) & (plugs_in_h - stops["wait_min"] / 60.0 <= hour)
    return waits.groupby(stops["site_id"]).sum()


def test_queues_of_a_day_grow_and_clear_as_the_tables_of_the_run_tell(open_page, roads):
    page = open_page(f"/day?run={RUNS[1]}&lang=de#step=40")
    page.wait_for_selector("body[data-ready]")
    slider = page.get_by_role("slider", name="Zeitpunkt")
    for step, moment in ((40, "Montag, 10:00"), (41, "Montag, 10:15")):
        assert slider.get_attribute("aria-valuetext") == moment
        waiting = trucks_waiting(roads.folder / RUNS[1], step / 4.0)
        assert page.locator("#all-waiting").inner_text() == str(waiting.sum())
        longest = page.locator("#longest li span").all_inner_texts()
        assert longest == [str(n) for n in sorted(waiting[waiting > 0], reverse=True)][:6]
        slider.focus()
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("step=42"))
    page.get_by_role("button", name="Di", exact=True).click()
    assert slider.get_attribute("aria-valuetext") == "Dienstag, 00:00"
    assert page.locator("#chart-course-waiting svg").count() == 1
    page.locator("#measure").select_option("power_kw")
    page.get_by_role("button", name="Abspielen").click()
    page.wait_for_selector("#moment:has-text('00:15')")
    page.get_by_role("button", name="Anhalten").click()
    page.set_viewport_size({"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_days_of_a_plan_open_where_most_trucks_wait(open_page, roads):
    page = open_page(f"/day?run={RUNS[1]}")
    page.wait_for_selector("body[data-ready]")
    course = OpenedPlan(roads.folder / RUNS[1], Quiet()).course
    most = course.n_waiting.sum(axis=1).max()
    assert most > 0
    assert page.locator("#all-waiting").inner_text() == str(most)


def test_power_of_the_course_is_that_of_the_run_s_own_table(roads):
    folder = roads.folder / RUNS[1]
    opened = OpenedPlan(folder, Quiet())
    hours = read_finished_run(folder).table("site_hours").query("solution_name == 'balanced'")
    told = hours.pivot_table("power_kw", "site_id", "hour_of_day")
    n_days = opened.course.n_steps // 96
    course = opened.course.power_kw.reshape(n_days, 24, 4, -1).mean(axis=(0, 2)).T
    assert course == pytest.approx(told.loc[opened.run.sites.site_id].to_numpy(), abs=0.01)


def test_faults_of_a_roadmap_are_told(roads):
    for run, said in (("road/runs/2027", "expected a finished roadmap"), ("../x", "inside")):
        answer = roads("GET", f"/roadmap?run={run}")
        assert answer.status == 400
        assert said in answer.text
