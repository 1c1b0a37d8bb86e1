"""Charging points that stand before a plan is made, as a section of a scenario."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath


class StandingPoints(FileSection):
    """Charging points that stand already and stay, whatever a plan needs."""

    path: InputPath = Field(
        description="Table with a row per site: `site_id`, `n_hpc` and `n_lpc`, as CSV, Excel or "
        "Parquet; sites of the study that it leaves out have none."
    )
