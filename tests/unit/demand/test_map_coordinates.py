import numpy as np
import pytest
from pyproj import Transformer

from planner.demand.map_coordinates import degrees
from planner.errors import InputDataError
from planner.files.coordinates import reference_system

UTM32 = reference_system("EPSG:25832", "test")
FAR_ENDS = {
    "Porto": (-8.6, 41.1),
    "Ankara": (32.9, 39.9),
    "Cayenne": (-52.3, 4.9),
    "Saint-Denis, La Réunion": (55.5, -20.9),
    "Yakutsk": (129.7, 62.0),
}


def points(places):
    lon, lat = (np.array(values) for values in zip(*places, strict=True))
    return lon, lat


def test_ends_far_outside_the_zone_come_back_to_their_place():
    lon, lat = points(FAR_ENDS.values())
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(lon, lat)
    found_lon, found_lat = degrees(x, y, UTM32, "plans.xml")
    np.testing.assert_allclose(found_lon, lon, atol=1e-6)
    np.testing.assert_allclose(found_lat, lat, atol=1e-6)


def test_the_series_of_other_programs_errs_where_the_exact_inverse_does_not():
    """Why ends are not turned back by the truncated series: 50 km at Baku, 3,000 km at Cayenne."""
    series = Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=utm +zone=32 +ellps=GRS80 +approx "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(-52.3, 4.9)
    lon, lat = series.transform(x, y)
    assert np.hypot(lon + 52.3, lat - 4.9) > 1.0


def test_points_that_are_nowhere_are_not_placed():
    x = np.array([500_000.0, np.nan, 1e30, np.inf])
    y = np.array([5_500_000.0, 5_500_000.0, 5_500_000.0, 0.0])
    lon, lat = degrees(x, y, UTM32, "plans.xml")
    assert np.isnan(lon).tolist() == np.isnan(lat).tolist() == [False, True, True, True]


def test_degrees_off_the_globe_are_not_placed():
    system = reference_system("EPSG:4326", "test")
    lon, _ = degrees(np.array([9.0, 9.0]), np.array([50.0, 95.0]), system, "trips.csv")
    assert np.isnan(lon).tolist() == [False, True]


def test_degrees_under_a_system_in_metres_are_named():
    with pytest.raises(InputDataError, match=r"metres \(EPSG:25832\), found degrees such as 9, 50"):
        degrees(np.array([9.0, 10.0]), np.array([50.0, 51.0]), UTM32, "plans.xml")
