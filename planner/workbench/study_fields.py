"""Keys of each kind of study as fields of a form, from its own schema."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from planner.optimization.objectives import OBJECTIVES
from planner.reporting.phrases import phrase
from planner.scenario.any_study import FILE_KINDS
from planner.scenario.expectations import alternatives
from planner.workbench.yaml_edits import in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.reporting.phrases import Phrase
    from planner.scenario.study_kinds import KindName

OBJECTIVES_KEY = "optimization.objectives"
"""Whose values the search knows, not the schema."""
_DEEPEST = 5
_SIMPLE = {"number", "integer", "boolean", "string"}

_DESCRIPTION = phrase("What the study asks, in a sentence")
_BASE = phrase("The study that it begins with")

FIRST: dict[KindName, dict[str, Phrase]] = {
    "scenario": {
        "description": _DESCRIPTION,
        "demand.electrification_share": phrase("Share of electric trucks (0.10 is 10 %)"),
        "demand.min_distance_km": phrase("Trips of at least so many km"),
        "demand.days": phrase("Days of the week"),
        "sites.network": phrase("Sites of the built-in Germany"),
        "vehicles.mix": phrase("Kinds of trucks and their shares"),
        "driver_rules": phrase("Driving times, breaks and rests"),
        "chargers.hpc_kw": phrase("Power of a high-power point, kW"),
        "infrastructure_costs": phrase("What sites and the time of trucks cost"),
        "optimization.objectives": phrase("What matters: two or three, such as short waits"),
    },
    "sweep": {
        "description": _DESCRIPTION,
        "base": _BASE,
        "axes": phrase("Keys that are varied, with their values"),
        "fixed": phrase("Keys that are set in all runs"),
        "replications": phrase("Runs of each combination"),
    },
    "roadmap": {
        "description": _DESCRIPTION,
        "base": _BASE,
        "years": phrase("Years, and the keys that change in each"),
        "fixed": phrase("Keys that are set in all years"),
        "solution": phrase("The plan that is built"),
        "foresight": phrase("With foresight too"),
    },
    "depot": {
        "description": _DESCRIPTION,
        "depot.month": phrase("Month of the day that is planned"),
        "depot.stops.path": phrase("Table of the customers"),
        "depot.fleet.trucks": phrase("Trucks of the depot"),
        "depot.fleet.vehicle": phrase("Kind of truck"),
        "depot.site.chargers.points": phrase("Charging points of the depot"),
        "depot.site.chargers.kw": phrase("Power of a charging point, kW"),
        "depot.site.grid.max_import_kw": phrase("Grid connection, kW"),
        "depot.site.tariff.name": phrase("Tariff"),
    },
    "market": {
        "description": _DESCRIPTION,
        "operators": phrase("Operators, with their costs, points and prices"),
        "demand_variation_share": phrase("Mean demand of the year, in parts of the typical day's"),
        "trucks.energy_kwh": phrase("Energy that a truck charges, kWh"),
        "trucks.charging_kw": phrase("Mean power while charging, kW"),
        "price_cap_eur_kwh": phrase("Highest price that is allowed, EUR/kWh"),
    },
}
"""What is asked first, of all keys of a kind of study."""


@dataclass(frozen=True, slots=True)
class StudyField:
    """A key of a study.

    Parameters
    ----------
    key : str
        With those above it, between dots.
    kind : str
        ``"number"``, ``"integer"``, ``"boolean"``, ``"string"``, ``"choices"`` for a list out of
        ``options``, or ``"yaml"`` for other lists and keys.
    options : tuple of str
        Values that it may have; none where there are too many to be listed.
    limits : str
        Between which numbers it lies; empty where nothing is said.
    default : str
        What holds without it, in YAML; empty where nothing does.
    description : str
        What it means, with its unit.
    sources : tuple of str
        Values of ``source`` beside it with which it may stand; empty where it always may.
    """

    key: str
    kind: str
    options: tuple[str, ...]
    limits: str
    default: str
    description: str
    sources: tuple[str, ...] = ()


@cache
def study_fields(kind: KindName = "scenario") -> dict[str, StudyField]:
    """All keys of a kind of study by their names."""
    schema = FILE_KINDS[kind].model.model_json_schema()
    fields: dict[str, StudyField] = {}
    for field in _of_object(schema, schema, "", 0):
        if (known := fields.get(field.key)) is None:
            fields[field.key] = field
        else:
            options = tuple(dict.fromkeys((*known.options, *field.options)))
            sources = (*known.sources, *field.sources)
            fields[field.key] = replace(known, options=options, sources=sources)
    return fields


@cache
def path_keys(kind: KindName) -> frozenset[str]:
    """Last parts of the keys of a kind of study that may name a file."""
    schema = FILE_KINDS[kind].model.model_json_schema(ref_template="{model}")
    definitions = schema.get("$defs", {})
    return frozenset(
        name
        for section in (schema, *definitions.values())
        for name, spec in section.get("properties", {}).items()
        if name == "base"  # a file, or a name
        or any(
            each.get("format") == "path" or "path" in each.get("properties", {})
            for each in alternatives(spec, definitions)
        )
    )


def _of_object(
    schema: dict[str, Any], section: dict[str, Any], above: str, depth: int
) -> Iterator[StudyField]:
    for name, spec in section.get("properties", {}).items():
        yield from _of_key(schema, spec, f"{above}.{name}" if above else name, depth)


def _of_key(
    schema: dict[str, Any], spec: dict[str, Any], key: str, depth: int
) -> Iterator[StudyField]:
    whole = _resolved(schema, spec)
    branches = [_resolved(schema, each) for each in whole.get("oneOf", whole.get("anyOf", ()))]
    branches = [each for each in branches if each.get("type") != "null"]
    if depth < _DEEPEST and whole.get("properties"):
        yield from _of_object(schema, whole, key, depth + 1)
    elif "discriminator" in whole and depth < _DEEPEST:
        for branch in branches:
            source = branch["properties"].get("source", {})
            label = str(source.get("const", source.get("default", "")))
            for field in _of_object(schema, branch, key, depth + 1):
                yield (
                    field
                    if field.key == f"{key}.source"
                    else replace(field, sources=(label,) if label else ())
                )
    elif len(branches) == 1 and branches[0].get("properties") and depth < _DEEPEST:
        yield from _of_object(schema, branches[0], key, depth + 1)
    else:
        yield _leaf(whole | branches[0] | whole if len(branches) == 1 else whole, key)


def _leaf(spec: dict[str, Any], key: str) -> StudyField:
    kind = spec.get("type") if spec.get("type") in _SIMPLE else "yaml"
    options = spec.get("enum", [spec["const"]] if "const" in spec else ())
    listed = tuple(OBJECTIVES) if key == OBJECTIVES_KEY else spec.get("items", {}).get("enum", ())
    if spec.get("type") == "array" and listed:
        kind, options = "choices", listed
    default = spec.get("default")
    return StudyField(
        key=key,
        kind=str(kind),
        options=("true", "false") if kind == "boolean" else tuple(map(str, options)),
        limits=_limits(spec),
        default="" if default is None else written(default),
        description=str(spec.get("description", "")),
    )


def _limits(spec: dict[str, Any]) -> str:
    signs = (
        ("minimum", "≥"),
        ("exclusiveMinimum", ">"),
        ("maximum", "≤"),
        ("exclusiveMaximum", "<"),
    )
    spec = {  # what lies above zero needs not be told to be at least zero
        name: value
        for name, value in spec.items()
        if not (name == "minimum" and spec.get("exclusiveMinimum", value - 1) >= value)
    }
    return ", ".join(f"{sign} {spec[name]:.10g}" for name, sign in signs if name in spec)


def _resolved(schema: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in spec:
        return spec
    return {**schema["$defs"][spec["$ref"].rpartition("/")[2]], **spec}


def written(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict | list | tuple):
        plain = json.loads(json.dumps(value, default=str)) if isinstance(value, tuple) else value
        flow: str = yaml.safe_dump(
            plain, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf
        )
        return flow.strip()
    return value if isinstance(value, str) else json.dumps(value, default=str)


def in_yaml(key: str, value: str, kind: KindName = "scenario") -> str:
    """What is typed in a field, in YAML: texts are marked as such where they look like others."""
    field = study_fields(kind).get(key)
    is_text = value.strip() and field is not None and field.kind == "string"
    return in_quotes(value.strip()) if is_text else value
