import numpy as np
import pytest

from planner.demand.calibration import Catchment
from planner.demand.regions import great_circle_km, read_freight_places
from planner.errors import InputDataError

NEAR = Catchment(max_nodes=3, radius_km=10.0, decay_km=5.0)
WIDE = Catchment(max_nodes=3, radius_km=200.0, decay_km=100.0)
STATES = {"North": 6.0, "South": 5.0}
HEADER = "kind,node_id,country,state,weight,km_abroad_median\n"
ROWS = "city,aa,DE,North,60,\ncity,dd,DE,South,20,\nport,cc,DE,South,30,\ngateway,ee,PL,,9,450\n"


def write(tmp_path, text):
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_cities_keep_to_themselves_where_no_node_is_near(tmp_path, line_graph):
    places = read_freight_places(write(tmp_path, HEADER + ROWS), line_graph, STATES, NEAR)
    assert places.node_idx.tolist() == [0, 2, 3, 4]
    assert places.weight.tolist() == [6.0, 3.0, 2.0, 9.0]
    assert places.is_gateway.tolist() == [False, False, False, True]
    assert places.country.tolist() == ["DE", "DE", "DE", "PL"]
    assert places.abroad_median_km.tolist() == [0.0, 0.0, 0.0, 450.0]


def test_catchment_keeps_the_weight_and_never_reaches_a_gateway(tmp_path, line_graph):
    places = read_freight_places(write(tmp_path, HEADER + ROWS), line_graph, STATES, WIDE)
    weight = dict(zip(places.node_idx.tolist(), places.weight.tolist(), strict=True))
    away_km = great_circle_km(
        line_graph.lon[:1], line_graph.lat[:1], line_graph.lon[1:2], line_graph.lat[1:2]
    )[0, 0]
    at_neighbour = 6.0 * np.exp(-away_km / 100.0) / (1.0 + np.exp(-away_km / 100.0))
    assert weight[1] == pytest.approx(at_neighbour)
    assert weight[0] + weight[1] == pytest.approx(6.0)
    assert weight[2] + weight[3] == pytest.approx(5.0)
    assert weight[4] == 9.0


def test_catchment_holds_no_more_nodes_than_allowed(tmp_path, line_graph):
    path = write(tmp_path, HEADER + "city,cc,DE,South,5,\n")
    everywhere = Catchment(max_nodes=3, radius_km=2000.0, decay_km=100.0)
    places = read_freight_places(path, line_graph, STATES, everywhere)
    assert places.node_idx.tolist() == [1, 2, 3]
    assert places.weight.sum() == pytest.approx(5.0)
    assert places.weight[1] == places.weight.max()


def test_great_circle_between_hamburg_and_munich():
    distance_km = great_circle_km(
        np.array([9.99]), np.array([53.55]), np.array([11.58]), np.array([48.14])
    )
    assert distance_km[0, 0] == pytest.approx(612.0, rel=0.005)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "city,zz,DE,South,1,\n", "node_id must be a node of the network.* row 2"),
        (
            "kind,node_id,country,state,weight\ncity,aa,DE,South,1\n",
            "missing column km_abroad_median",
        ),
        (HEADER + "city,aa,DE,West,1,\n", "state must be one of North, South; see row 2"),
        (
            HEADER + "city,aa,DE,South,1,\nvillage,bb,DE,South,1,\n",
            "kind must be one of city, port, gateway; see row 3",
        ),
        (HEADER + "city,aa,DE,South,0,\n", "weight must be above 0; see row 2"),
        (HEADER + "city,aa,DE,South,heavy,\n", "weight must be a finite number .* 'heavy'"),
        (
            HEADER + "city,aa,DE,South,1,\ngateway,ee,PL,,1,\n",
            "km_abroad_median must be above 0 at a gateway; see row 3",
        ),
    ],
)
def test_broken_regions_are_named(tmp_path, line_graph, text, message):
    with pytest.raises(InputDataError, match=message):
        read_freight_places(write(tmp_path, text), line_graph, STATES, NEAR)


def test_missing_file_is_named(tmp_path, line_graph):
    with pytest.raises(InputDataError, match=r"regions\.csv: expected a CSV table, found no file"):
        read_freight_places(tmp_path / "regions.csv", line_graph, STATES, NEAR)


def test_weights_of_another_table_take_the_place_of_the_regions_own(tmp_path, line_graph):
    rows = "".join(f"r{i},{row}\n" for i, row in enumerate(ROWS.splitlines()))
    path = write(tmp_path, f"region_id,{HEADER}{rows}")
    weights = tmp_path / "weights.csv"
    weights.write_text("region_id,weight\nr3,7\nr0,1\nr1,10\nr2,90\n", encoding="utf-8")
    places = read_freight_places(path, line_graph, STATES, NEAR, weights)
    assert places.weight.tolist() == [6.0, 4.5, 0.5, 7.0]
    weights.write_text("region_id,weight\nr3,7\n", encoding="utf-8")
    with pytest.raises(InputDataError, match=r"every region must have a weight in weights\.csv"):
        read_freight_places(path, line_graph, STATES, NEAR, weights)
