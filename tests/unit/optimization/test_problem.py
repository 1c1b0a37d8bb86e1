"""The layout problem: scores of the full simulation, none of them asked for twice."""

from __future__ import annotations

from dataclasses import fields

from planner.optimization import problem as of_problem
from planner.optimization.allocation import separable_front
from planner.optimization.problem import LayoutProblem
from planner.optimization.seeding import separable_model
from planner.simulation.queues import evaluate_layouts, unlimited_layout
from tests.unit.optimization.waiting_and_use import SPACE


def test_a_layout_is_simulated_once_and_scores_as_if_it_were_simulated_anew(demand, monkeypatch):
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    problem = LayoutProblem(demand, unlimited.n_lpc, model.bounds, SPACE)
    layouts = separable_front(model.tables, model.bounds, 6, 90.0)
    simulated = []

    def counted(demand, n_hpc, n_lpc):
        simulated.append(len(n_hpc))
        return evaluate_layouts(demand, n_hpc, n_lpc)

    monkeypatch.setattr(of_problem, "evaluate_layouts", counted)
    problem.evaluated(layouts[:4])
    asked = layouts[[5, 3, 0, 5, 2]]
    found = problem.evaluated(asked).scores
    assert simulated == [4, 1]
    problem.evaluated(asked)
    assert simulated == [4, 1]
    expected = evaluate_layouts(demand, asked, unlimited.n_lpc)
    for each in fields(expected):
        again, first = getattr(found, each.name), getattr(expected, each.name)
        assert again.dtype == first.dtype
        assert again.tobytes() == first.tobytes()
