"""Figures of what charging adds, from five trips worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.reporting.charging_extra import charging_extra
from planner.simulation.reference_trips import ExtraTime, ReferenceTrips

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
