"""A figure before and after, with what has changed."""

import math

import pytest

from planner.reporting.phrases import verbatim
from planner.tables.language import NOT_KNOWN
from planner.workbench.figure_rows import FigureRow

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("form", "before", "after", "change", "direction"),
    [
        ("percent", 0.17, 0.155, f"{MINUS}1.5 pp", -1),
        ("percent", math.nan, 0.015, NOT_KNOWN, 0),
        ("percent", 0.5, 0.50001, "±0", 0),
        ("minutes", 3.3, 3.1, f"{MINUS}0.20\N{NO-BREAK SPACE}min", -1),
        ("minutes", 3.0, math.nan, NOT_KNOWN, 0),
        ("count", 8.0, 13.0, "+5", 1),
    ],
)
def test_a_change_is_told_in_the_unit_of_its_figure_and_a_dash_has_none(
    form, before, after, change, direction
):
    row = FigureRow.of(verbatim("a figure"), form, before, after)
    assert (row.change.english, row.direction) == (change, direction)
