"""Paths to input files in a scenario: relative to the scenario file, with environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo

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
            msg = f"the environment variable {name} to be set: it names the folder with the data"
            raise ValueError(msg)
        return found

    return _VARIABLE.sub(value, text)


def _resolve_existing(path: Path, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("base_dir", Path.cwd())
    resolved = (Path(base) / Path(expand_variables(str(path))).expanduser()).resolve()
    if not resolved.exists():
        hint = info.data.get("where_to_get", "")
        msg = f"an existing file or folder; {resolved} does not exist"
        raise ValueError(f"{msg}. {hint}" if hint else msg)
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
