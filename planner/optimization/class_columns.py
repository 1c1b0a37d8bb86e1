"""Columns of what two classes of high-power points come to."""

from __future__ import annotations

from planner.costs.columns import with_ends
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, OPERATOR_COST, SYSTEM_COST
from planner.tables.table import Quantity, Table

# fmt: off
N_FAST = Quantity("n_fast", "int64", "points", "count", "Faster points", "High-power points of the faster class.")
N_SLOW = Quantity("n_slow", "int64", "points", "count", "Slower points", "High-power points of the slower class.")
FAST_KW = Quantity("fast_point_kw", "float64", "kW", "power", "Power of a faster point", "Nameplate power of a point of the faster class.")
SLOW_KW = Quantity("slow_point_kw", "float64", "kW", "power", "Power of a slower point", "Nameplate power of a point of the slower class; assumed where the study names no classes.")
SLOW_SHARE = Quantity("slow_share", "float64", "share", "percent", "Share of the slower class", "High-power points that are of the slower class.")
LOST = Quantity("mean_lost_min", "float64", "min", "minutes", "Time lost", "How much later a truck leaves a high-power point than without a queue at the faster class: its wait, and how much longer it charges at the slower class than its break lasts; mean over all high-power sessions.")
CHOICE = Quantity("choice", "string", "", "text", "Drivers' choice", "What a driver does who leaves alike from either class: fastest, takes the faster one; sparing, leaves it to those who need it.")
PLAN = Quantity("plan", "string", "", "text", "Plan", "fast, mixed, slow: least cost to all with points of the faster class alone, of both, of the slower one alone; swapped: as many points of the slower class, one for one, as the time lost allows; given: your own table.")
_OF_SESSIONS = (
    Quantity("n_sessions", "int64", "sessions", "count", "Sessions", "High-power sessions whose truck joins the queue within the simulated days."),
    Quantity("slow_session_share", "float64", "share", "percent", "Sessions at the slower class", "Part of these sessions that is at the slower class."),
    MEAN_WAIT,
    Quantity("longer_charging_min", "float64", "min", "minutes", "Longer charging", "How much longer trucks stay for charging at the slower class than they would at the faster one, breaks taken into account; mean over these sessions."),
    LOST,
    Quantity("p95_lost_min", "float64", "min", "minutes", "95th percentile of the time lost", "95 of 100 sessions lose no more."),
    Quantity("fast_use_share", "float64", "share", "percent", "Utilisation, faster class", "Part of the time in which its points are occupied; NaN without points."),
    Quantity("slow_use_share", "float64", "share", "percent", "Utilisation, slower class", "Part of the time in which its points are occupied; NaN without points."),
)
_COSTS = (
    *with_ends(OPERATOR_COST),
    Quantity("operator_eur_day", "float64", "EUR/day", "count", "Cost to operators a day", "What operators pay on a day like the mean simulated one; energy as planned, whatever the class."),
    Quantity("lost_eur_day", "float64", "EUR/day", "count", "Cost of time lost a day", "What the time that trucks lose costs on such a day."),
    *with_ends(SYSTEM_COST),
    Quantity("investment_eur", "float64", "EUR", "count", "Investment", "What is built, as if nothing stood yet."),
)

CLASS_SWAPS = Table(
    "class_swaps",
    "one number of points of the slower class in place of the faster one, where they cost trucks least time",
    (CHOICE, N_FAST, N_SLOW, SLOW_SHARE, *_OF_SESSIONS),
    key=("choice", "n_slow"),
)

CLASS_ANSWERS = Table(
    "class_answers",
    "the most points of the slower class for a time lost, one for one",
    (
        CHOICE,
        Quantity("more_min", "float64", "min", "minutes", "More time lost, at most", "How much more time a session may lose on average than with the fewest slower points."),
        N_FAST, N_SLOW, SLOW_SHARE, *_OF_SESSIONS,
    ),
    key=("choice", "more_min"),
)

CLASS_FRONT = Table(
    "class_front",
    "one mix of points that no other of its kind beats in time lost and cost to operators",
    (
        Quantity("kind", "string", "", "text", "Points", "fast, mixed or slow: which classes stand anywhere; swapped or given."),
        Quantity("plan", "string", "", "text", "Plan", "Name of a plan whose sites are listed in class_sites, or empty."),
        N_FAST, N_SLOW,
        *_OF_SESSIONS, *_COSTS,
    ),
    key=("kind", "n_fast", "n_slow", "operator_eur_day"),
)

CLASS_SITES = Table(
    "class_sites",
    "one site in one plan",
    (
        PLAN,
        Quantity("site_id", "string", "", "text", "Site", "Key of the site."),
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        Quantity("road", "string", "", "text", "Road", "Road that it lies on."),
        N_HPC, N_FAST, N_SLOW,
        Quantity("classes", "string", "", "text", "Classes", "Which classes of points stand there: fast, both, slow, or none."),
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        *_OF_SESSIONS,
        Quantity("peak_kw", "float64", "kW", "power", "Peak power", "Highest power drawn at one moment, overnight points included."),
        OPERATOR_COST,
        Quantity("lon", "float64", "°", "figure", "Longitude", "Of the site, WGS 84."),
        Quantity("lat", "float64", "°", "figure", "Latitude", "Of the site, WGS 84."),
    ),
    key=("plan", "site_id"),
)

CLASS_SCHEMAS = (CLASS_ANSWERS, CLASS_SWAPS, CLASS_FRONT, CLASS_SITES)
"""What two classes of high-power points come to."""

OF_CLASSES = (
    *CLASS_SITES.quantities("slow_session_share", "longer_charging_min"),
    LOST,
    *CLASS_SITES.quantities("p95_lost_min", "fast_use_share", "slow_use_share"),
)
"""What trucks meet at points of two classes, beside the figures of a site."""
