"""Outlines of countries."""

import shapely

from planner.network.country_outlines import country_outlines


def test_a_frame_around_kassel_shows_germany_and_one_around_basel_three_countries():
    assert list(country_outlines(9.0, 51.0, 10.0, 51.5)["name"]) == ["Germany"]
    names = set(country_outlines(7.4, 47.4, 7.8, 47.8)["name"])
    assert names == {"France", "Germany", "Switzerland"}


def test_outlines_are_valid_and_hold_their_cities():
    outlines = country_outlines(-11.0, 34.0, 32.0, 71.5).set_index("iso_a2")

    assert outlines.crs.to_epsg() == 4326
    assert len(outlines) == 53
    assert outlines.geometry.is_valid.all()
    for iso, lon, lat in (("DE", 13.4, 52.5), ("CH", 7.45, 46.95), ("SE", 18.0, 59.35)):
        assert outlines.geometry[iso].contains(shapely.Point(lon, lat))


def test_there_are_none_in_the_middle_of_the_atlantic():
    assert country_outlines(-40.0, 40.0, -35.0, 45.0).empty
