"""Which sites it is worth driving to from each place, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from planner.routing.corridor_kernel import Corridor
from planner.routing.driving_kernel import Limits
from planner.routing.trip_bound_kernel import Needs, fill_ends
from tests.called_kernels import called

if TYPE_CHECKING:
    from numpy.typing import NDArray

fill_ends = called(fill_ends)

FLAT = Limits(4.5, 0.75, 9.0, 11.0, 0.0, False)
# From three sites and the origin, to the sites and the destination. The first site lies on the way,
# the second an hour off it, the third where nobody comes with 100 kWh at 1 kWh/km.
HOURS = [
    [np.inf, 0.75, 0.5, 1.0],
    [0.75, np.inf, 2.0, 1.5],
    [0.5, 2.0, np.inf, 0.5],
    [1, 1.5, 1.5, 2],
]
KM = [[np.inf, 60, 40, 80], [60, np.inf, 150, 100], [40, 150, np.inf, 40], [80, 90, 120, 160]]


class Asked(NamedTuple):
    """What is read of a trip's demand."""

    needs: Needs
    limits: Limits
    ends: NDArray[np.int32]


def ends_below(limit_h, energy_kwh=100.0):
    """Sites of each place, and whether any was left out for the limit."""
    way = np.array([HOURS, KM])
    onward = way[:, :3, 3].copy()
    corridor = Corridor(np.arange(3, dtype=np.int32), way, way[:, :3, :3].copy(), onward)
    needs = Needs(100.0, 0.0, 1.0, 300.0, 100.0, 0.0, 0.0)
    ends = np.full((4, 4), -1, np.int32)
    is_cut = fill_ends(
        (0.0, energy_kwh, 0.0, 0.0, 0.0), limit_h, corridor, Asked(needs, FLAT, ends)
    )
    return [row[1 : 1 + row[0]].tolist() for row in ends], is_cut


def test_without_a_limit_those_are_left_out_that_no_battery_reaches_and_that_is_no_cut():
    assert ends_below(np.inf) == ([[1, 2], [0], [0], [0, 1]], False)


def test_a_truck_that_starts_with_more_than_its_battery_holds_comes_as_far():
    assert ends_below(np.inf, 125.0) == ([[1, 2], [0], [0], [0, 1, 2]], False)


@pytest.mark.parametrize(
    ("limit_h", "ends"),
    [
        (2.4, [[2], [0], [], [0]]),
        (3.1, [[2], [0], [0], [0, 1]]),
    ],
)
def test_those_that_lead_too_far_away_below_a_limit_are_left_out_and_that_is_told(limit_h, ends):
    assert ends_below(limit_h) == (ends, True)


def test_nothing_is_left_out_for_a_limit_that_all_ways_keep():
    assert ends_below(3.3) == ends_below(np.inf)
