"""The network and sites that come with the planner."""

import importlib.util
import sys

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


def test_the_numbers_are_those_of_the_study(sites):
    assert sites["policy"].n_sites == 347
    assert sites["extended"].n_sites == 779


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
    assert np.mean(found.direction == "both") == pytest.approx(45 / 347, abs=0.002)
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


def test_the_site_files_are_what_the_script_writes():
    folder = bundled_path("network/germany")
    script = folder / "build_sites.py"
    if not script.is_file():
        pytest.skip("an installed planner carries the data without the script")
    spec = importlib.util.spec_from_file_location("build_sites", script)
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_sites"] = module
    spec.loader.exec_module(module)
    for name, table in zip(("policy", "extended"), module.build(folder), strict=True):
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
