"""Snapping holds for any place on any small network."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from planner.network.graph import RoadGraph
from planner.network.snapping import snap_places

WGS84 = Geod(ellps="WGS84")


@st.composite
def two_way_roads(draw):
    """A road of two to five arcs each way, of any shape, in Germany."""
    n_nodes = draw(st.integers(3, 6))
    lon = [10.0]
    lat = [51.0]
    for _ in range(n_nodes - 1):
        lon.append(lon[-1] + draw(st.floats(-0.5, 0.5)))
        lat.append(lat[-1] + draw(st.floats(-0.5, 0.5)))
    start = np.arange(n_nodes - 1, dtype=np.int32)
    straight_km = np.array(
        [WGS84.inv(lon[i], lat[i], lon[i + 1], lat[i + 1])[2] / 1000.0 for i in start]
    )
    assume(straight_km.min() > 1.0)
    km = straight_km * draw(st.floats(1.0, 1.4))
    return RoadGraph(
        node_id=np.array([str(i) for i in range(n_nodes)], dtype=object),
        node_name=np.array([str(i) for i in range(n_nodes)], dtype=object),
        lon=np.array(lon),
        lat=np.array(lat),
        arc_from_idx=np.concatenate([start, start + 1]).astype(np.int32),
        arc_to_idx=np.concatenate([start + 1, start]).astype(np.int32),
        arc_length_km=np.concatenate([km, km]),
        arc_free_speed_kmh=np.full(2 * len(km), 100.0),
        arc_road=np.full(2 * len(km), "A1", dtype=object),
    )


def snap(graph, lon, lat, direction):
    return snap_places(
        graph,
        np.array([lon]),
        np.array([lat]),
        np.array(["A1"], dtype=object),
        np.array([direction], dtype=object),
        20.0,
    )


@settings(max_examples=60, deadline=None)
@given(two_way_roads(), st.data())
def test_a_point_on_an_arc_snaps_there_with_its_own_offset(graph, data):
    arc = data.draw(st.integers(0, graph.n_arcs - 1))
    share = data.draw(st.floats(0.0, 1.0))
    start, stop = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    lon = graph.lon[start] + share * (graph.lon[stop] - graph.lon[start])
    lat = graph.lat[start] + share * (graph.lat[stop] - graph.lat[start])
    snapping = snap(graph, lon, lat, "both")
    # A straight line in degrees and one in metres part by some ten metres over 50 km.
    assert snapping.distance_km[0] < 0.2
    found = {int(snapping.arc_idx[0]): snapping.offset_km[0]}
    back = int(snapping.opposite_arc_idx[0])
    found[back] = graph.arc_length_km[back] - snapping.offset_km[0]
    assume(arc in found)  # where the road crosses or touches itself another arc is as near
    assert abs(found[arc] - share * graph.arc_length_km[arc]) < 0.01 * graph.arc_length_km[arc]


@settings(max_examples=60, deadline=None)
@given(two_way_roads(), st.floats(0.2, 0.8), st.floats(0.05, 0.3), st.data())
def test_a_one_way_site_ends_on_the_carriageway_to_whose_right_it_lies(graph, share, off_km, data):
    arc = data.draw(st.integers(0, graph.n_arcs - 1))
    start, stop = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    bearing, _, straight_m = WGS84.inv(
        graph.lon[start], graph.lat[start], graph.lon[stop], graph.lat[stop]
    )
    lon, lat, _ = WGS84.fwd(graph.lon[start], graph.lat[start], bearing, share * straight_m)
    lon, lat, _ = WGS84.fwd(lon, lat, bearing + 90.0, off_km * 1000.0)
    snapping = snap(graph, lon, lat, "one")
    reverse = graph.reverse_arc_idx()[arc]
    assume(snapping.arc_idx[0] in {arc, reverse})
    # Nearer than this the drawn line and the great circle may lie on different sides.
    assume(straight_m < 40_000.0 or off_km > 0.1)
    assert snapping.arc_idx[0] == arc
    assert 0.0 <= snapping.offset_km[0] <= graph.arc_length_km[arc]


@settings(max_examples=40, deadline=None)
@given(two_way_roads(), st.floats(9.0, 11.0), st.floats(50.0, 52.0))
def test_an_attachment_is_within_reach_and_on_its_arc(graph, lon, lat):
    snapping = snap(graph, lon, lat, "both")
    if snapping.arc_idx[0] < 0:
        assert snapping.distance_km[0] > 20.0
        return
    assert snapping.distance_km[0] <= 20.0
    assert 0.0 <= snapping.offset_km[0] <= graph.arc_length_km[snapping.arc_idx[0]]
    assert snapping.opposite_arc_idx[0] == graph.reverse_arc_idx()[snapping.arc_idx[0]]
