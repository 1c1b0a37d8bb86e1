"""Public data beside the project, for tests that measure against it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REFERENCE_DATA = Path(
    os.environ.get("PLANNER_REFERENCE_DATA", ROOT.parent / "shared" / "reference")
)
CASES = REFERENCE_DATA.parent / "cases"
"""Files that once failed or were misread, a README in each folder."""


def reference_path(name):
    """A file or folder of the reference data; the test is skipped where it is not there."""
    path = REFERENCE_DATA / name
    if not path.exists():
        pytest.skip(
            f"reference data {name} not found in {REFERENCE_DATA}; set PLANNER_REFERENCE_DATA"
        )
    return path


def case_path(name=""):
    """A file or folder of the collected cases beside the reference data; skipped without them."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"reference data {path.name} not found in {CASES}; set PLANNER_REFERENCE_DATA")
    return path
