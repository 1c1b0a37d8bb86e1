"""How good the front is: hypervolume by method at equal numbers of full evaluations.

A synthetic country stands in for a national study, so that nothing but the package is needed:
corridors of sites with log-normal popularity, four working days with the hour-of-day profile of
German long-haul traffic, trips with one to three HPC breaks and now and then an LPC rest.

Run ``python benchmarks/front_quality.py`` (well under a minute on two cores), or with
``--sites 500 --trips 45000 --seed 2``.
"""

from __future__ import annotations

import argparse
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.comparison import (
    MethodResult,
    compare_methods,
    plain_nsga2,
    quantile_curve,
    separable_curve,
)
from planner.optimization.optimize import seeded_nsga2
from planner.optimization.seeding import start_of_search
from planner.routing.stop_plans import StopKind, StopPlans
from planner.runs.random_streams import RandomStreams
from planner.scenario.model import Optimization
from planner.simulation.charging_demand import ChargingDemand

if TYPE_CHECKING:
    from collections.abc import Iterator

# Percent of departures by hour; none between 21 and 24 h.
HOURLY_DEPARTURES = np.array(
    [
        *(1.6, 4.1, 5.1, 5.9, 6.8, 6.7, 6.9, 6.8, 6.3, 6.8, 7.0),
        *(6.2, 6.0, 5.3, 4.4, 3.9, 2.8, 2.6, 2.4, 1.9, 0.8),
    ]
)
N_DAYS = 4
SITES_PER_CORRIDOR = 12
HPC_KW = 720.0
BREAK_H = 0.75
REST_H = 11.0


def synthetic_demand(n_sites: int, n_trips: int, seed: int) -> ChargingDemand:
    """Charging demand of a synthetic country over four days."""
    rng = RandomStreams(seed).generator("benchmark.synthetic_demand")
    n_corridors = -(-n_sites // SITES_PER_CORRIDOR)
    corridor_weight = rng.lognormal(0.0, 0.8, n_corridors)
    site_weight = rng.lognormal(0.0, 0.6, n_sites)
    hours = HOURLY_DEPARTURES / HOURLY_DEPARTURES.sum()

    n_stops = rng.choice([1, 2, 3], size=n_trips, p=[0.55, 0.33, 0.12])
    offset = np.concatenate([[0], np.cumsum(n_stops)])
    corridor = rng.choice(n_corridors, size=n_trips, p=corridor_weight / corridor_weight.sum())
    stop_corridor = (np.repeat(corridor, n_stops) + np.arange(offset[-1])) % n_corridors
    site = np.empty(offset[-1], dtype=np.int32)
    for c in range(n_corridors):
        on_corridor = np.arange(n_sites)[c::n_corridors]
        weight = site_weight[on_corridor]
        here = np.flatnonzero(stop_corridor == c)
        site[here] = rng.choice(on_corridor, size=len(here), p=weight / weight.sum())

    is_last_of_several = np.zeros(offset[-1], dtype=bool)
    is_last_of_several[offset[1:] - 1] = n_stops > 1
    is_rest = is_last_of_several & (rng.random(offset[-1]) < 0.25)
    energy_kwh = rng.uniform(150.0, 400.0, offset[-1])
    hold_h = np.where(is_rest, REST_H, BREAK_H)
    unknown = np.full(n_trips, np.nan)
    entry_h = (
        24.0 * rng.integers(N_DAYS, size=n_trips)
        + rng.choice(len(hours), size=n_trips, p=hours)
        + rng.random(n_trips)
    )
    plans = StopPlans(
        status=np.zeros(n_trips, np.int8),
        stop_offset=offset,
        entry_h=entry_h,
        arrival_h=unknown,
        first_leg_h=rng.uniform(0.5, 4.5, n_trips),
        distance_km=unknown,
        direct_distance_km=unknown,
        drive_h=unknown,
        n_unplugged_breaks=np.zeros(n_trips, np.int16),
        n_unplugged_rests=np.zeros(n_trips, np.int16),
        entry_soc_share=unknown,
        final_soc_share=unknown,
        stranded_node_idx=np.full(n_trips, -1, np.int32),
        stop_site_idx=site,
        stop_kind=np.where(is_rest, StopKind.LPC_REST, StopKind.HPC_BREAK).astype(np.int8),
        stop_arrival_h=np.full(offset[-1], np.nan),
        stop_plug_h=hold_h,
        stop_hold_h=hold_h,
        stop_energy_kwh=energy_kwh,
        stop_arrival_soc_share=np.full(offset[-1], np.nan),
        stop_next_leg_h=rng.uniform(2.5, 4.5, offset[-1]),
    )
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        horizon_h=24.0 * N_DAYS,
        hpc_kw=HPC_KW,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=350)
    parser.add_argument("--trips", type=int, default=39_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--population", type=int, default=100)
    parser.add_argument("--max-generations", type=int, default=500)
    arguments = parser.parse_args()

    demand = synthetic_demand(arguments.sites, arguments.trips, arguments.seed)
    settings = Optimization(
        population=arguments.population, max_generations=arguments.max_generations
    )
    streams = RandomStreams(arguments.seed)
    start_of_search(demand, settings.population)  # compiles the kernels

    seconds: dict[str, float] = {}
    with timed("start", seconds):
        start = start_of_search(demand, settings.population)
    with timed("seeded NSGA-II", seconds):
        found = seeded_nsga2(start, settings, rng=streams.generator("benchmark.seeded"))
    n_evaluations = found.n_evaluations
    with timed("plain NSGA-II", seconds):
        plain = plain_nsga2(
            start.problem,
            population=settings.population,
            n_evaluations=n_evaluations,
            archive_size=settings.archive_size,
            rng=streams.generator("benchmark.plain"),
        )
    with timed("quantile layouts", seconds):
        quantile = quantile_curve(start, n_evaluations)
    with timed("separable front", seconds):
        separable = separable_curve(start, n_evaluations)

    table = compare_methods(
        [
            quantile,
            separable,
            MethodResult("plain NSGA-II", plain.archive.points, plain.n_evaluations),
            MethodResult("seeded NSGA-II", found.archive.points, n_evaluations),
        ],
        start.problem.space,
    )
    table["seconds"] = table["method"].map(seconds).round(2)
    print(f"{demand.n_sites} sites, {demand.n_stops} sessions")
    print(f"wait tables, separable and corrected front: {seconds['start']:.2f} s")
    print(table.to_string(index=False))
    hypervolumes = found.history["hypervolume"]
    print(
        f"seeded search: {len(hypervolumes)} generations, hypervolume "
        f"{hypervolumes.iloc[0]:.6f} after the first, {hypervolumes.iloc[-1]:.6f} at the end"
    )


@contextmanager
def timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started


if __name__ == "__main__":
    main()
