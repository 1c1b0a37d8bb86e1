"""Charts of a page that paper shows too: their rows and what else they need stand in the page."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError
from planner.reporting.charts.look import SCREEN, Look
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from planner.tables.language import Language

    ChartsOf = Callable[[Any, Language, Look], dict[str, Any]]

_BEGIN, _END = '<script type="application/json" id="data">', "</script>"


def page_charts(
    study: str, rows: Mapping[str, list[Any]], frame: Any, charts: ChartsOf
) -> dict[str, Any]:
    """What the scripts of a page draw.

    Parameters
    ----------
    rows : mapping
        Data of the charts by name, the same in every language.
    frame : dataclass
        What else the charts need, of plain values.
    charts : callable
        Makes them of the frame, in a language and a look.
    """
    return {
        "study": study,
        "chartData": rows,
        "frame": asdict(frame),
        "charts": {
            language.code: {
                name: SCREEN.dressed(chart)
                for name, chart in charts(frame, language, SCREEN).items()
            }
            for language in LANGUAGES
        },
    }


def read_page(path: Path) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Frame and rows of the charts of a page.

    Raises
    ------
    RunDirectoryError
        If there is no such page, or none of this version.
    """
    try:
        text = path.read_text(encoding="utf-8")
        told = json.loads(text.partition(_BEGIN)[2].partition(_END)[0])
        return told["frame"], told["chartData"]
    except (OSError, ValueError, KeyError) as error:
        msg = (
            f"{path}: expected the page of a finished run, with the figures of its charts; found "
            "none; run the study again with this version of the planner"
        )
        raise RunDirectoryError(msg) from error
