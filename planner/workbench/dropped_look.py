"""A look at a dropped file: what it may be, how it is read, and what comes of that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import PlannerError, ScenarioError
from planner.files.reading_notes import reading_notes
from planner.files.table_columns import numbers
from planner.network.grid_units import unit_named
from planner.reporting.phrases import own_phrase, phrase
from planner.said import renamed
from planner.workbench.dropped_crs import guessed_crs
from planner.workbench.dropped_files import DATA, kept_file, kept_files
from planner.workbench.dropped_reading import graph_of, read_dropped
from planner.workbench.dropped_recognition import (
    TableFound,
    head_of_table,
    likeliest_sheet,
    recognised,
)
from planner.workbench.dropped_text import with_file
from planner.workbench.dropped_uses import TABLES, USES
from planner.workbench.study_fields import study_fields, written
from planner.workbench.yaml_edits import keys_of, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.reporting.phrases import Phrase
    from planner.workbench.dropped_reading import Read
    from planner.workbench.dropped_uses import FileUse

_SHEETS = ("sheet", "layer")
_COORDINATES = (("lon", "lat"), ("origin_lon", "origin_lat"))
_TOLD_DEFAULTS = {
    "demand.trucks_per": True,
    "network.length_unit": "length",
    "network.speed_unit": "free_speed",
}
"""Units that are told where nothing is said of them: always, or where a column is read in them."""
_FREE_SPEED = "network.free_speed_kmh"
_NAMES = "regions.name_column"
_USUAL_NAMES = ("name", "gen", "nuts_name", "region", "bez", "label")
_OF_FILE = {"sheet", "header_row", "layer", "crs", "matrix", "lookup", "name_column"} | {
    "grid_connection_unit",
    "length_unit",
    "speed_unit",
}
"""Keys that say how one file is read, and nothing of another."""
_GRID = "grid_connection_kw"
_MOST_GUESSED_AT_BYTES = 50_000_000
"""Larger files are not looked at for a companion."""


@dataclass(slots=True)
class Look:
    """What a look at a file has found.

    Parameters
    ----------
    uses : tuple of str
        What it may be, the likeliest first.
    use : str
        What it is taken for; empty where the user is to say so.
    sheet : str
        Sheet or layer that is read unless another one is said; empty for the first one.
    columns : dict of str to str
        Columns of the file by what the planner calls them, empty where there is none.
    options, companions : dict of str to str
        Values of the keys beside the file, and names of files that go with it, by key.
    text : str
        The study's text with the file in it.
    read : Read or None
        What it holds; None where it was not read.
    waits : Phrase or None
        What is needed before it can be read.
    """

    uses: tuple[str, ...]
    use: str
    text: str
    table: TableFound = field(default_factory=TableFound)
    sheet: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    companions: dict[str, str] = field(default_factory=dict)
    guessed: list[Phrase] = field(default_factory=list)
    faults: list[Phrase] = field(default_factory=list)
    read: Read | None = None
    waits: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a user says of a file; what is not said is guessed.

    Parameters
    ----------
    use : str
        Key of :data:`~planner.workbench.dropped_uses.USES`; empty where it is to be recognised.
    """

    use: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, str] = field(default_factory=dict)


def look_at(root: Path, name: str, text: str, told: Told, study: Path) -> Look:
    """Look at a kept file as part of a study.

    Parameters
    ----------
    text : str
        The study's text.
    study : pathlib.Path
        Where it will stand.

    Raises
    ------
    InputDataError
        If there is no such file. Its faults, and those of the text, are part of the answer.
    """
    path = kept_file(root, name)
    look = Look(_by_ending(path), told.use, text, sheet=_sheet(path, told))
    with reading_notes() as notes:
        try:
            _recognise(look, path, told)
            if look.use:
                _set(look, root, path, told, study)
                if look.waits is None:
                    look.read = read_dropped(_part(look.use), keys_of(look.text, "text"), study)
        except ScenarioError as error:
            look.faults += [_fault(root, fault) for fault in error.faults]
        except PlannerError as error:
            look.faults.append(_fault(root, error.args[0]))
    of_data = str(root / DATA)
    look.guessed += [
        phrase("{file}: {note}", file=Path(file).name, note=own_phrase(note))
        for file, texts in notes.items()
        if file.startswith(of_data)
        for note in texts
    ]
    return look


