import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.site_attachment import snap_sites
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table

TABLE = """site_id,name,motorway,lon,lat,grid_connection_kw,direction,parking_spaces
X1,First,A7,9.25,50.01,2200,both,40
X2,,A 7,9.75,49.99,,N,
"""


@pytest.fixture
def read(write, west_east_graph):
    def read_text(text=TABLE, columns=None, name="sites.csv", **layout):
        return read_site_table(
            write(name, text),
            TableLayout(columns or {}, **layout),
            TableDefaults("one", 0.4),
            west_east_graph,
        )

    return read_text


def test_usual_names_are_found_and_gaps_are_filled(read):
    places = read()
    assert places["site_id"].tolist() == ["X1", "X2"]
    assert places["name"].tolist() == ["First", "X2"]
    assert places["road"].tolist() == ["A7", "A 7"]
    assert places["direction"].tolist() == ["both", "north"]
    assert places["off_road_km"].tolist() == [0.4, 0.4]
    assert places["parking_spaces"].tolist() == [40, -1]
    np.testing.assert_array_equal(places["grid_connection_kw"], [2200.0, np.nan])
    assert places["max_hpc"].tolist() == [-1, -1]
    assert places["existing_hpc"].tolist() == [0, 0]


def test_what_stands_and_what_has_room_comes_along(read, west_east_graph):
    text = (
        "id,lon,lat,max_hpc,existing_hpc,existing_lpc,parking_spaces\n"
        "A,9.25,50.0,8,2,,40\nB,9.5,50.0,,3,5,\n"
    )
    sites, _ = snap_sites(read(text), west_east_graph, 10.0, "sites.csv")
    assert sites.max_hpc.tolist() == [8, -1]
    assert sites.existing_hpc.tolist() == [2, 3]
    assert sites.existing_lpc.tolist() == [0, 5]
    assert sites.parking_spaces.tolist() == [40, -1]


def test_grid_operators_come_along_without_blanks_and_words_for_not_known(read, west_east_graph):
    text = (
        "id,lon,lat,Netzbetreiber,grid_operator_hv\nA,9.25,50,Nord AG\u00a0,unknown\nB,9.5,50,,\n"
    )
    sites, _ = snap_sites(read(text), west_east_graph, 10.0, "sites.csv")
    assert sites.register()["grid_operator_mv"].tolist() == ["Nord AG", ""]
    assert sites.grid_operator_hv is None


@pytest.mark.parametrize(
    ("direction", "heading_east"),
    [("Süd", True), ("eastbound", True), ("90", True), ("70°", True), ("SO", True),
     ("Nord", False), ("Richtung Westen", False), ("270", False), ("NW", False)],
)  # fmt: skip
def test_directions_choose_the_carriageway(read, west_east_graph, direction, heading_east):
    # Drawn north of a road that leads east and west: only the column tells the side.
    places = read(f"id,lon,lat,direction\nA,9.25,50.02,{direction}\n")
    sites, _ = snap_sites(places, west_east_graph, 10.0, "sites.csv")
    (arc,) = sites.attachment_arc_idx
    goes_east = west_east_graph.arc_to_idx[arc] > west_east_graph.arc_from_idx[arc]
    assert goes_east == heading_east
    along = sites.attachment_offset_km[0] if goes_east else 80.0 - sites.attachment_offset_km[0]
    assert along == pytest.approx(20.0, abs=0.1)


def test_projected_coordinates_are_transformed(read):
    places = read("id,x,y\nA,500000,5538630\n", crs="EPSG:25832")
    assert places["lon"].iloc[0] == pytest.approx(9.0, abs=1e-6)
    assert places["lat"].iloc[0] == pytest.approx(50.0, abs=1e-3)


