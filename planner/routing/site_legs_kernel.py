"""Quickest way onto and off the carriageways of each site, some ways of the road graph at a time.

Where the shortest are asked for, length decides in place of time. Of ways that are alike the one by
the attachments of the lowest numbers is taken, whatever comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@kernel
def add_attached(
    time_h: NDArray[np.float64],
    length_km: NDArray[np.float64],
    attachment: NDArray[np.int64],
    attachment_h: NDArray[np.float64],
    attachment_km: NDArray[np.float64],
    attachment_site_idx: NDArray[np.int32],
    is_shortest: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    leg_h: NDArray[np.float64],
    leg_km: NDArray[np.float64],
    chosen: NDArray[np.int32],
) -> None:
    """Take legs between nodes and sites by some attachments where they are better than so far.

    Parameters
    ----------
    time_h, length_km : (n_rows, n) float64
        From each node to the end of the attachment's arc that faces it, or the other way round.
    attachment : (n,) int64
        The attachments.
    attachment_h, attachment_km : (n_attachments,) float64
        From that end of the arc to the charging points, or the other way round.
    leg_h, leg_km : (n_rows, n_sites) float64
        Best leg so far, inf where there is none; replaced where a better one is found.
    chosen : (n_rows, n_sites) int32
        Attachment that it uses, -1 where there is no way.
    """
    for row in range(time_h.shape[0]):
        for column in range(len(attachment)):
            by = attachment[column]
            site = attachment_site_idx[by]
            hours = time_h[row, column] + attachment_h[by]
            km = length_km[row, column] + attachment_km[by]
            new, old = hours, leg_h[row, site]
            if is_shortest:
                new, old = km, leg_km[row, site]
            if new < old or (new == old and by < chosen[row, site]):
                leg_h[row, site] = hours
                leg_km[row, site] = km
                chosen[row, site] = by


@inner_kernel
def comes_first(a: int, b: int, leaving: int, reaching: int) -> bool:
    """Whether a pair of attachments has lower numbers than another."""
    return a < leaving or (a == leaving and b < reaching)


@kernel
def add_between_sites(
    time_h: NDArray[np.float64],
    length_km: NDArray[np.float64],
    leave_row: NDArray[np.int64],
    left_by: NDArray[np.int64],
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
    is_shortest: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    leg_h: NDArray[np.float64],
    leg_km: NDArray[np.float64],
    leaving: NDArray[np.int32],
    reaching: NDArray[np.int32],
) -> None:
    """Take legs from sites to others that leave by some attachments where they are better.

    Parameters
    ----------
    time_h, length_km : (n_sources, n_targets) float64
        Between the nodes at the ends of arcs.
    leave_row, left_by : (n,) int64
        Attachments by which sites are left, and the row of the node at the end of their arcs.
    reach_column : (n_attachments,) int64
        Column of the node at the start of each attachment's arc.
    leave_h, leave_km, reach_h, reach_km : (n_attachments,) float64
        From the charging points to the end of the arc, and from its start to the charging points.
    site_idx, arc_idx, offset_km, arc_speed_kmh, off_road_h, off_road_km : (n_attachments,)
        Site, arc, place on the arc, truck speed there, way between carriageway and charging points.
    leg_h, leg_km : (n_sites, n_sites) float64
        Best leg so far, inf where there is none; replaced where a better one is found, but never
        from a site to itself.
    leaving, reaching : (n_sites, n_sites) int32
        Attachments that it uses, -1 where there is no way.
    """
    for place in range(len(left_by)):
        a, row = left_by[place], leave_row[place]
        start = site_idx[a]
        for b in range(len(site_idx)):
            end = site_idx[b]
            if start == end:
                continue
            hours = leave_h[a] + time_h[row, reach_column[b]] + reach_h[b]
            km = leave_km[a] + length_km[row, reach_column[b]] + reach_km[b]
            if arc_idx[a] == arc_idx[b] and offset_km[b] >= offset_km[a]:
                ahead_km = offset_km[b] - offset_km[a]
                hours = ahead_km / arc_speed_kmh[a] + off_road_h[a] + off_road_h[b]
                km = ahead_km + off_road_km[a] + off_road_km[b]
            new, old = hours, leg_h[start, end]
            if is_shortest:
                new, old = km, leg_km[start, end]
            if new < old or (
                new == old and comes_first(a, b, leaving[start, end], reaching[start, end])
            ):
                leg_h[start, end] = hours
                leg_km[start, end] = km
                leaving[start, end] = a
                reaching[start, end] = b
