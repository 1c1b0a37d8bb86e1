"""The report in a browser: offline, without faults, and everything follows the chosen plan."""

import csv
import json
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from planner.reporting.html_report import write_html_report
from planner.reporting.language import GERMAN

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
def open_page(browser):
    """Open a file with the network cut off; faults of the page fail the test at its end."""
    contexts, pages = [], []

    def open_it(path, address="", *, meter=False, **settings):
        settings = {"viewport": {"width": 1380, "height": 950}, "locale": "en-US"} | settings
        context = browser.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.faults, page.requested = [], []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.requested.append(request.url))
        if meter:
            page.meter = context.new_cdp_session(page)
            page.meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri() + address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [page.faults for page in pages] == [[] for _ in pages]


@pytest.fixture
def page(open_page, report):
    return open_page(report)


@pytest.fixture(scope="module")
def run_dir(shared_study_folder):
    """A real run of the small study."""
    folder = shared_study_folder / "run"
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from planner.cli import main; main()",
            *("run", "study.yaml", "--out", str(folder)),
        ],
        cwd=shared_study_folder,
        check=True,
        capture_output=True,
    )
    return folder


def downloaded(page, button, path):
    """Rows of the CSV file that a button gives, with the separator of the page's language."""
    with page.expect_download() as download:
        page.locator(button).click()
    download.value.save_as(path)
    separator = ";" if page.locator("html").get_attribute("lang") == "de" else ","
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


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


def test_a_browser_that_is_too_old_says_so(browser, report):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(report.as_uri())
    page.wait_for_selector("#notice:not([hidden])")
    assert page.locator("#notice").inner_text().startswith("This browser is too old")
    context.close()


def test_without_scripts_the_answer_can_be_read(browser, report, plan):
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert f"{plan.front['n_hpc'].max():,}" in page.locator(".answer").inner_text()
    assert "switched off" in page.locator("noscript").inner_text()
    assert page.locator("#table-plans tbody tr").count() == len(plan.named_solutions)
    assert "Wie viele" not in page.locator("h1").inner_text()
    context.close()


def test_each_named_plan_changes_figures_table_map_and_list(page, plan):
    seen = set()
    for named in plan.named_solutions:
        page.get_by_role("button", name=named.title, exact=True).click()
        row = plan.front.iloc[named.solution]

        assert figure(page, "n_hpc") == f"{row['n_hpc']:,}"
        assert page.locator("#table-plans tr.chosen").get_attribute("data-name") == named.name
        assert page.locator("#hourly-title").inner_text() == named.title
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
    assert page.locator(".named button[aria-pressed=true]").count() == 0
    first = page.locator("#site-table tbody tr").first
    site = int(first.get_attribute("data-site"))
    wait = plan.detail.site["mean_wait_min"][solution, site]
    assert first.locator("td").nth(6).inner_text() == f"{wait:.1f}\N{NO-BREAK SPACE}min"


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
    terms = ("Motorway", "High-power points", "In use", "Mean wait", "95 % at most", "Energy")
    for term in (*terms, "Peak power", "Grid connection"):
        assert term in tip


def test_a_site_with_a_hostile_name_stays_text(page, plan):
    page.locator("#site-search").fill("alert")
    assert page.locator("#site-count").inner_text() == "1 of 40 sites"
    assert page.locator("#site-table tbody td").first.inner_text() == plan.sites.name[0]
    page.locator("#site-table tbody tr").first.press("Enter")
    assert page.locator("#tip b").inner_text() == plan.sites.name[0]
    assert page.locator("#tip script, #tip b b").count() == 0


def test_the_list_sorts_and_downloads_what_it_shows(page, plan, tmp_path):
    page.locator("#site-table").get_by_role("button", name="Mean wait").click()
    header = page.locator("#site-table th", has_text="Mean wait")
    assert header.get_attribute("aria-sort") == "descending"
    rows = downloaded(page, "#site-csv", tmp_path / "sites.csv")

    assert len(rows) == 40
    waits = [float(row["mean_wait_min"]) for row in rows if row["mean_wait_min"]]
    assert waits == sorted(waits, reverse=True)
    assert [row["name"] for row in rows] == page.locator(
        "#site-table tbody td:first-child"
    ).all_inner_texts()
    balanced = plan.hpc_layouts[plan.default_solution.solution].sum()
    assert sum(int(row["n_hpc"]) for row in rows) == balanced


