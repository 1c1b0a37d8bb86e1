"""Large towns by name."""

import numpy as np

from planner.network.towns import german_towns


def test_the_largest_come_first_and_none_is_small():
    towns = german_towns()
    assert towns.name[:3].tolist() == ["Berlin", "Hamburg", "München"]
    assert len(set(towns.name)) == len(towns.name) > 60
    assert "Cham" not in towns.name


def test_the_nearest_is_found_within_reach_alone():
    towns = german_towns()
    lon, lat = np.array([13.4, 9.5, 2.35]), np.array([52.5, 52.4, 48.86])
    near = towns.nearest(lon, lat, within_km=20.0)
    assert towns.name[near[:2]].tolist() == ["Berlin", "Hannover"]
    assert near[2] == -1
    assert towns.nearest(lon, lat, within_km=5.0)[1] == -1


def test_no_points_have_no_towns():
    assert len(german_towns().nearest(np.empty(0), np.empty(0), within_km=15.0)) == 0
