"""Columns and rows of a linear model, gathered block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array


class Columns:
    """Columns of a linear model as they are added."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float64]] = []
        self._n = 0

    def add(
        self, cost: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Add columns and tell their numbers."""
        self._parts.append(np.stack([cost, lower, upper]))
        first, self._n = self._n, self._n + len(cost)
        return np.arange(first, self._n, dtype=np.int64)

    def table(self) -> NDArray[np.float64]:
        """Cost, lower and upper bound of all columns, (3, n_columns) float64."""
        return np.concatenate(self._parts, axis=1)


class Rows:
    """Rows of a linear model and their entries as they are added."""

    def __init__(self) -> None:
        self._bounds: list[NDArray[np.float64]] = []
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self.n_rows = 0

    def add(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.int64]:
        """Add rows and tell their numbers."""
        self._bounds.append(np.stack([lower, upper]))
        first, self.n_rows = self.n_rows, self.n_rows + len(lower)
        return np.arange(first, self.n_rows, dtype=np.int64)

    def entries(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        values: NDArray[np.float64] | float,
    ) -> None:
        """Put values where rows and columns meet, pair by pair."""
        self._entries.append((rows, columns, np.broadcast_to(values, rows.shape)))

    def bounds(self) -> NDArray[np.float64]:
        """Lower and upper bound of all rows, (2, n_rows) float64."""
        return np.concatenate(self._bounds, axis=1)

    def matrix(self, n_columns: int) -> csc_array:
        """All entries, by column."""
        rows, columns, values = (
            np.concatenate([entry[i] for entry in self._entries]) for i in range(3)
        )
        return coo_array((values, (rows, columns)), shape=(self.n_rows, n_columns)).tocsc()
