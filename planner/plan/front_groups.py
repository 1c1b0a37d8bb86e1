"""Groups of sites and trucks with their figures in every solution of the front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.plan.group_schemas import GROUPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FrontGroups:
    """Groups and their figures.

    Parameters
    ----------
    names : sequence of tuple of str
        Grouping and group, the groups of a grouping in reading order one behind the other.
    of_site : mapping of str to (n_sites,) int64
        By grouping of sites: which of its groups each site belongs to, from 0.
    figures : mapping of str to (n_solutions, n_groups) float64
        By column of ``GROUPS``, NaN where not known.
    """

    names: Sequence[tuple[str, str]]
    of_site: Mapping[str, NDArray[np.int64]]
    figures: Mapping[str, NDArray[np.float64]]

    def table(self, solution: int) -> pd.DataFrame:
        """``GROUPS`` without the solution's name, of one solution."""
        table = pd.DataFrame(list(self.names), columns=["grouping", "group"]).assign(
            **{name: rows[solution] for name, rows in self.figures.items()}
        )
        counts = [each.name for each in GROUPS.columns if each.dtype == "int64"]
        return table.astype(dict.fromkeys(counts, np.int64))

    def places(self, grouping: str) -> NDArray[np.int64]:
        """Where the groups of a grouping stand among all groups; none where there is none."""
        return np.flatnonzero([name == grouping for name, _ in self.names])
