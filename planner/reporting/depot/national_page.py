"""What the report tells of the depots that trips start at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.depot.national_headline import depots_reach, depots_start
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import Phrase, phrase

if TYPE_CHECKING:
    from planner.reporting.plan_results import PlanResults


def national_depot_table(results: PlanResults) -> PageTable | None:
    """Figures of the depots; None where the study has none."""
    if results.depots is None:
        return None
    return PageTable(
        "depots",
        (
            PageColumn("depot", phrase("Depot")),
            PageColumn("n_trucks", phrase("Trucks"), "count"),
            PageColumn("n_departures", phrase("Departures"), "count"),
            PageColumn("arrival_soc_share", phrase("Charge on coming"), "percent"),
            PageColumn("departure_soc_share", phrase("Charge on leaving"), "percent"),
            PageColumn("n_below_need", phrase("With too little"), "count"),
            PageColumn("energy_trucks_kwh", phrase("Into the trucks (kWh)"), "count"),
            PageColumn("grid_peak_without_kw", phrase("Grid peak without them (kW)"), "count"),
            PageColumn("grid_peak_kw", phrase("Grid peak (kW)"), "count"),
            PageColumn("cost_of_trucks", phrase("Cost of their charging"), "count"),
            PageColumn("cost_per_kwh", phrase("Per kWh"), "three"),
            PageColumn("currency", phrase("Currency")),
        ),
        [
            (
                str(row["depot_id"]),
                *(float(row[key]) for key in ("n_trucks", "n_departures")),
                *(float(row[key]) for key in ("arrival_soc_share", "departure_soc_share")),
                *(float(row[key]) for key in ("n_below_need", "energy_trucks_kwh")),
                *(float(row[key]) for key in ("grid_peak_without_kw", "grid_peak_kw")),
                float(row["cost"] - row["cost_without"]),
                float(row["cost_per_kwh"]),
                str(row["currency"]),
            )
            for row in results.depots.depots.to_dict("records")
        ],
    )


def national_depot_sentences(results: PlanResults) -> list[Phrase]:
    """What the depots do, a sentence each; none where the study has no depots."""
    told = results.summary.get("depots")
    if not told:
        return []
    start = Phrase.of(lambda language: depots_start(results.summary, language))
    if not told["n_departures"]:
        return [start]
    return [start, Phrase.of(lambda language: depots_reach(results.summary, language))]
