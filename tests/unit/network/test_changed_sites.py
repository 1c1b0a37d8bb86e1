"""Sites added to those of a study, and other grid connections, from a table."""

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.changed_sites import read_site_changes, with_site_changes
from planner.network.new_site import place_on_road
from planner.network.site_attachment import snap_sites
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table

SITES = """id,lon,lat,grid_connection_kw,max_hpc
A,9.25,50.01,4000,3
B,9.75,49.99,2200,
"""


@pytest.fixture
def sites(write, west_east_graph):
    places = read_site_table(
        write("sites.csv", SITES), TableLayout(), TableDefaults(), west_east_graph
    )
    return snap_sites(places, west_east_graph, 10.0, "sites.csv")[0]


@pytest.fixture
def changed(write, sites, west_east_graph):
    def of_text(text, point_kw=1000.0):
        return with_site_changes(write("changes.csv", text), sites, west_east_graph, point_kw)

    return of_text


def test_sites_follow_those_of_the_study_on_their_roads_and_connections_limit_points(changed):
    found, told = changed(
        "site_id,name,lon,lat,grid_connection_mw\nnew-1,Rast,9.5,50.02,5\nA,,,,2.5\n"
    )
    assert found.site_id.tolist() == ["A", "B", "new-1"]
    assert found.name[2] == "Rast"
    assert found.grid_connection_kw.tolist() == [2500.0, 2200.0, 5000.0]
    # Of B nobody has said anything; A has room for 3 and power for 2.
    assert found.max_hpc.tolist() == [2, -1, 5]
    assert found.attachment_site_idx.tolist() == [0, 0, 1, 1, 2, 2]
    of_new = found.attachment_arc_idx[4:]
    assert set(of_new) == set(found.attachment_arc_idx[:2])
    assert found.register()["origin"].tolist() == ["given"] * 3
    assert told == ("1 site added", "another grid connection at 1 site")


def test_where_connections_limit_points_anyway_room_stays_what_it_was(changed):
    found, _ = changed("site_id,grid_connection_kw\nB,5000\n", point_kw=None)
    assert found.max_hpc.tolist() == [3, -1]
    assert found.grid_connection_kw.tolist() == [4000.0, 5000.0]


def test_sites_of_which_little_is_known_take_others_after_them(write, sites, west_east_graph):
    little = sites.select(np.array([True, False]))
    path = write("changes.csv", "site_id,lon,lat\nC,9.5,50.0\n")
    bare = type(little)(
        **{
            name: None if name in {"max_hpc", "existing_hpc", "origin"} else getattr(little, name)
            for name in little.__dataclass_fields__
        }
    )
    found, _ = with_site_changes(path, bare, west_east_graph, None)
    assert found.max_hpc.tolist() == [-1, -1]
    assert found.existing_hpc is None
    assert found.origin.tolist() == ["", "given"]
    assert found.announced_hpc is None
    assert np.isnan(found.grid_connection_kw[1])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("site_id,lon,lat\nnew,9.5,\n", "expected lon and lat of a site to add"),
        ("site_id,grid_connection_kw\nAA,900\n", r"found 'AA' \(did you mean 'A'\?\)"),
        ("site_id,lon,lat,grid_connection_kw\nA,9.5,50.0,900\n", "the grid connection alone"),
        ("site_id,grid_connection_kw\nA,\n", "the grid connection alone"),
        ("site_id,lon,lat\nnew,9.5,50.0\nnew,9.6,50.0\n", "one row; see rows 2, 3"),
        ("site_id,lon,lat\nnew,9.5,51.0\n", r"within 10 km of a road, found 'new' 11"),
        ("site_id,lon,lat\n,9.5,50.0\n", "needs a site_id; see row 2"),
        ("site_id,lon,lat\nnew,50.0,9.5\n", "swapped"),
        ("name,lon,lat\nnew,9.5,50.0\n", "missing column site_id"),
    ],
)
def test_what_is_neither_an_added_site_nor_a_connection_is_refused(changed, text, fault):
    with pytest.raises(InputDataError, match=fault) as refused:
        changed(text)
    assert "changes.csv" in str(refused.value)


def test_changes_are_read_in_one_unit_whatever_the_table_is_written_in(write):
    read = read_site_changes(
        write("changes.csv", "site_id;lon;lat;grid_connection_mw\nnew;9,5;50,25;2,5\nA;;;3,25\n")
    )
    assert read["grid_connection_kw"].tolist() == [2500.0, 3250.0]
    np.testing.assert_array_equal(read["lon"], [9.5, np.nan])


def test_a_new_site_lies_on_the_road_nearest_to_where_a_person_points(west_east_graph):
    place = place_on_road(west_east_graph, 9.3, 50.05)
    assert (place.lon, place.lat) == (pytest.approx(9.3, abs=1e-3), pytest.approx(50.0, abs=1e-3))
    assert place.road == west_east_graph.arc_road[0]
    assert place.name.startswith(f"{place.road} Place ")
    with pytest.raises(InputDataError, match="within 10 km of a road"):
        place_on_road(west_east_graph, 9.3, 50.5)
