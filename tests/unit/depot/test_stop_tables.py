"""Stops and ways from tables: units, coordinates, and what is wrong with them."""

from __future__ import annotations

import numpy as np
import pytest
from openpyxl import Workbook

from planner.depot.stop_tables import read_stops
from planner.errors import InputDataError
from planner.scenario.depot_model import Stops

HEAD = "id,type,load,service_min,open_min,close_min"
ROWS = ("a,Delivery,1000,10,0,480", "b,Pickup,500,20,60,300")
DISTANCE = ",D0,Ca,Cb\nD0,0,1000,2000\nCa,1100,0,500\nCb,2000,500,0\n"


def section(tmp_path, rows=ROWS, head=HEAD, distance=DISTANCE, **changes):
    (tmp_path / "stops.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text(distance, encoding="utf-8")
    ways = {
        "source": "matrices",
        "distance_m": tmp_path / "m.csv",
        "time_s": tmp_path / "m.csv",
        "stop_prefix": "C",
    }
    return Stops(**({"path": tmp_path / "stops.csv", "ways": ways} | changes))


def test_stops_and_matrices(tmp_path):
    stops, ways = read_stops(section(tmp_path, load_unit="lb"))
    assert stops.ids == ("a", "b")
    assert stops.delivery_kg == pytest.approx([453.59237, 0.0])
    assert stops.pickup_kg == pytest.approx([0.0, 226.796185])
    assert stops.close_min.tolist() == [480.0, 300.0]
    assert np.isinf(stops.leave_cost).all()
    assert ways.distance_m[1, 0] == 1100.0
    assert ways.distance_m[0, 1] == 1000.0
    assert ways.slope is None


def test_names_of_columns(tmp_path):
    head = "id,stop_type,weight,Stop Duration,Arr,Due"
    columns = {
        "type": "stop_type",
        "load": "weight",
        "service_min": "Stop Duration",
        "open_min": "Arr",
        "close_min": "Due",
    }
    stops, _ = read_stops(section(tmp_path, head=head, columns=columns))
    assert stops.service_min.tolist() == [10.0, 20.0]


def test_coordinates_with_slopes(tmp_path):
    rows = ("a,delivery,10,0,0,480,51.0,10.0,300", "b,delivery,10,0,0,480,52.0,10.0,100")
    ways = {
        "source": "coordinates",
        "latitude": 51.0,
        "longitude": 9.0,
        "elevation_m": 100.0,
        "detour_factor": 1.5,
        "mean_speed_kmh": 60.0,
    }
    _, found = read_stops(
        section(tmp_path, rows, HEAD + ",latitude,longitude,elevation_m", ways=ways)
    )
    degree_km = 6371.0088 * np.pi / 180.0
    assert found.distance_m[1, 2] == pytest.approx(1500.0 * degree_km, rel=1e-9)
    assert found.time_s[1, 2] == pytest.approx(90.0 * degree_km, rel=1e-9)
    assert found.slope[1, 2] == pytest.approx(-200.0 / found.distance_m[1, 2])
    assert found.slope[2, 1] == -found.slope[1, 2]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("a,Delivery,-5,10,0,480",), "load must be 0 or more, found '-5'; see row 2"),
        (("a,Delivery,5,-1,0,480",), "service_min must be 0 or more, found '-1'; see row 2"),
        (("a,Delivery,5,10,300,60",), "not close before it opens .*found '60'; see row 2"),
        (("a,Gift,5,10,0,60",), "type must be delivery or pickup, found 'Gift'; see row 2"),
        (
            ("a,Delivery,5,10,0,60", "a,Pickup,5,10,0,60"),
            "ids must be unique, .*rows 2, 3",
        ),
        (("a,Delivery,much,10,0,60",), "load must be a finite number .* found 'much' .* row 2"),
        (("c,Delivery,5,10,0,60",), "has no row for Cc"),
        ((), "at least one row, found 1"),
    ],
)
def test_wrong_stops_are_named(tmp_path, rows, says):
    with pytest.raises(InputDataError, match=says):
        read_stops(section(tmp_path, rows))


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(InputDataError, match=r"missing column service_min .*depot\.stops\.columns"):
        read_stops(section(tmp_path, head=HEAD.replace("service_min", "minutes")))


def test_coordinates_must_be_there(tmp_path):
    ways = {"source": "coordinates", "latitude": 51.0, "longitude": 9.0}
    with pytest.raises(InputDataError, match=r"columns latitude and longitude .*rows 2, 3"):
        read_stops(section(tmp_path, ways=ways))


def test_ids_are_text_also_where_they_look_like_nothing(tmp_path):
    rows = ("NA,Delivery,1,10,0,480", "007,Pickup,5,20,60,300")
    distance = DISTANCE.replace("a", "NA").replace("b", "007")
    stops, _ = read_stops(section(tmp_path, rows, distance=distance))
    assert stops.ids == ("NA", "007")


def test_a_stop_without_an_id_is_refused(tmp_path):
    with pytest.raises(InputDataError, match=r"every stop needs an id.*row 3"):
        read_stops(section(tmp_path, (ROWS[0], ROWS[1].replace("b,", ",", 1))))


def test_spaces_after_commas_and_large_letters_in_headers_do_not_matter(tmp_path):
    rows = [row.replace(",", ", ") for row in ROWS]
    stops, _ = read_stops(section(tmp_path, rows, head=HEAD.replace(",", ", ").title()))
    assert stops.ids == ("a", "b")


@pytest.mark.parametrize(
    ("distance", "says"),
    [
        (DISTANCE.replace("1100", "n/a"), r"m\.csv: D0 .*in column D0.*'n/a' .*row 3"),
        (DISTANCE.replace("1100", ""), "column D0 must be 0 or more m, found an empty cell"),
        (DISTANCE.replace("1100", "-1"), "column D0 must be 0 or more m, found '-1'; see row 3"),
        (DISTANCE.replace("Cb\n", "Cx\n"), "has no column for Cb"),
        (DISTANCE + "Ca,0,0,0\n", "every place must have one row.*see rows 3, 5"),
    ],
)
def test_matrices_that_do_not_say_every_way_are_refused_with_their_cell(tmp_path, distance, says):
    with pytest.raises(InputDataError, match=says):
        read_stops(section(tmp_path, distance=distance))


def test_tables_may_lie_in_sheets_of_a_workbook(tmp_path):
    workbook = Workbook()
    workbook.active.append(["see the other sheets"])
    stops = workbook.create_sheet("Kunden")
    for line in (HEAD, *ROWS):
        stops.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    ways = workbook.create_sheet("Wege")
    for line in DISTANCE.splitlines():
        ways.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    workbook.save(tmp_path / "depot.xlsx")
    matrix = {"path": tmp_path / "depot.xlsx", "sheet": "Wege"}
    ways_section = {
        "source": "matrices",
        "distance_m": matrix,
        "time_s": matrix,
        "stop_prefix": "C",
    }
    found, between = read_stops(
        section(tmp_path, path=tmp_path / "depot.xlsx", sheet="Kunden", ways=ways_section)
    )
    assert found.ids == ("a", "b")
    assert between.distance_m[1, 0] == 1100.0
