"""Columns of tables of prices: exact decimals, whole numbers, one price for each key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from planner.errors import InputDataError
from planner.files.table_columns import numbers, plain_numbers, refuse_rows
from planner.said import AsWritten, said
from planner.scenario.tariffs import HIGHEST_PRICE, LOWEST_PRICE

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_Key = TypeVar("_Key")


def exact_prices(
    table: pd.DataFrame, column: str, where: str, unit: str, per: int = 1
) -> list[Decimal]:
    """Read a column of prices to the last digit.

    Parameters
    ----------
    table : pandas.DataFrame
        Text; the index names the rows.
    column, where, unit
        As in :func:`planner.files.table_columns.numbers`.
    per : int
        For how many units a price is.

    Returns
    -------
    list of Decimal
        For one unit.

    Raises
    ------
    InputDataError
        If a cell is empty or no number, or a price is beyond what any may be.
    """
    values = numbers(table, column, where, unit)
    lowest, highest = LOWEST_PRICE * per, HIGHEST_PRICE * per
    expected = said(
        "{column} must be a number from {lowest} to {highest} ({unit})",
        column=AsWritten(column),
        lowest=float(lowest),
        highest=float(highest),
        unit=unit,
    )
    refuse_rows(table, ~((values >= lowest) & (values <= highest)), where, expected)
    return [Decimal(cell) / per for cell in plain_numbers(table, column, where)]


def whole_numbers(table: pd.DataFrame, column: str, where: str, least: int, most: int) -> list[int]:
    """Read a column of whole numbers within bounds.

    Raises
    ------
    InputDataError
        If a cell is empty, or anything else.
    """
    values = numbers(table, column, where, "whole")
    wrong = ~((values >= least) & (values <= most)) | (values != np.round(values))
    rule = said(
        "{column} must be a whole number from {least} to {most}",
        column=AsWritten(column),
        least=str(least),
        most=str(most),
    )
    refuse_rows(table, wrong, where, rule)
    return [int(value) for value in values]


def put_once(
    path: Path, row: object, prices: dict[_Key, Decimal], key: _Key, price: Decimal
) -> None:
    """Add a price for a key that has none yet."""
    if key in prices:
        msg = said(
            "{path}, row {row}: a second price for {key}; leave one",
            path=str(path),
            row=str(row),
            key=str(key),
        )
        raise InputDataError(msg)
    prices[key] = price


def check_complete(path: Path, wanted: set[_Key], found: set[_Key], what: str) -> None:
    """Refuse prices that lack a key."""
    gaps = sorted(wanted - found, key=str)
    if gaps:
        msg = said(
            "{path}: no price for {gap} ({what}), expected one for each of {n}",
            path=str(path),
            gap=str(gaps[0]),
            what=what,
            n=len(wanted),
        )
        raise InputDataError(msg)
