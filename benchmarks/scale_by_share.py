"""Germany at a growing share of electric trucks: time and memory of the stages of its plan.

``germany-10`` at 1 to 100 % of its long-haul trucks, sites and roads as they are; each share and
turn in a process of its own, shares by turns. Powers are fitted to the medians, over all shares and
from 10 %: what small shares take are the ways between trip ends and sites, whatever the share.

Run: ``python benchmarks/scale_by_share.py [--turns 5] [--shares 0.01 0.1 1]``
"""

from __future__ import annotations

import argparse
import statistics

from measured import N_TURNS, Comparison, keep
from plan_stages import Row, exponent, in_own_process

STUDY = "germany-10"
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.627, 1.0)
"""The last but one is 700,000 trips."""
LARGE = 0.1
STAGES = {
    "stops_cpu_s": ("plan the stops", "s"),
    "start_of_search_cpu_s": ("start the search", "s"),
    "generation_cpu_s": ("simulate a generation of 100 layouts", "s"),
    "stops_peak_mb": ("peak memory with the stops", "MB"),
    "peak_mb": ("peak memory with a generation", "MB"),
}


def main() -> None:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=N_TURNS)
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    asked = parser.parse_args()
    turns: dict[float, list[Row]] = {share: [] for share in asked.shares}
    for _ in range(asked.turns):
        for share, rows in turns.items():
            rows.append(in_own_process(STUDY, [f"demand.electrification_share={share}"]))
            print(share, rows[-1], flush=True)
    medians = {
        share: {name: statistics.median(row[name] for row in rows) for name in rows[0]}
        for share, rows in turns.items()
    }
    comparisons = [
        Comparison(
            what,
            f"{STUDY} at {share:.0%}, {rows[0]['trips']:,} trips",
            [row[name] for row in rows],
            unit=unit,
        )
        for name, (what, unit) in STAGES.items()
        for share, rows in turns.items()
    ]
    for name, (what, _) in STAGES.items():
        for text, least in (("all shares", 0.0), (f"shares from {LARGE:.0%}", LARGE)):
            rows = [row for share, row in medians.items() if share >= least]
            if len(rows) > 1:
                power = exponent(rows, name)
                comparisons.append(
                    Comparison(
                        f"{what}: power of the trips that it grows with",
                        f"{STUDY}, {text}",
                        [power],
                        unit="",
                        aim="at most 1",
                    )
                )
    keep("scale_by_share", comparisons)


if __name__ == "__main__":
    main()
