"""Turning validation errors into sentences that name the key, what was expected and found."""

from __future__ import annotations

import re
from typing import Any

from planner.scenario.suggestions import did_you_mean

_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("of at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("of at most", "le"),
}
_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "string": "text",
    "bool": "true or false",
    "dict": "keys with values",
    "model": "keys with values",
    "tuple": "a list",
    "list": "a list",
    "path": "a path",
    "finite": "a finite number",
}
_NUMBER_FAULTS = {"float_type", "float_parsing", "int_type", "int_parsing"}


def fault_sentence(fault: dict[str, Any], raw: object, schema: dict[str, Any]) -> str:
    """One sentence for one fault.

    Parameters
    ----------
    fault : dict
        An entry of ``pydantic.ValidationError.errors()``.
    raw : object
        The document that was validated.
    schema : dict
        JSON schema of what was expected, for the allowed keys.

    Returns
    -------
    str
        ``key.path: expected ...; found ...``.
    """
    keys = _keys_of_document(fault["loc"], raw)
    name = ".".join(str(key) for key in keys) or "the document"
    kind, context = fault["type"], fault.get("ctx", {})
    found = _shown(fault.get("input"))
    if kind == "extra_forbidden":
        allowed = sorted(_allowed_keys(schema, fault["loc"][:-1]))
        guess = did_you_mean(keys[-1], allowed)
        return f"{name}: unknown key{guess}; allowed here: {', '.join(allowed)}"
    if kind == "missing":
        return f"{name}: missing; this key has no default"
    if kind == "union_tag_not_found":
        return f"{name}.source: missing; it says where the data come from"
    if kind == "union_tag_invalid":
        tags = context["expected_tags"]
        guess = did_you_mean(context["tag"], _quoted(tags))
        return f"{name}.source: expected one of {tags}; found {context['tag']!r}{guess}"
    if kind == "literal_error":
        guess = did_you_mean(fault["input"], _quoted(context["expected"]))
        return f"{name}: expected {context['expected']}; found {found}{guess}"
    if kind == "value_error":
        return f"{name}: expected {context['error']}"
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"{name}: expected a value {words} {context[bound]:g}; found {found}" + _share_hint(
            str(keys[-1]), fault.get("input")
        )
    if kind == "string_pattern_mismatch":
        return f"{name}: expected text that matches {context['pattern']}; found {found}"
    if kind == "invalid_key":
        return (
            f"{name}: expected words as keys; found {keys[-1]!r}. Is it part of a number with a "
            "decimal comma? Write decimals with a point"
        )
    expected = next((text for stem, text in _TYPES.items() if kind.startswith(stem)), None)
    hint = _number_hint(str(keys[-1]), fault.get("input")) if kind in _NUMBER_FAULTS else ""
    return f"{name}: expected {expected or fault['msg']}; found {found}{hint}"


def _keys_of_document(loc: tuple[int | str, ...], raw: object) -> list[int | str]:
    """Keys that stand in the document: pydantic also names the branch of a union it took."""
    keys: list[int | str] = []
    place: Any = raw
    for position, part in enumerate(loc):
        is_last = position == len(loc) - 1
        if isinstance(place, dict) and part not in place and not is_last:
            continue
        keys.append(part)
        if isinstance(place, dict):
            place = place.get(part)
        elif isinstance(place, (list, tuple)) and isinstance(part, int) and part < len(place):
            place = place[part]
    if len(keys) > 1 and isinstance(place, dict) and keys[-1] == place.get("source"):
        keys.pop()
    return keys


def _allowed_keys(schema: dict[str, Any], loc: tuple[int | str, ...]) -> set[str]:
    """Keys allowed at a place of the document, from the JSON schema."""
    definitions = schema.get("$defs", {})
    branches = [schema]
    for part in loc:
        branches = [
            step
            for branch in branches
            for step in _resolved(branch, definitions)
            for step in _step(step, part)
        ]
    return {
        key
        for branch in branches
        for node in _resolved(branch, definitions)
        for key in node.get("properties", {})
    }


def _resolved(node: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in node:
        return _resolved(definitions[node["$ref"]], definitions)
    nested = node.get("oneOf") or node.get("anyOf") or node.get("allOf")
    if nested:
        return [found for option in nested for found in _resolved(option, definitions)]
    return [node]


def _step(node: dict[str, Any], part: int | str) -> list[dict[str, Any]]:
    properties = node.get("properties", {})
    if part in properties:
        return [properties[part]]
    if properties.get("source", {}).get("const") == part:
        return [node]
    extra = node.get("additionalProperties")
    return [extra] if isinstance(extra, dict) else []


def _quoted(alternatives: str) -> list[str]:
    return re.findall(r"'([^']*)'", alternatives)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _number_hint(key: str, value: object) -> str:
    """How to write a number that was given with a comma or a sign of percent."""
    written = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)(\s*%)?", str(value).strip())
    if written is None:
        return ""
    number = written[1].replace(",", ".")
    if written[2]:
        return f" (write {float(number) / 100:g} for {number} %)" if "share" in key else ""
    return f" (write decimals with a point: {number})" if "," in written[1] else ""


def _share_hint(key: str, value: object) -> str:
    is_percent = isinstance(value, int | float) and 1.0 < value <= 100.0
    return f" (write {value / 100:g} for {value:g} %)" if "share" in key and is_percent else ""  # type: ignore[operator]
