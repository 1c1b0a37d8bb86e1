"""The kinds of files that figures are written as."""

from __future__ import annotations

from enum import StrEnum


class PictureFormat(StrEnum):
    """Kind of a picture's file; the value is its ending."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
