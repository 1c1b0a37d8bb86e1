"""A plan held against the law on roads that can be worked out by hand."""

from __future__ import annotations

import html
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from planner.afir.check import check_plan
from planner.afir.columns import AFIR_WAITS
from planner.afir.fewest import fewest_points
from planner.afir.law import as_year, read_law
from planner.afir.places import Extras, PointPowers, read_places
from planner.afir.tent_roads import TentRoads
from planner.errors import InputDataError
from planner.layouts.law_waits import read_levels
from planner.network.sites import Sites
from planner.reporting.afir_report import LAW_ALONE, brief_build, map_layers, write_afir
from planner.reporting.afir_sentences import PAGE, rest_of_build, sentences, waits_in_words
from planner.reporting.phrases import unbroken
from planner.tables.language import ENGLISH, LANGUAGES
from tests.unit.afir.test_spacing import A, B, C, road

if TYPE_CHECKING:
    from pathlib import Path

    from planner.afir.check import AfirCheck
    from planner.network.graph import RoadGraph

POWERS = PointPowers(hpc_kw=1000.0, lpc_kw=100.0)
ALONG, AGAINST = 0, 1


def sites_at(*places: list[tuple[int, float]], grid_kw: float = np.nan) -> Sites:
    """Sites, each with its attachments (arc, km)."""
    n = len(places)
    flat = [(site, *each) for site, each_place in enumerate(places) for each in each_place]
    return Sites(
        site_id=np.array([f"s{i}" for i in range(n)], dtype=object),
        name=np.array([f"Site {i}" for i in range(n)], dtype=object),
        road=np.full(n, "A1", dtype=object),
        lon=np.linspace(0.0, 1.0, n),
        lat=np.full(n, 50.0),
        direction=np.array(["both" if len(p) == 2 else "one" for p in places], dtype=object),
        off_road_km=np.zeros(n),
        parking_spaces=np.full(n, -1),
        grid_connection_kw=np.full(n, grid_kw),
        attachment_site_idx=np.array([each[0] for each in flat], dtype=np.int32),
        attachment_arc_idx=np.array([each[1] for each in flat], dtype=np.int32),
        attachment_offset_km=np.array([each[2] for each in flat], dtype=np.float64),
    )


def checked(
    graph: RoadGraph, sites: Sites, n_hpc: list[int], year: int = 2030, n_lpc: int = 0
) -> AfirCheck:
    n = np.array(n_hpc)
    lpc = np.full(sites.n_sites, n_lpc)
    return check_plan(graph, sites, n, lpc, POWERS, as_year(year), np.zeros(sites.n_sites))


def covered_km(check: AfirCheck) -> float:
    return float(check.shares.set_index("tent_class").loc["all", "covered_km"])


@pytest.fixture
def straight() -> tuple[RoadGraph, Sites]:
    """A core road of 100 km with sites for both directions at 20, 70 and 95 km."""
    graph = road((A, B, 100.0))
    return graph, sites_at(*([(ALONG, km), (AGAINST, 100.0 - km)] for km in (20.0, 70.0, 95.0)))


def test_sites_for_both_directions_need_twice_the_power_and_the_points(
    straight: tuple[RoadGraph, Sites],
) -> None:
    whole = checked(*straight, [8, 8, 8])
    assert covered_km(whole) == pytest.approx(200.0)
    assert whole.is_met
    # 7 MW are one pool, in the direction of the first attachment.
    half = checked(*straight, [8, 7, 8])
    assert half.sites["n_directions"].tolist() == [2, 1, 2]
    assert covered_km(half) == pytest.approx(100.0 + 30.0 + 20.0 - 0.0 - 15.0 - 10.0)


def test_the_gap_of_the_direction_against_the_course_counts_kilometres_down(
    straight: tuple[RoadGraph, Sites],
) -> None:
    check = checked(*straight, [8, 0, 8])
    assert check.gaps["length_km"].tolist() == pytest.approx([75.0, 75.0])
    assert check.gaps["spacing_km"].tolist() == pytest.approx([75.0, 75.0])
    ends = sorted(zip(check.gaps["from_km"], check.gaps["to_km"], strict=True))
    assert ends == [pytest.approx((20.0, 95.0)), pytest.approx((95.0, 20.0))]
    assert not check.is_met


def test_points_below_the_power_of_the_law_do_not_count_and_overnight_points_give_power(
    straight: tuple[RoadGraph, Sites],
) -> None:
    graph, sites = straight
    with_lpc = checked(graph, sites, [4, 4, 4], n_lpc=32)
    assert with_lpc.sites["power_kw"].tolist() == [7200.0] * 3
    assert with_lpc.sites["n_directions"].tolist() == [2] * 3
    slow = check_plan(
        graph,
        sites,
        np.full(3, 40),
        np.zeros(3, int),
        PointPowers(300.0, 100.0),
        2030,
        np.zeros(3),
    )
    assert slow.sites["n_directions"].tolist() == [0] * 3


