import pytest

from planner.network.load import load_network, load_sites
from planner.scenario.network_sources import BuiltinNetwork, EtisplusNetwork
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
