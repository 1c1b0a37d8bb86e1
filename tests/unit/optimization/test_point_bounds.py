"""Bounds of the points of sites from a table."""

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.optimization.point_bounds import within_bounds
from planner.optimization.site_limits import NO_LIMIT, PlugLimits

SITES = np.array(["a", "b", "c"], dtype=object)


def limits():
    return PlugLimits(
        existing_hpc=np.array([0, 2, 0], np.int32),
        max_hpc=np.array([NO_LIMIT, 8, NO_LIMIT], np.int32),
        existing_lpc=np.zeros(3, np.int32),
        max_lpc=np.full(3, NO_LIMIT, np.int32),
    )


def bounded(tmp_path, *rows):
    path = tmp_path / "bounds.csv"
    path.write_text("\n".join(["site_id,least_hpc,most_hpc", *rows]) + "\n")
    return within_bounds(limits(), SITES, path)


def test_bounds_narrow_what_may_stand_and_leave_the_rest(tmp_path):
    found = bounded(tmp_path, "a,3,5", "b,1,9")
    assert found.existing_hpc.tolist() == [3, 2, 0]
    assert found.max_hpc.tolist() == [5, 8, NO_LIMIT]
    assert limits().max_hpc.tolist() == [NO_LIMIT, 8, NO_LIMIT]


def test_an_empty_cell_bounds_nothing_and_a_closed_site_may_be_left_out(tmp_path):
    found = bounded(tmp_path, "a,,0", "c,4,", "gone,,0")
    assert found.max_hpc.tolist() == [0, 8, NO_LIMIT]
    assert found.existing_hpc.tolist() == [0, 2, 4]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["a,5,3"], "least_hpc must not be more than most_hpc"),
        (["a,1,2", "a,1,2"], "a site must stand in one row"),
        (["d,1,2"], "found 'd'"),
        (["b,9,"], "no number of points is left"),
        (["b,,1"], "no number of points is left"),
        (["a,-1,2"], "least_hpc"),
    ],
)
def test_bounds_that_cannot_be_kept_are_refused(tmp_path, rows, fault):
    with pytest.raises(InputDataError, match=fault):
        bounded(tmp_path, *rows)
