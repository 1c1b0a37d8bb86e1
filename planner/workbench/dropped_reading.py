"""A dropped file read by the reader that the study will use: what comes in, and what does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pydantic import TypeAdapter

from planner.demand.load import load_trips
from planner.files.area_layers import read_named_areas
from planner.network.charging_register import read_register
from planner.network.datex_points import read_datex
from planner.network.existing_points import with_existing_points
from planner.network.load import load_network, load_sites, site_table
from planner.network.osm_sites import read_osm_sites
from planner.network.point_tables import read_point_table
from planner.network.site_status import OPEN
from planner.network.towns import nearest_points
from planner.network.truck_points import truck_point_rules
from planner.reporting.phrases import number, phrase
from planner.runs.random_streams import RandomStreams
from planner.said import counted, said
from planner.scenario.demand_sources import Demand  # pydantic reads the annotations
from planner.scenario.input_paths import named_files
from planner.scenario.model import DEFAULT_MIX
from planner.scenario.network_sources import Network
from planner.scenario.parameter_sets import Section
from planner.scenario.presets import with_preset
from planner.scenario.region_source import Regions
from planner.scenario.renamed_keys import with_todays_keys
from planner.scenario.site_sources import SitesSection, placed_for_trucks
from planner.scenario.yaml_files import validated
from planner.workbench.dropped_map import Dropped, Places

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph

_MOST_TOLD = 200
_GRAPHS = 3


class _Roads(Section):
    network: Network


class _Places(Section):
    sites: SitesSection


class _Trips(Section):
    demand: Demand


class _Areas(Section):
    regions: Regions


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds for a study.

    Parameters
    ----------
    said : list of str
        What was read, left out and dropped, as ``planner validate`` says it.
    graph : RoadGraph
        Roads of the study.
    places : Places or None
        Sites, points or ends of trips; none of a file of roads.
    dropped : list of Dropped
        Rows that do not come in, at most :data:`_MOST_TOLD`.
    n_dropped : int
        How many there are.
    """

    said: list[str]
    graph: RoadGraph
    places: Places | None = None
    dropped: list[Dropped] = field(default_factory=list)
    n_dropped: int = 0


def read_dropped(part: str, keys: dict[str, Any], study: Path) -> Read:
    """Read what a study says of its roads, sites, standing points, regions or demand.

    Parameters
    ----------
    part : str
        ``"network"``, ``"sites"``, ``"existing"``, ``"regions"`` or ``"demand"``.
    keys : dict
        The study's text, read.
    study : pathlib.Path
        Where it will stand: relative paths start at its folder.

    Raises
    ------
    PlannerError
        If a section or a file that it names is not valid, in the words of ``planner validate``.
    """
    keys = with_preset(with_todays_keys(keys, study), str(study))
    graph, report = graph_of(keys, study)
    match part:
        case "network":
            return Read(report.sentences(), graph)
        case "sites":
            return _read_sites(_section(_Places, "sites", keys, study).sites, graph)
        case "existing":
            return _read_existing(_section(_Places, "sites", keys, study).sites, graph)
        case "regions":
            return _read_regions(_section(_Areas, "regions", keys, study).regions, graph)
        case _:
            return _read_demand(_section(_Trips, "demand", keys, study).demand, keys, graph)


