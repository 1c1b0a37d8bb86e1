"""Charts of the report and the figures behind them."""

from dataclasses import replace
from importlib import resources
from itertools import combinations

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from planner.reporting.charts.chart_data import chart_data, front_axis, length_titles
from planner.reporting.charts.depot_labels import (
    STOP_LETTERS,
    TOURS_HEIGHT,
    name_lines,
    stop_sides,
)
from planner.reporting.charts.front import SOLUTION_PARAM
from planner.reporting.charts.levels import CHART_FIGURES, LevelAxis, level_chart
from planner.reporting.charts.look import INK, ON_LIGHT, SCREEN
from planner.reporting.charts.plan import plan_charts
from planner.reporting.charts.trips import learning_chart
from planner.tables.language import ENGLISH, LANGUAGES
from tests.languages import GERMAN


def test_tests_refuse_a_chart_that_is_no_vega_lite():
    chart = alt.Chart(alt.NamedData("rows")).mark_line(clip=True)
    assert SCREEN.dressed(chart)["mark"] == {"type": "line", "clip": True}
    chart.mark.interpolate = "wavy"
    with pytest.raises(alt.utils.schemapi.SchemaValidationError, match="wavy"):
        SCREEN.dressed(chart)


def named_data(value):
    """Names of the data that a specification asks the page for."""
    if isinstance(value, dict):
        own = [value["data"]["name"]] if "name" in value.get("data", {}) else []
        return own + [name for inner in value.values() for name in named_data(inner)]
    if isinstance(value, list):
        return [name for inner in value for name in named_data(inner)]
    return []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_every_chart_compiles_and_holds_no_figures_itself(plan, language):
    for name, chart in plan_charts(plan, language).items():
        assert "datasets" not in chart
        assert named_data(chart), name
        vl_convert.vegalite_to_vega(chart)


def test_charts_differ_between_languages_in_their_texts_alone(plan):
    english, german = (plan_charts(plan, each) for each in (ENGLISH, GERMAN))

    assert list(english) == list(german)
    for name, chart in english.items():
        assert sorted(named_data(chart)) == sorted(named_data(german[name]))
        assert chart != german[name]


def test_the_front_begins_with_the_default_solution(plan):
    chart = plan_charts(plan, ENGLISH)["front-tcu"]
    values = {param["name"]: param.get("value") for param in chart["params"]}
    assert values[SOLUTION_PARAM] == plan.default_solution.solution


def axis_titles(value):
    """Titles of the vertical axes whose scale is not linear, and those scales."""
    if isinstance(value, dict):
        y = value.get("encoding", {}).get("y", {})
        own = [y["title"]] if y.get("scale", {}).get("type", "linear") != "linear" else []
        return own + [each for inner in value.values() for each in axis_titles(inner)]
    return [each for inner in value for each in axis_titles(inner)] if type(value) is list else []


def test_an_axis_that_is_not_linear_says_so(plan):
    for language, says in ((ENGLISH, "square-root scale"), (GERMAN, "Wurzelskala")):
        charts = plan_charts(plan, language)
        assert axis_titles(charts["front-tcu"])
        assert all(says in title for title in axis_titles(list(charts.values())))


@pytest.mark.parametrize("seed", range(30))
def test_names_of_stops_cover_neither_each_other_nor_the_depot(seed):
    places = np.random.default_rng(seed).normal(scale=20.0, size=(16, 2))
    places[0] = 0.0
    names = [f"customer {number}" for number in range(15)]
    sides = stop_sides(places, names)
    at = (places - places.min(axis=0)) / np.ptp(places, axis=0) * (1080.0, TOURS_HEIGHT)
    boxes = [
        STOP_LETTERS.box(x, TOURS_HEIGHT - y, name, side)
        for (x, y), name, side in zip(at[1:], names, sides, strict=True)
        if side
    ]
    assert len(boxes) >= 14
    assert all(one.shared_with(other) == 0.0 for one, other in combinations(boxes, 2))


def test_names_of_stops_that_follow_close_upon_each_other_stand_in_two_lines():
    halts = [
        {"truck": "one", "place": "school kitchen", "begin": 7.0 + n / 4, "end": 7.2 + n / 4}
        for n in range(4)
    ]
    halts.append({"truck": "one", "place": "far", "begin": 17.0, "end": 18.0})
    assert name_lines(halts) == [0, 1, None, None, 0]


