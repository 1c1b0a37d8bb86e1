"""Tables of electric trips: their stops, breaks and ends, and those that cannot be driven."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.table import Quantity, Table

# fmt: off
_TRIP_ID = Quantity("trip_id", "int64", "", "count", "Trip", "Number of the trip.")
_SITE_ID = Quantity("site_id", "string", "", "text", "Site", "The site's key in all tables.")
_LON = Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326.")
_LAT = Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326.")

TRIPS = Table(
    "trips",
    "one electric truck trip",
    (
        _TRIP_ID,
        Quantity("origin_node_id", "string", "", "text", "Node of origin", "Node where it enters the road graph."),
        Quantity("destination_node_id", "string", "", "text", "Node of destination",
                 "Node where it leaves the road graph."),
        Quantity("origin", "string", "", "text", "Origin", "Name of the origin node."),
        Quantity("destination", "string", "", "text", "Destination", "Name of the destination node."),
        Quantity("vehicle_class", "string", "", "text", "Vehicle class", "Name of the vehicle class."),
        Quantity("is_loaded", "bool", "", "yes_no", "Loaded", "Whether the truck carries freight."),
        Quantity("departure_h", "float64", "h", "two", "Departure",
                 "Departure at the true origin since Monday 00:00."),
        Quantity("abroad_before_km", "float64", "km", "one", "Way abroad before",
                 "Driven before entering the road graph."),
        Quantity("abroad_after_km", "float64", "km", "one", "Way abroad after", "Still to drive after leaving it."),
        Quantity("initial_soc_share", "float64", "share", "percent", "SoC at the start",
                 "State of charge at the true origin."),
        Quantity("status", "string", "", "text", "Status", "served, or the reason why the trip is unserved."),
        Quantity("n_stops", "int64", "stops", "count", "Charging stops", "Charging stops."),
        Quantity("entry_h", "float64", "h", "two", "Entry", "Entry into the road graph since Monday 00:00."),
        Quantity("arrival_h", "float64", "h", "two", "Arrival",
                 "Planned arrival since Monday 00:00; NaN if unserved."),
        Quantity("first_leg_h", "float64", "h", "two", "First leg",
                 "From entry to the first stop, or to the destination where there is none: driving, unplugged "
                 "breaks and rests, leaving the road and parking; NaN if unserved."),
        Quantity("distance_km", "float64", "km", "one", "Distance", "Driven with detours to sites; NaN if unserved."),
        Quantity("direct_distance_km", "float64", "km", "one", "Distance without detours",
                 "Without detours; NaN without a route."),
        Quantity("drive_h", "float64", "h", "two", "Driving time", "Driving time; NaN if unserved."),
        Quantity("n_unplugged_breaks", "int64", "breaks", "count", "Breaks unplugged",
                 "Breaks at rest areas without a charging point."),
        Quantity("n_unplugged_rests", "int64", "rests", "count", "Rests unplugged",
                 "Rests at rest areas without a charging point."),
        Quantity("final_soc_share", "float64", "share", "percent", "SoC at the end", "State of charge when leaving."),
        Quantity("is_below_minimum", "bool", "", "yes_no", "Below the minimum SoC",
                 "Whether the truck reaches a site below its minimum state of charge, or, where it follows "
                 "break_first, its destination."),
        Quantity("wait_min", "float64", "min", "minutes", "Wait", "Waiting at all stops in the default solution."),
        Quantity("reference_h", "float64", "h", "two", "Time without charging",
                 "Shortest time from entry to destination without charging, with the breaks and daily rests that "
                 "the rules ask for; NaN without a route."),
        Quantity("extra_min", "float64", "min", "minutes", "Charging delay",
                 "What charging adds to that in the default solution, waiting included; NaN if unserved."),
    ),
    key=("trip_id",),
)

STOPS = Table(
    "stops",
    "one charging stop of a trip, in the order of driving",
    (
        _TRIP_ID,
        Quantity("stop", "int64", "", "count", "Stop", "Number of the stop within the trip, from 0."),
        _SITE_ID,
        Quantity("kind", "string", "", "text", "Kind", "hpc_break, hpc_intermediate or lpc_rest."),
        Quantity("arrival_h", "float64", "h", "two", "Arrival", "Planned arrival at the charging point since Monday 00:00."),
        Quantity("plug_h", "float64", "h", "two", "Time plugged in", "Time the charging point stays occupied."),
        Quantity("hold_h", "float64", "h", "two", "Time at the point", "Time from plug-in to departure."),
        Quantity("next_leg_h", "float64", "h", "two", "Next leg",
                 "From departure to the next stop or the destination: driving, unplugged breaks and rests, leaving the road "
                 "and parking."),
        Quantity("energy_kwh", "float64", "kWh", "one", "Energy charged", "Energy charged."),
        Quantity("arrival_soc_share", "float64", "share", "percent", "SoC at arrival", "State of charge on arrival."),
        Quantity("wait_min", "float64", "min", "minutes", "Wait", "Waiting in the default solution."),
    ),
    key=("trip_id", "stop"),
    refers_to={"trip_id": "trips"},
)

BREAKS = Table(
    "breaks",
    "one break or daily rest that a truck takes without charging, in the order of driving",
    (
        _TRIP_ID,
        Quantity("number", "int64", "", "count", "Number",
                 "Number of the break or rest within the trip, from 0."),
        Quantity("leg", "int64", "", "count", "Leg",
                 "Leg of the trip that it is taken on, from 0: leg n ends at stop n, the last one at the destination."),
        Quantity("kind", "string", "", "text", "Kind", "break or rest."),
        Quantity("after_drive_h", "float64", "h", "two", "Driving before",
                 "Driving on that leg before it, breaks and rests left out."),
        Quantity("length_h", "float64", "h", "two", "Length", "How long the truck stands."),
    ),
    key=("trip_id", "number"),
    refers_to={"trip_id": "trips"},
)

WARM_UP_TRIPS = replace(
    TRIPS,
    name="warm_up_trips",
    row="one electric truck trip of the days before the horizon, which fills roads and queues",
)

WARM_UP_STOPS = replace(
    STOPS,
    name="warm_up_stops",
    row="one charging stop of such a trip, in the order of driving",
    refers_to={"trip_id": "warm_up_trips"},
)

WARM_UP_BREAKS = replace(
    BREAKS,
    name="warm_up_breaks",
    row="one break or daily rest that such a truck takes without charging, in the order of driving",
    refers_to={"trip_id": "warm_up_trips"},
)

UNSERVED = Table(
    "unserved",
    "one trip that cannot be driven",
    (
        _TRIP_ID,
        Quantity("reason", "string", "", "text", "Reason", "Why it cannot be driven."),
        Quantity("place", "string", "", "text", "Place", "Name of the node where the truck strands."),
        _LON,
        _LAT,
    ),
    key=("trip_id",),
    refers_to={"trip_id": "trips"},
)

ARRIVAL_SOC = Table(
    "arrival_soc",
    "a class of the state of charge with which trips end",
    (
        Quantity("soc_from_share", "float64", "share", "percent", "SoC from", "Lower end of the class."),
        Quantity("soc_to_share", "float64", "share", "percent", "SoC below", "Upper end of the class."),
        Quantity("n_trips", "int64", "trips", "count", "Electric trips", "Served trips that end in the class."),
    ),
    key=("soc_from_share",),
)
