"""A page of charts and tables for several runs."""

from __future__ import annotations

import pandas as pd
import pytest
from rich.console import Console

from planner.reporting.figure_page import PageSection, render_figure_page, write_chart_images
from planner.reporting.figure_texts import ALL_FIGURES, figure_cells, headings
from planner.reporting.level_chart import CHART_FIGURES, LevelAxis, level_chart
from planner.reporting.shown_tables import ShownTable


@pytest.fixture
def data():
    rows = [
        {"series": series, "level": level, "solution_name": name}
        | {figure.column: 1.0 + level for figure in CHART_FIGURES}
        | {f"{figure.column}_low": 0.9 for figure in CHART_FIGURES}
        | {f"{figure.column}_high": 1.3 for figure in CHART_FIGURES}
        for series in ("policy", "extended")
        for level in (0.05, 0.1)
        for name in ("balanced", "cpo")
    ]
    return pd.DataFrame(rows)


SHARES = LevelAxis("Electrification level", is_number=True, is_share=True)
TABLE = ShownTable(("Level", "Points"), (("5 %", "1,000 ± 20"), ("</script>", "2")), 1)


def marks(chart):
    layers = chart.to_dict()["concat"][0]["layer"]
    return [layer["mark"]["type"] for layer in layers]


def test_intervals_are_bands_over_numbers_and_bars_over_names(data):
    assert marks(level_chart(data, SHARES)) == ["area", "line", "circle"]
    named = data.assign(level=data["level"].map("share {}".format))
    axis = LevelAxis("network", is_number=False)
    assert marks(level_chart(named, axis)) == ["rule", "circle"]


def test_one_run_each_has_no_bands(data):
    bare = data.assign(**{f"{figure.column}_low": float("nan") for figure in CHART_FIGURES})
    assert marks(level_chart(bare, SHARES)) == ["line", "circle"]


def test_the_balanced_plans_are_shown_first(data):
    chart = level_chart(data, SHARES).to_dict()
    assert [param["value"] for param in chart["params"]] == ["balanced"]
    others = data[data["solution_name"] == "cpo"]
    assert level_chart(others, SHARES).to_dict()["params"][0]["value"] == "cpo"


def test_the_page_holds_everything_and_asks_for_nothing(data):
    sections = (
        PageSection("Levels", "A hint.", level_chart(data, SHARES)),
        PageSection("Table", "Another.", TABLE),
    )
    page = render_figure_page("name", "A question?", "An answer.", sections)
    assert "default-src 'none'" in page
    assert "<h2>Levels</h2>" in page
    assert '<td class="num">1,000 ± 20</td>' in page
    assert "&lt;/script&gt;" in page
    assert page == render_figure_page("name", "A question?", "An answer.", sections)


def test_pictures_are_drawn_on_white(data, tmp_path):
    write_chart_images(level_chart(data, SHARES), tmp_path / "c.svg", tmp_path / "c.png")
    assert 'fill="white"' in (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_figures_read_with_half_the_width_of_their_interval():
    row = dict.fromkeys(ALL_FIGURES, 0.25) | {"n_hpc": 1371.4, "n_hpc_high": 1394.6}
    cells = dict(zip(headings(ALL_FIGURES), figure_cells(row, ALL_FIGURES), strict=True))
    assert cells["High-power points"] == "1,371 ± 23"
    assert cells["Use in time, %"] == "25.0"
    assert figure_cells({"tcu": float("nan")}, ["tcu"]) == ["\N{EN DASH}"]
    assert figure_cells({"tcu": 0.25}, ["tcu"], with_sign=True) == ["+25.0"]


def test_the_terminal_shows_the_same_table():
    console = Console(width=60)
    with console.capture() as capture:
        console.print(TABLE.for_terminal())
    assert "1,000 ± 20" in capture.get()
