"""Figures of the gravity model of European freight, read from ``config/european_freight.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, TypeAdapter

from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import NotNegative, Positive, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated

FREIGHT_FILE = "config/european_freight.yaml"


Sure = Literal["official", "published", "computed", "assumed"]


class Figure(Section):
    """A figure of the model with its range."""

    low: Positive
    central: Positive
    high: Positive
    sure: Sure
    source: str


class EuropeanFreight(Section):
    """The model's figures; trips fall with distance from 300 km on and below."""

    trips_per_week: Figure = Field(
        description="Trips a week between places of a million inhabitants each, 300 km apart"
    )
    decay_exponent: Figure = Field(description="Power of the distance by which trips fall")
    border_factor: Figure = Field(description="Trips over a border against those inside")
    shortest_km: NotNegative
    least_trucks_per_year: NotNegative
    place_radius_km: Positive
    foreign_radius_km: Positive
    freight_per_inhabitant: dict[str, Positive]
    inhabitants_sure: Sure
    inhabitants_source: str
    inhabitants_million: dict[str, Positive]


@cache
def european_freight() -> EuropeanFreight:
    """Figures that come with the planner.

    Raises
    ------
    ScenarioError
        If the file is missing or not valid.
    """
    path = bundled_path(FREIGHT_FILE)
    return validated(TypeAdapter(EuropeanFreight), read_yaml_mapping(path), path.name, {})
