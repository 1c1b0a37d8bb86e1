"""Skips are listed, and fail CI where nothing explains them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skipped_tests import AllowedSkip, SkippedTests, allowed_skips

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = "from skipped_tests import list_skipped_tests as pytest_configure\n"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "xdist.plugin"]
SKIPS = """\
import pytest

def test_skips():
    pytest.skip("the abacus is not installed")

def test_runs():
    pass
"""


@pytest.mark.parametrize(
    ("ci", "workers", "code"), [("true", "1", 1), ("true", "0", 1), ("", "0", 0)]
)
def test_a_skip_that_nothing_explains_fails_ci_only(tmp_path, ci, workers, code):
    for name in ("skipped_tests.py", "allowed_skips.toml"):
        shutil.copy(ROOT / "tests" / name, tmp_path)
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_here.py").write_text(SKIPS, encoding="utf-8")
    done = subprocess.run(
        [*PYTEST, "-n", workers, "."],
        cwd=tmp_path,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "1 skipped, the abacus is not installed (not in allowed_skips.toml)" in done.stdout
    assert "test_here.py::test_skips" in done.stdout
    assert ("CI fails" in done.stdout) == (code == 1)


@pytest.mark.parametrize(("is_root", "unexplained"), [(True, ["no abacus here"]), (False, [])])
def test_what_root_can_install_is_no_excuse_for_root(is_root, unexplained):
    allowed = [AllowedSkip("no abacus", "only root can install it", only_without_root=True)]
    skipped = SkippedTests(allowed, is_strict=True, is_root=is_root)
    skipped.tests_of["no abacus here"].add("a test")
    assert skipped.unexplained() == unexplained


def test_every_allowed_skip_says_why():
    assert all(each.reason and each.why for each in allowed_skips())
