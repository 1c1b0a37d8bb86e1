"""What a battery at a site costs: ``config/site_battery.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field, TypeAdapter, model_validator

from planner.costs.site_costs import annuity_share
from planner.depot.microgrid_site import StorageSizing
from planner.scenario.bundled import bundled_path
from planner.scenario.infrastructure_costs import ENDS, Estimate
from planner.scenario.parameter_sets import Section, Whole
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from pathlib import Path

    from planner.scenario.infrastructure_costs import End


class BatteryCosts(Section):
    """All figures; low is where a battery costs little."""

    year: Whole = Field(ge=1900, le=2200, description="Year whose prices these are.")
    battery_eur_kwh: Estimate = Field(description="Battery, EUR per kWh")
    inverter_eur_kw: Estimate = Field(description="Inverter, EUR per kW")
    battery_life_years: Estimate = Field(description="Life of the battery, years")
    inverter_life_years: Estimate = Field(description="Life of the inverter, years")
    upkeep_share: Estimate = Field(description="Upkeep of both, share of cost a year")
    efficiency_share: Estimate = Field(description="Energy out of the battery per energy into it")
    usable_share: Estimate = Field(description="Share of the capacity that is used")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in ("efficiency_share", "usable_share"):
            if not all(0.0 < getattr(self, name).at(end) <= 1.0 for end in ENDS):
                msg = f"{name} above 0 and at most 1"
                raise ValueError(msg)
        for name in ("battery_life_years", "inverter_life_years"):
            if not all(getattr(self, name).at(end) >= 1.0 for end in ENDS):
                msg = f"{name} of a year or more"
                raise ValueError(msg)
        return self

    def estimates(self) -> dict[str, Estimate]:
        """All figures by name."""
        return {
            name: value
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), Estimate)
        }

    def sizing(self, interest_share: float, end: End) -> StorageSizing:
        """Prices of a year of battery."""

        def of_year(price: Estimate, life: Estimate) -> float:
            share = annuity_share(interest_share, life.at(end)) + self.upkeep_share.at(end)
            return price.at(end) * share

        return StorageSizing(
            of_year(self.battery_eur_kwh, self.battery_life_years),
            of_year(self.inverter_eur_kw, self.inverter_life_years),
            self.usable_share.at(end),
        )

    def investment_eur(self, capacity_kwh: float, power_kw: float, end: End) -> float:
        """What a battery costs to build."""
        return capacity_kwh * self.battery_eur_kwh.at(end) + power_kw * self.inverter_eur_kw.at(end)


def read_battery_costs(file: Path | None = None) -> BatteryCosts:
    """Figures of ``config/site_battery.yaml``, or of a file of the same layout.

    Raises
    ------
    ScenarioError
        If the file is faulty.
    """
    path = file or bundled_path("config/site_battery.yaml")
    return validated(TypeAdapter(BatteryCosts), read_yaml_mapping(path), str(path), {})
