"""A new user's path on the workbench in a real browser, with the network cut off."""

import json
import re

import openpyxl
import pytest

from planner.scenario.any_study import load_study
from tests.e2e.workbench.conftest import RUN, watched

WORDS = {
    "en-US": ("Open and change", "Change", "Save as a layout", "Figures"),
    "de-DE": ("Öffnen und ändern", "Änderung", "Als Auslegung speichern", "Kennzahlen"),
}


@pytest.fixture
def open_page(browser, ask):
    """Open the workbench as its printed address does."""
    with watched(browser, ask) as open_it:
        yield lambda locale="en-US", **settings: open_it("", locale, **settings)


def cell(page, row, column):
    return page.locator(
        f".before-after tbody tr:nth-child({row}) td:nth-child({column})"
    ).inner_text()


@pytest.mark.parametrize("locale", WORDS)
def test_from_the_address_to_a_changed_plan_in_a_spreadsheet(open_page, folder, tmp_path, locale):
    opens, change, saves, sheet = WORDS[locale]
    page = open_page(locale)
    page.get_by_role("link", name=opens).click()
    page.wait_for_url("**/plan?**")
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".before-after thead th").nth(3).inner_text() == change
    before = int(cell(page, 1, 2))
    page.locator("circle.site").first.click(force=True)
    page.locator("[data-more='5']").click()
    page.wait_for_selector(".changed li")
    page.locator("#n-lpc").fill("3")
    page.locator("#site-editor button.main").click()
    page.wait_for_selector(".before-after tr:nth-child(2).differs")
    assert int(cell(page, 1, 3)) == before + 5
    assert cell(page, 1, 4) == "+5"
    assert page.locator(".change-labels text").text_content() == "+5"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.wait_for_selector(".changed", state="detached")
    assert page.locator("#undo").is_disabled()
    page.keyboard.press("Control+y")
    page.wait_for_selector(".changed li")
    page.locator("#layout-name").fill(f"mine-{locale}")
    page.get_by_role("button", name=saves).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="sites.xlsx").click()
    download.value.save_as(tmp_path / "sites.xlsx")
    book = openpyxl.load_workbook(tmp_path / "sites.xlsx", read_only=True)
    assert sheet in book.sheetnames
    figures = {row[-1]: row[2] for row in book[sheet].iter_rows(values_only=True)}
    assert figures["n_hpc"] == before + 5
    assert (folder / "layouts" / f"mine-{locale}" / "sites.gpkg").is_file()
    assert page.locator("#take-command").inner_text().endswith(f"layouts/mine-{locale}.csv --qgis")
    page.locator("#n-hpc").fill("3")
    page.locator("#site-editor button.main").click()
    page.locator("[data-more='-5']").click()
    page.locator("#last-point").wait_for()
    assert page.locator("#n-hpc").input_value() == "1"
    page.locator("[data-more='1']").click()
    page.locator("#last-point").wait_for(state="hidden")


def test_the_language_that_it_was_opened_in_is_that_of_the_pages_that_follow(open_page):
    page = open_page()
    page.goto(page.url.split("?")[0] + "?lang=de")
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("link", name="Neue Studie").click()
    page.wait_for_url("**/study*")
    page.wait_for_selector("body[data-ready]")
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("button", name="English").click()
    page.goto(page.url.split("#")[0].replace("/study", "/?lang=de#lang=en"))
    page.wait_for_selector("body[data-ready]")
    assert page.locator("html").get_attribute("lang") == "en"


def test_what_is_begun_far_below_is_told_in_sight(open_page):
    sync_api = pytest.importorskip("playwright.sync_api")
    page = open_page(viewport={"width": 1000, "height": 500})

    def at_work(route):
        found = route.fetch()
        route.fulfill(response=found, body='<p id="work">At work</p>' + found.text())

    page.route("**/fragments/found", at_work)
    page.route("**/api/runs", lambda route: route.fulfill(json={}))
    last = page.locator("#studies [data-post='/api/runs']").last
    last.scroll_into_view_if_needed()
    page.evaluate("() => tellFault('Not now')")
    assert page.locator("#fault").bounding_box()["y"] >= 0
    last.click()
    # The page moves there by and by.
    sync_api.expect(page.locator("#work")).to_be_in_viewport()


