"""State of charge of trips that do not start full, from runs before the study's own.

Where trips start with charge that no trip before has left in a battery, energy comes from nowhere.
A run in which all start full tells with which charge trips end; the trips that do not start full
draw theirs from it. Repeated until its mean settles, trips start as they end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.initial_soc import HISTOGRAM_COLUMNS
from planner.errors import InputDataError
from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_demand
from planner.routing.partitions import one_after_another
from planner.runs.durable_files import replacing
from planner.runs.stage_files import read_json, write_json
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.partitions import PartitionWorkers
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import TimedStages
    from planner.scenario.model import Scenario

INITIAL_SOC_FILE = "initial_soc.csv"
"""The histogram in the run's folder."""
_N_BINS = 20
_SETTLED_SHARE = 0.005
"""Rounds end where the mean state of charge at the end of trips moves by no more, share."""
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class WarmUp:
    """What the runs before the study's own came to.

    Parameters
    ----------
    histogram : DataFrame
        Columns soc_from_share, soc_to_share, n_trips: ends of trips in the last of them.
    n_rounds : int
        How many there were.
    moved_share : float
        By how much the mean moved in the last one, share of the battery; NaN in a single one.
    """

    histogram: pd.DataFrame
    n_rounds: int
    moved_share: float

    def summary(self) -> dict[str, float | int | None]:
        """Figures for ``run.json``."""
        moved = None if np.isnan(self.moved_share) else self.moved_share
        mean = _mean_share(self.histogram)
        return {"rounds": self.n_rounds, "mean_share": mean, "moved_share": moved}


def soc_histogram(plans: StopPlans, counted: NDArray[np.bool_]) -> pd.DataFrame:
    """Histogram of the state of charge with which served trips end.

    Parameters
    ----------
    plans : StopPlans
        Stops of all trips.
    counted : (n_trips,) bool
        Which of them count.

    Returns
    -------
    DataFrame
        Columns soc_from_share, soc_to_share, n_trips.
    """
    soc = np.clip(plans.final_soc_share[plans.is_served & counted], 0.0, 1.0)
    return _of_counts(np.histogram(soc, bins=_N_BINS, range=(0.0, 1.0))[0])


def drawing_from(scenario: Scenario, histogram: Path) -> Scenario:
    """The study with trips that do not start full drawing from a histogram."""
    soc = scenario.demand.initial_soc.model_copy(
        update={"source": "histogram", "arrival_histogram": histogram}
    )
    demand = scenario.demand.model_copy(update={"initial_soc": soc})
    return scenario.model_copy(update={"demand": demand})


def warmed_up(
    scenario: Scenario,
    inputs: StudyInputs,
    cache: Path,
    stages: TimedStages,
    workers: PartitionWorkers = one_after_another,
) -> tuple[Scenario, StudyInputs, WarmUp]:
    """Run what comes before the study's own run, and draw its trips.

    Parameters
    ----------
    scenario : Scenario
        The study, whose trips start as runs before it end.
    inputs : StudyInputs
        Its inputs; only the charge of their trips changes.
    cache : pathlib.Path
        Folder in which finished rounds are kept.
    stages : TimedStages
        Told of them.
    workers : callable
        Who plans the stops of each round, partition by partition.

    Returns
    -------
    Scenario
        The study that draws from the histogram.
    StudyInputs
        Its inputs.
    WarmUp
        The histogram.

    Raises
    ------
    InputDataError
        If no trip comes to its end in a round.
    """
    soc = scenario.demand.initial_soc
    all_full = replace(inputs.trips, initial_soc_share=np.ones(inputs.trips.n_trips))
    inputs = replace(inputs, trips=all_full)
    drawn, warm_up = scenario, WarmUp(pd.DataFrame(), 0, np.nan)
    while warm_up.n_rounds < (_MOST_ROUNDS if soc.source == "settled" else 1):
        number = warm_up.n_rounds + 1
        kept = cache / f"warm-up-{number}.json"
        histogram = _ends_of(scenario, inputs, kept, number, stages, workers)
        moved = np.nan if number == 1 else _mean_share(histogram) - _mean_share(warm_up.histogram)
        warm_up = WarmUp(histogram, number, abs(moved))
        path = cache / INITIAL_SOC_FILE
        with replacing(path) as new:  # runs that share the stage may be reading the last one's
            write_csv_file(histogram, new)
        drawn = drawing_from(scenario, path)
        trips, _ = read_demand(drawn, inputs.graph)
        inputs = replace(inputs, trips=trips)
        if warm_up.moved_share <= _SETTLED_SHARE:
            break
    return drawn, inputs, warm_up


def _ends_of(
    scenario: Scenario,
    inputs: StudyInputs,
    kept: Path,
    number: int,
    stages: TimedStages,
    workers: PartitionWorkers,
) -> pd.DataFrame:
    """Histogram of one round, from an interrupted run's file where it has been."""
    with stages(f"Warming up, round {number}") as advance:
        counts = read_json(kept)
        if counts is None:
            plans = plan_trips(scenario, inputs, advance, workers=workers)
            counts = soc_histogram(plans, inputs.trips.is_counted)[HISTOGRAM_COLUMNS[2]].tolist()
            write_json(kept, counts)
    if not any(counts):
        msg = said(
            "demand.initial_soc: expected trips that come to their end in the warm-up run; found "
            "none. See `planner validate`, or give another source"
        )
        raise InputDataError(msg)
    return _of_counts(np.array(counts, dtype=np.int64))


def _of_counts(n_trips: NDArray[np.int64]) -> pd.DataFrame:
    edges = np.linspace(0.0, 1.0, _N_BINS + 1).round(6)
    columns = (edges[:-1], edges[1:], n_trips)
    return pd.DataFrame(dict(zip(HISTOGRAM_COLUMNS, columns, strict=True)))


def _mean_share(histogram: pd.DataFrame) -> float:
    low, high, n_trips = (histogram[name].to_numpy(dtype=np.float64) for name in HISTOGRAM_COLUMNS)
    return float(np.average((low + high) / 2.0, weights=n_trips))
