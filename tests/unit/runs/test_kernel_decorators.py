"""What kernels are compiled for, and who may call them."""

from __future__ import annotations

import gc
import re
import sys
from contextlib import suppress

import numpy as np
import pytest
from numba import njit, types
from numba.core import event
from numba.core.errors import TypingError
from numba.extending import overload

from planner.runs import kernel_decorators
from planner.runs.kernel_decorators import Kernel, inner_kernel, is_compiling, kernel
from planner.runs.kernel_files import KernelFiles
from planner.runs.kernel_parts import PartDispatcher
from tests.kept_kernels import all_kernels


@kernel
def steps(start, last):
    return last - start


@inner_kernel
def twice(values, factor):
    return values[0] * factor


@kernel
def three_times(values):
    return twice(values, 2) + values[0]


def test_a_kernel_is_compiled_once_for_constants_counters_and_other_numbers_of_a_type():
    by_numba = njit(steps.py_func)

    @njit
    def total(n):
        counter, total = 0, steps(0, 7) + steps(np.int32(3), n)
        while counter < n:
            total += steps(counter, n)
            counter += 1
        return total

    @njit
    def total_of_two(n):
        return by_numba(0, 7) + by_numba(3, n)

    assert total(4) == 18
    assert list(steps.overloads) == [(types.int64, types.int64)]
    assert total_of_two(4) == 8
    assert len(by_numba.overloads) == 2  # what the decorators are for


def test_what_only_kernels_call_serves_them_and_tells_python_so():
    values = np.array([0.1, 7.0])
    for _ in range(2):
        with pytest.raises(TypeError, match="twice is called by kernels alone"):
            twice(values, 2)
        assert three_times(values) == 0.1 * 2 + 0.1


def test_what_only_kernels_call_is_made_into_machine_code_with_its_callers_alone():
    assert three_times(np.array([0.1, 7.0])) == 0.1 * 2 + 0.1
    twice.compile((types.float64[::1], types.int64))
    (of_caller,), (of_part,) = three_times.overloads.values(), twice.overloads.values()
    engine = of_caller.library.codegen._engine
    named = of_caller.fndesc.llvm_func_name, of_part.fndesc.llvm_func_name
    assert [engine.is_symbol_defined(name) for name in named] == [True, False]
    _, kind, code = of_part.library.serialize_using_object_code()
    assert (kind, code[:2]) == ("bitcode", b"BC")


def third(values):
    return values[2]


@overload(third)
def _third_for_numba(values):  # as numba offers np.empty
    return lambda values: values[2]


def test_what_numba_has_kernels_call_is_compiled_once_for_all_and_within_them_alone():
    def largest(values):
        return max(values[0], third(values))

    with event.install_recorder("numba:compile") as recorder:
        for options in ({}, {"nogil": True}, {"_nrt": False}):
            not_kept = Kernel(largest, targetoptions={"nopython": True} | options)
            assert not_kept(np.array([0.1, 7.0, 8.0])) == 8.0
    begun = [made.data["dispatcher"] for _, made in recorder.buffer if made.is_start]
    of_numba = [each for each in begun if "_third_for_numba" in each.py_func.__qualname__]
    assert [type(each) for each in of_numba] == [PartDispatcher]
    assert [type(each) for each in begun].count(Kernel) == 3


def held(number):
    return number


@overload(held)
def _held_for_numba(number):
    equal = number == types.float64 or 1
    return lambda number: equal


def test_functions_of_numba_that_hold_something_else_are_others_also_where_it_is_equal():
    not_kept = Kernel(lambda number: (held(number),)[0], targetoptions={"nopython": True})
    assert [type(not_kept(number)) for number in (7, 7.0, 8)] == [int, bool, int]


def test_functions_of_numba_whose_types_are_told_beforehand_serve_kernels():
    hashed = Kernel(lambda number: hash((number, 2)), targetoptions={"nopython": True})
    assert hashed(7) == hash((7, 2))


def test_what_numba_raises_in_a_kernel_says_what_is_wrong():
    @kernel
    def put(values, at, those):
        values[at:] = those

    with pytest.raises(ValueError, match="cannot assign slice of shape"):
        put(np.zeros(3), 1, np.ones(3))


def test_it_is_told_that_a_kernel_is_compiled_as_long_as_it_is():
    told = []

    class Passes(event.Listener):
        def on_start(self, _):
            told.append(is_compiling())

        def on_end(self, _):
            told.append(is_compiling())

    not_typed = Kernel(lambda values: values.missing, targetoptions={"nopython": True})
    for each in (not_typed, Kernel(lambda number: number + 1, targetoptions={"nopython": True})):
        with event.install_listener("numba:run_pass", Passes()), suppress(TypingError):
            each(7)
        assert set(told) == {True}
        assert not is_compiling()
        told.clear()


def test_nobody_is_told_that_a_kernel_is_compiled_that_is_loaded(monkeypatch):
    def five_times(number):
        return 5 * number

    told = []

    class Loaded(KernelFiles):
        def load_overload(self, *asked):
            found = super().load_overload(*asked)
            told.append((found is not None, is_compiling()))
            return found

    monkeypatch.setattr(kernel_decorators, "KernelFiles", Loaded)
    assert kernel(five_times)(7) == 35  # kept now, here or by an earlier run of the tests
    told.clear()
    with event.install_recorder("numba:compile") as recorder:
        assert kernel(five_times)(7) == 35
    assert (told, recorder.buffer) == ([(True, False)], [])


def test_garbage_is_looked_for_as_often_as_before_once_a_kernel_is_compiled():
    before = gc.get_threshold()
    kernel(lambda number: number + 1)(7)
    assert gc.get_threshold() == before


def test_all_kernels_are_made_by_the_decorators():
    assert [name for name, each in all_kernels() if not isinstance(each, Kernel)] == []


def test_no_kernel_has_threads_of_its_own_of_which_some_systems_bear_one_caller_alone():
    assert [name for name, each in all_kernels() if each.targetoptions.get("parallel")] == []


def holds_arrays(annotation, names):
    """Whether a value of an annotated type holds arrays, itself or in fields of named tuples."""
    words = re.findall(r"\w+", str(annotation))
    tuples = [names[word] for word in words if hasattr(names.get(word), "_fields")]
    return "NDArray" in words or any(
        holds_arrays(field, vars(sys.modules[kind.__module__]))
        for kind in tuples
        for field in kind.__annotations__.values()
    )


def returns_arrays(each):
    function = each.py_func
    return holds_arrays(function.__annotations__["return"], function.__globals__)


def test_no_kernel_that_counts_no_holders_hands_back_an_array_of_which_its_caller_is_one():
    kernels = dict(all_kernels())
    uncounted = {
        name: each for name, each in kernels.items() if not each.targetoptions.get("_nrt", True)
    }
    assert len(uncounted) > 30
    assert returns_arrays(kernels["routing.corridor_kernel.corridor_through"])
    assert [name for name, each in uncounted.items() if returns_arrays(each)] == []
