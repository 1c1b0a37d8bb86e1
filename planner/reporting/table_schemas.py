"""One schema per table: file columns, validation and reference docs all come from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from planner.reporting.definitions import DEFINITIONS

if TYPE_CHECKING:
    import pandas as pd

DType = Literal["int64", "float64", "bool", "string"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name : str
        Name in files and DataFrames; ends in its unit where it has one.
    dtype : {"int64", "float64", "bool", "string"}
        Type in Parquet; only ``float64`` may be missing (NaN).
    unit : str
        Unit, ``"share"`` for 0 to 1, empty where there is none.
    meaning : str
        What the column says.
    """

    name: str
    dtype: DType
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table.

    Parameters
    ----------
    name : str
        Name of the table, and of its file without the ending.
    row : str
        What one row is.
    columns : tuple of Column
        Columns in the order of the file.
    """

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]


def _quoted(key: str) -> str:
    return DEFINITIONS[key].text


_N_HPC = Column("n_hpc", "int64", "points", f"{DEFINITIONS['hpc'].title}s.")
_N_LPC = Column("n_lpc", "int64", "points", f"{DEFINITIONS['lpc'].title}s.")
_MEAN_WAIT = Column("mean_wait_min", "float64", "min", _quoted("uwti"))
_P95_WAIT = Column("p95_wait_min", "float64", "min", _quoted("p95_wait"))
_SOLUTION = Column("solution", "int64", "", "Number of the solution: its row in the front.")
_SITE_ID = Column("site_id", "string", "", "The site.")
_TRIP_ID = Column("trip_id", "int64", "", "Number of the trip.")
_LON = Column("lon", "float64", "degrees", "Longitude, EPSG:4326.")
_LAT = Column("lat", "float64", "degrees", "Latitude, EPSG:4326.")

EXTRA_FIGURES = (
    Column("mean_extra_min", "float64", "min", "Mean time that charging adds, with waiting."),
    Column(
        "mean_extra_duration_share",
        "float64",
        "share",
        "That time of all trips over their time without charging.",
    ),
    Column(
        "mean_extra_without_waiting_min",
        "float64",
        "min",
        "Mean time that charging adds if nobody has to wait.",
    ),
    Column(
        "mean_extra_duration_without_waiting_share",
        "float64",
        "share",
        "That time of all trips over their time without charging.",
    ),
    Column("mean_extra_km", "float64", "km", "Mean distance that charging adds."),
    Column(
        "mean_extra_distance_share",
        "float64",
        "share",
        "That distance of all trips over their distance without charging.",
    ),
)
"""What charging adds to trips."""

FRONT = TableSchema(
    "front",
    "one solution of the Pareto front",
    (
        _SOLUTION,
        Column("name", "string", "", "Its name where it is a named solution, else empty."),
        _N_HPC,
        _N_LPC,
        _MEAN_WAIT,
        _P95_WAIT,
        Column("share_wait_over_15_min", "float64", "share", _quoted("share_wait_over_15")),
        Column("tcu", "float64", "share", _quoted("tcu")),
        Column("ecu", "float64", "share", _quoted("ecu")),
        Column("energy_hpc_mwh", "float64", "MWh", _quoted("energy_hpc")),
        Column("energy_lpc_mwh", "float64", "MWh", _quoted("energy_lpc")),
        Column("n_lpc_rejected", "int64", "sessions", _quoted("lpc_rejected")),
    ),
)

LAYOUTS = TableSchema(
    "layouts",
    "one site in one solution",
    (_SOLUTION, _SITE_ID, _N_HPC, _N_LPC),
)

SITES = TableSchema(
    "sites",
    "one site in one named solution",
    (
        Column("solution_name", "string", "", "The named solution."),
        _SITE_ID,
        Column("name", "string", "", "What a person calls the site."),
        Column("road", "string", "", "Motorway it lies on."),
        _LON,
        _LAT,
        _N_HPC,
        _N_LPC,
        Column("n_sessions_hpc", "int64", "sessions", "High-power sessions over all days."),
        Column("n_sessions_lpc", "int64", "sessions", "Overnight sessions over all days."),
        Column("energy_mwh", "float64", "MWh", "Energy charged at the site over all days."),
        Column("mean_wait_min", "float64", "min", f"{_quoted('uwti')} NaN without sessions."),
        Column("p95_wait_min", "float64", "min", f"{_quoted('p95_wait')} NaN without sessions."),
        Column(
            "utilisation_share",
            "float64",
            "share",
            "Share of the simulated time in which the site's high-power charging points have a "
            "truck plugged in; NaN without points.",
        ),
        Column("peak_power_kw", "float64", "kW", _quoted("peak_power")),
        Column(
            "grid_connection_kw",
            "float64",
            "kW",
            f"{_quoted('grid_connection')} NaN where unknown.",
        ),
    ),
)

TRIPS = TableSchema(
    "trips",
    "one electric truck trip",
    (
        _TRIP_ID,
        Column("origin_node_id", "string", "", "Node where it enters the road graph."),
        Column("destination_node_id", "string", "", "Node where it leaves the road graph."),
        Column("origin", "string", "", "Name of the origin node."),
        Column("destination", "string", "", "Name of the destination node."),
        Column("vehicle_class", "string", "", "Name of the vehicle class."),
        Column("is_loaded", "bool", "", "Whether the truck carries freight."),
        Column("departure_h", "float64", "h", "Departure at the true origin since Monday 00:00."),
        Column("abroad_before_km", "float64", "km", "Driven before entering the road graph."),
        Column("abroad_after_km", "float64", "km", "Still to drive after leaving it."),
        Column("initial_soc_share", "float64", "share", "State of charge at the true origin."),
        Column("status", "string", "", "served, or the reason why the trip is unserved."),
        Column("n_stops", "int64", "stops", "Charging stops."),
        Column("entry_h", "float64", "h", "Entry into the road graph since Monday 00:00."),
        Column("arrival_h", "float64", "h", "Planned arrival since Monday 00:00; NaN if unserved."),
        Column(
            "first_leg_h",
            "float64",
            "h",
            "From entry to the first stop, or to the destination where there is none: driving, "
            "unplugged breaks and rests; NaN if unserved.",
        ),
        Column("distance_km", "float64", "km", "Driven with detours to sites; NaN if unserved."),
        Column("direct_distance_km", "float64", "km", "Without detours; NaN without a route."),
        Column("drive_h", "float64", "h", "Driving time; NaN if unserved."),
        Column("n_unplugged_breaks", "int64", "breaks", "Breaks at rest areas without a plug."),
        Column("n_unplugged_rests", "int64", "rests", "Rests at rest areas without a plug."),
        Column("final_soc_share", "float64", "share", "State of charge when leaving."),
        Column("wait_min", "float64", "min", "Waiting at all stops in the default solution."),
        Column(
            "reference_h",
            "float64",
            "h",
            "Shortest time from entry to destination without charging, with the breaks and daily "
            "rests that the rules ask for; NaN without a route.",
        ),
        Column(
            "extra_min",
            "float64",
            "min",
            "What charging adds to that in the default solution, waiting included; NaN if "
            "unserved.",
        ),
    ),
)

STOPS = TableSchema(
    "stops",
    "one charging stop of a trip, in the order of driving",
    (
        _TRIP_ID,
        Column("stop", "int64", "", "Number of the stop within the trip, from 0."),
        _SITE_ID,
        Column("kind", "string", "", "hpc_break, hpc_intermediate or lpc_rest."),
        Column("arrival_h", "float64", "h", "Planned arrival at the site since Monday 00:00."),
        Column("plug_h", "float64", "h", "Time the plug stays occupied."),
        Column("hold_h", "float64", "h", "Time from plug-in to departure."),
        Column(
            "next_leg_h",
            "float64",
            "h",
            "From departure to the next stop or the destination: driving, unplugged breaks and "
            "rests.",
        ),
        Column("energy_kwh", "float64", "kWh", "Energy charged."),
        Column("arrival_soc_share", "float64", "share", "State of charge on arrival."),
        Column("wait_min", "float64", "min", "Waiting in the default solution."),
    ),
)

WARM_UP_TRIPS = replace(
    TRIPS,
    name="warm_up_trips",
    row="one electric truck trip of the days before the horizon, which fills roads and queues",
)

WARM_UP_STOPS = replace(
    STOPS, name="warm_up_stops", row="one charging stop of such a trip, in the order of driving"
)

UNSERVED = TableSchema(
    "unserved",
    "one trip that cannot be driven",
    (
        _TRIP_ID,
        Column("reason", "string", "", "Why it cannot be driven."),
        Column("place", "string", "", "Name of the node where the truck strands."),
        _LON,
        _LAT,
    ),
)

HOURLY = TableSchema(
    "hourly",
    "one hour of the simulated days in one named solution",
    (
        Column("solution_name", "string", "", "The named solution."),
        Column("hour", "int64", "", "Number of the hour, from Monday 00:00."),
        Column(
            "mean_wait_min", "float64", "min", "Mean wait of the sessions that arrive in the hour."
        ),
        Column("occupied_share", "float64", "share", "Points with a truck plugged in."),
    ),
)

EXTRA = TableSchema(
    "extra",
    "a group of served trips: all, those of a length, or those from a region; with the queues of "
    "the default solution",
    (
        Column("grouping", "string", "", "all, length (direct distance) or origin (region)."),
        Column(
            "group",
            "string",
            "",
            "The group. Regions of the built-in network are federal states, and the countries "
            "behind border crossings; of other networks cells of one degree.",
        ),
        Column("from_km", "float64", "km", "Least direct distance; NaN where not by length."),
        Column("to_km", "float64", "km", "Direct distance is below this; NaN where unlimited."),
        Column("lon", "float64", "degrees", "Mean longitude of origins; NaN where not by origin."),
        Column("lat", "float64", "degrees", "Mean latitude of origins; NaN where not by origin."),
        Column("n_trips", "int64", "trips", "Trips of the group."),
        Column(
            "mean_reference_h",
            "float64",
            "h",
            "Mean duration without charging, with the breaks and daily rests that the rules ask "
            "for.",
        ),
        Column("mean_reference_km", "float64", "km", "Mean distance without charging."),
        Column("mean_trip_h", "float64", "h", "Mean duration with charging and waiting."),
        Column("mean_trip_km", "float64", "km", "Mean distance with detours to sites."),
        *EXTRA_FIGURES,
    ),
)

COMPARISON = TableSchema(
    "comparison",
    "one method of optimisation",
    (
        Column("method", "string", "", "The method."),
        Column("n_evaluations", "int64", "layouts", "Layouts evaluated in the simulation."),
        Column("hypervolume", "float64", "share", _quoted("hypervolume")),
        Column("least_wait_min", "float64", "min", "Least mean waiting time it found."),
        Column(
            "tcu_share_at_5_min",
            "float64",
            "share",
            "Highest utilisation it found at a mean waiting time of 5 minutes or less; NaN where "
            "it found none.",
        ),
    ),
)

FILE_SCHEMAS = (
    FRONT,
    LAYOUTS,
    SITES,
    HOURLY,
    TRIPS,
    STOPS,
    WARM_UP_TRIPS,
    WARM_UP_STOPS,
    UNSERVED,
    EXTRA,
)
"""Tables that are written as files."""

_PANDAS_KINDS = {"int64": "iu", "float64": "fiu", "bool": "b", "string": "OUT"}


def check_table(table: pd.DataFrame, schema: TableSchema) -> None:
    """Check that a table has the columns and types of its schema.

    Parameters
    ----------
    table : DataFrame
        Columns in any order.
    schema : TableSchema
        What it has to hold.

    Raises
    ------
    ValueError
        If columns are missing, unexpected or of another type; the message lists all of them.
    """
    faults = [
        f"column {column.name!r} is missing ({column.dtype})"
        for column in schema.columns
        if column.name not in table.columns
    ]
    faults += [
        f"column {name!r} is not in the schema; expected {', '.join(schema.column_names)}"
        for name in table.columns
        if name not in schema.column_names
    ]
    faults += [
        f"column {column.name!r} is {table[column.name].dtype}, expected {column.dtype}"
        for column in schema.columns
        if column.name in table.columns and not _has_type(table[column.name], column.dtype)
    ]
    if faults:
        message = f"table {schema.name!r}: " + "; ".join(faults)
        raise ValueError(message)


def _has_type(values: pd.Series, dtype: DType) -> bool:
    if len(values) == 0:
        return True
    kind = values.dtype.kind
    return kind in _PANDAS_KINDS[dtype]


def markdown_reference(schemas: tuple[TableSchema, ...] = FILE_SCHEMAS) -> str:
    """Schemas as a Markdown page for the reference docs.

    Parameters
    ----------
    schemas : tuple of TableSchema
        Tables to describe.

    Returns
    -------
    str
        A section with a table of columns per schema.
    """
    sections = []
    for schema in schemas:
        rows = [
            f"| `{column.name}` | {column.dtype} | {column.unit} | {column.meaning} |"
            for column in schema.columns
        ]
        sections.append(
            "\n".join(
                [
                    f"## {schema.name}",
                    "",
                    f"Each row is {schema.row}.",
                    "",
                    "| column | type | unit | meaning |",
                    "|---|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(sections) + "\n"
