"""The files that a plan is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.depots import depot_input_files
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import named_files

if TYPE_CHECKING:
    from pathlib import Path

    from planner.scenario.model import Scenario


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
        named |= depot_input_files(scenario.depots)
    if "builtin" in {section.source for section in sections.values()}:
        named["built-in Germany"] = bundled_path("network/germany")
    return named
