import io
import json
import os
import re
import sqlite3
import threading
import zipfile
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import pyogrio
import pytest
import shapely

from planner.errors import InputDataError
from planner.files.vector_files import read_vector_file

TOLD = "nobody may read this"


def collection(**more) -> dict:
    point = {"type": "Point", "coordinates": [9.0, 50.0]}
    feature = {"type": "Feature", "properties": {"note": TOLD}, "geometry": point}
    return {"type": "FeatureCollection", "features": [feature], **more}


@pytest.fixture(scope="module")
def server():
    """A local server that keeps the addresses it is asked for, and answers with a map."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(collection()).encode())

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.geojson"
    path.write_text(json.dumps(collection()), encoding="utf-8")
    return path


@pytest.fixture
def frame():
    return gpd.GeoDataFrame({"note": ["mine"]}, geometry=[shapely.Point(9.0, 50.0)], crs=25832)


def pipeline(source: str) -> str:
    command = f"gdal vector pipeline ! read {source} ! write --of stream streamed_dataset"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command})


def virtual(source: str) -> str:
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{source}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


ATTACKS = {
    "pipeline.json": lambda source: ("p.json", pipeline(source).encode()),
    "pipeline.geojson": lambda source: ("p.geojson", pipeline(source).encode()),
    "after a mark and spaces": lambda source: (
        "p.geojson",
        b"\xef\xbb\xbf \n\t" + pipeline(source).encode(),
    ),
    "among members of a map": lambda source: (
        "p.json",
        json.dumps(json.loads(pipeline(source)) | {"features": []}).encode(),
    ),
    "written with escapes": lambda source: (
        "p.json",
        pipeline(source).replace('"type"', '"\\u0074ype"').encode(),
    ),
    "virtual layer in a text": lambda source: ("v.json", f'{{"a":"{virtual(source)}'.encode()),
    "virtual layer as a geopackage": lambda source: ("v.gpkg", virtual(source).encode()),
    "virtual layer as a shapefile": lambda source: ("v.shp", virtual(source).encode()),
    "virtual layer as a flatgeobuf": lambda source: ("v.fgb", virtual(source).encode()),
    "behind the sign of a flatgeobuf": lambda source: ("v.fgb", f"fgb{virtual(source)}".encode()),
    "virtual shapefile in an archive": lambda source: (
        "a.zip",
        zipped({"roads.shp": virtual(source).encode()}),
    ),
    "pipeline as shapefile in an archive": lambda source: (
        "a.zip",
        zipped({"roads.shp": pipeline(source).encode(), "roads.gdalg.json": b"{}"}),
    ),
    "archive in an archive": lambda source: (
        "a.zip",
        zipped({"in.zip/roads.shp": zipped({"roads.shp": virtual(source).encode()})}),
    ),
    "reference system by address": lambda source: (
        "c.geojson",
        json.dumps(
            collection(features=[], crs={"type": "link", "properties": {"href": source}})
        ).encode(),
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("is_remote", [False, True])
def test_a_map_file_reads_no_other_file_and_fetches_nothing(
    tmp_path, write, secret, server, attack, is_remote
):
    address, asked = server
    asked.clear()
    name, content = ATTACKS[attack](f"{address}/x.geojson" if is_remote else str(secret))
    path = write(name, content)
    with pytest.raises(InputDataError) as refused:
        read_vector_file(path)
    assert str(path) in str(refused.value)
    assert TOLD not in str(refused.value)
    assert not asked


def test_an_address_hidden_from_a_look_at_the_text_is_not_fetched_either(
    write, server, monkeypatch
):
    address, asked = server
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    text = json.dumps(collection(crs={"type": "link", "properties": {"href": address}}))
    path = write("c.geojson", text.replace('"crs"', '"\\u0063rs"').encode())
    asked.clear()
    pyogrio.read_dataframe(path)
    assert asked, "the attack as such must work, or this test shows nothing"
    asked.clear()
    read_vector_file(path)
    assert not asked
    assert os.environ["no_proxy"] == "127.0.0.1"


def test_gdal_is_left_as_it_was_found(secret):
    drivers, proxy = pyogrio.list_drivers(), pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY")
    read_vector_file(secret)
    assert pyogrio.list_drivers() == drivers
    assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == proxy


def geopackage(frame, path, *statements):
    pyogrio.write_dataframe(frame, path, layer="sites", driver="GPKG", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)
    return path


def as_layer(name):
    """Statements that make a table or view a layer; names are the tests' own."""
    return (
        f"INSERT INTO gpkg_contents(table_name, data_type) VALUES ('{name}', 'features')",  # noqa: S608
        f"INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', 'POINT', 4326, 0, 0)",  # noqa: S608
    )


@pytest.mark.parametrize(
    "expression",
    [
        "gdal_get_pixel_value('/etc/passwd', 1, 'georef', 1, 1)",
        "ogr_geocode('x', 'geometry', 'QUERY_TEMPLATE={address}/%s')",
        "ogr_datasource_load_layers('{secret}')",
        "load_extension('/tmp/none.so')",
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c)",
        "1",
    ],
)
def test_a_layer_that_is_a_program_is_refused(tmp_path, frame, server, secret, expression):
    address, asked = server
    asked.clear()
    view = expression.format(address=address, secret=secret)
    path = geopackage(
        frame,
        tmp_path / "v.gpkg",
        f"CREATE VIEW computed AS SELECT fid, geom, {view} AS x FROM sites",  # noqa: S608
        *as_layer("computed"),
    )
    with pytest.raises(InputDataError, match=r"v\.gpkg"):
        read_vector_file(path, "computed")
    assert not asked


