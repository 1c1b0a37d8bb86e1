"""Left-hand traffic, and places on land."""

import numpy as np
import pandas as pd
import pytest

from planner.network.dry_land import on_land
from planner.network.site_attachment import snap_sites
from planner.network.site_generation import (
    points_along_courses,
    positions_on_arcs,
    sites_by_spacing,
)
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table
from planner.network.traffic_side import keeps_left


@pytest.mark.parametrize(
    ("place", "lon", "lat", "left"),
    [
        ("M1 at Northampton", -0.9, 52.2, True),
        ("M8 at Cork", -8.4, 52.0, True),
        ("Valletta", 14.5, 35.9, True),
        ("Limassol", 33.0, 34.7, True),
        ("Dover", 1.32, 51.12, True),
        ("Calais", 1.87, 50.95, False),
        ("Belfast to Dublin", -6.35, 54.2, True),
        ("Gibraltar", -5.35, 36.14, False),
        ("Adana", 35.3, 37.0, False),
        ("Kassel", 9.5, 51.3, False),
        ("Brisbane", 153.0, -27.5, False),
    ],
)
def test_traffic_keeps_to_the_side_of_its_country_unless_told(place, lon, lat, left):
    at = np.array([lon]), np.array([lat])
    assert keeps_left(*at, None).tolist() == [left], place
    assert keeps_left(*at, "left").tolist() == [True]
    assert keeps_left(*at, "right").tolist() == [False]


@pytest.mark.parametrize(
    ("keeps", "served"),
    [(None, {"west": "north", "word": "north", "side": "north", "east": "south"}),
     ("right", {"west": "south", "word": "north", "side": "south", "east": "north"})],
)  # fmt: skip
def test_in_england_a_site_west_of_the_road_serves_northbound_traffic(
    tmp_path, make_graph, keeps, served
):
    graph = make_graph([-1.0, -1.0], [52.0, 52.5], [(0, 1)], [56.0], "M1")
    path = tmp_path / "sites.csv"
    path.write_text(
        "id,lon,lat,direction\nwest,-1.01,52.2,one\neast,-0.99,52.2,one\n"
        "word,-1.01,52.3,northbound\nside,-1.0,52.4,west\n",
        encoding="utf-8",
    )
    places = read_site_table(path, TableLayout(), TableDefaults(keeps=keeps), graph)
    sites, report = snap_sites(places, graph, 5.0, "sites.csv")
    towards = {0: "south", 1: "north"}
    found = {
        sites.site_id[site]: towards[int(graph.arc_to_idx[arc])]
        for site, arc in zip(sites.attachment_site_idx, sites.attachment_arc_idx, strict=True)
    }
    assert found == served
    said = "; ".join(report.sentences())
    assert ("keeps to the left at 4 sites" in said) == (keeps is None)


def test_places_at_sea_are_told_from_shores_and_from_what_is_not_outlined():
    lon = np.array([9.0, 8.0, 4.0, -30.0, 140.0])
    lat = np.array([51.0, 54.6, 56.0, 40.0, 36.0])
    # Inland, the German Bight, the North Sea; the Azores and Japan are beyond the outlines.
    exact = np.zeros(5)
    assert on_land(lon, lat, exact).tolist() == [True, False, False, True, True]
    # The bight is 40 km wide there: a road drawn straight over it may go round.
    assert on_land(lon, lat, exact + 60.0).tolist() == [True, True, False, True, True]
    assert on_land(np.empty(0), np.empty(0), np.empty(0)).tolist() == []


def test_generated_sites_keep_off_ferries_and_the_sea(make_graph):
    """Rostock to Trelleborg over the Baltic Sea, and a marked ferry over land."""
    graph = make_graph(
        [12.0, 12.1, 13.16, 13.2], [53.5, 54.15, 55.37, 55.9], [(0, 1), (1, 2), (2, 3)],
        [75.0, 152.0, 60.0], ["A19", "A19", "Ferry 3"],
    )  # fmt: skip
    points = points_along_courses(graph, 20.0)
    assert points.n_at_sea > 0
    assert (points.road == "A19").all()
    _, lat = positions_on_arcs(graph, points.arc_idx, points.offset_km)
    assert not ((lat > 54.6) & (lat < 55.1)).any()
    assert (lat < 54.2).sum() >= 4
    sites, report = sites_by_spacing(graph, 20.0)
    assert sites.n_sites == points.n_points
    assert f"places at sea, of ferries and long bridges ({points.n_at_sea})" in "; ".join(
        report.sentences()
    )


def test_without_the_column_no_site_keeps_left(west_east_graph):
    places = pd.DataFrame(
        {
            "site_id": ["s"], "name": ["S"], "road": [""], "lon": [9.5], "lat": [49.99],
            "direction": ["one"], "off_road_km": [0.0], "parking_spaces": [-1],
            "grid_connection_kw": [np.nan],
        }
    )  # fmt: skip
    sites, _ = snap_sites(places, west_east_graph, 5.0, "sites.csv")
    # South of a road to the east lies on the right of eastbound traffic.
    assert west_east_graph.arc_to_idx[sites.attachment_arc_idx].tolist() == [1]
