"""The files that a plan is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.demand.depot_places import read_depot_places
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import named_files

if TYPE_CHECKING:
    from pathlib import Path

    from planner.scenario.model import Scenario
    from planner.scenario.national_depots import NationalDepots


def input_files(scenario: Scenario) -> dict[str, Path]:
    """Files and folders that a scenario's result depends on, by what they are."""
    sections = {"network": scenario.network, "sites": scenario.sites, "demand": scenario.demand}
    named = {
        name: path for key, section in sections.items() for name, path in named_files(section, key)
    }
    if scenario.regions is not None:
        named |= dict(named_files(scenario.regions, "regions"))
    if scenario.standing is not None:
        named |= dict(named_files(scenario.standing, "standing"))
    if scenario.optimization.bounds is not None:
        named |= dict(named_files(scenario.optimization.bounds, "optimization.bounds"))
    if scenario.depots is not None:
        named |= _of_depots(scenario.depots)
    if "builtin" in {section.source for section in sections.values()}:
        named["built-in Germany"] = bundled_path("network/germany")
    return named


def _of_depots(settings: NationalDepots) -> dict[str, Path]:
    """Files that the depots of a plan depend on, by what they are, each once."""
    named = [] if settings.table is None else [("depots.table", settings.table.path)]
    for depot in read_depot_places(settings):
        above = f"depots.{depot.place.id}"
        named.append((f"{above}.study", depot.file))
        named += [(f"{above}.{key}", path) for key, path in named_files(depot.study)]
    first_name = {path: name for name, path in reversed(named)}
    return {name: path for name, path in named if first_name[path] == name}
