"""Keys of a scenario as fields of a form, from its own schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from planner.reporting.phrases import phrase
from planner.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 5
_SIMPLE = {"number", "integer", "boolean", "string"}

FIRST = {
    "description": phrase("What the study asks, in a sentence"),
    "demand.electrification_share": phrase("Share of electric trucks (0.10 is 10 %)"),
    "demand.min_distance_km": phrase("Trips of at least so many km"),
    "demand.days": phrase("Days of the week, as [mon, tue, wed, thu]"),
    "sites.network": phrase("Sites of the built-in Germany"),
    "vehicles.mix": phrase("Kinds of trucks and their shares"),
    "chargers.hpc_kw": phrase("Power of a high-power point, kW"),
    "optimization.objectives": phrase("What matters, as [mean_wait_min, tcu]"),
}
"""What is asked first, of all keys."""


@dataclass(frozen=True, slots=True)
class StudyField:
    """A key of a scenario.

    Parameters
    ----------
    key : str
        With those above it, between dots.
    kind : str
        ``"number"``, ``"integer"``, ``"boolean"``, ``"string"``, or ``"yaml"`` for lists and keys.
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
def study_fields() -> dict[str, StudyField]:
    """All keys of a scenario by their names."""
    schema = Scenario.model_json_schema()
    fields: dict[str, StudyField] = {}
    for field in _of_object(schema, schema, "", 0):
        if (known := fields.get(field.key)) is None:
            fields[field.key] = field
        else:
            options = tuple(dict.fromkeys((*known.options, *field.options)))
            sources = (*known.sources, *field.sources)
            fields[field.key] = replace(known, options=options, sources=sources)
    return fields


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
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
