"""Bounds of the points of sites, as a section of the search."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath


class PointBounds(FileSection):
    """Fewest and most points of sites, whatever else would be better."""

    path: InputPath = Field(
        description="Table with a row per site that has bounds: `site_id`, `least_hpc` and "
        "`most_hpc` of high-power, `least_lpc` and `most_lpc` of overnight points, any may be "
        "empty, as CSV, Excel or Parquet. 0 as `most_hpc` closes a site."
    )
    left_out: Literal["free", "closed"] = Field(
        default="free",
        description="What sites are that the table leaves out: free of bounds, or closed, save "
        "those where points stand.",
    )
