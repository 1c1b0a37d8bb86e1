"""``datapackage.json``: what the files of a run hold, so that it can be published as it is.

A Frictionless data package (https://specs.frictionlessdata.io, version 1): a Table Schema for each
table with units and meanings, keys, the SHA-256 of each file, and the makers and licences of the
inputs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.plan.depot_schemas import (
    NATIONAL_DEPOT_SCHEMAS,
)
from planner.plan.input_sources import input_sources, licence_entry
from planner.plan.market_schemas import (
    NATIONAL_SCHEMAS,
)
from planner.plan.schemas import file_schemas
from planner.plan.trip_schemas import ARRIVAL_SOC
from planner.reporting.gis.plan_map import GEOPACKAGE
from planner.runs.durable_files import replacing
from planner.runs.manifests import MANIFEST
from planner.runs.provenance import sha256_of
from planner.selection.columns import SITE_SELECTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun
    from planner.tables.table import Quantity, Table

DATAPACKAGE = "datapackage.json"

_TYPES = {"int64": "integer", "float64": "number", "bool": "boolean", "string": "string"}
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}
_OF_THE_MODEL = "Simulated, not measured: figures of a plan under the assumptions in run.json."


class TableFile(NamedTuple):
    """A file with a table: its name in the folder, ``.csv`` or ``.parquet``, and what it holds."""

    file: str
    content: Table


def write_datapackage(run: FinishedRun) -> Path:
    """Describe the files of a run.

    Returns
    -------
    pathlib.Path
        ``datapackage.json`` in its folder. Same files, same bytes.
    """
    tables = [
        TableFile(f"{schema.name}{ending}", schema)
        for schema in (
            *file_schemas(run.objectives, with_draws=run.has_draws),
            *NATIONAL_SCHEMAS,
            *NATIONAL_DEPOT_SCHEMAS,
            SITE_SELECTION,
        )
        for ending in (".parquet", ".csv")
        if (run.folder / f"{schema.name}{ending}").is_file()
    ]
    tables.append(TableFile(f"{ARRIVAL_SOC.name}.csv", ARRIVAL_SOC))
    others = {
        GEOPACKAGE: "Map of the plan: sites, roads with flows, unserved trips; prices of a market.",
        "plan.xlsx": "The result as a workbook.",
        MANIFEST: "Provenance: resolved settings, hashes of inputs, versions, checks, summary.",
    }
    return describe(
        run.folder,
        run.name,
        str(run.manifest.get("description", "")),
        run.scenario,
        tables,
        others,
    )


def describe(
    folder: Path,
    name: str,
    description: str,
    scenario: Mapping[str, Any],
    tables: Iterable[TableFile],
    others: Mapping[str, str],
) -> Path:
    """Write the description of a folder's files.

    Parameters
    ----------
    scenario : mapping
        A resolved scenario: makers and licences of the inputs, licence of the results.
    tables : iterable of TableFile
        Tables; those whose file is not there are left out.
    others : mapping of str to str
        Other files, with what they are; likewise.

    Returns
    -------
    pathlib.Path
        ``datapackage.json`` in the folder.
    """
    resources = [*_table_resources(folder, tables), *_other_resources(folder, others)]
    text = json.dumps(
        package_of(name, description, scenario, resources),
        indent=2,
        ensure_ascii=False,
        allow_nan=False,
    )
    path = folder / DATAPACKAGE
    with replacing(path) as new:
        new.write_text(text + "\n", encoding="utf-8")
    return path


def package_of(
    name: str, description: str, scenario: Mapping[str, Any], resources: list[dict[str, Any]]
) -> dict[str, Any]:
    """The package around its resources.

    Parameters
    ----------
    scenario : mapping
        The resolved scenario: makers and licences of the inputs, licence of the results.

    Returns
    -------
    dict
        As JSON knows it.
    """
    licence = str(scenario.get("results_licence", ""))
    return {
        "profile": "data-package",
        "name": name,
        "title": description or name,
        "description": " ".join(text for text in (description, _OF_THE_MODEL) if text),
        **({"licenses": [licence_entry(licence)]} if licence else {}),
        "sources": _sources(scenario),
        "keywords": [
            "battery-electric trucks",
            "charging infrastructure",
            "road freight",
            "simulation",
        ],
        "resources": resources,
    }


def _sources(scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": source.title,
            "input": source.of,
            **({"attribution": source.attribution} if source.attribution else {}),
            **({"licenses": [licence_entry(source.licence)]} if source.licence else {}),
        }
        for source in input_sources(dict(scenario))
    ]


def _table_resources(folder: Path, tables: Iterable[TableFile]) -> list[dict[str, Any]]:
    """Tables that are there; the name of one is that of its file without dots."""
    by_name: dict[str, str] = {}
    found = [table for table in tables if (folder / table.file).is_file()]
    for table in found:
        by_name.setdefault(table.content.name, _resource_name(table.file))
    return [
        {
            **_file(folder, table.file, f"Each row is {table.content.row}."),
            "profile": "tabular-data-resource",
            **({"encoding": "utf-8"} if table.file.endswith(".csv") else {}),
            "schema": {
                "fields": [_field(column) for column in table.content.columns],
                "missingValues": [""],
                "primaryKey": list(table.content.key),
                **_foreign_keys(table, by_name),
            },
        }
        for table in found
    ]


def _foreign_keys(table: TableFile, by_name: Mapping[str, str]) -> dict[str, Any]:
    keys = [
        {
            "fields": [column],
            "reference": {"resource": by_name[other], "fields": [column]},
        }
        for column, other in table.content.refers_to.items()
        if other in by_name
    ]
    return {"foreignKeys": keys} if keys else {}


def _field(column: Quantity) -> dict[str, Any]:
    field = {"name": column.name, "type": _TYPES[column.dtype], "description": column.meaning}
    return field | ({"unit": column.unit} if column.unit else {})


def _other_resources(folder: Path, files: Mapping[str, str]) -> list[dict[str, Any]]:
    # Not to be read as a table, although the workbook could be.
    return [
        _file(folder, name, description) | {"type": "file"}
        for name, description in files.items()
        if (folder / name).is_file()
    ]


def _file(folder: Path, name: str, description: str) -> dict[str, Any]:
    path = folder / name
    return {
        "name": _resource_name(name),
        "path": name,
        "description": description,
        "format": path.suffix.removeprefix("."),
        "mediatype": _MEDIA_TYPES[path.suffix],
        **_fixity(path),
    }


def _fixity(path: Path) -> dict[str, Any]:
    """How to see that a file is the one that was published.

    ``run.json`` and ``sweep.json`` may change without meaning, as by the time of the run. Readers
    of Parquet do not see the bytes of the file, and would take a stated ``hash`` for a broken one:
    there it has a name of its own.
    """
    if path.suffix == ".json":
        return {}
    digest = sha256_of(path)
    if path.suffix == ".parquet":
        return {"sha256": digest}
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _resource_name(file: str) -> str:
    return file.replace(".", "-").lower()
