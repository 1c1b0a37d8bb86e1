"""What ``planner validate`` looks at in a market study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.files.findings import Findings
from planner.market.arrivals import read_arrivals

if TYPE_CHECKING:
    from planner.runs.progress import Advance
    from planner.scenario.market_scenario import MarketScenario


def check_market(scenario: MarketScenario, _: Advance | None = None) -> list[str]:
    """Check the trucks that a market study names, without running it.

    Raises
    ------
    ScenarioError
        With the faults found.
    """
    findings = Findings()
    with findings.collecting():
        arrivals = read_arrivals(scenario)
        trucks = arrivals.trucks
        energy_mwh = trucks.energy_kwh[trucks.arrival_min >= 0.0].sum() / 1000.0
        period = "typical day" if scenario.week is None else "week"
        findings.said.append(
            f"Arrivals: {arrivals.n_counted:,} trucks on a {period}; {energy_mwh:,.1f} MWh"
        )
    findings.raise_faults(scenario.name)
    operators = "; ".join(
        f"{name} with {operator.n_chargers} charging points and "
        + ("prices by hour" if operator.tariff == "hourly" else "one price")
        for name, operator in scenario.operators.items()
    )
    return [*findings.said, f"Operators: {operators}"]
