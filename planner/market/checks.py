"""What ``planner validate`` looks at in a market study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.files.findings import Findings
from planner.market.arrivals import read_arrivals
from planner.said import AsWritten, joined, said

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
        findings.said.append(
            said(
                "Arrivals: {n} trucks on a typical day; {mwh} MWh"
                if scenario.week is None
                else "Arrivals: {n} trucks in a week; {mwh} MWh",
                n=arrivals.n_counted,
                mwh=round(float(energy_mwh), 1),
            )
        )
    findings.raise_faults(scenario.name)
    operators = joined(
        said(
            "{name} with {n} charging points and prices by hour"
            if operator.tariff == "hourly"
            else "{name} with {n} charging points and one price",
            name=AsWritten(name),
            n=operator.n_chargers,
        )
        for name, operator in scenario.operators.items()
    )
    return [*findings.said, said("Operators: {operators}", operators=operators)]
