"""Compiled kernels of other sources are never run, and those of the same sources always found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import numba
import pytest
from numba.core.caching import FunctionCache

from planner.network.distances_kernel import fill_travel
from planner.routing.site_choice_kernel import gumbel_draw
from planner.routing.stop_planner_kernel import plan_pairs
from planner.runs import kernel_cache, kernel_locator, sources
from planner.runs.kernel_locator import KernelsByContent
from tests.kept_kernels import all_kernels

CALLED = """
from numba import njit


@njit(cache=True)
def half(number):
    return number / 2.0
"""
CALLING = """
from numba import njit

from planner.called_kernel import half


@njit(cache=True)
def quarter(number):
    return half(half(number))
"""
USE = """
import json

import planner  # tells numba where to look

from planner.calling_kernel import quarter

quarter(8.0)
found = quarter.stats
print(json.dumps([quarter(8.0), len(found.cache_hits), len(found.cache_misses)]))
"""


@pytest.fixture
def small_package(tmp_path):
    """Make a package of two kernels that lies anywhere; it keeps compiled ones as ours does."""

    def make(folder, called=CALLED):
        package = tmp_path / folder / "planner"
        (package / "runs").mkdir(parents=True)
        for module in ("kernel_cache", "kernel_locator", "kept_files", "sources"):
            shutil.copy(sources.PACKAGE / "runs" / f"{module}.py", package / "runs")
        (package / "runs" / "__init__.py").touch()
        start = "from planner.runs.kernel_cache import find_kernels_by_content\n"
        (package / "__init__.py").write_text(f"{start}find_kernels_by_content()\n")
        (package / "called_kernel.py").write_text(called)
        (package / "calling_kernel.py").write_text(CALLING)
        return package.parent

    return make


def used(folder, kept):
    """What a process gets from the kernel, how often it was loaded and how often compiled."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kept), "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", USE]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_a_kernel_is_found_wherever_its_sources_lie_and_not_when_what_it_calls_differs(
    small_package, tmp_path
):
    kept = tmp_path / "kept"
    assert used(small_package("here"), kept) == [2.0, 0, 1]
    assert used(small_package("elsewhere"), kept) == [2.0, 1, 0]
    edited = small_package("edited", CALLED.replace("2.0", "4.0"))
    assert used(edited, kept) == [0.5, 0, 1]
    assert used(small_package("back"), kept) == [2.0, 1, 0]


def test_all_kernels_are_kept_by_content():
    assert os.environ[kernel_cache.VARIABLE].startswith("planner.runs.kernel_locator.")
    kernels = dict(all_kernels())
    assert set(kernels.values()) > {plan_pairs, fill_travel, gumbel_draw}
    root = str(kernel_locator.folder_of_kernels())
    by_content = [
        name
        for name, kernel in kernels.items()
        if isinstance(kernel._cache, FunctionCache)
        and isinstance(kernel._cache._impl.locator, KernelsByContent)
        and kernel._cache.cache_path.startswith(root)
    ]
    assert by_content == list(kernels)


def test_an_edit_touches_only_kernels_that_call_what_is_edited():
    stop_planner, distances = (
        sources.modules_below([kernel.__module__]) for kernel in (plan_pairs, fill_travel)
    )
    assert "planner.routing.driving_kernel" in stop_planner
    assert "planner.routing.driving_kernel" not in distances


def test_two_versions_of_numba_keep_their_kernels_apart(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folders = set()
    for number in ("0.65.0", "0.68.1", "0.68.1"):
        monkeypatch.setattr(numba, "__version__", number)
        folders.add(kernel_locator.folder_of_kernels.__wrapped__())
    assert len(folders) == 2


def test_where_nothing_can_be_written_numba_keeps_nothing(monkeypatch, tmp_path):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(file))
    monkeypatch.setattr(kernel_locator, "PACKAGE", file)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    users = kernel_locator.folder_of_kernels.__wrapped__()
    assert users is not None
    assert users.is_relative_to(tmp_path / "home")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    assert kernel_locator.folder_of_kernels.__wrapped__() is None


def test_locators_that_the_user_set_stand(monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", numba.config.CACHE_LOCATOR_CLASSES)
    monkeypatch.setenv(kernel_cache.VARIABLE, "InTreeCacheLocator")
    kernel_cache.find_kernels_by_content()
    assert os.environ[kernel_cache.VARIABLE] == "InTreeCacheLocator"
    assert numba.config.CACHE_LOCATOR_CLASSES == "InTreeCacheLocator"
