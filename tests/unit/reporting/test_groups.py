"""Figures of groups of sites and trucks."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import InputDataError
from planner.network.builtin import read_builtin_network, read_builtin_sites
from planner.plan.group_schemas import GROUPS
from planner.plan.groups import front_groups, group_columns, groupings_of
from planner.plan.measured_layouts import measured_layout
from planner.plan.origin_regions import states_of_sites
from planner.plan.site_regions import site_regions
from planner.routing.stop_plans import StopKind
from planner.scenario.region_source import Regions
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout, ChargingDemand
from planner.tables.table import check_table
from tests.bare_stop_plans import bare_stop_plans
from tests.unit.reporting.synthetic_plan import synthetic_graph, synthetic_sites

N_SITES, N_TRIPS = 9, 400
ADDED_UP = [
    "n_sites",
    "n_hpc",
    "n_lpc",
    "n_sessions_hpc",
    "n_sessions_lpc",
    "energy_day_mwh",
    "energy_year_5_days_gwh",
    "sum_of_site_peaks_kw",
]

REGIONS = np.array(["North", "South", ""] * 3, dtype=object)


@pytest.fixture(scope="module")
def measured():
    """Trucks of two classes at nine sites, a stop each, over a day: the plan and its figures."""
    rng = np.random.default_rng(7)
    sites = synthetic_sites(rng, synthetic_graph(rng, 30), N_SITES)
    kind = rng.choice([StopKind.HPC_BREAK, StopKind.LPC_REST], N_TRIPS, p=[0.8, 0.2])
    hours = np.where(kind == StopKind.LPC_REST, 11.0, 0.75)
    plans = bare_stop_plans(
        np.ones(N_TRIPS, np.int64),
        stop_site_idx=rng.integers(0, N_SITES, N_TRIPS),
        stop_kind=kind,
        entry_h=rng.uniform(0.0, 20.0, N_TRIPS),
        first_leg_h=np.ones(N_TRIPS),
        final_soc_share=np.full(N_TRIPS, 0.3),
        stop_plug_h=hours,
        stop_hold_h=hours,
        stop_energy_kwh=rng.uniform(100.0, 400.0, N_TRIPS),
        stop_next_leg_h=np.ones(N_TRIPS),
    )
    demand = ChargingDemand.from_stop_plans(
        plans, n_sites=N_SITES, horizon_h=24.0, hpc_kw=900.0, lpc_kw=100.0, plug_overhead_h=0.1
    )
    plan = SimpleNamespace(
        sites=sites,
        demand=demand,
        trips=SimpleNamespace(vehicle_class_idx=rng.integers(0, 2, N_TRIPS).astype(np.int16)),
        scenario=SimpleNamespace(
            vehicles=SimpleNamespace(mix={"heavy": 0.5, "light": 0.5}),
            demand=SimpleNamespace(days=["mon"]),
        ),
    )
    layout = ChargerLayout(np.full(N_SITES, 3, np.int32), np.full(N_SITES, 9, np.int32))
    return plan, measured_layout(plan, layout, groupings_of(plan, REGIONS).of_stops)


@pytest.fixture(scope="module")
def groups(measured):
    plan, layout = measured
    groupings = groupings_of(plan, REGIONS)
    found = front_groups(groupings, [group_columns(plan, groupings, layout)])
    return found.table(0).assign(solution_name="balanced")[GROUPS.column_names]


def test_groups_of_every_grouping_add_up_to_all(groups):
    check_table(groups, GROUPS)
    of_grouping = groups.groupby("grouping", sort=False)[ADDED_UP].sum(min_count=1)
    assert list(of_grouping.index) == [
        "all",
        "region",
        "road",
        "grid_operator_mv",
        "grid_operator_hv",
        "vehicle_class",
    ]
    for _, row in of_grouping.iterrows():
        known = row.dropna()
        np.testing.assert_allclose(known, of_grouping.loc["all", known.index])
    assert list(of_grouping.loc["vehicle_class"].dropna().index) == [
        "n_sessions_hpc",
        "n_sessions_lpc",
        "energy_day_mwh",
        "energy_year_5_days_gwh",
    ]


def test_a_group_peaks_between_its_highest_site_and_the_sum_of_its_sites(groups, measured):
    plan, layout = measured
    of_road = groups[groups["grouping"] == "road"].set_index("group")
    assert 1 < len(of_road) < N_SITES
    for road, row in of_road.iterrows():
        peaks_kw = layout.sites.peak_power_kw[plan.sites.road == road]
        assert peaks_kw.max() - 1e-6 <= row["simultaneous_peak_kw"] <= peaks_kw.sum() + 1e-6
    everywhere = groups.iloc[0]
    assert everywhere["simultaneous_peak_kw"] < 0.95 * everywhere["sum_of_site_peaks_kw"]


def test_sites_that_are_measured_with_groups_have_the_figures_of_sites_alone(measured):
    plan, layout = measured
    alone = site_figures(plan.demand, layout.run, layout.layout)
    for each in fields(alone):
        found, expected = getattr(layout.sites, each.name), getattr(alone, each.name)
        assert found.tobytes() == expected.tobytes(), each.name


def test_a_group_of_one_site_has_the_figures_of_the_site(groups, measured):
    plan, layout = measured
    roads, n_of_road = np.unique(plan.sites.road.astype(str), return_counts=True)
    alone = roads[n_of_road == 1][0]
    site = int(np.flatnonzero(plan.sites.road == alone)[0])
    row = groups[(groups["grouping"] == "road") & (groups["group"] == alone)].iloc[0]
    for name in ("mean_wait_min", "p95_wait_min", "n_sessions_hpc"):
        assert row[name] == pytest.approx(getattr(layout.sites, name)[site])
    assert row["simultaneous_peak_kw"] == pytest.approx(layout.sites.peak_power_kw[site])


def test_waits_of_groups_are_those_of_their_trucks(groups, measured):
    plan, layout = measured
    light = groups[groups["group"] == "light"].iloc[0]
    wait_min = (
        60.0
        * layout.run.wait_h[
            layout.run.is_hpc
            & (plan.trips.vehicle_class_idx[plan.demand.trip_idx] == 1)
            & (layout.run.queue_h < 24.0)
        ]
    )
    assert light["n_sessions_hpc"] == len(wait_min)
    assert light["mean_wait_min"] == pytest.approx(wait_min.mean())
    assert light["p95_wait_min"] == pytest.approx(
        np.quantile(wait_min, 0.95, method="inverted_cdf")
    )


def test_groups_of_which_nothing_is_known_come_last_and_numbers_in_their_order(groups):
    operators = groups.loc[groups["grouping"] == "grid_operator_mv", "group"]
    assert list(operators) == ["A Netz", "unknown"]
    numbers = [int(road[1:]) for road in groups.loc[groups["grouping"] == "road", "group"]]
    assert numbers == sorted(numbers)


def test_official_sites_lie_in_the_state_that_their_number_names():
    sites, _ = read_builtin_sites("policy", read_builtin_network())
    of_site = dict(zip(sites.site_id, states_of_sites(sites), strict=True))
    assert of_site["DE-SL-000017"] == "Saarland"
    assert len(set(of_site.values())) == 14  # no site of the list is in Berlin or Hamburg


def test_sites_lie_in_the_polygons_of_the_scenario_or_in_none(tmp_path, measured):
    plan, _ = measured
    lon, lat = plan.sites.lon, plan.sites.lat
    middle = float(np.median(lon))
    west = shapely.box(lon.min() - 1.0, lat.min() - 1.0, middle, lat.max() + 1.0)
    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame({"area": ["West"]}, geometry=[west], crs="EPSG:4326").to_file(path)
    regions = Regions(path=path, name_column="area")
    scenario = SimpleNamespace(regions=regions)
    assert list(site_regions(scenario, plan.sites)) == list(np.where(lon <= middle, "West", ""))

    elsewhere = replace(plan.sites, lon=lon + 90.0)
    with pytest.raises(InputDataError, match=r"areas\.gpkg.*found no site in any of its 1"):
        site_regions(scenario, elsewhere)


def test_without_polygons_only_the_builtin_network_has_regions(measured):
    plan, _ = measured
    scenario = SimpleNamespace(regions=None, network=SimpleNamespace(source="graphml"))
    assert site_regions(scenario, plan.sites) is None


def test_hours_of_a_site_are_its_energy_and_its_waits(measured):
    plan, layout = measured
    sites, by_hour = layout.sites, layout.site_hours
    energy_kwh = sites.energy_hpc_kwh + sites.energy_lpc_kwh
    np.testing.assert_allclose(by_hour.power_kw.sum(axis=1), energy_kwh, rtol=1e-9)
    assert (by_hour.power_kw >= 0.0).all()
    assert (by_hour.power_kw.max(axis=1) <= sites.peak_power_kw + 1e-6).all()
    joins = layout.run.queue_h[layout.run.is_hpc]
    site = plan.demand.stop_site_idx[layout.run.is_hpc]
    wait_min = 60.0 * layout.run.wait_h[layout.run.is_hpc]
    chosen = (site == 4) & (joins >= 9.0) & (joins < 10.0)
    assert chosen.any()
    assert by_hour.mean_wait_min[4, 9] == pytest.approx(wait_min[chosen].mean())
    nobody = [hour for hour in range(24) if not ((site == 4) & (joins // 1 == hour)).any()]
    assert np.isnan(by_hour.mean_wait_min[4, nobody]).all()
