"""What is taken away from pages in a real browser, and that nothing on them is out of reach."""

import io
import json
import re
import shutil

import openpyxl
import pypdf
import pytest
from lxml import etree

from tests.e2e.workbench.conftest import watched

RUN, RUN_NAMED = "outputs/small", "outputs%2Fsmall"
SVG = "{http://www.w3.org/2000/svg}"
PAGES = (
    *("/", "/study", f"/plan?run={RUN}", f"/files-of?run={RUN}", f"/day?run={RUN}"),
    f"/compare?runs={RUN}&runs=outputs/twin",
)
NAMELESS = re.compile(
    r"- (?:button|link|textbox|combobox|checkbox|spinbutton|searchbox|slider)(?: \[[^]]*\])*:?$",
    re.MULTILINE,
)
CUT_OFF = """() => {
  const scrolls = (each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
  const out = [];
  for (const each of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (!each.checkVisibility() || each.matches(".skip")) continue;
    let parent = each.parentElement;
    while (parent && !scrolls(parent)) parent = parent.parentElement;
    const { left, right } = each.getBoundingClientRect();
    if (!parent && (left < -1 || right > innerWidth + 1)) out.push(each.outerHTML.slice(0, 120));
  }
  return out;
}"""
STUCK = """Math.max(0, ...[...document.querySelectorAll("body *")]
  .filter((each) => getComputedStyle(each).position === "sticky" && each.checkVisibility())
  .map((each) => each.offsetHeight))"""


@pytest.fixture
def open_page(browser, ask):
    """Open the workbench as its printed address does."""
    with watched(browser, ask) as open_it:
        yield open_it


def saved(page, chosen, path):
    with page.expect_download() as download:
        page.locator(chosen).click()
    download.value.save_as(path)
    return path.read_bytes()


def test_what_is_on_the_screen_is_taken_along_and_opened_elsewhere_by_its_link(open_page, tmp_path):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.locator("a.main").click()
    page.wait_for_selector("body.plan[data-ready]")
    page.locator("circle.site").first.click(force=True)
    page.locator("[data-more='5']").click()
    page.wait_for_selector(".changed li")
    command = page.locator("#edit-command").inner_text()
    assert re.fullmatch(r"planner evaluate outputs/small --site \S+ --points \d+", command)
    page.locator("#differences").click()
    page.locator("#zoom-in").click()
    svg = saved(page, "[data-picture='svg']", tmp_path / "map.svg").decode()
    texts = [text for each in etree.fromstring(svg).iter(f"{SVG}text") for text in each.itertext()]
    # The map with what has changed on it, and its legend.
    assert any(text.startswith("+5") for text in texts)
    assert {"High-power points", "longer by over 5 min"} <= set(texts)
    assert saved(page, "[data-picture='png']", tmp_path / "map.png").startswith(b"\x89PNG")
    pdf = pypdf.PdfReader(io.BytesIO(saved(page, "[data-picture='pdf']", tmp_path / "map.pdf")))
    assert "longer by over 5 min" in pdf.pages[0].extract_text()
    book = saved(page, "[data-take='sites.xlsx']", tmp_path / "sites.xlsx")
    assert "Sites" in openpyxl.load_workbook(io.BytesIO(book), read_only=True).sheetnames
    figures = page.locator(".before-after").inner_text()
    view = page.evaluate("JSON.stringify(siteMap.view())")
    page.locator("#copy-link").click()
    page.get_by_text("Copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    # Pasted on the home page of whoever was given it.
    page.goto(page.url.partition("/plan")[0])
    page.wait_for_selector("body[data-ready]")
    page.get_by_text("Open a link that somebody has sent").click()
    page.locator("#open-link input").fill(link.replace(RUN_NAMED, "outputs%2Fnamed-otherwise"))
    page.locator("#open-link button").click()
    page.wait_for_selector("body.plan[data-ready]")
    page.locator(".changed li").wait_for()
    assert page.locator(".before-after").inner_text() == figures
    assert page.locator("#differences").get_attribute("aria-pressed") == "true"
    assert json.loads(page.evaluate("JSON.stringify(siteMap.view())")) == pytest.approx(
        json.loads(view), rel=1e-3
    )


@pytest.fixture
def twin(folder):
    """The run once more, to be compared with."""
    twin = folder / "outputs" / "twin"
    shutil.copytree(folder / RUN, twin)
    yield twin
    shutil.rmtree(twin)


@pytest.mark.usefixtures("twin")
def test_at_400_percent_nothing_is_cut_off_and_every_control_has_a_name(open_page, ask):
    page = open_page(locale="de-DE")
    page.set_viewport_size({"width": 320, "height": 256})
    for path in PAGES:
        page.goto(f"http://127.0.0.1:{ask.address.port}{path}")
        page.wait_for_selector("body[data-ready]")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        if path.startswith("/plan"):
            page.locator("circle.site").first.press("Enter")
            page.locator("#site-editor").wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert page.evaluate(CUT_OFF) == [], path
        snapshot = page.locator("body").aria_snapshot()
        assert NAMELESS.findall(snapshot) == [], path
        # What sticks to the top leaves room for what is below it.
        assert page.evaluate(STUCK) < 128, path
