"""Rest areas and services of an OpenStreetMap file as charging sites."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pandas as pd
import shapely

from planner.errors import InputDataError
from planner.network.cleaning import LeftOut
from planner.network.osm_objects import OsmFile, require_ids
from planner.network.sites import DIRECTION_ONE, ORIGIN_GIVEN
from planner.said import bracketed, joined, said, set_off

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.scenario.osm_sources import OsmSiteKind

KIND_NAMES = {"services": "Services", "rest_area": "Rest area"}
"""What a person calls each value of ``highway`` that makes a site."""

_TAGS = ("highway", "name", "operator", "capacity:hgv", "hgv", "access")
_CLOSED = ("no", "private")
_ACCESS_KEYS = ("hgv", "access")
_OUTDATED = "sites that are deleted, or older versions"
_INSIDE = "sites inside the area of another"
_WITHOUT_PLACE = "sites of whose outline the file lacks the nodes"


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A rest area as it is mapped: identifier (``w12``), tags, and its outline or point.

    ``rings`` are node ids of the ways that make the outline; a point has one ring of one node.
    """

    element: str
    tags: dict[str, str]
    rings: tuple[tuple[int, ...], ...]


_Outlined = tuple[str, dict[str, str], shapely.Geometry]
"""Identifier, tags, and outline or point (longitude and latitude)."""


def read_osm_sites(
    path: Path, kinds: Sequence[OsmSiteKind], off_road_km: float
) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    """Read rest areas and services, mapped as points or areas.

    Parameters
    ----------
    path : pathlib.Path
        File as PBF or XML, plain or packed.
    kinds : sequence of {"services", "rest_area"}
        Values of ``highway`` that make a site.
    off_road_km : float
        One-way distance from the carriageway to the charging points, km; OpenStreetMap does not say
        it.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~planner.network.site_attachment.PLACE_COLUMNS`, a row per site in the order
        points, areas, multipolygons, by number. An area lies at its centroid; each part of a
        multipolygon is a site of its own. Direction ``"one"``: the nearest carriageway. Parking
        spaces are ``capacity:hgv`` where that is a whole number.
    tuple of LeftOut
        Sites that are deleted or older versions, closed to trucks by tag, inside another's area, or
        without a place.

    Raises
    ------
    InputDataError
        If the file is of another type or broken, or holds no site for trucks.
    """
    file = OsmFile(path)
    mapped, n_outdated = _read_mapped(file, kinds)
    position = _positions(file, mapped)
    left_out: Counter[str] = Counter({_OUTDATED: n_outdated})
    outlined = _outlined(_open_to_trucks(mapped, left_out), position, left_out)
    inside = _inside_another(np.array([area for _, _, area in outlined], dtype=object))
    left_out[_INSIDE] = int(inside.sum())
    kept = [site for site, is_inside in zip(outlined, inside, strict=True) if not is_inside]
    if not kept:
        wanted = joined((f"highway={kind}" for kind in kinds), " or ")
        told = joined(
            said("{n} {what}", n=count, what=what) for what, count in left_out.items() if count
        )
        msg = said(
            "{path}: expected rest areas open to trucks, tagged {wanted}, found none{told}. "
            "Check sites.kinds and the filter of the extract.",
            path=str(path),
            wanted=wanted,
            told=set_off(bracketed(told)) if told else "",
        )
        raise InputDataError(msg)
    told_out = tuple(LeftOut(what, count, 0.0) for what, count in sorted(left_out.items()) if count)
    return _place_table(kept, off_road_km), told_out


def _open_to_trucks(mapped: list[_Mapped], left_out: Counter[str]) -> list[_Mapped]:
    """Sites that no tag closes; the others are counted."""
    open_sites: list[_Mapped] = []
    for site in mapped:
        decides = next((key for key in _ACCESS_KEYS if key in site.tags), "")
        if site.tags.get(decides) in _CLOSED:
            tag = f"{decides}={site.tags[decides]}"
            left_out[said("sites with {tag}", tag=tag)] += 1
        else:
            open_sites.append(site)
    return open_sites