def test_hours_of_waiting_beyond_the_named_plans_do_not_squeeze_the_picture(plan):
    front = plan.front.copy()
    n_named = plan.named_solutions[2].solution + 1
    named = tuple(
        replace(each, solution=min(each.solution, n_named - 1)) for each in plan.named_solutions
    )
    front.loc[n_named:, "mean_wait_min"] = 600.0
    front.loc[n_named:, "tcu"] = 0.99
    changed = replace(plan, front=front, named_solutions=named)
    shown = front_axis(changed, "tcu")

    assert shown.longest_wait_min < 600.0
    assert shown.high < 0.99
    assert shown.low < front["tcu"].min()


def test_trips_are_counted_once_with_charging_and_once_without(plan):
    rows = chart_data(plan)["durations"]
    served = plan.trips["extra_min"].notna()
    within = plan.trips["reference_h"][served] < rows[-1]["hours"]

    assert sum(row["without"] for row in rows) == pytest.approx(within.mean(), abs=1e-3)
    assert sum(row["charging"] for row in rows) <= 1.0 + 1e-3


def test_the_last_class_of_extra_time_is_open(plan):
    extra = plan.trips["extra_min"].copy()
    extra[extra.notna()] = 7.0
    extra.iloc[extra.first_valid_index()] = 500.0
    rows = chart_data(replace(plan, trips=plan.trips.assign(extra_min=extra)))["extra"]
    share = {row["label"]: row["share"] for row in rows}

    assert sum(share.values()) == pytest.approx(1.0, abs=1e-4)
    assert share["\N{GREATER-THAN OR EQUAL TO} 60"] == pytest.approx(
        1.0 / extra.notna().sum(), abs=1e-5
    )
    assert share["5\N{EN DASH}10"] == pytest.approx(
        1.0 - share["\N{GREATER-THAN OR EQUAL TO} 60"], abs=1e-4
    )


def test_without_served_trips_there_is_nothing_to_count(plan):
    data = chart_data(replace(plan, trips=plan.trips.assign(extra_min=np.nan)))
    assert data["extra"] == data["durations"] == []


def test_lengths_are_named_by_their_ends(plan):
    assert length_titles(plan.extra, ENGLISH) == ["up to 400", "400 and more"]
    assert length_titles(plan.extra, GERMAN) == ["bis 400", "400 und mehr"]
    waits = [row["waiting_min"] for row in chart_data(plan)["by-length"]]
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize(("p95_min", "is_apart"), [(30.0, True), (2.2, False)])
def test_lines_are_named_in_the_plot_only_where_they_are_apart(p95_min, is_apart):
    history = [
        {"mean_wait_min": 2.0, "p95_wait_min": p95_min},
        {"mean_wait_min": 2.0, "p95_wait_min": 40.0},
    ]
    marks = [layer["mark"] for layer in learning_chart(history, ENGLISH, SCREEN).to_dict()["layer"]]
    assert [mark["type"] for mark in marks] == (["line", "text"] if is_apart else ["line"])


@pytest.mark.parametrize(
    ("policy", "extended", "is_named"),
    [
        ([100, 300, 600], [80, 200, 350], True),
        ([100, 300, 600], [99, 297, 590], False),  # the lower name would cover the upper line
        ([600, 300, 100], [350, 200, 80], False),  # and here each its own line
    ],
)
def test_series_are_named_at_their_lines_where_there_is_room(policy, extended, is_named):
    columns = [column for figure in CHART_FIGURES for column in figure.columns]
    data = pd.DataFrame(
        [
            {"series": series, "level": level, "solution_name": "balanced"}
            | dict.fromkeys(columns, float(value))
            for series, values in (("policy", policy), ("extended", extended))
            for level, value in zip((0.05, 0.1, 0.2), values, strict=True)
        ]
    )
    axis = LevelAxis("Electrification level", is_number=True, is_share=True)
    first, second = level_chart(data, axis).to_dict()["concat"][:2]
    named = [layer for layer in first["layer"] if layer["mark"]["type"] == "text"]
    assert len(named) == is_named
    assert not any(layer["mark"]["type"] == "text" for layer in second["layer"])
    legends = [layer["encoding"]["color"]["legend"] for layer in first["layer"]]
    assert all((legend is None) == is_named for legend in legends)


def test_ink_and_text_on_light_fields_are_those_that_the_style_sheet_knows():
    style = resources.files("planner.reporting").joinpath("page", "style.css").read_text("utf-8")
    assert f'path[fill="{INK}"]' in style
    assert f'line[stroke="{INK}"]' in style
    assert f'text[fill="{ON_LIGHT}"] {{ fill: {ON_LIGHT}; }}' in style
