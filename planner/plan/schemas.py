"""One schema per table: file columns, validation and reference docs all come from here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.plan.group_schemas import GROUPS
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.plan.trip_schemas import (
    BREAKS,
    STOPS,
    TRIPS,
    UNSERVED,
    WARM_UP_BREAKS,
    WARM_UP_STOPS,
    WARM_UP_TRIPS,
)
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, P95_WAIT, TCU
from planner.tables.table import Quantity, Table, ends_of
from planner.tables.terms import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

# fmt: off

def _quoted(key: str) -> str:
    return DEFINITIONS[key].text


_N_LPC = Quantity("n_lpc", "int64", "points", "count", "Overnight points", _quoted("lpc"))
_SOLUTION = Quantity("solution", "int64", "", "count", "Number of the solution",
                     "Number of the solution: its row in the front.")
(_SITE_ID,) = STOPS.quantities("site_id")
_LON, _LAT = UNSERVED.quantities("lon", "lat")

EXTRA_FIGURES = (
    Quantity("mean_extra_min", "float64", "min", "minutes", "Charging delay",
             "Mean charging delay, with waiting."),
    Quantity("mean_extra_duration_share", "float64", "share", "percent", "Charging delay, share of the time",
             "That time of all trips over their time without charging."),
    Quantity("mean_extra_without_waiting_min", "float64", "min", "minutes", "Charging delay without waiting",
             "Mean charging delay if nobody has to wait."),
    Quantity("mean_extra_duration_without_waiting_share", "float64", "share", "percent", "Charging delay without waiting, share",
             "That time of all trips over their time without charging."),
    Quantity("mean_extra_km", "float64", "km", "two", "Detour", "Mean distance that charging adds."),
    Quantity("mean_extra_distance_share", "float64", "share", "percent", "Detour, share of the way",
             "That distance of all trips over their distance without charging."),
)
"""What charging adds to trips."""

FRONT = Table(
    "front",
    "one solution of the Pareto front",
    (
        _SOLUTION,
        Quantity("name", "string", "", "text", "Name", "Its name where it is a named solution, else empty."),
        N_HPC,
        _N_LPC,
        MEAN_WAIT,
        P95_WAIT,
        Quantity("share_wait_over_15_min", "float64", "share", "percent", "Waits over 15 min",
                 _quoted("share_wait_over_15")),
        TCU,
        Quantity("ecu", "float64", "share", "percent", "Utilisation in energy, ECU", _quoted("ecu")),
        Quantity("energy_hpc_mwh", "float64", "MWh", "energy", "Energy at high power", _quoted("energy_hpc")),
        Quantity("energy_lpc_mwh", "float64", "MWh", "energy", "Energy overnight", _quoted("energy_lpc")),
        Quantity("n_lpc_rejected", "int64", "sessions", "count", "Rejected overnight sessions",
                 _quoted("lpc_rejected")),
    ),
    key=("solution",),
)

LAYOUTS = Table(
    "layouts",
    "one site in one solution",
    (_SOLUTION, _SITE_ID, N_HPC, _N_LPC),
    key=("solution", "site_id"),
    refers_to={"solution": "front"},
)

REGISTER = (
    Quantity("official_number", "string", "", "text", "Number in the official list",
             "Number of the site in the official list; empty where it is not on it."),
    Quantity("serviced", "string", "", "text", "Serviced",
             "yes or no: whether the rest area is serviced, by the official list; empty elsewhere."),
    Quantity("grid_operator_mv", "string", "", "text", "Operator of the medium-voltage grid",
             "By the official list or the study's own table of sites; empty elsewhere."),
    Quantity("grid_operator_hv", "string", "", "text", "Operator of the high-voltage grid",
             "By the official list or the study's own table of sites; empty elsewhere."),
)
"""What the official list says of its sites besides: for tables, not for tips."""

_UNTOLD = "NaN where the study tells of no points that stand."
BUILT = (
    Quantity("built_hpc", "float64", "points", "count", "High-power points that stand",
             f"High-power points that stand already, by the study's files: no plan has fewer. {_UNTOLD}"),
    Quantity("built_lpc", "float64", "points", "count", "Overnight points that stand",
             f"Overnight points that stand already. {_UNTOLD}"),
    Quantity("announced_hpc", "float64", "points", "count", "High-power points announced",
             f"High-power points that are announced and do not stand yet. {_UNTOLD}"),
    Quantity("announced_lpc", "float64", "points", "count", "Overnight points announced",
             f"Overnight points that are announced and do not stand yet. {_UNTOLD}"),
    Quantity("missing_hpc", "float64", "points", "count", "High-power points missing",
             f"High-power points of the plan beyond those that stand or are announced. {_UNTOLD}"),
    Quantity("missing_lpc", "float64", "points", "count", "Overnight points missing",
             f"Overnight points of the plan beyond those that stand or are announced. {_UNTOLD}"),
)
"""What stands already, and what the plan adds to it."""

SITES = Table(
    "sites",
    "one site in one named solution",
    (
        Quantity("solution_name", "string", "", "text", "Solution", "The named solution."),
        _SITE_ID,
        Quantity("name", "string", "", "text", "Name", "What a person calls the site."),
        Quantity("road", "string", "", "text", "Motorway", "Motorway it lies on."),
        Quantity("site_origin", "string", "", "text", "Where from",
                 "Who says that there is a site. official: the published list of the initial network, with number, "
                 "name, motorway, position, grid connection requested and grid operators; its direction, way off the "
                 "road and parking spaces are computed. given: a file of the study; what it leaves open is assumed. "
                 "computed: placed by the planner, with all that is said of it."),
        _LON,
        _LAT,
        N_HPC,
        _N_LPC,
        Quantity("n_sessions_hpc", "int64", "sessions", "count", "High-power sessions",
                 "High-power sessions over all days."),
        Quantity("n_sessions_lpc", "int64", "sessions", "count", "Overnight sessions",
                 "Overnight sessions over all days."),
        Quantity("energy_mwh", "float64", "MWh", "energy", "Energy charged",
                 "Energy charged at the site over all days."),
        replace(MEAN_WAIT, meaning=f"{MEAN_WAIT.meaning} NaN without sessions."),
        replace(P95_WAIT, meaning=f"{P95_WAIT.meaning} NaN without sessions."),
        Quantity("utilisation_share", "float64", "share", "percent", "Utilisation in time, TCU",
                 "Share of the simulated time in which the site's high-power charging points have a truck plugged "
                 "in; NaN without points."),
        Quantity("peak_power_kw", "float64", "kW", "power", "Peak power", _quoted("peak_power")),
        Quantity("grid_connection_kw", "float64", "kW", "power", "Grid connection",
                 f"{_quoted('grid_connection')} NaN where unknown."),
        *BUILT,
        *REGISTER,
    ),
    key=("solution_name", "site_id"),
)

HOURLY = Table(
    "hourly",
    "one hour of the simulated days in one named solution",
    (
        Quantity("solution_name", "string", "", "text", "Solution", "The named solution."),
        Quantity("hour", "int64", "", "count", "Hour", "Number of the hour, from Monday 00:00."),
        replace(MEAN_WAIT, meaning="Mean wait of the sessions that arrive in the hour."),
        Quantity("occupied_share", "float64", "share", "percent", "Points in use", "Points with a truck plugged in."),
    ),
    key=("solution_name", "hour"),
)

EXTRA = Table(
    "extra",
    "a group of served trips: all, those of a length, or those from a region; with the queues of "
    "the default solution",
    (
        Quantity("grouping", "string", "", "text", "Grouping", "all, length (direct distance) or origin (region)."),
        Quantity("group", "string", "", "text", "Group",
                 "The group. Regions of the built-in network are federal states, and the countries behind border "
                 "crossings; of other networks cells of one degree."),
        Quantity("from_km", "float64", "km", "one", "From", "Least direct distance; NaN where not by length."),
        Quantity("to_km", "float64", "km", "one", "Below", "Direct distance is below this; NaN where unlimited."),
        Quantity("lon", "float64", "degrees", "degrees", "Longitude",
                 "Mean longitude of origins; NaN where not by origin."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude",
                 "Mean latitude of origins; NaN where not by origin."),
        Quantity("n_trips", "int64", "trips", "count", "Electric trips", "Trips of the group."),
        Quantity("mean_reference_h", "float64", "h", "two", "Mean time without charging",
                 "Mean duration without charging, with the breaks and daily rests that the rules ask for."),
        Quantity("mean_reference_km", "float64", "km", "one", "Mean distance without charging",
                 "Mean distance without charging."),
        Quantity("mean_trip_h", "float64", "h", "two", "Mean time", "Mean duration with charging and waiting."),
        Quantity("mean_trip_km", "float64", "km", "one", "Mean distance", "Mean distance with detours to sites."),
        *EXTRA_FIGURES,
    ),
    key=("grouping", "group"),
)

_LEAST_WAIT = replace(MEAN_WAIT, name=f"best_{MEAN_WAIT.name}", title="Least mean wait",
                      meaning="Least mean waiting time it found.")
_TCU_AT_5_MIN = Quantity("tcu_share_at_5_min", "float64", "share", "percent",
                         "Best utilisation at 5 min mean wait or less",
                         "Highest utilisation it found at a mean waiting time of 5 minutes or less; NaN where it "
                         "found none.")


def comparison_schema(objectives: Sequence[Quantity]) -> Table:
    """Table of methods that were compared in these objectives."""
    best = [
        _LEAST_WAIT
        if objective is MEAN_WAIT
        else replace(objective, name=f"best_{objective.name}", dtype="float64", within="Best found: {title}")
        for objective in objectives
    ]
    if {MEAN_WAIT, TCU} <= set(objectives):
        best = [column for column in best if column.name != f"best_{TCU.name}"] + [_TCU_AT_5_MIN]
    return Table(
        "comparison",
        "one method of optimisation",
        (
            Quantity("method", "string", "", "text", "Method", "The method."),
            Quantity("n_evaluations", "int64", "layouts", "count", "Layouts evaluated",
                     "Layouts evaluated in the simulation."),
            Quantity("hypervolume", "float64", "share", "three", "Hypervolume", _quoted("hypervolume")),
            *best,
        ),
    )


OBJECTIVES_BY_DEFAULT = (MEAN_WAIT, TCU)

COMPARISON = comparison_schema(OBJECTIVES_BY_DEFAULT)

FILE_SCHEMAS = (
    FRONT,
    LAYOUTS,
    SITES,
    HOURLY,
    SITE_HOURS,
    TRIPS,
    STOPS,
    BREAKS,
    WARM_UP_TRIPS,
    WARM_UP_STOPS,
    WARM_UP_BREAKS,
    UNSERVED,
    EXTRA,
    GROUPS,
)
"""Tables that are written as files."""


def objectives_beside(columns: Sequence[Quantity], objectives: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Objectives of a study that have no column of their own so far."""
    names = {column.name for column in columns}
    return tuple(objective for objective in objectives if objective.name not in names)


