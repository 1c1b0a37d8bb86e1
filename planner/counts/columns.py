"""Columns of what comes of holding a study's traffic against counts."""

from __future__ import annotations

from planner.tables.table import Quantity, Table

# fmt: off
STATION = Quantity("station_id", "string", "", "text", "Station", "Key of the counting station.")
NAME = Quantity("name", "string", "", "text", "Name", "Name of the counting station.")
ROAD = Quantity("road", "string", "", "text", "Road", "Road that is counted.")
COUNTED = Quantity("counted_per_day", "float64", "trucks/day", "count", "Counted", "Heavy vehicles counted on a working day, both directions.")
MODELLED = Quantity("modelled_per_day", "float64", "trucks/day", "count", "Of the study", "Trucks of the study on a working day, electric or not, both directions.")
RATIO = Quantity("ratio", "float64", "", "two", "Study to count", "Trucks of the study for each vehicle counted; empty where none was counted.")
RELATIVE = Quantity("relative_ratio", "float64", "", "two", "Relative to all", "The same, divided by the ratio of all stations together: above 1 the road carries more than its part.")
LON = Quantity("lon", "float64", "°", "figure", "Longitude", "Of the station, WGS 84.")
LAT = Quantity("lat", "float64", "°", "figure", "Latitude", "Of the station, WGS 84.")
N_STATIONS = Quantity("n_stations", "int64", "stations", "count", "Stations", "Stations that lie on a road of the network.")
N_ABOVE = Quantity("n_above", "int64", "stations", "count", "More than counted", "Stations at which the trucks of the study alone are more than all heavy vehicles counted.")

COUNTS = Table(
    "counts",
    "one counting station on a road of the network",
    (
        STATION, NAME, ROAD,
        Quantity("from_place", "string", "", "text", "From", "Node at one end of the stretch that it is taken to count."),
        Quantity("to_place", "string", "", "text", "To", "Node at the other end."),
        COUNTED, MODELLED, RATIO, RELATIVE,
        Quantity("geh", "float64", "", "one", "GEH", "GEH of the mean hour of the working day; below 5 is usually called a good fit."),
        Quantity("scaled_geh", "float64", "", "one", "GEH, scaled", "The same once the traffic of the study is scaled to the sum of all counts."),
        Quantity("is_above", "bool", "", "yes_no", "More than counted", "Whether the trucks of the study alone are more than all heavy vehicles counted."),
        Quantity("is_held_out", "bool", "", "yes_no", "Held out", "Whether the demand was weighed by other stations and not by this one; no where it was weighed by none."),
        Quantity("distance_km", "float64", "km", "two", "Distance", "Straight distance of the station from the road as the network draws it."),
        LON, LAT,
    ),
    key=("station_id", "road"),
)

COUNTS_BY_ROAD = Table(
    "counts_by_road",
    "one road with stations, the one that carries most above its part first",
    (
        ROAD, N_STATIONS,
        Quantity("counted_per_day", "float64", "trucks/day", "count", "Counted", "Mean over its stations of the heavy vehicles counted on a working day, both directions."),
        Quantity("modelled_per_day", "float64", "trucks/day", "count", "Of the study", "Mean over its stations of the trucks of the study on a working day, both directions."),
        RATIO, RELATIVE, N_ABOVE,
    ),
    key=("road",),
)

COUNTS_BY_CROSSING = Table(
    "counts_by_crossing",
    "one border crossing that trips of the study take, the busiest first",
    (
        Quantity("crossing_id", "string", "", "text", "Crossing key", "Node of the network."),
        Quantity("crossing", "string", "", "text", "Border crossing", "Name of the node."),
        Quantity("road", "string", "", "text", "Road", "Road that ends at the crossing; empty where it has no name or roads go on to several sides, as at ports within the country."),
        Quantity("modelled_per_day", "float64", "trucks/day", "count", "Over the border", "Trips of the study that come in or leave there on a working day, electric or not; a trip through the country counts at both of its crossings."),
        Quantity("counted_per_day", "float64", "trucks/day", "count", "Counted", "Heavy vehicles counted on a working day at the nearest station of its road, both directions; empty without one near."),
        RATIO, RELATIVE,
        STATION, NAME,
        Quantity("distance_km", "float64", "km", "one", "Station away", "Straight distance of the station from the crossing; the farther, the more of the traffic counted does not cross the border."),
        Quantity("lon", "float64", "°", "figure", "Longitude", "Of the crossing, WGS 84."),
        Quantity("lat", "float64", "°", "figure", "Latitude", "Of the crossing, WGS 84."),
    ),
    key=("crossing_id",),
)

COUNTS_FIT = Table(
    "counts_fit",
    "stations each for itself, stretches of road with the mean of their stations, or border crossings with the nearest",
    (
        Quantity("by", "string", "", "text", "By", "station or stretch, from one node of the network to the next; crossing: trips over the border beside the nearest station of the road; held out: of those that the demand was not weighed by."),
        Quantity("n", "int64", "", "count", "Compared", "Stations, stretches or crossings with a station."),
        Quantity("spearman", "float64", "", "three", "Spearman", "Rank correlation of the study's trucks and the counts."),
        Quantity("log_pearson", "float64", "", "three", "Pearson of logarithms", "Correlation of the logarithms of both, where neither is 0."),
        RATIO,
        Quantity("good_share", "float64", "share", "percent", "GEH below 5", "Part with a GEH below 5 in the mean hour."),
        Quantity("scaled_good_share", "float64", "share", "percent", "GEH below 5, scaled", "The same once the traffic of the study is scaled to the sum of all counts."),
        N_ABOVE,
        Quantity("n_empty", "int64", "", "count", "Without trucks", "Stations or stretches on which no truck of the study drives."),
    ),
    key=("by",),
)

COUNTS_LEFT_OUT = Table(
    "counts_left_out",
    "one station that was not compared",
    (
        STATION, NAME, ROAD, LON, LAT,
        Quantity("reason", "string", "", "long_text", "Reason", "Why it was not compared."),
    ),
    key=("station_id", "road"),
)

COUNT_SCHEMAS = (COUNTS, COUNTS_BY_ROAD, COUNTS_BY_CROSSING, COUNTS_FIT, COUNTS_LEFT_OUT)
