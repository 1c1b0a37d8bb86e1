"""The study as a validated object: every key of a scenario file, with unit, range and default.

The models are the one source of what a scenario may say: validation, error messages, the JSON
schema for editors and the reference in the docs all come from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from planner.said import said
from planner.scenario.charger_classes import PointClass
from planner.scenario.demand_sources import Demand
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.infrastructure_costs import CostSet
from planner.scenario.national_depots import NationalDepots
from planner.scenario.national_market import NationalMarket
from planner.scenario.network_sources import Network
from planner.scenario.optimization import Optimization
from planner.scenario.parameter_library import library_of
from planner.scenario.parameter_sets import (
    WEEK,
    DriverRules,
    NotNegative,
    Number,
    Positive,
    Section,
    Share,
    VehicleClass,
    Whole,
)
from planner.scenario.patterns import ClassName, StudyName
from planner.scenario.region_source import Regions
from planner.scenario.replanning import Replanning
from planner.scenario.route_spread import RouteSpreadSettings
from planner.scenario.site_sources import SitesSection
from planner.scenario.standing_points import StandingPoints

DEFAULT_MIX = {"long-haul-600": 1.0}
"""Classes of trucks of a study that names none."""


class Vehicles(Section):
    """The electric fleet: which vehicle classes, and in which shares."""

    mix: dict[str, Share] = Field(
        default=DEFAULT_MIX,
        min_length=1,
        description="Share of each vehicle class; names from config/vehicles.yaml; sum 1.",
    )
    classes: dict[str, VehicleClass] = Field(
        default_factory=dict,
        description="Vehicle classes of this study; the others come from config/vehicles.yaml.",
    )

    @model_validator(mode="after")
    def _every_class_is_known(self, info: ValidationInfo) -> Self:
        library = library_of(info)
        own = {name: self.classes[name] for name in self.mix if name in self.classes}
        looked_up = {name: library.vehicle(name) for name in self.mix if name not in own}
        total = sum(self.mix.values())
        if abs(total - 1.0) > 1e-6:
            msg = said("shares that sum to 1; found {total}", total=f"{total:g}")
            raise ValueError(msg)
        # The model is frozen for its users; this fills in what its names stand for, once.
        object.__setattr__(self, "classes", {name: (own | looked_up)[name] for name in self.mix})
        return self


class Chargers(Section):
    """Charging points."""

    hpc_kw: Number = Field(
        default=1000.0, ge=1.0, le=5000.0, description="Power of a high-power charging point, kW."
    )
    lpc_kw: Number = Field(
        default=100.0, ge=1.0, le=1000.0, description="Power of an overnight charging point, kW."
    )
    plug_overhead_min: NotNegative = Field(
        default=5.0,
        le=60.0,
        description="Time to plug in and pay at a stop made for energy alone, minutes.",
    )
    hpc_planned_kw: Number | None = Field(
        default=None,
        ge=1.0,
        le=5000.0,
        description="Power that drivers reckon with at a high-power point, kW; without it "
        "`hpc_kw`.",
    )
    hpc_charge_to_share: Share = Field(
        default=1.0,
        gt=0.0,
        description="Share of the battery at which charging at a high-power point ends.",
    )
    classes: dict[ClassName, PointClass] = Field(
        default_factory=dict,
        description="Two classes of high-power points by name, for `planner classes`, `planner "
        "evaluate` and the workbench, where points of either are set; the faster "
        "one has the power of `hpc_kw`, which drivers plan with. Without them points of `hpc_kw` "
        "and of 400 kW. No figure of the run depends on them.",
    )

    @property
    def hpc_session_kw(self) -> float:
        """Power that sessions at a high-power point are planned with, kW."""
        return self.hpc_kw if self.hpc_planned_kw is None else self.hpc_planned_kw

    @model_validator(mode="after")
    def _points_give_what_drivers_reckon_with(self) -> Self:
        if self.hpc_session_kw > self.hpc_kw:
            msg = said(
                "hpc_planned_kw of at most the {hpc_kw} kW of hpc_kw; found {hpc_session_kw}",
                hpc_kw=f"{self.hpc_kw:g}",
                hpc_session_kw=f"{self.hpc_session_kw:g}",
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _classes_are_two(self) -> Self:
        powers = sorted(each.power_kw for each in self.classes.values())
        if powers and (len(powers) != 2 or powers[0] == powers[-1]):
            msg = said(
                "classes: two of different power, or none; found {powers}", powers=str(powers)
            )
            raise ValueError(msg)
        if powers and powers[-1] != self.hpc_kw:
            msg = said(
                "the faster of the classes to have the {hpc_kw} kW of hpc_kw; found {value}",
                hpc_kw=f"{self.hpc_kw:g}",
                value=f"{powers[-1]:g}",
            )
            raise ValueError(msg)
        return self


class Routing(Section):
    """How trucks choose where to stop."""

    corridor_detour_km: tuple[Annotated[Positive, Field(le=1000.0)], ...] = Field(
        default=(10.0, 30.0, 100.0),
        min_length=1,
        description="Longest detour to a site, km; the next value counts where the one before "
        "leaves a trip without a plan, and after the last any site.",
    )
    taste_scale_min: NotNegative = Field(
        default=5.0,
        le=120.0,
        description="Spread of the drivers' choices between sites (Gumbel scale), minutes; "
        "0 sends all to the quickest.",
    )
    border_reserve_km: NotNegative = Field(
        default=60.0,
        le=500.0,
        description="Range that a truck leaving the country must still have at the border, km.",
    )
    route_spread: RouteSpreadSettings | None = Field(
        default=None,
        description="How trucks of an OD pair spread over ways that take about as long: each finds "
        "the roads in one of a few draws of their driving times and takes the way that is quickest "
        "there; {} takes the usual figures, as a study does that does not name the key and whose "
        "demand is the built-in one that follows counts. null, and others without it: all take the "
        "way that is quickest in the mean.",
    )

    @field_validator("corridor_detour_km")
    @classmethod
    def _ascending(cls, corridors: tuple[float, ...]) -> tuple[float, ...]:
        if list(corridors) != sorted(set(corridors)):
            msg = said(
                "ascending distances; found {listed}",
                listed=", ".join(f"{km:g}" for km in corridors),
            )
            raise ValueError(msg)
        return corridors


class Simulation(Section):
    """How the queues are simulated."""

    warm_up_days: Whole = Field(
        default=3,
        ge=0,
        le=7,
        description="Days before the first one that are simulated too, each as the same day of "
        "the week is in the demand (before Monday its Sunday), so that trucks on their way and at "
        "rest are there when counting begins; 0 begins with empty roads and sites.",
    )


def _name_or_rules(schema: dict[str, Any]) -> None:
    """Let editors accept a name where the model holds what the name stands for."""
    for key in ("$ref", "allOf"):
        if key in schema:
            schema["anyOf"] = [{key: schema.pop(key)}]
    schema["anyOf"].insert(0, {"type": "string"})


_SEEDS = 2**32


class Scenario(Section):
    """One study: which roads, sites, demand, trucks and charging points, and how to search."""

    name: StudyName
    description: str = Field(default="", description="What the study asks, for the report.")
    preset: str | None = Field(
        default=None,
        description="A name from config/presets.yaml, which sets keys in many sections; a key "
        "given beside it wins. `planner validate` shows what it sets.",
    )
    seed: Whole = Field(default=1, ge=0, lt=_SEEDS, description="Seed of all random draws.")
    replications: Whole = Field(
        default=1,
        ge=1,
        le=1000,
        description="Draws of the demand on which the solutions of the front are simulated, with "
        "the scenario's seed, the next, and so on. From two on, tables, report and charts tell "
        "the least and the greatest value of each solution over them. The search is of the first "
        "draw alone.",
    )
    results_licence: str = Field(
        default="",
        description="Licence under which you publish the results, for example `CC-BY-4.0`; stands "
        "in datapackage.json.",
    )
    network: Network
    sites: SitesSection
    demand: Demand
    vehicles: Vehicles = Field(default_factory=Vehicles, validate_default=True)
    driver_rules: DriverRules = Field(
        default="eu-561-flat",  # a name, looked up like any other
        validate_default=True,
        description="A name from config/driver_rules.yaml, or the rules themselves.",
        json_schema_extra=_name_or_rules,
    )
    driver_behaviour: DriverBehaviour = Field(
        default="least-time",  # a name, looked up like any other
        validate_default=True,
        description="A name from config/driver_behaviour.yaml, or the behaviour itself.",
        json_schema_extra=_name_or_rules,
    )
    chargers: Chargers = Field(default_factory=Chargers)
    routing: Routing = Field(default_factory=Routing)
    simulation: Simulation = Field(default_factory=Simulation)
    optimization: Optimization = Field(default_factory=Optimization)
    replanning: Replanning | None = Field(
        default=None,
        description="How trucks learn the queues of the balanced layout; without it they do not.",
    )
    market: NationalMarket | None = Field(
        default=None,
        description="Operators that compete by prices and points at the sites of the balanced "
        "layout; without it nobody asks what a kWh costs.",
    )
    depots: NationalDepots | None = Field(
        default=None,
        description="Depots whose trucks start with the charge that they get there in time; "
        "without them, and at all other places, it is drawn as demand.initial_soc says.",
    )

    infrastructure_costs: CostSet | None = Field(
        default=None,
        description="What sites and the time of trucks cost: a name from "
        "config/infrastructure_costs.yaml, or the figures themselves (`based_on: NAME` takes what "
        "they do not say from there). With it the plan of least cost to all is named least-cost, "
        "and the search can aim at costs.",
        json_schema_extra=_name_or_rules,
    )
    regions: Regions | None = Field(
        default=None,
        description="Polygons that results are told by, in groups.csv; without them federal states "
        "on the built-in network, and nothing by region on others.",
    )
    standing: StandingPoints | None = Field(
        default=None,
        description="Charging points that stand already, beside those that the table of sites "
        "tells: no plan has fewer at a site.",
    )

    @field_validator("driver_rules", mode="before")
    @classmethod
    def _rules_by_name(cls, value: object, info: ValidationInfo) -> object:
        return library_of(info).driver_rules(value) if isinstance(value, str) else value

    @field_validator("driver_behaviour", mode="before")
    @classmethod
    def _behaviour_by_name(cls, value: object, info: ValidationInfo) -> object:
        return library_of(info).driver_behaviour(value) if isinstance(value, str) else value

    @field_validator("infrastructure_costs", mode="before")
    @classmethod
    def _costs_by_name(cls, value: object, info: ValidationInfo) -> object:
        return library_of(info).infrastructure_costs(value)

    @model_validator(mode="after")
    def _drivers_can_behave_so(self) -> Self:
        behaviour, chargers = self.driver_behaviour, self.chargers
        behaviour.check_limits(self.driver_rules)
        if behaviour.is_break_first and self.market is not None:
            msg = said(
                "no market section beside driver_behaviour.stop_planning: break_first, whose "
                "drivers do not change their stops for prices; take it out, or set "
                "driver_behaviour to least-time",
            )
            raise ValueError(msg)
        connectors = {each.connector for each in chargers.classes.values()}
        for name, vehicle in self.vehicles.classes.items():
            if connectors and not connectors & set(vehicle.connectors):
                msg = said(
                    "the vehicle class {name} to have a connector of the two classes "
                    "({listed}); found {found}",
                    name=name,
                    listed=", ".join(sorted(connectors)),
                    found=", ".join(vehicle.connectors),
                )
                raise ValueError(msg)
        share = chargers.hpc_charge_to_share
        for name, vehicle in self.vehicles.classes.items():
            if share <= vehicle.min_soc_share:
                msg = said(
                    "hpc_charge_to_share above the min_soc_share of the vehicle class {name}, "
                    "which is {min_soc_share}; found {share}",
                    name=name,
                    min_soc_share=f"{vehicle.min_soc_share:g}",
                    share=f"{share:g}",
                )
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _plans_lie_on_the_matsim_network(self) -> Self:
        demand, network = self.demand, self.network
        is_open = demand.source == "matsim_plans" and demand.network is None
        if is_open and network.source == "matsim":
            # The model is frozen for its users; this fills in what the one section says, once.
            object.__setattr__(demand, "network", network.path)
        return self

    @model_validator(mode="after")
    def _sites_lie_on_the_network(self) -> Self:
        if self.sites.source == "builtin" and self.network.source != "builtin":
            msg = said(
                "the built-in sites lie on the built-in network; set sites.source to spacing "
                "or table, or network.source to builtin",
            )
            raise ValueError(msg)
        if self.demand.source == "builtin" and self.network.source != "builtin":
            msg = said(
                "the built-in demand begins and ends at the built-in network's regions; set "
                "demand.source to od_table, matsim_plans or trips, or network.source to builtin",
            )
            raise ValueError(msg)
        return self

    def draw(self, number: int) -> Scenario:
        """Study with another draw of the demand: the same with another seed.

        Parameters
        ----------
        number : int
            The draw, from 1; the first has the study's own seed.
        """
        return self.model_copy(update={"seed": (self.seed + number - 1) % _SEEDS})

    @property
    def horizon_h(self) -> float:
        """End of the simulated time, hours since Monday 00:00: the end of the last day."""
        return 24.0 * (WEEK.index(self.demand.days[-1]) + 1)

    @property
    def start_h(self) -> float:
        """Start of the simulated time, hours since Monday 00:00: the start of the first day."""
        return 24.0 * WEEK.index(self.demand.days[0])