def test_a_grid_connection_caps_the_power_of_a_pool(straight: tuple[RoadGraph, Sites]) -> None:
    graph, sites = straight
    capped = replace(sites, grid_connection_kw=np.full(3, 5000.0))
    check = checked(graph, capped, [8, 8, 8])
    assert check.sites["n_directions"].tolist() == [1] * 3
    assert check.least["n_hpc"].max() <= 5


def test_what_would_fulfil_it_are_points_at_sites_and_new_places_where_none_helps(
    straight: tuple[RoadGraph, Sites],
) -> None:
    graph, sites = straight
    build = checked(graph, sites, [8, 4, 8]).fulfilment.build
    assert build[["site_id", "kind", "to_build"]].to_numpy().tolist() == [["s1", "site", 4]]
    small = replace(sites, grid_connection_kw=np.full(3, 5000.0))
    assert set(checked(graph, small, [4, 0, 0]).fulfilment.build["kind"]) == {"connection"}
    lone = checked(graph, sites_at([(0, 20.0), (1, 80.0)]), [8])
    built = lone.fulfilment.build
    assert built["kind"].tolist() == ["place"]
    assert 50.0 <= 100.0 * built["lon"].iloc[0] / graph.lon.max() <= 80.0
    assert lone.fulfilment.covered_share == 1.0
    assert "8 points are missing: 0 at 0 of these sites" in " ".join(sentences(lone, ENGLISH))
    assert brief_build(lone) is not None
    assert rest_of_build(lone, ENGLISH) == ""


def test_stretches_that_nothing_helps_are_said_with_why(
    straight: tuple[RoadGraph, Sites],
) -> None:
    onto_federal = road((A, B, 100.0), (B, C, 80.0))
    graph = replace(onto_federal, arc_road=np.array(["A1", "B207"] * 2, dtype=object))
    check = checked(graph, sites_at([(0, 95.0), (2, 5.0)]), [0])
    assert check.fulfilment.covered_share < 1.0
    # the federal road of 80 km and, on the way to it, the 5 km behind the last pool
    assert check.fulfilment.left["road"].tolist() == ["B207", "B207", "A1", "A1"]
    assert check.fulfilment.left["length_km"].tolist() == pytest.approx([80.0, 80.0, 5.0, 5.0])
    told = " ".join(sentences(check, ENGLISH))
    assert "It stays unfulfilled on 4 stretches, 170 km together (B207, A1)" in told
    assert "every 20 km along motorways" in told
    assert "shorter than 10 km" in told
    slow = check_plan(
        graph,
        sites_at([(0, 95.0), (2, 5.0)]),
        np.zeros(1, int),
        np.zeros(1, int),
        PointPowers(300.0, 100.0),
        2030,
        np.zeros(1),
    )
    assert "do not count for the law" in " ".join(sentences(slow, ENGLISH))
    assert "stays unfulfilled" not in " ".join(sentences(slow, ENGLISH))
    helped = checked(*straight, [8, 4, 8])
    assert helped.fulfilment.left.empty
    assert "stays unfulfilled" not in " ".join(sentences(helped, ENGLISH))


def test_nothing_more_is_built_than_the_share_of_the_year_asks_for() -> None:
    graph = road((A, B, 100.0), (B, C, 900.0))
    found = checked(graph, sites_at([(0, 10.0)], [(0, 90.0)]), [2, 2], 2025).fulfilment
    assert 0.15 <= found.covered_share < 0.25
    met = checked(graph, sites_at([(0, 10.0)]), [0], 2025).fulfilment
    assert len(met.build) > 0


@pytest.mark.parametrize(("year", "n_points"), [(2025, 2), (2027, 3), (2030, 4)])
def test_each_year_asks_for_its_own_points_of_a_megawatt(year: int, n_points: int) -> None:
    law = read_law()
    assert law.points_needed(law.years[str(year)].core, 1000.0) == n_points


def test_the_share_of_2025_is_one_of_the_whole_network_and_not_of_a_class() -> None:
    graph = road((A, B, 100.0), (B, C, 900.0))
    sites = sites_at([(0, 10.0)], [(0, 90.0)])
    shares = checked(graph, sites, [2, 2], 2025).shares.set_index("tent_class")
    assert shares["required_share"].isna().tolist() == [True, True, False]
    assert shares.loc["all", "covered_share"] == pytest.approx((80.0 + 10.0) / 2000.0)
    assert not shares.loc["all", "is_met"]


