"""What the styles of all layers share: what a style is, colours of texts, scales, round numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from planner.reporting.gis.labels import LabelRule

TEXT_COLOUR, SOFT_TEXT_COLOUR = "30,34,38,255", "84,90,96,255"

FARTHEST, FAR, MIDDLE, NEAR = 40_000_000, 5_000_000, 2_500_000, 300_000
"""Scales (1:n) at which more roads and places get their names."""

ROUND_NUMBERS = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))
"""1, 2, 5, 10, 20, 50 ..."""


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How a layer is shown.

    Parameters
    ----------
    renderer : element
        Its symbols.
    labels : tuple of LabelRule
        Its labels; none where empty.
    tip : str
        HTML that a pointer on a feature brings up.
    display : str
        Expression that names a feature in lists.
    """

    renderer: etree._Element
    labels: tuple[LabelRule, ...] = ()
    tip: str = ""
    display: str = '"fid"'


def html(root: etree._Element) -> str:
    """Text of an HTML element."""
    text: str = etree.tostring(root, encoding="unicode", method="html")
    return text


def legend_counts(most: int) -> list[int]:
    """Up to three round numbers for a legend of sizes, ascending.

    Parameters
    ----------
    most : int
        The largest number, >= 1.

    Returns
    -------
    list of int
    """
    nice = [count for count in ROUND_NUMBERS if count <= max(most, 1)]
    return sorted({nice[0], nice[len(nice) // 2], nice[-1]})
