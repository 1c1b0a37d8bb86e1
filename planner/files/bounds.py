"""How much a file of each kind may hold; every reader of files from elsewhere asks here.

The bounds lie far above what honest files hold, and below what fills the memory or the day. Sizes
on disk are checked by :mod:`planner.files.input_files` before a file is opened, the others by the
readers as soon as they know them: from a header, or while they count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

MAX_EXPANSION = 200
"""A packed file may unpack to this many times its size; MATSim's XML packs 10 to 40 times."""
FREE_UNPACKED_BYTES = 64_000_000
"""Whatever a file packs to, it may unpack to this many bytes."""
_MB = 1e6


@dataclass(frozen=True, slots=True)
class FileBounds:
    """What a file of one kind may hold.

    Parameters
    ----------
    kind : str
        What messages call such a file, with its article.
    advice : str
        What to do about a larger one.
    max_bytes, max_unpacked_bytes : int
        Bytes on disk, and after unpacking (together, where an archive holds several files).
    max_rows, max_columns, max_cells : int
        Of a table: rows below the header, columns, and cells with something in them. Of a matrix:
        cells. The number of a row may be this high too, whatever the file says of itself.
    max_objects : int
        Features, nodes, elements, or members of an archive.
    max_token_chars : int
        Signs in a cell, a text or a tag.
    """

    kind: str
    advice: str
    max_bytes: int
    max_unpacked_bytes: int = 20_000_000_000
    max_rows: int = 20_000_000
    max_columns: int = 20_000
    max_cells: int = 400_000_000
    max_objects: int = 100_000_000
    max_token_chars: int = 1_000_000

    def check(self, path: Path, **found: int) -> None:
        """Refuse a file that holds more.

        Parameters
        ----------
        **found : int
            What it holds: ``bytes``, ``unpacked_bytes``, ``rows``, ``columns``, ``cells``,
            ``objects``, ``token_chars``; those that are known.

        Raises
        ------
        InputDataError
            Names the first that is too large.
        """
        for name, count in found.items():
            limit = int(getattr(self, f"max_{name}"))
            if count > limit:
                msg = said(
                    "{path}: expected at most {most} in {kind}, found {found}. {advice}.",
                    path=str(path),
                    most=_counted(limit, name),
                    kind=self.kind,
                    found=_counted(count, name),
                    advice=self.advice,
                )
                raise InputDataError(msg)


_COUNTED = {
    "rows": "{n} rows",
    "columns": "{n} columns",
    "cells": "{n} cells",
    "objects": "{n} objects",
    "token_chars": "{n} signs in one text",
}


def _counted(count: int, name: str) -> str:
    if name.endswith("bytes"):
        is_large = count >= _MB
        size = said("{n} MB", n=round(count / _MB, 1)) if is_large else said("{n} bytes", n=count)
        return said("{size} after unpacking", size=size) if name.startswith("unpacked") else size
    return said(_COUNTED[name], n=count)


CSV = FileBounds(
    "a CSV table",
    "Leave out rows and columns that are not needed",
    max_bytes=500_000_000,
    max_columns=10_000,
    max_cells=100_000_000,
    max_token_chars=100_000,
)
PUBLISHED_FLOWS = FileBounds(
    "the published table of truck flows", "Fetch the file again", max_bytes=4_000_000_000
)
"""Read by columns, those of paths along edges left unread: the largest files that are tables."""
XLSX = FileBounds(
    "an Excel workbook",
    "Leave out sheets, rows and columns that are not needed, or save the sheet as CSV",
    max_bytes=100_000_000,
    max_unpacked_bytes=500_000_000,
    max_rows=1_048_576,
    max_columns=16_384,
    max_cells=5_000_000,
    max_objects=10_000,
    max_token_chars=32_767,
)
PARQUET = FileBounds(
    "a Parquet table",
    "Leave out rows and columns that are not needed",
    max_bytes=2_000_000_000,
    max_unpacked_bytes=8_000_000_000,
    max_columns=10_000,
)
YAML = FileBounds(
    "a scenario or parameter file",
    "Give a page of keys and values; tables stand in files of their own",
    max_bytes=1_000_000,
    max_token_chars=100_000,
)
URDB = FileBounds(
    "the JSON of a tariff",
    "Give the answer for one tariff",
    max_bytes=5_000_000,
    max_objects=100_000,
    max_token_chars=100_000,
)
DATEX = FileBounds(
    "a publication of charging stations",
    "Cut out the country or the stations that are needed",
    max_bytes=200_000_000,
    max_objects=20_000_000,
)
VRPB = FileBounds(
    "a VRPB instance", "Give one of fewer places", max_bytes=50_000_000, max_objects=2_000
)
EPW = FileBounds(
    "a weather file",
    "Give a typical year of hours",
    max_bytes=20_000_000,
    max_rows=70_000,
    max_columns=200,
    max_token_chars=10_000,
)
XML = FileBounds(
    "an XML file",
    "Cut out what the study needs",
    max_bytes=20_000_000_000,
    max_objects=1_000_000,
    max_token_chars=64_000_000,
)
"""Objects are those inside one element that is handed out, such as the plan of a person."""
MATSIM_NETWORK = FileBounds(
    "a MATSim network",
    "Cut out what the study needs",
    max_bytes=5_000_000_000,
    max_unpacked_bytes=5_000_000_000,
)
"""About 15 million links; more would fill the memory."""
GRAPHML = FileBounds(
    "a GraphML network",
    "Cut out a smaller region",
    max_bytes=500_000_000,
    max_unpacked_bytes=500_000_000,
    max_objects=5_000_000,
)
OSM = FileBounds(
    "an OpenStreetMap file",
    "Cut out the country, or its motorways with osmium tags-filter",
    max_bytes=40_000_000_000,
    max_unpacked_bytes=100_000_000_000,
)
OMX = FileBounds(
    "an OMX file",
    "Join zones, or export the one matrix that is needed",
    max_bytes=40_000_000_000,
    max_columns=20_000,
    max_objects=10_000,
    max_token_chars=1_000,
)
"""Columns are the zones of a matrix; objects its matrices and lookups."""
VECTOR = FileBounds(
    "a map file",
    "Cut out what is needed in your GIS",
    max_bytes=4_000_000_000,
    max_unpacked_bytes=4_000_000_000,
    max_objects=20_000_000,
    max_columns=2_000,
)
