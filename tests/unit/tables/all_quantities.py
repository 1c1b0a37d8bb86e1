"""All columns that there are."""

from planner.depot.depot_schemas import DAY_FIGURES, DEPOT_SCHEMAS
from planner.market.market_schemas import MARKET_SCHEMAS
from planner.plan.depot_schemas import NATIONAL_DEPOT_SCHEMAS
from planner.plan.market_schemas import NATIONAL_SCHEMAS
from planner.plan.run_columns import ENERGY, FROM_SUMMARY, OF_THE_RUN, REPLANNED
from planner.plan.schemas import (
    COMPARISON,
    FILE_SCHEMAS,
    ON_DRAWS,
    ends_on_draws,
)
from planner.plan.site_changes import SITE_CHANGES
from planner.plan.site_course import SITE_COURSE
from planner.plan.trip_schemas import ARRIVAL_SOC
from planner.reporting.gis.map_fields import map_quantities
from planner.reporting.layout_columns import LAYOUT_FIGURES
from planner.reporting.layout_files import LAYOUT_COLUMNS
from planner.reporting.matsim.event_columns import MATSIM_SCHEMAS
from planner.reporting.spreadsheet_columns import FRONT_COLUMNS, LEVEL_COLUMNS, SITE_COLUMNS

NATIONAL = (*FILE_SCHEMAS, COMPARISON, ARRIVAL_SOC, *NATIONAL_SCHEMAS)
TABLES = (*NATIONAL, *NATIONAL_DEPOT_SCHEMAS, *MARKET_SCHEMAS, *DEPOT_SCHEMAS, *MATSIM_SCHEMAS)
ALL = [
    *(column for table in TABLES for column in table.columns),
    *SITE_CHANGES.columns,
    *SITE_COURSE.columns,
    *(end for figure in ON_DRAWS for end in ends_on_draws(figure)),
    *DAY_FIGURES,
    *(*FROM_SUMMARY, *REPLANNED, *OF_THE_RUN, ENERGY),
    *(*FRONT_COLUMNS, *LEVEL_COLUMNS, *SITE_COLUMNS),
    *map_quantities("sites").values(),
    *(*LAYOUT_COLUMNS, *LAYOUT_FIGURES.values()),
]
