"""The operators of a market, the same on its page and on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.market.market_schemas import MARKET_OPERATORS
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd

_BRIEF = (
    "operator",
    "tariff",
    "n_chargers",
    "price_eur_kwh",
    "energy_share",
    "utilisation_raw",
    "profit_eur_day",
)
"""As many as a terminal has room for."""


def operator_page_table(operators: pd.DataFrame, *, brief: bool = False) -> PageTable:
    """What each operator comes to, from ``MARKET_OPERATORS``."""
    more = () if brief else ("profit_low_eur_day", "profit_high_eur_day")
    tariffs = {"hourly": phrase("by the hour"), "fixed": phrase("fixed")}
    columns = MARKET_OPERATORS.quantities(*_BRIEF, *more)
    return PageTable.of("operators", operators, columns, {"tariff": tariffs})
