"""What one site gets instead of what it has: more points, fewer, or another grid connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.errors import InputDataError, quoted
from planner.files.row_names import name_list
from planner.layouts.layout_reading import MOST_POINTS
from planner.optimization.site_limits import plug_limits
from planner.said import counted, joined, meant, said
from planner.simulation.class_queues import ClassLayout

if TYPE_CHECKING:
    from planner.network.sites import Sites

MOST_MW = 500.0
"""No grid connection of a site is stronger, MW; more is a figure in kW."""

_SHOWN_SITES = 8


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What a site shall get.

    Parameters
    ----------
    site : str
        Its name or its key.
    n_hpc : int or None
        High-power points, >= 0; as many as the connection carries where only that is given.
    grid_mw : float or None
        Grid connection, MW, > 0.
    """

    site: str
    n_hpc: int | None = None
    grid_mw: float | None = None

    def __post_init__(self) -> None:
        """Refuse a change of nothing, and megawatts that are kilowatts."""
        if self.n_hpc is None and self.grid_mw is None:
            msg = said(
                "--site {site}: say what it gets: --points 4, --grid-mw 5, or both.",
                site=quoted(self.site),
            )
            raise InputDataError(msg)
        if self.n_hpc is not None and self.n_hpc > MOST_POINTS:
            msg = said(
                "--points: expected at most {most}, found {n}.", most=MOST_POINTS, n=self.n_hpc
            )
            raise InputDataError(msg)
        if self.grid_mw is not None and not 0.0 < self.grid_mw <= MOST_MW:
            msg = said(
                "--grid-mw: expected megawatts above 0 and up to {most}, found {found}.",
                most=MOST_MW,
                found=self.grid_mw,
            )
            if self.grid_mw > MOST_MW:
                hint = said(
                    "{kw} kW are --grid-mw {mw}.",
                    kw=self.grid_mw,
                    mw=f"{self.grid_mw / 1000.0:g}",
                )
                msg = joined((msg, hint), " ")
            raise InputDataError(msg)

    @property
    def folder_name(self) -> str:
        """The change as part of a folder's name, in signs that every system takes."""
        site = re.sub(r"[^0-9A-Za-z]+", "-", self.site).strip("-")[:40].lower()
        points = [] if self.n_hpc is None else [f"{self.n_hpc}-points"]
        power = [] if self.grid_mw is None else [f"{self.grid_mw:g}-mw"]
        return "-".join([*([site] if site else []), *points, *power])


@dataclass(frozen=True, slots=True)
class ChangedSite:
    """A change found among the sites of a run.

    Parameters
    ----------
    index : int
        The site.
    sites : Sites
        All sites, with the new connection.
    layout : ClassLayout
        All points, with those of the change.
    carried : str
        How many points the new connection carries, a sentence; empty where none is given.
    """

    index: int
    sites: Sites
    layout: ClassLayout
    carried: str = ""


def changed_site(
    change: SiteChange, sites: Sites, layout: ClassLayout, powers_kw: tuple[float, float]
) -> ChangedSite:
    """Give a site of a run other points or another connection.

    A connection limits points as it does in runs that keep to connections
    (:func:`~planner.optimization.site_limits.plug_limits`). Points of the slower class stay, as
    far as the site has so many.

    Parameters
    ----------
    layout : ClassLayout
        Points before.
    powers_kw : (float, float)
        Power that each point of the faster and of the slower class is sure of, kW; the same where
        there are no classes.

    Raises
    ------
    InputDataError
        If no site or several are called so, or the connection does not carry the points.
    """
    index = site_named(change.site, sites)
    carried, n_slow = "", int(layout.n_slow[index])
    if change.grid_mw is not None:
        connection_kw = sites.grid_connection_kw.copy()
        connection_kw[index] = 1000.0 * change.grid_mw
        sites = replace(sites, grid_connection_kw=connection_kw)
        most, carried = _most_points(change.grid_mw, sites, index, n_slow, powers_kw)
        if change.n_hpc is not None and change.n_hpc > most:
            needed_mw = f"{_needed_kw(change.n_hpc, n_slow, powers_kw) / 1000.0:g}"
            msg = said(
                "--points {points}: {carried} Give at most {most} points, or a connection of {mw} "
                "MW: --grid-mw {option}.",
                points=str(change.n_hpc),
                carried=carried,
                most=most,
                mw=float(needed_mw),
                option=needed_mw,
            )
            raise InputDataError(msg)
    changed = ClassLayout(layout.n_fast.copy(), layout.n_slow.copy(), layout.n_lpc.copy())
    n_hpc = most if change.n_hpc is None else change.n_hpc
    changed.n_slow[index] = min(n_slow, n_hpc)
    changed.n_fast[index] = n_hpc - changed.n_slow[index]
    if n_hpc == 0:
        changed.n_lpc[index] = 0
    return ChangedSite(index, sites, changed, carried)


