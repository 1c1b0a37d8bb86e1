"""From a table of places to sites attached to carriageways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.network.named_nodes import CUT_OFF_PARTS, km_to_dropped_parts
from planner.network.sites import DIRECTION_BOTH, DIRECTION_ONE, REGISTER_COLUMNS, Sites
from planner.network.snapping import normalised_road, snap_places
from planner.said import counted, joined, said, set_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.cleaning import LeftOut
    from planner.network.graph import RoadGraph

PLACE_COLUMNS = (
    "site_id",
    "name",
    "road",
    "lon",
    "lat",
    "direction",
    "off_road_km",
    "parking_spaces",
    "grid_connection_kw",
)
"""What is known of a site before it is attached; names and units as in :class:`Sites`."""
LIMIT_COLUMNS = ("max_hpc", "existing_hpc", "existing_lpc")
"""What a table of places may hold besides; without the column no site says it."""
_SHOWN_SITES = 5


@dataclass(frozen=True, slots=True)
class SitesReport:
    """How the sites of a scenario came onto the network.

    Parameters
    ----------
    n_sites, n_attachments : int
        Sites kept and their attachments to carriageways.
    dropped : tuple of (str, float)
        Sites too far from any road: name, and straight distance to the nearest one, km.
    snap_km_median, snap_km_max : float
        Straight distance from the kept sites to the course of their road, km; 0 for sites placed
        on the network itself. On a schematic network it tells how far the drawing is off.
    n_on_other_road : int
        Sites that name a road of which no part is within reach, attached to the nearest one.
    too_weak : tuple of str
        Names of sites left out because they may not have a single high-power point.
    left_out : tuple of LeftOut
        What the reader of the sites had left out before.
    notices : tuple of str
        What else is worth saying of how the sites were placed.
    """

    n_sites: int
    n_attachments: int
    dropped: tuple[tuple[str, float], ...] = ()
    snap_km_median: float = 0.0
    snap_km_max: float = 0.0
    n_on_other_road: int = 0
    too_weak: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Say for a person what was kept, and what was dropped or moved if anything was."""
        lines: list[str] = [
            said(
                "{sites} on {carriageways}",
                sites=counted(self.n_sites, "{n} site", "{n} sites"),
                carriageways=counted(self.n_attachments, "{n} carriageway", "{n} carriageways"),
            )
        ]
        if self.snap_km_max > 0.0:
            lines.append(
                said(
                    "distance to the drawn road {median} km (median), {largest} km (largest)",
                    median=round(self.snap_km_median, 2),
                    largest=round(self.snap_km_max, 2),
                )
            )
        if self.n_on_other_road:
            lines.append(
                counted(
                    self.n_on_other_road,
                    "{n} site attached to another road than it names",
                    "{n} sites attached to another road than they name",
                )
            )
        if self.dropped:
            farthest = [
                said("{name} ({km} km)", name=name, km=round(km, 1)) for name, km in self.dropped
            ]
            what = "dropped: sites too far from a road ({n}): {names}"
            lines.append(said(what, n=len(self.dropped), names=_some_of(farthest)))
        lines += self.notices
        lines += [item.sentence() for item in self.left_out]
        if self.too_weak:
            what = "left out: sites that may not have one high-power point ({n}): {names}"
            lines.append(said(what, n=len(self.too_weak), names=_some_of(self.too_weak)))
        return lines


def _some_of(names: Sequence[str]) -> list[str]:
    return [*names[:_SHOWN_SITES], *(["..."] if len(names) > _SHOWN_SITES else [])]


def attach_sites(
    places: pd.DataFrame,
    arc_idx: NDArray[np.int32],
    offset_km: NDArray[np.float64],
    opposite_arc_idx: NDArray[np.int32],
    graph: RoadGraph,
    opposite_offset_km: NDArray[np.float64] | None = None,
) -> Sites:
    """Put places on arcs that are already known.

    Parameters
    ----------
    places : pandas.DataFrame
        A row per site with :data:`PLACE_COLUMNS`, and :data:`LIMIT_COLUMNS` and
        :data:`~planner.network.sites.REGISTER_COLUMNS` where known.
    arc_idx : (n_sites,) int32
        Arc of each site.
    offset_km : (n_sites,) float64
        Distance from the start of that arc, km.
    opposite_arc_idx : (n_sites,) int32
        Arc of the opposite carriageway where the site serves it too, else -1.
    opposite_offset_km : (n_sites,) float64, optional
        Distance from the start of the opposite arc, km; by default the same share of the way from
        its other end, which is right where both arcs have the same ends.

    Returns
    -------
    Sites
        In the order of the table; ``direction`` says ``"both"`` where there are two attachments.
    """
    both = opposite_arc_idx >= 0
    site = np.arange(len(places), dtype=np.int32)
    attachment_site = np.concatenate([site, site[both]])
    attachment_arc = np.concatenate([arc_idx, opposite_arc_idx[both]]).astype(np.int32)
    length = graph.arc_length_km
    if opposite_offset_km is None:
        opposite_offset_km = (1.0 - offset_km / length[arc_idx]) * length[opposite_arc_idx]
    offset = np.concatenate([offset_km, opposite_offset_km[both]])
    order = np.argsort(attachment_site, kind="stable")
    return Sites(
        site_id=places["site_id"].to_numpy(dtype=object),
        name=places["name"].to_numpy(dtype=object),
        road=places["road"].to_numpy(dtype=object),
        lon=places["lon"].to_numpy(dtype=np.float64),
        lat=places["lat"].to_numpy(dtype=np.float64),
        direction=np.where(both, DIRECTION_BOTH, DIRECTION_ONE).astype(object),
        off_road_km=places["off_road_km"].to_numpy(dtype=np.float64),
        parking_spaces=places["parking_spaces"].to_numpy(dtype=np.int64),
        grid_connection_kw=places["grid_connection_kw"].to_numpy(dtype=np.float64),
        attachment_site_idx=attachment_site[order],
        attachment_arc_idx=attachment_arc[order],
        attachment_offset_km=np.clip(offset[order], 0.0, length[attachment_arc[order]]),
        **{
            name: places[name].to_numpy(dtype=np.int64)
            for name in LIMIT_COLUMNS
            if name in places.columns
        },
        **{
            name: places[name].to_numpy(dtype=object)
            for name in REGISTER_COLUMNS
            if name in places.columns
        },
    )