def test_tables_of_the_page_sort_and_download_too(page, plan, tmp_path):
    page.locator("#table-unserved").get_by_role("button", name="Place").click()
    rows = downloaded(page, "button[data-table=table-unserved]", tmp_path / "unserved.csv")

    assert sum(int(row["n_trips"]) for row in rows) == len(plan.unserved)
    assert [row["place"] for row in rows] == sorted(plan.unserved["place"].unique())
    front = downloaded(page, "#front-csv", tmp_path / "front.csv")
    assert len(front) == len(plan.front)
    by_points = plan.front.sort_values("n_hpc", ascending=False)["n_hpc"].tolist()
    assert [int(row["n_hpc"]) for row in front] == by_points


def test_in_german_everything_reads_german(page, plan, tmp_path):
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_selector("body[data-ready]")
    row = plan.front.iloc[plan.default_solution.solution]

    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("h1").inner_text().startswith("Wie viele Ladepunkte brauchen 10")
    assert figure(page, "mean_wait_min") == GERMAN.minutes(row["mean_wait_min"]).replace(
        " ", "\N{NO-BREAK SPACE}"
    )
    axis = page.locator("#chart-front .role-axis-title").all_text_contents()
    assert "Mittlere Wartezeit (Minuten)" in axis
    assert page.locator("#site-search").get_attribute("placeholder").startswith("Suche")
    assert page.locator("#site-table th").nth(1).inner_text() == "Autobahn"
    rows = downloaded(page, "#site-csv", tmp_path / "sites.csv")
    assert "," in rows[0]["mean_wait_min"] + rows[1]["mean_wait_min"]
    texts = page.locator("main").inner_text()
    for english in ("Mean wait", "charging point", "trips", "Download CSV"):
        assert english not in texts.replace(plan.description, "")


@pytest.mark.parametrize(
    ("address", "locale", "code"),
    [
        ("", "de-DE", "de"),
        ("", "fr-FR", "en"),
        ("#lang=de", "en-US", "de"),
        ("?lang=en", "de-AT", "en"),
    ],
)
def test_the_language_is_the_readers_own_unless_asked_otherwise(
    open_page, report, address, locale, code
):
    page = open_page(report, address, locale=locale)
    assert page.locator("html").get_attribute("lang") == code


def test_the_chosen_language_is_remembered_without_a_cookie(open_page, report):
    page = open_page(report)
    page.get_by_role("button", name="Deutsch").click()
    assert page.url.endswith("#lang=de")
    page.goto(report.as_uri())
    page.wait_for_selector("body[data-ready]")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.context.cookies() == []


def test_colours_follow_what_is_asked_of_the_map(page):
    def classes():
        return page.eval_on_selector_all(
            "#map .site", "all => all.map((c) => c.getAttribute('class'))"
        )

    seen = set()
    for option in ("use", "wait", "grid"):
        page.locator("#colouring").select_option(option)
        seen.add(tuple(classes()))
    assert len(seen) == 3
    assert "and more" in page.locator("#legend").inner_text()


def test_a_site_is_found_by_name(page, plan):
    page.locator("#map-search").fill(plan.sites.name[5])
    page.locator("#map-search").press("Enter")
    assert page.locator("#tip b").inner_text() == plan.sites.name[5]
    page.locator("#map-search").fill("no such place")
    page.locator("#map-search").press("Enter")
    assert page.locator("#map-search").evaluate("e => e.validationMessage") == (
        "No site of this name"
    )


def test_unserved_trips_are_a_layer_of_the_map(page):
    assert not page.locator("#map .lost").first.is_visible()
    page.locator("#layer-unserved").check()
    assert page.locator("#map .lost").first.is_visible()
    page.locator("#map .lost").first.dispatch_event("pointerover", {"bubbles": True})
    assert "no site in range" in page.locator("#tip").inner_text()


def test_the_front_can_be_seen_over_the_number_of_points(page, plan):
    page.locator("input[name=axis][value=n_hpc]").check()
    page.wait_for_function(
        "[...document.querySelectorAll('#chart-front .role-axis-title')]"
        ".some((e) => e.textContent === 'High-power points')"
    )
    page.get_by_role("button", name="Operator", exact=True).click()
    assert figure(page, "n_hpc") == str(plan.front["n_hpc"].min())


