"""Legs between trip ends and sites."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from planner.network import distances
from planner.network.distances import truck_network
from planner.routing.site_legs import site_legs


@pytest.fixture
def ring_road(motorway):
    """Five nodes, 50 km apart, on a ring with both carriageways."""
    graph = motorway(250.0)
    up = np.arange(5)
    start, end = np.concatenate([[up, (up + 1) % 5], [(up + 1) % 5, up]], axis=1)
    return replace(
        graph,
        **{name: getattr(graph, name)[:5] for name in ("node_id", "node_name", "lon", "lat")},
        arc_from_idx=start.astype(np.int32),
        arc_to_idx=end.astype(np.int32),
    )


@pytest.mark.parametrize("shortest", [False, True])
@pytest.mark.parametrize("travel_cells", [1, 12])
def test_legs_are_the_same_from_however_few_nodes_ways_are_measured_at_a_time(
    monkeypatch, ring_road, sites_at, travel_cells, shortest
):
    # The third site stands at a node half a ring from the first: both ways there are as long.
    sites = sites_at(ring_road, [25.0, 110.0, 150.0, 40.0, 180.0], ["both"] * 3 + ["up", "down"])
    ends = np.array([0, 3], np.int32), np.array([1, 2, 3], np.int32)
    network = truck_network(ring_road, 80.0)
    whole = site_legs(ring_road, sites, network, *ends, shortest=shortest)
    # By the attachment of the lower number, though its arc ends at the node of the higher one.
    assert whole.between_leaving[0, 2] == whole.to_destination_attachment[2, 0] == 0
    assert whole.between_km[0, 2] == whole.to_destination_km[2, 0] == 125.0
    measured = []
    travel_from = distances._travel_from
    monkeypatch.setattr(distances, "_TRAVEL_CELLS", travel_cells)
    monkeypatch.setattr(
        distances,
        "_travel_from",
        lambda trees, sources, targets: (
            measured.append(sources.stop - sources.start) or travel_from(trees, sources, targets)
        ),
    )
    parts = site_legs(ring_road, sites, network, *ends, shortest=shortest)
    assert len(measured) > 1
    for field in fields(whole):
        if field.name != "network":
            np.testing.assert_array_equal(getattr(parts, field.name), getattr(whole, field.name))
