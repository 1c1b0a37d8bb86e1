"""A charging curve from a table beside the scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.table_columns import named_columns, numbers
from planner.files.table_files import read_table
from planner.said import said
from planner.scenario.input_paths import resolved_path

if TYPE_CHECKING:
    from pydantic import ValidationInfo

CURVE_COLUMNS = ("soc_share", "power_kw")


def read_curve(text: str, info: ValidationInfo) -> list[tuple[float, float]]:
    """Points of the curve in a table that a key names.

    Parameters
    ----------
    text : str
        Path as the scenario has it.
    info : pydantic.ValidationInfo
        What the scenario is being validated with: its folder.

    Raises
    ------
    ValueError
        If there is no such table, or a column or number is missing.
    """
    try:
        return _points(text, info)
    except InputDataError as error:
        # As a fault of the key, told with all others of the scenario.
        msg = said(
            "points, or a table with the columns {listed}. {error}",
            listed=", ".join(CURVE_COLUMNS),
            error=error.args[0],
        )
        raise ValueError(msg) from None


def _points(text: str, info: ValidationInfo) -> list[tuple[float, float]]:
    path = resolved_path(text, Path((info.context or {}).get("base_dir", Path.cwd())))
    where = f"{path} (charging_curve)"
    known = {name: (name,) for name in CURVE_COLUMNS}
    table = named_columns(read_table(path), known, where, required=CURVE_COLUMNS)
    share, power_kw = (
        numbers(table, name, where, unit)
        for name, unit in zip(CURVE_COLUMNS, ("share", "kW"), strict=True)
    )
    return list(zip(share.tolist(), power_kw.tolist(), strict=True))
