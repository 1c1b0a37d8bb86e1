"""Made-up plans for the tests of this room."""

import os
import runpy
from pathlib import Path

import pytest

made_up = runpy.run_path(str(Path(__file__).with_name("synthetic_plan.py")))
make_plan = made_up["synthetic_plan"]


@pytest.fixture(scope="session")
def plan():
    return make_plan()


@pytest.fixture(scope="session")
def market(plan):
    """Sites of the plan with what a kWh costs there."""
    return made_up["synthetic_market"](plan)


@pytest.fixture(scope="session")
def market_summary(market):
    return made_up["market_summary"](market)


@pytest.fixture(scope="session")
def plan_maker():
    return make_plan


@pytest.fixture
def reference_data():
    root = Path(__file__).parents[3]
    folder = Path(os.environ.get("PLANNER_REFERENCE_DATA", root.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"no reference data in {folder}; set PLANNER_REFERENCE_DATA")
    return folder
