"""Requests on the results of runs: their tables, for programs."""

from __future__ import annotations

from contextlib import suppress
from math import inf, nan
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import pyarrow.parquet as pq
from fastapi import APIRouter, Query
from pyarrow import ArrowException
from pydantic import BaseModel, Field

from planner.errors import InputDataError, RunDirectoryError, quoted
from planner.plan.finished_run import read_finished_run
from planner.reporting.datapackage import DATAPACKAGE
from planner.runs.own_files import read_json_object
from planner.said import said
from planner.tables.table_files import read_rows
from planner.workbench.folder import inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_ROWS = 100_000
_RUN = Query(description="The run's folder, from the folder of the workbench.")


class ColumnTold(BaseModel):
    """A column of a table."""

    name: Annotated[str, Field(description="As in the rows.")]
    unit: Annotated[str, Field(description="Empty where it has none.")]
    meaning: Annotated[str, Field(description="What it says, in English.")]


class TableTold(BaseModel):
    """A table of a run."""

    name: Annotated[str, Field(description="Name of its file, without the ending.")]
    row: Annotated[str, Field(description="What each of its rows is.")]
    n_rows: Annotated[int, Field(description="How many rows it has.")]
    columns: Annotated[list[ColumnTold], Field(description="Its columns, in their order.")]


def result_routes(root: Path) -> APIRouter:
    """Requests on tables of runs."""
    router = APIRouter(tags=["results"])

    @router.get("/api/tables")
    def tables(run: Annotated[str, _RUN]) -> list[TableTold]:
        """Tables of a finished run, with unit and meaning of each column."""
        folder = read_finished_run(inside(root, run)).folder
        about = _described(folder)
        paths = [inside(root, f"{run}/{path.name}") for path in sorted(folder.glob("*.parquet"))]
        return [_told(path, about.get(path.name, _Description())) for path in paths]

    @router.get("/api/tables/{name}")
    def table(
        name: str,
        run: Annotated[str, _RUN],
        first: Annotated[int, Query(description="Rows that are passed over.", ge=0)] = 0,
        most: Annotated[
            int, Query(description="Rows that are given at most.", ge=1, le=_MOST_ROWS)
        ] = _MOST_ROWS,
    ) -> list[dict[str, Any]]:
        """Rows of a table, each an object by column; null where it has no value or no end."""
        read_finished_run(inside(root, run))
        path = inside(root, f"{run}/{name}.parquet")
        if not path.is_file():
            msg = said(
                "table {name}: expected one that /api/tables lists; found none", name=quoted(name)
            )
            raise InputDataError(msg)
        rows = read_rows(path, first, most)
        rows = rows.replace([inf, -inf], nan)
        records = rows.astype(object).where(rows.notna(), None).to_dict("records")
        return [{str(column): value for column, value in each.items()} for each in records]

    return router


class _Description(NamedTuple):
    """What a data package says of a file: of its rows, and unit and meaning by column."""

    row: str = ""
    columns: Mapping[str, tuple[str, str]] = MappingProxyType({})


def _described(folder: Path) -> dict[str, _Description]:
    """What the data package of a run says of its tables; nothing where it has none of ours."""
    found = {}
    with suppress(AttributeError, KeyError, TypeError):
        for each in (read_json_object(folder / DATAPACKAGE) or {})["resources"]:
            if "schema" in each:
                columns = {
                    field["name"]: (str(field.get("unit", "")), str(field["description"]))
                    for field in each["schema"]["fields"]
                }
                found[each["path"]] = _Description(str(each["description"]), columns)
    return found


def _told(path: Path, about: _Description) -> TableTold:
    try:
        file = pq.read_metadata(path)
    except (OSError, ArrowException) as error:
        why = str(error).partition("\n")[0]
        msg = said("{path}: not readable as a table ({why}); run again", path=str(path), why=why)
        raise RunDirectoryError(msg) from error
    of_columns = [(name, *about.columns.get(name, ("", ""))) for name in file.schema.names]
    return TableTold(
        name=path.stem,
        row=about.row,
        n_rows=file.num_rows,
        columns=[ColumnTold(name=name, unit=unit, meaning=what) for name, unit, what in of_columns],
    )
