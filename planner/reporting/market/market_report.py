"""The report of a market: one HTML file in all languages that needs nothing but a browser."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.market.market_schemas import (
    MARKET_ALTERNATIVES,
    MARKET_HOURS,
    MARKET_OPERATORS,
)
from planner.market.market_tables import hour_table, operator_table
from planner.reporting.charts.market import market_charts
from planner.reporting.market.market_chart_data import (
    alternative_label,
    group_label,
    market_chart_data,
)
from planner.reporting.market.market_headline import market_answer, market_question
from planner.reporting.page_data import page_file
from planner.reporting.page_rendering import render_page
from planner.reporting.page_tables import Cell, PageColumn, PageTable, page_columns
from planner.reporting.phrases import Phrase, phrase
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.market.outcome import AlternativeOutcome, MarketOutcome

_SCRIPTS = ("language.js", "csv.js", "sorted_table.js", "market.js")


def write_market_report(outcome: MarketOutcome, provenance: Mapping[str, Any], path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    outcome : MarketOutcome
        The market.
    provenance : mapping
        Where the run comes from.
    path : Path
        The file to write, UTF-8, about 1.3 MB.
    """
    path.write_text(render_market_report(outcome, provenance), encoding="utf-8")


def render_market_report(outcome: MarketOutcome, provenance: Mapping[str, Any]) -> str:
    """Text of the report; the same for the same market and provenance."""
    scenario, state = outcome.run.scenario, outcome.state
    groups = list(dict.fromkeys(other.group for other in outcome.alternatives))
    return render_page(
        page_file("sorted_table.html") + page_file("market.html"),
        _SCRIPTS,
        {
            "study": scenario.name,
            "chartData": market_chart_data(outcome),
            "charts": {language.code: market_charts(outcome, language) for language in LANGUAGES},
        },
        scenario=scenario,
        state=state,
        rush=outcome.rush_theory,
        factor=scenario.demand_variation_share,
        question=Phrase.of(lambda language: market_question(outcome, language)),
        answer=Phrase.of(lambda language: market_answer(outcome, language)),
        figures=_headline_figures(outcome),
        operators=operator_page_table(outcome),
        hours=hour_page_table(outcome),
        assumptions=assumption_page_table(outcome),
        alternatives=[
            (group, _group_phrase(group), alternative_page_table(outcome, group))
            for group in groups
        ],
        provenance=_flat(provenance),
        invariants=_flat(outcome.invariants),
        resolved=json.dumps(scenario.model_dump(mode="json"), indent=2, ensure_ascii=False),
    )


def _headline_figures(outcome: MarketOutcome) -> list[tuple[float, str, Phrase]]:
    state = outcome.state
    factor = outcome.run.scenario.demand_variation_share
    figures: list[tuple[float, str, Phrase]] = [
        (float(state.mean_price_eur_kwh.mean()), "three", phrase("EUR/kWh on average")),
        (
            float(state.paid_eur_kwh.mean(axis=0).max()),
            "three",
            phrase("EUR/kWh in the dearest hour"),
        ),
        (float(state.n_chargers.mean(axis=0).sum()), "one", phrase("charging points")),
        (float(state.utilisation.mean()), "percent", phrase("in use on the typical day")),
        (float(state.mean_wait_min.mean()), "minutes", phrase("mean wait")),
    ]
    if factor != 1.0:
        corrected = (
            float(state.utilisation.mean()) * factor,
            "percent",
            phrase("in use on the average day"),
        )
        figures.insert(4, corrected)
    return figures


def operator_page_table(outcome: MarketOutcome) -> PageTable:
    """What each operator comes to."""
    table = operator_table(outcome)
    tariffs = {"hourly": phrase("by the hour"), "fixed": phrase("fixed")}
    columns = MARKET_OPERATORS.quantities(
        "operator",
        "tariff",
        "n_chargers",
        "price_eur_kwh",
        "energy_share",
        "utilisation_raw",
        "profit_eur_day",
        "profit_low_eur_day",
        "profit_high_eur_day",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            _verbatim(str(row["operator"])),
            tariffs[str(row["tariff"])],
            *(float(row[column.name]) for column in columns[2:]),
        )
        for row in table.to_dict("records")
    ]
    return PageTable("operators", page_columns(columns), rows)


def hour_page_table(outcome: MarketOutcome) -> PageTable:
    """The site by hour."""
    table = hour_table(outcome)
    has_days = outcome.run.arrivals.n_days > 1
    columns = MARKET_HOURS.quantities(
        *(("day",) if has_days else ()),
        "hour",
        "price_eur_kwh",
        "price_low_eur_kwh",
        "price_high_eur_kwh",
        "threshold_eur_kwh",
        "demand_share",
        "utilisation_raw",
        "mean_wait_min",
        "n_queued",
    )
    days = {
        "mon": phrase("Mon"),
        "tue": phrase("Tue"),
        "wed": phrase("Wed"),
        "thu": phrase("Thu"),
        "fri": phrase("Fri"),
        "sat": phrase("Sat"),
        "sun": phrase("Sun"),
    }
    rows = [
        tuple(
            days[str(row[column.name])] if column.name == "day" else float(row[column.name])
            for column in columns
        )
        for row in table.to_dict("records")
    ]
    return PageTable("hours", page_columns(columns), rows)


