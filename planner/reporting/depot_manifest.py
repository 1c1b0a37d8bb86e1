"""``run.json`` of a depot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.depot.depot_outcome import depot_summary
from planner.depot.driven_tours import places_not_reached
from planner.tables.language import translated

if TYPE_CHECKING:
    from planner.depot.cooptimizer import DepotDay
    from planner.depot.depot_outcome import DepotOutcome


def depot_manifest(outcome: DepotOutcome) -> dict[str, Any]:
    """What ``run.json`` says of a depot beside what it says of every run."""
    scenario, tariff = outcome.scenario, outcome.inputs.tariff
    return {
        "name": scenario.name,
        "description": scenario.description,
        "summary": depot_summary(outcome),
        "date": scenario.depot.date().isoformat(),
        "tariff": {
            "name": tariff.name,
            "source": tariff.source,
            "currency": tariff.currency,
            "share_of_demand_charge": outcome.shares_of_demand,
        },
        "notes": list(outcome.notes),
        "translations": translated("notes", outcome.notes),
        "ways_of_planning": {day.coordination: _details(outcome, day) for day in outcome.all_days},
        "scenario": scenario.model_dump(mode="json"),
    }


def _details(outcome: DepotOutcome, day: DepotDay) -> dict[str, Any]:
    """What a way of planning comes to, beyond the headline figures."""
    bill = outcome.bill(day)
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    tours = {tour.truck: tour for tour in day.dispatch.tours}
    return {
        "cost_morning_energy": day.dispatch.initial_cost,
        "cost_operation": day.cost_operation,
        "bill_total": float(bill.total),
        "trucks": [names[tour.truck] for tour in day.dispatch.tours],
        "trucks_at_the_depot": [
            name
            for number, name in enumerate(names)
            if number not in {tour.truck for tour in day.dispatch.tours}
        ],
        "morning_energy_kwh": [tour.initial_kwh for tour in day.dispatch.tours],
        "recharges": [
            {
                "truck": names[request.truck],
                "from_min": request.start_min,
                "until_min": request.end_min,
                "energy_kwh": request.energy_kwh,
                "missing_kwh": missing,
                "not_reached": list(places_not_reached(tours[request.truck], day.power)),
            }
            for request, missing in zip(
                day.power.requests, day.power.missing_kwh.tolist(), strict=True
            )
        ],
        "unserved": [{"stop": stop.stop_id, "cause": stop.cause} for stop in day.dispatch.unserved],
        "is_proved_least_cost_of_power": day.power.is_proved,
    }
