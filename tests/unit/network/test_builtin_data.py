"""The network and sites that come with the planner."""

import importlib

import numpy as np
import pandas as pd
import pytest

from planner.network.load import load_network, load_sites
from planner.network.sites import Sites
from planner.scenario.bundled import bundled_path
from planner.scenario.network_sources import BuiltinNetwork
from planner.scenario.site_sources import BuiltinSites, SpacingSites


@pytest.fixture(scope="module")
def graph():
    graph, report = load_network(BuiltinNetwork(source="builtin"))
    assert report.n_nodes_dropped == report.n_loops_dropped == report.n_parallel_dropped == 0
    return graph


@pytest.fixture(scope="module")
def sites(graph) -> dict[str, Sites]:
    return {
        network: load_sites(BuiltinSites(source="builtin", network=network), graph)[0]
        for network in ("policy", "extended")
    }


def test_the_policy_sites_are_the_official_list(sites, official_sites):
    listed = pd.read_csv(official_sites, dtype=str, keep_default_na=False)
    listed = listed.apply(lambda column: column.str.strip())
    listed = listed.sort_values("site_number", key=lambda number: number.astype(int))
    policy = sites["policy"]
    assert policy.official_number.tolist() == listed["site_number"].tolist()
    assert policy.site_id.tolist() == listed["site_id"].tolist()
    assert policy.name.tolist() == listed["name"].tolist()
    assert policy.road.tolist() == listed["motorway"].tolist()
    assert policy.lon.tolist() == listed["lon"].astype(float).tolist()
    assert policy.lat.tolist() == listed["lat"].astype(float).tolist()
    assert policy.grid_connection_kw.tolist() == listed["grid_connection_kw"].astype(float).tolist()
    assert policy.serviced.tolist() == listed["serviced"].map({"B": "yes", "U": "no"}).tolist()
    assert policy.grid_operator_mv.tolist() == listed["grid_operator_mv"].tolist()
    known = listed["grid_operator_hv"].replace("nicht bekannt", "")
    assert policy.grid_operator_hv.tolist() == known.tolist()
    assert set(policy.origin) == {"official"}
    assert policy.grid_connection_kw.sum() == 2_928_640.0


def test_the_extended_network_counts_as_many_sites_as_the_study(sites):
    extended, n_official = sites["extended"], sites["policy"].n_sites
    assert extended.n_sites == 779
    assert extended.origin.tolist() == ["official"] * n_official + ["computed"] * (779 - n_official)
    assert set(extended.official_number[n_official:]) == {""}


def test_what_the_official_list_says_of_sites_off_the_network_is_that_there_are_none(built):
    assert built[2].empty
    said = bundled_path("network/germany/SITES.md").read_text(encoding="utf-8")
    assert "All 352 lie on the built-in network" in said


def test_an_official_site_off_its_motorway_is_left_out_and_named(graph, script):
    listed = script.official_sites.read_official_sites(script.OFFICIAL_SITES).iloc[:3]
    moved = listed.assign(lat=[50.0, *listed["lat"][1:]], road=[*listed["road"][:2], "A999"])
    attached, left_out = script.official_sites.put_on_network(moved, graph)
    assert attached["official_number"].tolist() == ["1"]
    assert left_out["official_number"].tolist() == ["0", "2"]


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("Kassel Ost", "east"),
        ("Tomm Heide (Sued)", "south"),
        ("Rottachtal-West", "west"),
        ("Buetteler Holz West (alt Debstedt - West)", "west"),
        ("Westerwald", "both"),
        ("Sindelfinger Wald Süd", "south"),
        ("Suedharz Nordost", "45°"),
    ],
)
def test_a_site_serves_the_side_that_its_official_name_says(script, name, side):
    table = pd.DataFrame({"name": [name]})
    assert script.official_sites.named_sides(table) == [side]


