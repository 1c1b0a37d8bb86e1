"""Compiled kernels of other sources are never run."""

from __future__ import annotations

import os
from pathlib import Path

import numba

import planner
from planner.kernel_cache import VARIABLE, keep_kernels_apart, kernel_digest


def test_a_change_in_any_kernel_is_another_digest(tmp_path):
    (tmp_path / "room").mkdir()
    called = tmp_path / "room" / "called_kernel.py"
    called.write_text("a = 1\n")
    before = kernel_digest(tmp_path)
    (tmp_path / "room" / "report.py").write_text("no kernel\n")
    assert kernel_digest(tmp_path) == before
    called.write_text("a = 2\n")
    assert kernel_digest(tmp_path) != before


def test_numba_looks_where_the_package_says():
    package = Path(planner.__file__).parent
    assert os.environ[VARIABLE] == numba.config.CACHE_DIR
    assert kernel_digest(package) in os.environ[VARIABLE] or "kernels-" not in os.environ[VARIABLE]


def test_a_folder_that_the_user_set_stands(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "elsewhere")
    keep_kernels_apart(tmp_path)
    assert os.environ[VARIABLE] == "elsewhere"
