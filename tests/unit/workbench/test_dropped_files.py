"""Dropped files: their names, what they may be, their columns, and the study's text with them."""

import errno
import json
import os
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from planner.errors import InputDataError, RunDirectoryError
from planner.network.load import load_network
from planner.network.site_tables import USUAL_NAMES
from planner.scenario.network_sources import BuiltinNetwork
from planner.workbench import dropped_recognition
from planner.workbench.dropped_columns import MEANINGS, found_columns
from planner.workbench.dropped_crs import guessed_crs
from planner.workbench.dropped_files import arriving, kept_file, kept_files, plain_name, taken_over
from planner.workbench.dropped_look import Told, look_at
from planner.workbench.dropped_recognition import recognised
from planner.workbench.dropped_text import with_file
from planner.workbench.dropped_uses import USES
from planner.workbench.study_fields import study_fields
from planner.workbench.yaml_edits import keys_of
from tests.languages import GERMAN

TEXT = """# mine
name: a
network: {source: builtin}  # roads
sites: {source: builtin, network: policy}  # which
demand:
  source: builtin  # whose
  fitted_to: sample
  # how many
  electrification_share: 0.1
"""
NODES = "node_id,lon,lat\na,9,50\nb,9.5,50\nc,10,50\n"
ARCS = "von,nach,length_km,oneway\na,b,36,no\nb,c,36,no\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path


def put(root, name, content):
    (root / "data" / name).write_text(content, encoding="utf-8")
    return root / "data" / name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("sites.csv", "sites.csv"),
        ("C:\\data\\Raststätten 2026 (neu).XLSX", "Raststätten 2026 (neu).xlsx"),
        ("../../etc/.passwd.csv", "passwd.csv"),
        ("a\x00\u202e<b>.osm.pbf", "a-b.osm.pbf"),
        ("con.csv", "file-con.csv"),
        (".gpkg", "file.gpkg"),
        ("x" * 300 + ".csv", "x" * 80 + ".csv"),
    ],
)
def test_files_are_kept_under_plain_names(name, kept):
    assert plain_name(name) == kept


@pytest.mark.parametrize(("name", "why"), [("a.exe", "ending"), ("roads.shp", ".zip"), ("", "end")])
def test_files_that_no_reader_takes_are_refused_by_name(name, why):
    with pytest.raises(InputDataError, match=why) as caught:
        plain_name(name)
    assert re.search("erwartet|besteht aus", GERMAN.own_text(caught.value.args[0]))


def test_a_file_arrives_whole_or_not_at_all_and_replaces_none(root):
    def drop(content):
        with arriving(root) as (file, path):
            file.write(content)
            file.close()
            return taken_over(root, path, "a.csv")

    assert [drop(b"1"), drop(b"2"), drop(b"1"), drop(b"2")] == ["a.csv", "a-2.csv"] * 2

    def break_off():
        with arriving(root) as (file, _):
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert sorted(each.name for each in (root / "data").iterdir()) == kept_files(root)
    (root / "data" / "link.csv").symlink_to("/etc/hostname")
    assert kept_files(root) == ["a-2.csv", "a.csv"]
    for outside in ("../a.csv", "none.csv", "", "..", "link.csv"):
        with pytest.raises(InputDataError):
            kept_file(root, outside)