def test_the_fewest_cover_what_all_cover_and_none_of_them_can_be_spared() -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        graph = road((A, B, 90.0), (B, C, 70.0))
        places = [[(int(arc), float(rng.uniform(0, 70)))] for arc in rng.integers(0, 4, 6)]
        sites = sites_at(*places)
        roads = TentRoads.of(graph, sites, read_law(), read_law().years["2030"])

        def covered(n_hpc: np.ndarray, roads: TentRoads = roads) -> np.ndarray:
            return roads.is_covered(roads.spacing_km(n_hpc * 1000.0, n_hpc))

        few = fewest_points(roads, sites, 1000.0, np.zeros(6))
        most = covered(np.full(6, 4))
        assert (covered(few) == most).all()
        for site in np.flatnonzero(few):
            assert not (covered(np.where(np.arange(6) == site, 0, few))[most]).all()
        n_best = min(
            sum(chosen)
            for chosen in product((0, 1), repeat=6)
            if covered(4 * np.array(chosen))[most].all()
        )
        assert n_best <= np.count_nonzero(few) <= n_best + 1


def test_a_network_that_does_not_say_its_class_is_refused_with_what_to_do(
    straight: tuple[RoadGraph, Sites],
) -> None:
    graph, sites = straight
    with pytest.raises(InputDataError, match="column tent_class"):
        checked(replace(graph, arc_tent_class=None), sites, [8, 8, 8])


def test_a_year_for_which_the_law_sets_nothing_is_refused() -> None:
    with pytest.raises(InputDataError, match="2025, 2027, 2030"):
        as_year(2028)


def test_page_tables_and_map_tell_the_same_in_every_language(
    straight: tuple[RoadGraph, Sites], tmp_path: Path
) -> None:
    graph, sites = straight
    check = checked(graph, sites, [8, 0, 8])
    write_afir(check, graph, sites, "toy, balanced", tmp_path)
    layers = map_layers(check, graph, sites)
    roads = layers["afir_roads"]
    assert roads.loc[roads["state"] == "gap", "length_km"].sum() == pytest.approx(150.0)
    assert len(layers["afir_sites"]) == 3
    assert (tmp_path / LAW_ALONE).read_text().splitlines()[0] == "site_id,name,n_hpc,n_lpc"
    page = html.unescape((tmp_path / PAGE).read_text(encoding="utf-8"))
    for language in LANGUAGES:
        for sentence in sentences(check, language):
            assert unbroken(sentence) in page
    assert "25" in sentences(check, ENGLISH)[0]


def test_where_no_site_can_serve_the_law_there_is_no_layout_of_the_law_alone(
    straight: tuple[RoadGraph, Sites], tmp_path: Path
) -> None:
    graph, sites = straight
    check = checked(graph, replace(sites, grid_connection_kw=np.full(3, 900.0)), [1, 1, 1])
    write_afir(check, graph, sites, "toy, balanced", tmp_path)
    assert check.least.empty
    assert not (tmp_path / LAW_ALONE).exists()


def test_a_name_that_a_spreadsheet_would_reckon_stands_as_text_in_the_layout(
    straight: tuple[RoadGraph, Sites], tmp_path: Path
) -> None:
    graph, sites = straight
    named = replace(sites, name=np.array(["=1+1", "Site 1", "Site 2"], dtype=object))
    write_afir(checked(graph, named, [8, 8, 8]), graph, named, "toy, balanced", tmp_path)
    layout = (tmp_path / LAW_ALONE).read_text(encoding="utf-8")
    assert "s0,'=1+1," in layout


def quiet_check(
    straight: tuple[RoadGraph, Sites], n_hpc: list[int], hdv_per_day: float
) -> AfirCheck:
    """The check with as many heavy trucks on each arc."""
    graph, sites = straight
    extras = Extras(hdv_per_day=np.full(graph.n_arcs, hdv_per_day))
    none = np.zeros(sites.n_sites, int)
    return check_plan(graph, sites, np.array(n_hpc), none, POWERS, 2030, np.zeros(3), extras)


def test_with_low_traffic_a_pool_for_one_direction_serves_both_or_has_half_the_power(
    straight: tuple[RoadGraph, Sites],
) -> None:
    busy = quiet_check(straight, [4, 4, 4], 2000.0)
    assert busy.sites["n_directions"].tolist() == [1] * 3
    assert not busy.sites["has_relief"].any()
    low = quiet_check(straight, [4, 4, 4], 1999.0)
    assert low.sites["n_directions"].tolist() == [2] * 3
    assert low.is_met
    assert low.sites["needed_kw"].tolist() == [3600.0] * 3
    assert low.sites["n_needed"].tolist() == [2] * 3
    # 2 MW are half a pool: enough for one direction and not for both.
    assert quiet_check(straight, [2, 2, 2], 1999.0).sites["n_directions"].tolist() == [1] * 3
    assert low.least["n_hpc"].sum() < busy.least["n_hpc"].sum()


