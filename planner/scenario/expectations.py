"""What a key expects and what it holds, in words: from the JSON schema and from the value."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from typing import TYPE_CHECKING, Any

from planner.errors import quoted
from planner.said import Said, said
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
    return _either(list(dict.fromkeys(words))) if words else "something else"


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
    *others, last = [found_words(value) for value in values]
    return _either([", ".join(others), last]) if others else last


def _either(words: Sequence[str]) -> str:
    return reduce(lambda left, right: said("{left} or {right}", left=left, right=right), words)


def _number_words(node: dict[str, Any]) -> str:
    word = "a whole number" if node["type"] == "integer" else "a number"
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, below = node.get("maximum"), node.get("exclusiveMaximum")
    bounds: list[str] = []
    if above is not None and (low is None or above >= low):
        bounds.append(said("above {value}", value=_as(above)))
        low = None
    elif low is not None:
        bounds.append(said("of at least {value}", value=_as(low)))
    if below is not None and (high is None or below <= high):
        bounds.append(said("below {value}", value=_as(below)))
        high = None
    elif high is not None:
        bounds.append(said("of at most {value}", value=_as(high)))
    if low is not None and high is not None:
        return said("{number} from {low} to {high}", number=word, low=_as(low), high=_as(high))
    if len(bounds) > 1:
        both = said("{left} and {right}", left=bounds[0], right=bounds[1])
        return said("{number} {bounds}", number=word, bounds=both)
    return said("{number} {bounds}", number=word, bounds=bounds[0]) if bounds else word


def _as(value: float) -> str:
    """A number as it is written in a study."""
    return f"{value:.15g}"


def _text_words(node: dict[str, Any]) -> str:
    if "pattern" in node:
        return PATTERN_WORDS.get(node["pattern"], "text of another form")
    if node.get("format") in _FORMATS:
        return _FORMATS[node["format"]]
    return _of_length("text", node, "Length", ("{n} character", "{n} characters"))


def _list_words(node: dict[str, Any], definitions: dict[str, Any]) -> str:
    items = node.get("items")
    of = expected_words([items], definitions) if isinstance(items, dict) and items else ""
    words = _of_length("a list", node, "Items", ("{n} entry", "{n} entries"))
    return said("{list}, each {of}", list=words, of=of) if of and of != "a value" else words


def _of_length(what: str, node: dict[str, Any], measure: str, units: tuple[str, str]) -> str:
    low, high = node.get(f"min{measure}"), node.get(f"max{measure}")

    def counted(n: int) -> Said:
        return Said(units[n != 1], n=str(n))

    if low is not None and low == high:
        return said("{what} of {length}", what=what, length=counted(low))
    if low is not None and high is not None:
        between = "{what} of {low} to {length}"
        return said(between, what=what, low=str(low), length=counted(high))
    if low is not None:
        return said("{what} of at least {length}", what=what, length=counted(low))
    if high is not None:
        return said("{what} of at most {length}", what=what, length=counted(high))
    return what
