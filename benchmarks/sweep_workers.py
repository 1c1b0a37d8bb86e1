"""A sweep on 1, 2 and 4 workers of a dask cluster of this machine: how much of them it uses.

Denmark at twelve shares of electric trucks, a run each. As many cores are granted as there are
workers, where the machine has them: a single run would take all cores for its kernels, and one
worker would then be no measure of two. Efficiency is what passes on the clock with one worker on
one core, by what passes with several and the number of their cores. Start and end of the cluster,
and the pages of the sweep, are in it. Kernels are compiled before.

Run: ``python benchmarks/sweep_workers.py [--turns 5]`` (three minutes a turn on two cores that have
nothing else to do; on others the clock says nothing)
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from measured import N_TURNS, Comparison, keep, processor_s
from whole_study import run  # measured whole: nothing is taken from other runs

STUDY = Path(__file__).resolve().parents[1] / "scenarios" / "denmark" / "study.yaml"
SHARES = [n / 50 for n in range(1, 13)]
WORKERS = (1, 2, 4)
AIM = 0.8
SWEEP = f"""\
name: workers
base: {STUDY}
axes:
  demand.electrification_share: {SHARES}
"""


def on_workers(n_workers: int) -> tuple[float, float]:
    """Seconds on the clock and of processor time of the sweep on so many workers."""
    all_cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        sweep = Path(folder, "workers.yaml")
        sweep.write_text(SWEEP, encoding="utf-8")
        os.sched_setaffinity(0, sorted(all_cores)[:n_workers])  # for the processes begun here too
        try:
            begun, used = time.perf_counter(), processor_s()
            run("sweep", sweep, "--workers", n_workers, "--out", Path(folder, "out"))
            return time.perf_counter() - begun, processor_s() - used
        finally:
            os.sched_setaffinity(0, all_cores)


def main() -> None:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=N_TURNS)
    asked = parser.parse_args()
    n_cores = len(os.sched_getaffinity(0))
    found: dict[int, list[tuple[float, float]]] = {n: [] for n in WORKERS}
    for _ in range(asked.turns):
        for n, of_turns in found.items():
            of_turns.append(on_workers(n))
            print(n, of_turns[-1], flush=True)
    comparisons = []
    for n, of_turns in found.items():
        what = f"a sweep of {len(SHARES)} runs on {n} worker{'s' * (n > 1)}"
        cores = min(n, n_cores)
        on = f"denmark at {SHARES[0]:.0%} to {SHARES[-1]:.0%}, {cores} core{'s' * (cores > 1)}"
        clock_s = [clock for clock, _ in of_turns]
        comparisons += [
            Comparison(f"{what}, on the clock", on, clock_s),
            Comparison(f"{what}, processor time", on, [used for _, used in of_turns]),
        ]
        if n > 1:
            efficiency = [
                alone / (cores * several)
                for (alone, _), several in zip(found[1], clock_s, strict=True)
            ]
            comparisons.append(
                Comparison(
                    f"{what}: efficiency",
                    on,
                    efficiency,
                    unit="",
                    better="more",
                    aim=f"at least {AIM}",
                )
            )
    keep("sweep_workers", comparisons)


if __name__ == "__main__":
    main()
