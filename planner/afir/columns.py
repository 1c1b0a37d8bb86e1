"""Columns of what the check of a plan against the law finds."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT
from planner.tables.table import Quantity, Table

# fmt: off

TOTAL = "all"
"""Class of the row on the whole network."""

_CLASS = Quantity("tent_class", "string", "", "text", "TEN-T class", "Class of the road in the trans-European transport network: core or comprehensive; all for both together.")
_ROAD = Quantity("road", "string", "", "text", "Road", "Road that it lies on.")
_MET = Quantity("is_met", "bool", "", "yes_no", "Fulfilled", "Whether it is fulfilled.")

AFIR_SHARES = Table(
    "afir_shares",
    "one class of TEN-T road, or all of them",
    (
        _CLASS,
        Quantity("length_km", "float64", "km", "one", "Length", "Length of the roads, each direction counted."),
        Quantity("covered_km", "float64", "km", "one", "Covered", "Length on a way between two pools that lie no farther apart than the law allows, each direction counted."),
        Quantity("covered_share", "float64", "share", "percent", "Covered share", "Covered part of the length."),
        Quantity("required_share", "float64", "share", "percent", "Required share", "Part that the law requires in this year; NaN where it sets none for the class alone."),
        Quantity("max_spacing_km", "float64", "km", "one", "Longest spacing allowed", "Longest way from one pool to the next; NaN for all classes together."),
        Quantity("longest_spacing_km", "float64", "km", "one", "Longest spacing found", "Longest way from one pool to the next that a part of the road lies on; infinite where there is no pool on one side."),
        Quantity("n_pools", "int64", "sites", "count", "Pools", "Sites on these roads that are a pool in the sense of the law in at least one direction."),
        Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites on these roads."),
        _MET,
    ),
    key=("tent_class",),
)

AFIR_GAPS = Table(
    "afir_gaps",
    "one stretch of a TEN-T road in one direction on which pools lie too far apart",
    (
        Quantity("gap", "int64", "", "count", "Gap", "Number of the gap, the longest first."),
        _CLASS, _ROAD,
        Quantity("from_place", "string", "", "text", "From", "Node of the network before the stretch begins, in driving order."),
        Quantity("to_place", "string", "", "text", "To", "Node of the network after it ends."),
        Quantity("from_km", "float64", "km", "one", "From kilometre", "Where it begins, km along the course of the road in the network."),
        Quantity("to_km", "float64", "km", "one", "To kilometre", "Where it ends; less than the beginning in the direction against the course."),
        Quantity("length_km", "float64", "km", "one", "Length", "Length of the stretch."),
        Quantity("spacing_km", "float64", "km", "one", "Spacing", "Way from the pool before to the pool after, at the worst place; infinite where there is none on one side."),
    ),
    key=("gap",),
)

AFIR_SITES = Table(
    "afir_sites",
    "one site on a TEN-T road",
    (
        Quantity("site_id", "string", "", "text", "Site", "Key of the site."),
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        _ROAD, _CLASS,
        Quantity("direction", "string", "", "text", "Directions served", "Whether the site serves one direction of travel or both."),
        Quantity("power_kw", "float64", "kW", "power", "Power", "Power of its points together, at most that of its grid connection."),
        Quantity("needed_kw", "float64", "kW", "power", "Power needed", "Power of a pool that serves these directions."),
        Quantity("n_points", "int64", "points", "count", "Points that count", "Points with at least the power that the law counts."),
        Quantity("n_needed", "int64", "points", "count", "Points needed", "Points of that power in a pool that serves these directions."),
        Quantity("n_directions", "int64", "", "count", "Directions fulfilled", "Directions in which the site is a pool: 0, 1 or 2."),
        Quantity("has_relief", "bool", "", "yes_no", "Relief", "Whether it lies where so few trucks drive that less is enough; only with --reliefs."),
    ),
    key=("site_id",),
)

AFIR_LEAST = Table(
    "afir_least",
    "one site of the fewest with which the law is fulfilled as far as the sites allow",
    (
        Quantity("site_id", "string", "", "text", "Site", "Key of the site."),
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        _ROAD, _CLASS,
        Quantity("n_hpc", "int64", "points", "count", "High-power points", "High-power points that make it a pool in each direction that it serves."),
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points: the law asks for none along the road."),
        Quantity("power_kw", "float64", "kW", "power", "Power", "Power of these points."),
    ),
    key=("site_id",),
)

AFIR_BUILD = Table(
    "afir_build",
    "one site, or new place, at which points are missing for the law",
    (
        Quantity("kind", "string", "", "text", "What is built", "site: points at a site; connection: points at a site whose grid connection is too small for them; place: a new place."),
        Quantity("site_id", "string", "", "text", "Site", "Key of the site; of a new place a number of its own."),
        Quantity("name", "string", "", "text", "Name", "Name of the site, or where the new place lies."),
        _ROAD, _CLASS,
        Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326."),
        Quantity("n_directions", "int64", "", "count", "Directions", "Directions of travel that it serves."),
        Quantity("n_hpc", "int64", "points", "count", "High-power points of the plan", "High-power points of the plan there."),
        Quantity("to_build", "int64", "points", "count", "High-power points to build", "High-power points that are missing for the law."),
        Quantity("power_kw", "float64", "kW", "power", "Power then", "Power of all high-power points there once these are built."),
        Quantity("grid_connection_kw", "float64", "kW", "power", "Grid connection", "Grid connection of the site; NaN where none is known."),
    ),
    key=("site_id",),
)

AFIR_PLACES = Table(
    "afir_places",
    "one safe and secure parking area, or one urban node",
    (
        Quantity("kind", "string", "", "text", "Place", "safe_parking or urban_node."),
        Quantity("name", "string", "", "text", "Name", "Its name in the list that was given."),
        Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites of the plan within its reach."),
        Quantity("n_points", "int64", "points", "count", "Points that count", "Points there with at least the power that the law counts."),
        Quantity("n_needed", "int64", "points", "count", "Points needed", "Points of that power that it needs; 0 where it needs a power."),
        Quantity("power_kw", "float64", "kW", "power", "Power", "Power of these points together, at most that of the grid connections."),
        Quantity("needed_kw", "float64", "kW", "power", "Power needed", "Power that it needs; 0 where it needs a number of points."),
        _MET,
    ),
    key=("kind", "name"),
)

REPLANNED_WAIT = replace(MEAN_WAIT, name=f"replanned_{MEAN_WAIT.name}", within="{title} once trucks know the queues",
                         meaning=f"{MEAN_WAIT.meaning} Of trucks that know the queues and stop elsewhere; NaN where that was not asked.")

AFIR_WAITS = Table(
    "afir_waits",
    "the layout of the law alone at one share of electric trucks",
    (
        Quantity("level_share", "float64", "share", "percent", "Electric trucks", "Share of trucks that are battery-electric."),
        Quantity("n_trips_day", "float64", "trips", "count", "Trips a day", "Electric trips on the mean simulated day, unserved ones included."),
        Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites that the law alone needs."),
        Quantity("n_hpc", "int64", "points", "count", "High-power points", "High-power points that the law alone needs."),
        MEAN_WAIT,
        P95_WAIT,
        REPLANNED_WAIT,
        Quantity("long_wait_share", "float64", "share", "percent", "Waits over 15 min", "Sessions that wait longer than 15 minutes."),
        Quantity("utilisation_share", "float64", "share", "percent", "Utilisation in time, TCU", "Share of the time in which its points have a truck plugged in."),
        Quantity("n_overloaded", "int64", "sites", "count", "Sites that cannot keep up", "Sites at which trucks bring more hours of charging on the busiest day than the points have."),
        Quantity("unserved_share", "float64", "share", "percent", "Unserved trips", "Trips that cannot be driven with these sites."),
    ),
    key=("level_share",),
)

AFIR_ROADS = Table(
    "afir_roads",
    "a gap of the map, or what is covered of a class of road",
    (
        Quantity("state", "string", "", "text", "State", "covered or gap."),
        *AFIR_GAPS.columns,
    ),
)

AFIR_SCHEMAS = (AFIR_SHARES, AFIR_GAPS, AFIR_SITES, AFIR_LEAST, AFIR_BUILD, AFIR_PLACES, AFIR_WAITS)
