"""Quickest way onto and off the carriageways of each site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@kernel
def quickest_attachments(
    time_h: NDArray[np.float64],
    length_km: NDArray[np.float64],
    attachment_h: NDArray[np.float64],
    attachment_km: NDArray[np.float64],
    attachment_site_idx: NDArray[np.int32],
    n_sites: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Quickest leg between each of some nodes and each site.

    Parameters
    ----------
    time_h, length_km : (n_rows, n_attachments) float64
        From each node to the end of the attachment's arc that faces it, or the other way round.
    attachment_h, attachment_km : (n_attachments,) float64
        From that end of the arc to the charging points, or the other way round.

    Returns
    -------
    leg_h, leg_km : (n_rows, n_sites) float64
        Quickest leg and its length; inf where there is none.
    attachment : (n_rows, n_sites) int32
        Attachment used, the first of equally quick ones; -1 where there is no way.
    """
    n_rows = time_h.shape[0]
    leg_h = np.full((n_rows, n_sites), np.inf)
    leg_km = np.full((n_rows, n_sites), np.inf)
    chosen = np.full((n_rows, n_sites), -1, np.int32)
    for row in range(n_rows):
        for attachment in range(len(attachment_site_idx)):
            site = attachment_site_idx[attachment]
            hours = time_h[row, attachment] + attachment_h[attachment]
            if hours < leg_h[row, site]:
                leg_h[row, site] = hours
                leg_km[row, site] = length_km[row, attachment] + attachment_km[attachment]
                chosen[row, site] = attachment
    return leg_h, leg_km, chosen


@kernel
def quickest_between_sites(
    time_h: NDArray[np.float64],
    length_km: NDArray[np.float64],
    leave_row: NDArray[np.int64],
    reach_column: NDArray[np.int64],
    leave_h: NDArray[np.float64],
    leave_km: NDArray[np.float64],
    reach_h: NDArray[np.float64],
    reach_km: NDArray[np.float64],
    site_idx: NDArray[np.int32],
    arc_idx: NDArray[np.int32],
    offset_km: NDArray[np.float64],
    arc_speed_kmh: NDArray[np.float64],
    off_road_h: NDArray[np.float64],
    off_road_km: NDArray[np.float64],
    n_sites: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
    """Quickest leg from each site to each other one, over all pairs of attachments.

    Parameters
    ----------
    time_h, length_km : (n_sources, n_targets) float64
        Between the nodes at the ends of arcs.
    leave_row, reach_column : (n_attachments,) int64
        Row of the node at the end of each attachment's arc, column of the node at its start.
    leave_h, leave_km, reach_h, reach_km : (n_attachments,) float64
        From the charging points to the end of the arc, and from its start to the charging points.
    site_idx, arc_idx, offset_km, arc_speed_kmh, off_road_h, off_road_km : (n_attachments,)
        Site, arc, place on the arc, truck speed there, way between carriageway and charging points.

    Returns
    -------
    leg_h, leg_km : (n_sites, n_sites) float64
        Quickest leg and its length; inf where there is none and from a site to itself.
    leaving, reaching : (n_sites, n_sites) int32
        Attachments used.
    """
    leg_h = np.full((n_sites, n_sites), np.inf)
    leg_km = np.full((n_sites, n_sites), np.inf)
    leaving = np.full((n_sites, n_sites), -1, np.int32)
    reaching = np.full((n_sites, n_sites), -1, np.int32)
    n_attachments = len(site_idx)
    for a in range(n_attachments):
        for b in range(n_attachments):
            start, end = site_idx[a], site_idx[b]
            if start == end:
                continue
            hours = leave_h[a] + time_h[leave_row[a], reach_column[b]] + reach_h[b]
            length = leave_km[a] + length_km[leave_row[a], reach_column[b]] + reach_km[b]
            if arc_idx[a] == arc_idx[b] and offset_km[b] >= offset_km[a]:
                ahead_km = offset_km[b] - offset_km[a]
                hours = ahead_km / arc_speed_kmh[a] + off_road_h[a] + off_road_h[b]
                length = ahead_km + off_road_km[a] + off_road_km[b]
            if hours < leg_h[start, end]:
                leg_h[start, end] = hours
                leg_km[start, end] = length
                leaving[start, end] = a
                reaching[start, end] = b
    return leg_h, leg_km, leaving, reaching
