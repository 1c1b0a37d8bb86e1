"""A look into GeoPackages, which are databases, before GDAL reads a layer of one.

What is called a layer may be a view or a virtual table: a program that runs when it is read, and
may never end or never fit. Only tables that hold what they say are read.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

_GENERATED = {2, 3}
"""How SQLite marks columns that are computed, virtual or stored."""


def geometry_layers(path: Path) -> list[str]:
    """Names of the layers with geometries in a GeoPackage, without looking at what they hold.

    Raises
    ------
    InputDataError
        If the file is no whole GeoPackage.
    """
    rows = _answers(
        path,
        "SELECT table_name FROM gpkg_contents JOIN gpkg_geometry_columns USING (table_name) "
        "WHERE data_type = 'features' ORDER BY gpkg_contents.rowid",
    )
    return [str(name) for (name,) in rows]


def require_stored_layer(path: Path, layer: str) -> None:
    """Refuse a layer that is computed while it is read.

    Raises
    ------
    InputDataError
        If the layer is a view or a virtual table, or has computed columns.
    """
    kinds = _answers(
        path,
        "SELECT type, rootpage FROM sqlite_master WHERE name = ? COLLATE NOCASE "
        "AND type IN ('table', 'view')",
        layer,
    )
    if not any(kind == "table" and page for kind, page in kinds):
        found = "a view" if kinds and kinds[0][0] == "view" else "something else"
        msg = said(
            "{path}: expected the layer {layer} to be a table, found {found}. Export it in "
            "your GIS as a layer of its own.",
            path=str(path),
            layer=repr(layer),
            found=found,
        )
        raise InputDataError(msg)
    for name, hidden in _answers(path, "SELECT name, hidden FROM pragma_table_xinfo(?)", layer):
        if hidden in _GENERATED:
            msg = said(
                "{path}: the layer {layer} has the computed column {name}. Export it in your GIS "
                "as a layer of its own.",
                path=str(path),
                layer=repr(layer),
                name=repr(name),
            )
            raise InputDataError(msg)


def _answers(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            return database.execute(query, values).fetchall()
    except sqlite3.Error as error:
        msg = said(
            "{path}: cannot be read as a .gpkg file: {error}. Export it again.",
            path=str(path),
            error=str(error),
        )
        raise InputDataError(msg) from error


def refuse_unsaved(path: Path) -> None:
    """Refuse a GeoPackage part of which lies in a side file that cannot be reached.

    Raises
    ------
    InputDataError
        If another program has changes of it at hand.
    """
    unsaved = path.with_name(f"{path.name}-wal")
    if unsaved.is_file() and unsaved.stat().st_size:
        msg = said(
            "{path}: another program has it open, and its changes lie in {name}. Close it "
            "there, or move the file to a folder without ! and ; in its name.",
            path=str(path),
            name=unsaved.name,
        )
        raise InputDataError(msg)
