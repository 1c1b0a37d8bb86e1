"""What the styles of all layers share: what a style is, colours of texts, scales, round numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from planner.reporting.gis.qgis_xml import element
from planner.tables.forms import TEXTS, decimals, names_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reporting.gis.labels import LabelRule
    from planner.tables.language import Language
    from planner.tables.table import Quantity

TEXT_COLOUR, SOFT_TEXT_COLOUR = "30,34,38,255", "84,90,96,255"

FARTHEST, FAR, MIDDLE, NEAR = 40_000_000, 5_000_000, 2_500_000, 300_000
"""Scales (1:n) at which more roads and places get their names."""

VIRIDIS = ("253,231,37", "122,209,81", "34,168,132", "42,120,142", "68,1,84")
"""Light for little, dark for much: told apart by colour-blind readers and in grey."""

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


def quantity_tip(
    quantities: Sequence[Quantity], language: Language, title: str = '"name"', unit: str = ""
) -> str:
    """HTML that a pointer on a site brings up: its name and its figures.

    Parameters
    ----------
    quantities : sequence of Quantity
        Figures; one that is not known is a dash.
    language : Language
        In which language.
    title : str
        Expression of the name.
    unit : str
        Expression of the currency, where the figures have one.

    Returns
    -------
    str
    """
    root = element("div", children=[element("b", text=tip_text(title))])
    table = element("table")
    for quantity in quantities:
        heading = quantity.heading(language, with_unit=False)
        shown = _shown(quantity, unit)
        table.append(
            element("tr", children=[element("td", text=heading), element("td", text=shown)])
        )
    root.append(table)
    return html(root)


def _shown(quantity: Quantity, currency: str) -> str:
    """Template of a figure with its unit; a dash where it is not known."""
    field = f'"{quantity.name}"'
    if quantity.form in TEXTS:
        return tip_text(field)
    unit = f" {quantity.unit}" if names_unit(quantity.form) else ""
    match quantity.form:
        case "count":
            # Means over replications have a decimal.
            figure = f"format_number({field}, if({field} = floor({field}), 0, 1))"
        case "percent":
            figure, unit = f"format_number(100 * {field}, 0)", " %"
        case form:
            figure = f"format_number({field}, {decimals(form)})"
    if currency and quantity.unit.startswith("currency"):
        figure += f" || ' ' || {currency}"
    return f"[% coalesce({figure} || '{unit}', '\N{EN DASH}') %]"


def tip_text(expression: str) -> str:
    """Part of a tip that shows a text as it is: names of others are not run as HTML.

    Parameters
    ----------
    expression : str
        Expression of QGIS that gives the text.
    """
    # By their numbers, since the tip is itself HTML in which these signs mean something.
    ampersand, less = "char(38)", "char(60)"
    safe = f"replace({expression}, {ampersand}, {ampersand} || 'amp;')"
    return f"[% replace({safe}, {less}, {ampersand} || 'lt;') %]"


def points_label(n_points: int, language: Language) -> str:
    """What a legend of sizes says of a number of points."""
    if n_points == 1:
        return language.text("1 point")
    return language.text("{n} points", n=language.count(n_points))


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
