"""Presets: keys of many sections that a scenario sets with one name.

A key that the scenario gives beside the preset wins. Keys that the scenario's kind of demand does
not have are left out.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from planner.errors import ScenarioError, quoted
from planner.said import joined, meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.demand_sources import Demand, DemandCommon
from planner.scenario.parameter_library import bundled_library
from planner.scenario.parameter_sets import Section
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.said import Said
    from planner.scenario.model import Scenario

_DEMANDS: dict[object, type[DemandCommon]] = {
    get_args(kind.model_fields["source"].annotation)[0]: kind
    for kind in get_args(get_args(Demand)[0])
}
"""Section of each source of demand."""


class Preset(Section):
    """Keys that belong together."""

    description: str
    source: str
    sets: dict[str, Any]


@cache
def presets() -> dict[str, Preset]:
    """Presets that come with the planner, by name."""
    path = bundled_path("config/presets.yaml")
    return validated(TypeAdapter(dict[str, Preset]), read_yaml_mapping(path), path.name, {})


def with_preset(keys: dict[str, Any], where: str) -> dict[str, Any]:
    """Keys of a scenario with those of its preset below them.

    Parameters
    ----------
    keys : dict
        As the file and ``--set`` give them.
    where : str
        The file, for messages.

    Raises
    ------
    ScenarioError
        If there is no such preset.
    """
    name = keys.get("preset")
    if name is None:
        return keys
    known = presets()
    if name not in known:
        fault = said(
            "preset: expected one of {known}; found {name}{hint}",
            known=list(known),
            name=quoted(str(name)),
            hint=meant(str(name), known),
        )
        raise ScenarioError([fault], where)
    demand = keys.get("demand")
    source = demand.get("source") if isinstance(demand, dict) else None
    return _merged(_fitting(known[name].sets, source), keys)


def preset_line(scenario: Scenario) -> Said | None:
    """Say for a person what a scenario's preset has set; None where it names none."""
    if scenario.preset is None:
        return None
    sets = _fitting(presets()[scenario.preset].sets, scenario.demand.source)
    found = scenario.model_dump(mode="json")
    library = bundled_library()
    names: dict[str, Mapping[str, Section]] = {
        "driver_rules": library.rules,
        "driver_behaviour": library.behaviours,
    }
    parts: list[str] = []
    for path, value in _flat(sets):
        # A name stands for a set of parameters, which is what the scenario holds.
        meant = names[path][value].model_dump(mode="json") if path in names else value
        now = _at(found, path)
        sets_it = f"{path} {_written(value)}"
        if now == meant:
            parts.append(sets_it)
        elif path in names:
            parts.append(said("{key} (here another)", key=sets_it))
        else:
            parts.append(said("{key} (here {found})", key=sets_it, found=_written(now)))
    return said("Preset {name} sets {keys}", name=scenario.preset, keys=joined(parts))


def _written(value: object) -> str:
    """A value as scenarios write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fitting(sets: dict[str, Any], demand_source: object) -> dict[str, Any]:
    """What a preset sets, without keys that this source of demand does not have."""
    section = _DEMANDS.get(demand_source, DemandCommon)
    return sets | {"demand": _known_to(section, sets["demand"])}


def _known_to(section: type[Section], keys: dict[str, Any]) -> dict[str, Any]:
    """Keys that a section has, and of its own sections likewise."""
    found = {}
    for key, value in keys.items():
        if key in section.model_fields:
            below = section.model_fields[key].annotation
            if isinstance(below, type) and issubclass(below, Section):
                value = _known_to(below, value)  # noqa: PLW2901
            found[key] = value
    return found


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both, where ``above`` wins."""
    merged = deepcopy(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            merged[key] = _merged(under, value)
        else:
            merged[key] = value
    return merged


def _flat(keys: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in keys.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _at(keys: dict[str, Any], path: str) -> Any:
    for part in path.split("."):
        keys = keys[part]
    return keys
