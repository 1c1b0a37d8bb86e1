"""NSGA-II over charger layouts: an archive, checkpoints, and a stop when the front stands still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pandas as pd
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.population import Population
from pymoo.core.termination import NoTermination

from planner.optimization.archive import Archive
from planner.optimization.checkpoints import (
    Checkpoint,
    CheckpointFile,
    read_checkpoint,
    write_checkpoint,
)
from planner.optimization.operators import BoundsRepair, EqualLayouts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pymoo.core.crossover import Crossover
    from pymoo.core.mutation import Mutation

    from planner.optimization.problem import LayoutProblem

HISTORY_COLUMNS = ("generation", "n_evaluations", "hypervolume", "n_front")
"""After these comes the best of each objective, ``best_`` with its name."""

GENERATIONS_PER_CHECKPOINT = 10


Ending = Literal["converged", "max_generations", "exhausted"]
"""Why a search ended: its front stood still, it had its generations, nothing was left to try."""


class Progress(Protocol):
    """Called after every generation."""

    def __call__(self, generation: int, max_generations: int, hypervolume: float) -> None:
        """Take note of a generation done."""


@dataclass(frozen=True, slots=True)
class StopRule:
    """When a search ends.

    Parameters
    ----------
    max_generations : int
        Generations at most, the initial population being the first, >= 1.
    tolerance : float
        Relative gain of hypervolume over the window up to which the front counts as converged; with
        0 no search ends before its last generation.
    window : int
        Generations over which the gain is measured, >= 1.

    Notes
    -----
    A function of the hypervolumes alone, whose corners a study fixes, so that a search that is
    taken up again ends where it would have. pymoo's rules scale by the front of the moment and keep
    what they have seen.
    """

    max_generations: int
    tolerance: float
    window: int

    def ending(self, hypervolumes: NDArray[np.float64]) -> Ending | None:
        """Why to stop after generations with these hypervolumes, (n_generations,), if at all."""
        if self._stands_still(hypervolumes):
            return "converged"
        return "max_generations" if len(hypervolumes) >= self.max_generations else None

    def _stands_still(self, hypervolumes: NDArray[np.float64]) -> bool:
        # As long as no layout is acceptable there is no front that could have converged.
        if not self.tolerance or len(hypervolumes) <= self.window or not hypervolumes[-1] > 0.0:
            return False
        gain = hypervolumes[-1] - hypervolumes[-1 - self.window]
        return bool(gain <= self.tolerance * hypervolumes[-1])


@dataclass(frozen=True, slots=True)
class Variation:
    """How a search makes new layouts of old ones: pymoo operators."""

    crossover: Crossover
    mutation: Mutation


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Parameters
    ----------
    archive : Archive
        Non-dominated layouts.
    history : DataFrame
        A row per generation, ``HISTORY_COLUMNS`` and the best of each objective; evaluations are
        counted from the start.
    ended_by : {"converged", "max_generations", "exhausted"}
        Why it ended.
    """

    archive: Archive
    history: pd.DataFrame
    ended_by: Ending

    @property
    def n_evaluations(self) -> int:
        """Layouts simulated in full."""
        return int(self.history["n_evaluations"].iloc[-1])


