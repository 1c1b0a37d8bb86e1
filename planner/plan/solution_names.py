"""Named solutions as users ask for them: by key, which texts call otherwise for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError, did_you_mean
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def no_such_solution(folder: Path, asked: str, names: Iterable[str]) -> RunDirectoryError:
    """Error about a solution that a folder has not, with the keys that there are."""
    titles = {name: NAMED_SOLUTION_DEFINITIONS[name].title for name in names}
    shown = ", ".join(
        name if title.lower() == name else f"{name} for {title}" for name, title in titles.items()
    )
    of_title = {title.lower(): name for name, title in titles.items()}
    meant = of_title.get(asked.lower())
    hint = f" (write {meant!r})" if meant else did_you_mean(asked, titles)
    message = f"{folder}: expected one of its solutions ({shown}); found {asked!r}{hint}"
    return RunDirectoryError(message)
