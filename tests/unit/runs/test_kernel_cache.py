"""Compiled kernels of other sources are never run."""

from __future__ import annotations

import os
from pathlib import Path

import numba

import planner
from planner.runs.kernel_cache import VARIABLE, keep_kernels_apart, kernel_digest


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


def test_two_versions_of_numba_keep_their_kernels_apart(monkeypatch, tmp_path):
    monkeypatch.setattr(numba.config, "CACHE_DIR", numba.config.CACHE_DIR)
    folders = set()
    for number in ("0.65.0", "0.68.1", "0.68.1"):
        monkeypatch.setattr("planner.runs.kernel_cache.version", lambda _, number=number: number)
        monkeypatch.delenv(VARIABLE)
        keep_kernels_apart(tmp_path)
        folders.add(os.environ[VARIABLE])
    assert len(folders) == 2


def test_a_folder_that_the_user_set_stands(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "elsewhere")
    keep_kernels_apart(tmp_path)
    assert os.environ[VARIABLE] == "elsewhere"
