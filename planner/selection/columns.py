"""Columns of what ordering the sites of a network finds."""

from __future__ import annotations

from planner.tables.layout_quantities import MEAN_WAIT, OPERATOR_COST, SYSTEM_COST
from planner.tables.table import Quantity, Table

# fmt: off
RANK = Quantity("rank", "int64", "", "count", "Rank", "Place in the order in which sites are worth most; 1 is the first to build.")
SITE = Quantity("site_id", "string", "", "text", "Site", "Key of the site.")
N_SITES = Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites that are open.")
SERVED = Quantity("served_share", "float64", "share", "percent", "Trips that can be driven", "Trips that can be driven with these sites.")
EXTRA = Quantity("extra_min", "float64", "min", "minutes", "Later arrival", "How much later a trip that can be driven with all sites and with these arrives on average, without queues.")

SITE_ORDER = Table(
    "site_order",
    "one site, the first to build first",
    (
        RANK, SITE,
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        Quantity("road", "string", "", "text", "Road", "Road that it lies on."),
        SERVED,
        EXTRA,
        Quantity("lost_trips", "int64", "trips", "count", "Trips lost with these sites", "Trips that can be driven with all sites and not with those up to this rank."),
        Quantity("lost_alone", "int64", "trips", "count", "Trips lost if it closes", "Trips that cannot be driven if this site closes and all others stay open."),
        Quantity("extra_alone_h", "float64", "h", "two", "Hours added if it closes", "Hours that all other trips arrive later if this site closes and all others stay open, without queues."),
        Quantity("n_trips", "int64", "trips", "count", "Trips that charge there", "Trips that charge at the site while all sites are open."),
        Quantity("lon", "float64", "°", "figure", "Longitude", "Of the site, WGS 84."),
        Quantity("lat", "float64", "°", "figure", "Latitude", "Of the site, WGS 84."),
    ),
    key=("site_id",),
)

FIRST_TO_BUILD = SITE_ORDER.quantities(RANK, "name", "road", SERVED, EXTRA, "extra_alone_h", "n_trips")
"""What a page says of the first sites before all else: which they are, and what each saves."""

NETWORK_SIZES = Table(
    "network_sizes",
    "one number of sites",
    (
        N_SITES, SERVED, EXTRA,
        Quantity("n_hpc", "float64", "points", "count", "High-power points", "Fewest high-power points found with which trucks wait no longer than asked, or as many as the limits of the sites allow; empty where no truck charges."),
        Quantity("n_lpc", "float64", "points", "count", "Overnight points", "Overnight points with which no truck is rejected, or as many as the sites may have."),
        MEAN_WAIT,
        Quantity("energy_mwh_day", "float64", "MWh/day", "count", "Energy a day", "Energy charged at these sites on the mean day."),
        OPERATOR_COST,
        SYSTEM_COST,
    ),
    key=("n_sites",),
)

SITE_SELECTION = Table(
    "site_selection",
    "one candidate for a site of a study whose sites are selected",
    (
        SITE,
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        Quantity("road", "string", "", "text", "Road", "Road that it lies on."),
        Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326."),
        Quantity("is_open", "bool", "", "yes_no", "Stays", "Whether the site stays open and is planned for."),
        Quantity("reason", "string", "", "text", "Why", "Why it stays or closes."),
        Quantity("sessions_day_all", "float64", "sessions/day", "one", "Sessions a day, all sites open", "Charging sessions there on the mean day while all candidates are open, before trucks learn queues."),
        Quantity("sessions_day", "float64", "sessions/day", "one", "Sessions a day, selected sites", "The same with the sites that stay; 0 where it closes."),
    ),
    key=("site_id",),
)

SELECTION_SCHEMAS = (SITE_ORDER, NETWORK_SIZES, SITE_SELECTION)
"""Which sites come first, what networks of the first ones need, and which sites a study keeps."""
