import pytest
from openpyxl import Workbook

from planner.errors import InputDataError
from planner.network.load import load_network
from planner.network.road_columns import RoadColumns
from planner.network.tables import read_node_arc_tables
from planner.scenario.road_file_sources import TablesNetwork

NODES = "node_id,name,lon,lat\na,Ahausen,9.0,50.0\nb,,10.0,50.0\nc,Cdorf,10.0,51.0\n"
ARCS = """from_node,to_node,length_km,free_speed_kmh,road,oneway
a,b,80,120,A7,no
b,c,120,,,yes
a,c,150,100,B3,-1
"""


def reading(*, two_way=False, length_unit="km", speed_unit="km/h", **columns):
    return RoadColumns(columns, length_unit, speed_unit, 90.0, two_way)


@pytest.fixture
def read(write):
    def read_tables(nodes=NODES, arcs=ARCS, how=None, crs="EPSG:4326"):
        return read_node_arc_tables(
            write("nodes.csv", nodes), write("arcs.csv", arcs), how or reading(), crs
        )

    return read_tables


def ends(graph) -> list[str]:
    return [
        f"{graph.node_id[start]}{graph.node_id[end]}"
        for start, end in zip(graph.arc_from_idx, graph.arc_to_idx, strict=True)
    ]


def test_rows_become_arcs_in_the_directions_that_may_be_driven(read):
    graph = read()
    assert ends(graph) == ["ab", "bc", "ba", "ca"]
    assert graph.arc_length_km.tolist() == [80.0, 120.0, 80.0, 150.0]
    assert graph.arc_free_speed_kmh.tolist() == [120.0, 90.0, 120.0, 100.0]
    assert graph.arc_road.tolist() == ["A7", "", "A7", "B3"]
    assert graph.node_name.tolist() == ["Ahausen", "b", "Cdorf"]


@pytest.mark.parametrize(("two_way", "expected"), [(False, ["ab"]), (True, ["ab", "ba"])])
def test_the_scenario_says_whether_rows_without_a_oneway_value_lead_both_ways(
    read, two_way, expected
):
    assert ends(read(arcs="from,to,length_km\na,b,80\n", how=reading(two_way=two_way))) == expected


def test_columns_are_mapped_and_units_and_systems_turned(read):
    graph = read(
        nodes="nr;X;Y\n1;500000;5600000\n2;510000;5600000\n",
        arcs="A;B;LEN;V\n1;2;10500;30\n",
        how=reading(
            length_unit="m", speed_unit="m/s", node_id="nr", x="X", y="Y",
            from_node="A", to_node="B", length="LEN", free_speed="V",
        ),
        crs="EPSG:25832",
    )  # fmt: skip
    assert graph.lon[0] == pytest.approx(9.0)
    assert graph.arc_length_km.tolist() == [10.5]
    assert graph.arc_free_speed_kmh == pytest.approx([108.0])


@pytest.mark.parametrize(
    ("nodes", "arcs", "said"),
    [
        ("", ARCS, "the file is empty"),
        (NODES, "from,to,length_km\n", "expected a header and at least one row"),
        (NODES.replace("b,,", "a,,"), ARCS, "node_id must be unique; see rows 2, 3"),
        (NODES.replace("c,Cdorf", "d,Cdorf"), ARCS, "from_node_id names node c not in .*row 4"),
        (NODES.replace("10.0,50.0", "nan,50.0"), ARCS, "x must be a finite number"),
        (NODES.replace("10.0,50.0", ",50.0"), ARCS, "every node needs a position; see row 3"),
        (NODES.replace("lon,lat", "lat,lon"), ARCS, "look swapped"),
        (NODES.replace("10.0,5", "410.0,5"), ARCS, "outside the area of EPSG:4326"),
        (
            NODES,
            ARCS.replace(",80,", ",0,"),
            "length must be from 1e-06 to 5,000 km, .* row 2",
        ),
        (NODES, ARCS.replace(",80,", ",,"), "every arc needs a length; see row 2"),
        (
            NODES,
            ARCS.replace("120,A7", "-5,A7"),
            "speed must be from 1 to 400 km/h, .* row 2",
        ),
        (NODES, ARCS.replace(",no", ",perhaps"), "oneway must be one of no, .*; see row 2"),
        (NODES, ARCS.replace("length_km", "distance"), "missing column length_km"),
        (NODES, ARCS.replace("b,c,120,,,yes", "b,c,120"), "expected 6 cells in every row .* row 3"),
    ],
)
def test_broken_tables_are_refused_with_their_fault(read, nodes, arcs, said):
    with pytest.raises(InputDataError, match=said):
        read(nodes, arcs)


def test_lengths_in_another_unit_than_said_are_found(read):
    with pytest.raises(InputDataError, match="unit of the lengths"):
        read(how=reading(length_unit="m"))


def test_a_mapping_must_name_columns_that_are_read_and_there(read):
    with pytest.raises(InputDataError, match=r"columns may name node_id, .*found speed"):
        read(how=reading(speed="V"))
    with pytest.raises(InputDataError, match="missing column tempo"):
        read(how=reading(free_speed="tempo"))


def test_a_network_may_lie_in_two_sheets_of_a_workbook(tmp_path):
    workbook = Workbook()
    workbook.active.append(["see the other sheets"])
    for title, text in (("Knoten", NODES), ("Kanten", ARCS.replace("from_node", "von"))):
        sheet = workbook.create_sheet(title)
        for line in text.splitlines():
            sheet.append([cell or None for cell in line.split(",")])
    workbook.save(tmp_path / "network.xlsx")
    file = tmp_path / "network.xlsx"
    settings = TablesNetwork.model_validate(
        {
            "source": "tables",
            "nodes": {"path": file, "sheet": "Knoten"},
            "arcs": {"path": file, "sheet": "Kanten", "columns": {"from_node": "von"}},
        }
    )
    assert load_network(settings)[0].node_id.tolist() == ["a", "b", "c"]
