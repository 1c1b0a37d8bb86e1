"""Constants of the built-in German demand, read from ``config/demand_germany.yaml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.scenario.demand_sources import FittedTo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week; their position times 24 h is their start in hours since Monday 00:00."""


class TripsPerDay(Section):
    """Trips of the full fleet by day of departure."""

    mon: NotNegative
    tue: NotNegative
    wed: NotNegative
    thu: NotNegative
    fri: NotNegative
    sat: NotNegative
    sun: NotNegative


class DeparturesByHour(Section):
    """Departures in each hour of the day, in parts of any whole."""

    mon_to_sat: tuple[NotNegative, ...] = Field(min_length=24, max_length=24)
    sun: tuple[NotNegative, ...] = Field(min_length=24, max_length=24)


class AbroadDistance(Section):
    """Spread of the distance abroad around a gateway's median."""

    log_standard_deviation: Positive = Field(description="Standard deviation of ln(km).")
    max_km: Positive = Field(description="Longest distance abroad, km.")


class Catchment(Section):
    """How a region's trips spread over the nodes around it."""

    max_nodes: int = Field(ge=1, description="Nodes of a region, its own included.")
    radius_km: Positive = Field(description="Farthest node, great circle, km.")
    decay_km: Positive = Field(description="Distance over which a node's weight falls by e, km.")


class DemandCalibration(Section):
    """Everything that the built-in demand is calibrated with, and the profiles of a week."""

    trips_per_day: TripsPerDay
    weeks_per_year: Positive
    departures_by_hour: DeparturesByHour
    min_distance_km: Positive = Field(description="Shortest trip that the figures know of, km.")
    distance_bin_edges_km: tuple[NotNegative, ...] = Field(min_length=2)
    domestic_trips_percent: tuple[NotNegative, ...]
    border_trips_percent: tuple[NotNegative, ...]
    outbound_share_of_border_trips: Share
    gateway_country_percent: dict[str, NotNegative]
    abroad_distance: AbroadDistance
    state_percent: dict[str, Positive] = Field(description="Trip ends inside Germany, %.")
    catchment: Catchment

    @model_validator(mode="after")
    def _bins_fit_together(self) -> Self:
        edges = self.distance_bin_edges_km
        if list(edges) != sorted(set(edges)):
            msg = said("distance_bin_edges_km in ascending order")
            raise ValueError(msg)
        parts = (self.domestic_trips_percent, self.border_trips_percent)
        if any(len(part) != len(edges) - 1 for part in parts):
            msg = said("one percentage per distance bin, for domestic and for border trips")
            raise ValueError(msg)
        total = sum(map(sum, parts))
        if abs(total - 100.0) > 0.01:
            msg = said(
                "domestic and border percentages that sum to 100; found {total}", total=float(total)
            )
            raise ValueError(msg)
        if "other" not in self.gateway_country_percent:
            msg = said("gateway_country_percent to say what other countries have")
            raise ValueError(msg)
        return self

    @property
    def trips_per_week(self) -> float:
        """Trips of the full fleet in an average week."""
        return float(sum(getattr(self.trips_per_day, day) for day in DAYS))

    def day_share(self, day: str) -> float:
        """Share of a week's trips that depart on a day."""
        trips: float = getattr(self.trips_per_day, day)
        return trips / self.trips_per_week

    def hour_shares(self, day: str) -> NDArray[np.float64]:
        """Share of a day's departures in each of its 24 hours, (24,) float64, sum 1."""
        by_hour = self.departures_by_hour
        parts = np.asarray(by_hour.sun if day == "sun" else by_hour.mon_to_sat, dtype=np.float64)
        shares: NDArray[np.float64] = parts / parts.sum()
        return shares


@cache
def german_calibration(fitted_to: FittedTo = "sample") -> DemandCalibration:
    """Calibration that comes with the planner.

    Parameters
    ----------
    fitted_to : str
        What the volumes meet: the public 1 % sample, or traffic counts, whose file has what is
        other there.

    Raises
    ------
    ScenarioError
        If a file is missing or not valid.
    """
    path = bundled_path("config/demand_germany.yaml")
    figures = read_yaml_mapping(path)
    if fitted_to == "counts":
        path = bundled_path("config/demand_germany_counts.yaml")
        figures |= read_yaml_mapping(path)
    return validated(TypeAdapter(DemandCalibration), figures, path.name, {})
