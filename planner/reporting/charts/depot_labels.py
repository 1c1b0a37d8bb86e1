"""Where names stand in the pictures of a depot's day, so that they do not cover each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.reporting.charts.label_sides import Box, Letters, label_sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOURS_HEIGHT = 460.0
_PAGE_WIDTH = 1080.0
"""About as wide as charts are on a page."""
STOP_LETTERS = Letters(width=6.6, height=14.0, beside=8.0, beyond=1.0)
STOP_SIDES = ("upper right", "lower right", "upper left", "lower left", "above", "below")
_DEPOT_MARK, _STOP_MARK = 9.0, 6.0
N_LINES = 2
"""Lines of names above the bars of a timetable."""
_BAR_LETTER = 5.6


def stop_sides(at: NDArray[np.float64], names: Sequence[str]) -> list[str | None]:
    """Side of each stop's mark on which its name covers nothing, of :data:`STOP_SIDES`.

    None where there is no room: a pointer on the mark tells the name.

    Parameters
    ----------
    at : (1 + n_stops, 2) float64
        Places in the picture of the tours, upwards; the depot first.
    """
    placed = np.asarray(at, dtype=float) * (1.0, -1.0)
    least = placed.min(axis=0)
    span = np.maximum(np.ptp(placed, axis=0), 1e-9)
    depot, *stops = ((placed - least) / span * (_PAGE_WIDTH, TOURS_HEIGHT)).tolist()
    return label_sides(
        [(x, y) for x, y in stops],
        names,
        STOP_LETTERS,
        STOP_SIDES,
        mark=_STOP_MARK,
        taken=[
            Box(
                depot[0] - _DEPOT_MARK,
                depot[1] - _DEPOT_MARK,
                depot[0] + _DEPOT_MARK,
                depot[1] + _DEPOT_MARK,
            )
        ],
        frame=Box(0.0, -20.0, _PAGE_WIDTH, TOURS_HEIGHT + 20.0),
    )


def name_lines(halts: Sequence[dict[str, Any]]) -> list[int | None]:
    """Line above its bar in which the name of each halt stands; None where there is no room.

    Parameters
    ----------
    halts : sequence of dict
        ``truck``, ``place``, ``begin`` and ``end`` (hours), by truck in the order of time.
    """
    if not halts:
        return []
    first, last = min(halt["begin"] for halt in halts), max(halt["end"] for halt in halts)
    px_per_h = _PAGE_WIDTH / max(last - first, 1.0)
    ends: dict[tuple[str, int], float] = {}
    lines: list[int | None] = []
    for halt in halts:
        middle = (halt["begin"] + halt["end"]) / 2.0 * px_per_h
        half = 0.5 * _BAR_LETTER * (len(halt["place"]) + 1)
        free = (
            line
            for line in range(N_LINES)
            if ends.get((halt["truck"], line), float("-inf")) <= middle - half
        )
        lines.append(line := next(free, None))
        if line is not None:
            ends[halt["truck"], line] = middle + half
    return lines