def _by_ending(path: Path) -> tuple[str, ...]:
    return tuple(use for use, each in USES.items() if path.name.lower().endswith(each.endings))


def _part(use: str) -> str:
    """What :func:`~planner.workbench.dropped_reading.read_dropped` reads for a use."""
    return "existing" if use == "existing" else USES[use].section


def _fault(root: Path, text: str) -> Phrase:
    """A fault that names files of the folder as the user does."""
    of_data = f"{root / DATA}/"
    return own_phrase(renamed(text, of_data, "") if of_data in text else text)


def _recognise(look: Look, path: Path, told: Told) -> None:
    sheet, header_row = _where_in_file(told.options)
    if look.sheet:
        text = "the sheet or layer {sheet} is read: a guess, please check"
        look.guessed.append(phrase(text, sheet=look.sheet))
    found = recognised(path, sheet or look.sheet or None, header_row)
    possible = [use for use in found.uses if use in look.uses]
    look.uses = (*possible, *(use for use in look.uses if use not in possible))
    look.table = found.table
    if not look.use:
        look.use = found.likeliest


def _sheet(path: Path, told: Told) -> str:
    """The sheet or layer that is read where the user says none; empty for the first."""
    sheet, header_row = _where_in_file(told.options)
    if sheet is not None:
        return ""
    # What is told of the sheets that are looked at is not of the one that is read.
    with reading_notes(), suppress(PlannerError):
        return likeliest_sheet(path, recognised(path, None, header_row), header_row)
    return ""


def _where_in_file(options: Mapping[str, str]) -> tuple[str | None, int | None]:
    """Sheet or layer, and row of the header."""
    by_name = {key.rpartition(".")[2]: value.strip() for key, value in options.items()}
    row = by_name.get("header_row", "")
    is_row = row.isascii() and row.isdecimal() and 0 < len(row) < 8
    sheet = next((by_name[key] for key in _SHEETS if by_name.get(key)), None)
    return sheet, int(row) if is_row else None


def _set(look: Look, root: Path, path: Path, told: Told, study: Path) -> None:
    """Set a file in the study's text, with what is said of it and what is guessed."""
    use = USES[look.use]
    before = keys_of(look.text, "text")
    is_there = Path(_value(before, use.path_key)).name == path.name
    look.options = {
        key: told.options.get(key, _value(before, key) if is_there or not _is_of_file(key) else "")
        for key in use.options
    }
    for key in use.options:
        if key.rpartition(".")[2] in _SHEETS and not look.options[key]:
            look.options[key] = look.sheet
    look.table = recognised(path, *_where_in_file(look.options)).table
    mapped = value_at(before, use.columns_key) if is_there else None
    new = _columns(look, use, {**(mapped if isinstance(mapped, dict) else {}), **told.columns})
    if _NAMES in look.options and not look.options[_NAMES]:
        look.options[_NAMES] = _name_column(look, look.table.columns)
    if use.crs_key and not look.options[use.crs_key] and path.name.lower().endswith(TABLES):
        _guess_crs(look, use, path, before, study)
    files = _companions(look, root, path.name, told, before)
    look.text = with_file(look.text, use, f"../{DATA}/{path.name}", new, look.options, files)
    after = keys_of(look.text, "text")
    lacking = [
        each.title for each in use.companions if each.is_needed and not _value(after, each.key)
    ]
    if lacking:
        look.waits = phrase("It is read together with another file: {title}", title=lacking[0])
    _tell_defaults(look, use)


def _is_of_file(key: str) -> bool:
    return key.rpartition(".")[2] in _OF_FILE


def _companions(
    look: Look, root: Path, name: str, told: Told, before: dict[str, Any]
) -> dict[str, str]:
    """Choose the files that go with one; paths of those that are set anew are returned, by key."""
    kept = kept_files(root)
    files: dict[str, str] = {}
    for each in USES[look.use].companions:
        named = Path(_value(before, each.key)).name
        chosen = told.companions.get(each.key, named or _companion(root, name, each.use))
        look.companions[each.key] = chosen
        if chosen in kept:
            files[each.key] = f"../{DATA}/{chosen}"
        elif not chosen:
            files[each.key] = ""
    return files


