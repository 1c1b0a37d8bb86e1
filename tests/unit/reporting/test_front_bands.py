"""Fronts of many runs in one chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.plan.published_figures import PUBLISHED
from planner.reporting.charts.fronts import NamedFront, front_bands, fronts_chart
from planner.reporting.charts.look import PAPER
from planner.reporting.level_sections import fronts_section
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


def front(points, waits, series="policy", level="15 %"):
    return NamedFront(series, level, series, np.array(points, float), np.array(waits, float))


def test_a_single_run_is_drawn_as_it_is():
    bands = front_bands([front([300, 100, 200], [1.0, 9.0, 3.0])])
    assert (bands["n_hpc"].min(), bands["n_hpc"].max()) == (100, 300)
    at = bands.set_index("n_hpc")["mean_wait_min"]
    assert (at[100], at[300]) == (9.0, 1.0)
    assert bands["mean_wait_min"].is_monotonic_decreasing
    assert bands[["low", "high"]].isna().all().all()


def test_replications_span_a_band_where_all_have_plans():
    bands = front_bands([front([100, 300], [9.0, 1.0]), front([200, 400], [8.0, 2.0])])
    assert (bands["n_hpc"].min(), bands["n_hpc"].max()) == (200, 300)
    first = bands.iloc[0]
    assert (first["low"], first["mean_wait_min"], first["high"]) == (5.0, 6.5, 8.0)


def test_replications_without_a_common_number_of_points_are_left_out():
    far = [front([100, 200], [9.0, 1.0]), front([300, 400], [9.0, 1.0])]
    near = front([100, 200], [9.0, 1.0], level="5 %")
    assert set(front_bands([*far, near])["level"]) == {"5 %"}


def test_fronts_of_levels_and_series_lie_over_each_other_with_what_was_published():
    fronts = [front([1000, 3000], [9.0, 1.0], series=name) for name in ("policy", "extended")]
    fronts += [front([500, 900], [9.0, 1.0], level="5 %")]
    chart = fronts_chart(fronts, "Electrification level", PUBLISHED, GERMAN).to_dict()
    (panel,) = chart["concat"]
    line, *_ = panel["layer"]
    assert line["encoding"]["color"]["scale"]["domain"] == ["15 %", "5 %"]
    assert line["encoding"]["strokeDash"]["scale"]["domain"] == ["policy", "extended"]
    assert line["encoding"]["y"]["title"] == "Mittlere Wartezeit (min), Wurzelskala"
    marks = [layer["mark"]["type"] for layer in panel["layer"]]
    assert marks == ["line", "circle", "rule", "point", "point", "text", "text"]
    labels = [chart["datasets"][layer["data"]["name"]] for layer in panel["layer"][-2:]]
    assert [row["what"] for rows in labels for row in rows] == [
        "15 %, policy: veröffentlicht",
        "15 %, extended: veröffentlicht",
    ]


def test_fronts_of_one_level_are_told_apart_by_colour():
    fronts = [front([1000, 3000], [9.0, 1.0], series=name) for name in ("policy", "extended")]
    (panel,) = fronts_chart(fronts, "Electrification level").to_dict()["concat"]
    assert panel["layer"][0]["encoding"]["color"]["field"] == "series"
    assert len(panel["layer"]) == 2


def test_more_series_than_there_are_dashes_get_a_panel_each():
    fronts = [front([1000, 3000], [9.0, 1.0], series=str(number)) for number in range(6)]
    chart = fronts_chart(fronts, "Electrification level", look=PAPER, width=120.0).to_dict()
    assert [panel["title"] for panel in chart["concat"]] == [str(number) for number in range(6)]


def test_the_band_of_a_run_with_draws_of_its_own_is_drawn():
    table = pd.DataFrame({"n_hpc": [10, 20], "mean_wait_min": [2.0, 1.0]})
    table = table.assign(mean_wait_min_low=[1.5, 0.5], mean_wait_min_high=[4.0, 3.0])
    bands = front_bands([NamedFront.of_table("a", "5 %", "", table)])
    assert bands.iloc[-1][["low", "high"]].tolist() == [0.5, 3.0]


@pytest.mark.parametrize("n_runs", [1, 2])
def test_bands_are_drawn_for_replications_alone(n_runs):
    chart = fronts_chart([front([100, 300], [9.0, 1.0])] * n_runs, "Electrification level")
    marks = [layer["mark"]["type"] for layer in chart.to_dict()["concat"][0]["layer"]]
    assert ("area" in marks) == (n_runs > 1)


def test_a_front_is_read_from_a_table():
    table = pd.DataFrame({"n_hpc": [10, 20], "mean_wait_min": [2.0, 1.0]})
    read = NamedFront.of_table("a", "5 %", "", table)
    assert read.wait_at(np.array([15.0])).tolist() == [1.5]


@pytest.mark.parametrize(
    ("fronts", "is_told"),
    [
        ([front([1000, 3000], [9.0, 1.0])], True),
        ([front([1000, 3000], [9.0, 1.0], level="10 %")], False),
        ([front([100, 300], [9.0, 1.0])], False),  # too few points for the published ones
    ],
)
def test_published_points_are_told_where_the_chart_shows_them(fronts, is_told):
    section = fronts_section(lambda _: fronts, "Electrification level", PUBLISHED, has_spread=False)
    assert ("Grey: points published" in section.parts[0].text.texts[ENGLISH.code]) == is_told
    chart = fronts_chart(fronts, "Electrification level", PUBLISHED).to_dict()
    marks = {layer["mark"]["type"] for layer in chart["concat"][0]["layer"]}
    assert ("rule" in marks) == is_told
