"""``planner target``: from a finished run to the fewest points that keep waits below a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import InputDataError, RunDirectoryError
from planner.layouts.run_trucks import inputs_of_run
from planner.optimization.informed_points import InformedPoints, informed_points
from planner.optimization.least_points import LeastPoints, WaitTarget, least_points
from planner.optimization.seeding import separable_model
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.point_floor import floor_sentence
from planner.plan.schemas import LAYOUTS
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.study_inputs import layout_limits
from planner.reporting.layout_files import layout_table, write_layout
from planner.runs.progress import Quiet
from planner.runs.run_directory import RunDirectory
from planner.said import Said, said
from planner.simulation.queues import ChargerLayout, points_occupied, simulate
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.afir.law import Year
    from planner.optimization.allocation import PlugBounds
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.runs.progress import ProgressListener
    from planner.simulation.metrics import LayoutFigures
    from planner.simulation.queues import ChargingDemand
    from planner.tables.language import Language


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """The fewest points, and the folder that holds the layout.

    Parameters
    ----------
    found : LeastPoints
        The layout for trucks that stop as in the run.
    informed : InformedPoints or None
        The layout for trucks that know its queues, where that was asked.
    n_lpc : int
        LPC points, the same as in the run.
    folder : pathlib.Path
        Where the layout was written: for trucks that know the queues where that was asked.
    law_year : {2025, 2027, 2030}, optional
        Year of the law that the layout fulfils too, as far as the sites can.
    """

    target: WaitTarget
    found: LeastPoints
    informed: InformedPoints | None
    n_lpc: int
    folder: Path
    law_year: Year | None = None

    def sentences(self, language: Language = ENGLISH) -> list[str]:
        """Say the answer for a person."""
        told = [
            _enough(self.found.n_hpc, self.target, language),
            _floor(self.found.n_hpc, language),
            self._effect(self.found.figures, language),
        ]
        if self.law_year is not None:
            told.append(
                language.text(
                    "They hold those that the law needs at the end of {year} (AFIR), as far as "
                    "the sites can; plans of the front without these do not count.",
                    year=str(self.law_year),
                )
            )
        of_front = self.found.n_hpc_of_front
        quality = (
            language.text("No plan of the run's front meets the target.")
            if of_front is None
            else language.text(
                "The plan of the run's front that meets it with the fewest points has {n}.",
                n=language.count(of_front),
            )
        )
        least = language.text("With one point less anywhere, the target is missed.")
        told += [f"{quality} {least}", *self._bounds(language)]
        if self.informed is not None:
            saved = 1.0 - self.informed.figures.n_hpc / self.found.figures.n_hpc
            fewer = language.text(
                "Trucks that know the queues need {share} fewer.", share=language.percent(saved)
            )
            told += [
                f"{fewer} {_enough(self.informed.n_hpc, self.target, language)}",
                _floor(self.informed.n_hpc, language),
                self._effect(self.informed.figures, language),
            ]
        return told

    def _effect(self, figures: LayoutFigures, language: Language) -> str:
        return language.text(
            "Trucks then wait {mean} on average, 95 of 100 sessions at most {p95}; the points are "
            "in use {share} of the time. {n_lpc} points for overnight charging, as in the run.",
            mean=language.minutes(figures.mean_wait_min),
            p95=language.minutes(figures.p95_wait_min),
            share=language.percent(figures.tcu_share),
            n_lpc=language.count(self.n_lpc),
        )

    def _bounds(self, language: Language) -> list[str]:
        """What is proved about all layouts, as far as the target allows a proof."""
        told, n_hpc = [], self.found.figures.n_hpc
        if (proved := self.found.n_hpc_proved) is not None:
            told.append(
                language.text(
                    "Proved: no layout with fewer than {n} meets the target, whatever its queues "
                    "do to later arrivals. The answer is at most {share} above the fewest "
                    "possible.",
                    n=language.count(proved),
                    share=language.percent(n_hpc / max(proved, 1) - 1.0),
                )
            )
        if (separable := self.found.n_hpc_separable) is not None:
            told.append(
                language.text(
                    "If no wait moved later arrivals, none with fewer than {n} would meet it: a "
                    "yardstick of the search, no bound.",
                    n=language.count(separable),
                )
            )
        return told


def plan_for_target(
    run_dir: Path,
    target: WaitTarget,
    out: Path | None = None,
    *,
    learn_queues: bool = False,
    law_year: Year | None = None,
    progress: ProgressListener | None = None,
) -> TargetAnswer:
    """Find the fewest HPC points of a finished run's study that meet a target.

    Trucks stop where they stop in the run; only the number of points at each site changes. Every
    layout is judged in the full simulation.

    Parameters
    ----------
    run_dir : pathlib.Path
        A finished run.
    target : WaitTarget
        How long trucks may wait.
    out : pathlib.Path, optional
        Folder for the layout; by default beside the run, named after the target.
    learn_queues : bool
        Whether to look further for trucks that know the queues of the layout they get
        (:mod:`planner.optimization.informed_points`).
    law_year : {2025, 2027, 2030}, optional
        Year of the law that the layout must fulfil too, as far as the sites can; that of the
        study by default, none where it has none.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    TargetAnswer
        The layout, written as ``sites.csv``, ``sites.gpkg`` and ``target.json``.

    Raises
    ------
    InputDataError
        If no target is given, or no layout meets it.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or the result cannot be written.
    """
    if not np.isfinite([target.mean_min, target.p95_min]).any():
        msg = said("target: expected a longest wait; give --max-mean-wait, --max-p95 or both")
        raise InputDataError(msg)
    run = read_finished_run(run_dir, PLAN).on_roads(DEFAULT_SOLUTION)
    beside = f"{run_dir.absolute().name}-{_name(target)}"
    beside += "-replanned" if learn_queues else ""
    beside += "" if law_year is None else f"-afir-{law_year}"
    directory = RunDirectory(
        out or run_dir.absolute().with_name(beside), "", manifest="target.json"
    )
    with directory.held():
        answer, table = _searched(
            run,
            run_dir,
            target,
            directory.final,
            progress or Quiet(),
            learn_queues=learn_queues,
            law_year=law_year,
        )
        told = _answer(run, answer.found, answer.informed, target)
        if law_year is not None:
            told["afir"] = law_year
        write_layout(table, told, directory)
    return answer


def _searched(
    run: SolutionOnRoads,
    run_dir: Path,
    target: WaitTarget,
    folder: Path,
    listener: ProgressListener,
    *,
    learn_queues: bool,
    law_year: Year | None,
) -> tuple[TargetAnswer, pd.DataFrame]:
    """The fewest points of a run's study, and the table of the layout."""
    demand = charging_demand(run.scenario, run.vehicle_class_idx(), run.plans(), run.sites.n_sites)
    n_lpc = run.n_lpc.astype(np.int32)
    bounds = _bounds_of(run, demand, law_year)
    _check_waits(run, run_dir, demand)
    layouts = _front_layouts(run)
    # Plans of a run without the law need not fulfil it.
    layouts = layouts[(layouts >= bounds.lower).all(axis=1)]
    with listener.stage("Searching the fewest points"):
        found = least_points(demand, layouts, n_lpc, bounds, target)
    if found is None:
        msg = said(
            "{run}: no layout keeps to {target}, not even with {most} high-power points, the most "
            "that the sites may have; allow longer waits, or more power or space at the sites",
            run=str(run_dir),
            target=_target_said(target),
            most=int(bounds.upper.sum()),
        )
        raise InputDataError(msg)
    informed = _informed(run, run_dir, found, target, listener, law_year) if learn_queues else None
    layout = ChargerLayout(found.n_hpc, n_lpc)
    if informed is not None:
        demand, layout = informed.demand, ChargerLayout(informed.n_hpc, n_lpc)
    queues = simulate(demand, layout)
    table = layout_table(run.sites, demand, queues, layout)
    law = run.scenario.optimization.law
    asked = law_year or (None if law is None else law.afir)
    return TargetAnswer(target, found, informed, int(n_lpc.sum()), folder, asked), table