def _value(keys: dict[str, Any], key: str) -> str:
    """What stands at a key, as it is typed; a path alone for that of its table."""
    value = value_at(keys, key)
    above, _, last = key.rpartition(".")
    if value is None and last == "path" and isinstance(value_at(keys, above), str):
        value = value_at(keys, above)
    return "" if value is None else written(value)


def _columns(look: Look, use: FileUse, told: Mapping[str, str]) -> dict[str, str]:
    """Choose the columns of the table; those that the reader has to be told are returned."""
    table = look.table
    if not table.columns or not use.columns or (look.use == "demand_od" and table.is_matrix):
        return {}
    new: dict[str, str] = {}
    for found in table.columns_for(use):
        chosen = str(told.get(found.name, found.column))
        if chosen not in table.columns:
            chosen = ""
        if not found.is_guessed and not chosen:  # readers take what they recognise
            chosen = found.column
        look.columns[found.name] = chosen
        if chosen and (found.is_guessed or chosen != found.column):
            new[found.name] = chosen
            if found.name not in told:
                _tell_guess(look, found.name, chosen)
    if look.use == "sites" and not look.columns["id"]:
        free = [name for name in table.keys if name not in look.columns.values()]
        if free:
            look.columns["id"] = new["id"] = free[0]
            _tell_guess(look, "id", free[0])
    return new


def _tell_guess(look: Look, name: str, column: str) -> None:
    text = "{name} is read from the column {column}: a guess, please check"
    look.guessed.append(phrase(text, name=name, column=column))


def _name_column(look: Look, columns: tuple[str, ...]) -> str:
    """The column that names areas, where one looks like it."""
    lower = {column.lower(): column for column in reversed(columns)}
    found = next((lower[each] for each in _USUAL_NAMES if each in lower), "")
    if found:
        _tell_guess(look, "name_column", found)
    return found


def _companion(root: Path, name: str, use: str) -> str:
    """The latest kept file that may be the one that goes with another."""
    paths = [kept_file(root, other) for other in kept_files(root)]
    for path in sorted(paths, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        other = path.name
        is_small = path.stat().st_size <= _MOST_GUESSED_AT_BYTES
        if other == name or not is_small or not other.lower().endswith(USES[use].endings):
            continue
        try:
            if recognised(path).likeliest == use:
                return other
        except PlannerError:  # told where it is looked at itself
            continue
    return ""


def _guess_crs(look: Look, use: FileUse, path: Path, keys: dict[str, Any], study: Path) -> None:
    """Guess the system of columns of metres by where the study's roads lie."""
    pair = next((pair for pair in _COORDINATES if look.columns.get(pair[0])), None)
    if pair is None or not look.columns.get(pair[1]):
        return
    sheet, header_row = _where_in_file(look.options)
    try:
        table = head_of_table(path, sheet, header_row)
        x, y = (numbers(table, look.columns[name], str(path), "") for name in pair)
        crs = guessed_crs(x, y, graph_of(keys, study)[0])
    except PlannerError:  # told when the file is read
        return
    if crs is not None:
        look.options[use.crs_key] = crs
        text = "the coordinates are read as {crs}, by which they lie at the roads: a guess"
        look.guessed.append(phrase(text, crs=crs))


def _tell_defaults(look: Look, use: FileUse) -> None:
    """Units that hold because nothing is said."""
    told = [
        key
        for key, column in _TOLD_DEFAULTS.items()
        if column is True or look.columns.get(str(column))
    ]
    if not look.columns.get("free_speed"):
        told.append(_FREE_SPEED)
    for key in told:
        if key in use.options and not look.options[key]:
            default = study_fields()[key].default
            look.guessed.append(
                phrase("{key}: {value}, as nothing is said", key=key, value=default)
            )
    header = look.columns.get(_GRID, "")
    if header and not look.options.get("sites.grid_connection_unit"):
        try:
            named = unit_named(header, header)
        except PlannerError:  # told when the file is read
            return
        look.guessed.append(
            phrase("grid connections are in {unit}, as the header says", unit=named)
            if named
            else phrase("grid connections are in kW, as no unit is said")
        )