def alternative_page_table(outcome: MarketOutcome, group: str) -> PageTable:
    """Alternatives of a group."""
    columns = (
        PageColumn("alternative", _group_phrase(group)),
        *page_columns(
            MARKET_ALTERNATIVES.quantities(
                "mean_price_eur_kwh",
                "max_hour_price_eur_kwh",
                "utilisation_raw",
                "mean_wait_min",
                "n_chargers_each",
                "profit_each_eur_day",
                "share_lost",
            )
        ),
    )
    rows = [
        (
            _alternative_phrase(other),
            other.mean_price_eur_kwh.mean,
            other.max_hour_price_eur_kwh,
            other.utilisation_raw.mean,
            other.mean_wait_min.mean,
            _listed(other.n_chargers, 1),
            _listed(other.profit_eur_day, 0),
            other.share_lost,
        )
        for other in outcome.alternatives
        if other.group == group
    ]
    return PageTable(f"alternatives-{group}", columns, rows)


def assumption_page_table(outcome: MarketOutcome) -> PageTable:
    """What goes into the market, and where it comes from."""
    scenario = outcome.run.scenario
    study = _verbatim("Karlsson, Grauers 2024")
    own = phrase("our assumption")
    costs = next(iter(scenario.operators.values())).costs
    cost_source = _verbatim(costs.source) if costs.source else own
    trucks, rules = scenario.trucks, scenario.rules
    figures: list[tuple[Phrase, Phrase, Phrase]] = [
        (
            phrase("Trucks on the typical day"),
            _number(outcome.run.arrivals.n_counted / outcome.run.arrivals.n_days, 0, ""),
            study if scenario.arrivals.source == "builtin" else phrase("scenario"),
        ),
        (phrase("Energy of a truck"), _number(trucks.energy_kwh, 0, "kWh"), own),
        (phrase("Mean power of a charging point"), _number(trucks.charging_kw, 0, "kW"), own),
        (phrase("Cost of a truck's time"), _number(trucks.truck_eur_min, 2, "EUR/min"), own),
        (phrase("Factor for uncertain queues"), _number(trucks.queue_uncertainty, 2, ""), own),
        (
            phrase("Electricity"),
            _number(costs.electricity_eur_kwh, 3, "EUR/kWh"),
            cost_source,
        ),
        (
            phrase("Cost of a charging point"),
            _number(costs.charger_eur_kw_day, 2, "EUR/kW/day"),
            cost_source,
        ),
        (phrase("Least margin"), _number(costs.min_margin_eur_kwh, 3, "EUR/kWh"), cost_source),
        (
            phrase("Mean demand, in parts of the typical day's"),
            _number(scenario.demand_variation_share, 3, ""),
            study if scenario.demand_variation_share != 1.0 else phrase("scenario"),
        ),
        (phrase("Step of prices"), _number(rules.step_eur_kwh, 4, "EUR/kWh"), study),
        (
            phrase("Rules an operator tries in its turn"),
            phrase("one, drawn at random") if rules.one_at_a_time else phrase("each, at random"),
            own,
        ),
        (phrase("Turns of the operators"), _number(scenario.n_iterations, 0, ""), own),
        (phrase("Repetitions"), _number(scenario.n_seeds, 0, ""), own),
    ]
    columns = (
        PageColumn("assumption", phrase("Assumption")),
        PageColumn("value", phrase("Value")),
        PageColumn("source", phrase("Source")),
    )
    return PageTable("assumptions", columns, figures)


def _alternative_phrase(alternative: AlternativeOutcome) -> Phrase:
    return Phrase.of(lambda language: alternative_label(alternative, language))


def _group_phrase(group: str) -> Phrase:
    return Phrase.of(lambda language: group_label(group, language))


def _number(value: float, decimals: int, unit: str) -> Phrase:
    return Phrase.of(lambda language: f"{language.number(value, decimals)} {unit}".strip())


def _listed(values: tuple[float, ...], decimals: int) -> Phrase:
    return Phrase.of(
        lambda language: " / ".join(language.number(value, decimals) for value in values)
    )


def _verbatim(text: str) -> Phrase:
    """A name or reference: the same in all languages."""
    return Phrase({language.code: text for language in LANGUAGES})


def _flat(values: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Nested dictionaries as lines of (path, value), figures to six digits."""
    lines: list[tuple[str, str]] = []
    for key, value in values.items():
        path = f"{above}{key}".replace("_", " ")
        if isinstance(value, dict):
            lines += _flat(value, f"{path} · ")
        elif isinstance(value, float | np.floating) and math.isfinite(value):
            lines.append((path, f"{value:.6g}"))
        else:
            lines.append((path, str(value)))
    return lines
