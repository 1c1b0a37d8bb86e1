"""The report of a market: one HTML file in all languages that needs nothing but a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.market.market_schemas import (
    MARKET_ALTERNATIVES,
    MARKET_HOURS,
)
from planner.market.market_tables import hour_table, operator_table
from planner.reporting.charts.axes import DAYS
from planner.reporting.charts.market import market_charts
from planner.reporting.charts.market_chart_data import (
    MarketFrame,
    alternative_label,
    group_label,
    market_chart_data,
)
from planner.reporting.charts.page_charts import page_charts
from planner.reporting.market_headline import NOT_SETTLED, market_answer, market_question
from planner.reporting.market_tables import operator_page_table
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import (
    Chart,
    Columns,
    Folded,
    Headline,
    Panel,
    Section,
    Table,
    Text,
    charted,
    flat_lines,
    hint,
    provenance_section,
    resolved_scenario,
)
from planner.reporting.page_tables import PageColumn, PageTable, page_columns
from planner.reporting.phrases import (
    Phrase,
    count,
    number,
    percent,
    phrase,
    sentences,
    verbatim,
)
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.market.outcome import AlternativeOutcome, MarketOutcome
    from planner.tables.forms import Form


def write_market_report(outcome: MarketOutcome, provenance: Mapping[str, Any], path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    provenance : mapping
        Where the run comes from.
    path : Path
        The file to write, UTF-8, about 1.3 MB.
    """
    path.write_text(render_market_report(outcome, provenance), encoding="utf-8")


def render_market_report(outcome: MarketOutcome, provenance: Mapping[str, Any]) -> str:
    """Text of the report; the same for the same market and provenance."""
    scenario = outcome.run.scenario
    checks = phrase("Conservation checks, all held: no truck and no energy got lost")
    groups = dict.fromkeys(other.group for other in outcome.alternatives)
    return render_page(
        page_charts(
            scenario.name, market_chart_data(outcome), MarketFrame.of(outcome), market_charts
        ),
        kind="charging market",
        name=scenario.name,
        description=scenario.description,
        skip=("prices", phrase("Skip to the prices")),
        question=Phrase.of(lambda language: market_question(outcome, language)),
        answer=Phrase.of(lambda language: market_answer(outcome, language)),
        notices=_not_settled(outcome),
        sections=[
            _prices(outcome),
            Section(
                phrase("Operators"),
                (
                    hint(phrase("Profit is that of the average day of the year, after all costs.")),
                    Table(operator_page_table(operator_table(outcome))),
                    charted(phrase("What each operator asks"), "offers"),
                ),
            ),
            _use_and_queues(outcome),
            _course(outcome),
            Section(phrase("Theory beside the simulation"), (Text(_theory(outcome)),)),
            *(_alternatives(outcome, group) for group in groups),
            Section(
                phrase("Inputs and assumptions"),
                (Table(assumption_page_table(outcome)), resolved_scenario(scenario)),
            ),
            provenance_section(provenance, Folded(checks, lines=flat_lines(outcome.invariants))),
        ],
    )


def _not_settled(outcome: MarketOutcome) -> list[Text]:
    state = outcome.state
    if state.has_settled:
        return []
    text = phrase(NOT_SETTLED, share=percent(state.drift_share), turns=count(state.turns_per_price))
    return [Text(text, "over")]


def _prices(outcome: MarketOutcome) -> Section:
    scenario = outcome.run.scenario
    note = phrase(
        "Prices never stand still: each operator reacts to the other. Figures are means of the "
        "second half of {n} turns, over {seeds} repetitions with other random numbers; bands go "
        "from the lowest to the highest repetition.",
        n=count(scenario.n_iterations),
        seeds=count(scenario.n_seeds),
    )
    by_hour = phrase("By hour of arrival. Dashed: what electricity costs the operator.")
    by_demand = phrase(
        "Each dot is an hour. Line: undercutting a rival pays above it, so that prices fall "
        "towards it. At full demand nobody needs to undercut: the rush pays for the charging "
        "points."
    )
    panels = (
        Panel(phrase("What trucks pay"), (hint(by_hour), Chart("price")), level=2),
        Panel(phrase("Price against demand"), (hint(by_demand), Chart("demand")), level=2),
    )
    parts = (Headline(_headline_figures(outcome), note), Columns(panels))
    return Section(None, parts, "prices", phrase("Prices"))


