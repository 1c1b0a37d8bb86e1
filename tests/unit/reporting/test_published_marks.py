"""Published marks in charts of several runs: each at its own level, inside a frame of due size."""

import json
import re
import struct

import numpy as np
import pandas as pd
import pytest
import vl_convert

from planner.plan.published_figures import PUBLISHED
from planner.reporting.charts.fronts import NamedFront, fronts_chart
from planner.reporting.charts.levels import (
    CHART_FIGURES,
    MORE_FIGURES,
    LevelAxis,
    legend_columns,
    level_chart,
)
from planner.reporting.charts.look import PUBLISHED_COLOUR
from planner.reporting.figure_page import write_chart_images
from planner.reporting.level_sections import levels_section

SHARES = LevelAxis("Electrification level", is_number=True, is_share=True)
FIGURES = (*CHART_FIGURES, *MORE_FIGURES)
ASIDE = 5.0
MOST_WIDE_PX = 4000
LEAST_WIDE_PX = 1500
FRAME = (318.0, 180.0)

COMPARISONS = [
    pytest.param((0.01, 0.03), {}, id="1 and 3 %, of which no chart has a published value"),
    pytest.param((0.10,), {"Mean wait": ["10%"], "Utilisation in time": ["10%"]}, id="10 % alone"),
    pytest.param(
        (0.05, 0.15),
        {
            "High-power points": ["15%"],
            "Mean wait": ["10%"],
            "Utilisation in time": ["10%"],
            "Overnight points": ["15%"],
            "Energy charged": ["15%"],
        },
        id="5 and 15 %, with 10 % between them",
    ),
]


def compared(levels, series=("policy", "extended")):
    values = {"n_hpc": 12_000.0, "n_lpc": 40_000.0, "mean_wait_min": 20.0, "energy_gwh": 300.0}
    rows = [
        {"series": name, "level": level, "solution_name": solution}
        | {figure.column: level * values.get(figure.column, 1.0) for figure in FIGURES}
        for name in series
        for level in levels
        for solution in ("balanced", "cpo")
    ]
    return pd.DataFrame(rows)


def drawn(chart):
    """The chart as Vega lays it out."""
    return vl_convert.vegalite_to_scenegraph(chart.to_dict())["scenegraph"]


def below(node):
    yield node
    for item in node.get("items", ()):
        yield from below(item)


def frames(chart):
    """Groups of the small charts, in the order in which they are drawn."""
    return [
        node["items"][0]
        for node in below(drawn(chart))
        if re.fullmatch(r"concat_\d+_group", node.get("name", ""))
    ]


def published_in(frame):
    """Grey symbols of a small chart."""
    return [node for node in below(frame) if node.get("fill") == PUBLISHED_COLOUR]


def title_and_ticks(frame):
    """Heading of a small chart, and where each label of its horizontal axis stands."""
    texts = [node for node in below(frame) if "text" in node]
    ticks = {
        node["text"]: node["x"]
        for node in texts
        if str(node["text"]).endswith("%") and node.get("baseline") == "top"
    }
    headings = [figure.title for figure in FIGURES] + ["Mean wait (min); dashed: replanned"]
    title = next(node["text"] for node in texts if node["text"] in headings)
    return title, ticks


@pytest.mark.parametrize(("levels", "expected"), COMPARISONS)
def test_marks_stand_at_their_own_level_or_are_left_out(levels, expected):
    seen = {}
    for frame in frames(level_chart(compared(levels), SHARES, PUBLISHED)):
        title, ticks = title_and_ticks(frame)
        marks = published_in(frame)
        if not marks:
            continue
        for mark in marks:
            assert 0.0 <= mark["x"] <= FRAME[0]
            assert 0.0 <= mark["y"] <= FRAME[1]
        level_of = {
            round(tick + side, 1): label
            for label, tick in ticks.items()
            for side in (-ASIDE, ASIDE)
        }
        begin = next(start for start in (*expected, title) if title.startswith(start))
        seen[begin] = sorted({level_of[round(mark["x"], 1)] for mark in marks})
    assert seen == expected


@pytest.mark.parametrize(("levels", "expected"), COMPARISONS)
def test_the_picture_is_of_due_size_and_its_charts_are_no_specks(levels, expected, tmp_path):
    del expected
    chart = level_chart(compared(levels), SHARES, PUBLISHED)
    write_chart_images(chart, "Balanced plans", tmp_path / "c.svg", tmp_path / "c.png")
    width_px, height_px = struct.unpack(">II", (tmp_path / "c.png").read_bytes()[16:24])
    assert LEAST_WIDE_PX < width_px < MOST_WIDE_PX
    assert height_px < MOST_WIDE_PX
    in_frames = len(frames(chart)) * 4 * FRAME[0] * FRAME[1]
    sizes = [(frame["width"], frame["height"]) for frame in frames(chart)]
    assert sizes == [FRAME] * len(FIGURES)
    assert in_frames > 0.45 * width_px * height_px


def test_levels_that_run_apart_keep_a_value_between_them_at_its_place():
    ticks = title_and_ticks(frames(level_chart(compared((0.05, 0.15)), SHARES, PUBLISHED))[1])[1]
    assert ticks["10%"] == pytest.approx((ticks["5%"] + ticks["15%"]) / 2.0)


def test_a_lone_level_stands_in_the_middle_of_its_axis():
    _, ticks = title_and_ticks(frames(level_chart(compared((0.10,)), SHARES))[0])
    assert ticks == {"10%": pytest.approx(FRAME[0] / 2.0)}


def test_many_series_with_long_names_do_not_widen_the_picture(tmp_path):
    names = [f"a series with a name as long as they can get, number {n}" for n in range(12)]
    chart = level_chart(compared((0.05, 0.15), names), SHARES)
    write_chart_images(chart, "Balanced plans", tmp_path / "c.svg", tmp_path / "c.png")
    assert struct.unpack(">I", (tmp_path / "c.png").read_bytes()[16:20])[0] < MOST_WIDE_PX
    assert legend_columns(["policy", "extended"]) == 2


@pytest.mark.parametrize("levels", [(0.01, 0.03), (0.05, 0.15)])
def test_the_text_speaks_of_marks_only_where_some_are_drawn(levels):
    hint = levels_section(compared(levels), SHARES, PUBLISHED).parts[0].text
    assert ("Grey: published" in hint.english) == (0.15 in levels)


@pytest.mark.parametrize(
    ("level", "most_points", "is_drawn"),
    [("15 %", 1200.0, True), ("10 %", 1200.0, False), ("15 %", 30.0, False)],
)
def test_published_points_lie_in_the_frame_of_a_front_of_their_level_and_size(
    level, most_points, is_drawn
):
    points, waits = np.array([most_points / 3.0, most_points]), np.array([9.0, 1.0])
    front = NamedFront("policy", level, "policy", points, waits)
    chart = fronts_chart([front], "Electrification level", PUBLISHED)
    marks = [node for node in below(drawn(chart)) if node.get("shape") == "diamond"]
    assert bool(marks) == is_drawn
    assert all(0.0 <= node["x"] <= chart.to_dict()["concat"][0]["width"] for node in marks)
    assert json.dumps(chart.to_dict()).count("diamond") == (2 if is_drawn else 0)