def graph_of(keys: dict[str, Any], study: Path) -> tuple[RoadGraph, NetworkReport]:
    """Roads of a study, read once for its files."""
    settings = _section(_Roads, "network", keys, study).network
    files = (path for _, path in named_files(settings))
    stamps = tuple((str(each), each.stat().st_mtime_ns, each.stat().st_size) for each in files)
    return _graph(_Kept(settings, (settings.model_dump_json(), stamps)))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Settings that are told apart by what they say and by the files that they name."""

    network: Network
    key: tuple[Any, ...]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


@lru_cache(maxsize=_GRAPHS)
def _graph(kept: _Kept) -> tuple[RoadGraph, NetworkReport]:
    return load_network(kept.network)


def _section(model: type[Any], name: str, keys: dict[str, Any], study: Path) -> Any:
    context = {"base_dir": study.parent.resolve()}
    return validated(TypeAdapter(model), {name: keys.get(name)}, str(study), context)


def _read_sites(settings: SitesSection, graph: RoadGraph) -> Read:
    sites, report = load_sites(settings, graph)
    places = Places(sites.name, sites.lon, sites.lat, np.ones(sites.n_sites), sites.road)
    rows = _rows_of_sites(settings, graph)
    if rows is None:
        return Read(report.sentences(), graph, places)
    is_open = (rows["status"] == OPEN).to_numpy()
    is_far = is_open & ~rows["site_id"].isin(set(sites.site_id)).to_numpy()
    # The report names those too far away in the order of their rows.
    reasons = [
        phrase("{km} km from the nearest road", km=number(km, 1)) for _, km in report.dropped
    ]
    reasons += [phrase("not open")] * int((~is_open).sum())
    lost = np.concatenate([np.flatnonzero(is_far), np.flatnonzero(~is_open)])
    lon, lat = (rows[name].to_numpy(np.float64) for name in ("lon", "lat"))
    dropped = [
        Dropped(
            str(rows.index[at]), str(rows["name"].iloc[at]), why, float(lon[at]), float(lat[at])
        )
        for at, why in zip(lost, reasons, strict=True)
    ]
    return Read(report.sentences(), graph, places, dropped[:_MOST_TOLD], len(dropped))


def _rows_of_sites(settings: SitesSection, graph: RoadGraph) -> pd.DataFrame | None:
    """Sites as their file has them, also those that do not come in; None of sites without one."""
    match settings.source:
        case "table":
            return site_table(settings, graph)
        case "osm":
            rows, _ = read_osm_sites(settings.path, settings.kinds, settings.off_road_km)
            return rows.assign(status=OPEN)
        case _:
            return None


def _read_existing(settings: SitesSection, graph: RoadGraph) -> Read:
    """Points that stand, held against the study's sites, or its roads where trucks place these."""
    existing = settings.existing
    if existing is None:
        msg = "a section of points that stand names them"
        raise AssertionError(msg)
    rules = truck_point_rules()
    found = read_register(existing.path, rules) or read_datex(existing.path, rules)
    if placed_for_trucks(settings):
        near, lines = (graph.lon, graph.lat), []
    else:
        sites, _ = load_sites(settings, graph)
        near = (sites.lon, sites.lat)
        _, told = with_existing_points(existing, sites)
        lines = list(told)
    table = (found or read_point_table(existing, rules, near)).table
    lon, lat = (table[name].to_numpy(np.float64) for name in ("lon", "lat"))
    max_km = existing.max_km or rules.max_km.value
    is_near = nearest_points(*near, lon, lat, max_km) >= 0
    points = (table["n_hpc"] + table["n_lpc"]).to_numpy(np.float64)
    name = table["name"].where(table["name"] != "", table["operator"]).to_numpy(object)
    places = Places(
        name[is_near],
        lon[is_near],
        lat[is_near],
        points[is_near],
        table["status"].to_numpy(object)[is_near],
    )
    why = phrase("farther than {km} km from every site", km=number(max_km, 1))
    lost = np.flatnonzero(~is_near)
    dropped = [
        Dropped("", str(name[at]), why, float(lon[at]), float(lat[at])) for at in lost[:_MOST_TOLD]
    ]
    return Read(lines, graph, places, dropped, len(lost))


def _read_regions(settings: Regions, graph: RoadGraph) -> Read:
    """Areas by their names, each shown at a point inside it."""
    areas = read_named_areas(settings.path, settings.layer, settings.name_column, "regions")
    inside = shapely.point_on_surface(areas.area)
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    n_regions = len(set(areas.name))
    told: list[str] = [counted(n_regions, "{n} region", "{n} regions")]
    n_nodes = np.count_nonzero(areas.names_at(graph.lon, graph.lat) != "")
    share = round(100.0 * n_nodes / graph.n_nodes)
    told.append(said("{share} % of the nodes of the roads lie in them", share=share))
    places = Places(areas.name, lon, lat, np.ones(len(lon)), areas.name)
    return Read(told, graph, places)


def _read_demand(demand: Demand, keys: dict[str, Any], graph: RoadGraph) -> Read:
    vehicles = keys.get("vehicles")
    mix = vehicles.get("mix") if isinstance(vehicles, dict) else None
    is_mix = isinstance(mix, dict) and all(isinstance(share, float | int) for share in mix.values())
    known = (
        {str(name): float(share) for name, share in mix.items()} if mix and is_mix else DEFAULT_MIX
    )
    trips, report = load_trips(demand, graph, known, RandomStreams(1))
    n_trips = np.bincount(trips.origin_node_idx, minlength=graph.n_nodes) + np.bincount(
        trips.destination_node_idx, minlength=graph.n_nodes
    )
    used = np.flatnonzero(n_trips)
    places = Places(
        graph.node_name[used],
        graph.lon[used],
        graph.lat[used],
        n_trips[used].astype(np.float64),
        graph.node_id[used],
    )
    return Read(report.sentences(), graph, places)
