"""The greedy choice along routes against one that measures every union of intervals anew."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network.site_flow_kernel import choose_greedily


@st.composite
def routes(draw):
    """A few routes, each passing some of the candidates in some order."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_candidates = draw(st.integers(1, 7))
    passed, at_km, route_km = [], [], []
    for _ in range(draw(st.integers(1, 6))):
        here = rng.permutation(n_candidates)[: rng.integers(1, n_candidates + 1)]
        length = rng.integers(1, 300)
        passed.append(here)
        at_km.append(np.sort(rng.integers(0, length + 1, len(here))).astype(float))
        route_km.append(float(length))
    trucks = rng.integers(1, 9, len(route_km)).astype(float)
    return n_candidates, passed, at_km, np.array(route_km), trucks


def served_truck_km(case, chosen, reach_km):
    """Truck-km within reach of the chosen candidates, by the union of intervals."""
    _, passed, at_km, route_km, trucks = case
    total = 0.0
    for route, length in enumerate(route_km):
        end = 0.0
        for candidate, at in zip(passed[route], at_km[route], strict=True):
            if candidate in chosen:
                total += trucks[route] * max(
                    0.0, min(at + reach_km, length) - max(at - reach_km, end)
                )
                end = max(end, min(at + reach_km, length))
    return total


def choose(case, n_sites, reach_km):
    n_candidates, passed, at_km, route_km, trucks = case
    candidate = np.concatenate(passed).astype(np.int32)
    order = np.argsort(candidate, kind="stable")
    return choose_greedily(
        np.concatenate([[0], np.cumsum([len(one) for one in passed])]),
        candidate,
        np.concatenate(at_km),
        route_km,
        trucks,
        np.searchsorted(candidate[order], np.arange(n_candidates + 1)),
        order,
        n_sites,
        reach_km,
    )


@settings(max_examples=80, deadline=None)
@given(routes(), st.sampled_from([0.5, 20.0, 60.0, 400.0]))
def test_each_choice_adds_most_and_counts_right(case, reach_km):
    chosen, added = choose(case, 99, reach_km)
    assert len(set(chosen.tolist())) == len(chosen)
    so_far: set[int] = set()
    for candidate, gain in zip(chosen.tolist(), added, strict=True):
        before = served_truck_km(case, so_far, reach_km)
        gains = [
            served_truck_km(case, {*so_far, other}, reach_km) - before for other in range(case[0])
        ]
        assert abs(gains[candidate] - gain) < 1e-6
        assert gain > max(gains) - 1e-6
        so_far.add(candidate)
    everything = served_truck_km(case, set(range(case[0])), reach_km)
    assert abs(served_truck_km(case, so_far, reach_km) - everything) < 1e-5


@settings(max_examples=40, deadline=None)
@given(routes(), st.integers(1, 3))
def test_the_choice_serves_its_guaranteed_share_of_the_best(case, n_sites):
    _, added = choose(case, n_sites, 30.0)
    size = min(n_sites, case[0])
    best = max(
        served_truck_km(case, set(some), 30.0) for some in combinations(range(case[0]), size)
    )
    assert added.sum() >= (1.0 - 1.0 / np.e) * best - 1e-6
