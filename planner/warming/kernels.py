"""All kernels compiled at once, each kind of study in a process of its own.

What they compile is kept with the program, so that no study waits for it. The studies are small;
what counts is that they call every kernel, with the types that other studies call it with.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from planner.runs.kernel_claims import folder_of_claims, share_kernels
from planner.runs.perform import perform
from planner.scenario.any_study import load_study
from planner.studies.depot_study import DEPOT
from planner.studies.market_study import MARKET
from planner.studies.plan_study import PLAN
from planner.warming.compile_times import CompiledKernel, compiled_kernels
from planner.warming.finished_plans import change_rank_and_mix
from planner.warming.small_country import BREAK_FIRST, write_small_country

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.runs.perform import Study

_COUNTRY = "small country"


@dataclass(frozen=True, slots=True)
class WarmUpStudy:
    """A small study that calls kernels.

    Parameters
    ----------
    kind : str
        Kind of study that is warm afterwards.
    study : str
        Name of a bundled study, or ``small country``.
    overrides : tuple of str
        What makes it small.
    """

    kind: str
    study: str
    overrides: tuple[str, ...] = ()


# The longest first. The two plans share the kernels of queues: by the time that the first has
# compiled its stop planner, the second has left them for it.
WARM_UPS = (
    WarmUpStudy("plan", _COUNTRY, ("replanning.iterations=2",)),
    WarmUpStudy("plan", _COUNTRY, (BREAK_FIRST,)),
    WarmUpStudy("depot", "depot-demo", ("depot.iterations=20",)),
    WarmUpStudy("market", "odeshog-market", ("n_iterations=400", "n_seeds=2")),
)
_STUDIES: dict[str, Study[Any, Any, Any]] = {"plan": PLAN, "depot": DEPOT, "market": MARKET}
KINDS = tuple(_STUDIES)


def warm_kernels(
    kinds: Sequence[str] = KINDS, workers: int | None = None
) -> Iterator[list[CompiledKernel]]:
    """Compile the kernels of kinds of studies; those kept from before are left as they are.

    Parameters
    ----------
    kinds : sequence of str
        Out of :data:`KINDS`.
    workers : int, optional
        Processes at a time; one per core by default.

    Yields
    ------
    list of CompiledKernel
        Of each study when it is done.
    """
    chosen = [each for each in WARM_UPS if each.kind in kinds]
    n_processes = min(workers or os.cpu_count() or 1, len(chosen))
    with (
        folder_of_claims() as claims,
        ProcessPoolExecutor(
            n_processes,
            mp_context=get_context("spawn"),
            initializer=share_kernels,
            initargs=(claims,),
        ) as processes,
    ):
        yield from processes.map(warmed_by, chosen)


def warmed_by(warm_up: WarmUpStudy) -> list[CompiledKernel]:
    """Compute a small study in this process; the kernels that had to be compiled for it."""
    with TemporaryDirectory(prefix="planner-") as name, compiled_kernels() as kernels:
        folder = Path(name)
        is_country = warm_up.study == _COUNTRY
        file = write_small_country(folder) if is_country else Path(warm_up.study)
        asked = load_study(file, [*warm_up.overrides])
        run_dir = perform(_without_pages(_STUDIES[warm_up.kind]), asked, out=folder / "run")
        if warm_up.kind == PLAN.kind:
            change_rank_and_mix(run_dir)
    return kernels


def _without_pages(study: Study[Any, Any, Any]) -> Study[Any, Any, Any]:
    """A kind of study that writes its tables, and no more that a person would look at."""
    return replace(study, page=lambda *_: None, finish=None)
