"""A layout of one's own, read from the table that it is kept in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.files.row_names import name_list
from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys, reading_of
from planner.optimization.class_columns import N_FAST, N_SLOW
from planner.reporting.spreadsheet_columns import SITE_COLUMNS
from planner.said import counted, meant, said
from planner.simulation.class_queues import ClassLayout
from planner.simulation.queues import ChargerLayout
from planner.tables.language import LANGUAGES
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.scenario.charger_classes import TwoClasses

MOST_POINTS = 10_000
"""No site has more points of a kind."""

_PLAN, _N_HPC, _FAST, _SLOW = "plan", "n_hpc", N_FAST.name, N_SLOW.name
_OTHER_NAMES = {
    _PLAN: ("solution_name",),
    "site_id": ("id", "site"),
    _N_HPC: ("hpc", "HPC points", "HPC-Punkte", "High-power points (HPC)"),
    "n_lpc": ("lpc", "LPC points", "LPC-Punkte", "Overnight points (LPC)"),
    _FAST: (),
    _SLOW: (),
}
"""Short names, and the headings of workbooks of earlier versions."""
_KNOWN = {column.name: column for column in (*SITE_COLUMNS, N_FAST, N_SLOW)}
_SHEETS = tuple(language.text("Sites") for language in LANGUAGES)
_PLAN_OF_TITLE = {
    written.casefold(): name
    for name, definition in NAMED_SOLUTION_DEFINITIONS.items()
    for written in (name, *(language.text(definition.title) for language in LANGUAGES))
}


@dataclass(frozen=True, slots=True)
class GivenLayout:
    """A layout, and what to know of how it was read.

    Parameters
    ----------
    layout : ChargerLayout
        Points of each site of the run.
    plan : str or None
        The named solution whose rows were read, where the table names plans.
    notes : tuple of str
        Which rows were read and which were not, for a person.
    n_slow : (n_sites,) int32 or None
        High-power points of the slower class, of those of the layout; None where the table does
        not tell.
    is_told : (n_sites,) bool or None
        Sites that the table has a row of; None for all.
    """

    layout: ChargerLayout
    plan: str | None = None
    notes: tuple[str, ...] = ()
    n_slow: NDArray[np.int32] | None = None
    is_told: NDArray[np.bool_] | None = None

    @property
    def has_slower(self) -> bool:
        """Whether any of its points is of the slower class."""
        return self.n_slow is not None and bool(self.n_slow.any())

    def by_class(self, usual: NDArray[np.int32]) -> ClassLayout:
        """The layout by the classes of its points.

        Parameters
        ----------
        usual : (n_sites,) int32
            Points of the slower class where the table does not tell, as far as a site has as many
            points.
        """
        told = self.n_slow
        return ClassLayout.of(
            self.layout, np.minimum(usual, self.layout.n_hpc) if told is None else told
        )


def plan_named(text: str) -> str:
    """Key of the named solution that a person means by its key or title, in any language."""
    return _PLAN_OF_TITLE.get(text.strip().casefold(), text)


def read_layout(
    path: Path,
    site_id: NDArray[np.object_],
    n_lpc: NDArray[np.int64],
    *,
    lpc_alone: NDArray[np.bool_] | None = None,
    classes: TwoClasses | None = None,
    sheet: str | None = None,
    solution: str | None = None,
) -> GivenLayout:
    """Read how many points each site has.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel workbook, Parquet, GeoPackage or GeoJSON with a row per site: ``site_id``,
        ``n_hpc`` and, where it is known, ``n_lpc``; headings of ``plan.xlsx`` are known too. Points
        of two classes are ``n_slow`` of ``n_hpc``, or ``n_fast`` and ``n_slow``, or columns named
        after the classes. Rows that a workbook hides are not read.
    site_id : (n_sites,) object
        Sites that may be named.
    n_lpc : (n_sites,) int64
        Overnight points where the file does not say.
    lpc_alone : (n_sites,) bool, optional
        Sites with overnight points alone in the run: all trucks that stop there rest. They may have
        them in the layout, and have them where the file does not say. None by default.
    classes : TwoClasses, optional
        Classes after which columns may be named.
    sheet : str, optional
        Sheet of a workbook, layer of a map file; by default the sheet of sites of ``plan.xlsx``
        where there is one, else the first.
    solution : str, optional
        Key of the plan whose rows to read where the table holds those of several.

    Returns
    -------
    GivenLayout
        In the order of ``site_id``. A site that the file leaves out has no points; nor has one
        without high-power points, where a truck that finds no overnight point could not charge,
        unless it is so in the run.

    Raises
    ------
    InputDataError
        If the file is broken, names an unknown site or one twice, holds several plans of which
        none is chosen, has overnight points alone somewhere, or no point at all.
    """
    where = str(path)
    keys = TableKeys(sheet=sheet, usual_sheets=_SHEETS)
    table, plan, notes = _rows_of_one_plan(
        _known_columns(read_table(path, keys, with_places=True), where, classes), where, solution
    )
    refuse_rows(table, table["site_id"].isna().to_numpy(), where, "every row needs a site_id")
    index_of = {str(name): index for index, name in enumerate(site_id)}
    table["site_id"] = [_known_as(str(name), index_of) for name in table["site_id"]]
    twice = table["site_id"].duplicated(keep=False).to_numpy()
    one_plan = "a site must stand in one row (keep the rows of one plan)"
    refuse_rows(table, twice, where, one_plan)
    unknown = ~table["site_id"].isin(list(index_of)).to_numpy()
    if unknown.any():
        first = table["site_id"][unknown].iloc[0]
        expected = said(
            "expected sites of the run, found {first}{meant}; a new site goes into a table of its "
            "own (planner evaluate --sites)",
            first=repr(first),
            meant=meant(first, index_of),
        )
        refuse_rows(table, unknown, where, expected)
    position = table["site_id"].map(index_of).to_numpy(dtype=np.int64)
    hpc, slow = _high_power_points(table, where)
    may_lack_hpc = (hpc > 0) | (False if lpc_alone is None else lpc_alone[position])
    lpc = _counts(table, "n_lpc", where, np.where(may_lack_hpc, n_lpc[position], 0))
    needs_hpc = "overnight points need a high-power point beside them, for trucks that find none"
    refuse_rows(table, (lpc > 0) & ~may_lack_hpc, where, needs_hpc)
    if not hpc.any():
        msg = said("{where}: expected at least one high-power point, found none.", where=str(where))
        raise InputDataError(msg)
    layout = ChargerLayout(np.zeros(len(site_id), np.int32), np.zeros(len(site_id), np.int32))
    layout.n_hpc[position], layout.n_lpc[position] = hpc, lpc
    is_told = np.zeros(len(site_id), np.bool_)
    is_told[position] = True
    if slow is None:
        return GivenLayout(layout, plan, notes, is_told=is_told)
    n_slow = np.zeros(len(site_id), np.int32)
    n_slow[position] = slow
    return GivenLayout(layout, plan, notes, n_slow, is_told)


def _high_power_points(
    table: pd.DataFrame, where: str
) -> tuple[NDArray[np.int32], NDArray[np.int32] | None]:
    """High-power points of each row and, where it is told, how many are of the slower class."""
    none = np.zeros(len(table))
    if _N_HPC not in table:
        fast, slow = (_counts(table, name, where, none) for name in (_FAST, _SLOW))
        together = said(
            "{fast} and {slow} of a site come to at most {most}",
            fast=_FAST,
            slow=_SLOW,
            most=MOST_POINTS,
        )
        refuse_rows(table, fast + slow > MOST_POINTS, where, together)
        return fast + slow, slow
    hpc = _counts(table, _N_HPC, where, none)
    if _FAST not in table and _SLOW not in table:
        return hpc, None
    slow = _counts(table, _SLOW, where, none) if _SLOW in table else hpc
    refuse_rows(table, slow > hpc, where, _no_more_than_all(_SLOW))
    fast = _counts(table, _FAST, where, (hpc - slow).astype(np.float64))
    refuse_rows(table, fast > hpc, where, _no_more_than_all(_FAST))
    if _SLOW not in table:
        return hpc, hpc - fast
    both = said(
        "{fast} and {slow} make up {whole}; leave one of the three out",
        fast=_FAST,
        slow=_SLOW,
        whole=_N_HPC,
    )
    refuse_rows(table, fast + slow != hpc, where, both)
    return hpc, slow


def _no_more_than_all(of_class: str) -> str:
    return said("{part} is of {whole}, and no more than that", part=of_class, whole=_N_HPC)


def _known_columns(table: pd.DataFrame, where: str, classes: TwoClasses | None) -> pd.DataFrame:
    """Identifier and counts under their own names, without counts that the file does not hold."""
    named = {} if classes is None else {_FAST: classes.fast_name, _SLOW: classes.slow_name}
    known = {
        name: (name, *others, *(_KNOWN[name].heading(language) for language in LANGUAGES))
        for name, others in _OTHER_NAMES.items()
    }
    taken = {name.casefold() for names in known.values() for name in names}
    for column, name in named.items():
        own = (each for each in (f"n_{name}", name) if each.casefold() not in taken)
        known[column] = (*known[column], *own)
    found = named_columns(table, known, where, required=("site_id",))
    if {_FAST, _SLOW} <= {*found}:
        return found
    return named_columns(table, known, where, required=("site_id", _N_HPC))


def _rows_of_one_plan(
    table: pd.DataFrame, where: str, solution: str | None
) -> tuple[pd.DataFrame, str | None, tuple[str, ...]]:
    """Rows that are meant, the plan that they are of, and what to say of the others.

    Rows that name no plan go with any: somebody added them.
    """
    hidden = table.index.isin(list(reading_of(table).hidden_rows))
    names_plans = _PLAN in table
    if len(table) and hidden.all() and not (solution and names_plans):
        msg = said(
            "{where}: all rows are hidden; show those of the layout and save the workbook.",
            where=str(where),
        )
        raise InputDataError(msg)
    if not names_plans:
        return table[~hidden], None, _of_hidden(int(hidden.sum()))
    names = table[_PLAN].where(table[_PLAN].notna(), "").astype(str).str.strip()
    plan = names.map(plan_named)
    chosen = _chosen_plan(plan[~hidden], plan, where, solution)
    rows = plan.isin([chosen, ""]).to_numpy()
    # A filter on another plan hides all rows of this one; --solution asks for them all the same.
    reads_hidden = bool(hidden[plan == chosen].all()) if chosen else False
    meant = rows if reads_hidden else rows & ~hidden
    n_other, n_missed = int((~rows).sum()), int((rows & ~meant).sum())
    notes = []
    if n_other:
        title = names[plan == chosen].iloc[0]
        read = (
            "Read the rows of the plan {plan!r}, though its sheet hides them; of other plans not "
            "read: {n}."
            if reads_hidden
            else "Read the rows of the plan {plan!r}; hidden rows of other plans not read: {n}."
            if hidden[~rows].all()
            else "Read the rows of the plan {plan!r}; rows of other plans not read: {n}."
        )
        notes.append(said(read, plan=title, n=n_other))
    return table[meant], chosen or None, (*notes, *_of_hidden(n_missed))


def _chosen_plan(shown: pd.Series, plan: pd.Series, where: str, solution: str | None) -> str:
    """The plan whose rows are meant; empty where no row names one."""
    found = [name for name in dict.fromkeys(plan if solution else shown) if name]
    if solution is not None and found:
        if solution not in found:
            msg = said(
                "{where}: expected rows of the plan {solution} (--solution), found those of "
                "{name_list}{hint}.",
                where=str(where),
                solution=repr(solution),
                name_list=name_list(found),
                hint=meant(solution, found),
            )
            raise InputDataError(msg)
        return solution
    if len(found) > 1:
        msg = said(
            "{where}: the visible rows are of {n} plans ({name_list}), and a layout is one. "
            "Filter its column of plans to one in Excel and save the workbook, or name one: "
            "--solution {value}.",
            where=str(where),
            n=len(found),
            name_list=name_list(found),
            value=str(found[0]),
        )
        raise InputDataError(msg)
    return found[0] if found else ""


def _of_hidden(n_rows: int) -> tuple[str, ...]:
    if not n_rows:
        return ()
    return (
        counted(
            n_rows,
            "{n} hidden row is not read: a site without a visible row has no points in this "
            "layout.",
            "{n} hidden rows are not read: a site without a visible row has no points in this "
            "layout.",
        ),
    )


def _known_as(name: str, known: Collection[str]) -> str:
    """Name of a site as the run knows it: files for spreadsheets mark those like formulas."""
    unmarked = unmarked_text(name)
    return unmarked if unmarked in known else name


def _counts(
    table: pd.DataFrame, column: str, where: str, default: NDArray[np.float64]
) -> NDArray[np.int32]:
    if column not in table:
        return default.astype(np.int32)
    found = counts(table, column, where, "points", MOST_POINTS)
    return np.where(np.isnan(found), default, found).astype(np.int32)
