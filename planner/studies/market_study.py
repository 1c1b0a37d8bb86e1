"""A market as a kind of study: its inputs, its stages, its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.market.arrivals import Arrivals, arrivals_file, read_arrivals
from planner.market.compute import compute_market
from planner.market.market_tables import market_tables
from planner.reporting.market_manifest import market_manifest
from planner.reporting.market_report import write_market_report
from planner.runs.perform import Study, perform
from planner.scenario.market_scenario import HourlyDay, MarketScenario
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.market.outcome import MarketOutcome
    from planner.runs.progress import TimedStages


def _input_files(scenario: MarketScenario) -> dict[str, Path]:
    """Files that the result depends on, by what they are."""
    if isinstance(scenario.arrivals, HourlyDay):
        return {}
    return {"arrivals": arrivals_file(scenario.arrivals)}


def _read(scenario: MarketScenario, _: TimedStages) -> Arrivals:
    return read_arrivals(scenario)


def _write(outcome: MarketOutcome, folder: Path) -> None:
    write_csv_and_parquet(market_tables(outcome), folder)


def _page(outcome: MarketOutcome, provenance: Mapping[str, Any], folder: Path) -> None:
    write_market_report(outcome, provenance, folder / "report.html")


def _manifest(outcome: MarketOutcome, provenance: dict[str, Any]) -> dict[str, Any]:
    return market_manifest(outcome) | {"provenance": provenance}


MARKET: Study[MarketScenario, Arrivals, MarketOutcome] = Study(
    kind="market",
    files=_input_files,
    read=_read,
    compute=compute_market,
    write=_write,
    page=_page,
    manifest=_manifest,
)

run_market = partial(perform, MARKET)
