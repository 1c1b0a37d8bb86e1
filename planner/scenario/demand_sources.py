"""Where the trips of a study come from: the ``demand`` section."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from planner.said import said
from planner.scenario.count_calibration import CountCalibration
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import (
    WEEK,
    Day,
    NotNegative,
    Number,
    Positive,
    Section,
    Share,
)
from planner.scenario.table_sections import TableFile, TableSection


class InitialSoc(Section):
    """State of charge with which trucks set out."""

    full_share: Share = Field(
        default=0.5, description="Share of trips that start full (depot or destination charging)."
    )
    source: Literal["uniform", "histogram", "warm_up", "settled"] = Field(
        default="uniform",
        description="Where the state of charge of the other trips comes from. uniform: evenly from "
        "min_share to full. histogram: arrival_histogram. warm_up: the ends of trips in a run in "
        "which all start full. settled: warm-up runs are repeated until trips start as they end.",
    )
    min_share: Share = Field(
        default=0.2,
        description="Lowest state of charge of the other trips where they draw uniformly, share of "
        "the battery.",
    )
    arrival_histogram: InputPath | None = Field(
        default=None,
        description="arrival_soc.csv of an earlier run, from which the other trips draw.",
    )

    @model_validator(mode="before")
    @classmethod
    def _histogram_says_the_source(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("arrival_histogram") is not None:
            return {"source": "histogram"} | given
        return given

    @model_validator(mode="after")
    def _histogram_goes_with_its_source(self) -> Self:
        if (self.source == "histogram") != (self.arrival_histogram is not None):
            msg = said("arrival_histogram with the source histogram, and with no other")
            raise ValueError(msg)
        return self

    @property
    def is_warmed_up(self) -> bool:
        """Whether runs before the study's own say with which charge trucks start."""
        return self.source in {"warm_up", "settled"}


class DemandCommon(Section):
    """What every source of demand shares."""

    electrification_share: Share = Field(
        default=0.10, gt=0.0, description="Share of trucks that are battery-electric, 0 to 1."
    )
    days: tuple[Day, ...] = Field(
        default=("mon", "tue", "wed", "thu"),
        min_length=1,
        description="Days on which trips depart; the simulated time begins at Monday 00:00.",
    )
    min_distance_km: NotNegative = Field(
        default=300.0, le=3000.0, description="Shortest trip that counts as long-haul, km."
    )
    loaded_share: Share = Field(default=0.76, description="Share of trips that carry freight.")
    initial_soc: InitialSoc = Field(default_factory=InitialSoc)

    @field_validator("days")
    @classmethod
    def _days_once_and_in_order(cls, days: tuple[Day, ...]) -> tuple[Day, ...]:
        if len(set(days)) != len(days):
            msg = said("each day once; found {listed}", listed=", ".join(days))
            raise ValueError(msg)
        first, last = (WEEK.index(min(days, key=WEEK.index)), WEEK.index(max(days, key=WEEK.index)))
        if last - first + 1 != len(days):
            msg = said("consecutive days; found {listed}", listed=", ".join(days))
            raise ValueError(msg)
        return tuple(sorted(days, key=WEEK.index))


class NoTransit(Section):
    """Only trips with an end in the country."""

    source: Literal["none"]


class BuiltinTransit(Section):
    """Transit through Germany by pair of border crossings, that comes with the planner."""

    source: Literal["builtin"]


class TransitTable(TableSection):
    """A table of transit."""

    source: Literal["table"]
    path: InputPath = Field(
        description="Table with origin and destination (nodes of gateways of the built-in network) "
        "and trucks_per_working_day (Monday to Friday, in the direction of the row)."
    )


Transit = Annotated[NoTransit | BuiltinTransit | TransitTable, Field(discriminator="source")]


class GatewayBorder(Section):
    """Trips with an end beyond the network whose crossings the demand itself names."""

    abroad: Literal["driven", "ignored"] = Field(
        default="driven",
        description="Whether the way abroad is driven; where it is ignored, trips begin and end at "
        "the border, with the charge and the hours of a start. How far a trip goes in all counts "
        "for `min_distance_km` either way.",
    )


_CALIBRATE: Any = Field(
    default=None,
    description="Traffic counts by which the volumes of OD pairs are weighed anew; without them "
    "they stay as they are.",
)


FittedTo = Literal["sample", "counts"]
"""What the volumes of the built-in demand meet."""


class BuiltinDemand(DemandCommon):
    """German long-haul freight from the built-in gravity model."""

    source: Literal["builtin"]
    fitted_to: FittedTo = Field(
        default="counts",
        description="What its volumes meet. counts: heavy vehicles counted on motorways, by "
        "weights of regions, crossings, distances and transit that were computed from them; trucks "
        "spread over routes then, unless `routing.route_spread` says otherwise. sample: the trips "
        "of a public 1 % sample, by region and distance.",
    )
    transit: Transit = Field(
        default=BuiltinTransit(source="builtin"),
        description="Trips through the country from one border crossing to another, beside those "
        "that begin or end in it.",
    )
    border: GatewayBorder = Field(default_factory=GatewayBorder)
    calibrate: CountCalibration | None = _CALIBRATE


