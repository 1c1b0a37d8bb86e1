"""Bounds of the points of sites, as a section of the search."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath


class PointBounds(FileSection):
    """Fewest and most high-power points of sites, whatever else would be better."""

    path: InputPath = Field(
        description="Table with a row per site that has bounds: `site_id`, `least_hpc` and "
        "`most_hpc`, either may be empty, as CSV, Excel or Parquet. 0 as the most closes a site."
    )
