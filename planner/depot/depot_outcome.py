"""A depot's day as it is written: what was planned, from what, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.depot.billing import Bill, bill_profile
from planner.depot.billing_periods import share_of_period

if TYPE_CHECKING:
    from planner.depot.cooptimizer import DepotComparison, DepotDay
    from planner.depot.depot_inputs import DepotInputs
    from planner.scenario.depot_model import DepotScenario


@dataclass(frozen=True, slots=True)
class DepotOutcome:
    """Results of a depot run.

    Parameters
    ----------
    days : DepotComparison
        The day in all three ways of planning.
    notes : tuple of str
        What readers took for granted about its files.
    """

    scenario: DepotScenario
    inputs: DepotInputs
    days: DepotComparison
    notes: tuple[str, ...] = ()

    @property
    def chosen(self) -> DepotDay:
        """The day in the way of planning that the study asks for."""
        return self.days.of(self.scenario.depot.coordination)

    @property
    def all_days(self) -> tuple[DepotDay, DepotDay, DepotDay]:
        """The day in all ways."""
        days = self.days
        return days.co_optimised, days.dispatch_first, days.uncoordinated

    @property
    def shares_of_demand(self) -> dict[str, float]:
        """Part of a price on power that the day bears, by what the tariff's prices are for."""
        day = self.scenario.depot.date()
        return {
            rate.per: float(share_of_period(rate.per, day, 1)) for rate in self.inputs.tariff.demand
        }

    def bill(self, day: DepotDay) -> Bill:
        """Electricity bill of a day: its share of fixed charges and of demand above that so far."""
        so_far = {term.name: term.so_far_kw for term in self.inputs.site.demand}
        return bill_profile(
            self.inputs.tariff,
            self.scenario.depot.date(),
            day.power.import_kw,
            day.power.export_kw,
            so_far,
        )


def depot_summary(outcome: DepotOutcome) -> dict[str, Any]:
    """Headline figures of a depot run, with those of the two ways it is held against."""
    return {
        **_figures(outcome, outcome.chosen),
        "uncoordinated": _figures(outcome, outcome.days.uncoordinated),
        "dispatch_first": _figures(outcome, outcome.days.dispatch_first),
    }


def _figures(outcome: DepotOutcome, day: DepotDay) -> dict[str, Any]:
    ids = outcome.inputs.problem.stop_ids
    numbers = {name: int(name) for name in ids} if all(name.isdigit() for name in ids) else {}
    return {
        "energy_kwh": day.dispatch.energy_kwh,
        "tours": [
            [numbers.get(place, place) for place in tour.places] for tour in day.dispatch.tours
        ],
        "n_recharges": day.n_recharges,
        "grid_energy_kwh": day.power.grid_energy_kwh,
        "grid_peak_kw": day.power.grid_peak_kw,
        "cost_total": day.cost_total,
        "cost_energy": day.cost_energy,
        "cost_demand": day.cost_demand,
        "currency": outcome.inputs.tariff.currency,
    }
