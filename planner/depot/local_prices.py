"""Prices at moments in time as prices of the local clock's quarters of an hour.

A day of the planner has 24 hours, also when clocks change. Of the hour that stands twice in autumn
the first is taken; the hour that spring leaves out costs what the one before it costs.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.reading_notes import note
from planner.said import counted, said, set_off

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from zoneinfo import ZoneInfo

QUARTER = dt.timedelta(minutes=15)
"""The step of prices."""
_HOUR = dt.timedelta(hours=1)
_STEPS = (QUARTER, 2 * QUARTER, _HOUR)
_SHOWN = 4
_DAY_QUARTERS = 96


def local_clock(
    path: object, times: Sequence[dt.datetime], zone: ZoneInfo, *, is_default: bool
) -> list[dt.datetime]:
    """Times on the clock of a zone.

    Parameters
    ----------
    times : sequence of datetime.datetime
        All aware, or all of the local clock already.
    zone : zoneinfo.ZoneInfo
        The depot's zone.
    is_default : bool
        Whether nobody has named it; offsets that it never has are then refused.

    Returns
    -------
    list of datetime.datetime
        Naive; ``fold`` is 1 in the second of two like hours, where that is known.

    Raises
    ------
    InputDataError
        If offsets say that the prices are of another zone.
    """
    if times[0].tzinfo is None:
        return list(times)
    local = [time.astimezone(zone) for time in times]
    offsets = {time.utcoffset() for time in times}
    own = {time.utcoffset() for time in local}
    if is_default:
        strange = sorted(str(_offset(one)) for one in offsets - own - {dt.timedelta(0), _HOUR})
        if strange:
            msg = said(
                "{path}: has times with the offset {offset}, which {zone} has not; name the "
                "depot's zone as spot.time_zone, such as America/Los_Angeles",
                path=str(path),
                offset=strange[0],
                zone=zone.key,
            )
            raise InputDataError(msg)
    if any(time.utcoffset() != here.utcoffset() for time, here in zip(times, local, strict=True)):
        given = " and ".join(sorted(str(_offset(one)) for one in offsets))
        told = "times with the offset {offset} turned into those of {zone}"
        note(str(path), said(told, offset=given, zone=zone.key))
    return [time.replace(tzinfo=None) for time in local]


def _offset(offset: dt.timedelta | None) -> str:
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def prices_by_quarter(
    path: object,
    rows: Sequence[object],
    times: Sequence[dt.datetime],
    prices: Sequence[Decimal],
    zone: ZoneInfo | None,
) -> dict[dt.datetime, Decimal]:
    """Price of each quarter of an hour that a series has.

    Parameters
    ----------
    rows : sequence
        Names of the rows.
    times : sequence of datetime.datetime
        Begin of each price on the local clock, naive, in any order; hours, half hours and quarters
        may change from day to day.
    zone : zoneinfo.ZoneInfo or None
        Says when clocks change; None if that is not known.

    Returns
    -------
    dict of datetime.datetime to Decimal
        By local time.

    Raises
    ------
    InputDataError
        If a time stands twice without a change of clocks, or is not on a quarter of an hour.
    """
    found: dict[dt.datetime, tuple[int, Decimal]] = {}
    doubled: set[dt.datetime] = set()
    twice: list[tuple[object, dt.datetime]] = []
    entries = list(zip(rows, times, prices, strict=True))
    for row, time, price in entries if times[0] <= times[-1] else reversed(entries):
        clock = time.replace(fold=0)
        if time.minute % 15 or time.second or time.microsecond:
            msg = said(
                "{path}, row {row}: expected the begin of an hour or a quarter of one, found "
                "{found}",
                path=str(path),
                row=str(row),
                found=f"{time:%Y-%m-%d %H:%M:%S}",
            )
            raise InputDataError(msg)
        if clock not in found:
            found[clock] = (time.fold, price)
        elif zone is not None and clock not in doubled and _stands_twice(clock, zone):
            doubled.add(clock)
            found[clock] = min(found[clock], (time.fold, price), key=lambda one: one[0])
        else:
            twice.append((row, clock))
    _refuse_twins(path, twice)
    for day in sorted({clock.date() for clock in doubled}):
        told = "clocks go back on {day}: of the hour that stands twice the first is taken"
        note(str(path), said(told, day=str(day)))
    by_quarter = _in_quarters({clock: found[clock][1] for clock in sorted(found)})
    if zone is not None:
        _fill_spring(path, by_quarter, zone)
    _note_gaps(path, by_quarter)
    return by_quarter


def _stands_twice(clock: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the local clock shows a time twice."""
    summer, winter = (clock.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return summer is not None and winter is not None and summer > winter


def _is_left_out(clock: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the local clock never shows a time."""
    before, after = (clock.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return before is not None and after is not None and before < after


def _refuse_twins(path: object, twice: Sequence[tuple[object, dt.datetime]]) -> None:
    if not twice:
        return
    shown = [
        said("{time} in row {row}", time=f"{time:%Y-%m-%d %H:%M}", row=str(row))
        for row, time in twice[:_SHOWN]
    ]
    n_more = len(twice) - _SHOWN
    msg = said(
        "{path}: a second price for {shown}{more}; leave one (an export may hold several areas or "
        "auctions, one below the other)",
        path=str(path),
        shown=shown,
        more=set_off(said("and {n} more", n=n_more)) if n_more > 0 else "",
    )
    raise InputDataError(msg)


def _in_quarters(by_time: dict[dt.datetime, Decimal]) -> dict[dt.datetime, Decimal]:
    """Prices of each quarter of an hour; a day's prices hold as long as its shortest step."""
    last = _HOUR
    by_quarter: dict[dt.datetime, Decimal] = {}
    for _, of_day in groupby(by_time.items(), key=lambda entry: entry[0].date()):
        entries = list(of_day)
        steps = [after - time for (time, _), (after, _) in pairwise(entries)]
        last = min((step for step in steps if step in _STEPS), default=last)
        # A single price of a day, and a day with gaps between all, hold as long as those before.
        for time, price in entries:
            for quarter in range(last // QUARTER):
                by_quarter.setdefault(time + quarter * QUARTER, price)
    return by_quarter


def _gaps(by_quarter: dict[dt.datetime, Decimal]) -> list[tuple[dt.datetime, dt.datetime]]:
    """First missing quarter and the one after the last, of each gap within a series."""
    return [
        (before + QUARTER, after)
        for before, after in pairwise(sorted(by_quarter))
        if after - before > QUARTER
    ]


def _fill_spring(path: object, by_quarter: dict[dt.datetime, Decimal], zone: ZoneInfo) -> None:
    """Give the hour that clocks leave out in spring the price of the one before."""
    for start, end in _gaps(by_quarter):
        n_missing = (end - start) // QUARTER
        missing = [start + number * QUARTER for number in range(min(n_missing, _DAY_QUARTERS))]
        left_out = [time for time in missing if _is_left_out(time, zone)]
        for time in left_out:
            if time - _HOUR in by_quarter:
                by_quarter[time] = by_quarter[time - _HOUR]
        if left_out:
            day = left_out[0].date()
            told = "clocks go forward on {day}: the hour left out costs as that before"
            note(str(path), said(told, day=str(day)))


def _note_gaps(path: object, by_quarter: dict[dt.datetime, Decimal]) -> None:
    gaps = _gaps(by_quarter)
    if gaps:
        n_missing = sum((end - start) // QUARTER for start, end in gaps)
        told = counted(
            int(n_missing),
            "no price for {n} quarter of an hour: {gaps}",
            "no price for {n} quarters of an hour: {gaps}",
            gaps=gap_list(gaps),
        )
        note(str(path), told)


def gap_list(gaps: Sequence[tuple[dt.datetime, dt.datetime]]) -> str:
    """Name gaps for a message, the first few of them."""
    shown: list[str] = [
        said("{start} to {end}", start=f"{start:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}")
        for start, end in gaps[:_SHOWN]
    ]
    more = f" and {len(gaps) - _SHOWN:,} more" if len(gaps) > _SHOWN else ""
    return ", ".join(shown) + more
