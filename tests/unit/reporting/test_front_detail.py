"""Figures by site and by hour of every solution of the front."""

import numpy as np
import pytest

from planner.plan.front_detail import front_detail
from planner.simulation.hourly_profile import HourlyProfile
from planner.simulation.metrics import SiteFigures
from planner.simulation.queues import ChargerLayout
from planner.simulation.site_hours import SiteHours


def site_figures(wait_min):
    return SiteFigures(
        n_sessions_hpc=np.array([3, 0]),
        n_sessions_lpc=np.array([1, 2]),
        energy_hpc_kwh=np.array([900.0, 0.0]),
        energy_lpc_kwh=np.array([100.0, 600.0]),
        mean_wait_min=np.array([wait_min, np.nan]),
        p95_wait_min=np.array([2 * wait_min, np.nan]),
        utilisation_share=np.array([0.5, np.nan]),
        peak_power_kw=np.array([1500.0, 200.0]),
    )


def hours():
    return SiteHours(np.ones((2, 24)), np.full((2, 24), np.nan))


def profile(n_occupied):
    hours = np.arange(2)
    return HourlyProfile(hours, hours, hours * 1.0, hours * 0.0, np.full(2, n_occupied), hours)


def test_rows_are_solutions_and_shares_are_of_their_own_points():
    layouts = [ChargerLayout(np.array([n, 0]), np.array([1, 1])) for n in (4, 2)]
    detail = front_detail(
        layouts,
        [site_figures(1.0), site_figures(6.0)],
        [profile(1.0), profile(1.5)],
        [hours(), hours()],
    )

    assert detail.site["mean_wait_min"][:, 0].tolist() == [1.0, 6.0]
    assert np.isnan(detail.site["mean_wait_min"][:, 1]).all()
    assert detail.site["energy_mwh"].tolist() == [[1.0, 0.6], [1.0, 0.6]]
    assert detail.hourly["occupied_share"][:, 0].tolist() == [0.25, 0.75]


def test_a_layout_without_points_has_a_share_of_zero():
    nothing = ChargerLayout(np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64))
    detail = front_detail([nothing], [site_figures(0.0)], [profile(0.0)], [hours()])

    assert detail.hourly["occupied_share"].tolist() == [[0.0, 0.0]]


def test_named_solutions_have_the_same_figures_in_the_tables(plan):
    for named in plan.named_solutions:
        table = plan.figures_of(named.name)
        for key, values in plan.detail.site.items():
            assert table[key].to_numpy(float) == pytest.approx(values[named.solution], nan_ok=True)
