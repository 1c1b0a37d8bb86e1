"""The one door of this room: from charging demand to a Pareto front of layouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InvariantError
from planner.optimization.checkpoints import fingerprint
from planner.optimization.comparison import (
    MethodResult,
    compare_methods,
    plain_nsga2,
    quantile_curve,
    separable_curve,
)
from planner.optimization.front import Front, NamingRules, name_solutions
from planner.optimization.nsga2 import CheckpointFile, SearchResult, StopRule, Variation, search
from planner.optimization.operators import PlugMutation, SiteCrossover
from planner.optimization.pareto import weakly_dominated
from planner.optimization.seeding import SearchStart, start_of_search
from planner.simulation.queues import evaluate_layouts

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.nsga2 import Progress
    from planner.optimization.problem import LayoutProblem
    from planner.optimization.site_limits import PlugLimits
    from planner.random_streams import RandomStreams
    from planner.scenario.model import Optimization
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, LayoutScores


@dataclass(frozen=True, slots=True)
class OptimizationResult:
    """What the optimisation found.

    Parameters
    ----------
    front : Front
        The Pareto front, nowhere worse than the seed.
    seed_n_hpc : (n_seeds, n_sites) int32
        The separable front that the search started from.
    seed_scores : LayoutScores
        Its figures in the full simulation.
    comparison : DataFrame
        See :func:`~planner.optimization.comparison.compare_methods`.
    unlimited : ChargerLayout
        The layout with which nobody waits for an HPC point; its LPC points are those of all
        solutions.
    bounds : PlugBounds
        Fewest and most HPC plugs that each site was allowed.
    """

    front: Front
    seed_n_hpc: NDArray[np.int32]
    seed_scores: LayoutScores
    comparison: pd.DataFrame
    unlimited: ChargerLayout
    bounds: PlugBounds


def optimize(
    demand: ChargingDemand,
    settings: Optimization,
    streams: RandomStreams,
    *,
    limits: PlugLimits | None = None,
    progress: Progress | None = None,
    comparison_progress: Progress | None = None,
    checkpoint_dir: Path | None = None,
) -> OptimizationResult:
    """Find the Pareto front of mean wait against utilisation, and hold it against other methods.

    Parameters
    ----------
    demand : ChargingDemand
        Trucks and their stops.
    settings : planner.scenario.model.Optimization
        How long and how finely to search.
    streams : RandomStreams
        Random streams of the run.
    limits : PlugLimits, optional
        Fewest and most points of each site; none by default.
    progress : callable, optional
        Called after each generation of the search.
    comparison_progress : callable, optional
        The same for the plain NSGA-II it is compared with.
    checkpoint_dir : Path, optional
        Folder for the checkpoints; a search found there goes on where it stopped.

    Returns
    -------
    OptimizationResult
        The same whatever the number of threads and interruptions.

    Raises
    ------
    RunDirectoryError
        If a checkpoint cannot be read or is of another search.
    InvariantError
        If the front is somewhere worse than its seed.
    """
    start = start_of_search(demand, settings.population, limits)
    problem, unlimited = start.problem, start.unlimited

    def checkpoint(name: str) -> CheckpointFile | None:
        if checkpoint_dir is None:
            return None
        model = (start.unlimited, start.model.bounds, start.seed_n_hpc)
        inputs = (name, demand, model, settings, streams)
        return CheckpointFile(checkpoint_dir / f"{name}.npz", fingerprint(*inputs))

    found = seeded_nsga2(
        start,
        settings,
        rng=streams.generator("optimization.search"),
        progress=progress,
        checkpoint=checkpoint("search"),
    )
    plain = plain_nsga2(
        problem,
        population=settings.population,
        n_evaluations=found.n_evaluations,
        archive_size=settings.archive_size,
        rng=streams.generator("optimization.plain_nsga2"),
        progress=comparison_progress,
        checkpoint=checkpoint("plain-nsga2"),
    )
    comparison = compare_methods(
        [
            quantile_curve(start, found.n_evaluations),
            separable_curve(start, found.n_evaluations),
            MethodResult("plain NSGA-II", plain.archive.points, plain.n_evaluations),
            MethodResult("seeded NSGA-II", found.archive.points, found.n_evaluations),
        ],
        problem.reference_wait_min,
    )
    seed_scores = evaluate_layouts(demand, start.seed_n_hpc, unlimited.n_lpc)
    front = reported_front(problem, found, settings)
    _check_against_seed(front, seed_scores)
    return OptimizationResult(
        front=front,
        seed_n_hpc=start.seed_n_hpc,
        seed_scores=seed_scores,
        comparison=comparison,
        unlimited=unlimited,
        bounds=start.model.bounds,
    )


def seeded_nsga2(
    start: SearchStart,
    settings: Optimization,
    *,
    rng: np.random.Generator,
    progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> SearchResult:
    """NSGA-II from the separable and the corrected front, with operators that fit layouts.

    Parameters
    ----------
    start : SearchStart
        From :func:`~planner.optimization.seeding.start_of_search`.
    settings : planner.scenario.model.Optimization
        How long and how finely to search.
    rng, progress, checkpoint
        As in :func:`~planner.optimization.nsga2.search`.

    Returns
    -------
    SearchResult
    """
    model = start.model
    return search(
        start.problem,
        np.concatenate([start.seed_n_hpc, start.corrected_n_hpc]),
        Variation(SiteCrossover(), PlugMutation(model.tables, model.bounds)),
        StopRule(
            settings.max_generations, settings.convergence_tolerance, settings.convergence_window
        ),
        n_seeds=len(start.seed_n_hpc),
        population=settings.population,
        archive_size=settings.archive_size,
        rng=rng,
        progress=progress,
        checkpoint=checkpoint,
    )


def reported_front(
    problem: LayoutProblem,
    found: SearchResult,
    settings: Optimization,
) -> Front:
    """Thin the archive of a search to what is reported, and name the five solutions.

    Parameters
    ----------
    problem : LayoutProblem
        The objectives.
    found : SearchResult
        Archive and history.
    settings : planner.scenario.model.Optimization
        Number of solutions and the rules of naming.

    Returns
    -------
    Front
    """
    n_hpc = found.archive.layouts[found.archive.thinned(settings.max_solutions)]
    scores = evaluate_layouts(problem.demand, n_hpc, problem.n_lpc)
    named = name_solutions(
        scores.mean_wait_min,
        scores.tcu_share,
        scores.hpc_energy_kwh + scores.lpc_energy_kwh,
        NamingRules(settings.wait_tolerance_min, settings.energy_loss_share),
    )
    return Front(
        n_hpc=n_hpc,
        n_lpc=problem.n_lpc,
        scores=scores,
        named=named,
        history=found.history,
        reference_wait_min=problem.reference_wait_min,
    )


def _check_against_seed(front: Front, seed_scores: LayoutScores) -> None:
    seed = np.column_stack([seed_scores.mean_wait_min, seed_scores.tcu_share])
    seed = seed[seed[:, 0] <= front.reference_wait_min]
    found = np.column_stack([front.scores.mean_wait_min, front.scores.tcu_share])
    worse = ~weakly_dominated(seed, found)
    if worse.any():
        message = (
            f"the front is worse than {int(worse.sum())} of the {len(seed)} layouts it started "
            "from: the search lost what it had, please report this with the scenario"
        )
        raise InvariantError(message)
