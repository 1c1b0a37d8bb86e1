import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.builtin import read_builtin_network, read_builtin_sites

NODES = """node_id,name,kind,lon,lat
a,Adorf,exit,9.0,50.0
b,Bdorf,junction,10.0,50.0
"""
ARCS = """from_node_id,to_node_id,length_km,free_speed_kmh,road
a,b,80,100,A7
b,a,82,100,A7
"""
SITES = """site_id,name,road,lon,lat,direction,off_road_km,parking_spaces,grid_connection_kw,\
origin,official_number,serviced,grid_operator_mv,grid_operator_hv,arc_from,arc_to,offset_km,snap_km
P1,A7 one,A7,9.25,50.0,one,0.3,40,2200,official,7,no,A Netz,,b,a,61.5,1.5
P2,A7 both,A7,9.5,50.0,both,0.8,,,computed,,,,,a,b,40,0
"""


@pytest.fixture
def network(write, tmp_path):
    def write_network(nodes=NODES, arcs=ARCS, sites=SITES):
        write("nodes.csv", nodes)
        write("arcs.csv", arcs)
        write("sites_policy.csv", sites)
        return tmp_path

    return write_network


def test_nodes_and_arcs_are_read_in_the_order_of_the_files(network):
    graph = read_builtin_network(network())
    assert graph.node_id.tolist() == ["a", "b"]
    assert graph.node_name.tolist() == ["Adorf", "Bdorf"]
    assert graph.arc_from_idx.tolist() == [0, 1]
    assert graph.arc_length_km.tolist() == [80.0, 82.0]
    assert graph.arc_road.tolist() == ["A7", "A7"]
    assert graph.arc_from_idx.dtype == np.int32


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("nodes", "b,Bdorf", "a,Bdorf", r"node_id must be unique; see rows 2, 3"),
        ("nodes", "b,Bdorf", ",Bdorf", r"node_id must not be empty; see row 3"),
        (
            "nodes",
            "10.0,50.0",
            "10.0,",
            r"lat must be given, .*found nothing; see row 3",
        ),
        ("nodes", "10.0,50.0", "190,50.0", r"lon must be given, from -180 to 180.*row 3"),
        ("nodes", "name,", "title,", r"missing column name"),
        ("arcs", "b,a,82", "b,c,82", r"to_node_id names node c not in .*nodes\.csv.*row 3"),
        (
            "arcs",
            "80,100",
            "0,100",
            r"from 1e-06 to 5,000 km, found 0; see row 2",
        ),
        (
            "arcs",
            "80,100",
            "80,-1",
            r"from 1 to 400 km/h, found -1; see row 2",
        ),
        ("arcs", "80,100", ",100", r"length_km must be given"),
        ("arcs", "80,100", "long,100", r"finite number \(km\), found 'long'"),
    ],
)
def test_broken_tables_are_refused_with_file_and_row(network, file, old, new, said):
    text = {"nodes": NODES, "arcs": ARCS}
    text[file] = text[file].replace(old, new)
    with pytest.raises(InputDataError, match=said) as caught:
        read_builtin_network(network(**text))
    assert f"{file}.csv" in str(caught.value)


def test_sites_lie_on_the_arcs_they_name(network):
    folder = network()
    sites, report = read_builtin_sites("policy", read_builtin_network(folder), folder)
    assert sites.direction.tolist() == ["one", "both"]
    assert sites.attachment_site_idx.tolist() == [0, 1, 1]
    assert sites.attachment_arc_idx.tolist() == [1, 0, 1]
    # The way back is 82 km long: half of it.
    np.testing.assert_allclose(sites.attachment_offset_km, [61.5, 40.0, 41.0])
    assert sites.parking_spaces.tolist() == [40, -1]
    np.testing.assert_array_equal(sites.grid_connection_kw, [2200.0, np.nan])
    assert sites.origin.tolist() == ["official", "computed"]
    assert sites.official_number.tolist() == ["7", ""]
    assert sites.serviced.tolist() == ["no", ""]
    assert sites.grid_operator_mv.tolist() == ["A Netz", ""]
    assert sites.grid_operator_hv.tolist() == ["", ""]
    # Computed sites lie on the drawn road; how far it is off is told by the official ones.
    assert report.snap_km_median == report.snap_km_max == 1.5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("b,a,61.5", "b,c,61.5", "arc_from and arc_to must be an arc .*build_sites.*row 2"),
        ("a,b,40", "a,b,80.5", "offset_km must lie within its arc .*row 3"),
        ("a,b,40", "a,b,", "offset_km must lie within its arc"),
        ("arc_from", "arc", "missing column arc_from"),
        ("50.0,both", "fifty,both", r"lat must be a finite number"),
    ],
)
def test_sites_that_do_not_fit_the_network_are_refused(network, old, new, said):
    folder = network(sites=SITES.replace(old, new))
    with pytest.raises(InputDataError, match=said):
        read_builtin_sites("policy", read_builtin_network(folder), folder)
