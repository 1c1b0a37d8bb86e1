"""Columns of what parking spaces hold, and what is missing."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.table import Quantity, Table

# fmt: off

_SPACES = Quantity("spaces", "int64", "spaces", "count", "Truck parking spaces", "Truck parking spaces, those that charging points take included.")
_BAYS = Quantity("point_bays", "float64", "spaces", "one", "Taken by points", "Spaces that charging points take; no truck rests there but at an overnight point.")
_STANDING = Quantity("standing", "float64", "trucks", "one", "In spaces at night", "Trucks in spaces beside the points in the fullest hour of the mean day.")
_AT_POINTS = Quantity("at_points", "float64", "trucks", "one", "At overnight points", "Trucks that rest at overnight points in that hour.")
_NOWHERE = Quantity("nowhere", "float64", "trucks", "one", "Without a space", "Trucks in that hour that passed this site first and found a space neither here nor at a site after it in the time left.")
_BUILD = Quantity("to_build", "int64", "spaces", "count", "Spaces to build", "Spaces with which these would find one in their fullest hour of the mean day, and what points take beyond the spaces there are.")
_WITHOUT = Quantity("to_build_without", "int64", "spaces", "count", "The same without charging", "Spaces to build if there were no charging points and no electric trucks.")
_WANTED = Quantity("wanted_day", "float64", "stops/day", "one", "Stops that look here first", "Breaks and rests a day that look for a space here first, electric or not.")
_MOVED = Quantity("moved_on_day", "float64", "stops/day", "one", "Find it farther on", "Those of them that find it at a site farther on.")

PARKING_SITES = Table(
    "parking_sites",
    "one site",
    (
        Quantity("site_id", "string", "", "text", "Site", "Key of the site."),
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        Quantity("road", "string", "", "text", "Road", "Road that it lies on."),
        Quantity("region", "string", "", "text", "Region", "Region that it lies in; empty where none is known."),
        Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326."),
        _SPACES,
        Quantity("spaces_sure", "string", "", "text", "Who says so", "given: of the table of sites; computed: an estimate that comes with the site; assumed: nothing is known of it."),
        Quantity("n_hpc", "int64", "points", "count", "High-power points", "High-power points."),
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        _BAYS,
        _WANTED, _MOVED,
        _STANDING, _AT_POINTS,
        Quantity("full_hours", "int64", "h", "count", "Hours full", "Hours of the mean day in which on the mean 95 % or more of the spaces beside the points are taken."),
        _NOWHERE,
        Quantity("state", "string", "", "text", "Parking", "room: no hour is full; full: full in some hour, yet nobody is left without; short: trucks are left without a space."),
        _BUILD, _WITHOUT,
    ),
    key=("site_id",),
)

PARKING_REGIONS = Table(
    "parking_regions",
    "sites of one region, or all",
    (
        Quantity("region", "string", "", "text", "Region", "Region; all for all sites together."),
        Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites of the region."),
        _SPACES,
        *(replace(each, form="count") for each in (_BAYS, _WANTED, _MOVED, _STANDING, _AT_POINTS, _NOWHERE)),
        _BUILD, _WITHOUT,
    ),
    key=("region",),
)

PARKING_HOURS = Table(
    "parking_hours",
    "one hour of the mean day",
    (
        Quantity("hour", "int64", "h", "count", "Hour", "Hour of the day, from its beginning."),
        Quantity("standing", "float64", "trucks", "count", "In spaces", "Trucks in spaces beside the points, all sites together."),
        Quantity("at_points", "float64", "trucks", "count", "At overnight points", "Trucks that rest at overnight points."),
        Quantity("nowhere", "float64", "trucks", "count", "Without a space", "Trucks that looked at the sites and found no space."),
        Quantity("nowhere_without", "float64", "trucks", "count", "Without a space and without charging", "The same if there were no charging points and no electric trucks."),
        Quantity("elsewhere", "float64", "trucks", "count", "Elsewhere", "Trucks of the study that stand on their way and look for no site of it."),
    ),
    key=("hour",),
)

PARKING_CASES = Table(
    "parking_cases",
    "what comes of one assumption at an end of its range",
    (
        Quantity("case", "string", "", "text", "Assumption", "planned: the plan with all figures as expected; without: no charging points and no electric trucks; else the figure of config/parking.yaml that is at an end."),
        Quantity("end", "string", "", "text", "End", "low, where fewer spaces are missing, or high."),
        Quantity("value", "float64", "", "figure", "Figure", "What it is taken to be."),
        replace(_STANDING, form="count"), replace(_NOWHERE, form="count"),
        Quantity("moved_on_day", "float64", "stops/day", "count", "Find it farther on", "Breaks and rests a day that find a space only at a site after the first."),
        _BUILD,
    ),
    key=("case", "end"),
)

PARKING_PUBLISHED = Table(
    "parking_published",
    "one figure that was published of the country's nights",
    (
        Quantity("figure", "string", "", "text", "Figure", "What was counted, or estimated."),
        Quantity("published", "float64", "", "count", "Published", "As published."),
        Quantity("ours", "float64", "", "count", "Of the study", "The same of this study without charging, at the sites by the share of the country's spaces that they have."),
        Quantity("reason", "string", "", "long_text", "Why they differ", "What is counted otherwise."),
        Quantity("source", "string", "", "long_text", "Source", "Who published it."),
    ),
    key=("figure", "source"),
)

PARKING_SCHEMAS = (PARKING_SITES, PARKING_REGIONS, PARKING_HOURS, PARKING_CASES, PARKING_PUBLISHED)
