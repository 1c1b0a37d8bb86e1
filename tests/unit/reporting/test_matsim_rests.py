"""Breaks and rests of an exported truck between its stops."""

import pytest

from planner.reporting.matsim.rests import TimedLeg, unplugged_stands
from planner.routing.stop_plans import StopKind
from planner.scenario.parameter_sets import DriverRules

RULES = DriverRules()


def timed(drive_h, extra_h, kind=None):
    return TimedLeg(drive_h, drive_h + extra_h, kind)


@pytest.mark.parametrize(
    ("legs", "since_h", "stands"),
    [
        ([timed(4.5, 0)], (0, 0), [[]]),
        ([timed(6, 0.75)], (0, 0), [[(4.5, 0.75)]]),
        ([timed(6, 0.75)], (1, 1), [[(3.5, 0.75)]]),
        ([timed(10, 11.75)], (0, 0), [[(4.5, 0.75), (9.0, 11.0)]]),
        ([timed(6, 11)], (0, 5), [[(4.0, 11.0)]]),
        ([timed(3, 0, StopKind.HPC_BREAK), timed(5, 0.75)], (0, 0), [[], [(4.5, 0.75)]]),
        ([timed(3, 0, StopKind.HPC_INTERMEDIATE), timed(5, 0.75)], (0, 0), [[], [(1.5, 0.75)]]),
        # The rest first, so that the break comes late enough for the next leg.
        (
            [timed(5.7, 11.75, StopKind.HPC_INTERMEDIATE), timed(4.1, 0)],
            (3.66, 7.15),
            [[(0.84, 11.0), (5.34, 0.75)], []],
        ),
        # Not as long as planned: no order keeps to the rules.
        ([timed(2, 0.75)], (0, 0), [[(1.0, 0.75)]]),
    ],
)
def test_breaks_and_rests_are_taken_as_late_as_the_rules_allow(legs, since_h, stands):
    found = unplugged_stands(legs, *since_h, RULES)
    assert [[pytest.approx(each) for each in leg] for leg in stands] == found
