"""Motorways of a named place from the OpenStreetMap servers, with OSMnx."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import osmnx
import requests

from planner.errors import InputDataError
from planner.network.osm_file import OsmRoads, exit_name
from planner.network.osm_objects import OsmWay
from planner.network.osm_tags import BACKWARD, WAY_TAGS, road_classes
from planner.said import said, set_off

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLIC_OVERPASS = "https://overpass-api.de/api"
PUBLIC_NOMINATIM = "https://nominatim.openstreetmap.org/"
NODE_TAGS = ("highway", "ref", "name")
MAX_QUERY_AREA_M2 = 1e13
"""A continent: a country is asked for in one request, not in hundreds."""
TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class OsmServers:
    """Servers to ask.

    Parameters
    ----------
    overpass_url : str
        Base of an Overpass API: answers what ways there are.
    nominatim_url : str
        Base of a Nominatim service: answers where the place is.
    """

    overpass_url: str = PUBLIC_OVERPASS
    nominatim_url: str = PUBLIC_NOMINATIM


def read_osm_place(place: str, servers: OsmServers, *, include_trunk: bool) -> OsmRoads:
    """Fetch motorways and their ramps within the borders of a place.

    Parameters
    ----------
    place : str
        Name of a place with borders: ``"Luxembourg"``.
    include_trunk : bool
        Whether trunk roads belong to the network too.

    Returns
    -------
    OsmRoads
        Every step between two nodes is a way of its own. Nothing is known of the roads beside the
        network, so that exits are told by their numbers alone.

    Raises
    ------
    InputDataError
        If a server cannot be reached or answers with a fault, or the place is unknown, has no
        borders or no such roads.

    Notes
    -----
    OSMnx asks again every minute while a server is busy, without end.
    """
    classes = "|".join(road_classes(include_trunk=include_trunk))
    try:
        with _osmnx_settings(servers):
            graph = osmnx.graph_from_place(
                place,
                simplify=False,
                retain_all=True,
                custom_filter=f'["highway"~"^({classes})$"]',
            )
    except (requests.RequestException, ValueError, TypeError) as error:
        trunk = ""
        if not include_trunk:
            trunk = set_off("set network.include_trunk: true if it has no motorways", ", ")
        msg = said(
            "network.place {place}: {nominatim_url} and {overpass_url} were asked for it and "
            "its motorways; the fault: {error}. Check the name and the connection{trunk}, or "
            "download an extract and name it as network.path.",
            place=repr(place),
            nominatim_url=servers.nominatim_url,
            overpass_url=servers.overpass_url,
            error=str(error),
            trunk=trunk,
        )
        raise InputDataError(msg) from error
    nodes = sorted(graph.nodes(data=True))
    return OsmRoads(
        ways=[
            OsmWay(int(tags["osmid"]), (int(start), int(end)), _way_tags(tags))
            for start, end, tags in graph.edges(data=True)
        ],
        node_id=np.array([node for node, _ in nodes], dtype=np.int64),
        lon=np.array([data["x"] for _, data in nodes], dtype=np.float64),
        lat=np.array([data["y"] for _, data in nodes], dtype=np.float64),
        exit_names={
            int(node): exit_name(data["ref"], data.get("name"))
            for node, data in nodes
            if "ref" in data and data.get("highway") == "motorway_junction"
        },
    )


def _way_tags(tags: dict[str, Any]) -> dict[str, str]:
    kept = {key: str(tags[key]) for key in WAY_TAGS if key in tags}
    # OSMnx has turned such ways round already, and left them their tag.
    return kept | {"oneway": "yes"} if kept.get("oneway") in BACKWARD else kept


@contextmanager
def _osmnx_settings(servers: OsmServers) -> Iterator[None]:
    """Set OSMnx up for one request, and put its settings back afterwards."""
    wanted: dict[str, Any] = {
        "overpass_url": servers.overpass_url,
        "nominatim_url": servers.nominatim_url,
        # A server of one's own has no slots to wait for.
        "overpass_rate_limit": servers.overpass_url == PUBLIC_OVERPASS,
        "doh_url_template": None,
        "use_cache": False,
        "requests_timeout": TIMEOUT_S,
        "max_query_area_size": MAX_QUERY_AREA_M2,
        "useful_tags_way": list(WAY_TAGS),
        "useful_tags_node": list(NODE_TAGS),
        # Each way in the order of its nodes, with its own oneway tag.
        "all_oneway": True,
    }
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
