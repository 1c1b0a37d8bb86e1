"""Where OpenStreetMap extracts of whole countries can be had, from ``config/map_extracts.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, TypeAdapter

from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Number, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated


class Extract(Section):
    """File of one country."""

    name: str
    about_mb: Number = Field(gt=0.0, le=1_000_000.0)


class MapExtracts(Section):
    """Files by country's code."""

    address: str
    sure: Literal["official", "published", "assumed"]
    countries: dict[str, Extract]


def where_to_get(countries: list[str]) -> str:
    """Say where the extracts of some countries can be had."""
    known = _map_extracts()
    files = [
        f"{known.address}/{each.name}-latest.osm.pbf (about {each.about_mb:g} MB)"
        for each in (known.countries.get(code) for code in countries)
        if each is not None
    ]
    found = " and ".join(files) or f"the extract of the country from {known.address}"
    joined = "; files of several countries are joined by osmium merge" if len(countries) > 1 else ""
    return f"Download {found}{joined}"


@cache
def _map_extracts() -> MapExtracts:
    path = bundled_path("config/map_extracts.yaml")
    return validated(TypeAdapter(MapExtracts), read_yaml_mapping(path), path.name, {})
