"""The outer fixed point: search the front, let trucks learn its balanced layout, search again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from planner.simulation.queues import ChargerLayout
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.optimization.front import Front
    from planner.optimization.optimize import OptimizationResult
    from planner.routing.stop_plans import StopPlans
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.replanning import ReplanningResult


@dataclass(frozen=True, slots=True)
class Round:
    """A front and the plans it was searched for.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips.
    demand : ChargingDemand
        Their stops as the queues see them.
    """

    plans: StopPlans
    demand: ChargingDemand
    optimization: OptimizationResult


@dataclass(frozen=True, slots=True)
class ReplannedFront:
    """Where the rounds ended.

    Parameters
    ----------
    replanning : ReplanningResult
        How trucks learned in the first round: from plans that know no queues.
    rounds : DataFrame
        A row per search, 0 for the one with the plans as given: round; hypervolume of the front;
        n_hpc, mean_wait_min and tcu_share of its balanced solution; change_share of the
        hypervolume, NaN in the first row.
    """

    last: Round
    replanning: ReplanningResult
    rounds: pd.DataFrame


def balanced_layout(front: Front) -> ChargerLayout:
    """Layout of the balanced solution."""
    return ChargerLayout(front.n_hpc[front.named["balanced"]], front.n_lpc)


def search_replanned_front(
    first: Round,
    *,
    replan: Callable[[StopPlans, ChargerLayout, int], ReplanningResult],
    search: Callable[[StopPlans, int], Round],
    max_rounds: int,
    tolerance: float,
) -> ReplannedFront:
    """Replan on the balanced layout and search again until the front stands still.

    Parameters
    ----------
    first : Round
        Plans that know no queues, and their front.
    replan : callable
        Lets trucks learn a layout: plans, layout and round to what they do then.
    search : callable
        Searches the front: plans and round to the next round's.
    max_rounds : int
        Most searches after the first, >= 1.
    tolerance : float
        The front stands still when its hypervolume changes by less than this share.
    """
    current = first
    rows = [_row(0, first.optimization.front)]
    first_replanning: ReplanningResult | None = None
    for number in range(1, max_rounds + 1):
        layout = balanced_layout(current.optimization.front)
        learned = replan(current.plans, layout, number)
        first_replanning = first_replanning or learned
        current = search(learned.plans, number)
        rows.append(_row(number, current.optimization.front))
        before, after = rows[-2]["hypervolume"], rows[-1]["hypervolume"]
        if abs(after - before) <= tolerance * before:
            break
    if first_replanning is None:
        message = f"max_rounds must be >= 1, found {max_rounds}"
        raise ValueError(message)
    rounds = pd.DataFrame(rows)
    rounds["change_share"] = rounds["hypervolume"].pct_change()
    return ReplannedFront(current, first_replanning, rounds)


def _row(number: int, front: Front) -> dict[str, float | int]:
    balanced = front.named["balanced"]
    return {
        "round": number,
        "hypervolume": float(front.history["hypervolume"].iloc[-1]),
        "n_hpc": int(front.n_hpc[balanced].sum()),
        MEAN_WAIT.name: float(front.scores.mean_wait_min[balanced]),
        "tcu_share": float(front.scores.tcu_share[balanced]),
    }