class Border(GatewayBorder):
    """How trips with an end beyond the network enter and leave it."""

    nodes: tuple[str, ...] = Field(
        default=(),
        description="Ids of the nodes where roads cross the border; without them the dead ends at "
        "the outer edge of the network.",
    )
    crossing: Literal["least_distance", "nearest"] = Field(
        default="least_distance",
        description="Which crossing trips take: the one with the least distance in all, or the one "
        "nearest to their end abroad, in a straight line.",
    )
    abroad_factor: Number = Field(
        default=1.25,
        ge=1.0,
        le=10.0,
        description="Driving distance abroad over the straight line.",
    )
    max_abroad_km: Positive = Field(
        default=2500.0,
        le=10_000.0,
        description="Longest distance abroad that is driven, km; what lies beyond goes by ship or "
        "rail.",
    )


class OdTableDemand(DemandCommon, TableSection):
    """Trucks per year between nodes of the network or zones: a list of pairs or a matrix."""

    source: Literal["od_table"]
    path: InputPath = Field(
        description="List with a row per pair or square matrix as CSV, Excel or Parquet, the "
        "European truck-flow data set's 01_Trucktrafficflow.csv, or an OMX file."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column holds what, where the usual names are not used: "
        "origin, destination, trucks_per_year.",
    )
    matrix: str | None = Field(
        default=None, description="Matrix of an OMX file that holds more than one."
    )
    lookup: str | None = Field(
        default=None,
        description="Lookup of an OMX file that names its zones, where it holds more than one.",
    )
    trucks_per: Literal["year", "week", "day"] = Field(
        default="year", description="Time that a volume counts; day is an average day of the week."
    )
    zones: TableFile | None = Field(
        default=None,
        description="Table that places the table's zones: zone and node_id, or zone, lon and "
        "lat; without it the table names nodes of the network. Beside node_id it may have "
        "abroad_km: how far trips go on beyond that node, which then is a border crossing.",
    )
    border: Border = Field(default_factory=Border)
    calibrate: CountCalibration | None = _CALIBRATE


class TripFileDemand(DemandCommon, FileSection):
    """What the sources share that state single trips."""

    sample_share: Number = Field(
        default=1.0,
        ge=1e-6,  # trips of a record have a million numbers
        le=1.0,
        description="Share of all trips that the file holds. Below 1 every trip stands for others: "
        "their departures are drawn from the file's profile, their ends around its ends.",
    )
    spread_km: NotNegative = Field(
        default=15.0,
        le=100.0,
        description="How far the ends of the trips that a sampled one stands for lie around its "
        "own: standard deviation along each axis, km.",
    )
    border: Border = Field(default_factory=Border)


class MatsimPlansDemand(TripFileDemand):
    """Plans of a MATSim population (version 5 or 6), persons or freight."""

    source: Literal["matsim_plans"]
    path: InputPath = Field(description="plans.xml or plans.xml.gz.")
    crs: str | None = Field(
        default=None,
        description="Coordinate system of the plans, for example EPSG:25832, where the file does "
        "not say it.",
    )
    network: InputPath | None = Field(
        default=None,
        description="MATSim network of the plans (network.xml, plain or packed), for activities "
        "that name a link without x and y: they lie in its middle. By default that of the section "
        "network, where it is a MATSim network.",
    )
    modes: tuple[str, ...] = Field(
        default=(),
        description="Modes whose trips count, for example [truck, freight]; without it all.",
    )
    subpopulations: tuple[str, ...] = Field(
        default=(),
        description="Subpopulations that count, for example [freight]; without it all.",
    )
    vehicles: InputPath | None = Field(
        default=None,
        description="MATSim vehicles file whose initialSoc the trips set out with: of the vehicle "
        "that the person's attribute vehicles or the route names, else with the person's id, or "
        "that id and _mode.",
    )


class TripTableDemand(TripFileDemand, TableSection):
    """A table of single trips."""

    source: Literal["trips"]
    path: InputPath = Field(description="CSV, Excel or Parquet file with a row per trip.")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column holds what, where the usual names are not used: origin and "
        "destination (node ids), or origin_lon, origin_lat, destination_lon, destination_lat; "
        "departure_h; and where known trip_id, soc_share, vehicle_class, is_loaded.",
    )
    crs: str = Field(
        default="EPSG:4326", description="Coordinate system of the ends that are coordinates."
    )
    time_zone: str | None = Field(
        default=None,
        description="Time zone whose clocks departures count by, for example `Europe/Berlin`, "
        "where the table says UTC or an offset.",
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str | None) -> str | None:
        if name is not None and name not in available_timezones():
            msg = said("a time zone such as Europe/Berlin; found {name}", name=repr(name))
            raise ValueError(msg)
        return name


Demand = Annotated[
    BuiltinDemand | OdTableDemand | MatsimPlansDemand | TripTableDemand,
    Field(discriminator="source"),
]
