import h5py
import numpy as np
import pytest

from planner.demand.od_table import read_od_table
from planner.demand.od_volumes import read_od_volumes
from planner.errors import InputDataError
from planner.files.table_keys import TableKeys
from planner.scenario.demand_sources import OdTableDemand

PUBLISHED = (
    "ID_origin_region,Name_origin_region,ID_destination_region,Name_destination_region,"
    "Traffic_flow_trucks_2010,Traffic_flow_trucks_2019,Traffic_flow_trucks_2030,"
    "Traffic_flow_tons_2010,Traffic_flow_tons_2019,Traffic_flow_tons_2030,"
    "Distance_from_origin_region_to_E_road,Distance_within_E_road,"
    "Distance_from_E_road_to_destination_region,Edge_path_E_road,Total_distance\n"
    '10,A,20,B,1.0,52.0,104.0,9,9,9,1.0,2.0,3.0,"[1, 2, 3]",600.0\n'
    "20,B,30,C,1.0,26.0,26.0,9,9,9,1.0,2.0,3.0,[],900.0\n"
)
ZONES = (
    "ETISPlus_Zone_ID,Name,Country,Geometric_center\n"
    "10,A,XX,POINT (7.0 50.0)\n20,B,XX,POINT (15.0 50.0)\n30,C,YY,POINT (0.0 50.0)\n"
)
SQUARE = "from/to,aa,cc,ee\naa,0,10,52\ncc,1,0,2\nee,52,4,0\n"


@pytest.fixture
def volumes(tmp_path):
    def run(content, columns=None, matrix=None, name="volumes.csv"):
        path = tmp_path / name
        if callable(content):
            with h5py.File(path, "w") as file:
                content(file)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_od_volumes(path, TableKeys("demand", columns=columns or {}), matrix)

    return run


def triples(found):
    ends = (found.name[found.origin_idx], found.name[found.destination_idx])
    return list(zip(*ends, found.volume.tolist(), strict=True))


def omx(*matrices, lookup=("aa", "cc", "ee"), shape=(3, 3)):
    """Write an OMX file whose matrices count 1 to 9."""

    def write(file):
        for name in matrices:
            file["data/" + name] = np.arange(1.0, shape[0] * shape[1] + 1).reshape(shape)
        if lookup:
            file["lookup/zone_number"] = np.array([text.encode() for text in lookup])

    return write


def test_the_published_layout_gives_trucks_of_2019_between_zones(volumes):
    assert triples(volumes(PUBLISHED)) == [("10", "20", 52.0), ("20", "30", 26.0)]


def test_another_year_of_the_published_layout_is_a_column(volumes):
    found = volumes(PUBLISHED, {"trucks_per_year": "Traffic_flow_trucks_2030"})
    assert found.volume.tolist() == [104.0, 26.0]


def test_a_square_matrix_names_its_places_in_any_order(volumes):
    rows = SQUARE.splitlines(keepends=True)
    turned = rows[0] + rows[3] + rows[1] + rows[2]
    expected = [("aa", "cc", 10.0), ("aa", "ee", 52.0), ("cc", "aa", 1.0), ("cc", "ee", 2.0),
                ("ee", "aa", 52.0), ("ee", "cc", 4.0)]  # fmt: skip
    assert triples(volumes(SQUARE)) == triples(volumes(turned)) == expected


def test_an_omx_matrix_is_read_by_its_lookup_or_number(volumes):
    found = triples(volumes(omx("trucks"), name="m.omx"))
    assert found[:2] == [("aa", "aa", 1.0), ("aa", "cc", 2.0)]
    assert found[-1] == ("ee", "ee", 9.0)
    numbered = volumes(omx("trucks", lookup=()), name="m.omx")
    assert numbered.name.tolist() == ["1", "2", "3"]
    assert volumes(omx("cars", "trucks"), matrix="trucks", name="m.omx").volume[0] == 1.0


def with_value(value):
    def write(file):
        omx("trucks")(file)
        file["data/trucks"][1, 2] = value

    return write


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PUBLISHED.splitlines()[0] + "\n", "the header alone|not readable"),
        (PUBLISHED.replace("52.0", "many"), "finite number .*'many'.* row 2"),
        (
            PUBLISHED.replace("52.0", "-1"),
            "per_year must be given, .* found -1; see row 2",
        ),
        (PUBLISHED.replace("10,A", ",A"), "origin must be given; see row 2"),
        (PUBLISHED.replace("Traffic_flow_trucks_2019", "Trucks"), "missing column trucks_per_year"),
        (PUBLISHED + "30,C\n", "not readable as the published table"),
        (SQUARE.replace("52\ncc", "x\ncc"), "finite number .*'x'"),
        (
            SQUARE.replace("52\ncc", "-5\ncc"),
            "trucks must be given, .* found -5; see origin aa",
        ),
        (SQUARE.replace("52\ncc", "\ncc"), "no cell may be empty; write 0; see origin aa"),
        (SQUARE.replace("\nee", "\naa"), "missing column origin"),
        (SQUARE + "aa,0,0,0\n", "an origin stands twice; see rows 2, 5"),
        (SQUARE.replace("cc,1,0,2\n", "cc,1,0\n"), "expected 4 cells in every row"),
        (b"\x89HDF\r\n\x1a\nand no more", "HDF5 file cannot be read"),
        (omx(), "matrices in /data, found none"),
        (omx("cars", "trucks"), "demand.matrix to one of cars, trucks; found several"),
        (omx("trucks", shape=(3, 2)), "square matrix, found the shape 3 x 2"),
        (omx("trucks", lookup=("aa", "aa", "ee")), "each of the 3 zones once"),
        (omx("trucks", lookup=("aa", "ee")), "found 2 entries"),
        (with_value(-2.0), "found -2 from cc to ee"),
        (with_value(np.nan), "found nan from cc to ee"),
        ("", "the file is empty"),
    ],
)
def test_broken_files_are_named(volumes, content, message):
    with pytest.raises(InputDataError, match=message):
        volumes(content, name="broken.omx" if callable(content) else "broken.csv")


