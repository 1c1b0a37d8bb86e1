"""Sites of two plans side by side: changes, what one of them lacks, classes of both."""

import numpy as np
import pandas as pd
import pytest

from planner.plan.schemas import SITES
from planner.workbench.compare_sites import AllSites, change_limits, pair_told

USE, WAIT = SITES.quantities("utilisation_share", "mean_wait_min")


def plan(**n_hpc):
    """Sites with so many points; waits are as long."""
    rows = [
        {
            "site_id": site,
            "name": f"Site {site}",
            "road": "A1",
            "lon": 10.0,
            "lat": 50.0,
            "n_hpc": n,
            "mean_wait_min": float(n),
            "energy_mwh": 10.0 * n,
            "peak_power_kw": 1000.0 * n,
            "utilisation_share": 0.1,
        }
        for site, n in n_hpc.items()
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def told():
    plans = plan(a=4, b=2, c=9), plan(a=7, b=2, d=5)
    sites = AllSites.of(plans)
    assert sites.told()["site_id"] == ["a", "b", "c", "d"]
    return pair_told(*(sites.figures(each) for each in plans))


def test_a_site_that_one_plan_lacks_has_no_points_there_and_no_wait(told):
    assert told["has"] == [[True, True, True, False], [True, True, False, True]]
    assert told["changes"]["n_hpc"]["values"] == [3.0, 0.0, -9.0, 5.0]
    assert told["changes"]["mean_wait_min"]["values"] == [3.0, 0.0, None, None]
    assert told["before"]["n_hpc"] == [4.0, 2.0, 9.0, None]


def test_both_plans_are_coloured_by_the_same_classes(told):
    assert told["classes"]["n_hpc"]["limits"] == [1.0, 2.0, 5.0]
    assert (told["mostPoints"], told["pointSizes"]) == (9, [1, 2, 5])


def test_changes_are_told_from_where_figures_are_written_to():
    small, large = change_limits(np.array([0.3, -2.4, 14.0, np.nan, 60.0]), WAIT)
    assert (small, large) == (2.0, 20.0)
    assert change_limits(np.zeros(3), WAIT) == (0.05, 0.1)
    assert change_limits(np.array([0.03, -0.08]), USE) == (0.005, 0.05)


def test_classes_of_changes_say_their_limits_in_both_languages(told):
    points = told["changes"]["n_hpc"]
    assert points["limits"] == [-5.0, -0.5, 0.5, 5.0]
    assert points["labels"]["en"][::4] == ["lower by over 5", "higher by over 5"]
    assert points["labels"]["de"][2] == "weniger als 0,5 auseinander"
    assert told["changes"]["mean_wait_min"]["labels"]["en"][0].startswith("lower by over ")
