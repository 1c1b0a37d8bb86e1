"""The report in a browser: offline, without faults, and everything follows the chosen plan."""

import csv
import re

import pytest
from defusedxml.ElementTree import fromstring

from planner.files.spreadsheet_texts import marked_text
from tests.languages import GERMAN


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


def test_what_rounding_leaves_of_nothing_is_no_minus_0(page):
    shown = page.evaluate("[-4e-14, -0.04, -0.05, -0.3].map(form.minutes)")
    assert [each.split()[0] for each in shown] == ["0.0", "0.0", "-0.1", "-0.3"]
    assert page.evaluate("[-0.4, -0.6].map(form.count)") == ["0", "-1"]


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


VALUES = "all => all.map((each) => each.dataset.value)"


def cell_of(page, row, key):
    """Text of a row of the list of sites in the column of a key."""
    keys = page.eval_on_selector_all(
        "#table-sites thead th", "all => all.map((e) => e.dataset.key)"
    )
    return row.locator("th, td").nth(keys.index(key)).inner_text()


def test_each_named_plan_changes_figures_table_map_and_list(page, plan):
    seen = set()
    for named in plan.named_solutions:
        page.get_by_role("button", name=named.title, exact=True).click()
        row = plan.front.iloc[named.solution]

        assert figure(page, "n_hpc") == f"{row['n_hpc']:,}"
        assert page.locator("#table-plans tr.chosen").get_attribute("data-name") == named.name
        assert page.locator("#hourly-title").inner_text() == named.title
        first = page.locator("#table-sites tbody tr").first
        site = int(first.get_attribute("data-name"))
        assert cell_of(page, first, "n_hpc") == str(plan.hpc_layouts[named.solution].max())
        assert plan.hpc_layouts[named.solution, site] == plan.hpc_layouts[named.solution].max()
        seen.add(tuple(radii(page)))
    assert len(seen) == len(plan.named_solutions)


def test_groups_follow_the_slider_and_colour_the_map(page, plan):
    page.locator("#slider").focus()
    page.keyboard.press("Home")
    solution = int(plan.front["n_hpc"].idxmax())
    groups = plan.front_groups.table(solution)
    north = groups[groups["group"] == "Nordland"].iloc[0]
    row = page.locator("#table-groups-by-region tbody tr").first
    shown = [float(each or "nan") for each in row.locator("td").evaluate_all(VALUES)]
    expected = north.drop(["grouping", "group"]).to_numpy(float)
    assert shown == pytest.approx(expected, rel=1e-3, abs=0.01)

    page.select_option("#group-by", "region")
    page.select_option("#group-figure", "simultaneous_peak_kw")
    half = plan.sites.n_sites // 2
    circles = [page.locator(f'#map circle[data-site="{site}"]') for site in (0, half - 1, half)]
    north_one, north_other, unknown = (each.get_attribute("class") for each in circles)
    assert north_one == north_other
    assert re.fullmatch("site u[0-4]", north_one)
    assert unknown == "site empty"
    page.locator('#map circle[data-site="0"]').dispatch_event("pointerover", {"bubbles": True})
    tip = page.locator("#tip").inner_text()
    assert tip.startswith("Nordland")
    assert f"{north['simultaneous_peak_kw'] / 1000:,.1f}\N{NO-BREAK SPACE}MW" in tip
    assert "group=region" in page.url


def test_a_click_on_any_dot_of_the_front_chooses_that_plan(page, plan):
    before = radii(page)
    solution = next(row for row in range(22, len(plan.front)) if not plan.front["name"][row])
    dots = page.locator("#chart-front .mark-symbol").last.locator("path")
    dot = dots.nth(solution).bounding_box()
    page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)

    assert figure(page, "n_hpc") == str(plan.front["n_hpc"][solution])
    assert radii(page) != before
    assert page.locator(".named button[aria-pressed=true]").count() == 0
    first = page.locator("#table-sites tbody tr").first
    site = int(first.get_attribute("data-name"))
    wait = plan.detail.site["mean_wait_min"][solution, site]
    assert cell_of(page, first, "mean_wait_min") == f"{wait:.1f}\N{NO-BREAK SPACE}min"


def test_the_keyboard_reaches_every_plan(page, plan):
    page.locator("#slider").focus()
    page.keyboard.press("Home")
    assert figure(page, "n_hpc") == str(plan.front["n_hpc"].max())
    page.keyboard.press("End")
    assert figure(page, "n_hpc") == str(plan.front["n_hpc"].min())

    rows = page.locator("#table-sites tbody tr")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#tip b").inner_text() == rows.nth(1).locator("th").inner_text()


def test_hovering_a_site_explains_it(page, plan):
    page.locator("#map .site[data-site='7']").dispatch_event("pointerover", {"bubbles": True})
    tip = page.locator("#tip").inner_text()

    assert plan.sites.name[7] in tip
    terms = (
        "Motorway",
        "High-power points",
        "Utilisation in time",
        "Mean wait",
        "95th percentile",
        "Energy",
    )
    for term in (*terms, "Peak power", "Grid connection"):
        assert term in tip


