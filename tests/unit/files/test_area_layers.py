"""Layers of named polygons, as a geographic information system writes them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.errors import InputDataError
from planner.files.area_layers import read_named_areas

SQUARES = [shapely.box(8, 50, 9, 51), shapely.box(9, 50, 10, 51), shapely.box(11, 50, 12, 51)]


def layer(path, names=("West", "East", "West"), areas=SQUARES, crs="EPSG:4326", **changes):
    frame = gpd.GeoDataFrame({"region": list(names)}, geometry=list(areas), crs="EPSG:4326")
    frame.to_crs(crs).to_file(path, **changes)
    return path


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("areas.gpkg", "EPSG:4326"),
        ("areas.gpkg", "EPSG:25832"),
        ("areas.geojson", "EPSG:4326"),
        ("areas.shp", "EPSG:25832"),
        ("areas.fgb", "EPSG:3035"),
    ],
)
def test_places_get_the_name_of_the_area_around_them(tmp_path, name, crs):
    areas = read_named_areas(layer(tmp_path / name, crs=crs), "", "region", "regions")
    lon, lat = np.array([8.5, 9.5, 11.5, 10.5, 8.5]), np.array([50.5, 50.5, 50.5, 50.5, 52.0])
    assert list(areas.names_at(lon, lat)) == ["West", "East", "West", "", ""]


def test_the_first_area_of_the_file_counts_where_several_overlap(tmp_path):
    path = layer(
        tmp_path / "areas.gpkg", ["small", "large"], [SQUARES[0], shapely.box(7, 49, 13, 52)]
    )
    areas = read_named_areas(path, "", "region", "regions")
    places = np.array([8.5, 12.5]), np.array([50.5, 50.5])
    assert list(areas.names_at(*places)) == ["small", "large"]


def test_an_outline_that_crosses_itself_still_holds_what_it_goes_round(tmp_path):
    bow = shapely.Polygon([(8, 50), (9, 51), (9, 50), (8, 51)])
    areas = read_named_areas(layer(tmp_path / "a.gpkg", ["bow"], [bow]), "", "region", "regions")
    assert list(areas.names_at(np.array([8.1, 8.5]), np.array([50.5, 50.9]))) == ["bow", ""]


@pytest.mark.parametrize(
    ("names", "areas", "column", "said"),
    [
        (["A"], SQUARES[:1], "regoin", "missing column regoin .did you mean region"),
        (["A", ""], SQUARES[:2], "region", "every polygon needs a name in the column region"),
        (["A", None], SQUARES[:2], "region", "every polygon needs a name in the column region"),
        (["A"], [shapely.Point(8, 50)], "region", "regions must be polygons"),
        (["A", "B"], [SQUARES[0], None], "region", "regions must be polygons"),
    ],
)
def test_a_layer_that_names_no_areas_is_refused(tmp_path, names, areas, column, said):
    path = layer(tmp_path / "areas.gpkg", names, areas)
    with pytest.raises(InputDataError, match=said) as refused:
        read_named_areas(path, "", column, "regions")
    assert str(path) in str(refused.value)


def test_a_layer_of_several_asks_for_its_key(tmp_path):
    path = layer(tmp_path / "areas.gpkg", layer="one")
    layer(path, layer="two")
    with pytest.raises(InputDataError, match=r"Name one as regions\.layer"):
        read_named_areas(path, "", "region", "regions")
    assert len(read_named_areas(path, "two", "region", "regions").name) == len(SQUARES)


def test_corners_that_are_no_finite_numbers_are_refused(tmp_path):
    path = tmp_path / "areas.geojson"
    corners = "[[8, 50], [9, 50], [9, 1e400], [8, 51], [8, 50]]"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"region": "A"}, "geometry": {"type": "Polygon", "coordinates": [' + corners + "]}}]}"
    )
    with pytest.raises(InputDataError, match=r"areas\.geojson"):
        read_named_areas(path, "", "region", "regions")
