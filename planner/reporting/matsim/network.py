"""The road graph with its sites as a MATSim network.

An arc becomes a chain of links, split where a site touches it. A site lies off the road: a link
in, a link with its HPC points, beside it one with its LPC points, and a link out, for every
carriageway that it serves. HPC and LPC points lie on links of their own because MATSim plugs a
vehicle in at any charger of the link that its charging activity is on. The links in and out are as
long as the way off the carriageway, so that legs are as long as in the plan, to a few metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import shapely
from pyproj import CRS, Transformer

from planner.errors import InputDataError
from planner.files.coordinates import LON_LAT, reference_system
from planner.reporting.matsim.elements import add_attribute, document, matsim_id

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

CRS_ATTRIBUTE = "coordinateReferenceSystem"
ROAD_ATTRIBUTE = "osm:way:ref"
"""Attribute of links with the reference of the road, as MATSim networks from OSM have it."""
_LINK_M = 1.0
"""Shortest link, and length of the links that points lie on; sites as near to a node lie at it."""
_LANES = 2
"""Lanes of sites, and of roads where the source says none; trucks alone do not fill them."""
_CAPACITY_PER_LANE_H = 2000.0


@dataclass(frozen=True, slots=True)
class MatsimNetwork:
    """Nodes and links, and where the arcs and sites of the plan went.

    Parameters
    ----------
    crs : str
        Coordinate reference system of the positions.
    node_id : (n_nodes,) object
        Identifiers; the nodes of the road graph come first.
    node_name : (n_nodes,) object
        What a person calls the node or site, empty where it has no name.
    x, y : (n_nodes,) float64
        Positions in the system's units, metres.
    link_id : (n_links,) object
        Identifiers.
    from_idx, to_idx : (n_links,) int64
        End nodes.
    length_m : (n_links,) float64
        Lengths, > 0.
    freespeed_kmh : (n_links,) float64
        Free speeds.
    n_lanes : (n_links,) int64
        Lanes.
    road : (n_links,) object
        Reference of the road, empty at sites and where unknown.
    first_part : (n_arcs + 1,) int64
        Links of arc ``a`` are ``first_part[a]:first_part[a + 1]``, in the order of driving.
    parts_before : (n_attachments,) int64
        Links of the attachment's arc before the site.
    in_link, out_link : (n_attachments,) int64
        Links off the carriageway and back.
    hpc_link, lpc_link : (n_sites,) int64
        Links that the points of each site lie on.
    """

    crs: str
    node_id: NDArray[np.object_]
    node_name: NDArray[np.object_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    link_id: NDArray[np.object_]
    from_idx: NDArray[np.int64]
    to_idx: NDArray[np.int64]
    length_m: NDArray[np.float64]
    freespeed_kmh: NDArray[np.float64]
    n_lanes: NDArray[np.int64]
    road: NDArray[np.object_]
    first_part: NDArray[np.int64]
    parts_before: NDArray[np.int64]
    in_link: NDArray[np.int64]
    out_link: NDArray[np.int64]
    hpc_link: NDArray[np.int64]
    lpc_link: NDArray[np.int64]

    def arc_links(self, arcs: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Links of some arcs, one arc after the other, in the order of driving."""
        first, n_parts = self.first_part[arcs], self.first_part[arcs + 1] - self.first_part[arcs]
        ends = np.cumsum(n_parts)
        links: NDArray[np.int64] = np.repeat(first - ends + n_parts, n_parts)
        return links + np.arange(len(links))


