"""Bounds of the points of sites from a table."""

import numpy as np
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.optimization.point_bounds import within_bounds, within_plan
from planner.optimization.site_limits import NO_LIMIT, PlugLimits
from planner.scenario.point_bounds import PointBounds

SITES = np.array(["a", "b", "c"], dtype=object)


def limits():
    return PlugLimits(
        existing_hpc=np.array([0, 2, 0], np.int32),
        max_hpc=np.array([NO_LIMIT, 8, NO_LIMIT], np.int32),
        existing_lpc=np.zeros(3, np.int32),
        max_lpc=np.full(3, NO_LIMIT, np.int32),
    )


HPC = "site_id,least_hpc,most_hpc"


def table(tmp_path, *rows, head=HPC, left_out="free"):
    path = tmp_path / "bounds.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return PointBounds(path=path, left_out=left_out)


def bounded(tmp_path, *rows, are_all_sites=True, **settings):
    bounds = table(tmp_path, *rows, **settings)
    return within_bounds(limits(), SITES, bounds, are_all_sites=are_all_sites)


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


def test_overnight_points_have_bounds_too(tmp_path):
    found = bounded(tmp_path, "a,2,7", head="site_id,least_lpc,most_lpc")
    assert found.existing_lpc.tolist() == [2, 0, 0]
    assert found.max_lpc.tolist() == [7, NO_LIMIT, NO_LIMIT]
    assert found.max_hpc.tolist() == limits().max_hpc.tolist()
    with pytest.raises(InputDataError, match="least_lpc must not be more than most_lpc"):
        bounded(tmp_path, "a,8,7", head="site_id,least_lpc,most_lpc")


def test_sites_that_a_table_leaves_out_may_be_closed_save_what_stands(tmp_path):
    found = bounded(tmp_path, "a,,4", left_out="closed")
    assert found.max_hpc.tolist() == [4, 2, 0]
    assert found.max_lpc.tolist() == [NO_LIMIT, 0, 0]


def test_bounds_of_a_site_that_was_closed_hold_no_longer(tmp_path):
    assert bounded(tmp_path, "gone,1,2", are_all_sites=False).max_hpc.tolist() == [
        NO_LIMIT,
        8,
        NO_LIMIT,
    ]


def test_a_plan_within_another_one_keeps_its_own_bounds_as_well(tmp_path):
    sites = pd.Index(["a", "b", "c"], name="site_id")
    n_hpc, n_lpc = pd.Series([4, 0, 2], sites), pd.Series([1, 0, 0], sites)
    alone = within_plan(n_hpc, n_lpc, None).set_index("site_id")
    assert alone["most_hpc"].tolist() == [4, 0, 2]
    assert alone["most_lpc"].tolist() == [1, 0, 0]
    own = table(tmp_path, "a,1,3", "d,2,", "e,,5")
    both = within_plan(n_hpc, n_lpc, own).set_index("site_id")
    assert both["most_hpc"].to_dict() == {"a": 3, "b": 0, "c": 2, "d": 0}
    assert both["least_hpc"].dropna().to_dict() == {"a": 1, "d": 2}
    closed = within_plan(n_hpc, n_lpc, table(tmp_path, "a,1,3", left_out="closed"))
    assert closed["site_id"].tolist() == ["a"]
