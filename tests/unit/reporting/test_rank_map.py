"""Ranks beside the first sites on their map."""

from __future__ import annotations

import numpy as np

from planner.reporting.charts.rank import numbered_sites

HEIGHT_DEG = 7.0


def test_all_first_sites_with_room_are_numbered_and_no_later_one():
    lon, lat = np.linspace(0.0, 18.0, 30), np.full(30, 50.0)
    assert numbered_sites(lon, lat, 20, HEIGHT_DEG).tolist() == [True] * 20 + [False] * 10


def test_a_number_lies_on_no_other_number_and_no_dot_of_a_first_site():
    on_one_another = numbered_sites(np.full(3, 9.0), np.array([50.0, 50.0, 51.0]), 3, HEIGHT_DEG)
    assert on_one_another.tolist() == [True, False, True]
    # 0.2 degrees to the east are 11 pixels: the second dot lies where the first number would.
    beside = np.array([9.0, 9.2]), np.full(2, 50.0)
    assert numbered_sites(*beside, 2, HEIGHT_DEG).tolist() == [False, True]
    assert numbered_sites(*beside, 1, HEIGHT_DEG).tolist() == [True, False]


def test_no_sites_and_a_single_place_have_a_map():
    assert numbered_sites(np.empty(0), np.empty(0), 0, HEIGHT_DEG).tolist() == []
    assert numbered_sites(np.array([9.0]), np.array([50.0]), 1, 0.0).tolist() == [True]
