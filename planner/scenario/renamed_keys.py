"""Keys of studies that have another name today: files written with the old one still read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.errors import ScenarioError
from planner.files.reading_notes import note
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = {
    "depot.site.sun": "depot.site.pv",
    "depot.site.chargers.plugs": "depot.site.chargers.points",
}
"""Today's key path of each former one; only the last key differs."""


def todays_path(key_path: str) -> str:
    """Key path as it is called today: of a former key or of one below it, else the same."""
    for old, new in RENAMED.items():
        if key_path == old or key_path.startswith(f"{old}."):
            return new + key_path.removeprefix(old)
    return key_path


def with_todays_keys(keys: dict[str, Any], file: Path) -> dict[str, Any]:
    """Document of a study with its former keys under the names of today, each noted.

    Raises
    ------
    ScenarioError
        If a key stands there under both names.
    """
    for old, new in RENAMED.items():
        *above, former = old.split(".")
        keys = _renamed(keys, above, former, new, file)
    return keys


def _renamed(
    keys: dict[str, Any], above: list[str], former: str, new: str, file: Path
) -> dict[str, Any]:
    if above:
        inner = keys.get(above[0])
        if not isinstance(inner, dict):
            return keys
        return keys | {above[0]: _renamed(inner, above[1:], former, new, file)}
    if former not in keys:
        return keys
    today = new.rpartition(".")[2]
    names = {"former": AsWritten(former), "today": AsWritten(today), "new": AsWritten(new)}
    if today in keys:
        fault = said(
            "{new}: expected one key; found {today} and its former name {former}; leave one out",
            **names,
        )
        raise ScenarioError([fault], str(file))
    told = "the key {former} is called {today} now ({new}); it is read as that"
    note(file, said(told, **names))
    # The order stays, so that messages and stored studies look as the user wrote them.
    return {today if key == former else key: value for key, value in keys.items()}