def test_with_very_low_traffic_pools_of_the_core_network_may_lie_farther_apart(
    straight: tuple[RoadGraph, Sites],
) -> None:
    # From 20 to 95 km there are 75 km.
    assert len(quiet_check(straight, [4, 0, 4], 800.0).gaps) == 2
    found = quiet_check(straight, [4, 0, 4], 799.0)
    assert found.gaps.empty
    assert "200 km of the core network" in sentences(found, ENGLISH)[-1]


def test_parking_areas_need_points_and_urban_nodes_power_within_their_reach(
    straight: tuple[RoadGraph, Sites], tmp_path: Path
) -> None:
    graph, sites = straight  # at 0, 0.5 and 1 degree east, 36 km apart
    (tmp_path / "parking.csv").write_text("name,lon,lat\nP1,0.0,50.0\nP2,0.3,50.0\n")
    (tmp_path / "nodes.csv").write_text("name,lon,lat,radius_km\nN1,0.5,50,\nN2,0.7,50,20\n")
    extras = Extras(
        parking=read_places(tmp_path / "parking.csv"), nodes=read_places(tmp_path / "nodes.csv")
    )
    n_hpc, n_lpc = np.array([1, 1, 1]), np.array([2, 30, 0])
    places = [
        check_plan(graph, sites, n_hpc, n_lpc, POWERS, year, np.zeros(3), extras).places
        for year in (as_year(2027), as_year(2030))
    ]
    # LPC points of 100 kW count in parking areas and not in nodes.
    assert places[0]["n_points"].tolist() == [3, 0, 1, 1]
    assert places[0]["power_kw"].tolist() == [1200.0, 0.0, 1000.0, 1000.0]
    assert places[0]["is_met"].tolist() == [True, False, True, True]
    assert places[1]["is_met"].tolist() == [False, False, False, False]


def test_a_place_without_a_position_is_refused_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "nodes.csv"
    file.write_text("name,lon,lat\nHamburg,10,53.5\nKiel,,54.3\n")
    with pytest.raises(InputDataError, match=r"nodes\.csv.*lon.*row 3"):
        read_places(file)


def test_places_with_swapped_columns_are_refused_where_the_roads_are_known(tmp_path: Path) -> None:
    file = tmp_path / "nodes.csv"
    file.write_text("name,lon,lat\nHamburg,53.5,10\n")
    with pytest.raises(InputDataError, match="look swapped"):
        read_places(file, (np.array([9.0, 11.0]), np.array([53.0, 54.0])))


def test_the_fewest_keep_to_the_most_that_sites_may_have(
    straight: tuple[RoadGraph, Sites],
) -> None:
    graph, sites = straight
    roads = TentRoads.of(graph, sites, read_law(), read_law().years["2030"])
    few = fewest_points(roads, sites, 1000.0, np.zeros(3), np.array([8, 5, 2], np.int32))
    assert few.tolist() == [8, 4, 0]


def test_what_the_law_alone_gives_stands_on_the_page_with_its_chart(
    straight: tuple[RoadGraph, Sites], tmp_path: Path
) -> None:
    graph, sites = straight
    waits = pd.DataFrame(
        [[0.01, 100.0, 2, 16, 0.5, 2.0, 0.4, 0.0, 0.05, 0, 0.0],
         [0.1, 1000.0, 2, 16, 90.0, 400.0, 8.0, 0.6, 0.9, 2, 0.01]],
        columns=AFIR_WAITS.column_names,
    )  # fmt: skip
    write_afir(checked(graph, sites, [8, 0, 8]), graph, sites, "toy", tmp_path, waits)
    page = html.unescape((tmp_path / PAGE).read_text(encoding="utf-8"))
    for language in LANGUAGES:
        assert unbroken(waits_in_words(waits, language)) in page
    assert (tmp_path / "afir_waits.csv").is_file()


@pytest.mark.parametrize("text", ["0,5", "1,x", "101", "", "1,,5"])
def test_levels_that_are_no_percentages_are_refused(text: str) -> None:
    with pytest.raises(InputDataError, match="--levels: expected percentages"):
        read_levels(text)


def test_levels_are_read_once_each_in_ascending_order() -> None:
    assert read_levels("10 %, 1;5,10") == pytest.approx([0.01, 0.05, 0.1])
