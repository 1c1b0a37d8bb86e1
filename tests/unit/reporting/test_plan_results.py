"""Tables, layouts and names of a plan have to belong together."""

from dataclasses import replace

import pytest

from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS, named_solution


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: {"hpc_layouts": p.hpc_layouts[:, 1:]}, "hpc_layouts has shape"),
        (lambda p: {"lpc_per_site": p.lpc_per_site[1:]}, "lpc_per_site has shape"),
        (
            lambda p: {"detail": replace(p.detail, hour=p.detail.hour[1:])},
            "detail.hourly.* has shape",
        ),
        (lambda p: {"arc_trucks_per_day": p.arc_trucks_per_day[1:]}, "arc_trucks_per_day"),
        (lambda p: {"front": p.front.assign(solution=p.front["solution"] + 1)}, "must count 0"),
        (lambda p: {"front": p.front.drop(columns="ecu")}, "'ecu' is missing"),
        (lambda p: {"named_solutions": ()}, "named_solutions is empty"),
        (lambda p: {"named_solutions": (named_solution("cpo", 999),)}, "row 999"),
        (lambda p: {"summary": p.summary | {"solutions": {}}}, "lacks the named solution"),
        (lambda p: {"site_figures": p.site_figures.iloc[::-1]}, "do not list the sites"),
    ],
)
def test_what_does_not_fit_is_named(plan, change, message):
    with pytest.raises(ValueError, match=message):
        replace(plan, **change(plan))


def test_the_balanced_solution_is_shown_first_else_the_middle_one(plan):
    assert plan.default_solution.name == "balanced"
    others = tuple(named for named in plan.named_solutions if named.name != "balanced")
    assert replace(plan, named_solutions=others).default_solution.name == "cpo-leaning"


def test_a_name_that_is_not_standard_is_refused():
    assert named_solution("cpo", 3).title == NAMED_SOLUTION_DEFINITIONS["cpo"].title
    with pytest.raises(KeyError):
        named_solution("best", 3)