def test_a_lasso_changes_many_and_a_reload_keeps_what_was_changed(open_page):
    page = open_page()
    page.locator("a.main").click()
    page.wait_for_url("**/plan?**")
    page.wait_for_selector("body[data-ready]")
    page.locator("#lasso").click()
    box = page.locator("#map").bounding_box()
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.01)]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
    page.get_by_role("heading", name="7 sites", exact=True).wait_for()
    page.locator("[data-more='1']").click()
    page.locator(".changed li").nth(6).wait_for()
    page.locator("#differences").click()
    assert page.locator("#legend.difference").count() == 1
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".changed li").count() == 7
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("body[data-ready]")
    other.locator("#undo").click()
    other.wait_for_selector(".changed", state="detached")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".changed li").count() == 7


def test_a_site_is_added_with_a_click_on_a_road_and_bound_for_itself(open_page, folder):
    page = open_page("de-DE")
    page.locator("a.main").click()
    page.wait_for_url("**/plan?**")
    page.wait_for_selector("body[data-ready]")
    n_before = page.locator("circle.site").count()
    page.locator("#add-site").click()
    at = page.evaluate("siteMap.toScreen(...siteMap.drawnAt(8.2, 51.1))")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    page.wait_for_selector("#map .pointer[visibility='visible']", state="attached")
    lon = float(page.locator("#new-lon").input_value())
    assert abs(lon - 8.2) < 0.1
    assert page.locator("#new-hpc").get_attribute("placeholder") == "nach Bedarf"
    page.locator("#new-grid-mw").fill("0.5")
    page.locator("#new-site button.main").click()
    page.wait_for_selector(".changed li:has-text('0,5 MW')")
    assert page.locator("circle.site").count() == n_before + 1
    assert "Hinzugefügt:" in page.locator("#panel").inner_text()
    assert "Anschluss oder Platz" in page.locator("#panel").inner_text()
    assert "mehr lassen Anschluss oder Platz nicht zu" in page.locator("#new-told").inner_text()
    page.locator("#grid-mw").fill("60")
    page.locator("#site-editor button.main").click()
    page.wait_for_selector(".changed li:has-text('60 MW')")
    bound = page.locator("[data-bound]")
    assert bound.locator("option").first.get_attribute("label") == "wie für alle gewählt"
    bound.select_option("keep")
    assert "--sites layouts/zu.csv" not in page.locator("#save-command").inner_text()
    page.locator("#layout-name").fill("zu")
    assert "--sites layouts/zu-sites.csv" in page.locator("#save-command").inner_text()
    page.locator("#save-layout button").click()
    page.locator("#saved a").first.wait_for()
    assert (folder / "layouts" / "zu-sites.csv").is_file()
    page.locator("#how").select_option("most")
    link = page.evaluate("waiting.then(linkOfState)")
    for _ in range(2):
        page.reload()
        page.wait_for_selector("body[data-ready]")
        assert page.locator("[data-bound]").input_value() == "keep"
        assert page.locator("#how").input_value() == "most"
        # The second time in a tab that knows of nothing but the link.
        page.evaluate("sessionStorage.clear()")
        page.goto(link)
    told = page.evaluate("ask('POST', way('/study'), {name: 'zu'})")
    written = (folder / told["study"]).with_name("zu-bounds.csv").read_text(encoding="utf-8")
    assert written.splitlines()[1] == "new-1,1,1"
    assert page.locator("circle.site").count() == n_before + 1
    for _ in range(2):
        page.locator("#undo").click()
    page.wait_for_selector(".changed", state="detached")
    assert page.locator("circle.site").count() == n_before


def test_points_of_two_classes_have_fields_buttons_and_colours_of_their_own(browser, by_class):
    with watched(browser, by_class) as open_it:
        page = open_it("", "de-DE")
        page.locator("a.main").click()
        page.wait_for_url("**/plan?**")
        page.wait_for_selector("body[data-ready]")
        page.get_by_role("button", name="Lkw neu planen lassen").click()
        page.get_by_text("eine Warteschlange der Punkte beider Klassen gelernt").wait_for()
        page.get_by_role("button", name="Lkw neu planen lassen").click()
        page.locator("#learn[aria-pressed='false']").wait_for()
        page.locator("circle.site").first.click(force=True)
        fast = int(page.locator("#n-fast").input_value())
        page.get_by_role("spinbutton", name="CCS 350 kW").fill("4")
        page.locator("#site-editor button.main").click()
        page.wait_for_selector(".changed li")
        page.get_by_role("group", name="CCS 350 kW").get_by_role("button", name="+5").click()
        page.locator(".changed li", has_text=re.compile(r"CCS 350\skW: \d → 9")).wait_for()
        assert page.locator("#n-slow").input_value() == "9"
        assert int(page.locator("#n-fast").input_value()) == fast
        label = page.locator(".change-labels text").text_content()
        assert "CCS 350 kW" in label.replace("\N{NO-BREAK SPACE}", " ")
        page.get_by_role("row", name="Zeitverlust durch Warten").wait_for()
        page.locator("#colouring").select_option("slow_use_share")
        assert "langsamere Klasse" in page.locator("#legend").inner_text()
        address = page.url
        page.keyboard.press("Control+z")
        page.locator(".changed li", has_text=re.compile(r"CCS 350\skW: \d → 4")).wait_for()
        other = page.context.new_page()
        other.goto(address)
        other.wait_for_selector("body[data-ready]")
        assert re.search(r"CCS 350\skW: \d → 4", other.locator(".changed li").inner_text())