def _outlined(
    sites: list[_Mapped], position: dict[int, tuple[float, float]], left_out: Counter[str]
) -> list[_Outlined]:
    """Sites with their outline, every part of a multipolygon by itself."""
    outlined: list[_Outlined] = []
    for site in sites:
        parts = _parts(site, position)
        left_out[_WITHOUT_PLACE] += not parts
        for number, area in enumerate(parts, start=1):
            suffix = f"-{number}" if len(parts) > 1 else ""
            outlined.append((f"{site.element}{suffix}", site.tags, area))
    return outlined


def _read_mapped(file: OsmFile, kinds: Sequence[OsmSiteKind]) -> tuple[list[_Mapped], int]:
    """Sites as they are mapped now, and how many matches are deleted or outdated."""
    wanted = osmium.filter.TagFilter(*(("highway", kind) for kind in kinds))
    nodes = file.nodes(wanted, tags=_TAGS)
    ways = file.ways(wanted, tags=_TAGS)
    relations = file.relations(wanted, tags=_TAGS)
    members = {way for relation in relations.items for way in relation.way_ids}
    member_ways = file.ways(ids=members).items if members else []
    require_ids(file.path, [*ways.items, *member_ways])
    ring = {way.way_id: way.node_ids for way in member_ways}
    points = [_Mapped(f"n{node.node_id}", node.tags, ((node.node_id,),)) for node in nodes.items]
    areas = [_Mapped(f"w{way.way_id}", way.tags, (way.node_ids,)) for way in ways.items]
    multipolygons = [
        _Mapped(
            f"r{relation.relation_id}",
            relation.tags,
            tuple(ring[way] for way in relation.way_ids if way in ring),
        )
        for relation in relations.items
    ]
    mapped = [
        site
        for group in (points, areas, multipolygons)
        for site in sorted(group, key=lambda site: int(site.element[1:]))
    ]
    return mapped, nodes.n_outdated + ways.n_outdated + relations.n_outdated


def _positions(file: OsmFile, mapped: list[_Mapped]) -> dict[int, tuple[float, float]]:
    wanted = {node for site in mapped for ring in site.rings for node in ring}
    return {node.node_id: (node.lon, node.lat) for node in file.nodes(ids=wanted).items}


def _parts(site: _Mapped, position: dict[int, tuple[float, float]]) -> list[shapely.Geometry]:
    """Outlines of a site, one by one; the hull of its known nodes where they do not close."""
    rings = [[position[node] for node in ring if node in position] for ring in site.rings]
    lines = [shapely.LineString(ring) for ring in rings if len(ring) > 1]
    closed = shapely.polygonize(lines).geoms
    if len(closed):
        return list(closed)
    known = [xy for ring in rings for xy in ring]
    return [shapely.MultiPoint(known).convex_hull] if known else []


def _inside_another(areas: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether the centroid of each area lies in a larger one, (n_areas,)."""
    inside = np.zeros(len(areas), dtype=bool)
    if areas.size:
        within, around = shapely.STRtree(areas).query(shapely.centroid(areas), predicate="within")
        size = shapely.area(areas)
        inside[within[size[around] > size[within]]] = True
    return inside


def _place_table(kept: list[_Outlined], off_road_km: float) -> pd.DataFrame:
    element = [element for element, _, _ in kept]
    centre = shapely.centroid(np.array([area for _, _, area in kept], dtype=object))
    return pd.DataFrame(
        {
            "site_id": np.array(element, dtype=object),
            "name": np.array([_name(name, tags) for name, tags, _ in kept], dtype=object),
            "road": "",
            "lon": shapely.get_x(centre),
            "lat": shapely.get_y(centre),
            "direction": DIRECTION_ONE,
            "off_road_km": off_road_km,
            "parking_spaces": [_whole_number(tags.get("capacity:hgv", "")) for _, tags, _ in kept],
            "grid_connection_kw": np.nan,
            "origin": ORIGIN_GIVEN,
        },
        index=pd.Index(element, name="element"),
    )


def _name(element: str, tags: dict[str, str]) -> str:
    name = tags.get("name", f"{KIND_NAMES[tags['highway']]} {element}")
    operator = tags.get("operator")
    return f"{name} ({operator})" if operator else name


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1
