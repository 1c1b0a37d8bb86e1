"""What a column or table is: described once, checked, written, and read in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.tables.forms import written
    from planner.tables.language import ENGLISH, LANGUAGES, Language
    from planner.tables.table import Quantity, Table, check_table
    from planner.tables.table_files import read_parquet, write_csv, write_parquet

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "Quantity",
    "Table",
    "check_table",
    "read_parquet",
    "write_csv",
    "write_parquet",
    "written",
]

__getattr__ = door(
    __name__,
    {
        "ENGLISH": "planner.tables.language",
        "LANGUAGES": "planner.tables.language",
        "Language": "planner.tables.language",
        "Quantity": "planner.tables.table",
        "Table": "planner.tables.table",
        "check_table": "planner.tables.table",
        "read_parquet": "planner.tables.table_files",
        "write_csv": "planner.tables.table_files",
        "write_parquet": "planner.tables.table_files",
        "written": "planner.tables.forms",
    },
)
