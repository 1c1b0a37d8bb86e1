"""Stretches of road on which pools lie too far apart, in driving order with kilometres."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from planner.afir.columns import AFIR_GAPS
from planner.network.road_courses import road_courses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.afir.spacing import Pieces
    from planner.network.graph import RoadGraph

_JOINT_KM = 1e-9


class _Way(NamedTuple):
    """Arcs one after the other in driving order, and where each begins along the road's course."""

    road: str
    arcs: list[int]
    start_km: list[float]
    sign: float


def gaps_of(
    graph: RoadGraph,
    pieces: Pieces,
    piece_class: NDArray[np.object_],
    spacing_km: NDArray[np.float64],
    is_covered: NDArray[np.bool_],
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Join what is not covered to stretches, each along one road in one direction.

    Returns
    -------
    DataFrame
        ``AFIR_GAPS``, the longest first.
    (n_pieces,) int64
        Gap that each piece is in, 0 where it is in none.
    """
    stretch_of_piece = np.zeros(len(piece_class), dtype=np.int64)
    first = np.searchsorted(pieces.arc_idx, np.arange(graph.n_arcs + 1))
    stretches: list[dict[str, object]] = []
    for way in _ways(graph, np.unique(pieces.arc_idx)):
        open_gap: dict[str, object] | None = None
        for arc, start_km in zip(way.arcs, way.start_km, strict=True):
            for piece in range(first[arc], first[arc + 1]):
                if is_covered[piece] or pieces.length_km[piece] <= _JOINT_KM:
                    open_gap = open_gap if not is_covered[piece] else None
                    continue
                if open_gap is None or open_gap["tent_class"] != piece_class[piece]:
                    open_gap = {
                        "tent_class": piece_class[piece],
                        "road": way.road,
                        "from_place": graph.node_name[graph.arc_from_idx[arc]],
                        "from_km": start_km + way.sign * pieces.from_km[piece],
                        "length_km": 0.0,
                        "spacing_km": 0.0,
                    }
                    stretches.append(open_gap)
                stretch_of_piece[piece] = len(stretches)
                open_gap |= {
                    "to_place": graph.node_name[graph.arc_to_idx[arc]],
                    "to_km": start_km + way.sign * pieces.to_km[piece],
                    "length_km": open_gap["length_km"] + pieces.length_km[piece],
                    "spacing_km": max(open_gap["spacing_km"], spacing_km[piece]),
                }
    columns = AFIR_GAPS.column_names
    table = pd.DataFrame(stretches, columns=[name for name in columns if name != "gap"])
    table = table.astype({c.name: c.dtype for c in AFIR_GAPS.columns if c.dtype == "float64"})
    order = ["length_km", "road", "from_km", "to_km"]
    table = table.sort_values(order, ascending=[False, True, True, True])
    number = np.zeros(len(table) + 1, dtype=np.int64)
    number[table.index.to_numpy() + 1] = np.arange(1, len(table) + 1)
    table = table.assign(gap=np.arange(1, len(table) + 1)).reset_index(drop=True)
    return table[columns], number[stretch_of_piece]


def _ways(graph: RoadGraph, arcs: NDArray[np.int64]) -> Iterator[_Way]:
    """Each road of the network in both directions; arcs that no course holds by themselves."""
    wanted = np.zeros(graph.n_arcs, dtype=bool)
    wanted[arcs] = True
    reverse = graph.reverse_arc_idx()
    for course in road_courses(graph):
        end_km = course.start_km + graph.arc_length_km[course.arc_idx]
        along = course.arc_idx.tolist()
        back = reverse[course.arc_idx][::-1].tolist()
        for chain, start, sign in (
            (along, course.start_km.tolist(), 1.0),
            (back, end_km[::-1].tolist(), -1.0),
        ):
            here = [(arc, km) for arc, km in zip(chain, start, strict=True) if arc >= 0]
            here = [(arc, km) for arc, km in here if wanted[arc]]
            wanted[[arc for arc, _ in here]] = False
            yield _Way(course.road, [arc for arc, _ in here], [km for _, km in here], sign)
    for arc in np.flatnonzero(wanted).tolist():
        yield _Way(str(graph.arc_road[arc]), [arc], [0.0], 1.0)
