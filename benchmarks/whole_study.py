"""Whole commands, as a user meets them: a country's plan, a market, a sweep on 1, 2 and 4 workers.

Each turn is a new process with kernels that are compiled already; seconds of processor time, and
for the sweep also what passes on the clock: its efficiency is the seconds on one worker by those on
several and their number, which more workers than cores cannot keep.

Run: ``python benchmarks/whole_study.py [--turns 5] [--without-sweep]`` (half an hour on two cores
that have nothing else to do; what passes on the clock says nothing on others)
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from measured import N_TURNS, Comparison, keep, seconds

# Every run is measured whole, whatever runs beside it have computed.
os.environ["PLANNER_REUSE"] = "0"

PLANNER = Path(sys.executable).with_name("planner")
SWEEP = """\
name: workers
base: germany-10.yaml
axes:
  demand.electrification_share: [0.01, 0.02]
  sites.network: [policy, extended]
replications: 2
"""
WORKERS = (1, 2, 4)


def run(*arguments: object) -> None:
    """A command of the planner, in silence."""
    subprocess.run([PLANNER, *map(str, arguments)], check=True, capture_output=True)  # noqa: S603


def turns(n_turns: int, *arguments: object) -> tuple[list[float], list[float]]:
    """Seconds of processor time and on the clock of a command that writes a folder, each turn."""
    processor, clock = [], []
    for _ in range(n_turns):
        with tempfile.TemporaryDirectory() as folder:
            command = partial(run, *arguments, "--out", f"{folder}/run")
            begun = time.perf_counter()
            processor.append(seconds(command))
            clock.append(time.perf_counter() - begun)
    return processor, clock


def sweep_comparisons(folder: Path, n_turns: int) -> list[Comparison]:
    """The same sweep on one worker and on several."""
    sweep = folder / "workers.yaml"
    sweep.write_text(SWEEP, encoding="utf-8")
    clock_s: dict[int, list[float]] = {n: [] for n in WORKERS}
    for _ in range(n_turns):
        for n in WORKERS:
            out = folder / f"on-{n}"
            begun = time.perf_counter()
            run("sweep", sweep, "--workers", n, "--out", out)
            clock_s[n].append(time.perf_counter() - begun)
            shutil.rmtree(out)
    return [
        Comparison(
            f"a sweep of 8 runs on {n} workers, on the clock",
            f"germany at 1 and 2 %, {os.cpu_count()} cores",
            clock_s[n],
            {"one worker": clock_s[1]},
            aim=f"{n} times" if n <= (os.cpu_count() or 1) else "",
        )
        for n in WORKERS[1:]
    ]


def main() -> None:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=N_TURNS)
    parser.add_argument("--without-sweep", action="store_true")
    asked = parser.parse_args()
    comparisons = []
    for what, arguments in (
        ("planner run germany-10", ("run", "germany-10")),
        ("planner market odeshog-market", ("market", "odeshog-market")),
    ):
        processor_s, clock_s = turns(asked.turns, *arguments)
        comparisons += [
            Comparison(what, "kernels compiled, processor time", processor_s),
            Comparison(what, "kernels compiled, on the clock", clock_s),
        ]
    if not asked.without_sweep:
        with tempfile.TemporaryDirectory() as folder:
            comparisons += sweep_comparisons(Path(folder), asked.turns)
    keep("whole_study", comparisons)


if __name__ == "__main__":
    main()
