"""Classes of figures on maps: the same on page, figure and in QGIS."""

import re

import numpy as np
import pandas as pd
import pytest

from planner.plan.map_classes import (
    CLASS_COLOURS,
    USE,
    SiteClasses,
    class_colours,
    class_labels,
    doubling_limits,
    largest_round,
    share_limits,
    size_counts,
)
from planner.reporting.gis.layer_styles import layer_style
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.page_data import page_data
from planner.reporting.page_rendering import page_file
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from tests.languages import GERMAN


@pytest.mark.parametrize(
    ("low", "high", "limits"),
    [
        (0.02, 0.58, [0.15, 0.3, 0.45]),
        (0.31, 0.39, [0.32, 0.34, 0.36, 0.38]),
        (0.0, 1.0, [0.2, 0.4, 0.6, 0.8]),
        (0.004, 0.04, [0.01, 0.02, 0.03]),
    ],
)
def test_classes_fit_the_values_in_equal_round_steps(low, high, limits):
    assert share_limits(np.linspace(low, high, 101)) == pytest.approx(limits)


@pytest.mark.parametrize("shares", [[], [0.4], [0.0, 0.0], [np.nan], [1.0] * 9])
def test_there_are_two_classes_at_least_whatever_the_values(shares):
    limits = share_limits(np.array(shares, dtype=float))
    assert 1 <= len(limits) < len(CLASS_COLOURS)
    assert 0.0 < limits[0] <= limits[-1] < 1.0
    assert len(class_labels(limits, "percent", ENGLISH)) == len(limits) + 1


def test_one_long_wait_does_not_take_all_classes():
    waits = np.append(np.linspace(0.0, 12.0, 200), 600.0)
    assert doubling_limits(waits) == [1.0, 2.0, 5.0, 10.0]


def test_classes_are_told_in_words_of_the_reader():
    space = "\N{NO-BREAK SPACE}"
    english = [label.replace(space, " ") for label in class_labels([0.15, 0.3], "percent", ENGLISH)]
    assert english == ["up to 15 %", "15\N{EN DASH}30 %", "over 30 %"]
    powers = [
        each.replace(space, " ") for each in class_labels([500.0, 1e3, 2e3], "power", ENGLISH)
    ]
    assert powers[1:3] == ["500 kW\N{EN DASH}1.0 MW", "1.0\N{EN DASH}2.0 MW"]
    assert "5.0\N{EN DASH}10.0 MWh" in [
        each.replace(space, " ") for each in class_labels([5.0, 10.0], "energy", ENGLISH)
    ]
    german = [label.replace(space, " ") for label in class_labels([0.5], "percent", GERMAN)]
    assert german == ["bis 50 %", "über 50 %"]


@pytest.mark.parametrize("most", [1, 2, 3, 7, 60])
def test_no_legend_of_sizes_repeats_a_number(most):
    for counts in (size_counts(most), largest_round(most, 3)):
        assert len(set(counts)) == len(counts)
        assert counts == sorted(counts)
        assert counts[-1] <= most


def sites_of(n_hpc, use, wait_min, n_lpc=0):
    figures = {"n_hpc": n_hpc, "n_lpc": n_lpc, USE.name: use, MEAN_WAIT.name: wait_min}
    return pd.DataFrame(figures)


def test_sites_have_the_classes_of_all_plans_of_their_run_however_these_come():
    built = sites_of([3, 1], [0.02, 0.2], [0.0, 3.0]), sites_of([7, 1], [0.3, 0.58], [2.0, 30.0])
    closed = sites_of([0, 0], [0.9, 0.9], [600.0, 600.0])
    for tables in ([*built, closed], [pd.concat([*built, closed])]):
        of_run = SiteClasses.of(tables)
        assert of_run.limits(USE) == pytest.approx([0.15, 0.3, 0.45])
        assert of_run.limits(MEAN_WAIT) == [2.0, 5.0, 10.0, 20.0]
        assert (of_run.most_points, of_run.legend_points) == (7, [1, 2, 5])
    assert SiteClasses.of(built[:1]).limits(USE) != of_run.limits(USE)


def test_a_run_with_overnight_points_alone_has_classes_too():
    of_run = SiteClasses.of([sites_of([0], [np.nan], [np.nan], n_lpc=4)])
    assert (of_run.most_points, of_run.legend_points) == (1, [1])
    assert of_run.limits(USE) == share_limits(np.array([]))


def test_page_and_qgis_have_the_same_classes_colours_and_name(plan):
    mapped = plan_map(plan)
    limits = SiteClasses.of(mapped.layers[name] for name in mapped.view_of_sites).limits(USE)
    labels = class_labels(limits, "percent", ENGLISH)
    of_page = page_data(plan)["classes"]["use"]
    assert of_page["limits"] == limits
    assert of_page["labels"]["en"] == labels
    style = layer_style(mapped, "sites_balanced", ENGLISH)
    ranges = [each for each in style.iter("range") if float(each.get("lower")) >= 0.0]
    assert [each.get("label") for each in ranges] == labels
    assert [float(each.get("upper")) for each in ranges[:-1]] == pytest.approx(limits)
    symbols = {each.get("name"): each for each in style.find("renderer-v2/symbols")}
    fills = [
        symbols[each.get("symbol")].find(".//prop[@k='color']").get("v").split(",")[:3]
        for each in ranges
    ]
    wanted = [CLASS_COLOURS[number] for number in class_colours(len(labels))]
    assert ["#{:02x}{:02x}{:02x}".format(*map(int, fill)) for fill in fills] == wanted


def test_the_page_has_the_colours_of_figures_where_it_is_light():
    light = page_file("style.css").partition("@media")[0]
    assert tuple(re.findall(r"--u\d: (#[0-9a-f]{6})", light)) == CLASS_COLOURS
