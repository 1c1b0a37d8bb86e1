"""A plan against the law: which part of the TEN-T roads its pools cover, and where gaps are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.afir.columns import (
    AFIR_BUILD,
    AFIR_GAPS,
    AFIR_LEAST,
    AFIR_PLACES,
    AFIR_SHARES,
    AFIR_SITES,
    TOTAL,
)
from planner.afir.fewest import fewest_points
from planner.afir.fulfil import Fulfilment, what_fulfils
from planner.afir.gaps import gaps_of
from planner.afir.law import Year, read_law
from planner.afir.places import ROADS_ALONE, Extras, PointPowers, places_table
from planner.afir.tent_roads import TentRoads
from planner.network.graph_tables import TENT_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.tables.table import Table


@dataclass(frozen=True, slots=True)
class AfirCheck:
    """What the check found.

    Parameters
    ----------
    year : int
        Year at whose end the law is looked at.
    shares, gaps, sites : DataFrame
        ``AFIR_SHARES``, ``AFIR_GAPS`` and ``AFIR_SITES``.
    least : DataFrame
        ``AFIR_LEAST``: what the law alone asks of these sites.
    least_share : float
        Part of the roads' length that these sites would cover.
    is_covered : (n_pieces,) bool
        Whether the law is fulfilled on each piece of them.
    gap_of_piece : (n_pieces,) int64
        Gap that each piece is in, 0 where it is in none.
    extras : Extras
        What was looked at besides.
    places : DataFrame
        ``AFIR_PLACES``: parking areas and urban nodes.
    least_n_hpc : (n_sites,) int64
        High-power points of each site with which the law alone is content.
    fulfilment : Fulfilment
        What would have to be built for the plan to fulfil it along the roads.
    powers : PointPowers
        Power of the plan's points.
    n_hpc : (n_sites,) int64
        High-power points of the plan.
    """

    year: Year
    shares: pd.DataFrame
    gaps: pd.DataFrame
    sites: pd.DataFrame
    least: pd.DataFrame
    least_share: float
    roads: TentRoads
    is_covered: NDArray[np.bool_]
    gap_of_piece: NDArray[np.int64]
    extras: Extras
    places: pd.DataFrame
    least_n_hpc: NDArray[np.int64]
    fulfilment: Fulfilment
    powers: PointPowers
    n_hpc: NDArray[np.int64]

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        build = self.fulfilment.build
        found = (self.shares, self.gaps, self.sites, self.least, build, self.places)
        schemas = (AFIR_SHARES, AFIR_GAPS, AFIR_SITES, AFIR_LEAST, AFIR_BUILD, AFIR_PLACES)
        return list(zip(schemas, found, strict=True))

    @property
    def is_met(self) -> bool:
        """Whether the law is fulfilled, as far as it is looked at."""
        return bool(self.shares["is_met"].all() and self.places["is_met"].all())


def check_plan(
    graph: RoadGraph,
    sites: Sites,
    n_hpc: NDArray[np.int64],
    n_lpc: NDArray[np.int64],
    powers: PointPowers,
    year: Year,
    importance: NDArray[np.float64],
    extras: Extras = ROADS_ALONE,
) -> AfirCheck:
    """Hold the charging points of a plan against the law.

    Parameters
    ----------
    n_hpc, n_lpc : (n_sites,) int64
        Points of the plan.
    year : {2025, 2027, 2030}
        Year at whose end the law is looked at.
    importance : (n_sites,) float64
        Which sites the fewest are rather chosen from, the higher the rather.
    extras : Extras
        What else is looked at.

    Raises
    ------
    InputDataError
        If the network does not say which of its roads belong to the TEN-T.
    """
    law = read_law()
    roads = TentRoads.of(graph, sites, law, law.years[str(year)], extras.hdv_per_day)
    power_kw = _carried(powers.together_kw(n_hpc, n_lpc), sites)
    counted = n_hpc * (powers.hpc_kw >= law.point_kw) + n_lpc * (powers.lpc_kw >= law.point_kw)
    spacing = roads.spacing_km(power_kw, counted)
    is_covered = roads.is_covered(spacing)
    of_own_class = _directions(roads, power_kw, counted)
    least_hpc = fewest_points(roads, sites, powers.hpc_kw, importance)
    least_kw = powers.together_kw(least_hpc)
    covered = roads.is_covered(roads.spacing_km(least_kw, least_hpc))
    length_km = roads.pieces.length_km
    gaps, gap_of_piece = gaps_of(graph, roads.pieces, roads.piece_class, spacing, is_covered)
    return AfirCheck(
        year,
        _shares(roads, spacing, is_covered, of_own_class),
        gaps,
        _site_table(roads, sites, power_kw, counted, of_own_class),
        _least_table(roads, sites, least_hpc, powers.hpc_kw),
        float(length_km[covered].sum() / max(length_km.sum(), 1e-12)),
        roads,
        is_covered,
        gap_of_piece,
        extras,
        places_table(law, roads.rules, extras, sites, (n_hpc, n_lpc), powers),
        least_hpc,
        what_fulfils(
            graph,
            sites,
            roads,
            n_hpc,
            is_covered,
            powers.hpc_kw,
            importance,
            extras.hdv_per_day,
        ),
        powers,
        n_hpc,
    )


def _carried(power_kw: NDArray[np.float64], sites: Sites) -> NDArray[np.float64]:
    """Power of points, as far as the grid connection carries it."""
    return np.fmin(power_kw, sites.grid_connection_kw)


def _directions(
    roads: TentRoads, power_kw: NDArray[np.float64], n_points: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Directions in which each site is a pool by the rule of its own road's class."""
    found = np.zeros(len(power_kw), dtype=np.int64)
    for tent_class in TENT_CLASSES:
        on = roads.site_class == tent_class
        found[on] = roads.n_directions(tent_class, power_kw, n_points)[on]
    return found


