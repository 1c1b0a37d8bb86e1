"""Why a command ended, noted in a folder for whoever shows it: in any language, whenever."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from planner.runs.own_files import read_json_object
from planner.said import from_plain, to_plain

if TYPE_CHECKING:
    from pathlib import Path

    from planner.errors import PlannerError

_FILE = "fault.json"


def note_fault(error: PlannerError, folder: Path) -> None:
    """Note an error in a folder; nothing is noted while that is not there, or is full."""
    with suppress(OSError):
        noted = {"fault": to_plain(error.args[0] if error.args else "")}
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
