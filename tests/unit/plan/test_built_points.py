"""What is said of points that stand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from planner.plan.built_points import built_sentence


@pytest.fixture
def said_of():
    """The sentence of a plan of two sites, by what stands and is announced at the first."""

    def sentence(built_hpc, announced_hpc):
        figures = pd.DataFrame(
            {
                **{f"{name}_lpc": [0.0, 0.0] for name in ("built", "announced", "missing")},
                "built_hpc": [built_hpc, 0.0],
                "announced_hpc": [announced_hpc, 0.0],
                "missing_hpc": [4.0, 1.0],
            }
        )
        return built_sentence(
            SimpleNamespace(
                figures_of=lambda _: figures, default_solution=SimpleNamespace(name="balanced")
            )
        )

    return sentence


def test_points_that_stand_or_are_announced_are_told(said_of):
    assert said_of(2.0, 0.0).startswith("Of its points 2 at high power and 0 overnight stand")
    assert "3 and 0 are announced, 5 and 0 are missing" in said_of(0.0, 3.0)


def test_where_nothing_stands_nothing_is_said_of_it(said_of):
    assert said_of(0.0, 0.0) == ""
    assert said_of(float("nan"), float("nan")) == ""
