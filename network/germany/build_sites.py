"""Put the official charging sites on the built-in motorways, and computed ones into the gaps.

Reads nodes.csv, arcs.csv and regions.csv of its folder and source/official_sites.csv, and writes
sites_policy.csv (the official ones) and sites_extended.csv (those and the computed ones) beside
them. Deterministic; run it again whenever the network changes. SITES.md describes the method.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import official_sites
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.builtin import SITE_COLUMNS, read_builtin_network
from planner.network.cleaning import clean_graph
from planner.network.road_courses import RoadCourse, road_courses
from planner.network.site_generation import locate_on_course, positions_on_arcs, site_name
from planner.network.sites import (
    DIRECTION_BOTH,
    DIRECTION_ONE,
    ORIGIN_COMPUTED,
    ORIGIN_OFFICIAL,
    REGISTER_COLUMNS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

KINDS = ("pair", "one", "both")
"""A rest area on each side, a rest area on one side, a truck stop for both directions."""
N_FURTHER_PLACES = {"pair": 128, "one": 115, "both": 56}
"""427 computed sites in the proportions of the official ones: 779 in all, as the study counts."""

TRUCK_SPEED_KMH = 80.0
MIN_TRIP_KM = 300.0
DECAY_KM = 600.0
"""Gravity: flows fall by a factor e every so many km; gives the published median of 446 km."""
TRIPS_PER_DAY = 174_200.0
DOMESTIC_SHARE = 0.59
DENSITY_EXPONENT = 0.25
"""Places per km grow with trucks per day to this power: twice where 16 times the trucks are."""
MIN_TRUCKS_SHARE = 0.05
"""Traffic under this share of the mean counts as this share, so that no motorway is left out."""
CLEAR_OF_JUNCTION_KM = 3.0
CLEAR_OF_EXIT_KM = 1.0
CLEAR_OF_PLACE_KM = 5.0
LARGEST_SHIFT_KM = 10

REST_AREA_OFF_ROAD_KM = 0.3
TRUCK_STOP_OFF_ROAD_KM = 0.8
GRID_STEP_KW = 440
"""All connections of the official list are multiples of it."""
PARKING_QUANTILES = {0.0: 20.0, 0.25: 35.0, 0.5: 55.0, 0.75: 80.0, 0.95: 110.0, 1.0: 120.0}
"""Truck parking spaces, put on the sites by traffic rank."""
OFFICIAL_SITES = Path(__file__).parent / "source" / "official_sites.csv"
KM_PER_DEGREE = 111.2
STRAIGHT_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """A place along a course where one or two sites stand."""

    course_idx: int
    at_km: float
    kind: str = "pair"
    along: bool = True
    """Whether a one-sided place serves the carriageway in the direction of the course."""


def trucks_per_day(graph: RoadGraph, regions: pd.DataFrame) -> NDArray[np.float64]:
    """Long-haul trucks per day on each arc: gravity flows on quickest paths, shape (n_arcs,)."""
    node_idx = {name: idx for idx, name in enumerate(graph.node_id)}
    regions = regions[regions["node_id"].isin(node_idx)]
    origin = regions["node_id"].map(node_idx).to_numpy()
    speed = np.minimum(graph.arc_free_speed_kmh, TRUCK_SPEED_KMH)
    hours = csr_array(
        (graph.arc_length_km / speed, (graph.arc_from_idx, graph.arc_to_idx)),
        shape=(graph.n_nodes, graph.n_nodes),
    )
    time_h, before = dijkstra(hours, indices=origin, return_predecessors=True)
    flow = gravity_flows(regions, time_h[:, origin] * TRUCK_SPEED_KMH)
    arc_of = {
        ends: arc
        for arc, ends in enumerate(
            zip(graph.arc_from_idx.tolist(), graph.arc_to_idx.tolist(), strict=True)
        )
    }
    trucks = np.zeros(graph.n_arcs)
    for row in range(len(origin)):
        through = np.zeros(graph.n_nodes)
        np.add.at(through, origin, flow[row])
        # From the far end of the shortest-path tree inwards, every node hands on what it got.
        for node in np.argsort(-time_h[row], kind="stable"):
            last = before[row, node]
            if last >= 0 and through[node] > 0.0:
                trucks[arc_of[int(last), int(node)]] += through[node]
                through[last] += through[node]
    return trucks


def gravity_flows(regions: pd.DataFrame, distance_km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trips per day between regions, shape (n_regions, n_regions); none from gateway to gateway."""
    weight = regions["weight"].to_numpy(dtype=np.float64)
    abroad_km = regions["km_abroad_median"].fillna(0.0).to_numpy(dtype=np.float64)
    gateway = (regions["kind"] == "gateway").to_numpy()
    whole_km = distance_km + abroad_km[:, None] + abroad_km[None, :]
    flow = np.outer(weight, weight) * np.exp(-distance_km / DECAY_KM) * (whole_km >= MIN_TRIP_KM)
    n_gateways = gateway[:, None].astype(int) + gateway[None, :]
    total = TRIPS_PER_DAY * np.array([DOMESTIC_SHARE, 1.0 - DOMESTIC_SHARE, 0.0])
    sums = np.array([flow[n_gateways == number].sum() for number in range(3)])
    scale = np.divide(total, sums, out=np.zeros(3), where=sums > 0.0)
    return np.asarray(flow * scale[n_gateways])


