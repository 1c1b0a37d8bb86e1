"""Requests on files that are dropped on the page of a new study."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request  # FastAPI reads the annotations
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, field_validator

from planner.reporting.phrases import own_phrase
from planner.said import AsWritten, said
from planner.workbench.asked import Asked
from planner.workbench.dropped_columns import MEANINGS
from planner.workbench.dropped_files import arriving, kept_files, plain_name, taken_over
from planner.workbench.dropped_look import Told, look_at
from planner.workbench.dropped_map import map_of
from planner.workbench.dropped_uses import USES
from planner.workbench.study_fields import study_fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.workbench.dropped_look import Look

_MOST_COLUMNS = 300
"""So many of a file are offered for each that is needed."""
_ONE_AT_A_TIME = threading.Lock()
_Short = Annotated[str, Field(max_length=1_000)]


class LookAsked(Asked):
    """A file of the folder, and what is said of it; what is not said is guessed."""

    file: Annotated[str, Field(description="Its name in the folder data.", max_length=300)]
    text: Annotated[str, Field(description="The study's YAML.", max_length=200_000)]
    use: Annotated[
        str, Field(description=f"What it is: {', '.join(USES)}; guessed if empty.", max_length=50)
    ] = ""

    @field_validator("use")
    @classmethod
    def _is_known(cls, use: str) -> str:
        if use and use not in USES:
            raise ValueError(said("expected one of {choice}", choice=AsWritten(", ".join(USES))))
        return use

    columns: Annotated[
        dict[_Short, _Short],
        Field(default_factory=dict, description="Its columns by ours.", max_length=100),
    ]
    options: Annotated[
        dict[_Short, _Short],
        Field(default_factory=dict, description="Keys that say how it is read.", max_length=50),
    ]
    companions: Annotated[
        dict[_Short, _Short],
        Field(default_factory=dict, description="Files that go with it, by key.", max_length=10),
    ]


def dropped_routes(root: Path, study: Path) -> APIRouter:
    """Requests on dropped files.

    Parameters
    ----------
    study : pathlib.Path
        Where a new study will stand.
    """
    router = APIRouter(prefix="/api/dropped", tags=["files"])

    @router.get("")
    def listed() -> list[str]:
        """Names of the files in the folder data."""
        return kept_files(root)

    @router.post("")
    async def keep(
        name: Annotated[str, Query(description="Of the file, with its ending.")], request: Request
    ) -> dict[str, str]:
        """Keep a file in the folder data, as its bytes come."""
        plain = plain_name(name)
        with arriving(root) as (file, path):
            async for chunk in request.stream():
                file.write(chunk)
            file.close()
            return {"file": await run_in_threadpool(taken_over, root, path, plain)}

    @router.post("/look")
    def look(asked: LookAsked) -> dict[str, Any]:
        """Read a file for a study: what comes in, what does not, what is guessed, and its map."""
        told = Told(asked.use, asked.columns, asked.options, asked.companions)
        with _ONE_AT_A_TIME:
            found = look_at(root, asked.file, asked.text, told, study)
            return _answered(asked.file, found)

    return router


def _answered(name: str, look: Look) -> dict[str, Any]:
    use = USES.get(look.use)
    read = look.read
    return {
        "file": name,
        "use": look.use,
        "uses": [{"use": each, "title": USES[each].title.texts} for each in look.uses],
        "columns": _columns(look),
        "options": [_option(look, key) for key in look.options],
        "companions": [
            {
                "key": each.key,
                "title": each.title.texts,
                "needed": each.is_needed,
                "file": look.companions.get(each.key, ""),
            }
            for each in (use.companions if use else ())
        ],
        "guessed": [each.texts for each in look.guessed],
        "faults": [each.texts for each in look.faults],
        "waits": look.waits.texts if look.waits else None,
        "read": [own_phrase(line).texts for line in read.said] if read else [],
        "dropped": [
            {"row": each.row, "name": each.name, "reason": each.reason.texts}
            for each in (read.dropped if read else ())
        ],
        "n_dropped": read.n_dropped if read else 0,
        "map": map_of(read.graph, read.places, read.dropped) if read else None,
        "text": look.text,
    }


def _columns(look: Look) -> dict[str, Any]:
    """Columns that the use reads, those that it needs first, and what the file has."""
    table, use = look.table, USES.get(look.use)
    if use is None or not look.columns:
        return {"ours": [], "theirs": []}
    recognised = {each.name: each.column for each in table.columns_for(use) if not each.is_guessed}
    needed = [name for names in use.needed for name in names]
    ours = sorted(look.columns, key=lambda name: (name not in needed, not look.columns[name]))
    return {
        "ours": [
            {
                "name": name,
                "meaning": MEANINGS[name].texts,
                "needed": all(name in names for names in use.needed) and bool(use.needed),
                "column": look.columns[name],
                "known": bool(recognised.get(name)),
            }
            for name in ours
        ],
        "theirs": [
            {"column": column, "sample": table.samples.get(column, "")}
            for column in table.columns[:_MOST_COLUMNS]
        ],
    }


def _option(look: Look, key: str) -> dict[str, Any]:
    known = study_fields()[key]
    names: Sequence[str] = known.options
    if key.endswith((".sheet", ".layer")):
        names = look.table.sheets
    elif key == "regions.name_column":
        names = look.table.columns[:_MOST_COLUMNS]
    return {
        "key": key,
        "value": look.options[key],
        "options": list(names),
        "default": known.default,
        "help": own_phrase(known.description).texts,
    }
