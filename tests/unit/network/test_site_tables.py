import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.site_tables import TableDefaults, read_site_table

TABLE = """site_id,name,motorway,lon,lat,grid_connection_kw,direction,parking_spaces
X1,First,A7,9.25,50.01,2200,both,40
X2,,A 7,9.75,49.99,,N,
"""


@pytest.fixture
def read(write, west_east_graph):
    def read_text(text=TABLE, columns=None, name="sites.csv"):
        return read_site_table(
            write(name, text), columns or {}, TableDefaults("one", 0.4), west_east_graph
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
        (TABLE, {"longitude": "lon"}, "sites.columns may name id, name, .*found longitude"),
        (TABLE.replace("X2", "X1"), {}, "ids must be unique.*rows 2, 3"),
        (TABLE.replace("X2", ""), {}, "needs an id.*row 3"),
        (TABLE.replace("9.75", ""), {}, "needs lon and lat.*row 3"),
        (TABLE.replace("9.75,49.99", "49.99,9.75"), {}, "look swapped.*row 3"),
        (TABLE.replace("9.75,49.99", "9.75,99"), {}, "lat -90 to 90 degrees; see row 3"),
        (TABLE.replace("9.75", "9°45"), {}, "finite number .degrees.*row 3"),
        (TABLE.replace(",N,", ",up,"), {}, "direction must be north, .*both, one; see row 3"),
        (TABLE.replace("2200", "-1"), {}, "grid_connection_kw must be at least 0 kW; see row 2"),
        (TABLE.replace("both,40", "both,4.5"), {}, "parking_spaces must be whole numbers.*row 2"),
        ("", {}, "expected a header"),
    ],
)
def test_broken_tables_are_refused_with_column_and_row(read, text, columns, said):
    with pytest.raises(InputDataError, match=said) as caught:
        read(text, columns)
    assert "sites.csv" in str(caught.value)


def test_an_unknown_file_type_is_refused(read):
    with pytest.raises(InputDataError, match=r"expected a table as .*\.csv.*found '\.doc'"):
        read(name="sites.doc")
