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
_STATION_KW = 1000.0
"""Peak that the first part of a transformer station carries."""
_HIGH_USE_H = 2500.0
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
    """

    n_hpc: NDArray[np.int64]
    n_lpc: NDArray[np.int64]
    peak_kw: NDArray[np.float64]
    energy_kwh_day: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SiteCosts:
    """Costs of sites.

    Parameters
    ----------
    eur_year : (n_sites, n_components) float64
        Costs a year by :data:`COMPONENTS`, capital as annuities.
    investment_eur : (n_sites,) float64
        What is built.
    """

    eur_year: NDArray[np.float64]
    investment_eur: NDArray[np.float64]


def annuity_share(interest_share: float, life_years: float) -> float:
    """Yearly payment that pays back a sum with interest, as a share of the sum."""
    if interest_share == 0.0:
        return 1.0 / life_years
    return float(interest_share / -math.expm1(-life_years * math.log1p(interest_share)))


def site_costs(load: SiteLoad, value: Mapping[str, float]) -> SiteCosts:
    """Costs of the sites that have points.

    Parameters
    ----------
    value : mapping
        Value of each factor of a :class:`~planner.scenario.infrastructure_costs.CostSet`, by name.
    """
    has_points = (load.n_hpc + load.n_lpc) > 0
    planned = 1.0 + value["planning_share"]
    points = planned * (load.n_hpc * value["hpc_point_eur"] + load.n_lpc * value["lpc_point_eur"])
    works = planned * (
        has_points * (value["site_base_eur"] + value["facilities_eur"])
        + load.n_hpc * value["bay_eur"]
    )
    is_connected = has_points & (load.peak_kw > 0.0)
    station = value["station_eur"] + value["station_eur_kw"] * np.maximum(
        load.peak_kw - _STATION_KW, 0.0
    )
    cable = value["cable_km"] * value["cable_eur_km"]
    connection = (
        planned * is_connected * (load.peak_kw * value["connection_eur_kw"] + station + cable)
    )
    of_charger = annuity_share(value["interest_share"], value["charger_life_years"])
    of_works = annuity_share(value["interest_share"], value["works_life_years"])
    energy_kwh = load.energy_kwh_day * value["days_a_year"]
    bought_kwh = energy_kwh / value["efficiency_share"]
    high_use = bought_kwh >= _HIGH_USE_H * load.peak_kw
    fee = np.where(
        high_use,
        load.peak_kw * value["high_use_eur_kw_year"] + bought_kwh * value["high_use_eur_kwh"],
        load.peak_kw * value["low_use_eur_kw_year"] + bought_kwh * value["low_use_eur_kwh"],
    )
    by_component = {
        "points": of_charger * points,
        "works": of_works * works,
        "connection": of_works * connection,
        "upkeep": value["charger_upkeep_share"] * points + value["grid_upkeep_share"] * connection,
        "land": (load.n_hpc + load.n_lpc) * value["land_eur_bay_year"],
        "backend": energy_kwh * value["backend_eur_kwh"],
        "electricity": bought_kwh * value["energy_eur_kwh"] + fee,
    }
    return SiteCosts(
        np.column_stack([by_component[name] for name in COMPONENTS]).astype(np.float64),
        points + works + connection,
    )
