"""What a search aims at: named objectives of a layout, and the space that those of a study span.

A new objective is one entry of :data:`OBJECTIVES` and the function that computes it. Everything
else (archive, search, comparison of methods, tables, pages) goes through the names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.costs.layout_costs import load_of_layouts
from planner.errors import ScenarioError
from planner.optimization.pareto import hypervolume
from planner.said import meant
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.layout_quantities import (
    LOGISTICS_COST,
    MEAN_WAIT,
    N_HPC,
    OPERATOR_COST,
    P95_WAIT,
    SYSTEM_COST,
    TCU,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planner.costs.layout_costs import LayoutCosts, Prices
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import LayoutScores
    from planner.tables.table import Quantity


@dataclass(frozen=True)
class EvaluatedLayouts:
    """Layouts with what the full simulation says of each.

    Parameters
    ----------
    n_hpc : (n_layouts, n_sites) int32
        HPC points.
    n_lpc : (n_sites,) int32
        LPC points, the same for all layouts.
    scores : LayoutScores
        Sums over all trucks, arrays (n_layouts,).
    prices : Prices, optional
        What objectives of cost are computed with.
    """

    demand: ChargingDemand
    n_hpc: NDArray[np.int32]
    n_lpc: NDArray[np.int32]
    scores: LayoutScores
    prices: Prices | None = None

    @cached_property
    def costs(self) -> LayoutCosts:
        """Their costs; each layout is simulated once more, for the peaks of its sites.

        Raises
        ------
        ValueError
            Without prices.
        """
        if self.prices is None:
            msg = "objectives of cost need prices"
            raise ValueError(msg)
        return self.prices.of_layouts(load_of_layouts(self.demand, self.n_hpc, self.n_lpc))


@dataclass(frozen=True, slots=True)
class Objective:
    """A figure of a layout that a search makes as small or as large as it can.

    Parameters
    ----------
    quantity : Quantity
        What it is called, its unit and meaning; its name is the objective's.
    direction : {"min", "max"}
        Which way is better.
    ideal : float
        The best that can be thought of: there the hypervolume is 1.
    worst : float
        What no one would accept, where the hypervolume begins to count. Layouts beyond it are
        infeasible. Where already the layout with the most points is at more than half of it, it
        is twice that layout's value instead (objectives to minimise only).
    values : callable
        Value of each of some layouts, (n_layouts,) float64.
    is_separable : bool
        Whether it is a sum over sites, or a function of the total points, once arrivals are held
        fixed. Of such objectives the separable front is exact; others it leaves to the search.
    spans_orders : bool
        Whether its values run over orders of magnitude, so that a front is thinned on their
        logarithm.
    """

    quantity: Quantity
    direction: Literal["min", "max"]
    ideal: float
    worst: float
    values: Callable[[EvaluatedLayouts], NDArray[np.float64]]
    is_separable: bool
    spans_orders: bool = False

    @property
    def name(self) -> str:
        """Name in scenarios and tables."""
        return self.quantity.name

    @property
    def sign(self) -> float:
        """What its values are multiplied with so that less is better."""
        return 1.0 if self.direction == "min" else -1.0

    def reference(self, at_most_points: float) -> float:
        """Where the hypervolume begins to count, given the value with the most points."""
        if self.direction == "max":
            return self.worst
        return max(self.worst, 2.0 * at_most_points)


def _mean_wait_min(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return layouts.scores.mean_wait_min


def _tcu(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return layouts.scores.tcu_share


def _n_hpc(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return np.asarray(layouts.n_hpc.sum(axis=1), np.float64)


def _p95_wait_min(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    """Asks for the waits of single trucks: each layout is simulated once more, with its traces."""
    points = [ChargerLayout(n_hpc, layouts.n_lpc) for n_hpc in layouts.n_hpc]
    runs = [simulate(layouts.demand, layout) for layout in points]
    figures = [layout_figures(layouts.demand, *each) for each in zip(runs, points, strict=True)]
    return np.array([each.p95_wait_min for each in figures])


def _operator_cost_eur_kwh(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return layouts.costs.operator_cost_eur_kwh


def _logistics_cost_eur_trip(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return layouts.costs.logistics_cost_eur_trip


def _system_cost_eur_day(layouts: EvaluatedLayouts) -> NDArray[np.float64]:
    return layouts.costs.system_cost_eur_day


OBJECTIVES = {
    objective.name: objective
    for objective in (
        Objective(MEAN_WAIT, "min", 0.0, 60.0, _mean_wait_min, True, spans_orders=True),
        Objective(TCU, "max", 1.0, 0.0, _tcu, True),
        Objective(N_HPC, "min", 0.0, 0.0, _n_hpc, True),
        Objective(P95_WAIT, "min", 0.0, 240.0, _p95_wait_min, False, spans_orders=True),
        Objective(OPERATOR_COST, "min", 0.0, 0.0, _operator_cost_eur_kwh, True),
        Objective(LOGISTICS_COST, "min", 0.0, 0.0, _logistics_cost_eur_trip, True),
        Objective(SYSTEM_COST, "min", 0.0, 0.0, _system_cost_eur_day, True),
    )
}
"""All objectives there are, by name."""

COST_OBJECTIVES = (OPERATOR_COST.name, LOGISTICS_COST.name, SYSTEM_COST.name)
"""Those that need prices."""

NOT_DECIDED = {
    "n_unserved": "n_unserved is the same for every layout of a study, which all keep the same "
    "sites open; it tells no two plans apart. Which sites to open is asked with `planner rank`, "
    "which counts the trips that fewer sites lose, what a lost site does with `planner robust`"
}
"""Figures that people would aim at, and why a search cannot: what they depend on instead."""

DEFAULT_OBJECTIVES = (MEAN_WAIT.name, TCU.name)


def objectives_of(
    names: Sequence[str], where: str = "scenario", *, has_prices: bool = True
) -> tuple[Objective, ...]:
    """Objectives of these names, in their order.

    Parameters
    ----------
    where : str
        What asks for them, for the message.
    has_prices : bool
        Whether the study says what things cost.

    Raises
    ------
    ScenarioError
        If there is none of a name, or one of cost in a study without prices.
    """
    unknown = [
        f"optimization.objectives: {NOT_DECIDED[name]}"
        if name in NOT_DECIDED
        else f"optimization.objectives: expected names out of {', '.join(OBJECTIVES)}; "
        f"found {name!r}{meant(name, OBJECTIVES)}"
        for name in names
        if name not in OBJECTIVES
    ]
    if not has_prices:
        unknown += [
            f"optimization.objectives: {name} asks for prices; name a set of costs, for example "
            "infrastructure_costs: germany-2030"
            for name in names
            if name in COST_OBJECTIVES
        ]
    if unknown:
        raise ScenarioError(unknown, where)
    return tuple(OBJECTIVES[name] for name in names)


@dataclass(frozen=True, slots=True)
class ObjectiveSpace:
    """The objectives of a study, and where their hypervolume begins to count.

    Points are values in natural units, (n, n_objectives); costs are the same with the sign with
    which less is better.

    Parameters
    ----------
    reference : (n_objectives,) float64
        Reference point of the hypervolume.
    """

    objectives: tuple[Objective, ...]
    reference: NDArray[np.float64]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(objective.name for objective in self.objectives)

    @property
    def signs(self) -> NDArray[np.float64]:
        """Sign of each objective, (n_objectives,)."""
        return np.array([objective.sign for objective in self.objectives])

    def points(self, layouts: EvaluatedLayouts) -> NDArray[np.float64]:
        """Objectives of layouts, (n_layouts, n_objectives)."""
        return np.column_stack([objective.values(layouts) for objective in self.objectives])

    def costs(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points as costs, or costs as points, (n, n_objectives)."""
        return np.asarray(points * self.signs)

    def thinning_costs(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Costs on the scales on which a front is thinned, (n, n_objectives)."""
        costs = self.costs(points)
        for column, objective in enumerate(self.objectives):
            if objective.spans_orders:
                costs[:, column] = objective.sign * np.log1p(points[:, column])
        return costs

    def excess(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """By how much costs exceed those of the reference, (n, n_objectives); <= 0 is feasible."""
        return costs - self.reference * self.signs

    def is_feasible(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether points are nowhere worse than the reference, (n,)."""
        return np.asarray((self.excess(self.costs(points)) <= 0.0).all(axis=1))

    def hypervolume(self, points: NDArray[np.float64]) -> float:
        """Volume that points dominate, as a share of what an ideal point would; within [0, 1]."""
        ideal = np.array([objective.ideal for objective in self.objectives])
        return hypervolume(self.costs(points), self.costs(self.reference), self.costs(ideal))

    def best(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Best value of each objective among points, (n_objectives,); infinitely bad of none."""
        return self.costs(self.costs(points).min(axis=0, initial=np.inf))


def objective_space(names: Sequence[str], at_most: EvaluatedLayouts) -> ObjectiveSpace:
    """Space of a study's objectives.

    Parameters
    ----------
    at_most : EvaluatedLayouts
        The layout with the most points that limits allow, alone.
    """
    objectives = objectives_of(names)
    reference = [
        objective.reference(float(objective.values(at_most)[0])) for objective in objectives
    ]
    return ObjectiveSpace(objectives, np.array(reference))