def _shares(
    roads: TentRoads,
    spacing: NDArray[np.float64],
    is_covered: NDArray[np.bool_],
    directions: NDArray[np.int64],
) -> pd.DataFrame:
    whole = roads.rules.share_of_length
    length_km = roads.pieces.length_km
    rows = []
    for tent_class in (*TENT_CLASSES, TOTAL):
        every = tent_class == TOTAL
        on = np.ones(len(length_km), np.bool_) if every else roads.piece_class == tent_class
        at = roads.site_class != "" if every else roads.site_class == tent_class
        km, covered_km = float(length_km[on].sum()), float(length_km[on & is_covered].sum())
        # All of it in parts, or a part of the whole: the law sets no share for one class alone.
        required = whole if every or whole == 1.0 else np.nan
        share = covered_km / km if km > 0.0 else 1.0
        rows.append(
            {
                "tent_class": tent_class,
                "length_km": km,
                "covered_km": covered_km,
                "covered_share": share,
                "required_share": required,
                "max_spacing_km": np.nan if every else roads.rules.of(tent_class).max_spacing_km,
                "longest_spacing_km": float(spacing[on].max(initial=0.0)),
                "n_pools": int(np.count_nonzero(directions[at])),
                "n_sites": int(np.count_nonzero(at)),
                "is_met": bool(np.isnan(required) or share >= required - 1e-9),
            }
        )
    return pd.DataFrame(rows, columns=AFIR_SHARES.column_names)


def _site_table(
    roads: TentRoads,
    sites: Sites,
    power_kw: NDArray[np.float64],
    n_points: NDArray[np.int64],
    directions: NDArray[np.int64],
) -> pd.DataFrame:
    needed_kw, n_needed = roads.needed()
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "tent_class": roads.site_class,
            "direction": sites.direction,
            "power_kw": power_kw,
            "needed_kw": needed_kw,
            "n_points": n_points,
            "n_needed": n_needed,
            "n_directions": directions,
            "has_relief": roads.has_low_traffic,
        }
    )
    return table[table["tent_class"] != ""].reset_index(drop=True)


def _least_table(
    roads: TentRoads, sites: Sites, n_hpc: NDArray[np.int64], hpc_kw: float
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "tent_class": roads.site_class,
            "n_hpc": n_hpc,
            "n_lpc": 0 * n_hpc,
            "power_kw": n_hpc * hpc_kw,
        }
    )
    return table[table["n_hpc"] > 0].reset_index(drop=True)
