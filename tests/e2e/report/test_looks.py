"""The report in light and dark, on a telephone and on paper."""

import pytest
from pypdf import PdfReader

from tests.e2e.report.label_boxes import OVERLAPS


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


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_fits_a_telephone(open_page, report, language):
    page = open_page(report, f"#lang={language}", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    rows = page.locator("#table-assumptions tbody tr")
    assert max(box["height"] for box in (row.bounding_box() for row in rows.all())) < 220


@pytest.mark.parametrize(("width", "language"), [(1380, "en"), (390, "en"), (390, "de")])
def test_labels_cover_neither_each_other_nor_buttons(open_page, page_of, width, language):
    view = {"width": width, "height": 844}
    for n_sites in (30, 40):
        page = open_page(page_of(n_sites), f"#lang={language}", viewport=view)
        assert page.evaluate(OVERLAPS) == []


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
    for control in (
        "#slider",
        ".languages",
        "button[data-table=table-sites]",
        "#colouring",
        "#zoom-in",
    ):
        assert not page.locator(control).is_visible()


def test_it_prints_on_a_few_pages(page, plan, tmp_path):
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "report.pdf").pages
    text = " ".join(page.extract_text() for page in pages)

    assert 5 <= len(pages) <= 12
    assert "How many charging points" in text
    assert "Where this comes from" in text
    assert "Download CSV" not in text
