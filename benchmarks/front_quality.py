"""Seconds until a search has nearly all of its front, beside plain NSGA-II of pymoo.

Protocol: the built-in Germany at 10 % electric trucks, queues in full, five seeds of the search,
processor seconds with those of making the start, without reading and compiling; one thread. A
search has arrived when its archive reaches 99 % of the hypervolume that the planner's ends with.
Plain NSGA-II starts at random with pymoo's usual operators and may simulate five times as many
layouts; where it never arrives the seconds of all its layouts count, so that the ratio is too
small rather than too large.

Run ``python benchmarks/front_quality.py`` (a quarter of an hour), or with ``--evaluations 500``.
"""

from __future__ import annotations

import argparse

import numba
from algorithm_sensitivity import CASES, PLAIN, SEEDED, Case, searched
from measured import N_TURNS, Comparison, keep

SHARE_OF_FINAL = 0.99
MORE_OF_PLAIN = 5


def main() -> None:
    """Search by turns, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=2_000)
    n_evaluations = parser.parse_args().evaluations
    numba.set_num_threads(1)
    case = Case(CASES["open"])
    ours_s, plain_s, final, reached = [], [], [], []
    for seed in range(1, N_TURNS + 1):
        ours = searched(case, SEEDED, seed, n_evaluations)
        plain = searched(case, PLAIN, seed, MORE_OF_PLAIN * n_evaluations)
        wanted = SHARE_OF_FINAL * ours["hypervolume"].iloc[-1]
        ours_s.append(float(ours["seconds"][ours["hypervolume"] >= wanted].iloc[0]))
        there = plain["seconds"][plain["hypervolume"] >= wanted]
        plain_s.append(float(there.iloc[0] if len(there) else plain["seconds"].iloc[-1]))
        final.append(float(ours["hypervolume"].iloc[-1]))
        reached.append(float(plain["hypervolume"].iloc[-1]))
    on = f"germany-10, {n_evaluations:,} layouts, plain up to {MORE_OF_PLAIN * n_evaluations:,}"
    keep(
        "front_quality",
        [
            Comparison(
                "seconds to 99 % of the final hypervolume", on, ours_s, {"plain NSGA-II": plain_s}
            ),
            Comparison(
                "hypervolume at the end",
                on,
                final,
                {"plain NSGA-II": reached},
                unit="of 1",
                better="more",
            ),
        ],
    )


if __name__ == "__main__":
    main()