def _bounds_of(run: SolutionOnRoads, demand: ChargingDemand, law_year: Year | None) -> PlugBounds:
    """Fewest points of each site that may stand there, and most that are of use."""
    limits = layout_limits(run.scenario, run.graph, run.sites, run.plans(), law_year)
    n_lpc = run.n_lpc.astype(np.int32)
    # Trucks that find no overnight point charge at high power: with a point for each nobody waits.
    for_all = (demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site).astype(np.int32)
    peak = points_occupied(demand, ChargerLayout(for_all, n_lpc)).n_hpc
    unlimited = ChargerLayout(peak, n_lpc)
    return separable_model(demand, unlimited, limits.existing_hpc, limits.max_hpc).bounds


def _informed(
    run: SolutionOnRoads,
    run_dir: Path,
    found: LeastPoints,
    target: WaitTarget,
    listener: ProgressListener,
    law_year: Year | None,
) -> InformedPoints:
    """The fewest points for trucks that know their queues."""
    with listener.stage("Reading roads and trips"):
        inputs = inputs_of_run(run, run_dir)
    plans = run.plans()

    def learned(layout: ChargerLayout) -> ChargingDemand:
        after = replan_trips(run.scenario, inputs, plans, layout).plans
        return charging_demand(run.scenario, run.vehicle_class_idx(), after, run.sites.n_sites)

    with listener.stage("Letting trucks learn the queues") as advance:
        informed = informed_points(
            found.n_hpc,
            run.n_lpc.astype(np.int32),
            target,
            learned=learned,
            bounds_of=lambda demand: _bounds_of(run, demand, law_year),
            progress=advance,
        )
    if informed is None:
        msg = said(
            "{run}: trucks that know the queues of the {n} points found for {target} miss it; ask "
            "without --replan",
            run=str(run_dir),
            n=found.figures.n_hpc,
            target=_target_said(target),
        )
        raise InputDataError(msg)
    return informed


