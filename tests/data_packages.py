"""Data packages as Frictionless finds them."""

from unittest import mock

import frictionless
from frictionless.formats import ParquetParser
from pyarrow import parquet


def package_faults(descriptor):
    """Faults of a data package as (resource, type, row, field, message)."""
    with mock.patch.object(ParquetParser, "read_cell_stream_create", _cells):
        report = frictionless.Package(str(descriptor)).validate()
    faults = report.flatten(["name", "type", "rowNumber", "fieldName", "message"])
    assert report.valid == (not faults)
    return faults


def _cells(parser):
    """Header and rows of a Parquet file; Frictionless' own way turns a row over for every cell."""
    table = parquet.read_table(parser.resource.normpath)
    yield table.column_names
    columns = (column.to_pylist() for column in table.columns)
    yield from map(list, zip(*columns, strict=True))
