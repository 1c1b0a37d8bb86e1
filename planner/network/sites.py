"""Charging sites and where they touch the carriageways."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIRECTION_BOTH = "both"
"""The site serves both carriageways."""
DIRECTION_ONE = "one"
"""The site serves the carriageway beside it: it lies on its right-hand side, or on its left-hand
side where traffic keeps left."""
ORIGIN_OFFICIAL = "official"
"""The site is one of the published list of the official initial network."""
ORIGIN_GIVEN = "given"
"""The site comes from a file of the study."""
ORIGIN_COMPUTED = "computed"
"""The planner has placed the site; nobody has planned it."""
REGISTER_COLUMNS = (
    "origin",
    "official_number",
    "serviced",
    "grid_operator_mv",
    "grid_operator_hv",
)
"""Who says that there is a site, and what the official list says of it; text, empty if unknown."""

_UNKNOWN = {
    "max_hpc": -1,
    "existing_hpc": 0,
    "existing_lpc": 0,
    "announced_hpc": 0,
    "announced_lpc": 0,
}


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
        One-way distance from the carriageway to the charging points, km, >= 0; driven twice by a
        stop.
    parking_spaces : (n_sites,) int64
        Truck parking spaces, an upper bound on LPC points; -1 where unknown.
    grid_connection_kw : (n_sites,) float64
        Upper bound on the power drawn, kW; NaN where unknown.
    attachment_site_idx : (n_attachments,) int32
        Site of each attachment, ascending.
    attachment_arc_idx : (n_attachments,) int32
        Arc of each attachment.
    attachment_offset_km : (n_attachments,) float64
        Distance from the start of the arc, km, within [0, length of the arc].
    max_hpc : (n_sites,) int64 or None
        Most HPC points, for example for want of space; -1 where unknown, None where no site says.
    existing_hpc, existing_lpc : (n_sites,) int64 or None
        Points that stand already and stay, >= 0; None where there are none at all.
    announced_hpc, announced_lpc : (n_sites,) int64 or None
        Points that are announced and do not stand yet, >= 0; None where nobody says it.
    origin : (n_sites,) object or None
        ``"official"``, ``"given"`` or ``"computed"``: who says that there is a site.
    official_number, serviced, grid_operator_mv, grid_operator_hv : (n_sites,) object or None
        What the official list says of a site: its number, whether the rest area is serviced
        (``"yes"`` or ``"no"``), operators of the medium-voltage and the high-voltage grid; empty
        where it says nothing, None where no site is on that list.
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
    max_hpc: NDArray[np.int64] | None = None
    existing_hpc: NDArray[np.int64] | None = None
    existing_lpc: NDArray[np.int64] | None = None
    announced_hpc: NDArray[np.int64] | None = None
    announced_lpc: NDArray[np.int64] | None = None
    origin: NDArray[np.object_] | None = None
    official_number: NDArray[np.object_] | None = None
    serviced: NDArray[np.object_] | None = None
    grid_operator_mv: NDArray[np.object_] | None = None
    grid_operator_hv: NDArray[np.object_] | None = None

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.site_id)

    @property
    def n_attachments(self) -> int:
        """Number of attachments to carriageways."""
        return len(self.attachment_site_idx)

    def register(self) -> dict[str, NDArray[np.object_]]:
        """Give the columns :data:`REGISTER_COLUMNS`, empty where nothing is known."""
        nothing = np.full(self.n_sites, "", dtype=object)
        columns = {name: getattr(self, name) for name in REGISTER_COLUMNS}
        return {name: nothing if told is None else told for name, told in columns.items()}

    def followed_by(self, more: Sites) -> Sites:
        """These sites and, after them, others on the same arcs; what nobody says stays unknown."""
        columns: dict[str, Any] = {}
        for each in fields(self):
            parts = [getattr(self, each.name), getattr(more, each.name)]
            if any(part is not None for part in parts):
                unknown = _UNKNOWN.get(each.name, "")
                parts = [
                    np.full(sites.n_sites, unknown, np.int64 if each.name in _UNKNOWN else object)
                    if part is None
                    else part
                    for sites, part in zip((self, more), parts, strict=True)
                ]
                columns[each.name] = np.concatenate(parts)
        own = self.attachment_site_idx
        moved = more.attachment_site_idx + np.int32(self.n_sites)
        return Sites(**columns | {"attachment_site_idx": np.concatenate([own, moved])})

    def select(self, chosen: NDArray[np.bool_]) -> Sites:
        """Sites of a mask, with their attachments.

        Parameters
        ----------
        chosen : (n_sites,) bool
            Which sites to keep.

        Returns
        -------
        Sites
            In the same order.
        """
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        attached = chosen[self.attachment_site_idx]
        kept = {
            name: values if values is None else values[_mask_of(name, chosen, attached)]
            for name, values in columns.items()
        }
        new_idx = np.cumsum(chosen, dtype=np.int32) - np.int32(1)
        return Sites(**kept | {"attachment_site_idx": new_idx[kept["attachment_site_idx"]]})


def _mask_of(
    name: str, site: NDArray[np.bool_], attachment: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    return attachment if name.startswith("attachment_") else site


def at_least(
    told: NDArray[np.int64] | None,
    position: NDArray[np.integer],
    standing: NDArray[np.integer],
    n_sites: int,
) -> NDArray[np.int64]:
    """Points of each site, as told or as they stand at those of ``position``, whichever is more."""
    found = np.zeros(n_sites, np.int64) if told is None else told.copy()
    np.maximum.at(found, position, standing)
    return found
