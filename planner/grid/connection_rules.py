"""How large grid connections are made and how long that takes, and when trucks get electric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from planner.scenario.bundled import bundled_path
from planner.scenario.infrastructure_costs import Estimate
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sure = Literal["official", "published", "assumed"]
Kind = Literal[
    "low voltage",
    "medium-voltage ring",
    "own medium-voltage feeder from the substation",
    "high voltage, 110 kV",
    "extra-high voltage",
]
MONTHS_PER_YEAR = 12.0


class LeadTime(Section):
    """Months from the request to power."""

    low: NotNegative
    central: NotNegative
    high: NotNegative


class ConnectionClass(Section):
    """One kind of connection."""

    name: Kind
    up_to_kw: Positive | None = Field(
        default=None, description="Most power it is made for, kW; only the last class has none."
    )
    lead_time_months: LeadTime
    sure: Sure = Field(description="Who says so.")
    source: str
    fixed_eur: Estimate = Field(
        description="What such a connection costs beyond its power, station and cable, EUR."
    )


class Uptake(Section):
    """Share of electric trucks at the end of years."""

    sure: Sure
    source: str
    share_of_year: dict[str, Share] = Field(min_length=1)

    def years_of(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """When shares are reached, years with fraction, between given years in proportion.

        A share below that of the first year is reached in it, one beyond the last never (NaN).
        """
        years = sorted(self.share_of_year)
        shares = [self.share_of_year[year] for year in years]
        found = np.interp(share, shares, [float(year) for year in years], right=np.nan)
        return np.asarray(np.where(np.isnan(share), np.nan, found), dtype=np.float64)


class ConnectionRules(Section):
    """Kinds of connections, the smallest first, and the path of electric trucks."""

    classes: list[ConnectionClass] = Field(min_length=1)
    uptake: Uptake

    @model_validator(mode="after")
    def _every_power_has_a_class(self) -> Self:
        powers = [each.up_to_kw for each in self.classes]
        bounds = [kw for kw in powers if kw is not None]
        if bounds != sorted(set(bounds)) or powers != [*bounds, None]:
            msg = f"classes in the order of up_to_kw, the last one without; found {powers}"
            raise ValueError(msg)
        return self

    def class_of(self, power_kw: float) -> ConnectionClass:
        """The smallest class that carries a power."""
        return next(
            each for each in self.classes if each.up_to_kw is None or power_kw <= each.up_to_kw
        )

    def from_kw(self, chosen: ConnectionClass) -> float:
        """Power above which a class is taken, kW."""
        number = self.classes.index(chosen)
        return (self.classes[number - 1].up_to_kw or 0.0) if number else 0.0


def read_connection_rules() -> ConnectionRules:
    """The rules as ``config/grid_connections.yaml`` holds them."""
    path = bundled_path("config/grid_connections.yaml")
    return validated(TypeAdapter(ConnectionRules), read_yaml_mapping(path), str(path), {})
