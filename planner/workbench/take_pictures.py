"""Pictures of what a page shows, as files that the browser cannot make itself."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree as ET

from planner.errors import InputDataError
from planner.said import said

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = {
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "clipPath", "title", "desc", "linearGradient", "stop"),
        *("path", "circle", "ellipse", "line", "rect", "polygon", "polyline", "text", "tspan"),
    )
}
"""Elements that draw, and fetch nothing."""
_DEEPEST = 50
"""Groups inside each other: who draws them calls itself for each."""
LONGEST_S = 60.0
"""Seconds on the clock: nobody waits longer for a picture."""
_DRAW = (
    "import sys, vl_convert;"
    "sys.stdout.buffer.write(vl_convert.svg_to_pdf(sys.stdin.buffer.read().decode('utf-8')))"
)
_EXPECTED = "picture: expected an SVG of shapes and texts alone"


def picture_pdf(svg: bytes) -> bytes:
    """A picture as PDF: lines and texts stay sharp at any size.

    Parameters
    ----------
    svg : bytes
        The picture as a page draws it, UTF-8.

    Raises
    ------
    InputDataError
        If it is none, or names anything outside itself.
    """
    try:
        text = svg.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = said("{expected}; found other bytes", expected=_EXPECTED)
        raise InputDataError(msg) from error
    if "<!" in text or "<?" in text:  # declarations, where entities would stand
        msg = said("{expected}; found a declaration", expected=_EXPECTED)
        raise InputDataError(msg)
    try:
        root = ET.fromstring(text)  # noqa: S314  # has no declarations
    except (ET.ParseError, RecursionError) as error:
        msg = said("{expected}; found none ({error})", expected=_EXPECTED, error=str(error))
        raise InputDataError(msg) from error
    _check_drawn(root)
    return _drawn_elsewhere(svg)


def _drawn_elsewhere(svg: bytes) -> bytes:
    """Draw in a process of its own: nothing else can end a picture that takes too long."""
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter, and no word of the user's
            [sys.executable, "-I", "-c", _DRAW],
            input=svg,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        msg = said(
            "picture: not drawn as PDF within {most_s} s; zoom in to fewer sites and roads, "
            "or take it as SVG or PNG",
            most_s=f"{LONGEST_S:g}",
        )
        raise InputDataError(msg) from error
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        msg = said("{expected}; found none ({why})", expected=_EXPECTED, why=why)
        raise InputDataError(msg)
    return done.stdout


def _check_drawn(root: ET.Element) -> None:
    level = [root]
    for _ in range(_DEEPEST):
        for element in level:
            if element.tag not in _DRAWN or any(map(_leads_elsewhere, element.items())):
                msg = said(
                    "{expected}; found {value}",
                    expected=_EXPECTED,
                    value=repr(element.tag.removeprefix(_SVG)[:40]),
                )
                raise InputDataError(msg)
        level = [child for element in level for child in element]
    if level:
        msg = said(
            "{expected}; found more than {most} groups inside each other",
            expected=_EXPECTED,
            most=str(_DEEPEST),
        )
        raise InputDataError(msg)


def _leads_elsewhere(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    is_link = name.rpartition("}")[2] == "href"
    return is_link or "url(" in value.replace("url(#", "").replace('url("#', "")
