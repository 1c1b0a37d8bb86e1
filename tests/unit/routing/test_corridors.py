"""Candidate sites of an OD pair."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.routing.corridor_kernel import Corridor, holds_all
from tests.called_kernels import called

holds_all = called(holds_all)

SITES = st.sets(st.integers(0, 12), max_size=9)


def ascending(sites):
    return np.array(sorted(sites), np.int32)


@given(SITES, SITES)
def test_a_corridor_holds_all_sites_that_are_among_its_candidates(candidates, wanted):
    corridor = Corridor(
        ascending(candidates), np.empty((2, 1, 1)), np.empty((2, 1, 1)), np.empty((2, 1))
    )
    assert holds_all(corridor, ascending(wanted)) == (wanted <= candidates)


def test_a_corridor_without_candidates_holds_no_site_but_all_of_none():
    corridor = Corridor(ascending([]), np.empty((2, 1, 1)), np.empty((2, 1, 1)), np.empty((2, 1)))
    assert holds_all(corridor, ascending([]))
    assert not holds_all(corridor, ascending([0]))
