"""What one site gets instead: found by name, held to its new connection."""

from __future__ import annotations

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.layouts.site_change import SiteChange, changed_site
from planner.network.sites import Sites
from planner.simulation.class_queues import ClassLayout

NAMES = ("Garbsen Nord", "Garbsen Süd", "Lehrte", "Lehrte")


@pytest.fixture
def sites():
    n = len(NAMES)
    return Sites(
        site_id=np.array(["P1", "P2", "P3", "P4"], object),
        name=np.array(NAMES, object),
        road=np.array(["A2"] * n, object),
        lon=np.zeros(n),
        lat=np.zeros(n),
        direction=np.array(["both"] * n, object),
        off_road_km=np.zeros(n),
        parking_spaces=np.full(n, -1),
        grid_connection_kw=np.array([1000.0, np.nan, 2000.0, 2000.0]),
        attachment_site_idx=np.empty(0, np.int32),
        attachment_arc_idx=np.empty(0, np.int32),
        attachment_offset_km=np.empty(0),
        max_hpc=np.array([-1, 3, -1, -1]),
        existing_hpc=np.array([0, 0, 2, 0]),
    )


@pytest.fixture
def changed(sites):
    n_fast, n_slow = np.array([1, 2, 2, 0], np.int32), np.array([0, 0, 0, 3], np.int32)
    layout = ClassLayout(n_fast, n_slow, np.array([5, 5, 5, 0], np.int32))

    def change(*asked):
        return changed_site(SiteChange(*asked), sites, layout, powers_kw=(1000.0, 350.0))

    return change


@pytest.mark.parametrize("asked", ["P1", "p1", "Garbsen Nord", "  garbsen   nord "])
def test_a_site_is_found_by_key_or_name_whatever_its_letters(changed, asked):
    found = changed(asked, 4)
    assert found.index == 0
    assert found.layout.n_hpc.tolist() == [4, 2, 2, 3]
    assert found.layout.n_lpc.tolist() == [5, 5, 5, 0]


def test_a_site_without_points_has_none_for_the_night(changed):
    found = changed("P1", 0)
    assert (found.layout.n_hpc[0], found.layout.n_lpc[0]) == (0, 0)


@pytest.mark.parametrize(
    ("asked", "n_hpc", "said"),
    [
        pytest.param(("P1", None, 5.0), 5, "5 MW carries 5 points of 1,000 kW.", id="as many"),
        pytest.param(("P1", None, 5.9), 5, "5.9 MW carries 5 points", id="whole points"),
        pytest.param(("P1", 3, 5.0), 3, "carries 5 points", id="fewer points than it carries"),
        pytest.param(("P2", None, 5.0), 3, "the site has room for 3 (max_hpc)", id="room"),
        pytest.param(("P3", None, 1.0), 2, "2 stand there already and stay", id="existing"),
        pytest.param(
            ("P4", None, 4.1), 6, "carries 6 points, 3 of 350 kW and 3 of 1,000 kW.", id="classes"
        ),
        pytest.param(("P4", None, 0.8), 2, "2 of 350 kW and 0 of", id="slower points alone"),
        pytest.param(("P4", 4, 2.05), 4, "carries 4 points", id="points of both classes"),
    ],
)
def test_a_connection_gives_a_site_the_points_that_it_carries(changed, asked, n_hpc, said):
    found = changed(*asked)
    assert found.layout.n_hpc[found.index] == n_hpc
    assert said in found.carried
    assert found.sites.grid_connection_kw[found.index] == 1000.0 * asked[2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("P1", 6, 5.0), "--points 6: A connection of 5 MW carries 5 points of 1,000 kW. Give at"),
        (("P1", None, 0.9), "0.9 MW carries 0 points of 1,000 kW. Give at least 1 MW."),
        (("P1", None, 5000.0), "up to 500, found 5,000. 5,000 kW are --grid-mw 5."),
        (("P1", None, 0.0), "expected megawatts above 0 and up to 500, found 0."),
        (("P1", None, float("nan")), "expected megawatts above 0 and up to 500, found nan."),
        (("P1",), "--site 'P1': say what it gets: --points 4, --grid-mw 5, or both."),
        (("P1", 10_001), "--points: expected at most 10,000, found 10,001."),
        (("Garbsn Nord", 4), "found none (did you mean 'Garbsen Nord'?)."),
        (("Garbsen", 4), "2 have it in their names: Garbsen Nord (P1), Garbsen Süd (P2)."),
        (("Nord", 4), "found none; 1 has it in its name: Garbsen Nord (P1)."),
        (("Lehrte", 4), "2 sites are called so; name one by key: P3, P4."),
        (("", 4), "--site '': expected the name or key of a site of the run, found none."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(changed, asked, said):
    with pytest.raises(InputDataError) as raised:
        changed(*asked)
    assert said in str(raised.value)
