"""What a command says of arguments that it does not know or cannot use."""

from __future__ import annotations

import sys
from typing import Any

import typer

from planner.commands.options import errors
from planner.errors import MAX_QUOTED, PlannerError, quoted

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
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
}
"""Words for the faults of the validator that typer uses."""
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
    error.message = _in_our_words(error)
    said = error.format_message()
    if said:  # nothing is said of a command without arguments: it has shown its help
        for argument in sys.argv[1:]:
            if len(argument) > MAX_QUOTED:
                said = said.replace(argument, quoted(argument))
        if len(said) > _LONGEST:  # an argument that typer has written in another way
            said = f"{said[:_LONGEST]}... ({len(said):,} characters)"
        context = getattr(error, "ctx", None)
        hint = "" if context is None else f" Try '{context.command_path} --help'."
        end = "" if said.endswith((".", "?")) else "."
        errors.print_fault("Error", f"{PlannerError(said)}{end}{hint}")
    return int(error.exit_code)


def _in_our_words(error: Any) -> str:
    """What is wrong with an argument, without sentences of the validator."""
    faults: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    if not faults:
        return str(error.message)
    fault = faults[0]
    if fault["type"] in _EXPECTED:
        expected = _EXPECTED[fault["type"]].format(**fault.get("ctx", {}))
        return f"expected {expected}; found {quoted(fault['input'])}"
    return str(fault["msg"]).removeprefix("Value error, ")
