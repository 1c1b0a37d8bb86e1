"""Whole commands, as a user meets them: a country's plan and a market.

Each turn is a new process with kernels that are compiled already; seconds of processor time, and
what passes on the clock. The plan is that of one truck in ten, also where its kernels are compiled
first, and of 700,000 trips, with the memory that its processes take at most.

Run: ``python benchmarks/whole_study.py [--turns 5]`` (a quarter of an hour on two cores that have
nothing else to do; what passes on the clock says nothing on others)
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from measured import N_TURNS, Comparison, keep, seconds

# Every run is measured whole, whatever runs beside it have computed.
os.environ["PLANNER_REUSE"] = "0"

COMPILED, COMPILED_FIRST = "kernels compiled", "kernels compiled first"
MANY = "demand.electrification_share=0.627"
"""About 700,000 trips."""

PLANNER = Path(sys.executable).with_name("planner")


def run(*arguments: object, kernels: Path | None = None) -> None:
    """A command of the planner, in silence unless it fails; with the kernels kept in a folder."""
    command = [str(PLANNER), *map(str, arguments)]
    kept = {} if kernels is None else {"NUMBA_CACHE_DIR": str(kernels)}
    done = subprocess.run(  # noqa: S603
        command, check=False, capture_output=True, text=True, env=os.environ | kept
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def turns(
    n_turns: int, *arguments: object, is_first: bool = False
) -> tuple[list[float], list[float]]:
    """Seconds of processor time and on the clock of a command that writes a folder, each turn.

    Parameters
    ----------
    is_first : bool
        Whether each turn compiles its kernels.
    """
    processor, clock = [], []
    for _ in range(n_turns):
        with tempfile.TemporaryDirectory() as folder:
            kernels = Path(folder, "kernels") if is_first else None
            command = partial(run, *arguments, "--out", f"{folder}/run", kernels=kernels)
            begun = time.perf_counter()
            processor.append(seconds(command))
            clock.append(time.perf_counter() - begun)
    return processor, clock


def main() -> None:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=N_TURNS)
    asked = parser.parse_args()
    comparisons = []
    # The largest last: the memory of all processes that have ended is that of the largest.
    germany = ("run", "germany-10")
    many = "planner run germany-10, 700,000 trips"
    for what, arguments, on, aim in (
        ("planner market odeshog-market", ("market", "odeshog-market"), COMPILED, ""),
        ("planner run germany-10", germany, COMPILED, "at most 15 s"),
        ("planner run germany-10", germany, COMPILED_FIRST, "at most 40 s"),
        (many, (*germany, "--set", MANY), COMPILED, "at most 90 s"),
    ):
        processor_s, clock_s = turns(asked.turns, *arguments, is_first=on == COMPILED_FIRST)
        comparisons += [
            Comparison(what, f"{on}, processor time", processor_s),
            Comparison(what, f"{on}, on the clock", clock_s, aim=aim),
        ]
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    comparisons.append(
        Comparison(many, "its largest process", [peak_mb], unit="MB", aim="at most 2,000 MB")
    )
    keep("whole_study", comparisons)


if __name__ == "__main__":
    main()
