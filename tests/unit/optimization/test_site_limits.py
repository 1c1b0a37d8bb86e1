from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.site_attachment import SitesReport
from planner.network.sites import Sites
from planner.optimization.site_limits import (
    NO_LIMIT,
    layout_without_hpc_queues,
    no_limits,
    plug_limits,
    sites_with_hpc,
)
from planner.simulation.queues import ChargerLayout, simulate, unlimited_layout


def text(*values):
    return np.array(values, dtype=object)


@pytest.fixture
def sites():
    """Three sites; the first has two attachments."""
    return Sites(
        site_id=text("a", "b", "c"),
        name=text("Alder", "Beech", "Cedar"),
        road=text("A1", "A1", "A2"),
        lon=np.array([9.0, 10.0, 11.0]),
        lat=np.full(3, 50.0),
        direction=text("both", "one", "one"),
        off_road_km=np.zeros(3),
        parking_spaces=np.array([12, -1, 0]),
        grid_connection_kw=np.array([5500.0, 900.0, np.nan]),
        attachment_site_idx=np.array([0, 0, 1, 2], np.int32),
        attachment_arc_idx=np.array([4, 5, 6, 7], np.int32),
        attachment_offset_km=np.array([1.0, 2.0, 3.0, 4.0]),
        max_hpc=np.array([8, -1, 3]),
        existing_hpc=np.array([0, 0, 4]),
        existing_lpc=np.array([2, 5, 1]),
    )


def limits_of(sites, grid, parking):
    return plug_limits(sites, 1000.0, within_grid_connection=grid, within_parking_spaces=parking)


def test_the_tightest_limit_counts_and_what_stands_stays(sites):
    limits = limits_of(sites, grid=True, parking=True)
    assert limits.max_hpc.tolist() == [5, 0, 4]
    assert limits.existing_hpc.tolist() == [0, 0, 4]
    assert limits.max_lpc.tolist() == [12, NO_LIMIT, 1]
    assert limits.existing_lpc.tolist() == [2, 5, 1]


def test_limits_that_a_study_lifts_do_not_count(sites):
    limits = limits_of(sites, grid=False, parking=False)
    assert limits.max_hpc.tolist() == [8, NO_LIMIT, 4]
    assert limits.max_lpc.tolist() == [NO_LIMIT] * 3


def test_sites_of_which_nothing_is_known_have_no_limits(sites):
    unknown = replace(
        sites,
        max_hpc=None,
        existing_hpc=None,
        existing_lpc=None,
        parking_spaces=np.full(3, -1),
        grid_connection_kw=np.full(3, np.nan),
    )
    limits = limits_of(unknown, grid=True, parking=True)
    for name in ("existing_hpc", "max_hpc", "existing_lpc", "max_lpc"):
        assert np.array_equal(getattr(limits, name), getattr(no_limits(3), name))


def test_sites_too_weak_for_one_point_are_left_out_and_named(sites):
    kept, report = sites_with_hpc(sites, SitesReport(3, 4), limits_of(sites, True, True))
    assert kept.site_id.tolist() == ["a", "c"]
    assert kept.attachment_site_idx.tolist() == [0, 0, 1]
    assert kept.attachment_arc_idx.tolist() == [4, 5, 7]
    assert kept.existing_lpc.tolist() == [2, 1]
    assert (report.n_sites, report.n_attachments, report.too_weak) == (2, 3, ("Beech",))
    assert "left out: sites that may not have one high-power point (1): Beech" in report.sentences()


def test_strong_sites_all_stay(sites):
    report = SitesReport(3, 4)
    assert sites_with_hpc(sites, report, limits_of(sites, False, True)) == (sites, report)


def test_a_study_without_any_strong_site_is_refused(sites):
    weak = replace(sites, max_hpc=np.zeros(3, int), existing_hpc=None)
    with pytest.raises(InputDataError, match=r"found none among 3.*within_grid_connection"):
        sites_with_hpc(weak, SitesReport(3, 4), limits_of(weak, False, False))


def test_without_limits_the_layout_is_the_unlimited_one(demand):
    layout, unlimited = layout_without_hpc_queues(demand, no_limits(6)), unlimited_layout(demand)
    assert np.array_equal(layout.n_hpc, unlimited.n_hpc)
    assert np.array_equal(layout.n_lpc, unlimited.n_lpc)


def test_trucks_without_a_parking_space_find_a_high_power_point_at_once(demand):
    unlimited = unlimited_layout(demand)
    limits = replace(no_limits(demand.n_sites), max_lpc=np.ones(demand.n_sites, np.int32))
    layout = layout_without_hpc_queues(demand, limits)
    run = simulate(demand, layout)
    assert np.array_equal(layout.n_lpc, np.minimum(unlimited.n_lpc, 1))
    assert run.is_lpc_rejected.any()
    assert run.wait_h.max() == 0.0
    fewer = ChargerLayout(np.maximum(layout.n_hpc - 1, 1), layout.n_lpc)
    assert simulate(demand, fewer).wait_h.max() > 0.0
