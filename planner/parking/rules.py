"""What charging points take of the parking spaces, and how drivers look for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter

from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Whole
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Mapping

End = Literal["low", "central", "high"]
"""``low`` is where few spaces are missing, ``high`` where many are."""
FIGURES = ("bays_per_hpc", "bays_per_lpc", "search_h", "space_share", "unknown_spaces")
"""Figures that are assumed."""


class Assumed(Section):
    """A figure with its range."""

    sure: Literal["official", "published", "assumed"]
    source: str
    low: NotNegative
    central: NotNegative
    high: NotNegative


class Counted(Section):
    """What was counted on the motorways of a country on a night."""

    network: str = Field(description="Source of the network that stands for the country.")
    spaces: Positive = Field(description="Truck parking spaces on and near the motorways.")
    parked: Positive = Field(description="Trucks parked there at night.")
    missing: NotNegative
    year: Whole
    source: str
    missing_by_trade: NotNegative
    trade_source: str


class ParkingRules(Section):
    """What is assumed of parking, and what was counted."""

    bays_per_hpc: Assumed
    bays_per_lpc: Assumed
    search_h: Assumed
    space_share: Assumed
    unknown_spaces: Assumed
    counted: dict[str, Counted]

    def central(self) -> dict[str, float]:
        """The figures that are counted with by default, by their names."""
        return {name: self.of(name).central for name in FIGURES}

    def of(self, name: str) -> Assumed:
        """One of :data:`FIGURES`."""
        figure: Assumed = getattr(self, name)
        return figure

    def variants(self) -> Mapping[tuple[str, End], dict[str, float]]:
        """All figures with one at an end of its range, where that is another figure."""
        ends: tuple[End, ...] = ("low", "high")
        central = self.central()
        return {
            (name, end): central | {name: getattr(self.of(name), end)}
            for name in FIGURES
            for end in ends
            if getattr(self.of(name), end) != central[name]
        }

    def counted_on(self, network: str) -> Counted | None:
        """What was counted in the country of a network."""
        return next((each for each in self.counted.values() if each.network == network), None)


def read_parking_rules() -> ParkingRules:
    """The rules as ``config/parking.yaml`` holds them."""
    path = bundled_path("config/parking.yaml")
    return validated(TypeAdapter(ParkingRules), read_yaml_mapping(path), str(path), {})
