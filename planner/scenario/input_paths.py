"""Paths to input files in a scenario: relative to the scenario file, with environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo

from planner.errors import quoted
from planner.said import joined, said
from planner.scenario.parameter_sets import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def expand_variables(text: str) -> str:
    """Put the values of ``${NAME}`` and ``${NAME:-default}`` into a text.

    Raises
    ------
    ValueError
        If a variable without a default is not set.
    """

    def value(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        found = os.environ.get(name) or default
        if found is None:
            msg = said(
                "the environment variable {name} to be set: it names the folder with the data",
                name=name,
            )
            raise ValueError(msg)
        return found

    return _VARIABLE.sub(value, text)


def resolved_path(text: str, folder: Path) -> Path:
    """Path that a text of a scenario means, with variables, ``~`` and links followed.

    Parameters
    ----------
    folder : pathlib.Path
        Where relative paths start.

    Returns
    -------
    pathlib.Path
        Absolute; something may stand there or not.

    Raises
    ------
    ValueError
        If a variable is not set, or no system can look there: a name that is too long, links that
        lead in a circle, the home of nobody.
    """
    expanded = expand_variables(text)
    try:
        found = (folder / Path(expanded).expanduser()).resolve()
        found.exists()
    except (OSError, RuntimeError, ValueError) as error:
        msg = said(
            "a path that can be followed; found {expanded} ({path_fault})",
            expanded=quoted(expanded),
            path_fault=path_fault(error),
        )
        raise ValueError(msg) from None
    return found


def path_fault(error: Exception) -> str:
    """Why a path cannot be followed, in words."""
    if isinstance(error, OSError):
        return str(error.strerror or "the system refuses it")
    if "home directory" in str(error):
        return "~ stands for a user's home, and there is no such user"
    return "its links lead in a circle" if isinstance(error, RuntimeError) else "it holds a sign 0"


def _resolve_existing(path: Path, info: ValidationInfo) -> Path:
    resolved = resolved_path(str(path), Path((info.context or {}).get("base_dir", Path.cwd())))
    if not resolved.exists():
        hint = info.data.get("where_to_get", "")
        lacks = "an existing file or folder; {resolved} does not exist"
        msg = said(lacks, resolved=str(resolved))
        raise ValueError(joined((msg, hint), ". ") if hint else msg)
    if not (resolved.is_file() or resolved.is_dir()):
        msg = said("a file or a folder; {resolved} is a device or a pipe", resolved=str(resolved))
        raise ValueError(msg)
    return resolved


InputPath = Annotated[Path, AfterValidator(_resolve_existing)]
"""A path that exists; relative paths start at the scenario file's folder."""


class FileSection(Section):
    """A section that reads files which its users may have to fetch first."""

    # Declared before any path: a path is checked with what stands before it at hand.
    where_to_get: str = Field(
        default="",
        description="Where the files of this section can be had and what they must look like; "
        "said when one is missing.",
    )
    attribution: str = Field(
        default="",
        description="Who made the files of this section, as their licence asks to be named; goes "
        "into everything that is published of a run.",
    )
    licence: str = Field(
        default="",
        description="Licence of the files of this section, for example `CC-BY-4.0` or `ODbL-1.0`.",
    )


def named_files(section: BaseModel, above: str = "") -> Iterator[tuple[str, Path]]:
    """Files that a section and those below it name, with the keys that name them."""
    for name, value in section:
        key = f"{above}.{name}" if above else name
        if isinstance(value, Path):
            yield key, value
        elif isinstance(value, BaseModel):
            yield from named_files(value, key)