class CourseMeasure:
    """Length of a course weighted by how densely its traffic asks for sites."""

    def __init__(self, graph: RoadGraph, course: RoadCourse, trucks: NDArray[np.float64]) -> None:
        reverse = graph.reverse_arc_idx()
        both_ways = trucks[course.arc_idx] + trucks[reverse[course.arc_idx]]
        self.density = both_ways**DENSITY_EXPONENT
        self.end_km = np.append(course.start_km, course.length_km)
        self.cumulative = np.append(0.0, np.cumsum(np.diff(self.end_km) * self.density))
        self.total = float(self.cumulative[-1])

    def at_km(self, measure: float) -> float:
        """Running kilometre at which the weighted length is reached."""
        return float(np.interp(measure, self.cumulative, self.end_km))

    def of_km(self, at_km: float) -> float:
        """Weighted length up to a running kilometre."""
        return float(np.interp(at_km, self.end_km, self.cumulative))


class Placer:
    """Places along the courses, and where there is room for another one."""

    def __init__(
        self, graph: RoadGraph, courses: Sequence[RoadCourse], trucks: NDArray[np.float64],
        is_junction: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.measures = [CourseMeasure(graph, course, trucks) for course in courses]
        self.courses = courses
        anywhere = np.ones(graph.n_nodes, dtype=bool)
        self.exit_km = [meeting_km(graph, course, anywhere) for course in courses]
        self.junction_km = [meeting_km(graph, course, is_junction) for course in courses]
        self.taken_km: list[list[float]] = [[] for _ in courses]

    def occupy(self, graph: RoadGraph, arc: int, offset_km: float) -> None:
        """Take the place of a site that is there already, on a course or against it."""
        for arc_idx, km in (
            (arc, offset_km),
            (int(graph.reverse_arc_idx()[arc]), float(graph.arc_length_km[arc]) - offset_km),
        ):
            for taken_km, course in zip(self.taken_km, self.courses, strict=True):
                position = np.flatnonzero(course.arc_idx == arc_idx)
                taken_km.extend(float(course.start_km[at]) + km for at in position)

    def fill(self, n_places: int) -> list[Place]:
        """Put further places into the widest gaps, in course order."""
        added = []
        for _ in range(n_places):
            _, course_idx, middle = max(
                self._widest_gap(course_idx) for course_idx in range(len(self.courses))
            )
            added.append(self._take(course_idx, middle))
        return sorted(added, key=lambda place: (place.course_idx, place.at_km))

    def _widest_gap(self, course_idx: int) -> tuple[float, int, float]:
        """Weighted width of a course's widest gap, the course, and where to split the gap."""
        measure = self.measures[course_idx]
        at = sorted(measure.of_km(km) for km in self.taken_km[course_idx])
        if not at:
            return measure.total, course_idx, measure.total / 2.0
        # Past the ends other motorways go on with places of their own: an end gap counts in full
        # and gets its place a third of the way from the end.
        gaps = [(at[0], at[0] / 3.0), (measure.total - at[-1], (2 * measure.total + at[-1]) / 3.0)]
        gaps += [(b - a, (a + b) / 2.0) for a, b in pairwise(at)]
        width, middle = max(gaps)
        return width, course_idx, middle

    def _take(self, course_idx: int, measure: float) -> Place:
        at_km = self._clear(course_idx, self.measures[course_idx].at_km(measure))
        self.taken_km[course_idx].append(at_km)
        return Place(course_idx, at_km)

    def _clear(self, course_idx: int, wanted_km: float) -> float:
        """Nearest running kilometre clear of interchanges and other places, if there is one."""
        length = self.courses[course_idx].length_km
        junctions = np.concatenate([self.junction_km[course_idx], [-np.inf]])
        exits = self.exit_km[course_idx]
        others = np.array([*self.taken_km[course_idx], -np.inf])
        for step in sorted(range(-LARGEST_SHIFT_KM, LARGEST_SHIFT_KM + 1), key=abs):
            at_km = wanted_km + step
            if (
                0.0 <= at_km <= length
                and np.abs(exits - at_km).min() >= CLEAR_OF_EXIT_KM
                and np.abs(junctions - at_km).min() >= CLEAR_OF_JUNCTION_KM
                and np.abs(others - at_km).min() >= CLEAR_OF_PLACE_KM
            ):
                return at_km
        return wanted_km


def meeting_km(
    graph: RoadGraph, course: RoadCourse, chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Running kilometres of a course at its chosen nodes."""
    at_start = chosen[graph.arc_from_idx[course.arc_idx]]
    last = [course.length_km] if chosen[graph.arc_to_idx[course.arc_idx[-1]]] else []
    return np.concatenate([course.start_km[at_start], last])


def with_kinds(places: Sequence[Place], counts: dict[str, int]) -> list[Place]:
    """Deal out the kinds evenly along the list; one-sided places change sides in turn."""
    left = dict(counts)
    dealt = []
    side = True
    for number, place in enumerate(places):
        owed = {
            kind: counts[kind] * (number + 1) / len(places) - (counts[kind] - left[kind])
            for kind in KINDS
            if left[kind] > 0
        }
        kind = max(owed, key=lambda name: owed[name])
        left[kind] -= 1
        if kind == "one":
            side = not side
        dealt.append(replace(place, kind=kind, along=side))
    return dealt


def site_rows(
    graph: RoadGraph, courses: Sequence[RoadCourse], places: Sequence[Place],
    trucks: NDArray[np.float64],
) -> pd.DataFrame:  # fmt: skip
    """One row per site, with the trucks per day that pass it."""
    reverse = graph.reverse_arc_idx()
    rows = []
    for place in places:
        course = courses[place.course_idx]
        arcs, offsets = locate_on_course(graph, course, np.array([place.at_km]))
        arc, offset = int(arcs[0]), float(offsets[0])
        opposite = int(reverse[arc])
        back = graph.arc_length_km[opposite] * (1.0 - offset / graph.arc_length_km[arc])
        name = site_name(graph, course.road, arc, offset, place.at_km)
        sides = [(arc, offset), (opposite, back)]
        if place.kind == "one":
            sides = [sides[0] if place.along else sides[1]]
        elif place.kind == "both":
            sides = sides[:1]
        for site_arc, site_offset in sides:
            both = place.kind == "both"
            passing = trucks[arc] + trucks[opposite] if both else trucks[site_arc]
            rows.append(
                {
                    "name": name if both else f"{name} {compass_side(graph, course, site_arc)}",
                    "road": course.road,
                    "direction": DIRECTION_BOTH if both else DIRECTION_ONE,
                    "off_road_km": TRUCK_STOP_OFF_ROAD_KM if both else REST_AREA_OFF_ROAD_KM,
                    "arc": site_arc,
                    "offset_km": min(round(site_offset, 3), graph.arc_length_km[site_arc]),
                    "trucks": passing,
                }
            )
    table = pd.DataFrame(rows)
    table["lon"], table["lat"] = beside_the_road(graph, table)
    table["arc_from"] = graph.node_id[graph.arc_from_idx[table["arc"]]]
    table["arc_to"] = graph.node_id[graph.arc_to_idx[table["arc"]]]
    return table


def compass_side(graph: RoadGraph, course: RoadCourse, arc: int) -> str:
    """Side of the road on which a one-sided site lies: east or west all along a road to the north.

    A ring, or an arc that bends away from the road's direction, goes by its own direction.
    """
    east, north = official_sites.right_hand(graph, np.array([arc]))[0]
    first, last = graph.arc_from_idx[course.arc_idx[0]], graph.arc_to_idx[course.arc_idx[-1]]
    chord_north_km = KM_PER_DEGREE * abs(graph.lat[last] - graph.lat[first])
    chord_east_km = (
        KM_PER_DEGREE
        * abs(graph.lon[last] - graph.lon[first])
        * np.cos(np.radians(graph.lat[first]))
    )
    east_or_west = abs(east) >= abs(north)
    goes_straight = max(chord_north_km, chord_east_km) >= STRAIGHT_SHARE * course.length_km
    if goes_straight and min(abs(east), abs(north)) >= STRAIGHT_SHARE:
        east_or_west = chord_north_km >= chord_east_km
    if east_or_west:
        return "East" if east > 0.0 else "West"
    return "North" if north > 0.0 else "South"


def beside_the_road(
    graph: RoadGraph, table: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions of sites, off the road to the right of their arc."""
    arc = table["arc"].to_numpy()
    lon, lat = positions_on_arcs(graph, arc, table["offset_km"].to_numpy())
    shift = (
        official_sites.right_hand(graph, arc)
        * table["off_road_km"].to_numpy()[:, None]
        / KM_PER_DEGREE
    )
    return lon + shift[:, 0] / np.cos(np.radians(lat)), lat + shift[:, 1]


def official_rows(
    graph: RoadGraph, table: pd.DataFrame, trucks: NDArray[np.float64]
) -> pd.DataFrame:
    """Official sites on the network with what is estimated of them, and the trucks that pass."""
    arc = table["arc"].to_numpy()
    both = (table["direction"] == DIRECTION_BOTH).to_numpy()
    return table.assign(
        origin=ORIGIN_OFFICIAL,
        off_road_km=np.where(both, TRUCK_STOP_OFF_ROAD_KM, REST_AREA_OFF_ROAD_KM),
        trucks=trucks[arc] + np.where(both, trucks[graph.reverse_arc_idx()[arc]], 0.0),
        arc_from=graph.node_id[graph.arc_from_idx[arc]],
        arc_to=graph.node_id[graph.arc_to_idx[arc]],
    )


def computed_rows(
    graph: RoadGraph,
    official: pd.DataFrame,
    trucks: NDArray[np.float64],
    is_junction: NDArray[np.bool_],
) -> pd.DataFrame:
    """Further sites in the widest gaps that the official ones leave."""
    courses = road_courses(graph)
    placer = Placer(graph, courses, trucks, is_junction)
    for arc, offset_km in zip(official["arc"], official["offset_km"], strict=True):
        placer.occupy(graph, arc, offset_km)
    places = with_kinds(placer.fill(sum(N_FURTHER_PLACES.values())), N_FURTHER_PLACES)
    table = site_rows(graph, courses, places, trucks)
    table["site_id"] = [f"E{number:03d}" for number in range(1, len(table) + 1)]
    rank = traffic_rank(table, official)
    grid_kw = np.quantile(official["grid_connection_kw"], rank)
    return table.assign(
        origin=ORIGIN_COMPUTED,
        grid_connection_kw=(np.round(grid_kw / GRID_STEP_KW) * GRID_STEP_KW).astype(int),
        snap_km=0.0,
        **dict.fromkeys((name for name in REGISTER_COLUMNS if name != "origin"), ""),
    )


def traffic_rank(table: pd.DataFrame, official: pd.DataFrame) -> NDArray[np.float64]:
    """Where the trucks that pass sites rank among those that pass the official ones, 0 to 1."""
    ordered = np.sort(official["trucks"])
    return np.interp(table["trucks"], ordered, np.linspace(0.0, 1.0, len(ordered)))


def build(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Policy and extended sites of the network in a folder, and official ones that are not on it.

    The first two have the columns SITE_COLUMNS.
    """
    graph, _ = clean_graph(read_builtin_network(folder))
    nodes = pd.read_csv(folder / "nodes.csv", dtype={"node_id": str}).set_index("node_id")
    is_junction = (nodes["kind"].reindex(graph.node_id) == "junction").to_numpy()
    regions = pd.read_csv(folder / "regions.csv", dtype={"node_id": str})
    trucks = trucks_per_day(graph, regions)
    trucks = np.maximum(trucks, MIN_TRUCKS_SHARE * trucks[trucks > 0.0].mean())
    attached, left_out = official_sites.put_on_network(
        official_sites.read_official_sites(OFFICIAL_SITES), graph
    )
    official = official_rows(graph, attached, trucks)
    further = computed_rows(graph, official, trucks, is_junction)
    extended = pd.concat([official, further], ignore_index=True)
    parking = np.interp(
        traffic_rank(extended, official), list(PARKING_QUANTILES), list(PARKING_QUANTILES.values())
    )
    extended["parking_spaces"] = np.round(parking).astype(int)
    extended = extended[list(SITE_COLUMNS)]
    return extended.iloc[: len(official)], extended, left_out


def main() -> None:
    """Write both site files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).parent, help="folder of the network"
    )
    folder = parser.parse_args().folder
    policy, extended, left_out = build(folder)
    for name, table in (("policy", policy), ("extended", extended)):
        path = folder / f"sites_{name}.csv"
        rounded = table.round({"lon": 6, "lat": 6, "offset_km": 3, "snap_km": 2})
        rounded.to_csv(path, index=False, lineterminator="\n")
        print(f"{path}: {len(table)} sites")
    print(f"official sites that do not lie on the network: {len(left_out)}")
    for _, site in left_out.iterrows():
        print(
            f"  {site['official_number']} {site['name']}, {site['road']}: {site['snap_km']:.1f} km"
        )


if __name__ == "__main__":
    main()
