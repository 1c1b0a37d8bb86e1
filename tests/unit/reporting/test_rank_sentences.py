"""What is said of the order of sites."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.reporting.rank_report import sentences


def told(extra_min, *, is_stable):
    order = pd.DataFrame({"site_id": ["a"], "name": ["A"], "served_share": [0.5]})
    order = order.assign(extra_min=extra_min, lost_alone=0, extra_alone_h=-0.0)
    sizes = pd.DataFrame({"n_sites": [1], "n_hpc": [float("nan")]})
    phrases = sentences(order, sizes, 1, is_stable=is_stable)
    return [each.texts["en"].replace("\xa0", " ") for each in phrases]


@pytest.mark.parametrize(
    ("extra_min", "said"),
    [(-0.61, "0.6 min earlier"), (-0.01, "0.0 min later"), (12.3, "12 min later")],
)
def test_trips_arrive_later_or_earlier_and_never_less_than_nothing_later(extra_min, said):
    carried, _, missed = told(extra_min, is_stable=True)
    assert said in carried
    assert missed.endswith("all together: 0).")


def test_exchanges_that_ended_at_their_limit_are_told():
    assert told(0.0, is_stable=False)[-1].startswith("Not all exchanges of sites were tried")
