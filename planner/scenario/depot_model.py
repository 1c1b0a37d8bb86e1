"""A depot as a validated study: ``planner depot`` runs it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationInfo, model_validator

from planner.errors import quoted
from planner.said import meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.depot_site import DepotSite
from planner.scenario.depot_vehicles import DepotVehicle
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.load import bundled_or_given, parse_override, read_document
from planner.scenario.parameter_sets import Money, Number, Positive, Section, Whole
from planner.scenario.patterns import ClockTime, StudyName
from planner.scenario.table_sections import TableFile, TableSection
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Sequence

Coordination = Literal["co-optimised", "dispatch_first", "uncoordinated"]

_VEHICLES = "depot_vehicles.yaml"


class Matrices(FileSection):
    """Ways from tables of distances and times between all places."""

    source: Literal["matrices"]
    distance_m: TableFile = Field(
        description="Table with names of places in the first row and column: metres from row to "
        "column."
    )
    time_s: TableFile = Field(description="Table of the same layout with driving times, seconds.")
    depot: str = Field(default="D0", description="Name of the depot in them.")
    stop_prefix: str = Field(
        default="", description="What stands before a stop's id in them: C for C14."
    )


class StraightWays(Section):
    """Ways from coordinates: the great circle times a detour factor, at a mean speed."""

    source: Literal["coordinates"]
    latitude: Number = Field(ge=-85.0, le=85.0, description="Of the depot, degrees north.")
    longitude: Number = Field(ge=-180.0, le=180.0, description="Of the depot, degrees east.")
    elevation_m: Number | None = Field(
        default=None,
        ge=-500.0,
        le=9000.0,
        description="Of the depot, m; with a column elevation_m of the stops, ways have slopes.",
    )
    detour_factor: Number = Field(
        default=1.3, ge=1.0, le=5.0, description="Way on roads per straight line."
    )
    mean_speed_kmh: Number = Field(default=50.0, ge=1.0, le=130.0, description="Mean speed, km/h.")


class Stops(TableSection):
    """Customers of the day."""

    path: InputPath = Field(
        description="CSV, Excel or Parquet file with columns id, type (delivery or pickup), load, "
        "service_min, open_min, close_min; optional: priority, leave_cost, latitude, longitude, "
        "elevation_m. Minutes count from the depot's opening."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Names of those columns in the file where they differ: `load: weight`.",
    )
    load_unit: Literal["kg", "lb"] = Field(default="kg", description="Unit of loads.")
    ways: Annotated[Matrices | StraightWays, Field(discriminator="source")] = Field(
        description="How far apart the places are."
    )


class Costs(Section):
    """What dispatching costs beside electricity, in the tariff's currency."""

    per_km: Money = Field(default=0.0, description="Wear, tyres, toll, per km.")
    per_driving_h: Money = Field(default=0.0, description="Driver, per hour of driving.")
    per_truck_used: Money = Field(default=0.0, description="Per truck that is sent out.")


class Fleet(Section):
    """The depot's trucks."""

    trucks: Whole = Field(default=2, ge=1, le=500, description="Number of trucks.")
    all_go: bool = Field(
        default=False, description="Whether each has to be sent out, or as many as pay."
    )
    vehicle: str = Field(description="Name of a vehicle of config/depot_vehicles.yaml.")
    definition: DepotVehicle | None = Field(
        default=None, description="The vehicle written out; that of its name if empty."
    )

    @model_validator(mode="after")
    def _is_known(self, info: ValidationInfo) -> Self:
        if self.definition is None:
            known = depot_vehicles((info.context or {}).get("base_dir"))
            if self.vehicle not in known:
                msg = said(
                    "vehicle to be one of config/{file} ({listed}); found {vehicle}{hint}",
                    file=str(_VEHICLES),
                    listed=", ".join(sorted(known)),
                    vehicle=quoted(self.vehicle),
                    hint=meant(self.vehicle, known),
                )
                raise ValueError(msg)
            # The model is frozen for its users; this fills in what its name stands for, once.
            object.__setattr__(self, "definition", known[self.vehicle])
        return self


