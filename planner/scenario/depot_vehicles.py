"""Trucks of a depot, by the physics of their driving: entries of ``config/depot_vehicles.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.scenario.parameter_sets import NotNegative, Number, Positive, Section, Share

_Efficiency = Annotated[Number, Field(gt=0.0, le=1.0)]


class DepotVehicle(Section):
    """A truck whose energy on a way follows from load, speed and slope."""

    description: str = Field(default="", description="What the truck stands for.")
    curb_mass_kg: Positive = Field(
        le=200_000.0, description="Mass without load, with trailer if any, kg."
    )
    payload_kg: Positive = Field(le=200_000.0, description="Most that it carries, kg.")
    battery_kwh: Number = Field(ge=1.0, le=100_000.0, description="Usable battery capacity, kWh.")
    reserve_kwh: NotNegative = Field(
        default=0.0,
        le=100_000.0,
        description="Energy that is never touched, kWh; below `battery_kwh`.",
    )
    max_charging_kw: Number = Field(
        default=1000.0, ge=1.0, le=10_000.0, description="Highest power the truck accepts, kW."
    )
    rolling_resistance: Positive = Field(
        le=0.1, description="Rolling resistance, share of the weight, for example 0.006."
    )
    drag_area_m2: Positive = Field(le=100.0, description="Drag coefficient times frontal area, m².")
    air_density_kg_m3: Positive = Field(
        default=1.2041, le=10.0, description="Density of the air, kg/m³."
    )
    drivetrain_efficiency: _Efficiency = Field(
        description="Energy at the wheels as a share of that taken from the battery."
    )
    regeneration_share: Share = Field(
        default=0.0,
        description="Braking energy at the wheels that comes back into the battery, share; 0 "
        "without regeneration.",
    )
    auxiliary_kw: NotNegative = Field(
        default=0.0, le=1000.0, description="Power of everything but driving while under way, kW."
    )
    stops_per_km: NotNegative = Field(
        default=0.0,
        le=10.0,
        description="Full stops per km from which the truck speeds up again to its mean speed; "
        "0 for steady driving.",
    )
    source: str = Field(default="", description="Where the figures come from.")