def test_official_sites_across_the_road_serve_opposite_carriageways(sites, graph):
    """Pairs by name, and those of which one name or none says a side."""
    policy = sites["policy"]
    number = {text: idx for idx, text in enumerate(policy.official_number)}
    start, end = graph.arc_from_idx, graph.arc_to_idx

    def heading(official_number):
        arc = policy.attachment_arc_idx[policy.attachment_site_idx == number[official_number]][0]
        return np.array([graph.lon[end[arc]] - graph.lon[start[arc]],
                         graph.lat[end[arc]] - graph.lat[start[arc]]])  # fmt: skip

    # Allertal, Kiebitzberg and Blesenberg, Kohlplatten and Haertsfeld, Aichen and Scharenstetten.
    for one, other in (("3", "91"), ("103", "13"), ("219", "112"), ("23", "113"), ("63", "159")):
        assert heading(one) @ heading(other) < 0.0
    assert policy.direction[number["106"]] == "both"


def test_policy_sites_are_the_first_of_the_extended_ones():
    policy, extended = (
        bundled_path(f"network/germany/sites_{name}.csv").read_text(encoding="utf-8").splitlines()
        for name in ("policy", "extended")
    )
    assert extended[: len(policy)] == policy


@pytest.mark.parametrize("network", ["policy", "extended"])
def test_sites_are_distinct_and_lie_on_the_motorway_they_name(sites, graph, network):
    found = sites[network]
    assert len(set(found.site_id)) == len(set(found.name)) == found.n_sites
    roads = graph.arc_road[found.attachment_arc_idx]
    assert roads.tolist() == found.road[found.attachment_site_idx].tolist()
    assert all(road.startswith("A") for road in found.road)
    length = graph.arc_length_km[found.attachment_arc_idx]
    assert np.all((found.attachment_offset_km >= 0) & (found.attachment_offset_km <= length))
    n_attachments = np.bincount(found.attachment_site_idx)
    assert n_attachments.tolist() == np.where(found.direction == "both", 2, 1).tolist()


@pytest.mark.parametrize("network", ["policy", "extended"])
def test_shares_and_estimates_are_those_of_the_official_network(sites, network):
    found = sites[network]
    assert np.mean(found.direction == "both") == pytest.approx(44 / 352, abs=0.005)
    assert found.grid_connection_kw.min() >= 2200
    assert found.grid_connection_kw.max() <= 25_520
    assert np.all(found.grid_connection_kw % 440 == 0)
    assert np.median(found.grid_connection_kw) == pytest.approx(7920, rel=0.15)
    assert found.parking_spaces.min() >= 20
    assert found.parking_spaces.max() <= 120


def test_each_direction_of_the_long_motorways_is_served(sites, graph):
    found = sites["policy"]
    for road in ("A1", "A2", "A3", "A7", "A9"):
        n_km = graph.arc_length_km[graph.arc_road == road].sum()
        n_attachments = np.sum(found.road[found.attachment_site_idx] == road)
        assert n_km / n_attachments < 80.0


@pytest.fixture(scope="module")
def script():
    """Load the script that writes the site files."""
    folder = bundled_path("network/germany")
    if not (folder / "build_sites.py").is_file():
        pytest.skip("an installed planner carries the data without the script")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("build_sites")


@pytest.fixture(scope="module")
def built(script):
    return script.build(bundled_path("network/germany"))


def test_the_site_files_are_what_the_script_writes(built):
    folder = bundled_path("network/germany")
    for name, table in zip(("policy", "extended"), built[:2], strict=True):
        written = pd.read_csv(folder / f"sites_{name}.csv")
        assert written["name"].tolist() == table["name"].tolist()
        np.testing.assert_allclose(written["offset_km"], table["offset_km"], atol=1e-3)
        assert written["grid_connection_kw"].tolist() == table["grid_connection_kw"].tolist()


def test_sites_by_spacing_cover_every_motorway(graph):
    found, _ = load_sites(SpacingSites(source="spacing", spacing_km=50.0), graph)
    motorway = {road for road in graph.arc_road if road[:1] == "A"}
    long_enough = {
        road for road in motorway if graph.arc_length_km[graph.arc_road == road].sum() / 2 > 100
    }
    assert long_enough <= set(found.road) <= motorway
    assert len(set(found.name)) == found.n_sites