def charger_ids(site_id: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Names of the chargers of each site, HPC and LPC, and of the links that they lie on."""
    names = [matsim_id(each) for each in site_id]
    hpc, lpc = ([f"{kind}_{name}" for name in names] for kind in ("hpc", "lpc"))
    return np.array(hpc, dtype=object), np.array(lpc, dtype=object)


def metric_crs(name: str) -> CRS:
    """Coordinate reference system for MATSim, which reckons in metres.

    Parameters
    ----------
    name : str
        For example ``"EPSG:25832"``.

    Raises
    ------
    InputDataError
        If there is no such system, or it is not projected in metres.
    """
    crs = reference_system(name, "coordinate system of the MATSim files")
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        msg = (
            f"coordinate system of the MATSim files: expected one projected in metres, found "
            f"{name!r} ({crs.name}); EPSG:25832 suits Germany"
        )
        raise InputDataError(msg)
    return crs


def matsim_network(
    graph: RoadGraph, sites: Sites, crs_name: str, site_speed_kmh: float
) -> MatsimNetwork:
    """Turn the road graph and all its sites into links.

    Parameters
    ----------
    crs_name : str
        Coordinate reference system to write, projected in metres.
    site_speed_kmh : float
        Free speed off the carriageway: that of the fastest truck, since trucks drive there at
        their own speed.

    Raises
    ------
    InputDataError
        If the coordinate system is not fit, or does not reach to the network.
    """
    crs = metric_crs(crs_name)
    ramps = _Ramps.on(graph, sites)
    node_id, lon, lat = _nodes(graph, sites, ramps)
    x, y = Transformer.from_crs(LON_LAT, crs, always_xy=True).transform(lon, lat)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        msg = f"coordinate system {crs_name!r} ({crs.name}): does not reach to all of the network"
        raise InputDataError(msg)
    parts = _parts(graph, ramps)
    n_parts, n_attachments, n_sites = len(parts.arc), sites.n_attachments, sites.n_sites
    entrance = graph.n_nodes + len(ramps.arc) + np.arange(n_sites)
    site_of = sites.attachment_site_idx
    off_road_m = 1000.0 * sites.off_road_km[site_of]
    site_ids = [matsim_id(site) for site in sites.site_id]
    carriageway = [f"{site_ids[site]}_{n}" for n, site in enumerate(site_of)]
    return MatsimNetwork(
        crs=crs_name,
        node_id=node_id,
        node_name=np.concatenate(
            [
                graph.node_name,
                np.full(len(ramps.arc), "", dtype=object),
                sites.name,
                np.full(n_sites, "", dtype=object),
            ]
        ),
        x=x,
        y=y,
        link_id=np.array(
            [
                *parts.names(),
                *(f"in_{name}" for name in carriageway),
                *(f"out_{name}" for name in carriageway),
                *np.concatenate(charger_ids(sites.site_id)),
            ],
            dtype=object,
        ),
        from_idx=np.concatenate(
            [parts.from_idx, ramps.node_of_attachment, (entrance + n_sites)[site_of]]
            + [entrance] * 2
        ),
        to_idx=np.concatenate(
            [parts.to_idx, entrance[site_of], ramps.node_of_attachment] + [entrance + n_sites] * 2
        ),
        length_m=np.concatenate(
            [
                parts.length_m,
                np.maximum(off_road_m - _LINK_M, _LINK_M),
                np.maximum(off_road_m, _LINK_M),
                np.full(2 * n_sites, _LINK_M),
            ]
        ),
        freespeed_kmh=np.concatenate(
            [
                graph.arc_free_speed_kmh[parts.arc],
                np.full(2 * n_attachments + 2 * n_sites, site_speed_kmh),
            ]
        ),
        n_lanes=np.concatenate(
            [_lanes(graph)[parts.arc], np.full(2 * n_attachments + 2 * n_sites, _LANES)]
        ),
        road=np.concatenate(
            [
                graph.arc_road[parts.arc],
                np.full(2 * n_attachments + 2 * n_sites, "", dtype=object),
            ]
        ),
        first_part=np.searchsorted(parts.arc, np.arange(graph.n_arcs + 1)),
        parts_before=ramps.parts_before,
        in_link=n_parts + np.arange(n_attachments),
        out_link=n_parts + n_attachments + np.arange(n_attachments),
        hpc_link=n_parts + 2 * n_attachments + np.arange(n_sites),
        lpc_link=n_parts + 2 * n_attachments + n_sites + np.arange(n_sites),
    )


@dataclass(frozen=True, slots=True)
class _Ramps:
    """Places on arcs where sites are reached: by arc, then along it; none at the arcs' ends."""

    arc: NDArray[np.int64]
    offset_km: NDArray[np.float64]
    node_of_attachment: NDArray[np.int64]
    parts_before: NDArray[np.int64]

    @classmethod
    def on(cls, graph: RoadGraph, sites: Sites) -> _Ramps:
        """Ramps of all attachments; those within a link's least length share one."""
        least_km = _LINK_M / 1000.0
        arcs: list[int] = []
        offsets: list[float] = []
        node = np.empty(sites.n_attachments, dtype=np.int64)
        before = np.empty(sites.n_attachments, dtype=np.int64)
        order = np.lexsort((sites.attachment_offset_km, sites.attachment_arc_idx))
        n_on_arc = 0
        last_arc = -1
        for attachment in order:
            arc = int(sites.attachment_arc_idx[attachment])
            offset_km = float(sites.attachment_offset_km[attachment])
            if arc != last_arc:
                last_arc, n_on_arc = arc, 0
            if offset_km < least_km:
                node[attachment], before[attachment] = graph.arc_from_idx[arc], 0
            elif offset_km > graph.arc_length_km[arc] - least_km:
                node[attachment], before[attachment] = graph.arc_to_idx[arc], n_on_arc + 1
            else:
                if n_on_arc == 0 or offset_km - offsets[-1] >= least_km:
                    arcs.append(arc)
                    offsets.append(offset_km)
                    n_on_arc += 1
                node[attachment] = graph.n_nodes + len(arcs) - 1
                before[attachment] = n_on_arc
        return cls(
            np.array(arcs, dtype=np.int64), np.array(offsets, dtype=np.float64), node, before
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Pieces of arcs between ramps, by arc and along it."""

    arc: NDArray[np.int64]
    from_idx: NDArray[np.int64]
    to_idx: NDArray[np.int64]
    length_m: NDArray[np.float64]

    def names(self) -> list[str]:
        """Give ``a`` and the arc's number, with the number of the part where there are several."""
        part = np.arange(len(self.arc)) - np.searchsorted(self.arc, self.arc)
        several = np.bincount(self.arc)[self.arc] > 1
        return [
            f"a{arc}.{n}" if split else f"a{arc}"
            for arc, n, split in zip(self.arc, part, several, strict=True)
        ]


def _parts(graph: RoadGraph, ramps: _Ramps) -> _Parts:
    n_ramps = len(ramps.arc)
    arc = np.concatenate([np.arange(graph.n_arcs), ramps.arc])
    start_km = np.concatenate([np.zeros(graph.n_arcs), ramps.offset_km])
    from_idx = np.concatenate([graph.arc_from_idx, graph.n_nodes + np.arange(n_ramps)])
    order = np.lexsort((start_km, arc))
    arc, start_km, from_idx = arc[order], start_km[order], from_idx[order]
    is_last = np.append(arc[1:] != arc[:-1], True)
    to_idx = np.where(is_last, graph.arc_to_idx[arc], np.roll(from_idx, -1))
    end_km = np.where(is_last, graph.arc_length_km[arc], np.roll(start_km, -1))
    return _Parts(arc, from_idx, to_idx, 1000.0 * (end_km - start_km))


def _lanes(graph: RoadGraph) -> NDArray[np.int64]:
    if graph.arc_lanes is None:
        return np.full(graph.n_arcs, _LANES)
    return np.where(graph.arc_lanes > 0, graph.arc_lanes, _LANES)


def _nodes(
    graph: RoadGraph, sites: Sites, ramps: _Ramps
) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.float64]]:
    """Identifiers and positions: the graph's nodes, ramps, entrances and exits of sites."""
    share = ramps.offset_km / graph.arc_length_km[ramps.arc]
    if graph.arc_geometry is None:
        start, end = graph.arc_from_idx[ramps.arc], graph.arc_to_idx[ramps.arc]
        lon = graph.lon[start] + share * (graph.lon[end] - graph.lon[start])
        lat = graph.lat[start] + share * (graph.lat[end] - graph.lat[start])
    else:
        points = shapely.line_interpolate_point(
            graph.arc_geometry[ramps.arc], share, normalized=True
        )
        lon, lat = shapely.get_x(points), shapely.get_y(points)
    names = [
        *(f"n_{matsim_id(node)}" for node in graph.node_id),
        *(f"ramp_{n}" for n in range(len(ramps.arc))),
        *(f"site_{matsim_id(site)}_in" for site in sites.site_id),
        *(f"site_{matsim_id(site)}_out" for site in sites.site_id),
    ]
    return (
        np.array(names, dtype=object),
        np.concatenate([graph.lon, lon, sites.lon, sites.lon]),
        np.concatenate([graph.lat, lat, sites.lat, sites.lat]),
    )


