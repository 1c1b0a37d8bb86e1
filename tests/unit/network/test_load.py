import pytest

from planner.errors import InputDataError
from planner.network.load import load_network, load_sites
from planner.scenario.network_sources import BuiltinNetwork, EtisplusNetwork
from planner.scenario.road_file_sources import MatsimNetwork, TablesNetwork
from planner.scenario.site_sources import SpacingSites, TableSites


@pytest.fixture
def etisplus(etisplus_folder):
    graph, _ = load_network(EtisplusNetwork(source="etisplus", path=etisplus_folder))
    return graph


def test_official_sites_come_onto_the_published_network(etisplus, official_sites):
    settings = TableSites(source="table", path=official_sites, max_snap_km=20.0)
    sites, report = load_sites(settings, etisplus)
    # That network ends south of the A23's two northernmost sites, 32 km away.
    assert sorted(name.split(" -")[0] for name, _ in report.dropped) == ["Dithmarscher Geest"] * 2
    assert sites.n_sites == 350
    assert sites.n_attachments == 700
    assert report.snap_km_median < 3.0
    assert sites.grid_connection_kw.min() == 2200.0
    assert set(sites.off_road_km) == {0.3}


def test_official_sites_off_the_drawn_network_are_dropped_by_name(etisplus, official_sites):
    sites, report = load_sites(TableSites(source="table", path=official_sites), etisplus)
    assert sites.n_sites + len(report.dropped) == 352
    assert "TR Eisenach" in dict(report.dropped)


def test_sites_by_spacing_take_their_distance_off_the_road_from_the_scenario(etisplus):
    settings = SpacingSites(source="spacing", spacing_km=50.0, off_road_km=0.7)
    sites, _ = load_sites(settings, etisplus)
    assert sites.n_sites > 200
    assert set(sites.off_road_km) == {0.7}


def test_official_sites_lie_near_the_motorway_they_name_on_the_builtin_network(official_sites):
    graph, _ = load_network(BuiltinNetwork(source="builtin"))
    settings = TableSites(source="table", path=official_sites, max_snap_km=5.0)
    sites, report = load_sites(settings, graph)
    assert sites.n_sites == 352
    assert report.n_on_other_road == 0
    assert report.snap_km_median < 1.5


NODES = (
    "node_id,lon,lat\na,9.0,50.0\nb,9.5,50.0\nc,10.0,50.0\nd,9.0,51.0\ne,20.0,50.0\nf,20.0,50.1\n"
)
ARCS = """from_node,to_node,length_km,road,oneway
a,b,40,A7,no
b,c,40,A7,no
a,d,120,A5,yes
e,f,12,A1,no
"""


@pytest.fixture
def tables(write):
    paths = {"nodes": write("nodes.csv", NODES), "arcs": write("arcs.csv", ARCS)}

    def section(**keys) -> TablesNetwork:
        return TablesNetwork(source="tables", **paths, **keys)

    return section


def test_a_network_of_tables_is_cleaned_and_contracted_and_both_are_told(tables):
    graph, report = load_network(tables())
    assert graph.node_id.tolist() == ["a", "c"]
    assert graph.arc_length_km.tolist() == [80.0, 80.0]
    assert report.sentences() == [
        "2 nodes, 2 arcs, 160 km of carriageway",
        "left out: nodes between junctions (1)",
        "dropped: nodes that cannot be reached or left (1)",
        "dropped: separate parts (1, 24 km)",
        "dropped: nodes in separate parts (2)",
        "dropped 144 km of carriageway in all",
    ]


def test_nodes_between_junctions_stay_where_the_scenario_says_so(tables):
    assert load_network(tables(contract=False))[0].node_id.tolist() == ["a", "b", "c"]
    assert load_network(tables(keep_nodes=["b"]))[0].node_id.tolist() == ["a", "b", "c"]
    with pytest.raises(InputDataError, match="keep_nodes: nodes e, z not in the connected network"):
        load_network(tables(keep_nodes=["z", "b", "e"]))


def test_roads_that_lead_nowhere_and_back_are_no_network(write):
    nodes, arcs = write("nodes.csv", NODES), write("arcs.csv", ARCS.replace(",no", ",yes"))
    with pytest.raises(InputDataError, match="no roads lead to each other and back; 212 km"):
        load_network(TablesNetwork(source="tables", nodes=nodes, arcs=arcs))


def test_the_network_section_takes_tables_or_lines_and_not_both(write):
    path = write("nodes.csv", NODES)
    for keys in ({}, {"nodes": path}, {"nodes": path, "lines": path}):
        with pytest.raises(ValueError, match="either nodes and arcs"):
            TablesNetwork(source="tables", **keys)


def test_a_matsim_network_is_read_from_the_scenario(matsim_folder):
    path = matsim_folder / "equil" / "network.xml"
    settings = MatsimNetwork(source="matsim", path=path, crs="EPSG:3857")
    graph, report = load_network(settings)
    # Nine ways lead from node 2 to node 12 and one back: one of the nine is an arc without a node
    # of its own, the others keep theirs, or they would be lost as parallels.
    assert (graph.n_nodes, graph.n_arcs) == (10, 18)
    assert report.dropped_km == 0.0
    only = settings.model_copy(update={"modes": ["bike"]})
    with pytest.raises(InputDataError, match="found only"):
        load_network(only)
