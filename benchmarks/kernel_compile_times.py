"""Seconds of processor time that each kernel takes to compile, and all kernels of a study.

    python benchmarks/kernel_compile_times.py [KIND ...]

Compiles into a folder of its own; the first rows are what a simpler or better typed kernel would
save a first run.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from tempfile import TemporaryDirectory

from planner.warming.kernels import KINDS, warm_kernels

N_SHOWN = 40


def main(kinds: list[str]) -> None:
    """Print a table in Markdown."""
    with TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        kernels = [each for done in warm_kernels(kinds or KINDS) for each in done]
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for kernel in kernels:
        seconds[kernel.name].append(kernel.own_cpu_s)
    print(f"{len(seconds)} kernels, {sum(map(sum, seconds.values())):.1f} s of processor time\n")
    print("| Kernel | Times compiled | s |\n| --- | ---: | ---: |")
    for name, own in sorted(seconds.items(), key=lambda item: -sum(item[1]))[:N_SHOWN]:
        print(f"| `{name}` | {len(own)} | {sum(own):.2f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
