from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.quantile_layouts import occupancy_over_time
from planner.optimization.wait_tables import arrivals_by_site


def test_hand_worked_occupancy():
    # Site 0: one truck 1..3 h, another 2..4 h: over 10 h, 7 h empty, 2 h one plug, 1 h two.
    # Site 1: nobody.
    occupancy = occupancy_over_time(
        arrivals_by_site([0, 0], [1.0, 2.0], [2.0, 2.0], 2, (0.0, 10.0))
    )
    assert occupancy.cumulative_share.tolist() == [
        pytest.approx([0.7, 0.9, 1.0]),
        pytest.approx([1.0, 1.0, 1.0]),
    ]
    assert occupancy.quantile(0.7).tolist() == [0, 0]
    assert occupancy.quantile(0.8).tolist() == [1, 0]
    assert occupancy.quantile(1.0).tolist() == [2, 0]


def test_only_the_time_inside_the_horizon_counts():
    occupancy = occupancy_over_time(
        arrivals_by_site([0, 0, 0], [-1.0, 3.5, 8.0], [2.0, 2.0, 1.0], 1, (0.0, 4.0))
    )
    assert occupancy.cumulative_share[0] == pytest.approx([2.5 / 4.0, 1.0])


def test_back_to_back_trucks_share_a_plug():
    occupancy = occupancy_over_time(
        arrivals_by_site([0, 0], [0.0, 0.75], [0.75, 0.75], 1, (0.0, 1.5))
    )
    assert np.array_equal(occupancy.quantile(1.0), [1])
