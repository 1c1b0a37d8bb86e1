"""What physical values can be at all; every reader of files from elsewhere asks here.

The ranges lie far beyond what is found on roads and at depots. A value outside them is a slip of
units, columns or decimals, or was written to break the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.files.row_names import row_list
from planner.said import AsWritten, said, set_off

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Range:
    """From which value to which a quantity can be.

    Parameters
    ----------
    low, high : float
        Bounds, both included, in the unit.
    """

    low: float
    high: float
    unit: str

    def __str__(self) -> str:
        """Say the range as messages do."""
        return str(self.in_words())

    def in_words(self) -> str:
        """The range as messages say it."""
        unit = set_off(self.unit)
        return said("from {low} to {high}{unit}", low=self.low, high=self.high, unit=unit)

    def holds(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Whether each value is a number within the range."""
        given = np.asarray(values, dtype=np.float64)
        return (given >= self.low) & (given <= self.high)

    def scaled(self, factor: float, unit: str) -> Range:
        """The same range in another unit, one of which is ``factor`` of this."""
        return Range(self.low / factor, self.high / factor, unit)

    def check(
        self,
        table: pd.DataFrame,
        column: str,
        values: NDArray[np.float64],
        where: str,
        *,
        may_be_empty: bool = False,
    ) -> None:
        """Refuse a table one of whose values is outside the range.

        Parameters
        ----------
        table : pandas.DataFrame
            The index names the rows.
        column : str
            What the values are called, for the message.
        values : (n_rows,) float64
            NaN where a cell is empty.

        Raises
        ------
        InputDataError
            Names the file, the range, the first such value and the rows.
        """
        wrong = ~self.holds(values)
        if may_be_empty:
            wrong &= ~np.isnan(values)
        if wrong.any():
            first = float(values[np.argmax(wrong)])
            found = "nothing" if np.isnan(first) else said("{n}", n=first)
            rows = row_list(table.index[wrong], kind=str(table.index.name or "row"))
            msg = said(
                "{where}: {column} must be {possible}, found {found}; see {rows}. Correct it, or "
                "check its unit."
                if may_be_empty
                else "{where}: {column} must be given, {possible}, found {found}; see {rows}. "
                "Correct it, or check its unit.",
                where=where,
                column=AsWritten(column),
                possible=self.in_words(),
                found=found,
                rows=rows,
            )
            raise InputDataError(msg)


LON_DEG = Range(-180.0, 180.0, "degrees")
LAT_DEG = Range(-90.0, 90.0, "degrees")
ARC_KM = Range(1e-6, 5_000.0, "km")
"""From a millimetre (parts of a crossing) to a ferry across a sea."""
DISTANCE_KM = Range(0.0, 5_000.0, "km")
"""Of arcs whose ends may lie at the same place."""
FREE_SPEED_KMH = Range(1.0, 400.0, "km/h")
TRUCKS_PER_YEAR = Range(0.0, 1e9, "trucks")
"""Between two places; all trucks of Europe drive fewer trips in a year."""
DEPARTURE_H = Range(0.0, 87_840.0, "hours")
"""Since the first Monday; MATSim runs count on over days."""
NOT_NEGATIVE = Range(0.0, 1e9, "")
"""Powers, areas and counts of a site, whatever their unit."""
