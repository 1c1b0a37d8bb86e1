"""Costs of charging sites a year, by what is paid for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

COMPONENT_TITLES = {
    "points": "Points",
    "works": "Works and facilities",
    "connection": "Grid connection",
    "upkeep": "Upkeep",
    "land": "Land",
    "backend": "Billing",
    "electricity": "Electricity",
}
COMPONENTS = tuple(COMPONENT_TITLES)
"""What is paid for, by name."""
BUILT = ("points", "works", "connection")
"""What of it is built."""
STATION_KW = 1000.0
"""Peak that the first part of a transformer station carries."""
HIGH_USE_H = 2500.0
"""Hours a year from which a site pays the grid fee of high use."""


@dataclass(frozen=True, slots=True)
class SiteLoad:
    """Points and load of sites in one layout, each (n_sites,).

    Parameters
    ----------
    n_hpc, n_lpc : int64
        Points.
    peak_kw : float64
        Highest power drawn.
    energy_kwh_day : float64
        Energy charged on the mean day.
    n_slow_hpc : int64, optional
        HPC points of a slower class, of ``n_hpc``; none where points are of one class.
    """

    n_hpc: NDArray[np.int64]
    n_lpc: NDArray[np.int64]
    peak_kw: NDArray[np.float64]
    energy_kwh_day: NDArray[np.float64]
    n_slow_hpc: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class SiteCosts:
    """Costs of sites.

    Parameters
    ----------
    eur_year : (n_sites, n_components) float64
        Costs a year by :data:`COMPONENTS`, capital as annuities.
    investment_eur : (n_sites,) float64
        What is built.
    built_eur : (n_sites, 3) float64
        The same by :data:`BUILT`.
    """

    eur_year: NDArray[np.float64]
    investment_eur: NDArray[np.float64]
    built_eur: NDArray[np.float64]


def annuity_share(interest_share: float, life_years: float) -> float:
    """Yearly payment that pays back a sum with interest, as a share of the sum."""
    if interest_share == 0.0:
        return 1.0 / life_years
    return float(interest_share / -math.expm1(-life_years * math.log1p(interest_share)))


def connection_eur(peak_kw: NDArray[np.float64], value: Mapping[str, float]) -> NDArray[np.float64]:
    """What connections of a power cost to build, EUR."""
    station = value["station_eur"] + value["station_eur_kw"] * np.maximum(peak_kw - STATION_KW, 0.0)
    cable = value["cable_km"] * value["cable_eur_km"]
    planned = 1.0 + value["planning_share"]
    return np.asarray(planned * (peak_kw * value["connection_eur_kw"] + station + cable))


def electricity_eur_year(
    peak_kw: NDArray[np.float64], bought_kwh: NDArray[np.float64], value: Mapping[str, float]
) -> NDArray[np.float64]:
    """Energy bought in a year and the grid fees on it and on the peak, EUR."""
    fee = np.where(
        bought_kwh >= HIGH_USE_H * peak_kw,
        peak_kw * value["high_use_eur_kw_year"] + bought_kwh * value["high_use_eur_kwh"],
        peak_kw * value["low_use_eur_kw_year"] + bought_kwh * value["low_use_eur_kwh"],
    )
    return np.asarray(bought_kwh * value["energy_eur_kwh"] + fee)


def site_costs(load: SiteLoad, value: Mapping[str, float]) -> SiteCosts:
    """Costs of the sites that have points.

    Parameters
    ----------
    value : mapping
        Value of each factor of a :class:`~planner.scenario.infrastructure_costs.CostSet`, by name;
        ``slow_point_eur`` where there are points of a slower class.
    """
    has_points = (load.n_hpc + load.n_lpc) > 0
    planned = 1.0 + value["planning_share"]
    points = planned * (load.n_hpc * value["hpc_point_eur"] + load.n_lpc * value["lpc_point_eur"])
    if load.n_slow_hpc is not None:
        cheaper_eur = value["hpc_point_eur"] - value["slow_point_eur"]
        points = points - planned * load.n_slow_hpc * cheaper_eur
    works = planned * (
        has_points * (value["site_base_eur"] + value["facilities_eur"])
        + load.n_hpc * value["bay_eur"]
    )
    is_connected = has_points & (load.peak_kw > 0.0)
    connection = is_connected * connection_eur(load.peak_kw, value)
    of_charger = annuity_share(value["interest_share"], value["charger_life_years"])
    of_works = annuity_share(value["interest_share"], value["works_life_years"])
    energy_kwh = load.energy_kwh_day * value["days_a_year"]
    bought_kwh = energy_kwh / value["efficiency_share"]
    electricity = electricity_eur_year(load.peak_kw, bought_kwh, value)
    by_component = {
        "points": of_charger * points,
        "works": of_works * works,
        "connection": of_works * connection,
        "upkeep": value["charger_upkeep_share"] * points + value["grid_upkeep_share"] * connection,
        "land": (load.n_hpc + load.n_lpc) * value["land_eur_bay_year"],
        "backend": energy_kwh * value["backend_eur_kwh"],
        "electricity": electricity,
    }
    return SiteCosts(
        np.column_stack([by_component[name] for name in COMPONENTS]).astype(np.float64),
        points + works + connection,
        np.column_stack([points, works, connection]).astype(np.float64),
    )
