"""Plans taken from an earlier planning are those that would be made with other sites or trips."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network.sites import Sites
from planner.routing import site_differences
from planner.routing.drivers import Drivers
from planner.routing.known_plans import OF_SITES, known_plans
from planner.routing.partitions import PartedTrips, plan_in_partitions
from planner.scenario.driver_behaviour import DriverBehaviour
from tests.property.stop_planner_cases import random_case

CHANGES = ("closed", "added", "moved", "renamed", "other order", "fewer trips", "other trips")


def bytes_of(plans):
    return {field.name: getattr(plans, field.name).tobytes() for field in fields(plans)}


def parted_of(case, sites, trips):
    drivers = Drivers(
        case.vehicles,
        case.rules,
        case.charging,
        case.choice,
        np.uint64(5),
        DriverBehaviour(stop_cost_min=60.0 * case.stop_cost_h),
    )
    return PartedTrips.of(case.graph, sites, trips, drivers)


def before_and_after(case, change, rng):
    """Sites and trips before a change, and after it."""
    sites, trips = case.sites, case.trips
    site = int(rng.integers(sites.n_sites))
    others = np.arange(sites.n_sites) != site
    if change == "closed":
        return (sites, trips), (sites.select(others), trips)
    if change == "added":
        return (sites.select(others), trips), (sites, trips)
    if change == "moved":
        at_km = sites.attachment_offset_km.copy()
        at_km[sites.attachment_site_idx == site] *= 0.9
        return (sites, trips), (replace(sites, attachment_offset_km=at_km), trips)
    if change == "renamed":
        site_id = np.where(others, sites.site_id, "another")
        return (sites, trips), (replace(sites, site_id=site_id), trips)
    if change == "other order":
        turned = sites.select(~others).followed_by(sites.select(others))
        return (sites, trips), (turned, trips)
    if change == "fewer trips":
        return (sites, trips), (sites, trips.select(np.arange(1, trips.n_trips, 2)))
    later_h = np.where(rng.random(trips.n_trips) < 0.5, 1.5, 0.0)
    return (sites, trips), (sites, replace(trips, departure_h=trips.departure_h + later_h))


def compared(seed, change, *, n_trips=8):
    """Trips whose plans are taken over after a change; they are those that would be made."""
    rng = np.random.default_rng([seed, 9])
    case = random_case(seed, n_trips)
    # Narrow corridors, so that there is something outside of them on so few roads.
    case.choice = replace(case.choice, corridor_detour_km=(2.0, 20.0))
    before, after = before_and_after(case, change, rng)
    parted = parted_of(case, *after)
    with tempfile.TemporaryDirectory() as name:
        plan_in_partitions(parted_of(case, *before), Path(name))
        known = known_plans([Path(name)], parted)
    assert bytes_of(plan_in_partitions(parted, known=known)) == bytes_of(plan_in_partitions(parted))
    return known.n_known


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), change=st.sampled_from(CHANGES))
def test_plans_with_some_taken_over_are_those_made_anew(seed, change):
    compared(seed, change)


def test_many_plans_are_taken_over_and_not_all():
    known, n_seeds = Counter(), 8
    for change in CHANGES:
        for seed in range(n_seeds):
            known[change] += compared(seed, change)
    n_trips = 8 * n_seeds
    for change in ("closed", "added", "moved", "renamed"):
        assert 0.05 * n_trips < known[change] < 0.9 * n_trips
    assert known["fewer trips"] == n_trips / 2
    assert known["other order"] < n_trips / 2
    assert 0.3 * n_trips < known["other trips"] < 0.7 * n_trips


def test_where_looking_at_sites_takes_longer_than_planning_no_plan_is_taken_over(monkeypatch):
    assert compared(3, "closed") > 0
    monkeypatch.setattr(site_differences, "_NODES_A_TRIP", 0)
    monkeypatch.setattr(site_differences, "_least_km", None)
    assert compared(3, "closed") == 0


def test_of_sites_nothing_counts_but_what_is_kept_of_them():
    for seed in range(10):
        case = random_case(seed)
        bare = {
            field.name: getattr(case.sites, field.name)
            if field.name in OF_SITES
            else np.zeros(case.sites.n_sites)
            for field in fields(Sites)
        }
        here, there = (
            plan_in_partitions(parted_of(case, sites, case.trips))
            for sites in (case.sites, Sites(**bare))
        )
        assert bytes_of(here) == bytes_of(there)


@pytest.mark.parametrize("name", ["stops-00001.parquet", "stops-00001.json", "planned-for.npz"])
def test_a_damaged_planning_of_another_run_is_told_of_once(tmp_path, caplog, name):
    case = random_case(3, 8)
    parted = parted_of(case, case.sites, case.trips)
    plan_in_partitions(parted, tmp_path)
    damaged = tmp_path / name
    damaged.write_bytes(damaged.read_bytes()[:-9])
    for _ in range(3):
        assert known_plans([tmp_path], parted).folder is None
    (told,) = [each.getMessage() for each in caplog.records]
    assert told.startswith(f"{damaged}: a stage that another run has kept cannot be read")
    assert f"Remove the folder {tmp_path}" in told
