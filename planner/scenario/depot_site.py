"""What stands at a depot: building, PV, storage, charging points, grid connection, tariff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from planner.said import said
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import (
    Money,
    NotNegative,
    Number,
    Positive,
    Section,
    Share,
    Whole,
)
from planner.scenario.table_sections import SheetSection
from planner.scenario.tariff_library import read_tariff, tariff_file
from planner.scenario.tariffs import ExportPrices, Tariff

MAX_KW = 10_000_000.0
"""Highest power at a depot, kW: ten times the largest power station's."""

_Efficiency = Annotated[Number, Field(gt=0.0, le=1.0)]
_Kw = Annotated[NotNegative, Field(le=MAX_KW)]
_KwAboveZero = Annotated[Positive, Field(le=MAX_KW)]
_KwhAboveZero = Annotated[Positive, Field(le=10_000_000.0)]


class ConstantLoad(Section):
    """A building that always draws the same."""

    source: Literal["constant"]
    kw: _Kw = Field(description="Power, kW.")


class StandardLoad(Section):
    """A standard load profile of the German energy industry (BDEW, 2025)."""

    source: Literal["standard_profile"]
    profile: Literal["g25", "l25", "h25"] = Field(
        default="g25", description="Commerce (g25), agriculture (l25) or household (h25)."
    )
    annual_kwh: NotNegative = Field(le=10_000_000_000.0, description="Use of a year, kWh.")


class TableLoad(SheetSection):
    """A building's load from a table with a row per hour or quarter of an hour of a year."""

    source: Literal["csv"]
    path: InputPath = Field(
        description="CSV, Excel or Parquet file that begins on 1 January; 8,760 (8,784) or "
        "35,040 (35,136) rows."
    )
    columns: dict[str, Annotated[Number, Field(ge=-1_000_000.0, le=1_000_000.0)]] = Field(
        min_length=1,
        description="Columns in kW that are added up, each with its factor: `load: 1.0`, or "
        "`cooling: 0.25` for cooling by a chiller that makes 4 kWh of one.",
    )
    day_type_column: str | None = Field(
        default=None,
        description="Column with the day of the week, 1 Monday to 7 Sunday (8 holiday), where the "
        "table's year has other days of the week than the planned one.",
    )


class ClearSkyPv(Section):
    """PV on clear days by pvlib, with a share for clouds."""

    source: Literal["clear_sky"]
    kw_peak: _Kw = Field(description="Peak power of the modules, kW.")
    latitude: Number = Field(ge=-66.0, le=66.0, description="Degrees north.")
    longitude: Number = Field(ge=-180.0, le=180.0, description="Degrees east.")
    utc_offset_h: Number = Field(
        ge=-14.0, le=14.0, description="Local time less UTC on the planned day, hours: -7, 2."
    )
    altitude_m: Number = Field(default=0.0, ge=-500.0, le=6000.0, description="Altitude, m.")
    tilt_deg: Number = Field(default=20.0, ge=0.0, le=90.0, description="Tilt of the modules.")
    azimuth_deg: Number = Field(
        default=180.0, ge=0.0, le=360.0, description="Where they look; 180 is south."
    )
    inverter_kw: _KwAboveZero | None = Field(
        default=None, description="Power of the inverter, kW; that of the modules if none."
    )
    losses_share: Share = Field(
        default=0.14, description="Losses of dirt, heat, wires and inverter, share."
    )
    cloud_share: Share = Field(
        default=0.0, description="Part of the clear sky's energy that clouds take."
    )


class WeatherPv(FileSection):
    """PV by pvlib from a weather file: a typical year as EPW or TMY3."""

    source: Literal["weather"]
    path: InputPath = Field(description="Weather file, .epw or .csv (TMY3).")
    kw_peak: _Kw = Field(description="Peak power of the modules, kW.")
    tilt_deg: Number = Field(default=20.0, ge=0.0, le=90.0, description="Tilt of the modules.")
    azimuth_deg: Number = Field(default=180.0, ge=0.0, le=360.0, description="180 is south.")
    inverter_kw: _KwAboveZero | None = Field(
        default=None, description="Power of the inverter, kW; that of the modules if none."
    )
    losses_share: Share = Field(default=0.14, description="Losses apart from heat, share.")


class TablePv(SheetSection):
    """PV from a table with a row per hour or quarter of an hour of a year."""

    source: Literal["csv"]
    path: InputPath = Field(
        description="CSV, Excel or Parquet file that begins on 1 January; 8,760 (8,784) or "
        "35,040 (35,136) rows."
    )
    column: str = Field(description="Column with the PV power.")
    unit: Literal["w_per_kw_peak", "kw"] = Field(
        default="w_per_kw_peak", description="Watts per kW of modules, or kW of the whole."
    )
    kw_peak: _Kw = Field(
        default=1.0, description="Peak power of the modules, kW; unused with unit kw."
    )


