"""The one door of this room: from charging demand to a Pareto front of layouts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.costs.columns import LEAST
from planner.errors import InvariantError
from planner.optimization.checkpoints import CheckpointFile, checkpoint_file
from planner.optimization.front import Front, NamingRules, name_solutions
from planner.optimization.nsga2 import SearchResult, StopRule, Variation, search
from planner.optimization.operators import PlugMutation, SiteCrossover
from planner.optimization.pareto import weakly_dominated
from planner.optimization.seeding import SearchStart, start_of_search

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.optimization.nsga2 import Progress
    from planner.optimization.problem import LayoutProblem
    from planner.optimization.site_limits import PlugLimits
    from planner.runs.random_streams import RandomStreams
    from planner.scenario.optimization import Optimization
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout


@dataclass(frozen=True, slots=True)
class OptimizationResult:
    """What the optimisation found.

    Parameters
    ----------
    front : Front
        The Pareto front, nowhere worse than the seed.
    start : SearchStart
        The separable front that the search started from, and the bounds of each site.
    """

    front: Front
    start: SearchStart
    found: SearchResult

    @property
    def seed_points(self) -> NDArray[np.float64]:
        """Objectives of the undominated layouts of that front, (n_points, n_objectives)."""
        return self.found.archive.seed_points

    @property
    def unlimited(self) -> ChargerLayout:
        """Layout with which nobody waits for an HPC point; its LPC points are those of all."""
        return self.start.unlimited


def optimize(
    demand: ChargingDemand,
    settings: Optimization,
    streams: RandomStreams,
    *,
    limits: PlugLimits | None = None,
    prices: Prices | None = None,
    progress: Progress | None = None,
    checkpoint_dir: Path | None = None,
) -> OptimizationResult:
    """Find the Pareto front of a study's objectives.

    Parameters
    ----------
    settings : planner.scenario.optimization.Optimization
        What to aim at, how long and how finely to search.
    limits : PlugLimits, optional
        Fewest and most points of each site; none by default.
    prices : Prices, optional
        What objectives of cost are computed with; the solution of least cost then has a name.
    progress : callable, optional
        Called after each generation of the search.
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
    start = start_of_search(demand, settings.population, limits, settings.objectives, prices)
    found = seeded_nsga2(
        start,
        settings,
        rng=streams.generator("optimization.search"),
        progress=progress,
        checkpoint=checkpoint_file(checkpoint_dir, "search", start.identity, settings, streams),
    )
    front = reported_front(start.problem, found, settings)
    _check_against_seed(front, found.archive.seed_points)
    return OptimizationResult(front=front, start=start, found=found)


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
    settings : planner.scenario.optimization.Optimization
        How long and how finely to search.
    rng, progress, checkpoint
        As in :func:`~planner.optimization.nsga2.search`.
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
    settings : planner.scenario.optimization.Optimization
        Number of solutions and the rules of naming.
    """
    archive = found.archive
    kept = archive.thinned(settings.max_solutions)
    if problem.prices is not None:
        least = problem.evaluated(archive.layouts).costs.best
        kept = np.union1d(kept, [least])
    thinned = problem.evaluated(archive.layouts[kept])
    order = np.lexsort((thinned.scores.tcu_share, thinned.scores.mean_wait_min))
    by_wait = replace(thinned, n_hpc=thinned.n_hpc[order], scores=thinned.scores.at(order))
    points = archive.points[kept[order]]
    rules = NamingRules(settings.wait_tolerance_min, settings.energy_loss_share)
    named = name_solutions(problem.space, points, by_wait.scores, rules)
    if problem.prices is not None:
        named[LEAST] = by_wait.costs.best
    return Front(
        n_hpc=by_wait.n_hpc,
        n_lpc=problem.n_lpc,
        space=problem.space,
        objectives=points,
        scores=by_wait.scores,
        named=named,
        history=found.history,
    )


def _check_against_seed(front: Front, seed_points: NDArray[np.float64]) -> None:
    space = front.space
    seed = seed_points[space.is_feasible(seed_points)]
    worse = ~weakly_dominated(space.costs(seed), space.costs(front.objectives))
    if worse.any():
        message = (
            f"the front is worse than {int(worse.sum())} of the {len(seed)} layouts it started "
            "from: the search lost what it had, please report this with the scenario"
        )
        raise InvariantError(message)
