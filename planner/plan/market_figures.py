"""Tables of the market at the sites of a plan: what a kWh costs where, and who builds what pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.market.national import asked_prices
from planner.plan.market_schemas import MARKET_SITES, NATIONAL_SCHEMAS
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table_files import write_csv, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.market.national import NationalRun
    from planner.network.sites import Sites
    from planner.scenario.national_market import NationalMarket

_OPEN_POINTS = 0.5
"""A site counts as open where so many points stood on average."""
_HOURS_OF_DAY = 24


@dataclass(frozen=True, slots=True)
class NationalFigures:
    """What the market of a plan comes to.

    Parameters
    ----------
    sites : DataFrame
        ``MARKET_SITES``.
    hours : DataFrame
        ``MARKET_HOURS_BY_SITE``.
    course : DataFrame
        ``MARKET_ROUNDS``, of the market in which operators build what pays.
    summary : dict
        Headline figures for ``run.json``.
    """

    sites: pd.DataFrame
    hours: pd.DataFrame
    course: pd.DataFrame
    summary: dict[str, float | int]


def write_national_tables(figures: NationalFigures, folder: Path) -> None:
    """Write the tables of a plan's market, as CSV and Parquet.

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    tables = (figures.sites, figures.hours, figures.course)
    for schema, table in zip(NATIONAL_SCHEMAS, tables, strict=True):
        write_csv(table, schema, folder / f"{schema.name}.csv")
        write_parquet(table, schema, folder / f"{schema.name}.parquet")


class _Reading:
    """Figures of a run by seed and site, (n_seeds, n_sites, ...)."""

    def __init__(self, run: NationalRun, settings: NationalMarket, n_days: int) -> None:
        means = run.means
        n_sites, n_operators = run.is_present.shape
        self._shape = (settings.n_seeds, n_sites)

        def by_site(values: NDArray[np.float64]) -> NDArray[np.float64]:
            return values[:, 0].reshape(*self._shape, *values.shape[2:])

        self.sold_kwh = by_site(means.sold_kwh).sum(axis=2)
        self.revenue_eur = by_site(means.revenue_eur).sum(axis=2)
        self.wait_min = by_site(means.wait_min).sum(axis=2)
        self.n_trucks = by_site(means.n_trucks).sum(axis=2)
        self.busy_min = by_site(means.busy_min).sum(axis=(2, 3))
        self.n_points = by_site(means.n_chargers).sum(axis=2)
        # a period's profit carries the cost of the week's other days: spread over all of them
        self.profit_eur_day = by_site(means.profit_eur) / n_days * settings.days_per_week / 7.0
        asked, _ = asked_prices(means)
        self.asked_eur_kwh = asked.reshape(*self._shape, -1)
        self.n_days, self.n_operators = n_days, n_operators

    @property
    def price_eur_kwh(self) -> NDArray[np.float64]:
        """Price paid at each site, (n_seeds, n_sites); NaN where nobody charges."""
        return _ratio(self.revenue_eur.sum(axis=2), self.sold_kwh.sum(axis=2))


def national_figures(
    settings: NationalMarket,
    free: NationalRun,
    as_planned: NationalRun,
    sites: Sites,
    n_hpc: NDArray[np.int64],
    n_days: int,
) -> NationalFigures:
    """Figures of the market of a plan.

    Parameters
    ----------
    free, as_planned : NationalRun
        Operators build what pays, or keep the points of the plan.
    n_hpc : (n_sites,) int64
        Points of the plan.
    n_days : int
        Days of the period.
    """
    market, plan = _Reading(free, settings, n_days), _Reading(as_planned, settings, n_days)
    table = _site_table(market, plan, free, sites, n_hpc)
    return NationalFigures(
        table, _hour_table(market, sites), _course_table(free), _summary(market, plan, free, table)
    )


def _site_table(
    market: _Reading,
    plan: _Reading,
    free: NationalRun,
    sites: Sites,
    n_hpc: NDArray[np.int64],
) -> pd.DataFrame:
    hourly = _ratio(_of_day(market.revenue_eur.mean(axis=0)), _of_day(market.sold_kwh.mean(axis=0)))
    is_sold = np.isfinite(hourly)
    n_points = market.n_points.mean(axis=0)
    period_min = 1440.0 * market.n_days
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc_plan": n_hpc,
            "n_operators": free.is_present.sum(axis=1),
            "n_hpc_market": n_points,
            "n_hpc_low": market.n_points.min(axis=0),
            "n_hpc_high": market.n_points.max(axis=0),
            "price_eur_kwh": _known_mean(market.price_eur_kwh),
            "price_low_eur_kwh": _known(np.fmin.reduce(market.price_eur_kwh)),
            "price_high_eur_kwh": _known(np.fmax.reduce(market.price_eur_kwh)),
            "cheapest_hour_eur_kwh": _known(np.where(is_sold, hourly, np.inf).min(axis=1)),
            "dearest_hour_eur_kwh": _known(np.where(is_sold, hourly, -np.inf).max(axis=1)),
            "sessions_per_day": market.n_trucks.sum(axis=2).mean(axis=0) / market.n_days,
            "energy_kwh_day": market.sold_kwh.sum(axis=2).mean(axis=0) / market.n_days,
            "utilisation_share": _ratio(market.busy_min.mean(axis=0), n_points * period_min),
            MEAN_WAIT.name: _ratio(
                market.wait_min.sum(axis=2).mean(axis=0), market.n_trucks.sum(axis=2).mean(axis=0)
            ),
            "profit_eur_day": market.profit_eur_day.sum(axis=2).mean(axis=0),
            "is_open": n_points >= _OPEN_POINTS,
            "plan_price_eur_kwh": _known_mean(plan.price_eur_kwh),
            "plan_profit_eur_day": plan.profit_eur_day.sum(axis=2).mean(axis=0),
            "subsidy_eur_day": np.maximum(-plan.profit_eur_day.mean(axis=0), 0.0).sum(axis=1),
        }
    )
    return table[MARKET_SITES.column_names]


