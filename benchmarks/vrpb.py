"""How near the dispatcher comes to best-known values of routing with backhauls, beside PyVRP.

Both get the same instance files, seeds and seconds of the processor on one core: the clock that
both ask whether their time is over is that of the processor here. PyVRP has no backhauls: ways that
would lead from a pickup to a delivery, or from the depot straight to a pickup, get a length that no
solution takes. It may leave vehicles unused: ways between customers are taken longer by a constant,
so that every further route saves that much. Its routes are checked as the dispatcher's.

Run ``python benchmarks/vrpb.py --seconds 10 --seeds 1 2`` (40 instances, 27 minutes), or with
``--only A1 F3``. Instances are read from the folder in PLANNER_REFERENCE_DATA.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
from measured import Comparison, keep

from planner.depot.vrpb import search_routes
from planner.depot.vrpb_instance import VrpbInstance, read_vrpb

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("vrpb_goetschalckx", "vrpb_toth_vigo")
SCALE = 100
AT_BEST_PERCENT = 0.005
BARRED = 100_000_000
FURTHER_ROUTE = 2.0
"""What a further route saves, in longest ways: more than it can cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one solver made of one instance with one seed."""

    instance: str
    solver: str
    seed: int
    gap_percent: float
    feasible: bool
    seconds: float


def instances(only: list[str]) -> Iterator[tuple[VrpbInstance, float]]:
    """Instances with their best-known values."""
    data = Path(os.environ.get("PLANNER_REFERENCE_DATA", ROOT.parent / "shared" / "reference"))
    for folder in FOLDERS:
        with (data / folder / "best_known.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if not only or row["instance"] in only:
                    yield (
                        read_vrpb(data / folder / f"{row['instance']}.vrpb"),
                        float(row["bks"]),
                    )


def ours(instance: VrpbInstance, seconds: float, seed: int) -> tuple[float, bool]:
    """Cost and feasibility of the dispatcher's routes."""
    solution = search_routes(instance, seed, seconds=seconds)
    place = {int(number): i for i, number in enumerate(instance.ids)}
    routes = [[place[number] for number in route] for route in solution.routes]
    return check(instance, routes)


def pyvrp(instance: VrpbInstance, seconds: float, seed: int) -> tuple[float, bool]:
    """Cost and feasibility of PyVRP's routes."""
    from pyvrp import Model  # noqa: PLC0415
    from pyvrp.stop import MaxRuntime  # noqa: PLC0415

    model = Model()
    places = [model.add_location(0, 0, name=str(i)) for i in range(len(instance.ids))]
    depot = model.add_depot(places[0])
    for i in range(1, len(places)):
        load = round(instance.demand[i])
        if instance.is_pickup[i]:
            model.add_client(places[i], pickup=load)
        else:
            model.add_client(places[i], delivery=load)
    model.add_vehicle_type(
        instance.n_vehicles, round(instance.capacity), start_depot=depot, end_depot=depot
    )
    for i, start in enumerate(places):
        for j, end in enumerate(places):
            if i == j:
                continue
            wrong = instance.is_pickup[j] and i == 0
            wrong |= instance.is_pickup[i] and not instance.is_pickup[j] and j > 0
            saved = FURTHER_ROUTE * instance.cost.max() if i > 0 and j > 0 else 0.0
            length = BARRED if wrong else round(SCALE * (instance.cost[i, j] + saved))
            model.add_edge(start, end, length)
    result = model.solve(MaxRuntime(seconds), seed=seed, display=False)
    routes = [
        [int(visit.idx) + 1 for visit in route.schedule() if visit.is_client()]
        for route in result.best.routes()
    ]
    return check(instance, routes)


def check(instance: VrpbInstance, routes: list[list[int]]) -> tuple[float, bool]:
    """Cost of routes, and whether they keep every rule of the problem."""
    served = sorted(i for route in routes for i in route)
    feasible = served == list(range(1, len(instance.ids)))
    feasible &= len(routes) == instance.n_vehicles
    cost = 0.0
    for route in routes:
        pickups = instance.is_pickup[route]
        feasible &= not pickups[0] and bool((np.diff(pickups.astype(int)) >= 0).all())
        for kind in (False, True):
            feasible &= instance.demand[route][pickups == kind].sum() <= instance.capacity
        cost += instance.cost[[0, *route], [*route, 0]].sum()
    return cost, feasible


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--only", nargs="*", default=[], metavar="INSTANCE")
    arguments = parser.parse_args()
    solvers = {"planner": ours, "PyVRP": pyvrp}
    outcomes = []
    warm = True
    for instance, best in instances(arguments.only):
        if warm:  # Compiling or loading the kernels is not solving.
            search_routes(instance, 0, n_iterations=2)
            warm = False
        line = f"{instance.name:10}"
        for seed in arguments.seeds:
            for name, solver in solvers.items():
                begin = time.process_time()
                with mock.patch("time.perf_counter", time.process_time):
                    cost, feasible = solver(instance, arguments.seconds, seed)
                passed = time.process_time() - begin
                gap = 100.0 * (cost / best - 1.0)
                outcomes.append(Outcome(instance.name, name, seed, gap, feasible, passed))
                line += f"  {name} {gap:7.3f} %{'' if feasible else ' (breaks a rule)'}"
        print(line, flush=True)
    gaps = {
        name: [o.gap_percent for o in outcomes if o.solver == name and o.feasible]
        for name in solvers
    }
    for name, found in gaps.items():
        reached = sum(gap < AT_BEST_PERCENT for gap in found)
        n_runs = sum(o.solver == name for o in outcomes)
        print(
            f"{name}: {reached} of {n_runs} at the best known, {n_runs - len(found)} break a rule"
        )
    # A mean of each seed is a turn: single instances end at a gap of nothing.
    means = {
        name: [
            float(np.mean([o.gap_percent for o in outcomes if (o.solver, o.seed) == (name, seed)]))
            for seed in arguments.seeds
        ]
        for name in solvers
    }
    keep(
        f"vrpb_{arguments.seconds:g}s",
        [
            Comparison(
                "mean gap to the best known, vehicle routing with backhauls",
                f"{len(outcomes) // len(solvers) // len(arguments.seeds)} instances, "
                f"{arguments.seconds:g} s, a turn a seed",
                means["planner"],
                {"PyVRP": means["PyVRP"]},
                unit="%",
                aim="within 0.1 % of PyVRP",
            )
        ],
    )


if __name__ == "__main__":
    main()
