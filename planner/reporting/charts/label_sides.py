"""On which side of their marks labels stand, so that they do not cover each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


class Box(NamedTuple):
    """A rectangle, from the upper left corner of a picture."""

    left: float
    top: float
    right: float
    bottom: float

    def shared_with(self, other: Box) -> float:
        """Area that it has in common with another one."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


SIDES = {
    "upper left": (-1, -1),
    "upper right": (1, -1),
    "lower right": (1, 1),
    "lower left": (-1, 1),
    "above": (0, -1),
    "below": (0, 1),
}
"""Where a label stands, by steps to the right and downwards."""


_PASSES = 3
NAME_HEIGHT = 22.0
"""Of a name above its line, with room around, pixels."""
_PLACES, _SLACK = 12, 0.015
"""Where lines are looked at below a name, and by how much of the axis they may rise into it."""


class Letters(NamedTuple):
    """Size of the letters of labels, and how far they stand from their marks.

    Parameters
    ----------
    width, height : float
        Of a letter on average.
    beside, beyond : float
        From the middle of a mark to the label, to the side and up or down.
    """

    width: float
    height: float
    beside: float
    beyond: float

    def box(self, x: float, y: float, label: str, side: str) -> Box:
        """Place of a label at a mark."""
        width = self.width * len(label)
        right, down = SIDES[side]
        left = x + right * self.beside - {-1: width, 0: width / 2.0, 1: 0.0}[right]
        top = y + down * self.beyond - (self.height if down < 0 else 0.0)
        return Box(left, top, left + width, top + self.height)

    def encoding(self, side: str) -> dict[str, Any]:
        """What a mark of text needs to stand there."""
        right, down = SIDES[side]
        return {
            "align": {-1: "right", 0: "center", 1: "left"}[right],
            "baseline": "bottom" if down < 0 else "top",
            "dx": right * self.beside,
            "dy": down * self.beyond,
        }


def has_room_for_names(values: Sequence[float], top: float, height: float) -> bool:
    """Whether lines can be named above them, in a plot of a height in pixels up to a value.

    Parameters
    ----------
    values : sequence of float
        Of each line where its name is to stand, on an axis from 0.
    """
    at = sorted(height * value / max(top, 1e-9) for value in values)
    return all(upper - lower >= NAME_HEIGHT for lower, upper in pairwise(at))


def has_room_at_ends(
    lines: Sequence[tuple[Sequence[float], Sequence[float]]],
    labels: Sequence[str],
    size: tuple[float, float],
    top: float,
    letter_width: float,
) -> bool:
    """Whether lines can be named above their right ends, in a plot up to a value.

    Parameters
    ----------
    lines : sequence of tuple
        Of each line: how far to the right its points stand, ascending from 0 to 1, and their
        values on an axis from 0.
    size : tuple of float
        Width and height of the plot, pixels.
    """
    width, height = size
    if not has_room_for_names([values[-1] for _, values in lines], top, height):
        return False
    for own, label in zip(lines, labels, strict=True):
        # What the name covers: some places below its length, and the height above the end.
        across = np.linspace(max(1.0 - letter_width * len(label) / width, 0.0), 1.0, _PLACES)
        end = own[1][-1]
        over = end + NAME_HEIGHT * max(top, 1e-9) / height
        slack = _SLACK * max(top, 1e-9)
        if over > top + slack:
            return False
        for xs, ys in lines:
            at = np.interp(across, xs, ys)
            if ((at > end + slack) & (at < over)).any():
                return False
    return True


def label_sides(
    positions: Sequence[tuple[float, float]],
    labels: Sequence[str],
    letters: Letters,
    sides: Sequence[str],
    *,
    mark: float,
    taken: Sequence[Box] = (),
    frame: Box | None = None,
) -> list[str | None]:
    """Side of each label, in their order: the first on which nothing is covered, or the least.

    None for a label that would cover another one on every side.

    Parameters
    ----------
    positions : sequence of tuple
        Middles of the marks: to the right and downwards.
    sides : sequence of str
        Of :data:`SIDES`, those that suit best first.
    mark : float
        Half the width of a mark.
    taken : sequence of Box
        What else may not be covered.
    frame : Box, optional
        What labels may not reach beyond.
    """
    marks = [Box(x - mark, y - mark, x + mark, y + mark) for x, y in positions]
    chosen: dict[int, str] = {}
    boxes_of: dict[int, Box] = {}
    # Again, since the first ones were placed before the last ones were known.
    for number in [*range(len(labels))] * _PASSES:
        x, y = positions[number]
        boxes = {side: letters.box(x, y, labels[number], side) for side in sides}
        placed = [boxes_of[other] for other in boxes_of if other != number]
        in_the_way = [*taken, *placed, *marks[:number], *marks[number + 1 :]]
        covered = {side: _covered(box, in_the_way, frame) for side, box in boxes.items()}
        chosen[number] = min(sides, key=covered.__getitem__)
        boxes_of[number] = boxes[chosen[number]]
    kept: list[Box] = []
    sides_or_none: list[str | None] = []
    for number, side in chosen.items():
        box = boxes_of[number]
        is_free = not any(box.shared_with(other) for other in kept)
        sides_or_none.append(side if is_free else None)
        kept += [box] if is_free else []
    return sides_or_none


def _covered(box: Box, in_the_way: Sequence[Box], frame: Box | None) -> float:
    """Area that a label would cover, or have beyond the frame."""
    beyond = 0.0 if frame is None else box.shared_with(box) - box.shared_with(frame)
    return beyond + sum(box.shared_with(other) for other in in_the_way)
