"""Which trucks are charged first where not all can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.depot.dispatch import RECHARGE

if TYPE_CHECKING:
    from planner.depot.dispatch import DispatchPlan, DispatchProblem, Tour

_LEAST = 1e-3
"""Weight of a truck that needs its recharge for nothing: some, so that spare energy is used."""


def charging_weights(problem: DispatchProblem, plan: DispatchPlan) -> dict[int, float]:
    """How much a missing kWh weighs, by truck.

    Parameters
    ----------
    plan : DispatchPlan
        Tours whose recharges cannot all be had.

    Returns
    -------
    dict of int to float
        For each truck that recharges: the weights of the stops that it still has to serve, times
        the share of the rest of its tour that its battery does not last for. A truck with much
        left to do and little in its battery comes first.
    """
    return {tour.truck: max(_LEAST, _urgency(problem, tour)) for tour in plan.tours if tour.request}


def _urgency(problem: DispatchProblem, tour: Tour) -> float:
    priority = dict(zip(problem.stop_ids, problem.priority, strict=True))
    at = next(i for i, halt in enumerate(tour.halts) if halt.place == RECHARGE)
    rest = tour.halts[at + 1 :]
    needed_kwh = sum(halt.driven_kwh for halt in rest)
    if needed_kwh <= 0.0:
        return 0.0
    reserve_kwh = problem.trucks[tour.truck].reserve_kwh
    lacking_kwh = max(0.0, needed_kwh + reserve_kwh - tour.halts[at].arrival_kwh)
    open_weight = sum(float(priority[halt.place]) for halt in rest if halt.place in priority)
    return open_weight * min(1.0, lacking_kwh / needed_kwh)