class Depot(Section):
    """One depot on one day."""

    coordination: Coordination = Field(
        default="co-optimised",
        description="Whether tours and charging are planned together, one after the other, or "
        "trucks charge as they come. The others are always computed too, to compare with.",
    )
    year: Whole = Field(default=2027, ge=2000, le=2100, description="Year of the day.")
    month: Whole = Field(ge=1, le=12, description="Month of the day.")
    day: Whole | None = Field(
        default=None, ge=1, le=31, description="Day of the month; the third Wednesday if empty."
    )
    typical_day: bool = Field(
        default=True,
        description="Whether load and PV from tables are the mean of the month's days of that "
        "kind, or of that very day.",
    )
    opens: ClockTime = Field(
        default="08:00", description="When trucks can leave; minutes of stops count from it."
    )
    horizon_min: Positive = Field(
        default=480.0, le=1440.0, description="Minutes after which all trucks are back."
    )
    initial_energy_kwh: Positive | None = Field(
        default=None,
        le=100_000.0,
        description="Most energy with which a truck leaves in the morning, kWh; a full battery if "
        "empty.",
    )
    initial_price: Money | None = Field(
        default=None,
        description="Price of that energy, per kWh at the battery; the tariff's mean from midnight "
        "to the opening if empty.",
    )
    iterations: Whole = Field(
        default=500, ge=1, le=1_000_000, description="Iterations of the search for tours."
    )
    stops: Stops
    fleet: Fleet
    site: DepotSite
    costs: Costs = Field(default_factory=Costs)

    @model_validator(mode="after")
    def _fits_the_day(self) -> Self:
        try:
            self.date()
        except ValueError as error:
            msg = said("a day that exists: {error}", error=str(error))
            raise ValueError(msg) from None
        if self.opens_min() + self.horizon_min > 1440.0:
            msg = said(
                "trucks to be back by midnight: opens {opens} plus horizon_min {horizon_min} "
                "is later",
                opens=str(self.opens),
                horizon_min=f"{self.horizon_min:g}",
            )
            raise ValueError(msg)
        return self

    def date(self) -> dt.date:
        """The planned day."""
        if self.day is not None:
            return dt.date(self.year, self.month, self.day)
        first = dt.date(self.year, self.month, 1)
        return first + dt.timedelta(days=(2 - first.weekday()) % 7 + 14)

    def opens_min(self) -> float:
        """When trucks can leave, minutes after midnight."""
        hours, minutes = self.opens.split(":")
        return 60.0 * int(hours) + int(minutes)


class DepotScenario(Section):
    """A study of one depot."""

    name: StudyName
    description: str = Field(default="", description="What the study asks, for its report.")
    seed: Whole = Field(default=1, ge=0, lt=2**32, description="Seed of all randomness.")
    depot: Depot


def load_depot(path: str | Path, overrides: Sequence[str] = ()) -> DepotScenario:
    """Read and validate a study of a depot.

    Parameters
    ----------
    path : str or Path
        A scenario file, or the name of one that comes with the planner (``depot-demo``).
    overrides : sequence of str
        ``key.path=value`` each, applied before validation; values are read as YAML.

    Raises
    ------
    ScenarioError
        With all faults of the file and of the overrides at once.
    """
    document = read_document(bundled_or_given(Path(path)), "depot")
    return document.section(DepotScenario, [parse_override(override) for override in overrides])


def depot_vehicles(folder: Path | None) -> dict[str, DepotVehicle]:
    """Vehicles that come with the planner, added to and overridden by those beside a scenario."""
    found: dict[str, DepotVehicle] = {}
    files = [bundled_path("config") / _VEHICLES]
    if folder is not None:
        files.append(folder / "config" / _VEHICLES)
    for file in files:
        if file.is_file():
            document = read_yaml_mapping(file)
            of_file = validated(TypeAdapter(dict[str, DepotVehicle]), document, str(file), {})
            found |= of_file
    return found
