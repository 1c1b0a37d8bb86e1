"""What an XML file is, told by its outermost element, for those who name one for another."""

from __future__ import annotations

from planner.said import said

_PLANS = "of a MATSim run use output_plans.xml.gz"
_KINDS = {
    "carriers": (
        "the carriers of MATSim's freight extension, which hold tours and no plans of trucks",
        "run them in MATSim, and {plans}",
    ),
    "plans": (
        "a MATSim population of version 4 or older",
        "convert it to version 6 (MATSim reads it and writes it so), or {plans}",
    ),
    "population": ("a MATSim population", "it is the path of demand: {source: matsim_plans}"),
    "network": ("a MATSim network", "it is the path of network: {source: matsim}"),
    "vehicleDefinitions": ("a MATSim vehicles file", "it is demand.vehicles beside its plans"),
    "events": (
        "the events of a MATSim run",
        "beside a plan they are held with 'planner import matsim RUN EVENTS'; for demand {plans}",
    ),
    "facilities": ("MATSim facilities", "they are not read; {plans}"),
    "households": ("MATSim households", "they are not read; {plans}"),
    "transitSchedule": ("a MATSim transit schedule", "it is not read"),
    "config": ("a MATSim configuration", "use the network and the plans that it names"),
    "chargers": ("chargers of MATSim", "sites are read as a table: sites: {source: table}"),
    "carrierVehicleTypes": ("vehicle types of MATSim's freight extension", "they are not read"),
    "lshipments": ("shipments of MATSim's freight extension", "they are not read; {plans}"),
    "counts": ("MATSim counts", "they are not read"),
    "laneDefinitions": ("MATSim lanes", "they are not read"),
    "objectattributes": (
        "attributes of MATSim objects in a file of their own",
        "plans of version 6 hold them themselves; use the output of a newer run",
    ),
    "osm": (
        "an OpenStreetMap file",
        "it is the path of network: {source: osm} or sites: {source: osm}",
    ),
    "osmChange": ("an OpenStreetMap change file", "use an extract of the map instead"),
    "graphml": ("a GraphML graph", "it is the path of network: {source: etisplus}"),
    "net": ("a SUMO network", "export its edges as a layer of lines: network: {source: tables}"),
    "routes": ("SUMO routes", "write their trips as a table: demand: {source: trips}"),
    "kml": ("a KML map layer", "save it as GeoPackage in QGIS"),
    "gpx": ("a GPX track", "save it as GeoPackage in QGIS"),
    "FeatureCollection": ("a GML map layer", "save it as GeoPackage in QGIS"),
    "html": ("a web page", "download the file itself"),
}


def told_kind(outermost: str) -> str:
    """Say what a file with this outermost element is and what to do with it.

    Parameters
    ----------
    outermost : str
        Its tag, ``{namespace}tag`` where the file has namespaces.

    Returns
    -------
    str
        ``"<carriers>: the carriers of ...; use ..."``, the tag alone where nothing is known of it.
    """
    tag = outermost.rpartition("}")[2]
    if tag not in _KINDS:
        return said("<{tag}>; check it", tag=outermost)
    what, remedy = _KINDS[tag]
    if "{plans}" in remedy:
        remedy = said(remedy, plans=_PLANS)
    return said("<{tag}>, {what}; {remedy}", tag=outermost, what=what, remedy=remedy)
