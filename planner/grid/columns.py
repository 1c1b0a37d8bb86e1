"""Columns of what grid operators are told."""

from __future__ import annotations

from planner.tables.table import Quantity, Table

# fmt: off

_LEVEL = Quantity("level", "string", "", "text", "Level", "Share of electric trucks of the run, or its name.")
_LEVEL_SHARE = Quantity("level_share", "float64", "share", "percent", "Electric trucks", "Share of trucks that are battery-electric; NaN where the study has none.")
_PEAK_SHARE = Quantity("peak_share", "float64", "share", "percent", "Peak of what is requested", "Simultaneous peak over the power requested; NaN where none is.")
PASSING_SHARE = Quantity("passing_level_share", "float64", "share", "percent", "Peak passes it at",
                          "Share of electric trucks at which the peak passes the power requested, between the levels in proportion; "
                          "NaN where it does not within the levels.")
PASSING_YEAR = Quantity("passing_year", "string", "", "text", "In the year",
                         "Year in which that share is reached on the path of config/grid_connections.yaml, which is assumed; empty where it is not.")
_SITE_ID = Quantity("site_id", "string", "", "text", "Site", "Key of the site.")
_REQUESTED = Quantity("requested_kw", "float64", "kW", "power", "Requested",
                      "Grid connection requested or there; NaN where none is known. What the planner estimates for its own sites is no request.")

GRID_GROUPS = Table(
    "grid_groups",
    "sites of one grid operator or region, or all, at one level",
    (
        _LEVEL, _LEVEL_SHARE,
        Quantity("grouping", "string", "", "text", "Grouping", "all, region, grid_operator_mv or grid_operator_hv."),
        Quantity("group", "string", "", "text", "Group", "Operator or region; unknown where nothing is known of a site."),
        Quantity("n_sites", "float64", "sites", "count", "Sites", "Sites of the group."),
        Quantity("n_hpc", "float64", "points", "count", "High-power points", "High-power points."),
        Quantity("n_lpc", "float64", "points", "count", "Overnight points", "Overnight points."),
        Quantity("simultaneous_peak_kw", "float64", "kW", "power", "Simultaneous peak", "Highest power that all sites of the group draw together at one moment."),
        Quantity("sum_of_site_peaks_kw", "float64", "kW", "power", "Sum of the sites' peaks", "Sum of the highest powers of its sites, which do not come at the same moment."),
        _REQUESTED,
        _PEAK_SHARE,
        Quantity("mean_load_share", "float64", "share", "percent", "Mean load of what is requested", "Mean power over the simulated days over the power requested; NaN where none is."),
        Quantity("n_sites_beyond", "int64", "sites", "count", "Sites beyond their request", "Sites whose own peak is above the power requested for them, or for which none is."),
        Quantity("to_request_kw", "float64", "kW", "power", "Still to request", "By how much these peaks are above it, summed over the sites."),
        PASSING_SHARE, PASSING_YEAR,
    ),
    key=("level", "grouping", "group"),
)

GRID_SITES = Table(
    "grid_sites",
    "one site at the highest level",
    (
        _SITE_ID,
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        Quantity("road", "string", "", "text", "Road", "Road that it lies on."),
        Quantity("region", "string", "", "text", "Region", "Region that it lies in; empty where none is known."),
        Quantity("grid_operator_mv", "string", "", "text", "Operator of the medium-voltage grid", "Empty where unknown."),
        Quantity("grid_operator_hv", "string", "", "text", "Operator of the high-voltage grid", "Empty where unknown."),
        Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326."),
        Quantity("n_hpc", "float64", "points", "count", "High-power points", "High-power points."),
        Quantity("n_lpc", "float64", "points", "count", "Overnight points", "Overnight points."),
        _REQUESTED,
        Quantity("needed_kw", "float64", "kW", "power", "Power needed", "Highest power drawn at one moment, losses not counted."),
        _PEAK_SHARE,
        Quantity("to_request_kw", "float64", "kW", "power", "Still to request", "Power needed above the power requested; all of it where none is."),
        Quantity("state", "string", "", "text", "Connection",
                 "unused: nothing is drawn; enough: what is requested carries the peak; later: more has to be requested, "
                 "though not yet; now: the connection takes so long that it has to be requested by this year."),
        PASSING_SHARE, PASSING_YEAR,
        Quantity("connection_class", "string", "", "text", "Kind of connection", "Kind that the power needed asks for, by config/grid_connections.yaml."),
        Quantity("lead_time_months", "float64", "months", "count", "Lead time (months)", "From the request to power; NaN where nothing is drawn."),
        Quantity("lead_time_months_low", "float64", "months", "count", "Lead time, shortest (months)", "Shortest that is known."),
        Quantity("lead_time_months_high", "float64", "months", "count", "Lead time, longest (months)", "Longest that is known."),
        Quantity("lead_time_sure", "string", "", "text", "Who says so", "official, published or assumed."),
        Quantity("request_by_year", "string", "", "text", "Request by", "Year in which the peak passes, less the lead time; empty where it does not."),
        Quantity("source", "string", "", "long_text", "Source", "Rule of the kind of connection, and where its lead time comes from."),
    ),
    key=("site_id",),
)

GRID_PEAKS = Table(
    "grid_peaks",
    "the peak of one site at one level",
    (
        _LEVEL, _LEVEL_SHARE, _SITE_ID,
        Quantity("peak_power_kw", "float64", "kW", "power", "Peak power", "Highest power drawn at one moment."),
    ),
    key=("level", "site_id"),
)

GRID_SCHEMAS = (GRID_GROUPS, GRID_SITES, GRID_PEAKS)
