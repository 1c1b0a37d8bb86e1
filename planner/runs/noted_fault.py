"""Why a command ended, noted in a folder for whoever shows it: in any language, whenever."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from planner.errors import MAX_FAULTS, ScenarioError
from planner.runs.own_files import read_json_object
from planner.said import counted, from_plain, said, to_plain, with_points

if TYPE_CHECKING:
    from pathlib import Path

    from planner.errors import PlannerError

_FILE = "fault.json"


def note_fault(error: PlannerError, folder: Path) -> None:
    """Note an error in a folder; nothing is noted while that is not there, or is full."""
    with suppress(OSError):
        noted = {"fault": to_plain(_told(error))}
        (folder / _FILE).write_text(json.dumps(noted), encoding="utf-8")


def forget_fault(folder: Path) -> None:
    """Forget what a command before has noted."""
    with suppress(OSError):
        (folder / _FILE).unlink(missing_ok=True)


def noted_fault(folder: Path) -> str:
    """What was noted, to be said in any language; empty where nothing was."""
    try:
        return from_plain((read_json_object(folder / _FILE) or {})["fault"])
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""


def _told(error: PlannerError) -> str:
    if not isinstance(error, ScenarioError):
        return error.args[0] if error.args else ""
    n_faults = len(error.faults)
    head = counted(n_faults, "{where}: {n} fault", "{where}: {n} faults", where=error.where)
    points = list(error.faults[:MAX_FAULTS])
    if n_faults > MAX_FAULTS:
        points.append(said("and {n} more", n=n_faults - MAX_FAULTS))
    return with_points(head, points)
