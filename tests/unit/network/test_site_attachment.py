import numpy as np
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.network.site_attachment import snap_sites


@pytest.fixture
def places():
    return pd.DataFrame(
        {
            "site_id": ["X1", "X2", "X3"],
            "name": ["South", "Far", "Both"],
            "road": ["", "A7", "A9"],
            "lon": [9.25, 9.5, 10.5],
            "lat": [49.98, 51.0, 50.0],
            "direction": ["one", "both", "both"],
            "off_road_km": [0.3, 0.3, 1.0],
            "parking_spaces": [10, -1, 30],
            "grid_connection_kw": [5000.0, np.nan, np.nan],
        }
    )


def test_near_sites_are_attached_and_far_ones_reported(places, west_east_graph):
    sites, report = snap_sites(places, west_east_graph, 10.0, "sites.csv")
    assert sites.site_id.tolist() == ["X1", "X3"]
    assert sites.direction.tolist() == ["one", "both"]
    assert sites.road.tolist() == ["A7", "A9"]
    assert sites.attachment_site_idx.tolist() == [0, 1, 1]
    assert sites.attachment_arc_idx.tolist() == [0, 2, 3]
    np.testing.assert_allclose(sites.attachment_offset_km, [20.0, 40.0, 40.0], atol=0.1)
    assert (report.n_sites, report.n_attachments, report.n_on_other_road) == (2, 3, 1)
    name, distance_km = report.dropped[0]
    assert name == "Far"
    assert distance_km == pytest.approx(111.0, abs=1.0)
    assert "dropped: sites too far from a road (1): Far (111" in " ".join(report.sentences())


def test_sites_of_another_region_are_refused(places, west_east_graph):
    with pytest.raises(InputDataError, match=r"sites\.csv.*within 10 km.*same region"):
        snap_sites(places.assign(lat=60.0), west_east_graph, 10.0, "sites.csv")
