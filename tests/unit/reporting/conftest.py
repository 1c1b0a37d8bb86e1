"""Made-up plans for the tests of this room."""

import pytest

from tests.checked_charts import charts_checked
from tests.unit.reporting import synthetic_plan as made_up


@pytest.fixture(scope="session", autouse=True)
def checked_charts():
    """Charts of these tests are valid Vega-Lite."""
    with charts_checked():
        yield


@pytest.fixture(scope="session")
def plan():
    return made_up.synthetic_plan()


@pytest.fixture(scope="session")
def market(plan):
    """Sites of the plan with what a kWh costs there."""
    return made_up.synthetic_market(plan)


@pytest.fixture(scope="session")
def market_summary(market):
    return made_up.market_summary(market)


@pytest.fixture(scope="session")
def plan_maker():
    return made_up.synthetic_plan
