"""Named solutions as users ask for them: by key, which texts call otherwise for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError
from planner.said import AsWritten, bracketed, meant, said, set_off
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def no_such_solution(folder: Path, asked: str, names: Iterable[str]) -> RunDirectoryError:
    """Error about a solution that a folder has not, with the keys that there are."""
    titles = {name: NAMED_SOLUTION_DEFINITIONS[name].title for name in names}
    shown = [
        AsWritten(name)
        if title.lower() == name
        else said("{name} for {title}", name=AsWritten(name), title=title)
        for name, title in titles.items()
    ]
    of_title = {title.lower(): name for name, title in titles.items()}
    key = of_title.get(asked.lower())
    hint: str = meant(asked, titles)
    if key:
        hint = set_off(bracketed(said("write {key}", key=repr(key))))
    message = said(
        "{folder}: expected one of its solutions ({shown}); found {asked}{hint}",
        folder=str(folder),
        shown=shown,
        asked=repr(asked),
        hint=hint,
    )
    return RunDirectoryError(message)
