"""Made-up plans for the tests of this room."""

import runpy
from pathlib import Path

import pytest

make_plan = runpy.run_path(str(Path(__file__).with_name("synthetic_plan.py")))["synthetic_plan"]


@pytest.fixture(scope="session")
def plan():
    return make_plan()


@pytest.fixture(scope="session")
def plan_maker():
    return make_plan
