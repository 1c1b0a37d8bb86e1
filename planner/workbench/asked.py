"""What requests may say: keys and values that are known, and nothing that would be passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Request  # noqa: TC002  # FastAPI reads the annotation
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, model_validator

from planner.said import AsWritten, joined, nearest_word, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.said import Said

_API = "/api/"
_MOST_KEYS = 5
"""So many unknown keys are named."""
_MOST_SIGNS = 100


class Asked(BaseModel):
    """Body of a request: no key that it does not have, no figure as text, no truth as figure."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _of_known_keys(cls, given: Any) -> Any:
        if isinstance(given, dict) and (unknown := [*given.keys() - cls.model_fields.keys()]):
            raise ValueError(_unknown(sorted(map(str, unknown)), cls.model_fields))
        return given


def refuse_beside(asked: BaseModel, key: str, others: Iterable[str]) -> None:
    """Refuse keys that would be passed over beside another one.

    Parameters
    ----------
    key : str
        A key of the body; nothing is refused where it was not given.
    others : iterable of str
        Keys that mean nothing beside it.

    Raises
    ------
    ValueError
        If one of them was given.
    """
    # A key without a value is none: pages send those of fields that are left empty.
    given = {name for name in asked.model_fields_set if getattr(asked, name) is not None}
    beside = [name for name in others if name in given]
    if key in given and beside:
        told = said(
            "{other}: means nothing beside {key}; found both; leave one of them out",
            other=AsWritten(beside[0]),
            key=AsWritten(key),
        )
        raise ValueError(told)


def known_queries(request: Request) -> None:
    """Refuse what a request to the interface has behind its question mark and nobody reads.

    Raises
    ------
    RequestValidationError
        If a name there is not one of the route's, or one that may stand once stands twice.
    """
    if not request.url.path.startswith(_API):
        return
    known = {each.alias: each for each in request.scope["route"].dependant.query_params}
    given = request.query_params
    faults = []
    if unknown := sorted(given.keys() - known.keys()):
        faults.append(_unknown(unknown, known))
    faults += [
        said("{name}: expected once, found {n} times", name=AsWritten(name), n=n)
        for name in known.keys() & given.keys()
        if (n := len(given.getlist(name))) > 1 and not _is_list(known[name].field_info.annotation)
    ]
    if faults:
        raise RequestValidationError(
            [
                {"type": "value_error", "loc": ("query",), "ctx": {"error": ValueError(each)}}
                for each in faults
            ]
        )


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", annotation) is list


def _unknown(unknown: Sequence[str], known: Mapping[str, object]) -> Said:
    """What is wrong with names that a request does not have."""
    allowed = AsWritten(", ".join(known)) if known else said("none")
    return joined(
        joined((AsWritten(name[:_MOST_SIGNS]), _unknown_beside(name, known, allowed)), ": ")
        for name in unknown[:_MOST_KEYS]
    )


def _unknown_beside(name: str, known: Mapping[str, object], allowed: str) -> Said:
    word = nearest_word(name, known)
    if not word:
        return said("unknown key; allowed here: {allowed}", allowed=allowed)
    template = "unknown key (did you mean {word}?); allowed here: {allowed}"
    return said(template, word=AsWritten(repr(word)), allowed=allowed)
