"""What a run says of the files that it was made from."""

import pytest

from planner.plan.input_sources import input_sources


@pytest.mark.parametrize(
    "nodes", ["/home/me/nodes.csv", {"path": "/home/me/nodes.csv", "sheet": "A"}]
)
def test_tables_are_named_however_they_are_given_and_without_their_folders(nodes):
    network = {"source": "tables", "nodes": nodes, "arcs": "/home/me/arcs.csv"}
    [source] = input_sources({"network": network})
    assert (source.of, source.title) == ("network", "nodes.csv, arcs.csv")
