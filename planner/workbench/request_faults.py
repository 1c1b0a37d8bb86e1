"""What is wrong with a request, in words of ours: those of the validator are English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.said import AsWritten, joined, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BY_KIND = {
    "missing": "must be given",
    "extra_forbidden": "is not asked for; leave it out",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "expected a whole number"),
    "int_parsing_size": "expected a whole number",
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "expected a number"),
    "string_type": "expected text",
    **dict.fromkeys(("bool_type", "bool_parsing"), "expected true or false"),
    **dict.fromkeys(("list_type", "tuple_type"), "expected a list"),
    **dict.fromkeys(("dict_type", "model_type", "mapping_type"), "expected keys with values"),
    "model_attributes_type": "expected keys with values",
}
"""Faults that are told without a value, by what the validator calls them."""

_BOUNDS = {
    "greater_than_equal": ("expected at least {bound}", "ge"),
    "greater_than": ("expected more than {bound}", "gt"),
    "less_than_equal": ("expected at most {bound}", "le"),
    "less_than": ("expected less than {bound}", "lt"),
    "string_too_long": ("expected at most {bound} characters", "max_length"),
    "string_too_short": ("expected at least {bound} characters", "min_length"),
    "too_long": ("expected at most {bound} entries", "max_length"),
    "too_short": ("expected at least {bound} entries", "min_length"),
}
"""Faults of a bound: what is told, and where the validator keeps the bound."""


def told_faults(errors: Sequence[Any], most: int) -> str:
    """Faults of a request, one after the other.

    What was found stays out: it may be as large as the request, or no JSON.

    Parameters
    ----------
    errors : sequence of dict
        Of pydantic.
    most : int
        How many are told.
    """
    return joined(
        _fault(each)
        if _is_of_whole(each)
        else joined((AsWritten(_place(each)), _fault(each)), ": ")
        for each in errors[:most]
    )


def _is_of_whole(error: Mapping[str, Any]) -> bool:
    """Whether a fault of a rule of ours names its keys itself."""
    return error["type"] == "value_error" and len(error["loc"]) == 1


def _place(error: Mapping[str, Any]) -> str:
    first, *others = error["loc"]
    # Of what is no JSON, the number behind it is a character's.
    return str(first) if error["type"] == "json_invalid" else ".".join(map(str, others or [first]))


def _fault(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind in _BOUNDS:
        template, bound = _BOUNDS[kind]
        return said(template, bound=float(context[bound]))
    if kind in {"literal_error", "enum"}:
        choice = str(context["expected"]).replace(" or ", ", ")
        return said("expected one of {choice}", choice=AsWritten(choice))
    if kind == "json_invalid":
        return said("cannot be read as JSON, from character {n} on", n=int(error["loc"][-1]) + 1)
    if kind == "string_pattern_mismatch":
        return said("expected text of the form {form}", form=AsWritten(context["pattern"]))
    if kind == "value_error":
        (told,) = context["error"].args
        return str(told) if not isinstance(told, str) else told
    return _BY_KIND.get(kind, "not as expected")