def test_the_unit_of_grid_connections_is_the_headers_or_the_settings(read):
    in_mw = TABLE.replace("grid_connection_kw", "grid_connection_mw").replace("2200", "2.2")
    assert read(in_mw)["grid_connection_kw"].iloc[0] == 2200.0
    unnamed = in_mw.replace("grid_connection_mw", "grid_connection")
    assert read(unnamed, grid_connection_unit="MW")["grid_connection_kw"].iloc[0] == 2200.0


def test_a_mapping_goes_before_the_usual_names(read):
    text = "nr,id,x,y\n7,A,9.25,50.0\n"
    places = read(text, {"id": "nr", "lon": "x", "lat": "y"})
    assert places["site_id"].tolist() == ["7"]
    assert places["direction"].tolist() == ["one"]


def test_header_case_does_not_matter(read):
    assert read("ID,Longitude,LAT\nA,9.25,50.0\n")["lon"].tolist() == [9.25]


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("site_id,lon\nA,9\n", {}, "missing column lat"),
        ("site_id,lonn,lat\nA,9,50\n", {}, "missing column lon .did you mean lonn"),
        (TABLE, {"lon": "longitud"}, "missing column longitud"),
        (TABLE, {"longitude": "lon"}, "sites.columns: expected id, name, .*found longitude"),
        (TABLE.replace("X2", "X1"), {}, "ids must be unique.*rows 2, 3"),
        (TABLE.replace("X2", ""), {}, "needs an id.*row 3"),
        (TABLE.replace("9.75", ""), {}, "needs lon and lat.*row 3"),
        (TABLE.replace("9.75,49.99", "49.99,9.75"), {}, "look swapped.*row 3"),
        (TABLE.replace("9.75,49.99", "9.75,99"), {}, "lat -90 to 90 degrees; see row 3"),
        (TABLE.replace("9.75,49.99", "553000,5538000"), {}, "need sites.crs; .*see row 3"),
        (TABLE.replace("9.75", "9°45"), {}, "finite number .degrees.*row 3"),
        (TABLE.replace(",N,", ",up,"), {}, "direction must be both, one, .*; see row 3"),
        (
            TABLE.replace("2200", "-1"),
            {},
            "connection_kw must be from 0 .*kW.*; see row 2",
        ),
        (TABLE.replace("both,40", "both,4.5"), {}, "parking_spaces must be whole numbers.*row 2"),
        (TABLE.replace("2200", "2.2"), {}, "2.2 to 2.2 kW.*look like MW.*grid_connection_unit"),
        (TABLE.replace("parking_spaces", "max_hpc").replace(",40", ",99999"), {}, "0 to 10,000 p"),
        ("id,lon,lat,off_road_km\nA,9.2,50,300\n", {}, "20 km; it looks like metres; see row 2"),
        ("id,lon,lat,max_hpc,existing_hpc\nA,9.2,50,2,3\n", {}, "existing_hpc must not be .*row 2"),
        ("id,lon,lat,existing_lpc,parking_spaces\nA,9.2,50,9,8\n", {}, "more than parking.*row 2"),
        ("", {}, "the file is empty"),
    ],
)
def test_broken_tables_are_refused_with_column_and_row(read, text, columns, said):
    with pytest.raises(InputDataError, match=said) as caught:
        read(text, columns)
    assert "sites.csv" in str(caught.value)


def test_an_unknown_file_type_is_refused(read):
    with pytest.raises(InputDataError, match=r"expected a table as .*\.csv.*found '\.doc'"):
        read(name="sites.doc")


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ({"sheet": "Sites"}, r"a \.csv file has no sheets"),
        ({"crs": "EPSG:25832"}, "outside the area of"),
        ({"crs": "EPSG:99"}, "sites.crs: expected a coordinate reference system"),
    ],
)
def test_settings_that_do_not_fit_the_file_are_refused(read, layout, said):
    with pytest.raises(InputDataError, match=said):
        read(**layout)


def test_a_map_file_says_its_own_coordinate_system(read):
    with pytest.raises(InputDataError, match=r"leave out sites\.crs"):
        read("{}", name="sites.geojson", crs="EPSG:25832")
