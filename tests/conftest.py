"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

from tests.skipped_tests import list_skipped_tests

# The first example of a property pays for compiling or loading its kernels: time is no verdict.
settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")


def pytest_configure(config):
    list_skipped_tests(config)
