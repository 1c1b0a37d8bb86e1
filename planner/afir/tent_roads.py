"""The TEN-T roads of a network with the sites on them, under the law of one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.afir.spacing import Pieces, cut_at_sites, spacing_km
from planner.errors import InputDataError
from planner.network.graph_tables import TENT_CLASSES, TENT_CORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.afir.law import Law, YearRules
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

_TOLERANCE_KM = 1e-6


@dataclass(frozen=True, slots=True)
class TentRoads:
    """TEN-T roads, cut where sites lie.

    Parameters
    ----------
    rules : YearRules
        What it asks in the year that is looked at.
    piece_class : (n_pieces,) object
        ``"core"`` or ``"comprehensive"``.
    allowed_km : (n_pieces,) float64
        Longest spacing that the law allows on each piece, km.
    site_idx : (n_attachments,) int64
        Site of each attachment to these roads, ascending.
    rank : (n_attachments,) int64
        Which attachment of its site it is, from 0.
    site_class : (n_sites,) object
        Class of the road that a site lies on, core where it lies on both; empty off these roads.
    n_attached : (n_sites,) int64
        Directions of travel that a site serves on these roads.
    """

    law: Law
    rules: YearRules
    pieces: Pieces
    piece_class: NDArray[np.object_]
    allowed_km: NDArray[np.float64]
    site_idx: NDArray[np.int64]
    rank: NDArray[np.int64]
    site_class: NDArray[np.object_]
    n_attached: NDArray[np.int64]

    @classmethod
    def of(cls, graph: RoadGraph, sites: Sites, law: Law, rules: YearRules) -> TentRoads:
        """Find the roads of a network and the sites on them.

        Raises
        ------
        InputDataError
            If the network does not say which of its roads belong to the TEN-T.
        """
        arc_class = graph.arc_tent_class
        if arc_class is None:
            msg = (
                "the roads of this run do not say whether they belong to the TEN-T: expected a "
                "column tent_class (core, comprehensive or empty) in the table of arcs or lines; "
                "found none. Add it to the network's file and run the scenario again"
            )
            raise InputDataError(msg)
        near = sites.off_road_km[sites.attachment_site_idx] <= law.max_off_road_km
        kept = np.flatnonzero(near & (arc_class[sites.attachment_arc_idx] != ""))
        arc_idx = sites.attachment_arc_idx[kept]
        pieces = cut_at_sites(graph, arc_class != "", arc_idx, sites.attachment_offset_km[kept])
        piece_class = arc_class[pieces.arc_idx]
        site_idx = sites.attachment_site_idx[kept].astype(np.int64)
        site_class = np.full(sites.n_sites, "", dtype=object)
        for tent_class in reversed(TENT_CLASSES):
            site_class[site_idx[arc_class[arc_idx] == tent_class]] = tent_class
        return cls(
            law,
            rules,
            pieces,
            piece_class,
            np.array([rules.of(name).max_spacing_km for name in piece_class], dtype=np.float64),
            site_idx,
            np.arange(len(site_idx)) - np.searchsorted(site_idx, site_idx),
            site_class,
            np.bincount(site_idx, minlength=sites.n_sites),
        )

    def of_class(self, core: float, comprehensive: float) -> NDArray[np.float64]:
        """A value by the class of each site's road, (n_sites,); NaN off these roads."""
        on_core = self.site_class == TENT_CORE
        return np.where(self.site_class == "", np.nan, np.where(on_core, core, comprehensive))

    def n_directions(
        self, tent_class: str, power_kw: NDArray[np.float64], n_points: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Directions in which each site is a pool by the rule of a class of road.

        A site for both directions is one pool for each where it has twice what one needs; with
        less it counts for the carriageway that it is attached to first.

        Parameters
        ----------
        power_kw : (n_sites,) float64
            Power of its points together.
        n_points : (n_sites,) int64
            Points of at least ``law.point_kw``.
        """
        rule = self.rules.of(tent_class)
        by_power = np.floor(power_kw / rule.pool_kw + 1e-9).astype(np.int64)
        return np.minimum(np.minimum(by_power, n_points // rule.n_points), self.n_attached)

    def spacing_km(
        self, power_kw: NDArray[np.float64], n_points: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Way between the pools around each piece, by the rule of its class, km."""
        found = np.full(len(self.piece_class), np.inf)
        for tent_class in TENT_CLASSES:
            directions = self.n_directions(tent_class, power_kw, n_points)
            is_pool = self.rank < directions[self.site_idx]
            beyond_km = self.law.beyond_end_share * self.rules.of(tent_class).max_spacing_km
            on = self.piece_class == tent_class
            found[on] = spacing_km(self.pieces, is_pool, beyond_km)[on]
        return found

    def is_covered(self, spacing: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether pools lie close enough around each piece."""
        return np.asarray(spacing <= self.allowed_km + _TOLERANCE_KM)
