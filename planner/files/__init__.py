"""Bounded reading of what others wrote: tables, XML, map layers, packed files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.files.input_files import open_input, read_input_bytes
    from planner.files.reading_notes import reading_notes
    from planner.files.safe_xml import iterate_xml
    from planner.files.spreadsheet_texts import write_csv_file
    from planner.files.table_files import read_table
    from planner.files.table_keys import Reading, TableKeys
    from planner.files.vector_files import read_vector_file

__all__ = [
    "Reading",
    "TableKeys",
    "iterate_xml",
    "open_input",
    "read_input_bytes",
    "read_table",
    "read_vector_file",
    "reading_notes",
    "write_csv_file",
]

__getattr__ = door(
    __name__,
    {
        "Reading": "planner.files.table_keys",
        "TableKeys": "planner.files.table_keys",
        "iterate_xml": "planner.files.safe_xml",
        "open_input": "planner.files.input_files",
        "read_input_bytes": "planner.files.input_files",
        "read_table": "planner.files.table_files",
        "read_vector_file": "planner.files.vector_files",
        "reading_notes": "planner.files.reading_notes",
        "write_csv_file": "planner.files.spreadsheet_texts",
    },
)
