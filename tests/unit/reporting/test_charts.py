"""Chart definitions."""

from dataclasses import replace

import numpy as np
import pytest

from planner.reporting.charts import (
    NAME_PARAM,
    SOLUTION_PARAM,
    front_chart,
    hourly_chart,
    shown_wait_limit_min,
)


def dataset(chart):
    return next(iter(chart.to_dict()["datasets"].values()))


def parameters(chart):
    return {param["name"]: param.get("value") for param in chart.to_dict()["params"]}


def test_the_front_has_a_dot_per_solution_and_a_label_per_named_one(plan):
    chart = front_chart(plan)
    rows = dataset(chart)

    assert [row["solution"] for row in rows] == list(range(len(plan.front)))
    titles = {row["title"] for row in rows} - {""}
    assert titles == {named.title for named in plan.named_solutions}
    assert parameters(chart)[SOLUTION_PARAM] == plan.default_solution.solution


def test_two_names_on_one_solution_share_a_label(plan):
    named = list(plan.named_solutions)
    named[1] = replace(named[1], solution=named[0].solution)
    rows = dataset(front_chart(replace(plan, named_solutions=tuple(named))))

    assert rows[0]["title"] == "Logistics, Logistics-leaning"


def test_hours_of_waiting_beyond_the_named_plans_do_not_squeeze_the_picture(plan):
    front = plan.front.copy()
    n_named = plan.named_solutions[2].solution + 1
    named = tuple(
        replace(each, solution=min(each.solution, n_named - 1)) for each in plan.named_solutions
    )
    front.loc[n_named:, "mean_wait_min"] = 600.0
    changed = replace(plan, front=front, named_solutions=named)

    assert len(dataset(front_chart(changed))) == n_named
    assert shown_wait_limit_min(changed) < 600.0


@pytest.mark.parametrize("column", ["mean_wait_min", "occupied_share"])
def test_hours_without_a_session_are_gaps_and_not_zeros(plan, column):
    hourly = plan.hourly.copy()
    hourly.loc[3, column] = np.nan
    chart = hourly_chart(replace(plan, hourly=hourly), column)
    rows = dataset(chart)

    assert len(rows) == len(hourly)
    assert rows[3]["value"] is None
    assert parameters(chart)[NAME_PARAM] == "balanced"
