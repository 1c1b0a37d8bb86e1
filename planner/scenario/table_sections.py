"""How a scenario says where and how a table lies in its file: the same keys for every table."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from planner.files.table_keys import TableKeys
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import Section, Whole

_SHEET = Field(
    default=None,
    description="Sheet of a workbook, by default the first; layer of a GeoPackage, by default the "
    "only one.",
)
_HEADER_ROW = Field(
    default=None,
    ge=1,
    le=1_000_000,
    description="Row of the header as a spreadsheet counts; by default the first that is not a "
    "title.",
)
_COLUMNS: Any = Field(
    default_factory=dict,
    description="Which column of the file holds what, where it has another name: `ours: theirs`.",
)


class SheetSection(FileSection):
    """A section with a table whose columns have keys of their own."""

    sheet: str | None = _SHEET
    header_row: Whole | None = _HEADER_ROW

    def table_keys(self, section: str) -> TableKeys:
        """What the section says about its table; ``section`` is its name in messages."""
        return TableKeys(section, self.sheet, self.header_row, {})


class TableSection(SheetSection):
    """A section with a table whose columns may have other names."""

    columns: dict[str, str] = _COLUMNS

    def table_keys(self, section: str) -> TableKeys:
        """What the section says about its table; ``section`` is its name in messages."""
        return TableKeys(section, self.sheet, self.header_row, self.columns)


class FurtherTable(Section):
    """A table beside the main one of a section: its path alone, or with the keys below."""

    # Declared before the path, which is checked with what stands before it at hand.
    where_to_get: str = Field(
        default="", description="Where the file can be had; that of the section by default."
    )
    path: InputPath = Field(description="The file.")
    sheet: str | None = _SHEET
    header_row: Whole | None = _HEADER_ROW
    columns: dict[str, str] = _COLUMNS

    def table_keys(self, section: str) -> TableKeys:
        """What the section says about its table; ``section`` is its name in messages."""
        return TableKeys(section, self.sheet, self.header_row, self.columns)


def _with_keys(given: Any, info: ValidationInfo) -> Any:
    """A path alone as the mapping that it is short for."""
    if given is None or isinstance(given, FurtherTable):
        return given
    found = dict(given) if isinstance(given, dict) else {"path": given}
    return {"where_to_get": info.data.get("where_to_get", "")} | found


TableFile = Annotated[FurtherTable, BeforeValidator(_with_keys)]
"""Either a path, or a mapping with ``path`` and what else is to be said of the table."""
