"""Turning validation errors into sentences that name the key, what was expected and found.

No sentence of the validator's own reaches a user: what a key expects is told from its schema.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.errors import MAX_QUOTED, quoted
from planner.said import joined, nearest_word, said
from planner.scenario.expectations import alternatives, expected_words, found_words, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.said import Said

_OF_TAGS = {"union_tag_invalid", "union_tag_not_found"}
_OF_NUMBERS = ("float", "int", "decimal", "finite", "greater_than", "less_than")
_IN_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){1,10}"
_OF_LISTS = {"list_type", "tuple_type"}
_OF_LENGTHS = {"too_short", "too_long"}


def fault_sentences(
    faults: Sequence[dict[str, Any]], raw: object, schema: dict[str, Any]
) -> list[str]:
    """Sentences for the faults of a document, each told once.

    Parameters
    ----------
    faults : sequence of dict
        ``pydantic.ValidationError.errors()``.
    schema : dict
        JSON schema of what was expected, references by name.

    Returns
    -------
    list of str
        ``key.path: expected ...; found ...`` each.
    """
    located = [_located(fault, raw, schema) for fault in faults]
    told = [fault for fault in located if not _follows_from_another(fault, located)]
    sentences = [
        _sentence(fault, schema)
        for fault in told
        if fault.union_at is None or fault.is_below_union or _stands_alone(fault, told)
    ]
    return list(dict.fromkeys(sentences))


@dataclass(frozen=True, slots=True)
class _Fault:
    """A fault and where it stands in the document.

    Parameters
    ----------
    kind : str
        The validator's word for it.
    keys : tuple
        Keys of the document that lead to it.
    nodes : tuple of dict
        What the schema allows there.
    around : tuple of dict
        What the schema allows one key above.
    union_at : int or None
        Number of keys to the union of kinds of values that it belongs to, if any.
    is_key : bool
        Whether the key itself is at fault.
    """

    kind: str
    keys: tuple[int | str, ...]
    nodes: tuple[dict[str, Any], ...]
    around: tuple[dict[str, Any], ...]
    value: object
    context: dict[str, Any]
    union_at: int | None
    is_key: bool

    @property
    def name(self) -> str:
        return ".".join(str(key) for key in self.keys) or "the document"

    @property
    def is_below_union(self) -> bool:
        return self.union_at is not None and len(self.keys) > self.union_at


def _located(fault: dict[str, Any], raw: object, schema: dict[str, Any]) -> _Fault:
    """Follow a fault through document and schema: it also names branches of unions it took."""
    definitions = schema.get("$defs", {})
    nodes: tuple[dict[str, Any], ...] = (schema,)
    # The nodes at a union as a whole: what its branches allow together.
    at_union, around = nodes, nodes
    place: Any = raw
    keys: list[int | str] = []
    union_at, is_key = None, False
    loc, kind = fault["loc"], fault["type"]
    for position, part in enumerate(loc):
        is_last = position == len(loc) - 1
        is_missing = kind == "missing" and is_last
        tagged = _tagged(nodes, part, place, definitions)
        if tagged is not None:
            nodes = (tagged,)
        elif part == "[key]":
            is_key = True
        elif is_missing or _holds(place, part):
            keys.append(part)
            around = nodes
            nodes = at_union = _below(nodes, part, definitions)
            place = None if is_missing else place[part]
        elif union_at is None:
            union_at = len(keys)
    return _Fault(
        kind=kind,
        keys=tuple(keys),
        nodes=at_union if union_at == len(keys) else nodes,
        around=around,
        value=fault.get("input"),
        context=fault.get("ctx", {}),
        union_at=union_at,
        is_key=is_key or kind == "invalid_key",
    )


def _holds(place: Any, part: int | str) -> bool:
    if isinstance(place, dict):
        return part in place
    return isinstance(place, (list, tuple)) and isinstance(part, int) and part < len(place)


def _tagged(
    nodes: Iterable[dict[str, Any]], part: int | str, place: Any, definitions: dict[str, Any]
) -> dict[str, Any] | None:
    """Branch of a union that the document chooses by a key, where the part names it."""
    for node in nodes:
        options = node.get("anyOf", [node])
        for option in [*options, *(definitions.get(each.get("$ref"), {}) for each in options)]:
            choice = option.get("discriminator")
            if choice and part in choice["mapping"] and isinstance(place, dict):
                name = choice["mapping"][part]
                return definitions[name] if place.get(choice["propertyName"]) == part else None
    return None


def _below(
    nodes: Iterable[dict[str, Any]], part: int | str, definitions: dict[str, Any]
) -> tuple[dict[str, Any], ...]:
    found = []
    for node in nodes:
        for option in alternatives(node, definitions):
            below = option.get("properties", {}).get(part)
            for key in ("additionalProperties", "items"):
                below = option.get(key) if below is None else below
            if below is None:
                # Names of a mapping that have to be of a pattern: all hold the same.
                below = next(iter(option.get("patternProperties", {}).values()), None)
            by_place = option.get("prefixItems", [])
            if isinstance(part, int) and part < len(by_place):
                below = by_place[part]
            if isinstance(below, dict):
                found.append(below)
    return tuple(found)


def _follows_from_another(fault: _Fault, faults: Iterable[_Fault]) -> bool:
    """Whether a list is only too short because of entries that are at fault themselves."""
    length = len(fault.keys)
    return fault.kind in _OF_LENGTHS and any(
        len(other.keys) > length and other.keys[:length] == fault.keys for other in faults
    )


def _stands_alone(fault: _Fault, faults: Iterable[_Fault]) -> bool:
    """Whether no branch of the union got further into the value than this one."""
    keys = fault.keys
    return not any(
        other.is_below_union and other.union_at == len(keys) and other.keys[: len(keys)] == keys
        for other in faults
    )


def _sentence(fault: _Fault, schema: dict[str, Any]) -> str:
    definitions = schema.get("$defs", {})
    found = found_words(fault.value)
    if fault.is_key:
        expected = _key_words(fault.around, definitions)
        as_key = "expected {expected} as key; found {found}"
        return _of(fault.name, said(as_key, expected=expected, found=quoted(fault.keys[-1])))
    if fault.kind == "extra_forbidden":
        allowed = sorted(_allowed_keys(fault.around, definitions))
        listed = ", ".join(allowed)
        near = nearest_word(fault.keys[-1], allowed)
        if near:
            meant = "unknown key (did you mean {word}?); allowed here: {allowed}"
            return _of(_short(fault.name), said(meant, word=repr(near), allowed=listed))
        return _of(_short(fault.name), said("unknown key; allowed here: {allowed}", allowed=listed))
    if fault.kind == "missing":
        return _of(fault.name, said("missing; this key has no default"))
    if fault.kind == "value_error":
        (what,) = fault.context["error"].args
        return _of(fault.name, said("expected {what}", what=what))
    if fault.kind in _OF_TAGS:
        return _tag_sentence(fault, definitions)
    expected = expected_words(fault.nodes, definitions)
    hint = _hint(fault, expected, _choices(fault.nodes, definitions))
    return _of(fault.name, _with_hint(_expected(expected, found), hint))


def _of(name: str, fault: str) -> str:
    """A fault behind the key that it stands at, which has one name in all languages."""
    return joined((f"{name}: ", fault), "")


def _expected(expected: str, found: str) -> Said:
    return said("expected {expected}; found {found}", expected=expected, found=found)


def _with_hint(fault: Said, hint: str) -> Said:
    return said("{fault} ({hint})", fault=fault, hint=hint) if hint else fault


def _meant(found: object, allowed: Iterable[str]) -> str:
    near = nearest_word(found, allowed)
    return said("did you mean {word}?", word=repr(near)) if near else ""


def _tag_sentence(fault: _Fault, definitions: dict[str, Any]) -> str:
    tags = [
        str(option["properties"]["source"]["const"])
        for node in fault.nodes
        for option in alternatives(node, definitions)
        if "source" in option.get("properties", {})
    ]
    expected = one_of(sorted(tags))
    at = f"{fault.name}.source"
    if fault.kind == "union_tag_not_found":
        lacks = "missing; it says where the data come from: {expected}"
        return _of(at, said(lacks, expected=expected))
    found = fault.context["tag"]
    one = said("expected one of {expected}; found {found}", expected=expected, found=quoted(found))
    return _of(at, _with_hint(one, _meant(found, tags)))


def _choices(nodes: Iterable[dict[str, Any]], definitions: dict[str, Any]) -> list[str]:
    """Words that may stand at a place."""
    return [
        str(word)
        for node in nodes
        for option in alternatives(node, definitions)
        for word in option.get("enum", [option["const"]] if "const" in option else [])
    ]


def _key_words(nodes: Iterable[dict[str, Any]], definitions: dict[str, Any]) -> str:
    names = [
        option["propertyNames"]
        for node in nodes
        for option in alternatives(node, definitions)
        if "propertyNames" in option
    ]
    return expected_words(names, definitions) if names else "a word"


def _allowed_keys(nodes: Iterable[dict[str, Any]], definitions: dict[str, Any]) -> set[str]:
    return {
        key
        for node in nodes
        for option in alternatives(node, definitions)
        for key in option.get("properties", {})
    }


def _short(name: str) -> str:
    return name if len(name) <= 200 else quoted(name)


def _hint(fault: _Fault, expected: str, choices: list[str]) -> str:
    """What to write instead, where that can be told."""
    key, value = str(fault.keys[-1]) if fault.keys else "", fault.value
    if choices and isinstance(value, str):
        # Of numbers that may stand here, one in quotes is as near as can be.
        in_quotes = value in choices and value.isdecimal()
        return _number_hint(key, value) if in_quotes else _meant(value, choices)
    if fault.kind in _OF_LISTS and isinstance(value, str):
        return _list_hint(value)
    if fault.kind.startswith("int") and re.fullmatch(_IN_THOUSANDS, str(value)):
        return said("write it without commas: {number}", number=str(value).replace(",", ""))
    if fault.kind.startswith(_OF_NUMBERS):
        return _number_hint(key, value) or _share_hint(key, value)
    if fault.kind == "string_type" and expected != "nothing":
        return _quotes_hint(value)
    return ""


def _quotes_hint(value: object) -> str:
    """How to write text that YAML takes for something else."""
    if isinstance(value, bool):
        words, example = (
            ("YES, yes, on and true", '"YES"') if value else ("NO, no, off and false", '"NO"')
        )
        read = "YAML reads {words} as {read}; put it in quotes: {example}"
        return said(read, words=words, read=f"{str(value).lower()}", example=example)
    if isinstance(value, (int, float)):
        return said("put it in quotes: {example}", example=f'"{value}"')
    if isinstance(value, dt.date):
        date = f'"{value.isoformat()}"'
        return said("YAML reads a date; put it in quotes: {example}", example=date)
    return ""


def _list_hint(value: str) -> str:
    """How to write a list that was given without its brackets, or with one of them."""
    entries = [entry.strip() for entry in value.strip(" []").split(",")]
    if len(value) > MAX_QUOTED or not all(entries):
        return ""
    return said("write a list in brackets: {example}", example=f"[{', '.join(entries)}]")


def _number_hint(key: str, value: object) -> str:
    """How to write a number that was given with a comma, in quotes or with a sign of percent."""
    written = re.fullmatch(r"([+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?)(\s*%)?", str(value).strip())
    if written is None or not isinstance(value, str):
        return ""
    number = written[1].replace(",", ".")
    if written[2]:
        return _as_share(float(number), number) if "share" in key else ""
    if "," in written[1]:
        return said("write decimals with a point: {number}", number=number)
    return said("write it without quotes: {number}", number=number)


def _share_hint(key: str, value: object) -> str:
    if isinstance(value, int | float) and 1.0 < value <= 100.0 and "share" in key:
        return _as_share(value, f"{value:g}")
    return ""


def _as_share(percent: float, written: str) -> str:
    return said("write {share} for {percent} %", share=f"{percent / 100:g}", percent=written)
