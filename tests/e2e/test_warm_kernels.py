"""What is compiled ahead is all that studies call, and all that is asked of finished plans."""

from __future__ import annotations

import pytest

import planner
from planner.warming.compile_times import compiled_kernels
from planner.warming.finished_plans import change_rank_and_mix
from planner.warming.kernels import WARM_UPS, warmed_by


def warm(kind):
    """Compile the kernels of a kind, each once for the same types."""
    for warm_up in WARM_UPS:
        if warm_up.kind == kind:
            named = [(each.name, each.arguments) for each in warmed_by(warm_up)]
            assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("kind", "study", "overrides"),
    [
        ("market", "odeshog-market", ["n_iterations=100", "n_seeds=3"]),
        ("depot", "depot-demo", ["depot.iterations=5"]),
    ],
)
def test_a_study_of_a_warm_kind_compiles_nothing(kind, study, overrides, tmp_path):
    warm(kind)
    with compiled_kernels() as compiled:
        planner.run(study, overrides, out=tmp_path / "run")
    assert compiled == []


def test_first_change_order_and_mix_of_a_plan_compile_nothing_where_plans_are_warm(plain_run):
    warm("plan")
    with compiled_kernels() as compiled:
        change_rank_and_mix(plain_run.folder)
    assert compiled == []
