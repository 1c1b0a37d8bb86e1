"""How good a front is: hypervolume by method at equal numbers of full evaluations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM

from planner.optimization.allocation import separable_front
from planner.optimization.checkpoints import CheckpointFile, checkpoint_file
from planner.optimization.nsga2 import Progress, StopRule, Variation, search
from planner.optimization.operators import BoundsRepair
from planner.optimization.quantile_layouts import quantile_layouts
from planner.tables.layout_quantities import MEAN_WAIT, TCU

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.optimization.nsga2 import SearchResult
    from planner.optimization.objectives import ObjectiveSpace
    from planner.optimization.problem import LayoutProblem
    from planner.optimization.seeding import SearchStart
    from planner.runs.random_streams import RandomStreams
    from planner.scenario.optimization import Optimization

ACCEPTED_WAIT_MIN = 5.0
"""Mean wait at which utilisations are compared: what the German motorway study plans for."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What a method found.

    Parameters
    ----------
    points : (n, n_objectives) float64
        Objectives in the full simulation.
    n_evaluations : int
        Layouts simulated in full. A method that is a curve through the layouts may have fewer
        different ones than the others were granted.
    """

    method: str
    points: NDArray[np.float64]
    n_evaluations: int


def compare_with_other_methods(
    start: SearchStart,
    found: SearchResult,
    settings: Optimization,
    streams: RandomStreams,
    *,
    progress: Progress | None = None,
    checkpoint_dir: Path | None = None,
) -> pd.DataFrame:
    """Hold a search against quantile layouts, its own seed and a plain NSGA-II.

    Parameters
    ----------
    start : SearchStart
        Where the search started.
    found : SearchResult
        What it found; the others may evaluate as many layouts.
    settings : planner.scenario.optimization.Optimization
        Population and archive size of the plain NSGA-II.
    progress : callable, optional
        Called after each generation of the plain NSGA-II.
    checkpoint_dir : Path, optional
        Folder for its checkpoints.

    Returns
    -------
    DataFrame
        See :func:`compare_methods`.
    """
    plain = plain_nsga2(
        start.problem,
        population=settings.population,
        n_evaluations=found.n_evaluations,
        archive_size=settings.archive_size,
        rng=streams.generator("optimization.plain_nsga2"),
        progress=progress,
        checkpoint=checkpoint_file(
            checkpoint_dir, "plain-nsga2", start.identity, settings, streams, found.n_evaluations
        ),
    )
    return compare_methods(
        [
            quantile_curve(start, found.n_evaluations),
            separable_curve(start, found.n_evaluations),
            MethodResult("plain NSGA-II", plain.archive.points, plain.n_evaluations),
            MethodResult("seeded NSGA-II", found.archive.points, found.n_evaluations),
        ],
        start.problem.space,
    )


def plain_nsga2(
    problem: LayoutProblem,
    *,
    population: int,
    n_evaluations: int,
    archive_size: int,
    rng: np.random.Generator,
    progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> SearchResult:
    """NSGA-II as it comes: random start, simulated binary crossover, polynomial mutation.

    Parameters
    ----------
    population, archive_size : int
        As for the search it is compared with.
    n_evaluations : int
        Evaluations of that search; rounded up to whole generations.
    rng : numpy.random.Generator
        Source of all randomness.
    progress, checkpoint
        As in :func:`~planner.optimization.nsga2.search`.
    """
    lower, upper = problem.xl.astype(np.int64), problem.xu.astype(np.int64)
    n_generations = -(-n_evaluations // population)
    initial = rng.integers(lower, upper + 1, size=(population, len(lower)))
    return search(
        problem,
        initial,
        textbook_variation(),
        StopRule(max_generations=n_generations, tolerance=0.0, window=n_generations),
        n_seeds=0,
        population=population,
        archive_size=archive_size,
        rng=rng,
        progress=progress,
        checkpoint=checkpoint,
    )


def textbook_variation() -> Variation:
    """Simulated binary crossover and polynomial mutation at pymoo's usual settings, rounded."""
    return Variation(
        crossover=SBX(eta=15, prob=0.9, vtype=float, repair=BoundsRepair()),
        mutation=PM(eta=20, vtype=float, repair=BoundsRepair()),
    )


def quantile_curve(start: SearchStart, n_evaluations: int) -> MethodResult:
    """Quantile layouts evaluated in the full simulation, as many as granted or as there are."""
    model = start.model
    layouts = quantile_layouts(
        model.occupancy, model.tables, model.bounds, n_evaluations, start.longest_wait_min
    )
    return MethodResult("quantile layouts", start.problem.points(layouts), len(layouts))


def separable_curve(start: SearchStart, n_evaluations: int) -> MethodResult:
    """Separable front evaluated in the full simulation, as finely as granted or as there is."""
    model = start.model
    layouts = separable_front(model.tables, model.bounds, n_evaluations, start.longest_wait_min)
    return MethodResult("separable front", start.problem.points(layouts), len(layouts))


def compare_methods(results: Sequence[MethodResult], space: ObjectiveSpace) -> pd.DataFrame:
    """Table of methods by ascending hypervolume.

    Returns
    -------
    DataFrame
        Columns method, n_evaluations and hypervolume, and what :func:`_best` says.
    """
    rows = [
        {
            "method": result.method,
            "n_evaluations": result.n_evaluations,
            "hypervolume": space.hypervolume(result.points),
        }
        | _best(result.points, space)
        for result in results
    ]
    table = pd.DataFrame(rows, columns=comparison_columns(space))
    return table.sort_values("hypervolume", kind="stable", ignore_index=True)


def comparison_columns(space: ObjectiveSpace) -> list[str]:
    """Columns of a comparison in a space."""
    of_none = _best(np.zeros((0, len(space.objectives))), space)
    return ["method", "n_evaluations", "hypervolume", *of_none]


def _best(points: NDArray[np.float64], space: ObjectiveSpace) -> dict[str, float]:
    """Best that a method found in each objective, by column.

    Of the utilisation, where the mean wait is an objective too, it is the highest at a mean wait of
    at most five minutes, NaN where none waits so little: the highest of all says only how long
    a queue the method went to.
    """
    best = {
        f"best_{name}": float(value)
        for name, value in zip(space.names, space.best(points), strict=True)
    }
    if {MEAN_WAIT.name, TCU.name} <= set(space.names):
        wait, tcu = (points[:, space.names.index(each.name)] for each in (MEAN_WAIT, TCU))
        accepted = tcu[wait <= ACCEPTED_WAIT_MIN]
        del best["best_tcu"]
        best["tcu_share_at_5_min"] = float(accepted.max()) if len(accepted) else np.nan
    return best
