"""Processor seconds and peak memory of the stages of a plan, from reading to a generation.

Each plan that is measured runs in a process of its own, so that its peak memory is its own; kernels
are compiled before.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.seeding import start_of_search
from planner.plan.cluster_stops import ClusterWorkers
from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.routing.partitions import one_after_another
from planner.scenario.load import load_scenario
from planner.simulation.queues import evaluate_layouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = dict[str, float]
POPULATION = 100
"""Layouts that a generation of the search simulates."""


def in_own_process(study: str, overrides: Sequence[str] = (), cluster: str = "") -> Row:
    """Figures of a study, measured in a process of its own.

    Parameters
    ----------
    study : str
        Name or path, as ``planner run`` takes it.
    overrides : sequence of str
        ``key=value`` as ``planner run --set`` takes them.
    cluster : str
        ``local``, or the address of a dask scheduler: its time and memory are not counted. None by
        default.
    """
    asked = json.dumps([study, [*overrides], cluster])
    command = [sys.executable, __file__, asked]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    row: Row = json.loads(done.stdout)
    return row


def measured(study: str, overrides: Sequence[str], cluster: str) -> Row:
    """Figures of each stage of a plan, by name."""
    row: Row = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        before = process_time()
        yield
        row[f"{name}_cpu_s"] = round(process_time() - before, 2)
        row[f"{name}_peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)

    scenario = load_scenario(study, overrides)
    with stage("reading"):
        inputs = read_inputs(scenario)
    row = {"trips": inputs.trips.n_trips, "sites": inputs.sites.n_sites} | row
    workers = ClusterWorkers(cluster) if cluster else one_after_another
    with TemporaryDirectory() as folder:
        with stage("stops"):
            plans = plan_trips(scenario, inputs, folder=Path(folder), workers=workers)
        files = Path(folder).glob("*.parquet")
        row["parquet_mb"] = round(sum(file.stat().st_size for file in files) / 1e6)
    row["stops"] = plans.n_stops
    row["unserved"] = int((~plans.is_served).sum())
    classes = inputs.trips.vehicle_class_idx
    with stage("queues"):
        demand = charging_demand(scenario, classes, plans, inputs.sites.n_sites)
    with stage("start_of_search"):
        start = start_of_search(demand, POPULATION)
    with stage("generation"):
        layouts = np.resize(start.seed_n_hpc, (POPULATION, demand.n_sites))
        evaluate_layouts(demand, layouts, start.unlimited.n_lpc)
    row["peak_mb"] = row["generation_peak_mb"]
    return row


def exponent(rows: Sequence[Row], name: str) -> float:
    """Slope of a figure over trips, both as logarithms."""
    trips, values = (np.log([row[key] for row in rows]) for key in ("trips", name))
    return float(np.polyfit(trips, values, 1)[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(*json.loads(sys.argv[1]))))