def test_with_the_keyboard_alone_one_gets_everywhere(page):
    """From the top of the page, Tab reaches each control in the order of reading."""
    reached = []
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const e = document.activeElement; return e.id || e.dataset.name"
                " || e.dataset.site && 'site' || e.lang || e.textContent.trim().slice(0, 20); })()"
            )
        )
    wanted = [
        *("en", "de", "logistics", "cpo", "slider", "front-csv", "colouring", "layer-unserved"),
        *("map-search", "map", "site", "zoom-in", "site-search", "site-csv"),
    ]
    assert [each for each in dict.fromkeys(reached) if each in wanted] == wanted


def test_arrow_keys_go_from_site_to_site(page, plan):
    page.locator(f"#map .site[data-site='{int(plan.sites.lat.argmax())}']").focus()
    first = page.locator("#tip b").inner_text()
    page.keyboard.press("ArrowDown")
    second = page.locator("#tip b").inner_text()
    names = list(plan.sites.name)
    assert plan.sites.lat[names.index(second)] < plan.sites.lat[names.index(first)]
    page.keyboard.press("Enter")
    assert page.locator("#site-table tr.chosen td").first.inner_text() == second


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
            if (!own || e.tagName === 'STYLE' || !e.getClientRects().length) continue;
            const style = getComputedStyle(e);
            const colour = e.closest('svg') ? style.fill : style.color;
            const [a, b] = [light(rgb(colour)), light(ground(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push([e.tagName, e.textContent.trim().slice(0, 30), ratio]);
          }
          return low;
        }"""
    )
    assert low == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_of_charts_and_controls_stand_out(page, scheme):
    """3:1 against the page, as WCAG asks of what is no text."""
    page.emulate_media(color_scheme=scheme)
    low = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const paper = light(rgb(getComputedStyle(document.body).backgroundColor));
          const ratio = (text) => { const a = light(rgb(text));
            return (Math.max(a, paper) + 0.05) / (Math.min(a, paper) + 0.05); };
          const shown = ['#0072b2', '#d55e00', '#8a929a'].map((hex) => {
            const e = document.createElement('i'); e.style.color = hex; document.body.append(e);
            const colour = getComputedStyle(e).color; e.remove(); return [hex, colour]; });
          for (const e of document.querySelectorAll('main button, main input, main select')) {
            const style = getComputedStyle(e);
            if (style.borderTopWidth !== '0px' && style.borderTopStyle === 'solid') {
              shown.push([e.id || e.className || e.textContent, style.borderTopColor]);
            }
          }
          return shown.filter(([, colour]) => ratio(colour) < 3);
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
    for control in ("#slider", ".languages", "#site-csv", "#colouring", "#zoom-in"):
        assert not page.locator(control).is_visible()


def test_it_prints_on_a_few_pages(page, plan, tmp_path):
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "report.pdf").pages
    text = " ".join(page.extract_text() for page in pages)

    assert 5 <= len(pages) <= 12
    assert "How many charging points" in text
    assert "Where this comes from" in text
    assert "Download CSV" not in text


def test_the_report_of_a_real_run_tells_what_its_files_tell(open_page, run_dir):
    page = open_page(run_dir / "report.html")
    front = pd.read_csv(run_dir / "front.csv")
    sites = pd.read_parquet(run_dir / "sites.parquet")
    named = json.loads((run_dir / "run.json").read_text())["named_solutions"]

    assert page.requested == [(run_dir / "report.html").as_uri()]
    for entry in named:
        page.locator(f".named button[data-name={entry['name']}]").click()
        row = front.iloc[entry["solution"]]
        assert figure(page, "n_hpc") == f"{row['n_hpc']:,}"
        shown = page.evaluate("rows.map((row) => [row.id, row.n_hpc, row.mean_wait_min])")
        of_plan = sites[sites["solution_name"] == entry["name"]].set_index("site_id")
        assert sum(n_hpc for _, n_hpc, _ in shown) == row["n_hpc"]
        for site_id, n_hpc, wait_min in shown:
            assert n_hpc == of_plan["n_hpc"][site_id]
            expected = of_plan["mean_wait_min"][site_id]
            known = np.nan if wait_min is None else wait_min
            assert known == pytest.approx(expected, abs=0.0051, nan_ok=True)


def test_the_report_of_a_real_run_opens_in_two_seconds(open_page, run_dir):
    """Time of the page's own thread: what it takes where nothing else runs."""
    page = open_page(run_dir / "report.html", meter=True)
    metrics = page.meter.send("Performance.getMetrics")["metrics"]
    busy_s = {metric["name"]: metric["value"] for metric in metrics}["ThreadTime"]
    assert 0.0 < busy_s < 2.0