def snap_sites(
    places: pd.DataFrame,
    graph: RoadGraph,
    max_snap_km: float,
    where: str,
    *,
    all_needed: bool = False,
) -> tuple[Sites, SitesReport]:
    """Attach places to the nearest carriageways; drop those too far from any.

    Parameters
    ----------
    places : pandas.DataFrame
        A row per site with :data:`PLACE_COLUMNS`, and ``keeps_left`` where traffic may keep left.
    max_snap_km : float
        Farthest a place may lie from its road, km.
    all_needed : bool
        Whether a place too far is refused, not dropped.

    Returns
    -------
    Sites
        Those near enough, in the order of the table; a site that names no road gets its arc's.
    SitesReport
        Distances, and what was dropped.

    Raises
    ------
    InputDataError
        If no place is near enough, or one is not and all are needed.
    """
    left = places["keeps_left"].to_numpy(dtype=bool) if "keeps_left" in places else None
    snapping = snap_places(
        graph,
        places["lon"].to_numpy(dtype=np.float64),
        places["lat"].to_numpy(dtype=np.float64),
        places["road"].to_numpy(dtype=object),
        places["direction"].to_numpy(dtype=object),
        max_snap_km,
        left,
    )
    kept = snapping.arc_idx >= 0
    by_dropped_road = ~kept & (_km_to_dropped_parts(places, graph) < snapping.distance_km)
    dropped_road = (
        (
            counted(
                int(by_dropped_road.sum()),
                "{n} site lies by {parts}",
                "{n} sites lie by {parts}",
                parts=CUT_OFF_PARTS,
            ),
        )
        if by_dropped_road.any()
        else ()
    )
    if all_needed and not kept.all():
        first = int(np.argmin(kept))
        msg = said(
            "{where}: expected sites within {max_snap_km} km of a road, found {name} "
            "{distance_km} km away; move it to a road of the network",
            where=where,
            max_snap_km=max_snap_km,
            name=repr(places["name"].iloc[first]),
            distance_km=round(float(snapping.distance_km[first]), 1),
        )
        raise InputDataError(msg)
    if not kept.any():
        cause = joined((set_off(each, "; ") for each in dropped_road), "")
        msg = said(
            "{where}: expected sites within {max_snap_km} km of a road, found none of {n} "
            "(nearest {nearest_km} km{cause}). Check that sites and network are of the same "
            "region, or raise max_snap_km.",
            where=where,
            max_snap_km=max_snap_km,
            n=str(len(places)),
            nearest_km=round(float(snapping.distance_km.min()), 1),
            cause=cause,
        )
        raise InputDataError(msg)
    near, arc_idx = places[kept], snapping.arc_idx[kept]
    arc_road = graph.arc_road[arc_idx]
    named = near["road"].to_numpy(dtype=object) != ""
    sites = attach_sites(
        near.assign(road=np.where(named, near["road"], arc_road)),
        arc_idx,
        snapping.offset_km[kept],
        snapping.opposite_arc_idx[kept],
        graph,
        snapping.opposite_offset_km[kept],
    )
    distance_km = snapping.distance_km
    return sites, SitesReport(
        n_sites=sites.n_sites,
        n_attachments=sites.n_attachments,
        dropped=tuple(
            zip(places["name"][~kept], distance_km[~kept].round(2).tolist(), strict=True)
        ),
        snap_km_median=float(np.median(distance_km[kept])),
        snap_km_max=float(distance_km[kept].max()),
        n_on_other_road=sum(
            wanted != "" and found != "" and normalised_road(wanted) != normalised_road(found)
            for wanted, found in zip(near["road"], arc_road, strict=True)
        ),
        notices=(*dropped_road, *_left_hand_notice(left)),
    )


def _left_hand_notice(keeps_left: NDArray[np.bool_] | None) -> tuple[str, ...]:
    if keeps_left is None or not keeps_left.any():
        return ()
    return (
        counted(
            int(keeps_left.sum()),
            "traffic keeps to the left at {n} site (sites.keeps says otherwise)",
            "traffic keeps to the left at {n} sites (sites.keeps says otherwise)",
        ),
    )


def _km_to_dropped_parts(places: pd.DataFrame, graph: RoadGraph) -> NDArray[np.float64]:
    lon, lat = (places[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    return km_to_dropped_parts(graph, lon, lat)