def search(
    problem: LayoutProblem,
    initial: NDArray[np.integer],
    variation: Variation,
    stop: StopRule,
    *,
    n_seeds: int,
    population: int,
    archive_size: int,
    rng: np.random.Generator,
    progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> SearchResult:
    """Improve a population of layouts generation by generation.

    The result depends on the arguments alone: not on the number of threads, nor on whether the
    search was killed and taken up again from its checkpoint.

    Parameters
    ----------
    initial : (n, n_sites) integer
        First generation, of any length, within the problem's bounds; of duplicates the first
        stays.
    variation : Variation
        Crossover and mutation.
    stop : StopRule
        When to end.
    n_seeds : int
        So many of ``initial``, the first, are the seed that the archive stays nowhere worse than.
    population : int
        Layouts per generation after the first, >= 2.
    archive_size : int
        Layouts that the archive holds.
    rng : numpy.random.Generator
        Source of all randomness.
    progress : callable, optional
        Called with generation, most generations and hypervolume.
    checkpoint : CheckpointFile, optional
        Written every ``GENERATIONS_PER_CHECKPOINT`` generations and at the end.

    Raises
    ------
    RunDirectoryError
        If the checkpoint is of another search.

    Notes
    -----
    NSGA-II: Deb, Pratap, Agarwal and Meyarivan (2002), in pymoo (Blank and Deb 2020).
    """
    algorithm = NSGA2(
        pop_size=population,
        sampling=np.asarray(initial, np.int64),
        crossover=variation.crossover,
        mutation=variation.mutation,
        repair=BoundsRepair(),
        eliminate_duplicates=EqualLayouts(),
        output=None,
    )
    # `setup` draws its own generator from `seed`; ours takes its place right away.
    algorithm.setup(problem, seed=0, termination=NoTermination())
    algorithm.random_state = rng
    archive = Archive(archive_size, problem.space, n_seeds)
    history: list[list[float]] = []
    is_exhausted = False
    stored = None
    if checkpoint is not None:
        stored = read_checkpoint(checkpoint.path, checkpoint.fingerprint)
    if stored is not None:
        _resume(algorithm, archive, stored)
        history = stored.history.tolist()
        is_exhausted = stored.is_exhausted

    ended_by = stop.ending(np.array([row[2] for row in history]))
    while ended_by is None and not is_exhausted:
        offspring = algorithm.ask()
        if offspring is None or not len(offspring):
            is_exhausted = True  # every neighbour of the population has been met
            continue
        algorithm.evaluator.eval(problem, offspring)
        algorithm.tell(infills=offspring)
        archive.add(offspring.get("X"), problem.space.costs(offspring.get("F")))
        history.append(_history_row(len(history) + 1, len(offspring), history, archive))
        if progress is not None:
            progress(len(history), stop.max_generations, archive.hypervolume)
        if checkpoint is not None and len(history) % GENERATIONS_PER_CHECKPOINT == 0:
            state = _checkpoint(algorithm, archive, history)
            write_checkpoint(checkpoint.path, state, checkpoint.fingerprint)
        ended_by = stop.ending(np.array([row[2] for row in history]))
    if checkpoint is not None:
        state = _checkpoint(algorithm, archive, history, is_exhausted=is_exhausted)
        write_checkpoint(checkpoint.path, state, checkpoint.fingerprint)
    table = history_table(history, problem.space.names)
    return SearchResult(archive, table, ended_by or "exhausted")


def history_table(rows: list[list[float]], objectives: tuple[str, ...]) -> pd.DataFrame:
    """History as a table with whole numbers where they belong."""
    best = [f"best_{name}" for name in objectives]
    table = pd.DataFrame(rows, columns=[*HISTORY_COLUMNS, *best])
    return table.astype({"generation": np.int64, "n_evaluations": np.int64, "n_front": np.int64})


def _history_row(
    generation: int, n_new: int, history: list[list[float]], archive: Archive
) -> list[float]:
    n_before = history[-1][1] if history else 0
    return [
        generation,
        n_before + n_new,
        archive.hypervolume,
        len(archive.points),
        *archive.space.best(archive.points).tolist(),
    ]


def _checkpoint(
    algorithm: NSGA2,
    archive: Archive,
    history: list[list[float]],
    *,
    is_exhausted: bool = False,
) -> Checkpoint:
    individuals = algorithm.pop
    return Checkpoint(
        generation=len(history),
        is_exhausted=is_exhausted,
        layouts=individuals.get("X").astype(np.int64),
        objectives=individuals.get("F").astype(np.float64),
        rank=individuals.get("rank").astype(np.float64),
        crowding=individuals.get("crowding").astype(np.float64),
        archive_seed_points=archive.seed_points,
        archive_points=archive.points,
        archive_layouts=archive.layouts,
        history=np.array(history),
        random_state=_bit_generator(algorithm).state,
    )


def _resume(algorithm: NSGA2, archive: Archive, stored: Checkpoint) -> None:
    individuals = Population.new(
        X=stored.layouts,
        F=stored.objectives,
        G=algorithm.problem.space.excess(stored.objectives),
        H=np.zeros((len(stored.layouts), 0)),
        rank=stored.rank,
        crowding=stored.crowding,
    )
    algorithm.pop = individuals
    algorithm.is_initialized = True
    algorithm.n_iter = stored.generation + 1
    _bit_generator(algorithm).state = stored.random_state
    archive.seed_points = stored.archive_seed_points
    archive.points = stored.archive_points
    archive.layouts = stored.archive_layouts


def _bit_generator(algorithm: NSGA2) -> Any:
    return algorithm.random_state.bit_generator
