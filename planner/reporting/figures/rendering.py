"""From a chart to a picture of a width in millimetres: SVG, PNG at 300 dpi, PDF.

One point of a chart is one point in print (1/72 inch), so that 7 points of text are 7 points
whatever the width: a wider figure has more room, not larger letters.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.reporting.charts.look import PAPER
from planner.reporting.figures.drawing import DrawnHere
from planner.reporting.figures.formats import PictureFormat
from planner.runs.durable_files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planner.reporting.figures.drawing import Drawing
    from planner.tables.language import Language

PNG_DPI = 300.0
COLUMN_MM, PAGE_MM = 85.0, 175.0
"""Width of a column and of the type area of most journals."""
MM_PER_POINT = 25.4 / 72.0

_ROOT_SIZE = re.compile(r'(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"')
_CLIP = re.compile(r"\bclip\d+\b")
_ATTRIBUTE = re.compile(r'="[^"]*"')
_LONG_FIGURE = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_FITTINGS = 3
_NEAR_ENOUGH_PT = 0.5
_LEAST_PLOT_PT = 40.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that can be drawn at any width.

    Parameters
    ----------
    name : str
        Name of its files, without ending.
    width_mm : float
        Width that suits it in print.
    caption : str
        What stands below it, in the language of the figure.
    draw : callable
        The chart or its definition in the look of paper, given the width of one of its plots in
        points.
    n_across : int
        Plots side by side.
    outline : callable, optional
        As ``draw``, a chart with the same axes and legends and less in its plots: the width of a
        plot is found with it.
    """

    name: str
    width_mm: float
    caption: str
    draw: Callable[[float], Any]
    n_across: int = 1
    outline: Callable[[float], Any] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure drawn at a width.

    Parameters
    ----------
    svg : str
        The picture, a user unit per point.
    width_mm, height_mm : float
        Its size in print.
    by : Drawing
        Who drew it, and makes other formats of it.
    """

    svg: str
    width_mm: float
    height_mm: float
    by: Drawing = field(repr=False)

    def write(self, path: Path, picture_format: PictureFormat) -> None:
        """Write the picture to a file.

        Parameters
        ----------
        path : pathlib.Path
            The file; it appears when it is complete. Same picture, same bytes for SVG and PNG.
        """
        match picture_format:
            case PictureFormat.SVG:
                size = f"{self.width_mm:.2f}mm", f"{self.height_mm:.2f}mm"
                content = _sized(self.svg, *size).encode()
            case PictureFormat.PNG:
                content = self.by.png(self._in_points(), PNG_DPI)
            case PictureFormat.PDF:
                content = self.by.pdf(self._in_points())
        with replacing(path) as new:
            new.write_bytes(content)

    def _in_points(self) -> str:
        width, height = self.width_mm / MM_PER_POINT, self.height_mm / MM_PER_POINT
        return _sized(self.svg, f"{width:.3f}", f"{height:.3f}")


def picture(
    figure: Figure, width_mm: float, language: Language, by: Drawing | None = None
) -> Picture:
    """Draw a figure so that it is as wide as asked, axes and legends included.

    Parameters
    ----------
    width_mm : float
        Width of the whole picture.
    by : Drawing, optional
        Who draws; this process by default.
    """
    by = DrawnHere() if by is None else by
    target = width_mm / MM_PER_POINT
    plot = 0.8 * target / figure.n_across
    # How wide axes and legends are is known once they are drawn.
    for fitting in range(_FITTINGS):
        outline = figure.outline if fitting == 0 else None
        spec = json.dumps(PAPER.dressed((outline or figure.draw)(plot)), allow_nan=False)
        svg = by.svg(spec, number_locale(language))
        width, height = _size(svg)
        is_near = abs(target - width) <= _NEAR_ENOUGH_PT
        if is_near and outline is None:
            break
        if not is_near:
            plot = max(plot + (target - width) / figure.n_across, _LEAST_PLOT_PT)
    return Picture(_settled(svg), width_mm, height * width_mm / width, by)


def _settled(svg: str) -> str:
    """A picture with rounded coordinates and numbers of its own: same picture, same text."""
    # Only coordinates: 1.000 in a German text is a thousand.
    rounded = _ATTRIBUTE.sub(lambda attribute: _LONG_FIGURE.sub(_rounded, attribute[0]), svg)
    # Vega numbers clips through all pictures that it ever drew.
    clips = {
        name: f"clip{number}" for number, name in enumerate(dict.fromkeys(_CLIP.findall(rounded)))
    }
    return _CLIP.sub(lambda name: clips[name[0]], rounded)


def _rounded(figure: re.Match[str]) -> str:
    return f"{float(figure[0]):.2f}"


def number_locale(language: Language) -> dict[str, Any]:
    """How Vega writes figures in a language (a locale of d3-format)."""
    digits = language.number(1234.5, 1)
    return {
        "decimal": digits[-2],
        "thousands": digits[1],
        "grouping": [3],
        "currency": ["", "\N{NO-BREAK SPACE}€"],
        "percent": "\N{NO-BREAK SPACE}%",
    }


def _size(svg: str) -> tuple[float, float]:
    match = _ROOT_SIZE.search(svg)
    if match is None:
        msg = "picture without a size"
        raise ValueError(msg)
    return round(float(match[2]), 2), round(float(match[3]), 2)


def _sized(svg: str, width: str, height: str) -> str:
    return _ROOT_SIZE.sub(rf'\1 width="{width}" height="{height}"', svg, count=1)