def test_slower_points_are_assumed_by_one_switch_and_told(open_page):
    page = open_page(locale="de-DE")
    page.locator("a.main").click()
    page.wait_for_url("**/plan?**")
    page.wait_for_selector("body[data-ready]")
    switch = page.get_by_role("button", name="Auch langsamere Punkte: 400 kW, angenommen")
    assert switch.get_attribute("aria-pressed") == "false"
    assert "gelten als MCS 1.000\N{NO-BREAK SPACE}kW" in switch.get_attribute("title")
    n_sites = page.locator("circle.site").count()
    assert not page.locator("#n-slow").count()
    page.locator("circle.site").first.click(force=True)
    page.get_by_role("spinbutton", name="Hochleistungsladepunkte").fill("3")
    page.locator("#site-editor button.main").click()
    page.wait_for_selector(".changed li")
    page.locator("#zoom-in").click()
    page.locator("#colouring").select_option("mean_wait_min")
    seen = page.evaluate("shown()")
    assert json.loads(seen["chosen"])
    assert float(seen["view"].split()[0]) > 1.0
    assert (seen["colour"], seen["lang"]) == ("mean_wait_min", "de")
    switch.click()
    page.wait_for_url("**by_class=true**")
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("shown()") == seen
    assert switch.get_attribute("aria-pressed") == "true"
    assert "eine Annahme" in page.locator("#panel").inner_text()
    page.locator(".changed li button").click()
    assert page.get_by_role("spinbutton", name="MCS 1.000 kW").input_value() == "3"
    page.get_by_role("spinbutton", name="CCS 400 kW").fill("4")
    page.locator("#site-editor button.main").click()
    page.locator(".changed li", has_text="CCS 400 kW: 0 → 4").wait_for()
    assert "--slow-kw 400" in page.locator("#edit-command").inner_text()
    address = page.url
    page.get_by_role("link", name="Warteschlangen nach Stunden, mit Ihren Änderungen").click()
    page.wait_for_selector("body[data-ready]")
    current = page.get_by_role("link", name="Mit Ihren Änderungen")
    assert current.get_attribute("aria-current") == "page"
    page.get_by_text("von zwei Klassen von Punkten beide zusammen").wait_for()
    assert page.locator("circle.site").count() == n_sites
    page.get_by_role("link", name="Öffnen und ändern").click()
    page.locator(".changed li", has_text="CCS 400 kW: 0 → 4").wait_for()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.locator(".changed li", has_text="CCS 400 kW: 0 → 4").wait_for()
    assert switch.is_disabled()
    assert "machen Sie diese zuerst rückgängig" in switch.get_attribute("title")
    page.locator("#undo").click()
    page.locator(".changed li", has_text="CCS").wait_for(state="detached")
    page.locator(".changed li button").click()
    seen = page.evaluate("shown()")
    switch.click()
    page.wait_for_url(lambda url: "by_class" not in url)
    page.wait_for_selector("body[data-ready]")
    assert not page.locator("#n-slow").count()
    assert page.evaluate("shown()") == seen
    page.locator(".changed li").wait_for()
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_url(lambda url: "by_class" not in url)
    other.wait_for_selector("body[data-ready]")


@pytest.mark.parametrize("width", [1024, 1280, 1380, 1680])
@pytest.mark.parametrize("told", ["", "Replanning with your changes " * 6])
def test_the_map_stays_below_the_toolbar_however_many_rows_it_has(open_page, width, told):
    page = open_page(viewport={"width": width, "height": 800})
    page.locator("a.main").first.click()
    page.wait_for_selector("body.plan[data-ready]")
    page.evaluate("told => { byId('busy').textContent = told; }", told)
    page.evaluate("document.querySelector('.bench').style.minHeight = '3000px'")
    page.evaluate("scrollTo({ top: 500, behavior: 'instant' })")
    page.wait_for_function("scrollY === 500")
    page.wait_for_timeout(100)
    bar, seen = (page.locator(each).bounding_box() for each in (".bar", "#seen"))
    assert bar["y"] == 0.0
    assert seen["y"] == pytest.approx(bar["height"], abs=1.0)


