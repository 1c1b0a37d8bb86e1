"""What a key expects and what it holds, in words: from the JSON schema and from the value."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from planner.errors import quoted
from planner.scenario.patterns import PATTERN_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN_CHARACTERS = 80
_KINDS = {
    "boolean": "true or false",
    "object": "keys with values",
    "null": "nothing",
}
_FORMATS = {"path": "a path", "date": "a date such as 2026-01-31"}


def alternatives(node: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """What may stand at a node of a JSON schema, references followed and unions opened."""
    if "$ref" in node:
        return alternatives(definitions[node["$ref"]], definitions)
    nested = node.get("oneOf") or node.get("anyOf") or node.get("allOf")
    if nested:
        return [found for option in nested for found in alternatives(option, definitions)]
    return [node]


def expected_words(nodes: Sequence[dict[str, Any]], definitions: dict[str, Any]) -> str:
    """Words for what may stand at a place.

    Parameters
    ----------
    nodes : sequence of dict
        JSON schema of what may stand there.
    definitions : dict
        Named parts of the schema.
    """
    found = [option for node in nodes for option in alternatives(node, definitions)]
    words = [_words(option, definitions) for option in found if option.get("type") != "null"]
    # A decimal number may be given as text too, which nobody is to be told to do.
    numbers = [option for option in found if option.get("type") == "number"]
    if numbers and len(found) > len(numbers):
        texts = [option for option in found if option.get("type") == "string"]
        words = [_words(option, definitions) for option in found if option not in texts] or words
        words = [each for each in words if each != "nothing"]
    return " or ".join(dict.fromkeys(words)) or "something else"


def found_words(value: object) -> str:
    """Words for a value as YAML knows it, at most about 80 characters of it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return quoted(value, _SHOWN_CHARACTERS)


def kind_words(value: object) -> str:
    """Words for the kind of a value."""
    kinds: dict[type, str] = {dict: "keys with values", list: "a list", str: "text"}
    return kinds.get(type(value), found_words(value))


def _words(node: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "const" in node or "enum" in node:
        return one_of(node.get("enum", [node.get("const")]))
    kind = node.get("type")
    if kind in {"number", "integer"}:
        return _number_words(node)
    if kind == "string":
        return _text_words(node)
    if kind == "array":
        return _list_words(node, definitions)
    return _KINDS.get(str(kind), "a value")


def one_of(values: Sequence[object]) -> str:
    """Words for a choice: 'a', 'b' or 'c'."""
    shown = [found_words(value) for value in values]
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _number_words(node: dict[str, Any]) -> str:
    word = "a whole number" if node["type"] == "integer" else "a number"
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, below = node.get("maximum"), node.get("exclusiveMaximum")
    lows = [f"above {above:.15g}"] if low is None and above is not None else []
    if low is not None:
        is_strict = above is not None and above >= low
        lows = [f"above {above:.15g}" if is_strict else f"of at least {low:.15g}"]
    highs = [f"of at most {high:.15g}"] if high is not None else []
    if below is not None and (high is None or below <= high):
        highs = [f"below {below:.15g}"]
    if lows and highs and lows[0].startswith("of") and highs[0].startswith("of"):
        return f"{word} from {low:.15g} to {high:.15g}"
    return " ".join([word, " and ".join([*lows, *highs])]).strip()


def _text_words(node: dict[str, Any]) -> str:
    if "pattern" in node:
        return PATTERN_WORDS.get(node["pattern"], "text of another form")
    if node.get("format") in _FORMATS:
        return _FORMATS[node["format"]]
    return f"text{_length_words(node, 'Length', 'character')}"


def _list_words(node: dict[str, Any], definitions: dict[str, Any]) -> str:
    items = node.get("items")
    of = expected_words([items], definitions) if isinstance(items, dict) and items else ""
    length = _length_words(node, "Items", "entry")
    return f"a list{length}" + (f", each {of}" if of and of != "a value" else "")


def _length_words(node: dict[str, Any], measure: str, unit: str) -> str:
    low, high = node.get(f"min{measure}"), node.get(f"max{measure}")
    units = {"character": "characters", "entry": "entries"}[unit]
    if low is not None and low == high:
        return f" of {low} {unit if low == 1 else units}"
    if low is not None and high is not None:
        return f" of {low} to {high} {units}"
    if low is not None:
        return f" of at least {low} {unit if low == 1 else units}"
    return "" if high is None else f" of at most {high} {unit if high == 1 else units}"