def _needed_kw(n_hpc: int, n_slow: int, powers_kw: tuple[float, float]) -> float:
    """Power of so many points, of which those of the slower class come first, kW."""
    fast_kw, slow_kw = powers_kw
    slower = min(n_slow, n_hpc)
    return slower * slow_kw + (n_hpc - slower) * fast_kw


def _carried(grid_mw: float, n_slow: int, powers_kw: tuple[float, float]) -> tuple[int, str]:
    """Points that a connection carries, those of the slower class first, and that in words."""
    fast_kw, slow_kw = powers_kw
    slower = min(n_slow, int(1000.0 * grid_mw // slow_kw))
    faster = int((1000.0 * grid_mw - slower * slow_kw) // fast_kw) if slower == n_slow else 0
    if not slower:
        return faster, counted(
            faster,
            "A connection of {mw} MW carries {n} point of {kw} kW",
            "A connection of {mw} MW carries {n} points of {kw} kW",
            mw=grid_mw,
            kw=round(fast_kw),
        )
    return slower + faster, counted(
        slower + faster,
        "A connection of {mw} MW carries {n} point of {slow_kw} kW",
        "A connection of {mw} MW carries {n} points, {slow} of {slow_kw} kW and {fast} of "
        "{fast_kw} kW",
        mw=grid_mw,
        slow=slower,
        slow_kw=round(slow_kw),
        fast=faster,
        fast_kw=round(fast_kw),
    )


def _most_points(
    grid_mw: float, sites: Sites, index: int, n_slow: int, powers_kw: tuple[float, float]
) -> tuple[int, str]:
    """Most points that a connection lets a site have, and that in words."""
    fast_kw = powers_kw[0]
    limits = plug_limits(sites, fast_kw, within_grid_connection=False, within_parking_spaces=False)
    carries, power = _carried(grid_mw, n_slow, powers_kw)
    most = max(int(limits.existing_hpc[index]), min(int(limits.max_hpc[index]), carries))
    if most > carries:
        return most, counted(
            most,
            "{power}; {n} stands there already and stays.",
            "{power}; {n} stand there already and stay.",
            power=power,
        )
    if most < carries:
        return most, said("{power}; the site has room for {n} (max_hpc).", power=power, n=most)
    if most == 0:
        least_mw = _needed_kw(1, n_slow, powers_kw) / 1000.0
        msg = said(
            "--grid-mw {given}: {power}. Give at least {least} MW.",
            given=f"{grid_mw:g}",
            power=power,
            least=least_mw,
        )
        raise InputDataError(msg)
    return most, said("{power}.", power=power)


def site_named(asked: str, sites: Sites) -> int:
    """Index of the site that a person means.

    Parameters
    ----------
    asked : str
        Its name or key; small and capital letters and spaces do not matter.

    Raises
    ------
    InputDataError
        If there is none, or several; the message names those that may be meant.
    """
    wanted = _plain(asked)
    ids, names = ([_plain(text) for text in texts] for texts in (sites.site_id, sites.name))
    found = [i for i, one in enumerate(ids) if one == wanted]
    found = found or [i for i, one in enumerate(names) if one == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        which = name_list([str(sites.site_id[i]) for i in found], _SHOWN_SITES)
        msg = said(
            "--site {site}: {n} sites are called so; name one by key: {which}.",
            site=quoted(asked),
            n=len(found),
            which=which,
        )
        raise InputDataError(msg)
    parts = [i for i, one in enumerate(names) if wanted and wanted in one]
    if parts:
        like = name_list([shown_name(sites, i) for i in parts], _SHOWN_SITES)
        n_like = counted(len(parts), "{n} has it in its name", "{n} have it in their names")
        hint: str = joined(("; ", n_like, ": ", like), "")
    else:
        hint = meant(asked, [*map(str, sites.name), *map(str, sites.site_id)])
    msg = said(
        "--site {site}: expected the name or key of a site of the run, found none{hint}.",
        site=quoted(asked),
        hint=hint,
    )
    raise InputDataError(msg)


def shown_name(sites: Sites, index: int) -> str:
    """Name and key of a site."""
    name, key = str(sites.name[index]), str(sites.site_id[index])
    return name if name == key else f"{name} ({key})"


def _plain(text: object) -> str:
    return " ".join(str(text).split()).casefold()
