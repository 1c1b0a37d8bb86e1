"""Fields of the US utility rate database, versions 3 to 8: billed, without effect, or refused."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from planner.errors import quoted
from planner.said import AsWritten, Said, said

if TYPE_CHECKING:
    from collections.abc import Iterator

BILLED = {
    "demandratestructure",
    "demandrateunit",
    "demandrateunits",
    "demandunits",
    "demandweekdayschedule",
    "demandweekendschedule",
    "demandwindow",
    "dgrules",
    "energyratestructure",
    "energyweekdayschedule",
    "energyweekendschedule",
    "fixedchargefirstmeter",
    "fixedchargeunits",
    "fixedmonthlycharge",
    "flatdemandmonths",
    "flatdemandstructure",
    "flatdemandunit",
    "flatdemandunits",
    "fueladjustmentsmonthly",
}
"""Read by :mod:`planner.depot.urdb`."""

_WITHOUT_EFFECT = {
    # Who and what it is, and for whom.
    *("label", "name", "utility", "utilityname", "eia", "eiaid", "uri", "type", "sector"),
    *("servicetype", "description", "source", "sourceparent", "sourcereference", "approved"),
    *("is_default", "isdefault", "startdate", "enddate", "supercedes", "supersedes", "country"),
    *("phasewiring", "voltagecategory", "voltageminimum", "voltagemaximum", "latest_update"),
    *("peakkwcapacitymin", "peakkwcapacitymax", "peakkwcapacityhistory"),
    *("peakkwhusagemin", "peakkwhusagemax", "peakkwhusagehistory"),
    *("revisions", "usenetmetering", "_id", "_version"),
    # Words about the charges.
    *("basicinformationcomments", "demandcomments", "energycomments", "fixedcomments"),
    *("demandattrs", "energyattrs", "fixedattrs"),
    *("demandlabels", "demandtoulabels", "energytoulabels", "energylabels", "flatdemandlabels"),
    # Of a second meter: a depot has one.
    "fixedchargeeaaddl",
    # Without effect by themselves: the amounts beside them are refused.
    *("coincidentrateschedule", "coincidentschedule", "coincidentrateunit", "coincidentrateunits"),
    *("minchargeunits", "lookbackrange", "lookbackmonths"),
}

_NOT_BILLED = {
    "annualmincharge": "minimum charges",
    "coincidentratestructure": "charges on the power at the time of the utility's own peak",
    "demandratchetpercentage": "demand charges on a share of an earlier month's peak",
    "demandreactivepowercharge": "charges on reactive power",
    "lookbackpercent": "demand charges on a share of an earlier month's peak",
    "mincharge": "minimum charges",
    "minmonthlycharge": "minimum charges",
}

_OF_MONEY = (
    *("adj", "amount", "bill", "charge", "cost", "credit", "demand", "discount", "fee", "lookback"),
    *("min", "payment", "penalt", "price", "ratchet", "rate", "rider", "sell", "surcharge", "tax"),
    *("tariff", "tier"),
)
"""Words in the name of an unknown field by which it may change a bill."""
_OF_WORDS = ("comment", "description", "label", "note")
"""Words in the name of an unknown field that tells of others."""

ATTRIBUTES = ("energyattrs", "demandattrs", "fixedattrs")
_TIER_FIELDS = {"rate", "adj", "sell", "max", "unit"}
_LONGEST_KEY = 80
_UNKNOWN = "no field that is known"
_NO_AMOUNTS = {"max", "unit"}


def _part(key: str, value: object, what: str) -> Said:
    name = AsWritten(key[:_LONGEST_KEY])
    return said("{name} is {value}: {what}", name=name, value=shown_value(value), what=what)


def unbilled_parts(item: dict[str, Any]) -> list[str]:
    """Parts of a tariff that change its bill and are not billed here, for a message.

    Parameters
    ----------
    item : dict
        The tariff as :func:`planner.depot.urdb_document.read_urdb_item` gives it.

    Returns
    -------
    list of str
        One for each, such as ``"mincharge is 50: minimum charges"``; zeros are none.
    """
    parts = [
        _part(key, item[key], what)
        for key, what in _NOT_BILLED.items()
        if not is_nothing(item.get(key))
    ]
    if "lookbackpercent" not in item:
        parts += [
            _part(key, item[key], _NOT_BILLED["lookbackpercent"])
            for key in ("lookbackrange", "lookbackmonths")
            if not is_nothing(item.get(key))
        ]
    parts += [
        _part(key, value, _UNKNOWN)
        for key, value in item.items()
        if key not in BILLED | _WITHOUT_EFFECT | _NOT_BILLED.keys()
        and any(word in key for word in _OF_MONEY)
        and not any(word in key for word in _OF_WORDS)
        and not is_nothing(value)
        and not (isinstance(value, str) and not any(sign.isdigit() for sign in value))
    ]
    return parts + list(_odd_tier_fields(item))


def _odd_tier_fields(item: dict[str, Any]) -> Iterator[str]:
    """Fields of tiers beyond those that are billed."""
    for key in ("energyratestructure", "demandratestructure", "flatdemandstructure"):
        for number, tiers in enumerate(_listed(item.get(key))):
            for place, tier in enumerate(_listed(tiers)):
                known = _TIER_FIELDS if key.startswith("energy") else _TIER_FIELDS - {"sell"}
                for name, value in tier.items() if isinstance(tier, dict) else ():
                    if name not in known and not is_nothing(value):
                        where = f"{key}[{number}][{place}].{name[:_LONGEST_KEY]}"
                        yield _part(where, value, _UNKNOWN)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def is_nothing(value: object) -> bool:
    """Whether a value is empty or zero all through, so that it bills nothing."""
    if isinstance(value, dict):
        return all(is_nothing(part) for key, part in value.items() if key not in _NO_AMOUNTS)
    if isinstance(value, list):
        return all(is_nothing(part) for part in value)
    if isinstance(value, str):
        try:
            return not value.strip() or Decimal(value) == 0
        except InvalidOperation:
            return False
    return not value


def shown_value(value: object) -> str:
    """A value of the file for a message."""
    if isinstance(value, list | dict):
        return quoted(json.dumps(value, default=str, ensure_ascii=False))
    return quoted(str(value))


def words_on_charges(item: dict[str, Any]) -> list[str]:
    """What the tariff says of charges in words, which no program can bill.

    Returns
    -------
    list of str
        One for each of its lists of attributes that is not empty.
    """
    return [
        said(
            "{key} says in words what is not billed: {words}",
            key=key,
            words=quoted(_pairs(item[key])),
        )
        for key in ATTRIBUTES
        if item.get(key)
    ]


def _pairs(attributes: object) -> str:
    """Attributes as ``name: text``, from ``{name: text}`` or ``{"key": name, "val": text}``."""
    found = []
    for pair in _listed(attributes):
        if isinstance(pair, dict) and set(pair) == {"key", "val"}:
            found.append(f"{pair['key']}: {pair['val']}")
        elif isinstance(pair, dict):
            found += [f"{key}: {value}" for key, value in pair.items()]
    return "; ".join(found) or str(attributes)


def decimal_of(value: object) -> Decimal | None:
    """A finite number, also one that stands in quotes; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = str(value)
    if not text.isascii() or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def shape_of(rows: object) -> str:
    """Rows of a schedule and values in them, as a message shows them."""
    if not isinstance(rows, list):
        return "none" if rows is None else str(rows)
    lengths = sorted({len(row) for row in rows if isinstance(row, list)})
    return f"{len(rows)} rows of {' or '.join(map(str, lengths)) or 'no'} values"
