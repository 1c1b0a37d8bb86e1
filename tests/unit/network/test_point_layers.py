import json
import sqlite3

import geopandas as gpd
import pytest
import shapely

from planner.errors import InputDataError
from planner.files.point_layers import read_point_layer
from planner.network.site_attachment import snap_sites
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table

FORMATS = ["gpkg", "geojson"]


@pytest.fixture
def layer(tmp_path):
    """Two sites written to a map file."""

    def write_layer(kind, geometry=None, crs="EPSG:4326", name="sites", **columns):
        geometry = geometry or [shapely.Point(9.25, 50.0), shapely.Point(9.75, 50.01)]
        columns = {"site_id": [46, 47], "max_hpc": [4.0, None], **columns}
        frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)
        path = tmp_path / f"sites.{kind}"
        frame.to_file(path, layer=name)
        return path

    return write_layer


@pytest.mark.parametrize("kind", FORMATS)
def test_the_geometry_gives_the_position(layer, kind, west_east_graph):
    path = layer(kind, direction=["both", "Nord"], name_=["One", None])
    places = read_site_table(path, TableLayout(), TableDefaults(), west_east_graph)
    assert places["site_id"].tolist() == ["46", "47"]
    assert places["lon"].tolist() == [9.25, 9.75]
    assert places["lat"].tolist() == [50.0, 50.01]
    assert places["direction"].tolist() == ["both", "north"]
    assert places["max_hpc"].tolist() == [4, -1]
    sites, _ = snap_sites(places, west_east_graph, 10.0, str(path))
    assert sites.n_sites == 2


def test_features_are_named_by_their_number_and_in_geopackages_by_their_id(layer):
    for kind in FORMATS:
        table = read_point_layer(layer(kind))
        assert (table.index.tolist(), table.index.name) == ([1, 2], "feature")
    path = layer("gpkg")
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS rtree_sites_geom_delete")
        database.execute("DELETE FROM sites WHERE fid = 1")
    database.close()
    assert read_point_layer(path).index.tolist() == [2]


def test_any_coordinate_system_is_transformed(layer):
    points = gpd.GeoSeries.from_xy([9.25, 9.75], [50.0, 50.0], crs=4326).to_crs("EPSG:3035")
    table = read_point_layer(layer("gpkg", points.tolist(), "EPSG:3035"))
    assert table["lon"].astype(float).tolist() == pytest.approx([9.25, 9.75], abs=1e-6)
    assert table["lat"].astype(float).tolist() == pytest.approx([50.0, 50.0], abs=1e-6)


def test_columns_go_before_the_geometry(layer):
    table = read_point_layer(layer("geojson", lon=[9.1, 9.2], Lat=["50.5", "50.6"]))
    assert table["lon"].tolist() == ["9.1", "9.2"]
    assert "lat" not in table.columns


def test_areas_are_placed_inside_and_single_multipoints_unpacked(layer):
    hook = shapely.Polygon(
        [(9, 50), (9.3, 50), (9.3, 50.3), (9.29, 50.3), (9.29, 50.01), (9, 50.01)]
    )
    table = read_point_layer(layer("gpkg", [hook, hook]))
    assert hook.contains(shapely.Point(float(table["lon"][1]), float(table["lat"][1])))
    wrapped = shapely.MultiPoint([(9.5, 50.0)])
    assert read_point_layer(layer("geojson", [wrapped, wrapped]))["lon"].tolist() == ["9.5"] * 2


def test_a_layer_can_be_named_and_must_be_among_several(layer):
    layer("gpkg", name="policy")
    path = layer("gpkg", name="extended", max_hpc=[1, 2])
    assert read_point_layer(path, "extended")["max_hpc"].tolist() == ["1", "2"]
    with pytest.raises(InputDataError, match=r"one layer.*policy, extended.*Name one as sheet"):
        read_point_layer(path)
    with pytest.raises(InputDataError, match="no layer 'all'; found policy, extended"):
        read_point_layer(path, "all")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("geometry", "columns", "said"),
    [
        ([shapely.Point(50.0, 9.25), shapely.Point(9.5, 50.0)], {}, "look swapped.*feature 1"),
        ([shapely.Point(9.2, 50.0), None], {}, "found an empty geometry; see feature 2"),
        (
            [shapely.LineString([(9, 50), (10, 50)]), shapely.Point(9.5, 50.0)],
            {},
            "points or areas, found LineString; see feature 1",
        ),
        (None, {"site_id": ["A", "A"]}, "ids must be unique.*features 1, 2"),
        (None, {"site_id": ["A", None]}, "every site needs an id.*feature 2"),
        (
            None,
            {"max_hpc": [1.5, 2.0]},
            "max_hpc must be whole numbers .* points, .*; see feature 1",
        ),
        (None, {"grid_connection": [2.2, 9.0]}, "look like MW"),
    ],
)
def test_broken_layers_are_refused(layer, kind, geometry, columns, said, west_east_graph):
    path = layer(kind, geometry, **columns)
    with pytest.raises(InputDataError, match=said) as caught:
        read_site_table(path, TableLayout(), TableDefaults(), west_east_graph)
    assert f"sites.{kind}" in str(caught.value)


def test_a_layer_without_a_coordinate_system_is_refused(layer):
    path = layer("gpkg")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
        database.execute("UPDATE gpkg_contents SET srs_id = -1")
    database.close()
    with pytest.raises(InputDataError, match="in which coordinate system"):
        read_point_layer(path)


def test_a_wrong_coordinate_system_is_named(layer):
    degrees = [shapely.Point(9.25, 50.0), shapely.Point(9.5, 50.0)]
    with pytest.raises(InputDataError, match="outside the area of"):
        read_point_layer(layer("gpkg", degrees, "EPSG:25832"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.gpkg", b"", "the file is empty"),
        ("text.gpkg", b"site_id,lon,lat\n", "does not begin as a .gpkg file"),
        ("empty.geojson", b"", "the file is empty"),
        # A file that names another for GDAL to open.
        ("vrt.geojson", b"<OGRVRTDataSource/>", "does not begin as a .geojson file"),
        (
            "cut.json",
            b'{"type": "FeatureCollection", "features": [{"ty',
            "cannot be read as a .json file",
        ),
        ("other.json", b'{"sites": []}', "cannot be read as a .json file"),
        (
            "none.geojson",
            json.dumps({"type": "FeatureCollection", "features": []}).encode(),
            "found an empty layer",
        ),
    ],
)
def test_files_that_are_no_map_are_refused(write, name, content, said):
    with pytest.raises(InputDataError, match=said) as caught:
        read_point_layer(write(name, content))
    assert name in str(caught.value)


def test_damaged_and_missing_files_are_refused(layer, write, tmp_path):
    whole = layer("gpkg").read_bytes()
    with pytest.raises(InputDataError, match=r"cannot be read as a \.gpkg file"):
        read_point_layer(write("cut.gpkg", whole[: len(whole) // 2]))
    with pytest.raises(InputDataError, match="expected a map file, found no file"):
        read_point_layer(tmp_path / "missing.gpkg")
