"""Tables by place and time with a column per place, in MW or MWh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KW_PER_MW = 1000.0


def in_mega(table: pd.DataFrame, column: str, names: Sequence[str]) -> pd.DataFrame:
    """A column of a table of the load, MW or MWh, by begin of the step.

    Parameters
    ----------
    table : DataFrame
        Place by place, each with the same steps.
    column : str
        A column in kW or kWh.
    names : sequence of str
        What each place is called, in the order of the places.
    """
    values = table[column].to_numpy().reshape(len(names), -1).T / KW_PER_MW
    return pd.DataFrame(values, pd.Index(table["start"].iloc[: len(values)]), list(names))


def write_series(series: pd.DataFrame, path: Path, index: str) -> None:
    """Write such a table, the begin of the steps as the first column."""
    write_csv_file(series.rename_axis(index).reset_index(), path)