BuildingLoad = Annotated[ConstantLoad | StandardLoad | TableLoad, Field(discriminator="source")]
Pv = Annotated[ClearSkyPv | WeatherPv | TablePv, Field(discriminator="source")]


class DepotStorage(Section):
    """A stationary battery."""

    capacity_kwh: _KwhAboveZero = Field(description="Energy of the full battery, kWh.")
    charge_kw: _KwAboveZero = Field(description="Highest power into it, kW.")
    discharge_kw: _KwAboveZero = Field(description="Highest power out of it, kW.")
    initial_share: Share = Field(default=0.5, description="State of charge at midnight.")
    least_share: Share = Field(default=0.1, description="Lowest state of charge.")
    most_share: Share = Field(default=0.9, description="Highest state of charge.")
    final_share: Share | None = Field(
        default=None,
        description="Least state of charge at the end of the horizon; that of the begin if none. "
        "least_share leaves it free.",
    )
    charge_efficiency: _Efficiency = Field(default=0.96, description="Share stored.")
    discharge_efficiency: _Efficiency = Field(default=0.96, description="Share that comes out.")
    wear_per_kwh: Money = Field(
        default=0.01, description="What a kWh discharged costs in wear, in the tariff's currency."
    )
    may_export: bool = Field(
        default=False, description="Whether it may feed the grid, or serves the site alone."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        final = self.initial_share if self.final_share is None else self.final_share
        for what, share in (("initial_share", self.initial_share), ("final_share", final)):
            if not self.least_share <= share <= self.most_share:
                msg = said(
                    "{what} between least_share and most_share; found {share}, not within "
                    "{least_share} to {most_share}",
                    what=what,
                    share=f"{share:g}",
                    least_share=f"{self.least_share:g}",
                    most_share=f"{self.most_share:g}",
                )
                raise ValueError(msg)
        return self


class DepotChargers(Section):
    """Charging points at the depot."""

    points: Whole = Field(default=1, ge=0, le=1000, description="Charging points.")
    kw: Positive = Field(default=150.0, le=5000.0, description="Power of a charging point, kW.")
    efficiency: _Efficiency = Field(
        default=0.95, description="Share of the energy drawn that arrives in the truck's battery."
    )


class GridConnection(Section):
    """The connection to the grid, and what has been drawn in the billing month already."""

    max_import_kw: _KwAboveZero | None = Field(
        default=None, description="Limit, kW; none if empty."
    )
    max_export_kw: _Kw | None = Field(
        default=None, description="Limit of feeding in, kW; 0 forbids it, none if empty."
    )
    peak_so_far_kw: _Kw | None = Field(
        default=None,
        description="Highest power of the month before this day: only more costs a demand charge. "
        "If empty, what the building alone draws on such a day.",
    )


class DepotTariff(FileSection):
    """The tariff: one by name, or one of the US utility rate database."""

    name: str | None = Field(
        default=None, description="Name of a file of config/tariffs, without .yaml."
    )
    urdb: InputPath | None = Field(default=None, description="JSON of the utility rate database.")
    urdb_label: str | None = Field(
        default=None, description="Label of the tariff, where that JSON holds several."
    )
    export_prices: ExportPrices | None = Field(
        default=None, description="What energy fed in brings, in place of what the tariff says."
    )
    definition: Tariff | None = Field(
        default=None, description="The tariff written out; read from the file of its name if empty."
    )

    @field_validator("name")
    @classmethod
    def _is_a_tariff(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is not None:
            tariff_file(name, _folder(info))
        return name

    @model_validator(mode="after")
    def _one_of_them(self, info: ValidationInfo) -> Self:
        given = [key for key in ("name", "urdb", "definition") if getattr(self, key) is not None]
        if len(given) != 1 and given != ["name", "definition"]:
            msg = said(
                "one of name, urdb and definition; found {value}",
                value=", ".join(given) or "none",
            )
            raise ValueError(msg)
        if self.name is not None and self.definition is None:
            tariff = read_tariff(tariff_file(self.name, _folder(info)))
            # The model is frozen for its users; this fills in what its name stands for, once.
            object.__setattr__(self, "definition", tariff)
        return self


def _folder(info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("base_dir", Path.cwd()))


class DepotSite(Section):
    """What stands at the depot."""

    building: BuildingLoad = Field(description="Load of everything but trucks.")
    pv: Pv | None = Field(default=None, description="Photovoltaics.")
    storage: DepotStorage | None = Field(default=None, description="Stationary battery.")
    chargers: DepotChargers = Field(default_factory=DepotChargers)
    grid: GridConnection = Field(default_factory=GridConnection)
    tariff: DepotTariff = Field(description="What electricity costs.")
