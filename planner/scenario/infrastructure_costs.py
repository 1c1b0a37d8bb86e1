"""What charging sites and the time of trucks cost: sets of figures, each with how sure it is."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from planner.errors import ScenarioError, quoted
from planner.said import meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Money, Number, Section, Whole
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

End = Literal["low", "central", "high"]
ENDS: tuple[End, ...] = ("low", "central", "high")
Sure = Literal["official", "published", "given", "assumed"]
_DAYS_PER_WEEK, _DAYS_PER_YEAR = 7.0, 365.0
_FOLDER_NAME = re.compile(r"\w[\w.-]*")


class Estimate(Section):
    """A figure with the values at which costs are low, central and high."""

    low: Money = Field(description="Value with which costs are low.")
    central: Money = Field(description="Value that is reckoned with.")
    high: Money = Field(description="Value with which costs are high.")
    sure: Sure = Field(default="given", description="Who says so.")
    source: str = Field(default="", description="Where it comes from.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not min(self.low, self.high) <= self.central <= max(self.low, self.high):
            msg = said(
                "central to lie between low and high; found low {low}, central {central}, high "
                "{high}",
                low=f"{self.low:g}",
                central=f"{self.central:g}",
                high=f"{self.high:g}",
            )
            raise ValueError(msg)
        return self

    def at(self, end: End) -> float:
        """Its value at an end."""
        return float(getattr(self, end))


class PointCost(Estimate):
    """What a point of a power costs, delivered and installed, without its grid connection, EUR."""

    power_kw: Number = Field(ge=1.0, le=100_000.0, description="Power of the point, kW.")


Payer = Literal["operators", "grid_operators", "state"]


class WhoPays(Section):
    """Who pays for what is built."""

    points: Payer = Field(default="operators", description="Who pays for points.")
    works: Payer = Field(default="operators", description="Who pays for works and facilities.")
    connection: Payer = Field(
        default="operators",
        description="Who pays for the grid connection: contribution, station and cable.",
    )
    sure: Sure = Field(default="assumed", description="Who says so.")
    source: str = Field(default="", description="Where it comes from.")


_SHARE = (0.0, 1.0, "as a share of at most 1 (7 % is 0.07)")
_LIFE = (1.0, math.inf, "of a year or more")
_ABOVE_0 = math.nextafter(0.0, 1.0)
_POSSIBLE = {
    "planning_share": _SHARE,
    "charger_upkeep_share": _SHARE,
    "grid_upkeep_share": _SHARE,
    "interest_share": _SHARE,
    "efficiency_share": (_ABOVE_0, 1.0, "above 0 and at most 1"),
    "charger_life_years": _LIFE,
    "works_life_years": _LIFE,
    "days_a_year": (_ABOVE_0, 366.0, "above 0 and at most 366"),
}
"""Least and greatest value of figures that are not possible at any amount, and words for it."""


class CostSet(Section):
    """What sites cost operators, and waiting costs trucks."""

    description: str = ""
    year: Whole = Field(ge=1900, le=2200, description="Year whose prices these are.")
    points: list[PointCost] = Field(
        min_length=1,
        description="EUR per point by power; between two powers in proportion, beyond them as the "
        "nearest costs per kW.",
    )
    site_base_eur: Estimate = Field(description="A site without points, EUR")
    bay_eur: Estimate = Field(description="A bay at a high-power point, EUR")
    facilities_eur: Estimate = Field(description="Facilities for drivers at a site, EUR")
    planning_share: Estimate = Field(description="Planning, as a share of all that is built")
    connection_eur_kw: Estimate = Field(description="Contribution to the grid, EUR per kW of peak")
    station_eur: Estimate = Field(description="Transformer station of the first MW, EUR")
    station_eur_kw: Estimate = Field(
        description="Transformer station above the first MW, EUR per kW"
    )
    cable_km: Estimate = Field(description="Way to the grid, km")
    cable_eur_km: Estimate = Field(description="Cable with earthworks, EUR per km")
    charger_upkeep_share: Estimate = Field(description="Upkeep of points, share of cost a year")
    grid_upkeep_share: Estimate = Field(description="Upkeep of the connection, share a year")
    land_eur_bay_year: Estimate = Field(description="Land, EUR per point and year")
    backend_eur_kwh: Estimate = Field(description="Billing and payment, EUR per kWh")
    charger_life_years: Estimate = Field(description="Life of points, years")
    works_life_years: Estimate = Field(description="Life of works and connection, years")
    interest_share: Estimate = Field(description="Interest on capital, share a year")
    efficiency_share: Estimate = Field(description="Energy in the battery per energy of the grid")
    energy_eur_kwh: Estimate = Field(description="Electricity without grid fees, EUR per kWh")
    low_use_eur_kw_year: Estimate = Field(
        description="Grid fee by peak, under 2,500 h of use a year, EUR per kW and year"
    )
    low_use_eur_kwh: Estimate = Field(
        description="Grid fee by energy, under 2,500 h of use a year, EUR per kWh"
    )
    high_use_eur_kw_year: Estimate = Field(
        description="Grid fee by peak, from 2,500 h of use a year, EUR per kW and year"
    )
    high_use_eur_kwh: Estimate = Field(
        description="Grid fee by energy, from 2,500 h of use a year, EUR per kWh"
    )
    truck_hour_eur: Estimate = Field(description="An hour of a truck with its driver, EUR")
    price_eur_kwh: Estimate = Field(
        description="Price that trucks pay at a site, EUR per kWh; it moves costs from one side to "
        "the other"
    )
    days_a_year: Estimate = Field(description="Days a year like the mean simulated day")
    paid_by: WhoPays = Field(
        default=WhoPays(),
        description="Who pays for what is built, as a roadmap tells it; what sites cost operators "
        "counts all of it, whoever pays.",
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        powers = [each.power_kw for each in self.points]
        if powers != sorted(set(powers)):
            msg = said(
                "points in the order of their power, each once; found {powers}", powers=str(powers)
            )
            raise ValueError(msg)
        for name, (lowest, highest, words) in _POSSIBLE.items():
            for end in ENDS:
                value = getattr(self, name).at(end)
                if not lowest <= value <= highest:
                    msg = said(
                        "{name} {words}; found {end} {value}",
                        name=name,
                        words=words,
                        end=end,
                        value=f"{value:g}",
                    )
                    raise ValueError(msg)
        return self

    def of_days(self, n_days: float) -> CostSet:
        """The same figures for a study of so many days.

        Of a whole week the mean day is that of every day of the year.
        """
        if n_days != _DAYS_PER_WEEK:
            return self
        every_day = Estimate(
            low=_DAYS_PER_YEAR,
            central=_DAYS_PER_YEAR,
            high=_DAYS_PER_YEAR,
            source="all days of the week are simulated",
        )
        return self.model_copy(update={"days_a_year": every_day})

    def factors(self, hpc_kw: float, lpc_kw: float) -> dict[str, Estimate]:
        """All figures by name, the costs of points being those of the powers of a plan."""
        named = {
            name: value
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), Estimate)
        }
        points = {
            f"{kind}_point_eur": self._point(kw) for kind, kw in (("hpc", hpc_kw), ("lpc", lpc_kw))
        }
        return points | named

    def _point(self, power_kw: float) -> Estimate:
        """Cost of a point of a power, EUR."""
        powers = [each.power_kw for each in self.points]
        inside = min(max(power_kw, powers[0]), powers[-1])
        nearest = min(self.points, key=lambda each: abs(each.power_kw - power_kw))
        above = max(1, bisect_left(powers, inside)) if len(powers) > 1 else 0
        left, right = self.points[max(above - 1, 0)], self.points[above]
        width_kw = right.power_kw - left.power_kw
        part = (inside - left.power_kw) / width_kw if width_kw else 0.0
        cost = {
            end: (left.at(end) + part * (right.at(end) - left.at(end))) * power_kw / inside
            for end in ENDS
        }
        # Far from all powers that are priced, the cost is beyond what a file may say.
        return Estimate.model_construct(
            low=cost["low"],
            central=cost["central"],
            high=cost["high"],
            sure=nearest.sure,
            source=nearest.source,
        )


BUNDLED = "config/infrastructure_costs.yaml"
DEFAULT_COST_SET = "germany-2030"
"""Prices where a study names none."""


def read_cost_set(name: str, file: Path | None = None) -> CostSet:
    """A set of ``config/infrastructure_costs.yaml``, or of a file of the same layout.

    Raises
    ------
    ScenarioError
        If the file is faulty, or has no set of that name.
    """
    path = file or bundled_path(BUNDLED)
    own = read_yaml_mapping(path)
    if name not in own:
        fault = said(
            "expected the name of a set of costs ({known}) with --set; found {name}{hint}",
            known=list(own),
            name=repr(name),
            hint=meant(name, own),
        )
        raise ScenarioError([fault], str(path))
    if not _FOLDER_NAME.fullmatch(name):
        fault = said(
            "expected a name of letters, digits, '.', '_' and '-' for a set of costs, as its "
            "folder is named after it; found {name}",
            name=repr(name),
        )
        raise ScenarioError([fault], str(path))
    try:
        raw = whole_set(own[name], own)
    except ValueError as error:
        fault = said("{key}: expected {what}", key=f"{name}.based_on", what=error.args[0])
        raise ScenarioError([fault], str(path)) from error
    return validated(TypeAdapter(CostSet), raw, f"{path}: {name}", {})


def study_cost_set(given: object, beside: Path) -> object:
    """What a study says of costs: a set by name, of ``config/`` beside it or of the planner's own.

    Parameters
    ----------
    given : object
        The name, or the figures themselves, which may be based on a set of a name.

    Raises
    ------
    ValueError
        With the names that there are.
    """
    if not isinstance(given, str) and not (isinstance(given, dict) and "based_on" in given):
        return given
    own_file = beside / BUNDLED
    own = read_yaml_mapping(own_file) if own_file.is_file() else {}
    if isinstance(given, dict):
        return whole_set(given, own)
    known = read_yaml_mapping(bundled_path(BUNDLED)) | own
    if given not in known:
        msg = said(
            "the name of a set of costs from {folder} ({listed}); found {given}{hint}",
            folder=str(BUNDLED),
            listed=", ".join(known),
            given=quoted(given),
            hint=meant(given, known),
        )
        raise ValueError(msg)
    return whole_set(known[given], own)


def whole_set(raw: object, beside: Mapping[str, object] | None = None) -> object:
    """A set of costs with what it takes from the one that it is based on.

    Parameters
    ----------
    beside : mapping, optional
        Sets of the same file; those of the planner are known anyway.

    Raises
    ------
    ValueError
        If there is no whole set of that name.
    """
    known: dict[str, object] | None = None
    passed: list[str] = []
    while isinstance(raw, dict) and "based_on" in raw:
        known = known or read_yaml_mapping(bundled_path(BUNDLED)) | dict(beside or {})
        named = raw["based_on"]
        base = known.get(named) if isinstance(named, str) and named not in passed else None
        if not isinstance(base, dict):
            msg = said(
                "a whole set of costs, or one based on such a set ({listed}); found {named}{hint}",
                listed=", ".join(known),
                named=quoted(named),
                hint=meant(named, known),
            )
            raise ValueError(msg)  # noqa: TRY004  # pydantic tells ValueErrors as faults
        passed.append(named)
        raw = base | {key: value for key, value in raw.items() if key != "based_on"}
    return raw
