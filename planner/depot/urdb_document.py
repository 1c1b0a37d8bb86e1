"""The JSON of the US utility rate database: what an answer is, and the one tariff asked for."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn

from planner.errors import InputDataError, quoted
from planner.files.bounds import URDB
from planner.files.input_files import read_input_bytes
from planner.said import AsWritten, bracketed, joined, said, set_off

if TYPE_CHECKING:
    from pathlib import Path

_FETCH = (
    "Fetch the tariff from https://api.openei.org/utility_rates with version=7, format=json, "
    "detail=full, getpage= its label, and an api_key"
)
_BULK_KEYS = {"energyratestrux", "energyweekdaysched", "ratename", "effectivedate"}
_LONGEST_PLAIN_INTEGER = 18
_MOST_NAMED = 8


def read_urdb_item(path: Path, label: str | None) -> dict[str, Any]:
    """Read the one tariff that a file holds, or that a label names among several.

    Parameters
    ----------
    path : pathlib.Path
        JSON: a tariff, a list of them, or an answer of the database with ``items``.
    label : str, optional
        Label or name of the tariff, needed where the file holds several.

    Returns
    -------
    dict
        Its fields, keys in lower case (versions differ in this), those with null left out;
        integers are int, other numbers Decimal, NaN and what no Decimal can hold a float.

    Raises
    ------
    InputDataError
        If it is no JSON of a tariff (the message says what it is), or not one tariff.
    """
    items = [_plain_fields(path, item) for item in _items(path, _document(path))]
    chosen = items if label is None else [item for item in items if label in _names(item)]
    if len(chosen) != 1:
        msg = said(
            "{path}: expected one tariff{called}, found {n}. Name one by its label (urdb_label); "
            "the file has {known}.",
            path=str(path),
            called="" if label is None else set_off(said("called {name}", name=quoted(label))),
            n=str(len(chosen)),
            known=_list_of(items),
        )
        raise InputDataError(msg)
    _refuse_other_layouts(path, chosen[0])
    return chosen[0]


def _document(path: Path) -> Any:
    content = read_input_bytes(path, URDB)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        msg = said(
            "{path}: expected the JSON of a tariff, found a web page or XML. {remedy}.",
            path=str(path),
            remedy=_FETCH,
        )
        raise InputDataError(msg)
    number = count(1)

    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        URDB.check(path, objects=next(number))
        return _without_twins(path, pairs)

    try:
        return json.loads(
            content, parse_float=_decimal, parse_int=_integer, object_pairs_hook=fields
        )
    except (ValueError, RecursionError) as error:
        reason = "too many brackets" if isinstance(error, RecursionError) else str(error)
        msg = said(
            "{path}: not readable as JSON ({reason}). {remedy}.",
            path=str(path),
            reason=reason,
            remedy=_FETCH,
        )
        raise InputDataError(msg) from error


def _decimal(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of more digits than a Decimal can have
        return float(text)


def _integer(text: str) -> int | Decimal | float:
    # Python refuses integers of thousands of digits; as decimals they are told with their key.
    return int(text) if len(text) <= _LONGEST_PLAIN_INTEGER else _decimal(text)


def _without_twins(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = said(
            "{path}: the key {key} stands twice in one object. Leave one of both.",
            path=str(path),
            key=quoted(twice),
        )
        raise InputDataError(msg)
    return fields


def _items(path: Path, document: Any) -> list[dict[str, Any]]:
    """Tariffs of a document, or a refusal that says what it is instead."""
    if document is None:
        _refuse(path, "found null: the database has no such tariff")
    if isinstance(document, dict):
        told = _said_by_api(document)
        if told:
            _refuse(path, said("found an error of the database: {told}", told=quoted(told)))
        if "items" not in document:
            return [document]
        document = document["items"]
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        _refuse(path, "found JSON of another layout")
    if not document:
        _refuse(path, "found an answer without any")
    return document


def _said_by_api(document: dict[str, Any]) -> str:
    """What an answer says in place of tariffs; nothing where it has some."""
    for key in ("error", "errors", "message"):
        found = document.get(key)
        if found and not any(name.lower().startswith("energyrate") for name in document):
            return _sentence(found)
    return ""


def _sentence(found: object) -> str:
    if isinstance(found, dict):
        return ": ".join(_sentence(part) for part in found.values())
    if isinstance(found, list):
        return "; ".join(_sentence(part) for part in found)
    return str(found)


def _refuse(path: Path, found: str) -> NoReturn:
    msg = said(
        "{path}: expected a tariff of the utility rate database, {found}. {remedy}.",
        path=str(path),
        found=found,
        remedy=_FETCH,
    )
    raise InputDataError(msg)


def _plain_fields(path: Path, item: dict[str, Any]) -> dict[str, Any]:
    pairs = [(key.lower(), value) for key, value in item.items() if value is not None]
    return _without_twins(path, pairs)


def _names(item: dict[str, Any]) -> tuple[object, object]:
    return item.get("label") or _oid(item), item.get("name") or item.get("ratename")


def _oid(item: dict[str, Any]) -> object:
    """Label of a tariff in the bulk download, where it is an id of its database."""
    found = item.get("_id")
    return found.get("$oid") if isinstance(found, dict) else found


def _list_of(items: list[dict[str, Any]]) -> str:
    named = [f"{quoted(label or '')} ({quoted(name or '')})" for label, name in map(_names, items)]
    more = len(named) - _MOST_NAMED
    listed = AsWritten(", ".join(named[:_MOST_NAMED]))
    return joined((listed, said("and {n} more", n=more)), " ") if more > 0 else listed


def _refuse_other_layouts(path: Path, item: dict[str, Any]) -> None:
    """Refuse layouts with other names for the same, which would be read as if parts lacked."""
    label = _names(item)[0]
    which = set_off(bracketed(said("label {name}", name=quoted(label)))) if label else ""
    if _BULK_KEYS & item.keys():
        _refuse(path, said("found one in the layout of the bulk download{which}", which=which))
    if any("/" in key for key in item):
        _refuse(path, said("found one in the layout of json_plain or csv{which}", which=which))
    if "energyratestructure" not in item and label:
        told = "found one without energyratestructure, as detail=minimal gives{which}"
        _refuse(path, said(told, which=which))