def test_a_file_that_the_disk_has_no_room_for_is_told_of_in_either_language(root):
    with (
        pytest.raises(RunDirectoryError, match="no room left on its disk") as caught,
        arriving(root),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "kein Platz mehr" in GERMAN.own_text(caught.value.args[0])


@pytest.mark.parametrize(
    ("header", "use"),
    [
        ("id,lon,lat,parking_spaces,grid_connection_kw", "sites"),
        ("Standort-Nr.;Rechtswert;Hochwert;Anschluss [MW];Lkw-Stellplätze", "sites"),
        ("name,longitude,latitude,charging_points,max_power_kw,operator", "existing"),
        ("origin,destination,trucks_per_year", "demand_od"),
        ("Quelle;Ziel;Lkw", "demand_od"),
        ("trip_id,origin,destination,departure_h", "demand_trips"),
        ("zone,lon,lat", "zones"),
        ("node_id,x,y", "network_nodes"),
        ("from_node_id,to_node_id,length_km,free_speed_kmh,road", "network_arcs"),
        ("id,lon,lat", ""),
        ("a,b,c", ""),
    ],
)
def test_tables_are_recognised_by_their_columns_or_asked_for(root, header, use):
    separator = ";" if ";" in header else ","
    n = len(header.split(separator))
    rows = [separator.join(f"{row}{column}" for column in range(n)) for row in (1, 2)]
    path = put(root, "t.csv", "\n".join([header, *rows]))
    assert recognised(path).likeliest == use
    assert set(recognised(path).uses) <= set(USES)


def test_of_a_large_table_the_first_rows_tell_what_it_is(root, monkeypatch):
    monkeypatch.setattr(dropped_recognition, "_HEAD_BYTES", 60)
    rows = "a,b,3\n" * 30 + '"cut,b,3\n'
    assert recognised(put(root, "t.csv", "Quelle,Ziel,Lkw\n" + rows)).likeliest == "demand_od"
    text = 'name,lon,lat,power_kw,operator\n"a\n' + "b" * 80 + '",9,50,400,x\n'
    assert recognised(put(root, "q.csv", text)).likeliest == "existing"


def test_other_files_are_recognised_by_what_they_hold(root):
    assert recognised(put(root, "m.csv", ",a,b\na,0,1\nb,2,0\n")).likeliest == "demand_od"
    assert recognised(put(root, "n.xml", "<network/>")).likeliest == "network_matsim"
    assert recognised(put(root, "p.xml", "<population/>")).likeliest == "demand_matsim"
    assert recognised(put(root, "o.xml", "<osm/>")).uses == ("network_osm", "sites_osm")
    with pytest.raises(InputDataError, match="carriers of MATSim"):
        recognised(put(root, "c.xml", "<carriers/>"))
    line = gpd.GeoDataFrame({"ref": ["A 1"]}, geometry=[shapely.LineString([(9, 50), (10, 50)])])
    line.set_crs(4326).to_file(root / "data" / "l.gpkg")
    assert recognised(root / "data" / "l.gpkg").likeliest == "network_lines"


def test_areas_may_be_regions_whose_names_are_guessed(root):
    put(root, "nodes.csv", NODES)
    put(root, "arcs.csv", ARCS)
    study = root / "studies" / "new-study.yaml"
    roads = look_at(root, "arcs.csv", TEXT, Told(), study).text
    areas = gpd.GeoDataFrame({"GEN": ["a", "b"]}, geometry=[shapely.box(8, 49, 9.2, 51)] * 2)
    areas.set_crs(4326).to_file(root / "data" / "a.geojson")
    asked = look_at(root, "a.geojson", roads, Told(), study)
    assert (asked.use, asked.uses[0], asked.read) == ("", "regions", None)
    found = look_at(root, "a.geojson", roads, Told("regions"), study)
    assert (found.faults, found.options["regions.name_column"]) == ([], "GEN")
    assert [str(line) for line in found.read.said] == [
        "2 regions",
        "50 % of the nodes of the roads lie in them",
    ]


def test_what_readers_recognise_goes_before_guesses_and_no_column_is_taken_twice():
    columns = ["Nr", "ID", "lat", "Länge", "name", "Name der Anlage"]
    found = {each.name: each for each in found_columns(USUAL_NAMES, ("id", "lon"), columns)}
    assert (found["id"].column, found["id"].is_guessed) == ("ID", False)
    assert (found["lon"].column, found["lon"].is_guessed) == ("Länge", True)
    assert found["name"].column == "name"
    assert found["parking_spaces"].column == ""
    taken = [each.column for each in found.values() if each.column]
    assert len(taken) == len(set(taken))


def test_every_column_and_key_of_a_use_is_known():
    for use in USES.values():
        assert set(use.columns) <= set(MEANINGS)
        keys = {use.path_key, *use.settings, *use.options, *(each.key for each in use.companions)}
        assert keys <= set(study_fields())
        assert not use.columns or use.columns_key in study_fields()
        assert {each.use for each in use.companions} <= set(USES)


def test_a_file_is_set_in_the_text_with_comments_kept_and_keys_of_the_other_source_gone():
    use = USES["sites"]
    options = {"sites.crs": "EPSG:25832", "sites.max_snap_km": ""}
    text = with_file(TEXT, use, "../data/a b.csv", {"id": "Nr, neu", "lon": "x: y"}, options, {})
    assert keys_of(text, "t")["sites"] == {
        "source": "table",
        "path": "../data/a b.csv",
        "columns": {"id": "Nr, neu", "lon": "x: y"},
        "crs": "EPSG:25832",
    }
    again = with_file(text, use, "../data/c.csv", {}, {"sites.crs": ""}, {})
    assert keys_of(again, "t")["sites"] == {"source": "table", "path": "../data/c.csv"}
    zones = {"demand.zones.path": "../data/z.csv"}
    text = with_file(again, USES["demand_od"], "../data/od.csv", {}, {}, zones)
    assert keys_of(text, "t")["demand"] == {
        "source": "od_table",
        "electrification_share": 0.1,
        "path": "../data/od.csv",
        "zones": {"path": "../data/z.csv"},
    }
    for comment in ("# mine", "# roads", "# which", "# whose", "# how many"):
        assert comment in text


def test_metres_are_read_in_the_system_that_puts_them_by_the_roads():
    graph, _ = load_network(BuiltinNetwork(source="builtin"))
    places = np.arange(0, graph.n_nodes, 30)
    to = Transformer.from_crs(4326, "EPSG:25833", always_xy=True)
    x, y = to.transform(graph.lon[places], graph.lat[places])
    assert guessed_crs(x, y, graph) == "EPSG:25833"
    assert guessed_crs(graph.lon, graph.lat, graph) is None
    assert guessed_crs(np.array([1e9]), np.array([1e9]), graph) is None


def test_nodes_and_arcs_are_read_together_and_sites_on_them_with_those_that_are_dropped(root):
    study = root / "studies" / "new-study.yaml"
    put(root, "nodes.csv", NODES)
    alone = look_at(root, "nodes.csv", TEXT, Told(), study)
    assert (alone.use, alone.read, alone.faults) == ("network_nodes", None, [])
    assert alone.waits is not None
    put(root, "arcs.csv", ARCS)
    roads = look_at(root, "arcs.csv", TEXT, Told(), study)
    assert roads.faults == []
    assert roads.companions == {"network.nodes.path": "nodes.csv"}
    assert roads.columns["from_node"] == "von"
    assert roads.read.graph.n_arcs == 2  # joined between its ends
    put(root, "s.csv", "Nr;P1;P2\n1;9,2;50,0\n2;9,4;50,0\n3;12,0;50,0\n")
    asked = look_at(root, "s.csv", roads.text, Told(), study)
    assert (asked.use, asked.read) == ("", None)
    assert asked.uses[0] in USES
    wrong = look_at(root, "s.csv", roads.text, Told("sites"), study)
    assert "missing column" in wrong.faults[0].english
    assert "s.csv" in wrong.faults[0].english
    right = look_at(root, "s.csv", roads.text, Told("sites", {"lon": "P1", "lat": "P2"}), study)
    assert right.faults == []
    assert keys_of(right.text, "t")["sites"]["columns"] == {"id": "Nr", "lon": "P1", "lat": "P2"}
    assert [(each.row, each.name) for each in right.read.dropped] == [("4", "3")]
    assert list(right.read.places.name) == ["1", "2"]
    again = look_at(root, "s.csv", right.text, Told("sites"), study)
    assert again.columns == right.columns
    assert not any("a guess" in each.english for each in again.guessed)
    assert any("id is read from the column Nr" in each.english for each in right.guessed)


def test_faults_of_text_and_file_are_answers(root):
    study = root / "studies" / "new-study.yaml"
    put(root, "sites.csv", "site_id,lon,lat,parking_spaces\n1,200,50,x\n")
    for text in (TEXT, "a: [", "sites: 3\n", "network: {source: nobody}\nsites: {}\n"):
        found = look_at(root, "sites.csv", text, Told("sites"), study)
        assert found.faults
        assert found.read is None


def test_a_table_of_trips_shows_where_trucks_begin_and_end(root):
    study = root / "studies" / "new-study.yaml"
    put(root, "nodes.csv", NODES)
    put(root, "arcs.csv", ARCS)
    roads = look_at(root, "arcs.csv", TEXT, Told(), study).text
    roads += "vehicles: {mix: {long-haul-600: 1.0}}\n"
    roads = roads.replace("share: 0.1", "share: 1.0\n  min_distance_km: 50")
    trips = pd.DataFrame({"origin": ["a"] * 9, "destination": ["c"] * 9, "departure_h": range(9)})
    trips.to_parquet(root / "data" / "trips.parquet")
    found = look_at(root, "trips.parquet", roads, Told(), study)
    assert (found.use, found.faults) == ("demand_trips", [])
    assert dict(zip(found.read.places.told, found.read.places.size, strict=True)) == {
        "a": 9.0,
        "c": 9.0,
    }


def test_places_without_power_or_kind_are_no_points_that_stand(root):
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [9.2, 50.0]}}
    places = {"Name": "Rast A", "Anschluss_kW": 9000}
    points = {"Name": "Rast A", "power_kw": 350, "n_points": 2}
    for properties, uses in ((places, ("sites", "existing")), (points, ("existing", "sites"))):
        layer = {"type": "FeatureCollection", "features": [feature | {"properties": properties}]}
        put(root, "places.geojson", json.dumps(layer))
        assert recognised(root / "data" / "places.geojson").uses == uses


def test_the_sheet_that_holds_the_trucks_is_read_not_a_cover_before_it(root):
    study = root / "studies" / "new-study.yaml"
    with pd.ExcelWriter(root / "data" / "od.xlsx") as book:
        pd.DataFrame({"Export": ["2026"]}).to_excel(book, sheet_name="Info", index=False)
        pd.DataFrame({"Quelle": ["a"], "Ziel": ["b"], "Lkw": [9]}).to_excel(
            book, sheet_name="Daten", index=False
        )
    asked = look_at(root, "od.xlsx", TEXT, Told(), study)
    assert asked.table.columns == ("Quelle", "Ziel", "Lkw")
    assert asked.use == "demand_od"
    said = [each.english for each in asked.guessed]
    assert said[0] == "the sheet or layer Daten is read: a guess, please check"
    assert not any("Info" in each for each in said)
    chosen = look_at(root, "od.xlsx", TEXT, Told("demand_od"), study)
    assert keys_of(chosen.text, "t")["demand"]["sheet"] == "Daten"
    other = look_at(root, "od.xlsx", TEXT, Told("", {}, {"demand.sheet": "Info"}), study)
    assert other.table.columns == ("Export",)