def _use_and_queues(outcome: MarketOutcome) -> Section:
    state = outcome.state
    told = [phrase("{share} of the trucks wait at all.", share=percent(state.share_waiting.mean()))]
    if state.share_lost.mean() > 0:
        told.append(phrase("{share} drive on.", share=percent(state.share_lost.mean())))
    panels = (
        charted(phrase("Charging points in use"), "use"),
        charted(phrase("Mean wait"), "queue"),
    )
    parts = (Columns(panels), hint(sentences(told)), Table(hour_page_table(outcome), "tall"))
    return Section(phrase("Use and queues"), parts)


def _course(outcome: MarketOutcome) -> Section:
    note = phrase(
        "Means of blocks of turns, with the band of the repetitions. From the third to the last "
        "quarter, price and use changed by {share} at most.",
        share=percent(outcome.state.drift_share),
    )
    break_even = phrase(
        "Use over the year at which a charging point just pays, by the mean price. A market above "
        "the line leaves a profit."
    )
    panels = (
        charted(phrase("Price"), "course-price"),
        charted(phrase("Charging points"), "course-chargers"),
        charted(phrase("Profit"), "course-profit"),
        charted(phrase("When a charging point pays"), "break-even", hint(break_even)),
    )
    return Section(phrase("How the market got there"), (hint(note), Columns(panels)))


def _theory(outcome: MarketOutcome) -> Phrase:
    rush = outcome.rush_theory
    in_the_rush = (
        phrase(
            "In {hours} hours of the day the charging points are used nine tenths of the time or "
            "more. Their margins add up to {earned} EUR per kW and day; a charging point costs "
            "{cost}. By theory a kWh costs {expected} EUR in these hours, in the simulation "
            "{found}.",
            hours=number(rush.n_rush_hours, 1),
            earned=number(rush.sum_margin_eur_kw_day, 2),
            cost=number(rush.charger_eur_kw_day, 2),
            expected=number(rush.expected_price_eur_kwh, 3),
            found=number(rush.price_eur_kwh, 3),
        )
        if rush.n_rush_hours > 0
        else phrase(
            "There is no hour in which the charging points are used nine tenths of the time."
        )
    )
    while_busy = phrase(
        "What one charging point earns while all are busy is {share} of what it costs.",
        share=percent(rush.busy_earning_share),
    )
    return sentences([in_the_rush, while_busy])


def _alternatives(outcome: MarketOutcome, group: str) -> Section:
    note = phrase("The same market with one thing changed. Dashed: the market above.")
    chart = Panel(None, (Chart(f"alternatives-{group}"),))
    return Section(
        _group_phrase(group), (hint(note), chart, Table(alternative_page_table(outcome, group)))
    )


def _headline_figures(outcome: MarketOutcome) -> list[tuple[float, Form, Phrase]]:
    state = outcome.state
    factor = outcome.run.scenario.demand_variation_share
    figures: list[tuple[float, Form, Phrase]] = [
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
        corrected: tuple[float, Form, Phrase] = (
            float(state.utilisation.mean()) * factor,
            "percent",
            phrase("in use on the average day"),
        )
        figures.insert(4, corrected)
    return figures


def hour_page_table(outcome: MarketOutcome) -> PageTable:
    """The site by hour."""
    columns = MARKET_HOURS.without("sold_kwh")
    if outcome.run.arrivals.n_days == 1:
        columns = columns[1:]
    days = {day.lower(): phrase(day) for day in DAYS}
    return PageTable.of("hours", hour_table(outcome), columns, {"day": days})


def alternative_page_table(outcome: MarketOutcome, group: str) -> PageTable:
    """Alternatives of a group."""
    columns = (
        PageColumn("alternative", _group_phrase(group)),
        *page_columns(
            MARKET_ALTERNATIVES.quantities(
                "mean_price_eur_kwh",
                "max_hour_price_eur_kwh",
                "utilisation_raw",
                MEAN_WAIT,
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
    study = verbatim("Karlsson, Grauers 2024")
    own = phrase("our assumption")
    costs = next(iter(scenario.operators.values())).costs
    cost_source = verbatim(costs.source) if costs.source else own
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
    return Phrase.of(
        lambda language: alternative_label(alternative.key, alternative.value, language)
    )


def _group_phrase(group: str) -> Phrase:
    return Phrase.of(lambda language: group_label(group, language))


def _number(value: float, decimals: int, unit: str) -> Phrase:
    return Phrase.of(lambda language: f"{language.number(value, decimals)} {unit}".strip())


def _listed(values: tuple[float, ...], decimals: int) -> Phrase:
    return Phrase.of(
        lambda language: " / ".join(language.number(value, decimals) for value in values)
    )
