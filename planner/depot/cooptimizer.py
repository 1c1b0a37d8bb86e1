"""Tours and charging planned together, and the two ways of planning them that are held against it.

Co-optimised: the dispatcher's search asks the microgrid what each set of recharges costs.
Dispatch first: tours of the least energy; then charging within the windows that they leave.
Uncoordinated: the same tours; trucks charge as they come, and the storage does not know of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.depot.baselines import charge_on_arrival
from planner.depot.depot_stages import DepotStages
from planner.depot.dispatch_plan import retimed
from planner.depot.dispatch_search import dispatch
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import STEP_MIN
from planner.depot.shortage import charging_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.depot.dispatch import DispatchPlan, DispatchProblem
    from planner.depot.microgrid_site import MicrogridPlan, MicrogridSite

COORDINATIONS = ("co-optimised", "dispatch_first", "uncoordinated")


@dataclass(frozen=True, slots=True)
class DepotDay:
    """A day of a depot, planned in one of the three ways.

    Parameters
    ----------
    coordination : str
        ``"co-optimised"``, ``"dispatch_first"`` or ``"uncoordinated"``.
    """

    coordination: str
    dispatch: DispatchPlan
    power: MicrogridPlan

    @property
    def cost_energy(self) -> float:
        """Energy from the grid less that fed in, and the energy that trucks leave with."""
        return self.power.energy_cost + self.dispatch.initial_cost

    @property
    def cost_demand(self) -> float:
        """Demand beyond that so far."""
        return self.power.demand_cost

    @property
    def cost_operation(self) -> float:
        """Driving apart from energy, trucks used, wear of the storage, unserved stops."""
        return self.dispatch.driving_cost + self.power.wear_cost + self.dispatch.leave_cost

    @property
    def cost_total(self) -> float:
        """All costs together."""
        return self.cost_energy + self.cost_demand + self.cost_operation

    @property
    def n_recharges(self) -> int:
        """Trucks that recharge on the way."""
        return len(self.dispatch.requests)


@dataclass(frozen=True, slots=True)
class DepotComparison:
    """A day planned in all three ways."""

    co_optimised: DepotDay
    dispatch_first: DepotDay
    uncoordinated: DepotDay

    def of(self, coordination: str) -> DepotDay:
        """The day of one way of planning."""
        days = (self.co_optimised, self.dispatch_first, self.uncoordinated)
        return next(day for day in days if day.coordination == coordination)


def plan_depot(
    problem: DispatchProblem,
    site: MicrogridSite,
    seed: int,
    *,
    n_iterations: int,
    advance: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
) -> DepotComparison:
    """Plan a day in all three ways.

    Parameters
    ----------
    seed : int
        Seed, >= 0.
    n_iterations : int
        Iterations of each search for tours.
    advance : callable, optional
        Told how far the work is.
    cache : pathlib.Path, optional
        Folder in which both searches and the power flows are kept for a run that is taken up again.

    Returns
    -------
    DepotComparison
        The co-optimised day never costs more than the one dispatched first, as that is one of its
        candidates. Where tours that were planned without the microgrid ask more of it than it has,
        the trucks with the most to do and the least in their batteries are charged first, and what
        the others miss is told.

    Raises
    ------
    InputDataError
        If the site cannot supply its building.
    """
    stages = DepotStages(cache)
    halves = _Halves(advance, n_iterations)
    plain = stages.tours(
        "plain",
        lambda: dispatch(problem, seed, n_iterations=n_iterations, advance=halves.first),
    )
    # What the solver answers may depend on what it was asked before: every stage asks one of its
    # own, so that it finds the same whichever stages were kept.
    together = stages.tours(
        "co-optimised",
        lambda: dispatch(
            problem,
            seed,
            n_iterations=n_iterations,
            charging=Microgrid(site).cost,
            advance=halves.second,
        ),
    )
    first = _charged(problem, plain, site, "dispatch_first", stages)
    best = _charged(problem, together, site, "co-optimised", stages)
    weight = dict(zip(problem.stop_ids, problem.priority.tolist(), strict=True))
    if not _is_better(best, first, weight):
        best = replace(first, coordination="co-optimised")
    alone = stages.power("no-trucks", site, (), lambda: Microgrid(site).solve(()))
    as_they_come = charge_on_arrival(alone, plain.requests)
    return DepotComparison(best, first, _timed(problem, plain, as_they_come, "uncoordinated"))


def _charged(
    problem: DispatchProblem,
    plan: DispatchPlan,
    site: MicrogridSite,
    coordination: str,
    stages: DepotStages,
) -> DepotDay:
    """A plan with the charging that costs least for it; where it falls short, by urgency."""

    def solve() -> MicrogridPlan:
        microgrid = Microgrid(site)
        if math.isinf(microgrid.cost(plan.requests)):
            return microgrid.solve_short(plan.requests, charging_weights(problem, plan))
        return microgrid.solve(plan.requests)

    power = stages.power(coordination, site, plan.requests, solve)
    return _timed(problem, plan, power, coordination)


def _timed(
    problem: DispatchProblem, plan: DispatchPlan, power: MicrogridPlan, coordination: str
) -> DepotDay:
    """A day whose trucks leave the charging point when they have been charged."""
    end_min = {}
    for request, kw in zip(power.requests, power.truck_kw, strict=True):
        steps = kw.nonzero()[0]
        if len(steps):
            last = int(steps[-1])
            limit = power.site.truck_limit_kw(request.truck)
            full_kw_min = STEP_MIN * kw[last] / limit
            begin = max(STEP_MIN * last, request.start_min)
            end_min[request.truck] = min(begin + full_kw_min, request.end_min)
    return DepotDay(coordination, retimed(problem, plan, end_min), power)


def _is_better(day: DepotDay, other: DepotDay, weight: dict[str, float]) -> bool:
    """Whether a day gives trucks what they need, or serves more, or as much at less cost."""
    merits = [
        (
            round(float(one.power.missing_kwh.sum()), 3),
            sum(weight[stop.stop_id] for stop in one.dispatch.unserved),
            one.cost_total,
        )
        for one in (day, other)
    ]
    return merits[0] <= merits[1]


class _Halves:
    """Tells of two searches as of one piece of work."""

    def __init__(self, advance: Callable[[int, int], None] | None, n_iterations: int) -> None:
        self._advance = advance
        self._n = n_iterations

    def first(self, done: int, total: int) -> None:
        if self._advance is not None:
            self._advance(done, total + self._n)

    def second(self, done: int, total: int) -> None:
        if self._advance is not None:
            self._advance(self._n + done, total + self._n)
