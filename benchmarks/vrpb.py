"""How near the dispatcher comes to best-known values of routing with backhauls, beside PyVRP.

All get the same instance files, seeds and seconds of the processor on one core: the clock that they
ask whether their time is over is that of the processor here. The planner stands there twice: with
the search that `planner depot --vrpb` solves instances by, and with the one that depots with
batteries and windows are planned by. PyVRP has no backhauls: ways that
would lead from a pickup to a delivery, or from the depot straight to a pickup, get a length that no
solution takes. It may leave vehicles unused: ways between customers are taken longer by a constant,
so that every further route saves that much. Its routes are checked as the dispatcher's.

Run ``python benchmarks/vrpb.py --seconds 10 --seeds 1 2`` (40 instances, 40 minutes), or with
``--only A1 F3``. Instances are read from the folder in PLANNER_REFERENCE_DATA, and with ``--more``
from further ones with a best_known.csv each.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
from measured import Comparison, keep

from planner.depot.vrpb import VrpbSolution, search_as_depots_do, search_routes
from planner.depot.vrpb_instance import VrpbInstance, read_vrpb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("vrpb_goetschalckx", "vrpb_toth_vigo")
AUTHORS = {
    "vrpb_goetschalckx": "of Goetschalckx and Jacobs-Blecha",
    "vrpb_toth_vigo": "of Toth and Vigo",
}
OURS, AS_DEPOTS, PEER = "planner", "as depots", "PyVRP"
SCALE = 100
AT_BEST_PERCENT = 0.005
BARRED = 100_000_000
FURTHER_ROUTE = 2.0
"""What a further route saves, in longest ways: more than it can cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one solver made of one instance with one seed."""

    folder: str
    instance: str
    solver: str
    seed: int
    gap_percent: float
    feasible: bool
    seconds: float


def instances(
    only: list[str], folders: Sequence[Path]
) -> Iterator[tuple[str, VrpbInstance, float]]:
    """Instances with the names of their folders and their best-known values."""
    for folder in folders:
        with (folder / "best_known.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if not only or row["instance"] in only:
                    instance = read_vrpb(folder / f"{row['instance']}.vrpb")
                    yield folder.name, instance, float(row["bks"])


def ours(instance: VrpbInstance, seconds: float, seed: int) -> tuple[float, bool]:
    """Cost and feasibility of the routes of `planner depot --vrpb`."""
    return checked(instance, search_routes(instance, seed, seconds=seconds))


def as_depots(instance: VrpbInstance, seconds: float, seed: int) -> tuple[float, bool]:
    """Cost and feasibility of the routes of the search that depots are planned by."""
    return checked(instance, search_as_depots_do(instance, seed, seconds=seconds))


def checked(instance: VrpbInstance, solution: VrpbSolution) -> tuple[float, bool]:
    """Cost of a solution, and whether it keeps every rule."""
    place = {int(number): i for i, number in enumerate(instance.ids)}
    return check(instance, [[place[number] for number in route] for route in solution.routes])


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


SOLVERS: dict[str, Callable[[VrpbInstance, float, int], tuple[float, bool]]] = {
    OURS: ours,
    AS_DEPOTS: as_depots,
    PEER: pyvrp,
}


def solve(
    folder: str,
    instance: VrpbInstance,
    best: float,
    seconds: float,
    seed: int,
    solvers: Sequence[str],
) -> list[Outcome]:
    """What each solver makes of an instance."""
    outcomes = []
    for name in solvers:
        solver = SOLVERS[name]
        begin = time.process_time()
        with mock.patch("time.perf_counter", time.process_time):
            cost, feasible = solver(instance, seconds, seed)
        passed = time.process_time() - begin
        gap = 100.0 * (cost / best - 1.0)
        outcomes.append(Outcome(folder, instance.name, name, seed, gap, feasible, passed))
    return outcomes


def comparisons(outcomes: list[Outcome], seconds: float) -> list[Comparison]:
    """Lines of the results: a mean of each seed is a turn, as single instances end at no gap."""
    solvers = {outcome.solver for outcome in outcomes}
    seeds = sorted({outcome.seed for outcome in outcomes})
    means = {
        name: [
            float(np.mean([o.gap_percent for o in outcomes if (o.solver, o.seed) == (name, seed)]))
            for seed in seeds
        ]
        for name in solvers
    }
    found = {(outcome.folder, outcome.instance) for outcome in outcomes}
    counts = Counter(folder for folder, _ in found)
    sets = (f"{counts[name]} {AUTHORS.get(name, name)}" for name in sorted(counts))
    on = f"{len(found)} instances ({', '.join(sets)}), {seconds:g} s, a turn a seed"
    what = "mean gap to the best known, vehicle routing with backhauls"
    peer = {PEER: means[PEER]}
    lines = [Comparison(what, on, means[OURS], peer, unit="%", aim="at least 1")]
    if AS_DEPOTS in solvers:
        by_depots = f"{what}, by the search of depots"
        lines.append(Comparison(by_depots, on, means[AS_DEPOTS], peer, unit="%"))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--only", nargs="*", default=[], metavar="INSTANCE")
    parser.add_argument("--without-depots", action="store_true", help="not the search of depots")
    parser.add_argument("--more", nargs="*", default=[], type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    solvers = [name for name in SOLVERS if name != AS_DEPOTS or not arguments.without_depots]
    data = Path(os.environ.get("PLANNER_REFERENCE_DATA", ROOT.parent / "shared" / "reference"))
    folders = [data / folder for folder in FOLDERS] + arguments.more
    outcomes: list[Outcome] = []
    for folder, instance, best in instances(arguments.only, folders):
        if not outcomes:  # Compiling or loading the kernels is not solving.
            search_routes(instance, 0, n_iterations=2)
            search_as_depots_do(instance, 0, n_iterations=2)
        for seed in arguments.seeds:
            outcomes += solve(folder, instance, best, arguments.seconds, seed, solvers)
        told = "".join(
            f"  {o.solver} {o.gap_percent:7.3f} %{'' if o.feasible else ' (breaks a rule)'}"
            for o in outcomes
            if o.instance == instance.name
        )
        print(f"{instance.name:10}{told}", flush=True)
    for name in solvers:
        of_it = [outcome for outcome in outcomes if outcome.solver == name]
        gaps = [outcome.gap_percent for outcome in of_it if outcome.feasible]
        reached = sum(gap < AT_BEST_PERCENT for gap in gaps)
        print(
            f"{name}: {reached} of {len(of_it)} at the best known, "
            f"{len(of_it) - len(gaps)} break a rule"
        )
    keep(f"vrpb_{arguments.seconds:g}s", comparisons(outcomes, arguments.seconds))


if __name__ == "__main__":
    main()
