"""Whole commands, as a user meets them: a country's plan and a market.

Each turn is a new process with kernels that are compiled already; seconds of processor time, and
what passes on the clock.

Run: ``python benchmarks/whole_study.py [--turns 5]`` (seven minutes on two cores that have nothing
else to do; what passes on the clock says nothing on others)
"""

from __future__ import annotations

import argparse
import os
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


def run(*arguments: object) -> None:
    """A command of the planner, in silence unless it fails."""
    command = [str(PLANNER), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


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


def main() -> None:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=N_TURNS)
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
    keep("whole_study", comparisons)


if __name__ == "__main__":
    main()
