import zipfile

import geopandas as gpd
import pytest
import shapely

from planner.errors import InputDataError
from planner.network.cleaning import clean_graph
from planner.network.drawn_lines import read_line_network
from planner.network.road_columns import RoadColumns

METRE = 1.0 / 111_195.0
ROADS = gpd.GeoDataFrame(
    {
        "ref": ["A7", "B3", None],
        "oneway": ["B", "F", None],
        "tempo": [120, 100, 80],
        "laenge": [72_000.0, None, 112_000.0],
    },
    geometry=[
        shapely.LineString([(9.0, 50.0), (9.5, 50.01), (10.0, 50.0)]),
        shapely.LineString([(9.5, 50.01 + 3 * METRE), (9.5, 50.5)]),
        shapely.LineString([(10.0, 50.0), (10.0, 51.0)]),
    ],
    crs="EPSG:4326",
)


def reading(*, two_way=True, length_unit="m", **columns):
    return RoadColumns(columns, length_unit, "km/h", 90.0, two_way)


def read(path, layer="", crs=None, how=None, tolerance_m=5.0):
    return read_line_network(path, layer, how or reading(free_speed="tempo"), crs, tolerance_m)


@pytest.fixture
def stored(tmp_path):
    def store(table=ROADS, name="roads.gpkg", **how):
        path = tmp_path / name
        table.to_file(path, **how)
        return path

    return store


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.geojson", "roads.shp", "roads.fgb"])
def test_lines_become_arcs_between_the_nodes_where_they_meet(stored, name):
    graph, _ = read(stored(ROADS, name))
    assert graph.n_nodes == 5
    assert sorted(graph.arc_road) == ["", "", "A7", "A7", "A7", "A7", "B3"]
    assert sorted(graph.arc_free_speed_kmh) == [80.0] * 2 + [100.0] + [120.0] * 4
    to_north = graph.arc_length_km[graph.arc_road == "B3"]
    assert to_north == pytest.approx([54.5], abs=0.1)
    first, last = (shapely.get_point(graph.arc_geometry, end) for end in (0, -1))
    assert shapely.get_x(first).tolist() == graph.lon[graph.arc_from_idx].tolist()
    assert shapely.get_y(last).tolist() == graph.lat[graph.arc_to_idx].tolist()


def test_a_zipped_shapefile_is_read(stored, tmp_path):
    stored(ROADS, "roads.shp")
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        for part in tmp_path.glob("roads.[sdpc]*"):
            archive.write(part, part.name)
    assert read(tmp_path / "roads.zip")[0].n_nodes == 5


def test_stated_lengths_go_before_measured_ones_and_are_shared_by_the_pieces(stored):
    graph, _ = read(stored(), how=reading(length="laenge"))
    by_road = {road: graph.arc_length_km[graph.arc_road == road].sum() for road in ("A7", "B3", "")}
    assert by_road == pytest.approx({"A7": 144.0, "B3": 54.5, "": 224.0}, abs=0.1)


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:3857", "EPSG:3035"])
def test_any_reference_system_gives_the_same_network(stored, crs):
    graph, _ = read(stored(ROADS.to_crs(crs)))
    ours, _ = read(stored(ROADS, "degrees.gpkg"))
    assert graph.lon == pytest.approx(ours.lon, abs=1e-6)
    assert graph.arc_length_km == pytest.approx(ours.arc_length_km, rel=1e-4)


def test_the_tolerance_decides_what_is_connected_and_cleaning_counts_the_rest(stored):
    graph, _ = read(stored(), tolerance_m=1.0)
    _, report = clean_graph(graph)
    assert report.n_nodes == 3
    assert report.n_nodes_dropped == 2
    assert report.dropped_km == pytest.approx(54.5, abs=0.1)


def test_features_without_a_line_and_tiny_lines_are_counted(stored):
    table = ROADS[["ref", "geometry"]].copy()
    tiny = shapely.LineString([(10.0, 50.0), (10.0, 50.0 + 2 * METRE)])
    table.loc[3:5, "ref"] = "A7"
    more = gpd.GeoDataFrame(
        {"ref": ["A7"] * 3}, geometry=[None, shapely.LineString(), tiny], crs="EPSG:4326"
    )
    import pandas as pd

    graph, left_out = read(
        stored(pd.concat([table.iloc[:3], more], ignore_index=True)), how=reading()
    )
    assert graph.n_nodes == 5
    assert [(item.what, item.count) for item in left_out] == [
        ("features without a line", 2),
        ("lines shorter than the tolerance", 1),
    ]


def test_several_layers_are_told_and_one_is_chosen(stored):
    path = stored(layer="roads")
    stored(ROADS.iloc[:1], layer="motorways", mode="a")
    with pytest.raises(InputDataError, match=r"found roads, motorways\. Name one as layer"):
        read(path)
    with pytest.raises(InputDataError, match="no layer 'rails'; found roads, motorways"):
        read(path, "rails")
    assert read(path, "motorways")[0].n_nodes == 2


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_files_without_a_reference_system_need_one_named(stored):
    path = stored(ROADS.set_crs(None, allow_override=True), "roads.shp")
    with pytest.raises(InputDataError, match="names no coordinate reference system"):
        read(path)
    assert read(path, crs="EPSG:4326")[0].n_nodes == 5


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("tempo", 0, "free_speed must be from 1 to 400 km/h, found 0; see feature 1"),
        ("oneway", "sometimes", "oneway must be one of .*feature 1"),
    ],
)
def test_impossible_attributes_are_named_by_feature(stored, column, value, said):
    table = ROADS.copy()
    table.loc[0, column] = value
    with pytest.raises(InputDataError, match=said):
        read(stored(table))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda table: table.set_crs("EPSG:25832", allow_override=True), "area of EPSG:25832"),
        (lambda table: table.set_geometry(table.centroid), "expected lines, found only Point"),
        (lambda table: table.iloc[:0], "empty layer"),
        (
            lambda table: table.set_geometry(
                shapely.linestrings([[(9.0, 50.0), (float("nan"), 50.1)]] * 3)
            ),
            "must be finite numbers; see feature",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS:UserWarning")
def test_broken_layers_are_refused_with_their_fault(stored, wrong, said):
    with pytest.raises(InputDataError, match=said):
        read(stored(wrong(ROADS)))


def test_swapped_axes_are_found_by_stated_lengths(stored):
    swapped = ROADS.set_geometry(shapely.transform(ROADS.geometry.array, lambda xy: xy[:, ::-1]))
    swapped["km"] = [72.0, 54.5, 112.0]
    wide = swapped.iloc[:1]
    with pytest.raises(InputDataError, match="look swapped"):
        read(stored(wide), how=reading(length_unit="km", length="km"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("roads.gpkg", b"", "the file is empty"),
        ("roads.gpkg", b"SQLite format 3\0" + b"\0" * 200, "cannot be read as a .gpkg file"),
        ("roads.geojson", b'{"type": "FeatureCollection", "features": [{"ty', "cannot be read"),
        ("roads.geojson", b"<OGRVRTDataSource/>", "does not begin as a .geojson file"),
        ("roads.kml", b"<kml/>", "expected a file as .gpkg"),
        ("roads.zip", b"PK\3\4rest", "whole zip archive"),
    ],
)
def test_broken_and_foreign_files_are_refused(write, name, content, said):
    with pytest.raises(InputDataError, match=said):
        read(write(name, content))


def test_a_truncated_geopackage_is_refused(stored):
    path = stored()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(InputDataError, match=r"cannot be read as a \.gpkg file"):
        read(path)
