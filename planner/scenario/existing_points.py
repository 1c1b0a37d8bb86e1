"""Charging points that stand or are announced, told by their places: ``sites.existing``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from planner.scenario.input_paths import InputPath
from planner.scenario.parameter_sets import Positive, Section, Whole
from planner.scenario.site_changes import SiteChanges
from planner.scenario.table_sections import TableSection


class ExistingPoints(TableSection):
    """Charging points for trucks by their places: a register's file, or a table of points."""

    path: InputPath = Field(
        description="The federal charging register as the Bundesnetzagentur publishes it (CSV), of "
        "which the points for trucks are taken by config/existing_points.yaml; the static "
        "publication of a national access point (DATEX II, profile for AFIR, JSON); or a table of "
        "points for trucks with a row per place as CSV, Excel, Parquet, GeoPackage or GeoJSON."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column of a table holds what, where the usual names are not used: name, "
        "operator, country, lon, lat, n_points, power_kw (of a point), kind (hpc or lpc), status "
        "(live or announced), opening_year, for_trucks.",
    )
    year: Whole | None = Field(
        default=None,
        ge=2000,
        le=2200,
        description="Year that is planned: points that open after it do not stand yet. In a "
        "roadmap the year of each plan; without it all open points stand.",
    )
    announced: Literal["shown", "stand"] = Field(
        default="shown",
        description="Announced points: shown beside what stands, or taken as standing, those with "
        "an opening year up to `year` where that is given.",
    )
    max_km: Positive | None = Field(
        default=None,
        le=50.0,
        description="Farthest that points lie from the site that they belong to, km in a straight "
        "line; by default that of config/existing_points.yaml.",
    )
    country: str | None = Field(
        default=None,
        min_length=2,
        max_length=60,
        description="Only rows of this country, as the table writes it; by default all.",
    )


class WithExisting(Section):
    """What all sources of sites may say besides."""

    existing: ExistingPoints | None = Field(
        default=None,
        description="Charging points that stand or are announced: no plan has fewer at the site "
        "that is nearest to them.",
    )
    changes: SiteChanges | None = Field(
        default=None,
        description="Sites added to those of the source, and other grid connections of some of "
        "them, from a table of one's own.",
    )