def _hour_table(market: _Reading, sites: Sites) -> pd.DataFrame:
    sold_kwh, n_trucks = market.sold_kwh.mean(axis=0), market.n_trucks.mean(axis=0)
    n_sites, n_slots = sold_kwh.shape
    return pd.DataFrame(
        {
            "site_id": np.repeat(sites.site_id, n_slots),
            "hour": np.tile(np.arange(n_slots), n_sites),
            "asked_eur_kwh": _known_mean(market.asked_eur_kwh).ravel(),
            "price_eur_kwh": _ratio(market.revenue_eur.mean(axis=0), sold_kwh).ravel(),
            "sold_kwh": sold_kwh.ravel(),
            MEAN_WAIT.name: _ratio(market.wait_min.mean(axis=0), n_trucks).ravel(),
        }
    )


def _course_table(free: NationalRun) -> pd.DataFrame:
    n_seeds, n_rounds = free.mean_price_eur_kwh.shape
    return pd.DataFrame(
        {
            "round": np.tile(np.arange(1, n_rounds + 1), n_seeds),
            "seed_number": np.repeat(np.arange(1, n_seeds + 1), n_rounds),
            "mean_price_eur_kwh": free.mean_price_eur_kwh.ravel(),
            "n_chargers": free.n_chargers.ravel(),
            "counted_share": free.counted_share.ravel(),
        }
    )


def _summary(
    market: _Reading, plan: _Reading, free: NationalRun, table: pd.DataFrame
) -> dict[str, float | int]:
    by_seed = market.revenue_eur.sum(axis=(1, 2)) / market.sold_kwh.sum(axis=(1, 2))
    paid = table["price_eur_kwh"].dropna()
    quarter = max(free.mean_price_eur_kwh.shape[1] // 4, 1)
    last = free.mean_price_eur_kwh[:, -quarter:].mean()
    before = free.mean_price_eur_kwh[:, -2 * quarter : -quarter].mean()
    settled = free.counted_share[:, free.counted_share.shape[1] // 2 :].mean()
    loses = (table["profit_eur_day"] <= 0.0) | ~table["is_open"]
    return {
        "n_sites": len(table),
        "n_hpc_plan": int(table["n_hpc_plan"].sum()),
        "n_visited_sites": int((table["n_hpc_plan"] > 0).sum()),
        "mean_price_eur_kwh": float(by_seed.mean()),
        "mean_price_low_eur_kwh": float(by_seed.min()),
        "mean_price_high_eur_kwh": float(by_seed.max()),
        "price_p10_eur_kwh": float(paid.quantile(0.1)),
        "price_p90_eur_kwh": float(paid.quantile(0.9)),
        "n_hpc_market": float(market.n_points.sum(axis=1).mean()),
        "utilisation_share": float(
            market.busy_min.sum() / (market.n_points.sum() * 1440.0 * market.n_days)
        ),
        MEAN_WAIT.name: float(market.wait_min.sum() / market.n_trucks.sum()),
        "profit_eur_day": float(table["profit_eur_day"].sum()),
        "share_of_sites_without_profit": float(loses.mean()),
        "n_sites_nobody_builds": int((~table["is_open"]).sum()),
        "plan_mean_price_eur_kwh": float(plan.revenue_eur.sum() / plan.sold_kwh.sum()),
        f"plan_{MEAN_WAIT.name}": float(plan.wait_min.sum() / plan.n_trucks.sum()),
        "n_sites_to_subsidise": int((table["subsidy_eur_day"] > 0.0).sum()),
        "subsidy_eur_day": float(table["subsidy_eur_day"].sum()),
        "price_drift_share": float(last / before - 1.0),
        "sessions_per_stop": float(settled),
        "n_seeds": len(by_seed),
    }


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient; NaN where there is nothing to divide by."""
    is_some = denominator > 0.0
    return np.where(is_some, numerator / np.where(is_some, denominator, 1.0), np.nan)


def _known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _known_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over seeds of what is known; NaN where no seed knows."""
    is_known = np.isfinite(values)
    return _ratio(np.where(is_known, values, 0.0).sum(axis=0), is_known.sum(axis=0).astype(float))


def _of_day(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums over days of (n_sites, n_slots), (n_sites, 24)."""
    summed: NDArray[np.float64] = values.reshape(len(values), -1, _HOURS_OF_DAY).sum(axis=1)
    return summed
