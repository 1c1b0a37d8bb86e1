"""What all tests share."""

from __future__ import annotations

import csv
import os
from functools import cache

import pytest
import typer.main
import typer.testing
from hypothesis import settings

from planner.runs.stage_folders import REUSE_VARIABLE
from tests.shared_drawing import drawing_shared
from tests.skipped_tests import list_skipped_tests

# The first example of a property pays for compiling or loading its kernels: time is no verdict.
settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")


# Tests run a study twice to see that both come to the same: neither may take it from the other.
os.environ[REUSE_VARIABLE] = "0"

# Typer makes all commands anew whenever one is called, here some hundred times.
typer.main.get_command = typer.testing._get_command = cache(typer.main.get_command)


def pytest_configure(config):
    list_skipped_tests(config)


def pytest_collection_modifyitems(items):
    """Whole studies first: what is left at the end is short, and no worker waits for the other."""
    items.sort(key=lambda item: item.nodeid.startswith("tests/unit/"))


@pytest.fixture(scope="session", autouse=True)
def shared_drawing():
    """Runs share the process that draws their figures."""
    with drawing_shared():
        yield


# Frictionless, which checks data packages here, lifts the limit of the whole process when it loads.
CSV_CELL_LIMIT = csv.field_size_limit()


def pytest_runtest_setup():
    csv.field_size_limit(CSV_CELL_LIMIT)
