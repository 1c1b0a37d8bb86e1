"""How good a front is: hypervolume by method at equal numbers of full evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM

from planner.optimization.nsga2 import CheckpointFile, Progress, StopRule, Variation, search
from planner.optimization.operators import BoundsRepair
from planner.optimization.pareto import hypervolume

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.optimization.nsga2 import SearchResult
    from planner.optimization.problem import LayoutProblem

ACCEPTED_WAIT_MIN = 5.0
"""Mean wait at which utilisations are compared: what the German motorway study plans for."""


def plain_nsga2(
    problem: LayoutProblem,
    *,
    population: int,
    n_generations: int,
    archive_size: int,
    rng: np.random.Generator,
    progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> SearchResult:
    """NSGA-II as it comes: random start, simulated binary crossover, polynomial mutation.

    Parameters
    ----------
    problem : LayoutProblem
        The objectives.
    population, n_generations, archive_size : int
        As for the search it is compared with.
    rng : numpy.random.Generator
        Source of all randomness.
    progress, checkpoint
        As in :func:`~planner.optimization.nsga2.search`.

    Returns
    -------
    SearchResult
    """
    lower, upper = problem.xl.astype(np.int64), problem.xu.astype(np.int64)
    initial = rng.integers(lower, upper + 1, size=(population, len(lower)))
    variation = Variation(
        crossover=SBX(eta=15, prob=0.9, vtype=float, repair=BoundsRepair()),
        mutation=PM(eta=20, vtype=float, repair=BoundsRepair()),
    )
    return search(
        problem,
        initial,
        variation,
        StopRule(max_generations=n_generations, tolerance=0.0, window=n_generations),
        n_seeds=0,
        population=population,
        archive_size=archive_size,
        rng=rng,
        progress=progress,
        checkpoint=checkpoint,
    )


def compare_methods(
    points: Mapping[str, NDArray[np.float64]],
    n_evaluations: Mapping[str, int],
    reference_wait_min: float,
) -> pd.DataFrame:
    """Table of methods, the best last.

    Parameters
    ----------
    points : mapping of str to (n, 2) float64
        By method: mean wait in minutes and utilisation of what it found.
    n_evaluations : mapping of str to int
        By method: layouts simulated in full. A method that is a curve through the layouts may
        have fewer different ones than the others were granted.
    reference_wait_min : float
        Mean wait of the hypervolume's reference point, minutes.

    Returns
    -------
    DataFrame
        Columns method, n_evaluations, hypervolume, least_wait_min and tcu_share_at_5_min: the
        highest utilisation at a mean wait of at most five minutes, NaN where none waits so little.
    """
    rows = []
    for method, found in points.items():
        wait, tcu = found.T
        accepted = wait <= ACCEPTED_WAIT_MIN
        rows.append(
            {
                "method": method,
                "n_evaluations": n_evaluations[method],
                "hypervolume": hypervolume(wait, tcu, reference_wait_min),
                "least_wait_min": wait.min(initial=np.inf),
                "tcu_share_at_5_min": tcu[accepted].max() if accepted.any() else np.nan,
            }
        )
    return pd.DataFrame(rows).sort_values("hypervolume", kind="stable", ignore_index=True)
