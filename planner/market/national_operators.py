"""Operators at all sites of a plan: who comes where, with what costs, bounds and points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.market.market_arrays import Operators

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.scenario.national_market import NationalMarket


def present_operators(plan_chargers: NDArray[np.int64], n_operators: int) -> NDArray[np.bool_]:
    """Which operators come to a site: one per point of the plan, chosen in turns over the sites.

    Parameters
    ----------
    plan_chargers : (n_sites,) int64
        Points of the plan.
    n_operators : int
        Operators in the country.

    Returns
    -------
    (n_sites, n_operators) bool
    """
    n_here = np.minimum(plan_chargers, n_operators)
    first = np.cumsum(n_here) - n_here
    place = (np.arange(n_operators)[None, :] - first[:, None]) % n_operators
    is_present: NDArray[np.bool_] = place < n_here[:, None]
    return is_present


def break_even_prices(
    planned_kwh: NDArray[np.float64], plan_chargers: NDArray[np.int64], operators: Operators
) -> NDArray[np.float64]:
    """Prices at which the plan's points would just pay, within bounds.

    Parameters
    ----------
    planned_kwh : (n_sites,) float64
        Energy that the plan's trucks charge at each site.
    plan_chargers : (n_sites,) int64
        Points of the plan.
    operators : Operators
        Of all markets, seed after seed.

    Returns
    -------
    (n_markets, n_operators) float64
    """
    points_per_kwh = plan_chargers / np.maximum(planned_kwh, 1e-9)
    n_seeds = len(operators.lowest_eur_kwh) // len(plan_chargers)
    margin = operators.charger_eur_period * np.tile(points_per_kwh, n_seeds)[:, None]
    return np.clip(
        operators.electricity_eur_kwh + margin, operators.lowest_eur_kwh, operators.highest_eur_kwh
    )


def split_points(
    plan_chargers: NDArray[np.int64], is_present: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Points of a plan divided among the operators of a site, as evenly as they go.

    Parameters
    ----------
    plan_chargers : (n_sites,) int64
        Points of the plan.
    is_present : (n_sites, n_operators) bool
        Which operators may come to a site.

    Returns
    -------
    (n_sites, n_operators) int64
    """
    n_here = np.maximum(is_present.sum(axis=1), 1)
    rank = np.cumsum(is_present, axis=1) - 1
    each, left = plan_chargers // n_here, plan_chargers % n_here
    return np.where(is_present, each[:, None] + (rank < left[:, None]), 0).astype(np.int64)


def operators_of(
    settings: NationalMarket,
    is_present: NDArray[np.bool_],
    start: NDArray[np.int64],
    plan_chargers: NDArray[np.int64],
    charger_kw: float,
    n_days: int,
    *,
    builds_plan: bool,
) -> Operators:
    """Costs and bounds of the operators at all sites, seed after seed.

    Parameters
    ----------
    is_present : (n_sites, n_operators) bool
        Which operators may come to a site.
    start : (n_sites, n_operators) int64
        Points with which they begin.
    plan_chargers : (n_sites,) int64
        Points of the plan, by which growth is measured.
    charger_kw : float
        Power of a point, kW.
    n_days : int
        Days of the period.
    builds_plan : bool
        Whether operators must keep the plan's points.
    """
    operators = list(settings.operators.values())
    n_sites, n_operators = is_present.shape

    def everywhere(values: list[float]) -> NDArray[np.float64]:
        return np.tile(np.array(values, np.float64), (n_sites, 1))

    cap = settings.price_cap_eur_kwh
    lowest = everywhere(
        [one.costs.electricity_eur_kwh + one.costs.min_margin_eur_kwh for one in operators]
    )
    # charging points cost on all days of a week, and earn on those that are like the simulated ones
    days_paid = n_days * 7.0 / settings.days_per_week
    charger_eur = everywhere(
        [one.costs.charger_eur_kw_day * charger_kw * days_paid for one in operators]
    )
    fewest = np.where(is_present, everywhere([one.min_chargers for one in operators]), 0)
    most = np.ceil(settings.max_growth * plan_chargers / np.maximum(is_present.sum(axis=1), 1))
    most = np.where(is_present, np.maximum(most[:, None], np.maximum(start, fewest)), 0)
    is_kept = builds_plan | (is_present.sum(axis=1) < settings.min_operators)[:, None]
    lowest = np.where(is_kept & ~np.bool_(builds_plan), cap, lowest)
    one_price = everywhere([one.tariff == "fixed" for one in operators])
    columns = (
        everywhere([one.costs.electricity_eur_kwh for one in operators]),
        charger_eur,
        lowest,
        np.full((n_sites, n_operators), cap),
        np.where(is_kept, start, np.maximum(fewest, 0)).astype(np.int64),
        np.where(is_kept, start, most).astype(np.int64),
        one_price.astype(np.bool_),
    )
    return Operators(*(np.tile(column, (settings.n_seeds, 1)) for column in columns))
