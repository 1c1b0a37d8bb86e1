"""Kernels compiled ahead."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from planner.commands import warm as command
from planner.scenario.load import load_scenario
from planner.simulation.queue_kernel import score_layouts
from planner.warming import kernels
from planner.warming.compile_times import CompiledKernel, compiled_kernels
from planner.warming.small_country import write_small_country
from planner.warming.small_plan import compute_small_plan


def test_a_kernel_and_those_that_it_calls_are_listed_once_for_each_type():
    @njit
    def half(number):
        return number / 2.0

    @njit
    def quarter(number):
        return half(half(number))

    for kernel in (half, quarter):
        kernel.py_func.__module__ = "planner.room.some_kernel"
    with compiled_kernels() as compiled:
        quarter(8.0)
        quarter(4.0)
        quarter(np.float32(4.0))
    quarter(1)
    names = [each.name.rpartition(".")[2] for each in compiled]
    assert names == ["half", "quarter"] * 2
    assert [each.arguments for each in compiled][::3] == ["float64", "float32"]
    assert all(each.own_cpu_s > 0.0 for each in compiled)


def test_the_small_country_is_a_study(tmp_path):
    scenario = load_scenario(write_small_country(tmp_path))
    assert scenario.name == "small-country"


def test_the_plan_beside_a_first_one_calls_kernels_and_leaves_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    compute_small_plan()
    assert score_layouts.is_kept()
    assert not list(tmp_path.iterdir())


def test_every_kind_of_study_with_kernels_is_warmed_and_the_longest_first():
    assert {each.kind for each in kernels.WARM_UPS} == set(kernels.KINDS)
    assert kernels.WARM_UPS[0].kind == "plan"
    assert set(command.Kind) == set(kernels.KINDS)


@pytest.mark.parametrize(
    ("compiled", "said"),
    [
        ([], "All kernels are compiled."),
        ([CompiledKernel("room.a_kernel.a", "int64", 1.6)] * 2, "Compiled 1 kernels in 3 s"),
    ],
)
def test_the_command_says_what_it_did(monkeypatch, capsys, compiled, said):
    asked = []
    monkeypatch.setattr(kernels, "warm_kernels", lambda *args: asked.append(args) or [compiled])
    command.warm([command.Kind.PLAN], workers=1)
    assert asked == [(["plan"], 1)]
    assert said in capsys.readouterr().out