def test_a_site_with_a_hostile_name_stays_text(page, plan):
    page.locator("#site-search").fill("alert")
    assert page.locator("#sites-count").inner_text() == "1 of 40 sites"
    assert page.locator("#table-sites tbody th").first.inner_text() == plan.sites.name[0]
    page.locator("#table-sites tbody tr").first.press("Enter")
    assert page.locator("#tip b").inner_text() == plan.sites.name[0]
    assert page.locator("#tip script, #tip b b").count() == 0


def test_the_list_sorts_and_downloads_what_it_shows(page, plan, tmp_path):
    page.locator("#table-sites").get_by_role("button", name="Mean wait").click()
    header = page.locator("#table-sites th", has_text="Mean wait")
    assert header.get_attribute("aria-sort") == "descending"
    rows = downloaded(page, "button[data-table=table-sites]", tmp_path / "sites.csv")

    assert len(rows) == 40
    waits = [float(row["mean_wait_min"]) for row in rows if row["mean_wait_min"]]
    assert waits == sorted(waits, reverse=True)
    assert [row["name"] for row in rows] == page.locator("#table-sites tbody th").all_inner_texts()
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


def test_every_chart_is_saved_from_its_corner_as_a_picture_or_as_its_figures(page, plan, tmp_path):
    saved = {}
    for kind in ("png", "svg", "csv"):
        with page.expect_download() as download:
            page.locator(f".save[data-id=wait] button[value={kind}]").click()
        assert download.value.suggested_filename == f"{plan.name}-wait.{kind}"
        download.value.save_as(tmp_path / kind)
        saved[kind] = (tmp_path / kind).read_bytes()

    assert saved["png"].startswith(b"\x89PNG")
    picture = fromstring(saved["svg"])
    assert picture[0].get("fill") == "white"
    assert "Mean wait (min)" in "".join(picture.itertext())
    rows = list(csv.DictReader(saved["csv"].decode("utf-8-sig").splitlines()))
    chosen = [float(row["mean_wait_min"]) for row in rows if row["name"] == "chosen"]
    expected = plan.detail.hourly["mean_wait_min"][plan.default_solution.solution]
    assert chosen == pytest.approx(expected, abs=0.0051)
    assert page.locator(".chart svg.marks").count() == page.locator(".save").count()


def test_a_link_opens_what_it_was_copied_from(page, open_page, report, plan):
    page.get_by_role("button", name="Operator", exact=True).click()
    page.locator("#map-search").fill(plan.sites.name[5])
    page.locator("#map-search").press("Enter")
    page.get_by_role("button", name="Deutsch").click()
    assert page.url.endswith(f"#plan=cpo&site={plan.sites.site_id[5]}&lang=de")

    other = open_page(report, f"#{page.url.partition('#')[2]}")
    assert other.locator("html").get_attribute("lang") == "de"
    assert figure(other, "n_hpc") == str(plan.front["n_hpc"].min())
    assert other.locator("#tip b").inner_text() == plan.sites.name[5]
    other.evaluate("location.hash = '#plan=2&axis=n_hpc&lang=en'")
    by_points = plan.front.sort_values("n_hpc", ascending=False)["n_hpc"]
    other.wait_for_function("document.querySelector('input[value=n_hpc]').checked")
    assert figure(other, "n_hpc") == f"{by_points.iloc[1]:,}"


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
    assert any("Mittlere Wartezeit (min)" in title for title in axis)
    assert page.locator("#site-search").get_attribute("placeholder").startswith("Suche")
    assert page.locator("#table-sites th").nth(1).inner_text() == "Autobahn"
    rows = downloaded(page, "button[data-table=table-sites]", tmp_path / "sites.csv")
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
        ("#lang=constructor&colour=toString&site=<script>", "en-US", "en"),
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
    assert "over 100 %" in page.locator("#legend").inner_text()


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
                " || e.dataset.site && 'site' || e.dataset.table || e.lang"
                " || e.textContent.trim().slice(0, 20); })()"
            )
        )
    wanted = [
        *("en", "de", "logistics", "cpo", "slider", "front-csv", "colouring", "layer-unserved"),
        *("map-search", "map", "site", "zoom-in", "site-search", "table-sites"),
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
    assert page.locator("#table-sites tr.chosen th").inner_text() == second


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


def test_downloads_mark_the_same_texts_as_the_files_beside_the_page(page):
    texts = ["=1+1", "-2+3", "@a", "+1+a", "\t=1", "a;=1", "'=1", "-5", "-1,5", "-", "it's", "a-b"]
    cells = page.evaluate("texts => texts.map(text => csvCell(text, '|', '.'))", texts)
    assert cells == [marked_text(text) for text in texts]
