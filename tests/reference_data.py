"""Public data beside the project, for tests that measure against it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REFERENCE_DATA = Path(
    os.environ.get("PLANNER_REFERENCE_DATA", ROOT.parent / "shared" / "reference")
)


def reference_path(name):
    """A file or folder of the reference data; the test is skipped where it is not there."""
    path = REFERENCE_DATA / name
    if not path.exists():
        pytest.skip(
            f"reference data {name} not found in {REFERENCE_DATA}; set PLANNER_REFERENCE_DATA"
        )
    return path