def write_network(
    network: MatsimNetwork, is_used: NDArray[np.bool_], name: str, path: Path
) -> None:
    """Write some links with their nodes as ``network_v2``.

    Parameters
    ----------
    is_used : (n_links,) bool
        Links to write.
    path : pathlib.Path
        The file, ``.xml`` or ``.xml.gz``.
    """
    links = np.flatnonzero(is_used).tolist()
    nodes = np.union1d(network.from_idx[links], network.to_idx[links]).tolist()
    with document(path, "network", {"name": name}, "network_v2.dtd") as xml:
        attributes = Element("attributes")
        add_attribute(attributes, CRS_ATTRIBUTE, "java.lang.String", network.crs)
        xml.write(attributes)
        with xml.inside("nodes"):
            for node in nodes:
                xml.write(_node(network, node))
        with xml.inside("links", {"capperiod": "01:00:00"}):
            for link in links:
                xml.write(_link(network, link))


def _node(network: MatsimNetwork, node: int) -> Element:
    x, y = f"{network.x[node]:.3f}", f"{network.y[node]:.3f}"
    element = Element("node", {"id": network.node_id[node], "x": x, "y": y})
    if network.node_name[node]:
        attributes = SubElement(element, "attributes")
        add_attribute(attributes, "name", "java.lang.String", network.node_name[node])
    return element


def _link(network: MatsimNetwork, link: int) -> Element:
    element = Element(
        "link",
        {
            "id": network.link_id[link],
            "from": network.node_id[network.from_idx[link]],
            "to": network.node_id[network.to_idx[link]],
            "length": f"{network.length_m[link]:.3f}",
            "freespeed": repr(float(network.freespeed_kmh[link]) / 3.6),
            "capacity": repr(_CAPACITY_PER_LANE_H * int(network.n_lanes[link])),
            "permlanes": repr(float(network.n_lanes[link])),
            "oneway": "1",
            "modes": "car",
        },
    )
    if network.road[link]:
        attributes = SubElement(element, "attributes")
        add_attribute(attributes, ROAD_ATTRIBUTE, "java.lang.String", network.road[link])
    return element
