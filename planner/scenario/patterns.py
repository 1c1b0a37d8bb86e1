"""Forms that texts of a scenario must have, each with the words for it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

_STUDY_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_OPERATOR_NAME = r"^[\w][\w .&-]{0,39}$"
_DEPOT_ID = r"^\w[\w .&/()-]{0,63}$"
_CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_WEB_ADDRESS = r"^https?://"
_CURRENCY = r"^[A-Z]{3}$"

PATTERN_WORDS = {
    _STUDY_NAME: "a name of at most 64 lower-case letters, digits, dots, dashes and underscores, "
    "the first a letter or digit",
    _OPERATOR_NAME: "a name of at most 40 letters, digits, spaces and . & -, the first a letter or "
    "digit",
    _DEPOT_ID: "a name of at most 64 letters, digits, spaces and . & / ( ) -, the first a letter "
    "or digit",
    _CLOCK_TIME: 'a time of day in quotes, with two digits for hours and minutes, such as "07:00"',
    _WEB_ADDRESS: "a web address that begins with https:// or http://",
    _CURRENCY: "three capital letters such as EUR",
}
"""What a message says in place of a regular expression."""

StudyName = Annotated[
    str,
    Field(
        pattern=_STUDY_NAME,
        description="Name of the study and of its folder in outputs/: lower-case letters, digits, "
        "dot, dash and underscore.",
    ),
]
ClassName = Annotated[str, Field(pattern=_STUDY_NAME)]
OperatorName = Annotated[str, Field(pattern=_OPERATOR_NAME)]
DepotId = Annotated[str, Field(pattern=_DEPOT_ID)]
ClockTime = Annotated[str, Field(pattern=_CLOCK_TIME)]
WebAddress = Annotated[str, Field(pattern=_WEB_ADDRESS)]
Currency = Annotated[str, Field(pattern=_CURRENCY)]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_a_date(value: object) -> object:
    # pydantic takes numbers for seconds since 1970.
    is_text_of_date = isinstance(value, str) and _DATE.fullmatch(value)
    is_date = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    if not (is_text_of_date or is_date):
        raise PydanticKnownError("date_type")  # noqa: EM101  # not a message
    return value


Date = Annotated[dt.date, BeforeValidator(_is_a_date)]
"""A date such as 2026-05-14, with or without quotes."""