@pytest.fixture
def flows(tmp_path, line_graph):
    def run(table, zones=None, **settings):
        path = tmp_path / "table.csv"
        path.write_text(table, encoding="utf-8")
        if isinstance(zones, dict):
            settings["zones"] = zones
        elif zones is not None:
            settings["zones"] = tmp_path / "zones.csv"
            settings["zones"].write_text(zones, encoding="utf-8")
        demand = OdTableDemand(source="od_table", path=path, **settings)
        return read_od_table(demand, line_graph, 52.0)

    return run


def test_zones_on_the_network_and_beyond_it_become_flows(flows):
    """Zone 30 lies 500 km west of aa, which is the crossing: 1.25 times the straight line."""
    found, notices = flows(PUBLISHED, ZONES)
    assert found.origin_node_idx.tolist() == [0, 4]
    assert found.destination_node_idx.tolist() == [4, 0]
    assert found.trips_per_week.tolist() == [1.0, 0.5]
    assert found.inside_km.tolist() == [600.0, 600.0]
    assert found.abroad_before_median_km.tolist() == [0.0, 0.0]
    np.testing.assert_allclose(found.abroad_after_median_km, [0.0, 1.25 * 500.4], rtol=1e-3)
    assert notices == ()


def test_zones_may_be_nodes_or_coordinates_in_columns(flows):
    by_node = "zone,node_id\n10,aa\n20,ee\n30,cc\n"
    by_place = "zone,lon,lat\n10,7.1,50\n20,15,50\n30,11.2,50\n"
    for zones in (by_node, by_place):
        found, _ = flows(PUBLISHED, zones)
        assert found.origin_node_idx.tolist() == [0, 4]
        assert found.destination_node_idx.tolist() == [4, 2]


@pytest.mark.parametrize(("unit", "per_week"), [("year", 1.0), ("week", 52.0), ("day", 364.0)])
def test_volumes_are_per_year_week_or_day(flows, unit, per_week):
    found, _ = flows("origin,destination,volume\naa,ee,52\n", trucks_per=unit)
    np.testing.assert_allclose(found.trips_per_week, per_week)


def test_what_passes_by_is_counted(flows):
    zones = ZONES.replace("POINT (15.0 50.0)", "POINT (15.0 20.0)").replace("(7.0 50", "(7.0 20")
    with pytest.raises(InputDataError, match=r"pass the network by \(2, with 78 trucks a year\)"):
        flows(PUBLISHED, zones)


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        (ZONES.replace("30,C", "40,C"), "zones of zones.csv; 1 unknown ids: '30'; add them"),
        (ZONES.replace("30,C", "20,C"), "zones must be unique; see rows 3, 4"),
        (ZONES.replace("POINT (0.0 50.0)", "LINESTRING EMPTY"), "must be POINT .* row 4"),
        (ZONES.replace("POINT (0.0 50.0)", "somewhere"), "must be POINT .* row 4"),
        (ZONES.replace("0.0 50.0", "50.0 95.0"), r"on the globe \(lon, lat\); see row 4"),
        ("zone,node_id\n10,aa\n20,ee\n30,zz\n", "node_id must be one of node ids .* row 4"),
        ("zone,name\n10,a\n20,b\n30,c\n", r"node_id would do as well\): missing column lon"),
        ("name\na\n", "missing column zone"),
    ],
)
def test_broken_zones_are_named(flows, zones, message):
    with pytest.raises(InputDataError, match=message):
        flows(PUBLISHED, zones)


def test_thousands_of_trucks_are_not_read_as_decimals(flows):
    with pytest.raises(InputDataError, match=r"'400\.000' .* row 2.*'950'"):
        flows("origin;destination;trucks_per_year\naa;ee;400.000\nee;aa;950\n")


def test_zones_and_their_names_may_stand_in_columns_with_other_names(flows, tmp_path):
    zones = tmp_path / "z.csv"
    zones.write_text("NUTS;Länge;Breite\n10;7,0;50,0\n20;15,0;50,0\n30;0,0;50,0\n", "cp1252")
    columns = {"zone": "NUTS", "lon": "Länge", "lat": "Breite"}
    renamed, _ = flows(PUBLISHED, zones={"path": zones, "columns": columns})
    plain, _ = flows(PUBLISHED, zones=ZONES)
    assert renamed.trips_per_week.tolist() == plain.trips_per_week.tolist()