ON_DRAWS = FRONT.quantities(MEAN_WAIT, P95_WAIT, "share_wait_over_15_min", TCU)
"""Figures of a solution that have a band where a study asks for several draws of the demand."""


def ends_on_draws(figure: Quantity) -> tuple[Quantity, Quantity]:
    """Ends of the band of a figure over the draws of the demand."""
    return ends_of(
        figure,
        ("{title}, least of the draws", "{title}, greatest of the draws"),
        ("Least value of the same solution on the draws of the demand that replications asks for. ",
         "Greatest value on these draws. "),
    )


_ENDS_ON_DRAWS = tuple(end for figure in ON_DRAWS for end in ends_on_draws(figure))


def front_schema(objectives: Sequence[Quantity], *, with_draws: bool = False) -> Table:
    """``FRONT`` of a study with these objectives, with bands where it has several draws."""
    ends = _ENDS_ON_DRAWS if with_draws else ()
    own = objectives_beside(FRONT.columns, objectives)
    return replace(FRONT, columns=(*FRONT.columns, *own, *ends))


def file_schemas(objectives: Sequence[Quantity], *, with_draws: bool = False) -> tuple[Table, ...]:
    """``FILE_SCHEMAS`` of a study with these objectives, with bands where it has several draws."""
    front = front_schema(objectives, with_draws=with_draws)
    return tuple(front if table is FRONT else table for table in FILE_SCHEMAS)
