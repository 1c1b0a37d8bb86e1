"""What diesel trucks burn and power stations give off: figures, each with how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from planner.scenario.bundled import bundled_path
from planner.scenario.infrastructure_costs import Estimate, Sure
from planner.scenario.parameter_sets import Positive, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_HOURS = Field(min_length=24, max_length=24)


class HourFactors(Section):
    """Emissions of the grid by hour of the day, on any scale."""

    summer: tuple[Positive, ...] = _HOURS
    winter: tuple[Positive, ...] = _HOURS
    sure: Sure = "given"
    source: str = ""

    def over_mean(self) -> NDArray[np.float64]:
        """Emissions over their daily mean, both halves of the year alike, (24,)."""
        halves = np.array([self.summer, self.winter])
        by_hour: NDArray[np.float64] = (halves / halves.mean(axis=1, keepdims=True)).mean(axis=0)
        return by_hour


class YearFactors(Section):
    """What differs from year to year."""

    costs: str = Field(description="Set of config/infrastructure_costs.yaml.")
    grid_kg_kwh: Estimate = Field(description="Emissions of power stations, kg CO2 per kWh")


class ClimateFactors(Section):
    """All figures; low is where little is avoided, high where much is."""

    diesel_l_km: Estimate = Field(description="Diesel that a truck burns, l per km")
    diesel_ttw_kg_l: Estimate = Field(description="CO2 at the exhaust, kg per l")
    diesel_wtw_kg_l: Estimate = Field(description="CO2 with making the diesel, kg per l")
    upstream_share: Estimate = Field(description="CO2 upstream of power stations, share of theirs")
    hours: HourFactors
    years: dict[str, YearFactors] = Field(min_length=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        faulty = [year for year in self.years if not (year.isdecimal() and len(year) == 4)]
        if faulty:
            msg = f"years of four digits, in quotes; found {', '.join(faulty)}"
            raise ValueError(msg)
        rising = self.diesel_l_km, self.diesel_ttw_kg_l, self.diesel_wtw_kg_l
        falling = self.upstream_share, *(each.grid_kg_kwh for each in self.years.values())
        if any(each.low > each.high for each in rising) or any(
            each.low < each.high for each in falling
        ):
            msg = (
                "low where little is avoided: least of diesel and its CO2, most of the grid and "
                "upstream; found the other way round"
            )
            raise ValueError(msg)
        return self

    def of_year(self, year: str) -> dict[str, Estimate]:
        """Figures of a year by name."""
        named = {
            name: value
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), Estimate)
        }
        return named | {"grid_kg_kwh": self.years[year].grid_kg_kwh}


CLIMATE_TITLES = {
    name: field.description or name
    for model in (ClimateFactors, YearFactors)
    for name, field in model.model_fields.items()
    if field.annotation is Estimate
} | {"hour_factor": "Emissions in the hours of charging, over the daily mean"}
"""What each figure is called."""


def read_climate_factors(file: Path | None = None) -> ClimateFactors:
    """Figures of ``config/climate.yaml``, or of a file of the same layout.

    Raises
    ------
    ScenarioError
        If the file is faulty.
    """
    path = file or bundled_path("config/climate.yaml")
    return validated(TypeAdapter(ClimateFactors), read_yaml_mapping(path), str(path), {})
