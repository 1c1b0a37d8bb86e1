"""What the law asks of charging points for trucks, by year and class of road."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, TypeAdapter

from planner.errors import InputDataError
from planner.network.graph_tables import TENT_CORE
from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share, Whole
from planner.scenario.yaml_files import read_yaml_mapping, validated

Year = Literal[2025, 2027, 2030]
YEARS: tuple[Year, ...] = (2025, 2027, 2030)


class PoolRule(Section):
    """What one pool has to be along one class of road, in each direction of travel."""

    pool_kw: Positive = Field(description="Power of a pool, kW.")
    n_points: Whole = Field(ge=1, description="Points of at least ``point_kw`` in a pool.")
    max_spacing_km: Positive = Field(description="Longest way from one pool to the next, km.")


class YearRules(Section):
    """What has to be there at the end of a year."""

    share_of_length: Share = Field(description="Part of the network's length that pools cover.")
    core: PoolRule
    comprehensive: PoolRule
    safe_parking_points: Whole = Field(
        ge=0, description="Points in a safe and secure parking area."
    )
    urban_node_kw: NotNegative = Field(description="Power in an urban node, kW.")

    def of(self, tent_class: str) -> PoolRule:
        """The rule along one class of road."""
        return self.core if tent_class == TENT_CORE else self.comprehensive


class Reliefs(Section):
    """What a state may allow where few heavy trucks drive, both directions together."""

    low_hdv_per_day: Positive = Field(description="Traffic below which pools may be smaller.")
    low_pool_share: Share = Field(gt=0.0, description="Part of the power that they then need.")
    very_low_hdv_per_day: Positive = Field(
        description="Traffic below which pools of the core network may lie farther apart."
    )
    core_max_spacing_km: Positive = Field(description="How far they may then, km.")


class Law(Section):
    """The rules of all years."""

    source: str
    point_kw: Positive = Field(description="Power from which a point counts in ``n_points``, kW.")
    max_off_road_km: NotNegative = Field(description="Farthest that a pool lies off the road, km.")
    beyond_end_share: Share = Field(
        description="Where the network ends, the next pool is assumed to lie this part of the "
        "longest spacing behind the end."
    )
    reliefs: Reliefs
    safe_parking_point_kw: Positive = Field(
        description="Power from which a point counts in a safe and secure parking area, kW."
    )
    safe_parking_reach_km: Positive = Field(
        description="How far a site may lie from the middle of the area that it is part of, km."
    )
    urban_node_point_kw: Positive = Field(
        description="Power from which a point counts in an urban node, kW."
    )
    urban_node_reach_km: Positive = Field(
        description="How far a site may lie from the middle of a node that names no radius, km."
    )
    years: dict[str, YearRules]

    def points_needed(self, rule: PoolRule, point_kw: float, power_share: float = 1.0) -> int:
        """Fewest high-power points that make a pool in one direction; 0 where none can.

        Parameters
        ----------
        point_kw : float
            Power of one of them, kW.
        power_share : float
            Part of the pool's power that is enough.
        """
        if point_kw < self.point_kw:
            return 0
        return max(rule.n_points, math.ceil(power_share * rule.pool_kw / point_kw - 1e-9))


def as_year(year: int, option: str = "--year") -> Year:
    """A year of the law, as an option of a command names it.

    Raises
    ------
    InputDataError
        If the law sets nothing for its end.
    """
    for known in YEARS:
        if known == year:
            return known
    msg = said(
        "{option}: expected a year for whose end the law sets something ({years}); found {year}",
        option=option,
        years=[str(each) for each in YEARS],
        year=str(year),
    )
    raise InputDataError(msg)


def read_law() -> Law:
    """The law as ``config/afir.yaml`` holds it."""
    path = bundled_path("config/afir.yaml")
    return validated(TypeAdapter(Law), read_yaml_mapping(path), str(path), {})
