"""The plan as a GeoPackage: layers of features with names of fields and styles for QGIS."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

import pyogrio

from planner.reporting.gis.layer_styles import style_document
from planner.reporting.gis.map_fields import layer_fields, layer_title
from planner.reporting.gis.plan_map import geometry_type
from planner.runs.disk_faults import plain_errors
from planner.runs.durable_files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_FIXED_TIME = "2000-01-01T00:00:00.000Z"
_GDAL_SETTINGS = {
    "OGR_CURRENT_DATE": _FIXED_TIME,  # equal plans give equal bytes
    "OGR_SQLITE_SYNCHRONOUS": "OFF",  # the copy in its place waits for the disk, not each layer
    "CPL_LOG": os.devnull,  # what fails is raised; lines of its own, as on a full disk, stay away
}
_HAS_SETTINGS = Lock()
"""Held by the thread that writes: GDAL's settings are those of the process."""

_LAYER_STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""

_FIELD_TITLES_TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
"""
"""Tables of the extension that names and explains fields (OGC 12-128r14, annex F.9)."""
_SCHEMA_EXTENSION = ("gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema")


def write_geopackage(plan: PlanMap, path: Path, language: Language) -> None:
    """Write the plan as a GeoPackage 1.2 in EPSG:4326.

    Names of layers and fields are the same in all languages, so that scripts find them. Titles of
    fields, with units, are in ``gpkg_data_columns``; each layer has a default style that QGIS
    picks up.

    Parameters
    ----------
    path : Path
        The file to write; it appears only when it is complete. Same plan, same bytes.
    """
    with new_geopackage(path) as partial:
        for name, layer in plan.layers.items():
            pyogrio.write_dataframe(
                layer,
                partial,
                layer=name,
                driver="GPKG",
                geometry_type=geometry_type(name),
                append=partial.exists(),
                dataset_options={} if partial.exists() else {"VERSION": "1.2"},
                layer_options={
                    "GEOMETRY_NAME": "geom",
                    "IDENTIFIER": layer_title(plan, name, language),
                },
            )
        with closing(sqlite3.connect(partial)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            _write_field_titles(connection, plan, language)
            _write_styles(connection, plan, language)


@contextmanager
def new_geopackage(path: Path) -> Iterator[Path]:
    """Give a temporary path for a GeoPackage that takes the place of ``path`` at the end.

    It lies in the folder for temporary files: pyogrio would read signs such as ``!`` in the
    user's folder as its own, and SQLite locks files, which not every network drive can.

    Raises
    ------
    OSError
        If there is no room, whatever GDAL calls it.
    """
    with TemporaryDirectory(prefix="planner-") as folder:
        partial = Path(folder) / "new.gpkg"
        with _gdal_settings(), plain_errors(Path(folder)):
            yield partial
        with replacing(path) as new:
            shutil.copyfile(partial, new)


@contextmanager
def _gdal_settings() -> Iterator[None]:
    with _HAS_SETTINGS:
        before = {option: pyogrio.get_gdal_config_option(option) for option in _GDAL_SETTINGS}
        pyogrio.set_gdal_config_options(_GDAL_SETTINGS)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)


def _write_field_titles(connection: sqlite3.Connection, plan: PlanMap, language: Language) -> None:
    connection.executescript(_FIELD_TITLES_TABLES)
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (layer, each.name, each.name, each.title, each.meaning)
            for layer in plan.layers
            for each in layer_fields(plan, layer, language)
        ],
    )
    name, definition = _SCHEMA_EXTENSION
    connection.executemany(
        "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) "
        "VALUES (?, NULL, ?, ?, 'read-write')",
        [
            ("gpkg_data_columns", name, definition),
            ("gpkg_data_column_constraints", name, definition),
        ],
    )


def _write_styles(connection: sqlite3.Connection, plan: PlanMap, language: Language) -> None:
    connection.execute(_LAYER_STYLES_TABLE)
    connection.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)",
        [
            (layer, layer, style_document(plan, layer, language), _FIXED_TIME)
            for layer in plan.layers
        ],
    )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
        "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
        (_FIXED_TIME,),
    )