def test_a_layer_with_computed_columns_is_refused(tmp_path, frame):
    path = geopackage(
        frame,
        tmp_path / "g.gpkg",
        "CREATE TABLE many (fid INTEGER PRIMARY KEY, geom BLOB, "
        "big TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL)",
        *as_layer("many"),
    )
    with pytest.raises(InputDataError, match="computed column 'big'"):
        read_vector_file(path, "many")


def test_a_number_of_features_that_no_file_of_this_size_holds_is_not_believed(tmp_path, frame):
    path = geopackage(
        frame, tmp_path / "n.gpkg", "UPDATE gpkg_ogr_contents SET feature_count = 10000000"
    )
    with pytest.raises(InputDataError, match="10,000,000 features, more than its bytes"):
        read_vector_file(path)


def test_side_files_of_a_shapefile_that_never_end_are_refused(tmp_path, frame):
    frame.to_file(tmp_path / "roads.shp")
    (tmp_path / "roads.prj").unlink()
    os.mkfifo(tmp_path / "roads.prj")
    with pytest.raises(InputDataError, match=r"roads\.prj: expected a map file, found a pipe"):
        read_vector_file(tmp_path / "roads.shp")


@pytest.mark.parametrize("folder", ["b!ang", "a;b", "q?x#y|z [1] {c} ü", "x.zip", "file:"])
@pytest.mark.parametrize(
    ("ending", "driver"),
    [
        (".gpkg", "GPKG"),
        (".geojson", "GeoJSON"),
        (".shp", "ESRI Shapefile"),
        (".fgb", "FlatGeobuf"),
        (".zip", None),
    ],
)
def test_signs_in_paths_mean_nothing(tmp_path, frame, folder, ending, driver):
    frame.to_file(tmp_path / "s.shp")
    (tmp_path / folder).mkdir()
    path = tmp_path / folder / f"r{ending}"
    if driver:
        (tmp_path / "r").mkdir()
        frame.to_file(tmp_path / "r" / f"r{ending}", driver=driver)
        for part in (tmp_path / "r").iterdir():
            part.rename(path.with_name(part.name))
    else:
        parts = {f"gis/{part.name}": part.read_bytes() for part in tmp_path.glob("s.*")}
        path.write_bytes(zipped(parts | {"__MACOSX/gis/._s.shp": b"resource"}))
    table = read_vector_file(path)
    assert table["note"].tolist() == ["mine"]
    assert table.crs == 25832


def test_a_file_of_which_another_program_holds_changes_is_read_with_them_or_not_at_all(
    tmp_path, frame
):
    (tmp_path / "b!ang").mkdir()
    path = geopackage(frame, tmp_path / "w.gpkg")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE sites SET note = 'newer'")
        database.commit()
        for part in tmp_path.glob("w.gpkg*"):
            (tmp_path / "b!ang" / part.name).write_bytes(part.read_bytes())
        assert read_vector_file(path)["note"].tolist() == ["newer"]
    with pytest.raises(InputDataError, match=r"its changes lie in w\.gpkg-wal"):
        read_vector_file(tmp_path / "b!ang" / "w.gpkg")


def test_several_shapefiles_in_an_archive_are_refused(write):
    path = write("a.zip", zipped({"a.shp": b"", "b.shp": b""}))
    with pytest.raises(InputDataError, match=r"expected one Shapefile \(\.shp\).*found 2"):
        read_vector_file(path)


def test_an_archive_whose_index_points_outside_it_is_refused(write):
    content = bytearray(zipped({"a.shp": b"x"}))
    at = content.rindex(b"PK\x05\x06") + 16  # where the index begins, by its own word
    content[at : at + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(InputDataError, match=r"a\.zip"):
        read_vector_file(write("a.zip", bytes(content)))


def test_a_damaged_reference_system_is_refused(tmp_path, frame):
    frame.to_crs(4326).to_file(tmp_path / "a.shp")
    system = (tmp_path / "a.prj").read_bytes()
    (tmp_path / "a.prj").write_bytes(system.replace(b"Greenwich", b"Greenw\xff\xffh"))
    with pytest.raises(InputDataError, match=r"a\.shp: its reference system \(\.prj\) is damaged"):
        read_vector_file(tmp_path / "a.shp")


def test_a_layer_whose_geometries_a_damaged_index_hides_is_refused(tmp_path):
    path = tmp_path / "roads.gpkg"
    line = shapely.linestrings([[0.0, 0.0], [1.0, 1.0]])
    gpd.GeoDataFrame({"a": [1]}, geometry=[line], crs=4326).to_file(path, layer="roads")
    whole = path.read_bytes()
    entry = b"\x03\x17\troads"  # of an index of names: GDAL looks for geometries by one
    told = []
    for found in re.finditer(re.escape(entry), whole):
        at = found.end() - 3
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 128]) + whole[at + 1 :])
        try:
            read_vector_file(path)
        except InputDataError as error:
            told.append(str(error))
    assert any("found a layer without" in text for text in told)
