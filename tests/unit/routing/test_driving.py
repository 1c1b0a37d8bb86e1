"""Where the breaks and rests of a drive lie, against a plain walk along it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.routing.drive_stops_kernel import (
    AFTER_DRIVE_H,
    EXTRA_H,
    HAS_PART,
    IS_REST,
    N_BREAKS,
    N_OUTCOME_COLUMNS,
    N_PLACED_COLUMNS,
    N_RESTS,
    SINCE_BREAK_H,
    SINCE_REST_H,
    drive_outcomes,
    place_stops,
)
from planner.routing.driving_kernel import Limits
from tests.called_kernels import called

drive_outcomes = called(drive_outcomes)
place_stops = called(place_stops)

FLAT = Limits(4.5, 0.75, 9.0, 11.0, 0.0, False)


def placed(drive_h, start, end, n_breaks, n_rests, limits):
    stops = np.empty((n_breaks + n_rests, N_PLACED_COLUMNS))
    place_stops(drive_h, (*start, 0.0, 0.0, 0.0), end, n_rests, limits, stops)
    return [(row[AFTER_DRIVE_H], bool(row[IS_REST])) for row in stops]


@pytest.mark.parametrize(
    ("drive_h", "start", "end", "counts", "stops"),
    [
        (4.5, (0.0, 0.0), (4.5, 4.5), (0, 0), []),
        (6.0, (0.0, 0.0), (1.5, 6.0), (1, 0), [(4.5, False)]),
        (6.0, (1.0, 1.0), (2.5, 7.0), (1, 0), [(3.5, False)]),
        (10.0, (0.0, 0.0), (1.0, 1.0), (1, 1), [(4.5, False), (9.0, True)]),
        (6.0, (0.0, 5.0), (2.0, 2.0), (0, 1), [(4.0, True)]),
        # The order that the planner chose: the rest first, which leaves more to drive after it.
        (5.7, (3.66, 7.15), (0.36, 4.86), (1, 1), [(0.84, True), (5.34, False)]),
        # Right before a queue, without being due.
        (2.0, (1.0, 1.0), (0.0, 3.0), (1, 0), [(2.0, False)]),
        (6.0, (0.0, 0.0), (0.0, 0.0), (1, 1), [(4.5, False), (6.0, True)]),
        (0.0, (0.0, 0.0), (0.0, 0.0), (1, 0), [(0.0, False)]),
    ],
)
def test_breaks_and_rests_lie_where_they_are_due(drive_h, start, end, counts, stops):
    assert placed(drive_h, start, end, *counts, FLAT) == [
        (pytest.approx(after_h), is_rest) for after_h, is_rest in stops
    ]


def test_what_no_order_of_breaks_gives_is_told():
    assert np.isnan(placed(2.0, (0.0, 0.0), (1.0, 2.0), 1, 0, FLAT)[0][0])


HOURS = st.floats(0.0, 1.0)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.floats(0.0, 40.0),
    HOURS,
    HOURS,
    st.floats(2.0, 6.0),
    st.floats(2.0, 10.0),
    st.booleans(),
    st.booleans(),
)
def test_walking_along_the_stops_gives_the_outcome(
    drive_h, break_share, rest_share, to_break_h, to_rest_h, is_before_queue, has_part
):
    limits = Limits(to_break_h, 0.75, to_rest_h, 11.0, 0.0, False, 0.0, 0.25, 0.5)
    start = (break_share * min(to_break_h, to_rest_h * rest_share), rest_share * to_rest_h)
    outcomes, n_outcomes = drive_outcomes(
        drive_h, *start, has_part, 0.0, 0.0, limits, np.empty((16, N_OUTCOME_COLUMNS))
    )
    for row in outcomes[:n_outcomes]:
        n_breaks, n_rests = int(row[N_BREAKS]), int(row[N_RESTS])
        end = (row[SINCE_BREAK_H], row[SINCE_REST_H])
        if is_before_queue:
            n_breaks, end = n_breaks + 1, (0.0, end[1])
        stops = placed(drive_h, start, end, n_breaks, n_rests, limits)
        since_break_h, since_rest_h = start
        before_h = 0.0
        for number, (after_h, is_rest) in enumerate(stops):
            assert before_h <= after_h <= drive_h
            since_break_h += after_h - before_h
            since_rest_h += after_h - before_h
            is_due = max(since_break_h - to_break_h, since_rest_h - to_rest_h)
            is_last = is_before_queue and number == len(stops) - 1
            assert is_due == pytest.approx(0.0, abs=1e-8) or (is_last and is_due < 0.0)
            since_break_h, since_rest_h = 0.0, 0.0 if is_rest else since_rest_h
            before_h = after_h
        since_break_h += drive_h - before_h
        since_rest_h += drive_h - before_h
        assert (since_break_h, since_rest_h) == pytest.approx(end, abs=1e-8)
        assert since_break_h <= to_break_h + 1e-8
        assert since_rest_h <= to_rest_h + 1e-8
        extra_h = row[EXTRA_H]
        if is_before_queue:
            extra_h += limits.second_part_h if row[HAS_PART] else limits.break_h
        held_h = sum(limits.rest_h if is_rest else limits.break_h for _, is_rest in stops)
        if has_part and stops and not stops[0][1]:
            held_h -= limits.break_h - limits.second_part_h
        assert held_h == pytest.approx(extra_h)
