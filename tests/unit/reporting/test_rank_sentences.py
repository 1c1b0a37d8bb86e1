"""What is said of the order of sites."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.reporting.rank_report import sentences


def told(extra_min=0.0, *, first=1, asked=1, is_stable=True, language="en"):
    """Sentences on an order of two sites."""
    order = pd.DataFrame({"site_id": ["a", "b"], "name": ["A", "B"], "served_share": [0.5, 0.6]})
    order = order.assign(extra_min=extra_min, lost_alone=0, extra_alone_h=-0.0)
    sizes = pd.DataFrame({"n_sites": [1, 2], "n_hpc": [float("nan")] * 2})
    phrases = sentences(order, sizes, first, asked=asked, is_stable=is_stable)
    return [each.texts[language].replace("\xa0", " ") for each in phrases]


@pytest.mark.parametrize(
    ("extra_min", "said"),
    [(-0.61, "0.6 min earlier"), (-0.01, "0.0 min later"), (12.3, "12 min later")],
)
def test_trips_arrive_later_or_earlier_and_never_less_than_nothing_later(extra_min, said):
    carried, _, missed = told(extra_min)
    assert said in carried
    assert missed.endswith("all together: 0).")


def test_more_sites_asked_for_than_there_are_are_told():
    assert told(first=2, asked=30)[:2] == [
        "You asked for the first 30 sites; there are only 2, all of which follow.",
        "With all 2 sites 60 % of the trips can be driven.",
    ]
    german = told(first=2, asked=30, language="de")
    assert german[0].startswith("Sie haben nach den ersten 30 Standorten gefragt; es gibt nur 2")
    assert not any("asked" in each for each in told(first=2, asked=2))


def test_exchanges_that_ended_at_their_limit_are_told():
    assert told(is_stable=False)[-1].startswith("Not all exchanges of sites were tried")
