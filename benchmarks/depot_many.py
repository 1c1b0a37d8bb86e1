"""Many depots over dask: made-up depots with other customers, loads and sun each.

    python benchmarks/depot_many.py --depots 50 --iterations 100

Prints depots per minute with one worker and with all, and checks that both give the same results.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from planner.scenario.bundled import bundled_path
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.sweeping.depot_fleet import run_depot_studies


def made_up_depots(n_depots: int, n_iterations: int, folder: Path) -> dict[str, DepotScenario]:
    """The demo's depot with customers drawn anew around it."""
    stops = pd.read_csv(bundled_path("scenarios/depot-demo/stops.csv"))
    depots = {}
    for number in range(n_depots):
        rng = np.random.default_rng(number)
        drawn = stops.assign(
            latitude=51.28 + rng.uniform(-0.25, 0.25, len(stops)),
            longitude=9.45 + rng.uniform(-0.4, 0.4, len(stops)),
            load=rng.integers(4, 20, len(stops)) * 100,
        )
        path = folder / f"stops-{number}.csv"
        drawn.to_csv(path, index=False)
        changes = [
            f"depot.stops.path={path}",
            f"depot.iterations={n_iterations}",
            f"depot.site.pv.kw_peak={rng.integers(0, 200)}",
            f"depot.month={number % 12 + 1}",
            f"seed={number}",
        ]
        depots[f"depot-{number:03d}"] = load_depot("depot-demo", changes)
    return depots


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Many depots over dask.")
    parser.add_argument("--depots", type=int, default=50)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument(
        "--serial", type=int, default=4, help="depots for the check with one worker"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        depots = made_up_depots(arguments.depots, arguments.iterations, folder)
        begin = time.perf_counter()
        together = run_depot_studies(depots, folder / "together")
        seconds = time.perf_counter() - begin
        print(
            f"{len(depots)} depots, {arguments.iterations} iterations, {os.cpu_count()} workers: "
            f"{seconds:.1f} s, {60 * len(depots) / seconds:.1f} depots a minute"
        )
        few = dict(list(depots.items())[: arguments.serial])
        begin = time.perf_counter()
        alone = run_depot_studies(few, folder / "alone", workers=1)
        seconds = time.perf_counter() - begin
        print(f"one worker: {60 * len(few) / seconds:.1f} depots a minute ({len(few)} depots)")
        print(f"same results: {all(alone[name] == together[name] for name in few)}")
        saved = [
            1.0 - summary["cost_total"] / summary["uncoordinated"]["cost_total"]
            for summary in together.values()
        ]
        print(f"co-optimising saves {100 * np.median(saved):.1f} % of the cost (median)")


if __name__ == "__main__":
    main()
