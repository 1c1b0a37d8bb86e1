"""The page of several runs in a browser: on a screen, on a telephone, on paper."""

import pandas as pd
import pytest
from pypdf import PdfReader

from planner.plan.published_figures import PUBLISHED
from planner.plan.run_columns import OBJECTIVE_FIGURES
from planner.reporting.charts.fronts import NamedFront
from planner.reporting.charts.levels import CHART_FIGURES, MORE_FIGURES, LevelAxis
from planner.reporting.figure_page import render_figure_page
from planner.reporting.figure_texts import ALL_FIGURES, figure_cells, figure_columns
from planner.reporting.level_sections import fronts_section, levels_section, table_section
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import phrase

LEVELS = (0.01, 0.05, 0.1, 0.15, 0.2)
SERIES = ("policy", "extended")
SMALLEST_TEXT_PT = 6.0
ASKED = {each.name for each in OBJECTIVE_FIGURES}
DRAWN = [figure for figure in (*CHART_FIGURES, *MORE_FIGURES) if figure.column not in ASKED]
"""Of a study that does not aim at costs."""


def levels_data():
    columns = [column for figure in DRAWN for column in figure.columns]
    rows = [
        {"series": series, "level": level, "solution_name": name}
        | dict.fromkeys(columns, (1.0 if name == "balanced" else 2.0) + level)
        | {f"{column}_low": 0.9 + level for column in columns}
        | {f"{column}_high": 2.4 + level for column in columns}
        for series in SERIES
        for level in LEVELS
        for name in ("balanced", "cpo")
    ]
    return pd.DataFrame(rows)


def fronts():
    n_hpc = pd.Series([400.0, 800.0, 1600.0]).to_numpy()
    return [
        NamedFront(series, f"{100 * level:.0f} %", series, n_hpc, 1000.0 * level / n_hpc)
        for series in SERIES
        for level in LEVELS
    ]


def wide_table():
    """As wide as the table of a sweep of two axes, and longer than a page."""
    row = {
        "n_hpc": 1971.0,
        "n_lpc": 7570.0,
        "mean_wait_min": 13.6,
        "replanned_mean_wait_min": 0.6,
        "p95_wait_min": 75.0,
        "tcu": 0.466,
        "ecu_year_6_days_share": 0.205,
        "energy_mwh": 44_770.0,
        "mean_extra_duration_share": 0.0298,
        "mean_extra_km": 1.85,
        "n_unserved": 2744.0,
        "n_visited_sites": 347.0,
        "unserved_share": 0.014,
    }
    figures = [figure for figure in ALL_FIGURES if figure in row]  # of no study that asks for costs
    row |= {f"{figure}_high": 1.06 * value for figure, value in row.items()}
    cells = ("20 %", "extended", "3", "Operator-leaning")
    rows = [(*cells, *figure_cells(row, figures)) for _ in range(70)]
    texts = {"trucks": "Electric trucks", "network": "network", "runs": "Runs", "plan": "Plan"}
    columns = [PageColumn(key, phrase(title)) for key, title in texts.items()]
    return PageTable("named-plans", (*columns, *figure_columns(figures)), rows)


@pytest.fixture(scope="module")
def several_runs(tmp_path_factory):
    data, axis = levels_data(), LevelAxis("Electrification level", is_number=True, is_share=True)
    hint = phrase("Balanced plans")
    sections = [
        levels_section(data, axis, PUBLISHED),
        fronts_section(lambda _: fronts(), axis.title, PUBLISHED, has_spread=False),
        table_section(phrase("All named plans"), hint, wide_table()),
    ]
    path = tmp_path_factory.mktemp("page") / "sweep.html"
    page = render_figure_page("sweep", phrase("How do the runs compare?"), hint, sections)
    path.write_text(page, encoding="utf-8")
    return path


def plots(page, chart):
    """Left edge, upper edge and width of each small chart, whole pixels."""
    boxes = page.eval_on_selector_all(
        f"#{chart} .mark-group.role-scope .background",
        "(all) => all.map((each) => each.getBoundingClientRect())"
        ".filter((r) => r.height > 50).map((r) => [r.x, r.y, r.width].map(Math.round))",
    )
    return sorted({tuple(box) for box in boxes})


def wait_until(page, condition):
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come")


def overlaps(page, chart):
    """Texts of a chart that lie over each other."""
    return page.eval_on_selector_all(
        f"#{chart} svg text",
        """(all) => {
          const boxes = all.filter((e) => e.textContent.trim() && getComputedStyle(e).opacity > 0)
            .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.width);
          const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 3 && b.top < a.bottom - 3;
          return boxes.flatMap(([text, box], i) => boxes.slice(i + 1)
            .filter(([, other]) => over(box, other)).map(([other]) => [text, other]));
        }""",
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("width", "side_by_side"), [(1280, 3), (900, 2), (390, 1)])
def test_small_charts_stand_side_by_side_as_there_is_room(
    open_page, several_runs, width, side_by_side, language
):
    page = open_page(several_runs, f"#lang={language}", viewport={"width": width, "height": 900})
    shown = plots(page, "chart-levels")
    assert len(shown) == len(DRAWN)
    assert len({left for left, _, _ in shown}) == side_by_side
    assert min(width for _, _, width in shown) > 240
    assert overlaps(page, "chart-levels") == []
    assert overlaps(page, "chart-fronts") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.locator("#paper-levels").is_visible()


def test_charts_are_laid_out_again_when_the_window_changes(open_page, several_runs):
    page = open_page(several_runs)
    page.set_viewport_size({"width": 420, "height": 800})
    wait_until(page, lambda: len({left for left, _, _ in plots(page, "chart-levels")}) == 1)


def test_the_plan_that_is_chosen_is_printed_too_and_stands_in_the_link(open_page, several_runs):
    page = open_page(several_runs)

    def drawn():
        return page.locator("#paper-levels svg").inner_html()

    before = drawn()
    page.locator("#levels select").select_option("cpo")
    wait_until(page, lambda: drawn() != before)
    assert page.url.endswith("#plan=cpo")


@pytest.mark.parametrize("language", ["en", "de"])
def test_on_paper_nothing_is_cut_and_every_page_of_a_table_has_its_headings(
    open_page, several_runs, tmp_path, language
):
    page = open_page(several_runs, f"#lang={language}")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    texts = [each.extract_text() for each in PdfReader(tmp_path / "page.pdf").pages]
    with_rows = [text for text in texts if "\N{PLUS-MINUS SIGN}" in text]
    last_heading = "Unserved" if language == "en" else "Unversorgte"
    assert len(with_rows) >= 2
    assert all(last_heading in text for text in with_rows)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 702, "height": 1016})
    cut = page.eval_on_selector_all(
        ".scroll", "(all) => all.map((each) => each.scrollWidth - each.clientWidth)"
    )
    assert max(cut) <= 0
    assert overlaps(page, "paper-levels") == []
    assert page.locator("#paper-levels").is_visible()
    assert not page.locator("#chart-levels").is_visible()
    box = page.locator("#paper-levels").bounding_box()
    assert box["y"] + box["height"] < 1016
    smallest = page.eval_on_selector_all(
        ".print-only svg text, td, th",
        "(all) => Math.min(...all.map((each) => parseFloat(getComputedStyle(each).fontSize)))",
    )
    assert 0.75 * smallest >= SMALLEST_TEXT_PT
