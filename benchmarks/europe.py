"""A synthetic continent: 30 countries, about 5,000 sites, as many trips as asked, on one machine.

The roads are the light European network that comes with the planner; the trips are those of its
gravity model, their volumes scaled to the number asked for. Each size runs in a process of its own,
from reading to a generation of the search, so that peak memory is its own; processor time is told
per stage.
``--rule`` plans stops by the rule `break-first`, which takes a small part of the time of the exact
planner and as much memory: with it sizes are measured for which the exact planner takes hours.

Run ``python benchmarks/europe.py --trips 2e5 5e5 1e6 --rule`` and
``python benchmarks/europe.py --trips 1e4 2e4 4e4``. With ``--cluster local`` stops are planned by
processes, whose time and memory are not in the table.
"""

from __future__ import annotations

import argparse
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
import pandas as pd

from planner.optimization.seeding import start_of_search
from planner.plan.cluster_stops import ClusterWorkers
from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.routing.partitions import one_after_another
from planner.scenario.load import load_scenario
from planner.studies.country_study import CountryRequest, write_country_study

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTRIES = (
    *("AT", "BA", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK"),
)
SPACING_KM = 17.3
FOLDER = Path("outputs/bench/europe")
POPULATION = 100
"""Layouts that a generation of the search simulates."""


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trips", type=float, nargs="+", default=[1e4, 2e4, 4e4])
    parser.add_argument("--rule", action="store_true", help="plan stops by the rule break-first")
    parser.add_argument("--cluster", help="local, or the address of a dask scheduler")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.in_this_process:
        sys.stdout.write(
            json.dumps(measured(asked.trips[0], by_rule=asked.rule, cluster=asked.cluster))
        )
        return
    write_continent()
    options = [*(["--rule"] if asked.rule else [])]
    options += ["--cluster", asked.cluster] if asked.cluster else []
    rows = []
    for n_trips in asked.trips:
        command = [sys.executable, __file__, "--in-this-process", "--trips", str(n_trips), *options]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        rows.append(json.loads(done.stdout))
        print(pd.DataFrame(rows[-1:]).to_string(index=False), flush=True)
    print(pd.DataFrame(rows).to_markdown(index=False))
    if len(rows) > 1:
        # Between the largest two: what small sizes take is the ways between the sites.
        for name in ("stops_cpu_s", "generation_cpu_s", "peak_mb"):
            print(f"{name} grows with trips to the power {exponent(rows[-2:], name):.2f}")


def write_continent() -> None:
    """The study, written once."""
    if not (FOLDER / "study.yaml").exists():
        write_country_study(CountryRequest(COUNTRIES, 1.0, spacing_km=SPACING_KM), FOLDER)


def measured(n_trips: float, *, by_rule: bool, cluster: str | None) -> dict[str, float]:
    """Processor seconds and peak memory of each stage at a number of trips."""
    row: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        before = process_time()
        yield
        row[f"{name}_cpu_s"] = round(process_time() - before, 1)
        row[f"{name}_peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)

    overrides = ["driver_behaviour=break-first"] if by_rule else []
    with TemporaryDirectory(dir=FOLDER) as folder:
        cache = Path(folder)
        study = scaled_study(n_trips, cache)
        scenario = load_scenario(study, overrides)
        with stage("reading"):
            inputs = read_inputs(scenario)
        row = {"trips": inputs.trips.n_trips, "sites": inputs.sites.n_sites} | row
        workers = ClusterWorkers(cluster) if cluster else one_after_another
        with stage("stops"):
            plans = plan_trips(scenario, inputs, folder=cache, workers=workers)
        row["stops"] = plans.n_stops
        row["unserved"] = int((~plans.is_served).sum())
        row["parquet_mb"] = round(sum(f.stat().st_size for f in cache.glob("*.parquet")) / 1e6)
    classes = inputs.trips.vehicle_class_idx
    with stage("queues"):
        demand = charging_demand(scenario, classes, plans, inputs.sites.n_sites)
    with stage("start_of_search"):
        start = start_of_search(demand, POPULATION)
    with stage("generation"):
        start.problem.evaluated(np.resize(start.seed_n_hpc, (POPULATION, demand.n_sites)))
    row["peak_mb"] = row["generation_peak_mb"]
    return row


def scaled_study(n_trips: float, folder: Path) -> Path:
    """The study with volumes that make about so many trips, days before the horizon included."""
    n_at_first = FOLDER / "n_trips.txt"
    if not n_at_first.exists():
        inputs = read_inputs(load_scenario(FOLDER / "study.yaml", []))
        n_at_first.write_text(str(inputs.trips.n_trips))
    flows = pd.read_csv(FOLDER / "trucks.csv")
    flows["trucks_per_year"] *= n_trips / int(n_at_first.read_text())
    for name in ("zones.csv", "nodes.csv", "arcs.csv", "study.yaml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    flows.to_csv(folder / "trucks.csv", index=False)
    return folder / "study.yaml"


def exponent(rows: list[dict[str, float]], name: str) -> float:
    """Slope of a figure over trips, both as logarithms."""
    trips, values = (np.log([row[key] for row in rows]) for key in ("trips", name))
    return float(np.polyfit(trips, values, 1)[0])


if __name__ == "__main__":
    main()
