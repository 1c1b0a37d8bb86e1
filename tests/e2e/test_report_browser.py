"""The report in a browser: offline, without faults, and everything follows the chosen plan."""

import csv
import runpy
from pathlib import Path

import pytest

from planner.reporting.html_report import write_html_report

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SYNTHETIC_PLAN = Path(__file__).parents[1] / "unit" / "reporting" / "synthetic_plan.py"

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def plan():
    return runpy.run_path(str(SYNTHETIC_PLAN))["synthetic_plan"]()


@pytest.fixture(scope="module")
def report(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html_report(plan, path)
    return path


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1380, "height": 950}, offline=True)
    yield context
    context.close()


@pytest.fixture
def page(context, report):
    page = context.new_page()
    page.faults, page.requested = [], []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("body[data-ready]")
    yield page
    assert page.faults == []


def figure(page, key):
    return page.locator(f"#fig-{key}").inner_text()


def radii(page):
    return page.eval_on_selector_all(
        "#map .site",
        "all => all.sort((a, b) => a.dataset.site - b.dataset.site).map(c => c.getAttribute('r'))",
    )


def test_it_opens_offline_from_a_file_and_asks_for_nothing_else(page, report):
    assert page.requested == [report.as_uri()]
    assert page.locator("#chart-front svg").count() == 1
    assert page.locator("#map .site").count() == 40


def test_each_named_plan_changes_figures_table_map_and_list(page, plan):
    seen = set()
    for named in plan.named_solutions:
        page.get_by_role("button", name=named.title, exact=True).click()
        row = plan.front.iloc[named.solution]

        assert figure(page, "n_hpc") == f"{row['n_hpc']:,}"
        assert page.locator("#named-table tr.chosen").get_attribute("data-name") == named.name
        assert named.title.lower() in page.locator("#hourly-title").inner_text()
        first = page.locator("#site-table tbody tr").first
        site = int(first.get_attribute("data-site"))
        assert first.locator("td").nth(2).inner_text() == str(
            plan.hpc_layouts[named.solution].max()
        )
        assert plan.hpc_layouts[named.solution, site] == plan.hpc_layouts[named.solution].max()
        seen.add(tuple(radii(page)))
    assert len(seen) == len(plan.named_solutions)


def test_a_click_on_any_dot_of_the_front_chooses_that_plan(page, plan):
    before = radii(page)
    solution = next(row for row in range(22, len(plan.front)) if not plan.front["name"][row])
    dots = page.locator("#chart-front .mark-symbol").last.locator("path")
    dot = dots.nth(solution).bounding_box()
    page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)

    assert figure(page, "n_hpc") == str(plan.front["n_hpc"][solution])
    assert radii(page) != before
    assert page.locator("button[aria-pressed=true]").count() == 0
    assert "estimated" in page.locator("#plan-text").inner_text()


def test_the_keyboard_reaches_every_plan(page, plan):
    page.locator("#slider").focus()
    page.keyboard.press("Home")
    assert figure(page, "n_hpc") == str(plan.front["n_hpc"].max())
    page.keyboard.press("End")
    assert figure(page, "n_hpc") == str(plan.front["n_hpc"].min())

    rows = page.locator("#site-table tbody tr")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#tip b").inner_text() == rows.nth(1).locator("td").first.inner_text()


def test_hovering_a_site_explains_it(page, plan):
    page.locator("#map .site[data-site='7']").dispatch_event("pointerover", {"bubbles": True})
    tip = page.locator("#tip").inner_text()

    assert plan.sites.name[7] in tip
    for term in ("Motorway", "High-power points", "In use", "Mean wait", "Grid connection"):
        assert term in tip


def test_a_site_with_a_hostile_name_stays_text(page, plan):
    page.locator("#site-search").fill("alert")
    assert page.locator("#site-count").inner_text() == "1 of 40 sites"
    assert page.locator("#site-table tbody td").first.inner_text() == plan.sites.name[0]
    page.locator("#site-table tbody tr").first.press("Enter")
    assert page.locator("#tip b").inner_text() == plan.sites.name[0]
    assert page.locator("#tip script, #tip b b").count() == 0


def test_the_list_sorts_and_downloads_what_it_shows(page, plan, tmp_path):
    page.get_by_role("button", name="Mean wait").click()
    header = page.locator("#site-table th", has_text="Mean wait")
    assert header.get_attribute("aria-sort") == "descending"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    download.value.save_as(tmp_path / "sites.csv")

    with (tmp_path / "sites.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    waits = [float(row["mean_wait_min"]) for row in rows if row["mean_wait_min"]]
    assert waits == sorted(waits, reverse=True)
    assert plan.sites.name[0] in {row["name"] for row in rows}
    balanced = plan.hpc_layouts[plan.default_solution.solution].sum()
    assert sum(int(row["n_hpc"]) for row in rows) == balanced


def test_the_map_zooms_and_comes_back(page):
    def position():
        circle = page.locator("#map .site[data-site='3']")
        return [circle.get_attribute(name) for name in ("cx", "cy")]

    def moved_from(place):
        page.wait_for_function(
            "([x, y]) => { const c = document.querySelector('#map .site[data-site=\"3\"]');"
            " return c.getAttribute('cx') !== x || c.getAttribute('cy') !== y; }",
            arg=place,
        )

    start = position()
    page.get_by_role("button", name="Zoom in").click()
    moved_from(start)
    zoomed = position()
    page.get_by_role("button", name="Show everything").click()
    moved_from(zoomed)
    assert position() == start


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_light_and_dark(page, scheme):
    page.emulate_media(color_scheme=scheme)
    low = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = (element) => {
            for (let e = element; e; e = e.parentElement) {
              const colour = rgb(getComputedStyle(e).backgroundColor);
              if (colour.length === 3 || colour[3] > 0) return colour;
            }
            return [255, 255, 255];
          };
          const low = [];
          for (const e of document.querySelectorAll('main *')) {
            const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
            if (!own || e.closest('svg') || !e.getClientRects().length) continue;
            const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push([e.tagName, e.textContent.trim().slice(0, 30), ratio]);
          }
          return low;
        }"""
    )
    assert low == []


def test_it_fits_a_telephone(page):
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_on_paper_the_whole_map_is_there_and_controls_are_not(page):
    page.emulate_media(media="print")
    box = page.locator("#map").bounding_box()
    inside = page.eval_on_selector_all(
        "#map .site",
        "(all, box) => all.every((c) => { const r = c.getBoundingClientRect();"
        " return r.left >= box.x && r.right <= box.x + box.width"
        " && r.top >= box.y - scrollY && r.bottom <= box.y - scrollY + box.height + 1; })",
        box,
    )
    assert inside
    assert not page.locator("#slider").is_visible()
