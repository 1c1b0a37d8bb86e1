"""The fewest points of single sites: their own waits keep to a limit, and none can be spared."""

import numpy as np
import pytest

from planner.optimization.fewest_at_sites import fewest_at_sites
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout, simulate, unlimited_layout


@pytest.fixture(scope="module")
def unlimited(demand):
    return unlimited_layout(demand)


@pytest.fixture(scope="module")
def mean_waits_min(demand, unlimited):
    def of(n_hpc):
        layout = ChargerLayout(n_hpc, unlimited.n_lpc)
        return site_figures(demand, simulate(demand, layout), layout).mean_wait_min

    return of


@pytest.mark.parametrize("limit_min", [0.0, 2.0, 20.0])
@pytest.mark.parametrize("n_asked", [1, 3])
def test_waits_keep_to_the_limit_and_no_point_can_be_spared(
    demand, unlimited, mean_waits_min, limit_min, n_asked
):
    asked = np.argsort(-unlimited.n_hpc)[:n_asked]
    is_asked = np.isin(np.arange(demand.n_sites), asked)
    found = fewest_at_sites(
        demand, unlimited, is_asked, np.full(demand.n_sites, 10**6), limit_min, mean_waits_min
    )
    assert (found[~is_asked] == unlimited.n_hpc[~is_asked]).all()
    assert (found[asked] <= unlimited.n_hpc[asked]).all()
    assert (mean_waits_min(found)[asked] <= limit_min).all()
    for site in asked:
        fewer = found.copy()
        fewer[site] -= 1
        assert fewer[site] == 0 or (mean_waits_min(fewer)[asked] > limit_min).any()


def test_a_site_has_the_most_that_it_may_where_these_do_not_keep_to_the_limit(
    demand, unlimited, mean_waits_min
):
    asked = np.argsort(-unlimited.n_hpc)[:2]
    is_asked = np.isin(np.arange(demand.n_sites), asked)
    most = np.full(demand.n_sites, 10**6)
    alone = fewest_at_sites(demand, unlimited, is_asked, most, 2.0, mean_waits_min)
    most[asked[0]] = alone[asked[0]] - 1
    found = fewest_at_sites(demand, unlimited, is_asked, most, 2.0, mean_waits_min)
    assert found[asked[0]] == most[asked[0]]
    waits_min = mean_waits_min(found)[asked]
    assert waits_min[0] > 2.0 >= waits_min[1]


def test_one_point_is_enough_where_nobody_charges(demand, unlimited, mean_waits_min):
    nobody = demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site == 0
    assert nobody.any()
    found = fewest_at_sites(
        demand, unlimited, nobody, np.full(demand.n_sites, 10**6), 2.0, mean_waits_min
    )
    assert (found[nobody] == 1).all()
