"""Sites added to those of a study, and other grid connections of some: ``sites.changes``."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath


class SiteChanges(FileSection):
    """What is otherwise than the source of the sites has it."""

    path: InputPath = Field(
        description="Table with a row per site that is added (`site_id`, `name`, `lon`, `lat`, and "
        "`road`, `direction`, `off_road_km`, `grid_connection_kw` where known), or whose grid "
        "connection is another one (`site_id` of the study and `grid_connection_kw` alone), as "
        "CSV, Excel or Parquet. These connections limit high-power points also where "
        "`within_grid_connection` is false."
    )
