"""What the report tells of the depots that trips start at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.depot_schemas import DEPOTS
from planner.reporting.national_depot_headline import depots_reach, depots_start
from planner.reporting.page_tables import PageTable, page_columns
from planner.reporting.phrases import Phrase

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults


def national_depot_table(results: PlanResults) -> PageTable | None:
    """Figures of the depots; None where the study has none."""
    if results.depots is None:
        return None
    columns = DEPOTS.quantities(
        "depot_id",
        "n_trucks",
        "n_departures",
        "arrival_soc_share",
        "departure_soc_share",
        "n_below_need",
        "energy_trucks_kwh",
        "grid_peak_without_kw",
        "grid_peak_kw",
        "cost_without",
        "cost",
        "cost_per_kwh",
        "currency",
    )
    rows = results.depots.depots[[column.name for column in columns]].to_numpy(object).tolist()
    return PageTable("depots", page_columns(columns), rows)


def national_depot_sentences(results: PlanResults) -> list[Phrase]:
    """What the depots do, a sentence each; none where the study has no depots."""
    told = results.summary.get("depots")
    if not told:
        return []
    start = Phrase.of(lambda language: depots_start(results.summary, language))
    if not told["n_departures"]:
        return [start]
    return [start, Phrase.of(lambda language: depots_reach(results.summary, language))]
