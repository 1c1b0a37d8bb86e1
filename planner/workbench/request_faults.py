"""What is wrong with a request, in words of ours: those of the validator are English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.said import AsWritten, joined, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BY_KIND = {
    "json_invalid": "cannot be read as JSON",
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
        joined((AsWritten(_place(each["loc"])), _fault(each)), ": ") for each in errors[:most]
    )


def _place(loc: Sequence[int | str]) -> str:
    return ".".join(map(str, loc[1:])) or str(loc[0])


def _fault(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind in _BOUNDS:
        template, bound = _BOUNDS[kind]
        return said(template, bound=float(context[bound]))
    if kind in {"literal_error", "enum"}:
        return said("expected one of {choice}", choice=AsWritten(context["expected"]))
    if kind == "string_pattern_mismatch":
        return said("expected text of the form {form}", form=AsWritten(context["pattern"]))
    if kind == "value_error":
        (told,) = context["error"].args
        return str(told) if not isinstance(told, str) else told
    return _BY_KIND.get(kind, "not as expected")
