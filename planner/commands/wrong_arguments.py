"""What a command says of arguments that it does not know or cannot use."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import typer

from planner.commands.options import errors
from planner.errors import MAX_QUOTED, PlannerError, quoted
from planner.said import AsWritten, joined, said

if TYPE_CHECKING:
    from planner.said import SaidValue

USAGE_ERROR: type[Exception] = next(
    kind
    for kind in typer.BadParameter.__mro__
    if issubclass(kind, Exception) and kind.__name__ == "ClickException"
)
"""What typer raises for arguments; it carries a click of its own and gives this class no name."""

_EXPECTED = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "finite_number": "a number",
}
_LEAST_AND_MOST = {
    "greater_than_equal": ("{number} or more", "ge"),
    "less_than_equal": ("{number} or less", "le"),
}
"""Words for the faults of the validator that typer uses."""
_SENTENCES = (
    "Invalid value for {option}: {fault}",
    "No such option: {option} (Possible options: {options})",
    "No such option: {option}",
    "No such command {command}. Did you mean {names}?",
    "No such command {command}.",
    "Missing argument {argument}.",
    "Missing option {option}.",
    "Got unexpected extra argument(s) ({arguments})",
    "Option {option} requires an argument.",
    "Option {option} does not take a value.",
)
"""Typer's own that may be said in other languages, of two that fit the closer one first; what it
says besides stays as it is."""
_NO_CHOICE = re.compile(r"(?P<found>.+) is not one of (?P<choices>.+)\.", re.DOTALL)
"""Typer's own of a value that is none of an option's."""
_LONGEST = 2 * MAX_QUOTED


def tell_of_usage(error: Any) -> int:
    """Say what is wrong with the arguments, quoting them like values of files.

    Parameters
    ----------
    error : USAGE_ERROR
        What typer raised.

    Returns
    -------
    int
        Exit code.
    """
    error.message = fault = _in_our_words(error)
    text = error.format_message()
    if text:  # nothing is said of a command without arguments: it has shown its help
        for argument in sys.argv[1:]:
            if len(argument) > MAX_QUOTED:
                text = text.replace(argument, quoted(argument))
        if len(text) > _LONGEST:  # an argument that typer has written in another way
            text = f"{text[:_LONGEST]}... ({len(text):,} characters)"
        told = _known_sentence(str(PlannerError(text)), fault)
        end = "" if text.endswith((".", "?")) else "."
        context = getattr(error, "ctx", None)
        hint: str = ""
        if context is not None:
            command = AsWritten(context.command_path)
            hint = joined((" ", said("Try '{command} --help'.", command=command)), "")
        errors.print_fault("Error", joined((told, end, hint), ""))
    return int(error.exit_code)


def _known_sentence(text: str, fault: str) -> str:
    """A sentence of typer's as one that can be said in other languages, with our fault in it."""
    for template in _SENTENCES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            values: dict[str, SaidValue] = {
                name: fault if value == fault else AsWritten(value)
                for name, value in found.groupdict().items()
            }
            return said(template, **values)
    return text


def _in_our_words(error: Any) -> str:
    """What is wrong with an argument, without sentences of the validator."""
    faults: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    if not faults:
        cause = error.__cause__
        return cause.args[0] if isinstance(cause, PlannerError) else str(error.message)
    fault = faults[0]
    kind = fault["type"]
    expected: str = _EXPECTED.get(kind, "")
    if kind in _LEAST_AND_MOST:
        template, bound = _LEAST_AND_MOST[kind]
        expected = said(template, number=float(fault["ctx"][bound]))
    if not expected:
        return _of_choice(str(fault["msg"]).removeprefix("Value error, "))
    found = quoted(fault["input"])
    return said("expected {expected}; found {found}", expected=expected, found=AsWritten(found))


def _of_choice(text: str) -> str:
    """What typer says of a value, in our words where it is none of an option's."""
    found = _NO_CHOICE.fullmatch(text)
    if not found:
        return text
    return said(
        "expected one of {expected}; found {found}",
        expected=AsWritten(found["choices"].replace("'", "")),
        found=AsWritten(found["found"]),
    )
