"""What all tests share."""

from __future__ import annotations

import csv

from hypothesis import settings

from tests.skipped_tests import list_skipped_tests

# The first example of a property pays for compiling or loading its kernels: time is no verdict.
settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")


def pytest_configure(config):
    list_skipped_tests(config)


# Frictionless, which checks data packages here, lifts the limit of the whole process when it loads.
CSV_CELL_LIMIT = csv.field_size_limit()


def pytest_runtest_setup():
    csv.field_size_limit(CSV_CELL_LIMIT)
