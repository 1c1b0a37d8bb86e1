"""Classes of figures on maps: one set of limits and words for the page, figures and QGIS."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.plan.schemas import SITES
from planner.tables.forms import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.tables.forms import Form
    from planner.tables.language import Language
    from planner.tables.table import Quantity

USE = SITES.quantities("utilisation_share")[0]
"""What the colour of a site tells first."""
CLASS_COLOURS = ("#d9c316", "#56c667", "#1f9e89", "#33638d", "#40195c")
"""Viridis from low to high, without its ends that drown on white; on dark screens reversed."""
GRID_LIMITS = (0.25, 0.5, 0.75, 1.0)
"""Of peak power to grid connection: beyond the last one a site draws more than it has."""
ROUND_NUMBERS = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))
"""1, 2, 5, 10, 20, 50 ..."""

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2)
_ENDS = (0.02, 0.98)
"""Quantiles between which the steps lie: the first and the last class are open."""


@dataclass(frozen=True, slots=True)
class SiteClasses:
    """How every map of a run colours and sizes sites, whichever of its plans it shows.

    Parameters
    ----------
    with_points : sequence of DataFrame
        Sites with any points in the named plans of the run, with columns of ``SITES``.
    """

    with_points: Sequence[pd.DataFrame]

    @classmethod
    def of(cls, tables: Iterable[pd.DataFrame]) -> SiteClasses:
        """Classes of a run from its table of sites, or from one or a layer of each named plan."""
        return cls([table[(table["n_hpc"] > 0) | (table["n_lpc"] > 0)] for table in tables])

    def limits(self, quantity: Quantity) -> list[float]:
        """Limits between classes of a figure of sites.

        Those of :func:`share_limits` for utilisation, of :func:`doubling_limits` for all others.
        """
        figures = np.concatenate(
            [table[quantity.name].to_numpy(np.float64) for table in self.with_points]
        )
        return share_limits(figures) if quantity.name == USE.name else doubling_limits(figures)

    @property
    def most_points(self) -> int:
        """Most high-power points of a site in any of the plans, 1 at least."""
        return max(int(table["n_hpc"].to_numpy().max(initial=1)) for table in self.with_points)

    @property
    def legend_points(self) -> list[int]:
        """Numbers of high-power points in legends of sizes."""
        return size_counts(self.most_points)


def share_limits(shares: NDArray[np.float64]) -> list[float]:
    """Limits between up to five classes of shares, in equal and round steps.

    Returns
    -------
    list of float
        One to four, ascending. A share on a limit belongs to the class below.
    """
    known = shares[np.isfinite(shares)]
    low, high = np.quantile(known, _ENDS) if len(known) else (0.0, 1.0)
    for step in _STEPS:
        first, last = int(low / step + 1e-9) + 1, int(np.ceil(high / step - 1e-9)) - 1
        if last - first < len(CLASS_COLOURS) - 1:
            break
    first = min(first, round(1.0 / step) - 1)
    return [round(step * number, 10) for number in range(first, max(first, last) + 1)]


def doubling_limits(figures: NDArray[np.float64]) -> list[float]:
    """Limits between up to five classes of figures such as waits: each about twice the last one."""
    known = figures[np.isfinite(figures)]
    high = float(np.quantile(known, _ENDS[1])) if len(known) else 0.0
    inner = [float(number) for number in ROUND_NUMBERS if number < high]
    return inner[1 - len(CLASS_COLOURS) :] or [1.0]


def class_labels(limits: Sequence[float], form: Form, language: Language) -> list[str]:
    """What the classes between limits are called, one more than there are limits."""
    between = [
        _span(written(low, form, language), written(high, form, language))
        for low, high in pairwise(limits)
    ]
    return [
        language.text("up to {limit}", limit=written(limits[0], form, language)),
        *between,
        language.text("over {limit}", limit=written(limits[-1], form, language)),
    ]


def _span(low: str, high: str) -> str:
    """Two figures with a dash between, their unit once where it is the same."""
    # A figure has no blank in it, whichever blank stands before its unit.
    figure, *unit = low.split(maxsplit=1)
    return f"{figure if unit == high.split(maxsplit=1)[1:] else low}\N{EN DASH}{high}"


def class_colours(n_classes: int) -> list[int]:
    """Which of the five colours each of fewer classes has: the ends, and those between evenly."""
    steps: list[int] = (
        np.linspace(0, len(CLASS_COLOURS) - 1, n_classes).round().astype(int).tolist()
    )
    return steps


def size_counts(most: int) -> list[int]:
    """Up to three round numbers for a legend of sizes, ascending, each once.

    Parameters
    ----------
    most : int
        The largest number, >= 1.
    """
    nice = [count for count in ROUND_NUMBERS if count <= max(most, 1)]
    return sorted({nice[0], nice[len(nice) // 2], nice[-1]})


def largest_round(most: float, n_most: int) -> list[int]:
    """The largest round numbers up to a value, ascending, at least one."""
    return [number for number in ROUND_NUMBERS if number <= max(most, 1.0)][-n_most:]
