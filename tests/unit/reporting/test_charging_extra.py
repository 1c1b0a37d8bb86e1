"""Figures of what charging adds, from five trips worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.plan.charging_extra import charging_extra, extra_of_solution, extra_table
from planner.plan.schemas import EXTRA
from planner.simulation.reference_trips import ExtraTime, ReferenceTrips
from planner.tables.table import check_table

NAN = float("nan")


def columns(*values):
    return np.array(values, np.float64)


@pytest.fixture
def reference():
    return ReferenceTrips(
        duration_h=columns(4.0, 6.0, 6.0, 20.0, 9.0),
        drive_h=columns(4.0, 5.25, 5.25, 8.0, 8.25),
        distance_km=columns(250.0, 350.0, 400.0, 550.0, 560.0),
        n_breaks=np.zeros(5, np.int16),
        n_rests=np.zeros(5, np.int16),
    )


@pytest.fixture
def extra():
    """The last trip is not served."""
    return ExtraTime(
        detour_h=columns(0.0, 0.1, 0.2, 0.1, NAN),
        breaks_h=columns(0.0, 0.0, 0.75, -0.75, NAN),
        rests_h=columns(0.0, 0.0, 0.0, 11.0, NAN),
        intermediate_h=columns(0.0, 0.3, 0.0, 0.0, NAN),
        waiting_h=columns(0.0, 0.0, 0.05, 0.25, NAN),
        distance_km=columns(0.0, 4.0, 8.0, 4.0, NAN),
    )


def test_means_and_shares_are_over_served_trips(reference, extra):
    figures = charging_extra(reference, extra)
    assert figures["mean_extra_min"] == pytest.approx(60 * 12.0 / 4)
    assert figures["mean_extra_duration_share"] == pytest.approx(12.0 / 36.0)
    assert figures["mean_extra_without_waiting_min"] == pytest.approx(60 * 11.7 / 4)
    assert figures["mean_extra_km"] == pytest.approx(4.0)
    assert figures["mean_extra_distance_share"] == pytest.approx(16.0 / 1550.0)
    assert figures["p50_extra_min"] == pytest.approx(60 * (0.4 + 1.0) / 2)
    assert figures["share_with_added_rest"] == 0.25


def test_causes_add_up_to_the_whole(reference, extra):
    figures = charging_extra(reference, extra)
    causes = figures["mean_extra_by_cause_min"]
    assert list(causes) == ["detour", "breaks", "rests", "intermediate", "waiting"]
    assert causes["waiting"] == pytest.approx(60 * 0.3 / 4)
    assert sum(causes.values()) == pytest.approx(figures["mean_extra_min"])


def test_trips_are_classed_by_their_direct_distance(reference, extra):
    classes = charging_extra(reference, extra)["by_length"]
    assert [(each["from_km"], each["n_trips"]) for each in classes] == [
        (0.0, 1),
        (300.0, 1),
        (400.0, 1),
        (500.0, 1),
    ]
    assert classes[1]["mean_extra_min"] == pytest.approx(24.0)


def test_no_served_trips_no_figures(reference, extra):
    lost = ExtraTime(**{name: np.full(5, NAN) for name in ExtraTime.__dataclass_fields__})
    assert charging_extra(reference, lost) == {}
    assert all(np.isnan(value) for value in extra_of_solution(reference, lost).values())
    table = extra_table(reference, lost, *origins())
    assert table.empty
    check_table(table, EXTRA)


def origins():
    """Region, longitude and latitude of the five trips."""
    region = np.array(["west", "east", "west", "west", "nowhere"], dtype=object)
    return region, columns(7.0, 13.0, 8.0, 9.0, 0.0), columns(50.0, 52.0, 51.0, 52.0, 0.0)


def test_trips_are_driven_in_the_time_and_way_without_charging_and_the_extra(reference, extra):
    figures = extra_of_solution(reference, extra)
    assert figures["mean_trip_h"] == pytest.approx((36.0 + 12.0) / 4)
    assert figures["mean_trip_km"] == pytest.approx((1550.0 + 16.0) / 4)
    assert figures["mean_extra_min"] == charging_extra(reference, extra)["mean_extra_min"]


def test_table_holds_all_trips_by_length_and_by_origin(reference, extra):
    table = extra_table(reference, extra, *origins())
    check_table(table, EXTRA)
    assert list(table["group"]) == [
        "all trips",
        "0 to 300 km",
        "300 to 400 km",
        "400 to 500 km",
        "500 to 600 km",
        "east",
        "west",
    ]
    assert list(table["n_trips"]) == [4, 1, 1, 1, 1, 1, 3]  # the unserved one is in none
    west = table.iloc[-1]
    assert (west["lon"], west["lat"]) == (8.0, 51.0)
    assert west["mean_extra_km"] == pytest.approx(4.0)
    assert west["mean_extra_distance_share"] == pytest.approx(12.0 / 1200.0)
    assert table.loc[1, "to_km"] == 300.0
    assert np.isnan(table.loc[0, ["from_km", "to_km", "lon", "lat"]].astype(float)).all()
    for grouping in ("length", "origin"):
        rows = table[table["grouping"] == grouping]
        total_min = (rows["n_trips"] * rows["mean_extra_min"]).sum()
        assert total_min == pytest.approx(4 * table.loc[0, "mean_extra_min"])


def test_the_longest_class_has_no_upper_bound(reference, extra):
    far = ReferenceTrips(
        reference.duration_h,
        reference.drive_h,
        np.full(5, 900.0),
        reference.n_breaks,
        reference.n_rests,
    )
    row = extra_table(far, extra, *origins()).iloc[1]
    assert (row["group"], row["from_km"]) == ("from 800 km", 800.0)
    assert np.isnan(row["to_km"])
