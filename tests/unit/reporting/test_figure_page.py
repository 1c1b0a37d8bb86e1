"""A page of charts and tables for several runs."""

from __future__ import annotations

import re
from importlib import resources
from typing import get_args

import pandas as pd
import pytest
from rich.console import Console

from planner.plan.published_figures import PUBLISHED
from planner.reporting.charts.levels import CHART_FIGURES, MORE_FIGURES, LevelAxis, level_chart
from planner.reporting.figure_page import render_figure_page, write_chart_images
from planner.reporting.figure_texts import ALL_FIGURES, figure_cells, figure_columns
from planner.reporting.level_sections import levels_section, table_section
from planner.reporting.page_tables import Figure, PageColumn, PageTable
from planner.reporting.phrases import Phrase, phrase, verbatim
from planner.tables.forms import Form
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.fixture
def data():
    columns = [column for figure in (*CHART_FIGURES, *MORE_FIGURES) for column in figure.columns]
    rows = [
        {"series": series, "level": level, "solution_name": name}
        | dict.fromkeys(columns, 1.0 + level)
        | {f"{column}_low": 0.9 for column in columns}
        | {f"{column}_high": 1.3 for column in columns}
        for series in ("policy", "extended")
        for level in (0.05, 0.1)
        for name in ("balanced", "cpo")
    ]
    return pd.DataFrame(rows)


SHARES = LevelAxis("Electrification level", is_number=True, is_share=True)
TABLE = PageTable(
    "t",
    (PageColumn("level", verbatim("Level")), PageColumn("points", verbatim("Points"), "count")),
    (
        ("5 %", Figure(Phrase.of(lambda _: "1,000 ± 20"), 1000.2)),
        ("</script>", Figure(verbatim("\N{EN DASH}"), float("nan"))),
    ),
)


def marks(chart, position=0):
    layers = chart.to_dict()["concat"][position]["layer"]
    return [layer["mark"]["type"] for layer in layers]


def without_intervals(data):
    return data.drop(columns=[column for column in data if column.endswith(("_low", "_high"))])


def test_intervals_are_bands_over_numbers_and_bars_over_names(data):
    assert marks(level_chart(data, SHARES)) == ["area", "line", "circle"]
    named = data.assign(level=data["level"].map("share {}".format))
    axis = LevelAxis("network", is_number=False)
    assert marks(level_chart(named, axis)) == ["rule", "circle"]


def test_one_run_each_has_no_bands(data):
    assert marks(level_chart(without_intervals(data), SHARES)) == ["line", "circle"]


def test_all_named_plans_span_a_range_behind_the_points(data):
    ranged = without_intervals(data).assign(n_hpc_cpo=1.0, n_hpc_logistics=2.0)
    assert marks(level_chart(ranged, SHARES)) == ["area", "line", "circle"]


def test_a_range_is_named_only_where_it_is_drawn(data):
    ranged = without_intervals(data).assign(n_hpc_cpo=1.0, n_hpc_logistics=2.0)
    over_names = level_chart(ranged, LevelAxis("network", is_number=False))
    charts = (level_chart(ranged, SHARES), over_names)
    titles = [chart.to_dict()["concat"][0]["title"] for chart in charts]
    assert titles == ["High-power points; pale: all named plans", "High-power points"]


def test_waits_after_replanning_are_dashed(data):
    bare = without_intervals(data)
    assert marks(level_chart(bare, SHARES), 1) == ["line", "circle", "line", "circle"]
    titles = [chart["title"] for chart in level_chart(bare, SHARES).to_dict()["concat"]]
    assert "Mean wait (min); dashed: replanned" in titles
    never = bare.assign(replanned_mean_wait_min=float("nan"), mean_extra_km=float("nan"))
    assert marks(level_chart(never, SHARES), 1) == ["line", "circle"]
    titles = [chart["title"] for chart in level_chart(never, SHARES).to_dict()["concat"]]
    assert "Mean wait (min)" in titles
    assert "Detour (km)" not in titles


def test_charts_are_drawn_in_german(data):
    chart = level_chart(data, SHARES, PUBLISHED, GERMAN).to_dict()
    titles = [small["title"] for small in chart["concat"]]
    assert "Zeitliche Auslastung, TCU" in titles


def test_the_balanced_plans_are_shown_first(data):
    chart = level_chart(data, SHARES).to_dict()
    assert [param["value"] for param in chart["params"]] == ["balanced"]
    others = data[data["solution_name"] == "cpo"]
    assert level_chart(others, SHARES).to_dict()["params"][0]["value"] == "cpo"


def test_the_page_holds_everything_and_asks_for_nothing(data):
    balanced = phrase("Balanced plans")
    sections = [levels_section(data, SHARES, ()), table_section(balanced, balanced, TABLE)]
    asked = "name", phrase("How do the runs compare?"), phrase("Balanced plans"), sections
    page = render_figure_page(*asked)
    assert "default-src 'none'" in page
    assert '<span lang="de">Ausgewogene Pläne</span>' in page
    assert '<td class="num" data-value="1000.2">1,000 ±\N{NO-BREAK SPACE}20</td>' in page
    assert '<td class="num" data-value="">\N{EN DASH}</td>' in page
    assert "&lt;/script&gt;" in page
    assert page == render_figure_page(*asked)


def test_pictures_are_drawn_on_white(data, tmp_path):
    write_chart_images(level_chart(data, SHARES), "Title", tmp_path / "c.svg", tmp_path / "c.png")
    assert ">Title<" in (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert 'fill="white"' in (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_figures_read_with_half_the_width_of_their_interval():
    row = dict.fromkeys(ALL_FIGURES, 0.25) | {"n_hpc": 1371.4, "n_hpc_high": 1394.6}
    written = figure_cells(row, ALL_FIGURES)
    titles = [column.title.english for column in figure_columns(ALL_FIGURES)]
    cells = dict(zip(titles, written, strict=True))
    points, tcu = cells["High-power points"], cells["Utilisation in time, TCU (%)"]
    assert (points.text.english, points.value) == ("1,371 ±\N{NO-BREAK SPACE}23", 1371.4)
    assert (tcu.text.english, tcu.value) == ("25.0", 25.0)
    assert points.text.texts[GERMAN.code] == "1.371 ±\N{NO-BREAK SPACE}23"
    (unknown,) = figure_cells({"tcu": float("nan")}, ["tcu"])
    assert unknown.text.english == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("figure", "value", "written"),
    [("tcu", 0.25, "+25.0"), ("mean_extra_km", -0.004, "+0.00"), ("tcu", -0.0007, "-0.1")],
)
def test_changes_have_a_sign_and_never_a_minus_before_nothing(figure, value, written):
    (cell,) = figure_cells({figure: value}, [figure], with_sign=True)
    assert cell.text.english == written
    assert cell.value == pytest.approx(100.0 * value if figure == "tcu" else value)


def test_the_terminal_shows_the_same_table():
    console = Console(width=60)
    with console.capture() as capture:
        console.print(TABLE.for_terminal(ENGLISH))
    assert "1,000 ± 20" in capture.get()


def test_the_script_of_pages_writes_every_form_that_a_cell_may_have():
    script = resources.files("planner.reporting").joinpath("page", "language.js").read_text("utf-8")
    writers = script.split("const form = {")[1].split("\n};")[0]
    assert set(get_args(Form)) <= set(re.findall(r"^  (\w+): ", writers, re.MULTILINE))
