"""The TEN-T roads of a network with the sites on them, under the law of one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.afir.spacing import Pieces, cut_at_sites, spacing_km
from planner.errors import InputDataError
from planner.network.graph_tables import TENT_CLASSES, TENT_CORE
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.afir.law import Law, YearRules
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

_TOLERANCE_KM = 1e-6


def tent_classes(graph: RoadGraph) -> NDArray[np.object_]:
    """Class of each arc in the TEN-T, (n_arcs,).

    Raises
    ------
    InputDataError
        If the network does not say which of its roads belong to it.
    """
    if graph.arc_tent_class is None:
        msg = said(
            "the roads of this study do not say whether they belong to the TEN-T: expected a "
            "column tent_class (core, comprehensive or empty) in the table of arcs or lines; "
            "found none. Add it to the network's file and run the scenario again"
        )
        raise InputDataError(msg)
    return graph.arc_tent_class


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
    has_low_traffic : (n_sites,) bool
        Whether a site lies where the relief for low traffic holds.
    has_low_pieces, has_very_low_pieces : (n_pieces,) bool
        Pieces on which the reliefs for low and for very low traffic hold.
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
    has_low_traffic: NDArray[np.bool_]
    has_low_pieces: NDArray[np.bool_]
    has_very_low_pieces: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        graph: RoadGraph,
        sites: Sites,
        law: Law,
        rules: YearRules,
        hdv_per_day: NDArray[np.float64] | None = None,
    ) -> TentRoads:
        """Find the roads of a network and the sites on them.

        Parameters
        ----------
        hdv_per_day : (n_arcs,) float64, optional
            Heavy trucks on a mean day of both directions together, where the reliefs for low
            traffic are to hold.

        Raises
        ------
        InputDataError
            If the network does not say which of its roads belong to the TEN-T.
        """
        arc_class = tent_classes(graph)
        near = sites.off_road_km[sites.attachment_site_idx] <= law.max_off_road_km
        kept = np.flatnonzero(near & (arc_class[sites.attachment_arc_idx] != ""))
        arc_idx = sites.attachment_arc_idx[kept]
        pieces = cut_at_sites(graph, arc_class != "", arc_idx, sites.attachment_offset_km[kept])
        piece_class = arc_class[pieces.arc_idx]
        site_idx = sites.attachment_site_idx[kept].astype(np.int64)
        site_class = np.full(sites.n_sites, "", dtype=object)
        for tent_class in reversed(TENT_CLASSES):
            site_class[site_idx[arc_class[arc_idx] == tent_class]] = tent_class
        traffic = np.full(graph.n_arcs, np.inf) if hdv_per_day is None else hdv_per_day
        is_low = traffic < law.reliefs.low_hdv_per_day
        is_very_low = (traffic < law.reliefs.very_low_hdv_per_day) & (arc_class == TENT_CORE)
        n_attached = np.bincount(site_idx, minlength=sites.n_sites)
        n_low = np.bincount(site_idx, is_low[arc_idx], minlength=sites.n_sites)
        allowed_km = np.array([rules.of(name).max_spacing_km for name in piece_class], np.float64)
        wider = is_very_low[pieces.arc_idx]
        allowed_km[wider] = np.maximum(allowed_km[wider], law.reliefs.core_max_spacing_km)
        return cls(
            law,
            rules,
            pieces,
            piece_class,
            allowed_km,
            site_idx,
            np.arange(len(site_idx)) - np.searchsorted(site_idx, site_idx),
            site_class,
            n_attached,
            (n_attached > 0) & (n_low == n_attached),
            is_low[pieces.arc_idx],
            wider,
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
        less it counts for the carriageway that it is attached to first. With the relief for low
        traffic a part of the power is enough, or what one direction needs for both.

        Parameters
        ----------
        power_kw : (n_sites,) float64
            Power of its points together.
        n_points : (n_sites,) int64
            Points of at least ``law.point_kw``.
        """
        rule = self.rules.of(tent_class)
        part = np.where(self.has_low_traffic, self.law.reliefs.low_pool_share, 1.0)
        by_power = np.floor(power_kw / (part * rule.pool_kw) + 1e-9).astype(np.int64)
        found = np.minimum(np.minimum(by_power, n_points // rule.n_points), self.n_attached)
        is_one_for_both = self.has_low_traffic & (power_kw >= rule.pool_kw - 1e-6)
        is_one_for_both &= n_points >= rule.n_points
        return np.where(is_one_for_both, self.n_attached, found)

    def points_of_pools(self, point_kw: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Fewest high-power points with which each site is a pool, each (n_sites,).

        Parameters
        ----------
        point_kw : float
            Power of one of them, kW.

        Returns
        -------
        in_one, in_all : (n_sites,) int64
            In one direction, and in all that it serves; 0 off these roads.
        """
        of_one = [self.law.points_needed(self.rules.of(name), point_kw) for name in TENT_CLASSES]
        share = self.law.reliefs.low_pool_share
        of_low = [
            self.law.points_needed(self.rules.of(name), point_kw, share) for name in TENT_CLASSES
        ]
        one, low = (
            np.nan_to_num(self.of_class(*each)).astype(np.int64) for each in (of_one, of_low)
        )
        # Two directions with low traffic need what one does elsewhere.
        low_in_all = np.where(self.n_attached > 1, one, low)
        return (
            np.where(self.has_low_traffic, low, one),
            np.where(self.has_low_traffic, low_in_all, one * self.n_attached),
        )

    def needed(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Power, kW, and points of a pool that serves all directions of a site, each (n_sites,)."""
        rules = [self.rules.of(name) for name in TENT_CLASSES]
        share = np.where(self.has_low_traffic, self.law.reliefs.low_pool_share, 1.0)
        times = np.where(self.has_low_traffic, np.minimum(self.n_attached, 1), self.n_attached)
        points = np.nan_to_num(self.of_class(*(rule.n_points for rule in rules)))
        return (
            self.of_class(*(rule.pool_kw for rule in rules)) * self.n_attached * share,
            (points * times).astype(np.int64),
        )

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
