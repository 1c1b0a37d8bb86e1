"""Large towns by name."""

import numpy as np
import pytest

from planner.network.towns import european_towns, town_names


def of_country(code):
    towns = european_towns()
    return towns.chosen(towns.country == code)


def test_the_largest_come_first_and_parts_of_cities_are_left_out():
    german = of_country("DE")
    assert german.name[:4].tolist() == ["Berlin", "Hamburg", "Munich", "Cologne"]
    assert not {"Kreuzberg", "Wandsbek", "Altona"} & set(german.name)
    assert (np.diff(german.population) <= 0).all()


def test_small_countries_have_towns_too():
    assert of_country("LU").name[:3].tolist() == ["Luxembourg", "Esch-sur-Alzette", "Dudelange"]


@pytest.mark.parametrize(
    ("country", "english", "german"),
    [
        ("PL", "Warsaw", "Warschau"),
        ("AT", "Vienna", "Wien"),
        ("IT", "Milan", "Mailand"),
        ("BE", "Brussels", "Brüssel"),
        ("SE", "Gothenburg", "Göteborg"),
        ("FR", "Lyon", "Lyon"),
    ],
)
def test_towns_have_the_names_that_readers_know(country, english, german):
    towns = of_country(country)
    (number,) = towns.geonames_id[towns.name == english]
    assert town_names("de")[number] == german
    assert town_names("xx")[number] == english


def test_the_nearest_is_found_within_reach_alone():
    towns = of_country("DE")
    large = towns.chosen(towns.population >= 100_000)
    lon, lat = np.array([13.4, 9.5, 2.35]), np.array([52.5, 52.4, 48.86])
    near = large.nearest(lon, lat, within_km=20.0)
    assert large.name[near[:2]].tolist() == ["Berlin", "Hanover"]
    assert near[2] == -1
    assert large.nearest(lon, lat, within_km=5.0)[1] == -1


def test_no_points_have_no_towns_and_no_towns_have_no_points():
    assert len(of_country("DE").nearest(np.empty(0), np.empty(0), within_km=15.0)) == 0
    nowhere = european_towns().chosen(np.array([], dtype=np.int64))
    assert nowhere.nearest(np.zeros(2), np.zeros(2), within_km=15.0).tolist() == [-1, -1]
