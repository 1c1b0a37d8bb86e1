from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.files.coordinates import reference_system, refuse_swapped, to_lon_lat
from planner.network.road_lengths import check_lengths

UTM32_X, UTM32_Y = np.array([691_607.0, 565_869.0]), np.array([5_334_757.0, 5_934_018.0])
"""München and Hamburg in EPSG:25832."""


@pytest.mark.parametrize("name", ["EPSG:25832", "epsg:32632", "WGS84_UTM32N", "WGS84_utm32n "])
def test_positions_are_found_by_any_name_of_their_system(name):
    lon, lat = to_lon_lat(UTM32_X, UTM32_Y, reference_system(name, "f"), "f")
    assert lon == pytest.approx([11.58, 10.0], abs=0.01)
    assert lat == pytest.approx([48.14, 53.55], abs=0.01)


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("GK4", 11.58, 48.14),
        ("DHDN_GK4", 11.58, 48.14),
        ("CH1903_LV03_Plus", 7.44, 46.95),
        ("EPSG:3857", 7.44, 46.95),
        ("WGS84_UTM19S", -70.0, -33.0),
    ],
)
def test_names_that_matsim_gives_are_understood(name, lon, lat):
    from pyproj import Transformer

    crs = reference_system(name, "f")
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform([lon], [lat])
    there = to_lon_lat(np.array(x), np.array(y), crs, "f")
    assert np.hstack(there) == pytest.approx([lon, lat], abs=1e-5)


@pytest.mark.parametrize("name", ["Atlantis", "EPSG:1", "", "5-metre grid"])
def test_an_unknown_system_is_named(name):
    with pytest.raises(InputDataError, match=f"net.xml: .*found '{name}', which is none"):
        reference_system(name, "net.xml")


def test_a_system_of_heights_is_refused():
    with pytest.raises(InputDataError, match="no position on the ground"):
        reference_system("EPSG:5783", "net.xml")


@pytest.mark.parametrize(
    ("x", "y", "crs", "said"),
    [
        (UTM32_Y, UTM32_X, "EPSG:25832", "x and y look swapped"),
        (UTM32_X, UTM32_Y, "EPSG:4326", r"2 of 2 positions .*for example \(691,607, 5,334,757\)"),
        (np.array([11.6, 10.0]), np.array([48.1, 53.5]), "EPSG:25832", "area of EPSG:25832"),
        (UTM32_X, UTM32_Y, "EPSG:2056", "2 of 2 positions lie outside the area of EPSG:2056"),
        (np.array([600.0, 10.0]), np.array([48.1, 53.5]), "EPSG:4326", "1 of 2 positions"),
    ],
)
def test_positions_that_do_not_fit_their_system_are_refused(x, y, crs, said):
    with pytest.raises(InputDataError, match=said):
        to_lon_lat(x, y, reference_system(crs, "f"), "f")


def test_swapped_degrees_are_found_by_the_lengths_of_roads(west_east_graph):
    check_lengths(west_east_graph, "f")
    swapped = replace(west_east_graph, lon=west_east_graph.lat, lat=west_east_graph.lon)
    with pytest.raises(InputDataError, match="look swapped"):
        check_lengths(swapped, "f")


@pytest.mark.parametrize("factor", [1000.0, 0.001])
def test_lengths_in_another_unit_are_found_by_the_straight_lines(west_east_graph, factor):
    lengths = west_east_graph.arc_length_km * factor
    with pytest.raises(InputDataError, match="Check the crs and the unit of the lengths"):
        check_lengths(replace(west_east_graph, arc_length_km=lengths), "f")


def test_nodes_on_one_spot_say_nothing_about_lengths(make_graph):
    check_lengths(make_graph([9.0, 9.0], [50.0, 50.0], [(0, 1)], [80.0]), "f")


def grid(lon, lat):
    """Places in a box, degrees."""
    return tuple(axis.ravel() for axis in np.meshgrid(np.linspace(*lon, 30), np.linspace(*lat, 30)))


GERMANY = grid((6.0, 15.0), (47.3, 55.0))
ON_THE_DIAGONAL = grid((42.0, 50.0), (43.0, 47.0))
"""Both readings of a place lie within the extent of both axes, or near it."""


@pytest.mark.parametrize(
    ("near", "lon", "lat"),
    [
        (GERMANY, [9.4, 11.5], [51.3, 48.1]),
        (GERMANY, [2.3, -3.7], [48.9, 40.4]),  # Paris and Madrid: zones beyond the network
        (GERMANY, [9.4], [51.3]),
        (ON_THE_DIAGONAL, [49.9, 42.1], [43.1, 46.9]),
        ((9.45, 51.28), [9.5, 10.2], [51.3, 51.9]),
    ],
)
def test_swapped_places_are_told_by_how_far_away_they_lie(near, lon, lat):
    lon, lat = np.array(lon), np.array(lat)
    refuse_swapped(lon, lat, near, "z.csv", "zones")
    with pytest.raises(InputDataError, match=r"^z\.csv: .* look swapped: zones"):
        refuse_swapped(lat, lon, near, "z.csv", "zones")


def test_places_on_the_diagonal_are_right_as_they_are():
    both = np.array([45.0, 46.0])
    refuse_swapped(both, both + 0.1, ON_THE_DIAGONAL, "z.csv", "zones")
    refuse_swapped(both + 0.1, both, ON_THE_DIAGONAL, "z.csv", "zones")


def test_places_without_a_coordinate_do_not_decide_whether_axes_are_swapped():
    lon, lat = np.array([7.0, np.nan, 8.0]), np.array([52.0, 52.0, np.nan])
    near = (np.array([7.0]), np.array([52.0]))
    refuse_swapped(lon, lat, near, "z.csv", "zones")
    with pytest.raises(InputDataError, match="look swapped"):
        refuse_swapped(lat, lon, near, "z.csv", "zones")
    refuse_swapped(lon[1:], lat[1:], near, "z.csv", "zones")


def test_a_system_that_leads_nowhere_is_refused_by_name():
    text = (
        'GEOGCS["mine",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],'
        'PRIMEM["Greenwich",0],UNIT["Degree",0]]'
    )
    with pytest.raises(InputDataError, match="f: mine leads to no longitude and latitude"):
        to_lon_lat(np.array([9.0]), np.array([50.0]), reference_system(text, "f"), "f")
