"""Safe and secure parking areas and urban nodes, which need points of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.afir.columns import AFIR_PLACES
from planner.demand.regions import great_circle_km
from planner.files.coordinates import refuse_swapped
from planner.files.ranges import NOT_NEGATIVE
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.afir.law import Law, YearRules
    from planner.network.sites import Sites

PARKING, NODE = "safe_parking", "urban_node"
_USUAL_NAMES = {
    "name": ("name", "id"),
    "lon": ("lon", "longitude", "lng", "x"),
    "lat": ("lat", "latitude", "y"),
    "radius_km": ("radius_km",),
}


@dataclass(frozen=True, slots=True)
class PointPowers:
    """Power of a point of each kind, kW."""

    hpc_kw: float
    lpc_kw: float = 0.0

    def together_kw(
        self, n_hpc: NDArray[np.int64], n_lpc: NDArray[np.int64] | int = 0
    ) -> NDArray[np.float64]:
        """Power of all points of each site, kW."""
        return np.asarray(n_hpc * self.hpc_kw + n_lpc * self.lpc_kw, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Extras:
    """What a check looks at besides the roads; None where it is not asked for.

    Parameters
    ----------
    hdv_per_day : (n_arcs,) float64
        Heavy trucks on a mean day of both directions together, for the reliefs.
    parking, nodes : DataFrame
        From :func:`read_places`.
    """

    hdv_per_day: NDArray[np.float64] | None = None
    parking: pd.DataFrame | None = None
    nodes: pd.DataFrame | None = None


ROADS_ALONE = Extras()
"""Nothing besides the roads."""


def read_places(
    path: Path, near: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
) -> pd.DataFrame:
    """Read a list of parking areas or urban nodes.

    Parameters
    ----------
    path : pathlib.Path
        A row per place: CSV, Excel workbook, GeoPackage or GeoJSON of points, with ``name``,
        ``lon``, ``lat`` (degrees) and, where it is known, ``radius_km``.
    near : pair of (n,) float64, optional
        Longitudes and latitudes of the roads, which tell whether columns are swapped.

    Returns
    -------
    DataFrame
        ``name``, ``lon``, ``lat``, ``radius_km`` (NaN where it is not known).

    Raises
    ------
    InputDataError
        If the file is broken, a place lacks its name or position, or lon and lat are swapped.
    """
    where = str(path)
    table = named_columns(
        read_table(path, with_places=True),
        _USUAL_NAMES,
        where,
        required=("name", "lon", "lat"),
        filled=True,
    )
    lon, lat = (numbers(table, name, where, "degrees") for name in ("lon", "lat"))
    wrong = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    refuse_rows(table, wrong, where, "every place needs lon (-180 to 180) and lat (-90 to 90)")
    refuse_rows(table, table["name"].isna().to_numpy(), where, "every place needs a name")
    if near is not None:
        refuse_swapped(lon, lat, near, where, "places")
    radius_km = numbers(table, "radius_km", where, "km")
    NOT_NEGATIVE.check(table, "radius_km", radius_km, where, may_be_empty=True)
    names = table["name"].to_numpy(object)
    return pd.DataFrame({"name": names, "lon": lon, "lat": lat, "radius_km": radius_km})


def places_table(
    law: Law,
    rules: YearRules,
    extras: Extras,
    sites: Sites,
    n_points: tuple[NDArray[np.int64], NDArray[np.int64]],
    powers: PointPowers,
) -> pd.DataFrame:
    """Hold the points of sites within the reach of each place against what it needs.

    Parameters
    ----------
    n_points : tuple of (n_sites,) int64
        High-power and low-power points.

    Returns
    -------
    DataFrame
        ``AFIR_PLACES``, parking areas before urban nodes; without rows where none were given.
    """
    rows: list[dict[str, object]] = []
    for kind, places, least_kw, reach_km, n_needed, needed_kw in (
        (
            PARKING,
            extras.parking,
            law.safe_parking_point_kw,
            law.safe_parking_reach_km,
            rules.safe_parking_points,
            0.0,
        ),
        (
            NODE,
            extras.nodes,
            law.urban_node_point_kw,
            law.urban_node_reach_km,
            0,
            rules.urban_node_kw,
        ),
    ):
        if places is None:
            continue
        counts = [
            n * (kw >= least_kw)
            for n, kw in zip(n_points, (powers.hpc_kw, powers.lpc_kw), strict=True)
        ]
        power_kw = np.fmin(powers.together_kw(*counts), sites.grid_connection_kw)
        for place in places.to_dict("records"):
            within = _within(sites, place, reach_km)
            found = int((counts[0] + counts[1])[within].sum())
            found_kw = float(power_kw[within].sum())
            rows.append(
                {
                    "kind": kind,
                    "name": place["name"],
                    "n_sites": int(within.sum()),
                    "n_points": found,
                    "n_needed": n_needed,
                    "power_kw": found_kw,
                    "needed_kw": needed_kw,
                    "is_met": found >= n_needed and found_kw >= needed_kw - 1e-6,
                }
            )
    table = pd.DataFrame(rows, columns=AFIR_PLACES.column_names)
    return table.astype({c.name: c.dtype for c in AFIR_PLACES.columns if c.dtype != "string"})


def _within(sites: Sites, place: dict[Hashable, Any], reach_km: float) -> NDArray[np.bool_]:
    """Sites within the radius of a place, or in the usual reach where it names none."""
    radius_km = reach_km if np.isnan(place["radius_km"]) else place["radius_km"]
    middle = (np.array([place["lon"]]), np.array([place["lat"]]))
    away_km = great_circle_km(*middle, sites.lon, sites.lat)[0]
    return np.asarray(away_km <= radius_km, dtype=np.bool_)
