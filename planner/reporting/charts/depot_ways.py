"""What the three ways of planning a depot's day are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.depot.cooptimizer import COORDINATIONS

if TYPE_CHECKING:
    from planner.tables.language import Language


def way_titles(language: Language) -> dict[str, str]:
    """What the three ways of planning are called."""
    titles = (
        language.text("tours and charging together"),
        language.text("tours first, then charging"),
        language.text("uncoordinated"),
    )
    return dict(zip(COORDINATIONS, titles, strict=True))
