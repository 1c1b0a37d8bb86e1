"""Weather of a typical year from EPW and TMY3 files, checked hour by hour."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pandas as pd

from planner.errors import InputDataError, quoted
from planner.files.bounds import EPW
from planner.files.input_files import read_input_bytes
from planner.files.reading_notes import note
from planner.files.row_names import row_list
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_LONGEST_GAP_H = 3
_MOST_MISSING_SHARE = 0.05
"""Missing values up to this are filled between their neighbours, of each column for itself."""
_HEAD_LINES = 8
_LEAP_YEAR, _COMMON_YEAR = 1992, 1990
_DATE_AND_HOUR = re.compile(r"\s*\d{4}\s*,\s*\d{1,2}\s*,\s*\d{1,2}\s*,\s*\d{1,2}\s*,")
_MOST_ZONE_OFF_H = 4.0
"""No place on land has a clock that is further from its sun."""
_EXPECTED = "expected a typical year as .epw, or as .csv in the layout of TMY3"
_INSTEAD = (
    "Fetch the place's typical year as EPW (PVGIS and climate.onebuilding.org have them), or give "
    "PV power as a table (source: csv)"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of weather: its unit, what is possible, and from where on a value is missing."""

    unit: str
    least: float
    most: float
    missing_from: float


_COLUMNS = {
    "ghi": _Column("W/m²", 0.0, 2000.0, 9999.0),
    "dni": _Column("W/m²", 0.0, 2000.0, 9999.0),
    "dhi": _Column("W/m²", 0.0, 2000.0, 9999.0),
    "temp_air": _Column("°C", -90.0, 70.0, 99.9),
    "wind_speed": _Column("m/s", 0.0, 120.0, 999.0),
}
_LONGEST_NUMBER = 40
_MORE_NINES = 10.1
"""Some programs write a nine or two more than the format says."""
_MISSING_IN_TMY3 = -9900.0
_PLACE = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "altitude": (-500.0, 9000.0),
    "TZ": (-14.0, 14.0),
}


@dataclass(frozen=True, slots=True)
class WeatherYear:
    """Weather of a year at a place.

    Parameters
    ----------
    weather : pandas.DataFrame
        Irradiance ``ghi``, ``dni``, ``dhi`` in W/m², ``temp_air`` in °C and ``wind_speed`` in m/s,
        float64 without gaps, from 1 January on; the index is the middle of each hour or part of
        it, with the place's offset from UTC.
    """

    weather: pd.DataFrame
    latitude: float
    longitude: float
    altitude_m: float


