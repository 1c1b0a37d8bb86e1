"""Charging sites and where they touch the carriageways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIRECTION_BOTH = "both"
"""The site serves both carriageways; any other direction serves the one it is attached to."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Charging sites attached to the arcs of a :class:`~planner.network.graph.RoadGraph`.

    A site that serves both directions has two attachments (one per carriageway), a rest area on
    one side has one. Attachments are flat arrays sorted by site.

    Parameters
    ----------
    site_id : (n_sites,) object
        Unique name of each site, text.
    name : (n_sites,) object
        What a person calls it: motorway, nearest place, kilometre.
    road : (n_sites,) object
        Reference of the road it lies on, for example ``"A7"``.
    lon, lat : (n_sites,) float64
        Position, degrees, EPSG:4326.
    direction : (n_sites,) object
        ``"both"`` or ``"one"``: the carriageways it serves.
    off_road_km : (n_sites,) float64
        One-way distance from the carriageway to the plugs, km, >= 0; driven twice by a stop.
    parking_spaces : (n_sites,) int64
        Truck parking spaces, an upper bound on LPC plugs; -1 where unknown.
    grid_connection_kw : (n_sites,) float64
        Upper bound on the power drawn, kW; NaN where unknown.
    attachment_site_idx : (n_attachments,) int32
        Site of each attachment, ascending.
    attachment_arc_idx : (n_attachments,) int32
        Arc of each attachment.
    attachment_offset_km : (n_attachments,) float64
        Distance from the start of the arc, km, within [0, length of the arc].
    """

    site_id: NDArray[np.object_]
    name: NDArray[np.object_]
    road: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    direction: NDArray[np.object_]
    off_road_km: NDArray[np.float64]
    parking_spaces: NDArray[np.int64]
    grid_connection_kw: NDArray[np.float64]
    attachment_site_idx: NDArray[np.int32]
    attachment_arc_idx: NDArray[np.int32]
    attachment_offset_km: NDArray[np.float64]

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.site_id)

    @property
    def n_attachments(self) -> int:
        """Number of attachments to carriageways."""
        return len(self.attachment_site_idx)
