"""Points and connections that sites are given: how many they come to, and what none can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.errors import InputDataError
from planner.layouts.editing import Points
from planner.layouts.layout_reading import MOST_POINTS
from planner.network.grid_units import PLAUSIBLE_KW
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.layouts.changed_plan import ChangedPlan
    from planner.layouts.editing import OpenedPlan


class WantedPoints(NamedTuple):
    """Points that a site is given; as before where a number is None."""

    n_hpc: int | None
    n_lpc: int | None
    n_fast: int | None
    n_slow: int | None


def more_points(points: Points, n_fast: int, n_slow: int) -> tuple[int, int]:
    """Points of the faster and the slower class with so many more: one at least stays."""
    fast, slow = max(0, points.n_fast + n_fast), max(0, points.n_slow + n_slow)
    if fast + slow:
        return fast, slow
    return (1, 0) if points.n_fast else (0, 1)


def given_points(now: ChangedPlan, site_id: str, before: Points, wanted: WantedPoints) -> Points:
    """What a site has when it is given some points.

    Raises
    ------
    InputDataError
        If no site has so many, or of a class that there is not.
    """
    of_plan = now.points_before(site_id)
    usual = before if before.n_hpc else of_plan
    if wanted.n_fast is None and wanted.n_slow is None:
        hpc = before.n_hpc if wanted.n_hpc is None else wanted.n_hpc
        slow = max(0, min(usual.n_slow, hpc))
    else:
        fast = before.n_fast if wanted.n_fast is None else wanted.n_fast
        slow = before.n_slow if wanted.n_slow is None else wanted.n_slow
        hpc = fast + slow
    n_lpc = wanted.n_lpc
    may_lack_hpc = of_plan.n_hpc == 0 < of_plan.n_lpc and n_lpc is not None
    is_closed = hpc == 0 and not may_lack_hpc
    points = Points(hpc, 0 if is_closed else usual.n_lpc if n_lpc is None else n_lpc, slow)
    name = str(now.sites.name[now.index_of[site_id]])
    refuse_points(name, points)
    refuse_classes(now.opened, name, points)
    return points


def refuse_points(name: str, points: Points, least_hpc: int = 0) -> None:
    """Refuse numbers of points that no site has.

    Raises
    ------
    InputDataError
        If it is so.
    """
    for number, least in (
        (points.n_fast, 0),
        (points.n_slow, 0),
        (points.n_hpc, least_hpc),
        (points.n_lpc, 0),
    ):
        if not least <= number <= MOST_POINTS:
            msg = said(
                "{name}: expected {least} to {most} points, found {number}",
                name=name,
                least=least,
                most=MOST_POINTS,
                number=str(number),
            )
            raise InputDataError(msg)


def refuse_classes(opened: OpenedPlan, name: str, points: Points) -> None:
    """Refuse points of a slower class where there is one class.

    Raises
    ------
    InputDataError
        If it is so.
    """
    if points.n_slow and opened.classes is None:
        msg = said(
            "{name}: expected high-power points of one class; found {n} of a slower class, which "
            "the study does not name: switch it on first",
            name=name,
            n=points.n_slow,
        )
        raise InputDataError(msg)


def refuse_none(n_hpc: Iterable[int]) -> None:
    """Refuse a plan without any high-power point.

    Raises
    ------
    InputDataError
        If it is so.
    """
    if not any(n_hpc):
        msg = said("expected at least one high-power point in all, found none")
        raise InputDataError(msg)


def refuse_connection(connection_kw: float) -> None:
    """Refuse a grid connection, kW, that no site has.

    Raises
    ------
    InputDataError
        If it is so.
    """
    least_mw, most_mw = (kw / 1000.0 for kw in PLAUSIBLE_KW)
    if not PLAUSIBLE_KW[0] <= connection_kw <= PLAUSIBLE_KW[1]:
        msg = said(
            "expected a grid connection of {least_mw} to {most_mw} MW, found {value} MW",
            least_mw=least_mw,
            most_mw=most_mw,
            value=connection_kw / 1000.0,
        )
        raise InputDataError(msg)