def _check_waits(run: SolutionOnRoads, run_dir: Path, demand: ChargingDemand) -> None:
    """Refuse a run whose waits this program does not find again."""
    layout = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
    wait_min = 60.0 * simulate(demand, layout).wait_h
    stops = pd.concat([run.warm_up_stops, run.stops])
    stored = stops["wait_min"].to_numpy(dtype=np.float64)[demand.plan_stop_idx]
    if not np.allclose(wait_min, stored, rtol=0.0, atol=1e-6):
        msg = said(
            "{run}: its waits do not follow from its stops with this version of the planner; run "
            "the scenario again",
            run=str(run_dir),
        )
        raise RunDirectoryError(msg)


def _front_layouts(run: SolutionOnRoads) -> NDArray[np.int32]:
    layouts = run.run.table(LAYOUTS)
    return layouts["n_hpc"].to_numpy(dtype=np.int32).reshape(-1, run.sites.n_sites)


def _answer(
    run: SolutionOnRoads, found: LeastPoints, informed: InformedPoints | None, target: WaitTarget
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "study": run.scenario.name,
        f"max_{MEAN_WAIT.name}": _finite_or_none(target.mean_min),
        "max_p95_wait_min": _finite_or_none(target.p95_min),
        "n_hpc": found.figures.n_hpc,
        "n_lpc": found.figures.n_lpc,
        MEAN_WAIT.name: found.figures.mean_wait_min,
        "p95_wait_min": found.figures.p95_wait_min,
        "tcu": found.figures.tcu_share,
        "n_hpc_of_front": found.n_hpc_of_front,
        "n_hpc_separable": found.n_hpc_separable,
        "n_hpc_proved": found.n_hpc_proved,
    }
    if informed is not None:
        answer["replanned"] = {
            "n_hpc": informed.figures.n_hpc,
            MEAN_WAIT.name: informed.figures.mean_wait_min,
            "p95_wait_min": informed.figures.p95_wait_min,
            "tcu": informed.figures.tcu_share,
            "n_rounds": informed.n_rounds,
        }
    return answer


def _enough(n_hpc: NDArray[np.int32], target: WaitTarget, language: Language) -> str:
    return language.counted(
        int(n_hpc.sum()),
        "{n} high-power charging point {at_sites} is enough for {target}.",
        "{n} high-power charging points {at_sites} are enough for {target}.",
        at_sites=language.counted(int((n_hpc > 0).sum()), "at {n} site", "at {n} sites"),
        target=_target_text(target, language),
    )


def _floor(n_hpc: NDArray[np.int32], language: Language) -> str:
    return floor_sentence(int(n_hpc.sum()), int(np.count_nonzero(n_hpc)), language)


def _target_said(target: WaitTarget) -> Said:
    parts = []
    if np.isfinite(target.mean_min):
        parts.append(said("a mean wait of at most {n} min", n=target.mean_min))
    if np.isfinite(target.p95_min):
        told = "a wait in 95 of 100 sessions of at most {n} min"
        parts.append(said(told, n=target.p95_min))
    return parts[0] if len(parts) == 1 else said("{one} and {other}", one=parts[0], other=parts[1])


def _target_text(target: WaitTarget, language: Language) -> str:
    return _target_said(target).in_language(language)


def _name(target: WaitTarget) -> str:
    parts = [
        f"{what}-{limit:g}-min"
        for what, limit in (("mean-wait", target.mean_min), ("p95-wait", target.p95_min))
        if np.isfinite(limit)
    ]
    return "-".join(parts)


def _finite_or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None