def read_weather_year(path: Path) -> WeatherYear:
    """Read a weather file.

    Parameters
    ----------
    path : pathlib.Path
        EPW or TMY3, of 8,760 or 8,784 hours, or of half or quarter hours; the content decides.
        Values that the format marks as missing are filled between their neighbours where they are
        few, which is noted.

    Raises
    ------
    InputDataError
        If it is another kind of file, the rows are not those of a year, or a value is no number,
        impossible, or missing where it cannot be filled.
    """
    text = _text(path, read_input_bytes(path, EPW))
    if text.upper().startswith("LOCATION,"):
        table, about, first_row = _read_epw(path, text)
    else:
        _refuse_other_layouts(path, text)
        table, about, first_row = _read_tmy3(path, text)
    table.index = pd.Index(np.arange(len(table)) + first_row, name="row")
    place = _place(path, about)
    n_per_hour = _steps_per_hour(path, table)
    weather = pd.DataFrame(
        {name: _numbers(path, table, name, n_per_hour) for name in _COLUMNS},
    )
    is_leap = len(table) == 366 * 24 * n_per_hour
    step = pd.Timedelta(minutes=60 // n_per_hour)
    year = _LEAP_YEAR if is_leap else _COMMON_YEAR
    zone = int(place["TZ"] * 3600)
    start = pd.Timestamp(year=year, month=1, day=1).tz_localize(zone)
    weather.index = pd.date_range(start + step / 2, periods=len(table), freq=step)
    return WeatherYear(weather, place["latitude"], place["longitude"], place["altitude"])


def _refuse(path: Path, found: str, remedy: str = _INSTEAD) -> NoReturn:
    msg = said(
        "{path}: {expected}, found {found}. {remedy}.",
        path=str(path),
        expected=_EXPECTED,
        found=found,
        remedy=remedy,
    )
    raise InputDataError(msg)


def _text(path: Path, content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        _refuse(path, "a packed file", "Unpack it")
    EPW.check(path, rows=content.count(b"\n") + content.count(b"\r"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Names of places in the head; figures are the same in both.
        text = content.decode("latin-1")
    EPW.check(path, token_chars=max(map(len, text.splitlines()), default=0))
    return text


def _read_epw(path: Path, text: str) -> tuple[pd.DataFrame, Mapping[str, object], int]:
    """The table of an EPW file, what it says of the place, and the number of its first row."""
    from pvlib import iotools  # noqa: PLC0415  # seconds of imports

    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if _DATE_AND_HOUR.match(line)), None)
    if first is None:
        _refuse(path, "an EPW file without hours")
    if first != _HEAD_LINES:
        note(path, said("lines before its hours: {n}, not {usual}", n=first, usual=_HEAD_LINES))
    # pvlib takes eight lines of head for granted, and a year that has all its days.
    whole = "\n".join([lines[0], *["-"] * (_HEAD_LINES - 1), *lines[first:]]) + "\n"
    table, about = _read(path, lambda: iotools.read_epw(io.StringIO(whole), coerce_year=_LEAP_YEAR))
    found = [_floats(table[name]) for name in ("month", "day", "hour")]
    expected = _calendar(len(table))
    if expected is not None:
        wrong = np.flatnonzero(np.any(np.array(found) != expected, axis=0))
        if len(wrong):
            month, day, hour = expected[:, wrong[0]]
            of_month, of_day, of_hour = (_shown(each[wrong[0]]) for each in found)
            msg = said(
                "{path}, row {row}: expected month {month}, day {day}, hour {hour} of a year from "
                "1 January on without gaps, found month {of_month}, day {of_day}, hour {of_hour}. "
                "{remedy}.",
                path=str(path),
                row=str(wrong[0] + first + 1),
                month=str(month),
                day=str(day),
                hour=str(hour),
                of_month=str(of_month),
                of_day=str(of_day),
                of_hour=str(of_hour),
                remedy=_INSTEAD,
            )
            raise InputDataError(msg)
    return table, about, first + 1


def _shown(number: float) -> str:
    return f"{number:g}" if np.isfinite(number) else "none"


def _calendar(n_rows: int) -> NDArray[np.int64] | None:
    """Month, day and hour (1 to 24) of the rows of a year, (3, n_rows); None if they are none."""
    for year, days in ((_COMMON_YEAR, 365), (_LEAP_YEAR, 366)):
        n_per_hour, rest = divmod(n_rows, days * 24)
        if not rest and n_per_hour in {1, 2, 4}:
            hours = pd.date_range(f"{year}-01-01", periods=days * 24, freq="h")
            parts = np.array([hours.month, hours.day, hours.hour + 1])
            return np.repeat(parts, n_per_hour, axis=1)
    return None


def _read_tmy3(path: Path, text: str) -> tuple[pd.DataFrame, Mapping[str, object], int]:
    from pvlib import iotools  # noqa: PLC0415  # seconds of imports

    table, about = _read(
        path,
        lambda: iotools.read_tmy3(io.StringIO(text), coerce_year=_COMMON_YEAR, map_variables=True),
    )
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        _refuse(path, said("one without {names}", names=AsWritten(", ".join(missing))))
    times = pd.DatetimeIndex(table.index).tz_localize(None)
    start = pd.Timestamp(year=_COMMON_YEAR, month=1, day=1)
    expected = start + pd.to_timedelta(np.arange(1, len(times) + 1), unit="h")
    wrong = np.flatnonzero(times != expected)
    if len(wrong) and _calendar(len(times)) is not None:
        time = times[wrong[0]]
        msg = said(
            "{path}, row {row}: expected the hour that ends at {expected} of a year without gaps, "
            "found {found}. {remedy}.",
            path=str(path),
            row=str(wrong[0] + 3),
            expected=f"{expected[wrong[0]]:%m-%d %H:%M}",
            found="none" if pd.isna(time) else f"{time:%m-%d %H:%M}",
            remedy=_INSTEAD,
        )
        raise InputDataError(msg)
    return table, about, 3


def _read(
    path: Path, reader: Callable[[], tuple[pd.DataFrame, dict[str, object]]]
) -> tuple[pd.DataFrame, Mapping[str, object]]:
    """What a reader of pvlib gives; what it raises says little to those who have the file."""
    try:
        table, about = reader()
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        reason = quoted(f"{type(error).__name__}: {error}")
        msg = said(
            "{path}: {expected}, found what is not readable as one ({reason}). {remedy}.",
            path=str(path),
            expected=_EXPECTED,
            reason=reason,
            remedy=_INSTEAD,
        )
        raise InputDataError(msg) from error
    return table, about


_OTHER_LAYOUTS = {
    "source,location id": "a download of the NSRDB, which is no TMY3",
    "latitude (decimal degrees)": "a download of PVGIS as CSV, which is no TMY3",
    "year,month,day,hour": "a table of hours without the head of TMY3",
    "<": "a web page or XML",
    "{": "JSON",
}
"""How other files begin that people take for TMY3, in small letters."""


def _refuse_other_layouts(path: Path, text: str) -> None:
    start = text.lstrip().lower()
    for begin, kind in _OTHER_LAYOUTS.items():
        if start.startswith(begin):
            _refuse(path, kind)


def _place(path: Path, about: Mapping[str, object]) -> dict[str, float]:
    place = {}
    for name, (least, most) in _PLACE.items():
        value = about.get(name)
        if not isinstance(value, int | float) or not least <= value <= most:
            msg = said(
                "{path}, row 1: expected {name} from {least} to {most}, found {found}.",
                path=str(path),
                name="the offset from UTC in hours" if name == "TZ" else name,
                least=least,
                most=most,
                found=quoted(value),
            )
            raise InputDataError(msg)
        place[name] = float(value)
    off_h = abs((place["longitude"] / 15.0 - place["TZ"] + 12.0) % 24.0 - 12.0)
    if off_h > _MOST_ZONE_OFF_H:
        msg = said(
            "{path}, row 1: expected a longitude that fits the offset from UTC, found {longitude} "
            "degrees east and {hours} hours. Is a sign missing?",
            path=str(path),
            longitude=place["longitude"],
            hours=place["TZ"],
        )
        raise InputDataError(msg)
    return place


def _steps_per_hour(path: Path, table: pd.DataFrame) -> int:
    calendar = _calendar(len(table))
    if calendar is None:
        msg = said(
            "{path}: expected the {common} or {leap} hours of a year (or all of its half or "
            "quarter hours), found {n} rows. {remedy}.",
            path=str(path),
            common=8760,
            leap=8784,
            n=len(table),
            remedy=_INSTEAD,
        )
        raise InputDataError(msg)
    return len(table) // (365 * 24)


def _numbers(path: Path, table: pd.DataFrame, name: str, n_per_hour: int) -> NDArray[np.float64]:
    """A column without gaps, (n_rows,) float64."""
    column = _COLUMNS[name]
    values = _floats(table[name])
    is_empty = table[name].isna().to_numpy() | (table[name].astype(str).str.strip() == "")
    marked = (values >= column.missing_from) & (values <= _MORE_NINES * column.missing_from)
    marked |= values == _MISSING_IN_TMY3
    is_missing = is_empty | marked
    wrong = ~is_missing & ~((values >= column.least) & (values <= column.most))
    if wrong.any():
        first = table[name][wrong].iloc[0]
        msg = said(
            "{path}: {name} must be a number from {least} to {most} {unit}, found {found} and the "
            "like in {rows}.",
            path=str(path),
            name=AsWritten(name),
            least=column.least,
            most=column.most,
            unit=AsWritten(column.unit),
            found=quoted(str(first)),
            rows=row_list(table.index[wrong]),
        )
        raise InputDataError(msg)
    if is_missing.any():
        _check_gaps(path, table, name, is_missing, n_per_hour)
        places = np.arange(len(values))
        values[is_missing] = np.interp(
            places[is_missing], places[~is_missing], values[~is_missing], period=len(values)
        )
    return values


def _floats(column: pd.Series) -> NDArray[np.float64]:
    """Cells as numbers, NaN where they are none."""
    if column.dtype.kind not in "if":
        # Whole numbers of hundreds of digits would become integers that no float can hold.
        column = column.where(column.astype(str).str.len() <= _LONGEST_NUMBER)
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, copy=True)


def _check_gaps(
    path: Path,
    table: pd.DataFrame,
    name: str,
    is_missing: NDArray[np.bool_],
    n_per_hour: int,
) -> None:
    """Refuse missing values that are too many to be filled; note the others."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], is_missing.astype(int), [0]])))
    longest_h = int((ends[1::2] - ends[::2]).max()) / n_per_hour
    n_missing = int(is_missing.sum())
    rows = row_list(table.index[is_missing])
    if longest_h > _LONGEST_GAP_H or n_missing > _MOST_MISSING_SHARE * len(is_missing):
        msg = said(
            "{path}: {n} of {all} values of {name} are missing ({rows}), up to {longest} hours in "
            "a row; filled are at most {most} hours in a row and {percent} % of all. {remedy}.",
            path=str(path),
            n=n_missing,
            all=len(is_missing),
            name=AsWritten(name),
            rows=rows,
            longest=float(longest_h),
            most=_LONGEST_GAP_H,
            percent=100 * _MOST_MISSING_SHARE,
            remedy=_INSTEAD,
        )
        raise InputDataError(msg)
    told = "missing values of {name} filled between their neighbours: {n} of {all} ({rows})"
    note(path, said(told, name=name, n=n_missing, all=len(is_missing), rows=rows))
