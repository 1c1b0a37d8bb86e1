"""What `--help` says that an option takes, in words of people who do not program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARGUMENTS = {"run_dir": "RUN", "run_dirs": "RUN"}
"""What arguments are called where it is not their name in capitals."""

_WORDS = {"int": "whole number", "float": "number", "str": "text", "path": "path"}


class PlainCommand(TyperCommand):
    """A command whose options are shown as people write them: flags alone, choices with bars."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its arguments and options, with what is shown of them."""
        return _in_words(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for a group of commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options, with what is shown of them."""
        return _in_words(super().get_params(ctx))


def _in_words(parameters: Sequence[Any]) -> list[Any]:
    for parameter in parameters:
        shown = _value(parameter)
        limits = _limits(parameter.min, parameter.max) if hasattr(parameter, "min") else None
        if parameter.param_type_name == "argument" and parameter.metavar is None:
            parameter.metavar = _ARGUMENTS.get(parameter.name, parameter.name.upper())
        vars(parameter).update(
            display_type_rich=lambda ctx, shown=shown: shown,  # noqa: ARG005  # the library's call
            _get_number_range_help_str=lambda limits=limits: limits,
        )
    return list(parameters)


def _value(parameter: Any) -> str | None:
    """What stands behind an option or an argument; None where nothing does."""
    if getattr(parameter, "is_flag", False):
        return None
    kind = parameter.type_descriptor
    if parameter.param_type_name == "option" and parameter.metavar is not None:
        return str(parameter.metavar)
    if kind.is_choice:
        return " | ".join(str(getattr(choice, "value", choice)) for choice in kind.choices)
    if kind.is_path:
        return _WORDS["path"]
    name = parameter.bare_type().removeprefix("list[").removesuffix("]")
    return str(_WORDS.get(name, name))


def _limits(least: float | None, most: float | None) -> str | None:
    """Numbers that are taken, such as `1 or more`."""
    if least is None and most is None:
        return None
    if most is None:
        return f"{least:g} or more"
    return f"up to {most:g}" if least is None else f"{least:g} to {most:g}"