def test_a_page_of_a_run_leads_back_to_the_workbench_that_shows_it(open_page, folder):
    page = open_page()
    page.goto(f"{page.url.partition('?')[0].partition('#')[0]}files/{RUN}/report.html")
    page.get_by_role("link", name="Workbench", exact=True).click()
    page.wait_for_selector("#results")
    # As a file, with nobody who shows it, it has no such link.
    text = (folder / RUN / "report.html").read_text(encoding="utf-8")
    assert '<b id="workbench" hidden>' in text


def seen_together(page):
    """Whether the chosen site and its editor come into sight, neither over the other."""
    for _ in range(30):  # the page glides
        editor = page.locator("#site-editor").bounding_box()
        site = page.locator("circle.site.chosen").bounding_box()
        feet = [each["y"] + each["height"] for each in (site, editor)]
        if site["y"] >= 0 and feet[0] <= editor["y"] and feet[1] <= page.viewport_size["height"]:
            return True
        page.wait_for_timeout(100)
    return False


def test_a_site_that_is_found_is_seen_with_its_editor_on_a_telephone(open_page):
    page = open_page(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.locator("a.main").click()
    page.wait_for_selector("body.plan[data-ready]")
    names = page.evaluate("data.sites.name")
    page.locator("#map-search").fill(names[2])
    page.locator("#map-search").press("Enter")
    page.locator("#site-editor").wait_for()
    assert seen_together(page)
    assert page.locator("#chosen-name").inner_text() == names[2]
    page.locator("[data-more='5']").tap()
    page.locator(".changed li").wait_for(state="attached")
    assert "plan: " in page.locator("#of-all").inner_text()
    # What the names share is looked for, and Enter goes from one to the next.
    shared = names[0][:1]
    n_found = sum(
        shared.lower() in f"{name} {key}".lower()
        for name, key in zip(names, page.evaluate("data.sites.site_id"), strict=True)
    )
    assert n_found > 1
    page.locator("#map-search").fill(shared)
    page.locator("#map-search").press("Enter")
    first = page.locator("#chosen-name").inner_text()
    assert page.locator("#found-told").inner_text() == f"1 of {n_found}; Enter: the next"
    page.locator("#map-search").press("Enter")
    assert page.locator("#found-told").inner_text() == f"2 of {n_found}; Enter: the next"
    assert page.locator("#chosen-name").inner_text() != first


def test_with_the_keyboard_alone_on_a_dark_telephone(open_page):
    page = open_page(color_scheme="dark")
    page.set_viewport_size({"width": 375, "height": 700})
    page.locator("a.main").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan?**")
    page.wait_for_selector("body[data-ready]")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    page.locator("circle.site[tabindex='0']").focus()
    page.keyboard.press("Enter")
    assert page.locator("#site-editor").is_visible()
    assert seen_together(page)
    page.locator("#n-hpc").fill("0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".changed li")
    assert "Closed:" in page.locator("#panel").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#site-editor").is_visible()


ODD_SITES = "Nr;P1;P2;Bemerkung\r\n1;8,0;50,88;ä\r\n2;8,5;51,32;\r\n3;20,0;60,0;weit weg\r\n"


def test_sites_in_odd_columns_are_dropped_mapped_seen_on_the_map_and_saved(open_page, folder):
    page = open_page()
    page.goto(f"{page.url.rstrip('/')}/study")
    page.wait_for_selector("body[data-ready]")
    page.locator("#base").select_option("study.yaml")
    page.locator("#study-name").fill("own")
    page.locator("#study-name").blur()
    page.locator("#drop-files").set_input_files(
        {"name": "Plätze.csv", "mimeType": "text/csv", "buffer": ODD_SITES.encode("cp1252")}
    )
    page.locator("#dropped-use option").nth(1).wait_for(state="attached")
    assert page.locator("#dropped-use").input_value() == ""
    page.locator("#dropped-use").select_option("sites")
    page.locator("#dropped-faults p").wait_for()
    assert page.locator("#dropped-take").is_disabled()
    page.locator("[data-column='lon']").select_option("P1")
    page.locator("#dropped-columns td", has_text="8,0, 8,5, 20,0").wait_for()
    page.locator("[data-column='lat']").select_option("P2")
    page.locator("#map circle.site").nth(1).wait_for()
    assert page.locator("#map circle.site").count() == 2
    assert page.locator("#map path.lost").count() == 1
    assert "Row 4, 3: " in page.locator("#dropped-said").inner_text()
    page.get_by_role("button", name="Deutsch").click()
    german = page.locator("#dropped-said").inner_text()
    assert "2 Standorte an 4 Richtungsfahrbahnen" in german
    assert re.search("Zeile 4, 3: .*km von der nächsten Straße", german)
    assert "id wird aus der Spalte Nr gelesen: geraten" in german
    page.get_by_role("button", name="In die Studie übernehmen").click()
    page.locator("#dropped-taken:not(:empty)").wait_for()
    share = page.locator("[data-key='demand.electrification_share']").first
    share.fill("50")
    share.blur()
    page.get_by_text("erwartet eine Zahl über 0 und von höchstens 1; gefunden 50").first.wait_for()
    assert page.locator("#save").is_disabled()
    share.fill("0.5")
    share.blur()
    page.locator("#save:enabled").wait_for()
    page.locator("[data-old-sentence]").first.wait_for()
    page.get_by_role("button", name="Mit allen Dateien prüfen").click()
    page.get_by_text("Keine Fehler gefunden.").wait_for()
    assert "2 Standorte an 4 Richtungsfahrbahnen" in page.locator("#checked").inner_text()
    page.locator("#save").click()
    page.get_by_text("Gespeichert: studies/own.yaml").wait_for()
    study = load_study(folder / "studies" / "own.yaml")
    assert study.sites.path == folder / "data" / "Plätze.csv"
    assert study.sites.columns == {"id": "Nr", "lon": "P1", "lat": "P2"}


def test_a_study_says_what_matters_with_boxes_and_is_run_from_the_keyboard_alone(open_page, folder):
    page = open_page("de-DE")
    page.goto(f"{page.url.rstrip('/')}/study")
    page.wait_for_selector("body[data-ready]")
    page.locator("#base").select_option("study.yaml")
    name = page.locator("#study-name")
    name.fill("matters")
    # Two steps of the keyboard from the name, before all keys.
    name.press("Tab")
    assert page.evaluate("document.activeElement.id") == "keep"
    matters = page.locator("[data-field='optimization.objectives']").first
    assert "Mittlere Wartezeit: weniger ist besser" in matters.inner_text()
    matters.locator("[value='tcu']").uncheck()
    page.locator("#to-fault").wait_for()
    page.locator("#keep:disabled").wait_for()
    page.locator("#to-fault").click()
    assert page.evaluate("document.activeElement.value") == "mean_wait_min"
    matters.locator("[value='n_hpc']").check()
    page.locator("#keep:enabled").wait_for()
    assert "objectives: [mean_wait_min, n_hpc]" in page.locator("#text").input_value()
    # Enter in a field takes its value over, and runs nothing.
    share = page.locator("[data-key='demand.electrification_share']").first
    share.fill("0.6")
    share.press("Enter")
    assert "electrification_share: 0.6" in page.evaluate("waiting.then(() => text.value)")
    assert not (folder / "studies" / "matters.yaml").exists()
    share.fill("0.7")
    share.press("Control+Enter")
    page.wait_for_url(lambda url: url.endswith("/"))
    study = load_study(folder / "studies" / "matters.yaml")
    assert study.optimization.objectives == ("mean_wait_min", "n_hpc")
    assert study.demand.electrification_share == pytest.approx(0.7)
    page.get_by_text("outputs/matters").first.wait_for()


def test_options_of_commands_stay_whole_and_dashes_without_one_are_left_alone(open_page):
    commands = ["planner run a.yaml --set demand.days=[mon] --out b", "planner run 'a -- b.yaml'"]
    found = open_page().evaluate(
        """async (commands) => {
          const codes = commands.map((text) => {
            const code = document.createElement("code");
            let n_times = 0;
            const noted = () => { if ((n_times += 1) > 9) code.remove(); };
            code.textContent = text;
            new MutationObserver(noted).observe(code, { childList: true });
            return code;
          });
          document.body.append(...codes);
          await new Promise((done) => setTimeout(done, 50));
          const parts = (code) => [...code.children].map((option) => option.textContent);
          return codes.map((code) => [code.isConnected, code.textContent, parts(code)]);
        }""",
        commands,
    )
    assert found == [[True, commands[0], ["--set", "--out"]], [True, commands[1], []]]
