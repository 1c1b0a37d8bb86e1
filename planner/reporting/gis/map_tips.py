"""What a pointer on a feature brings up: texts and figures that QGIS puts in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.tables.forms import TEXTS, decimals, names_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.tables.language import Language
    from planner.tables.table import Quantity


def figures_of_tip(
    quantities: Sequence[Quantity], language: Language, currency: str = ""
) -> list[tuple[str, Markup]]:
    """Heading and figure of each quantity in a tip.

    Parameters
    ----------
    quantities : sequence of Quantity
        Figures; one that is not known is a dash.
    currency : str
        Expression of the currency, where the figures have one.
    """
    return [
        (quantity.heading(language, with_unit=False), _shown(quantity, currency))
        for quantity in quantities
    ]


def _shown(quantity: Quantity, currency: str) -> Markup:
    """Template of QGIS for a figure with its unit; a dash where it is not known."""
    field = f'"{quantity.name}"'
    if quantity.form in TEXTS:
        return as_text(field)
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
    return Markup(f"[% coalesce({figure} || '{unit}', '\N{EN DASH}') %]")  # noqa: S704  # field names and units are ours


def as_text(expression: str) -> Markup:
    """Part of a tip that shows a text as it is: names of others are not run as HTML.

    Parameters
    ----------
    expression : str
        Expression of QGIS that gives the text.
    """
    # By their numbers, since the tip is itself HTML in which these signs mean something.
    ampersand, less = "char(38)", "char(60)"
    safe = f"replace({expression}, {ampersand}, {ampersand} || 'amp;')"
    return Markup(f"[% replace({safe}, {less}, {ampersand} || 'lt;') %]")  # noqa: S704  # expressions are ours
