"""What a dropped file may be for a plan of a country: keys that name it, columns that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.demand.od_volumes import USUAL_COLUMNS
from planner.demand.od_zones import COLUMNS as ZONE_COLUMNS
from planner.demand.trip_table import COLUMNS as TRIP_COLUMNS
from planner.network.point_tables import POINT_NAMES
from planner.network.road_columns import END_NAMES, NODE_NAMES, ROAD_NAMES
from planner.network.site_tables import USUAL_NAMES
from planner.reporting.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.reporting.phrases import Phrase

TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".parquet", ".pq")
POINT_LAYERS = (".gpkg", ".geojson", ".json")
LINE_LAYERS = (".gpkg", ".geojson", ".json", ".fgb", ".zip")
OSM = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
XML = (".xml", ".xml.gz")
_IN_TABLE = ("sheet", "header_row")


@dataclass(frozen=True, slots=True)
class Companion:
    """Another file that goes with one.

    Parameters
    ----------
    key : str
        Key that names it.
    is_needed : bool
        Whether nothing is read without it.
    use : str
        What it is by itself, a key of :data:`USES`.
    """

    key: str
    title: Phrase
    is_needed: bool
    use: str


@dataclass(frozen=True, slots=True)
class FileUse:
    """What a file may be.

    Parameters
    ----------
    path_key : str
        Key that names it; its first part is the section.
    settings : mapping of str to str
        Keys that say so, with their values in YAML.
    endings : tuple of str
        Of files that it is read from.
    columns : mapping of str to tuple of str
        Columns that are read of a table, with the names that are recognised; none where the
        schema maps no columns.
    needed : tuple of tuple of str
        Columns of which one set must be there.
    telling : tuple of str
        Columns that tell it from others.
    options : tuple of str
        Keys beside the file that say how it is read.
    instead_of : tuple of str
        Keys that cannot stand beside it.
    """

    title: Phrase
    path_key: str
    settings: Mapping[str, str]
    endings: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: tuple[tuple[str, ...], ...] = ()
    telling: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    companions: tuple[Companion, ...] = ()

    @property
    def section(self) -> str:
        """Section of the scenario that it belongs to."""
        return self.path_key.partition(".")[0]

    @property
    def columns_key(self) -> str:
        """Key under which columns with other names are told."""
        return f"{self.path_key.rpartition('.')[0]}.columns"

    @property
    def crs_key(self) -> str:
        """Key of the coordinate system, empty where a reader asks for none."""
        return next((key for key in self.options if key.endswith(".crs")), "")


def _options(section: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" for name in names)


USES: dict[str, FileUse] = {
    "sites": FileUse(
        phrase("Sites: a table or layer with a row per site"),
        "sites.path",
        {"sites.source": "table"},
        TABLES + POINT_LAYERS,
        USUAL_NAMES,
        (("id", "lon", "lat"),),
        ("parking_spaces", "grid_connection_kw", "max_hpc", "existing_hpc", "road", "off_road_km"),
        _options("sites", "crs", "grid_connection_unit", "max_snap_km", *_IN_TABLE),
    ),
    "sites_osm": FileUse(
        phrase("Sites: rest areas and services of OpenStreetMap"),
        "sites.path",
        {"sites.source": "osm"},
        OSM,
        options=_options("sites", "kinds", "max_snap_km"),
    ),
    "existing": FileUse(
        phrase("Charging points that stand: a register or a table of points"),
        "sites.existing.path",
        {},
        TABLES + POINT_LAYERS,
        POINT_NAMES,
        (("lon", "lat"),),
        ("n_points", "power_kw", "operator", "opening_year", "for_trucks"),
        _options("sites.existing", "year", "announced", "country", *_IN_TABLE),
    ),
    "network_osm": FileUse(
        phrase("Roads: motorways of OpenStreetMap"),
        "network.path",
        {"network.source": "osm"},
        OSM,
        options=_options("network", "include_trunk"),
        instead_of=("network.place",),
    ),
    "network_matsim": FileUse(
        phrase("Roads: a MATSim network"),
        "network.path",
        {"network.source": "matsim"},
        XML,
        options=_options("network", "crs", "modes", "link_types"),
    ),
    "network_lines": FileUse(
        phrase("Roads: a map layer of lines"),
        "network.lines",
        {"network.source": "tables"},
        LINE_LAYERS,
        ROAD_NAMES,
        options=_options(
            "network", "layer", "crs", "length_unit", "speed_unit", "free_speed_kmh", "two_way"
        ),
        instead_of=("network.nodes", "network.arcs"),
    ),
    "network_arcs": FileUse(
        phrase("Roads: a table of arcs, beside one of nodes"),
        "network.arcs.path",
        {"network.source": "tables"},
        TABLES,
        END_NAMES | ROAD_NAMES,
        (("from_node", "to_node", "length"),),
        ("from_node", "to_node", "length", "free_speed"),
        (
            *_options("network", "length_unit", "speed_unit", "free_speed_kmh", "two_way"),
            *_options("network.arcs", *_IN_TABLE),
        ),
        ("network.lines", "network.layer"),
        (Companion("network.nodes.path", phrase("Table of nodes"), True, "network_nodes"),),
    ),
    "network_nodes": FileUse(
        phrase("Roads: a table of nodes, beside one of arcs"),
        "network.nodes.path",
        {"network.source": "tables"},
        TABLES,
        NODE_NAMES,
        (("node_id", "x", "y"),),
        ("node_id",),
        (*_options("network", "crs"), *_options("network.nodes", *_IN_TABLE)),
        ("network.lines", "network.layer"),
        (Companion("network.arcs.path", phrase("Table of arcs"), True, "network_arcs"),),
    ),
    "demand_od": FileUse(
        phrase("Demand: trucks between zones or nodes, a list or a matrix"),
        "demand.path",
        {"demand.source": "od_table"},
        (*TABLES, ".omx"),
        USUAL_COLUMNS,
        (tuple(USUAL_COLUMNS),),
        ("origin", "destination", "trucks_per_year"),
        _options("demand", "trucks_per", "matrix", "lookup", *_IN_TABLE),
        companions=(
            Companion("demand.zones.path", phrase("Table that places its zones"), False, "zones"),
        ),
    ),
    "zones": FileUse(
        phrase("Places of the zones of a table of trucks"),
        "demand.zones.path",
        {"demand.source": "od_table"},
        TABLES,
        ZONE_COLUMNS,
        (("zone", "node_id"), ("zone", "lon", "lat"), ("zone", "middle")),
        ("zone", "abroad_km", "inhabitants_million"),
        _options("demand.zones", *_IN_TABLE),
        companions=(
            Companion("demand.path", phrase("Table of trucks between them"), True, "demand_od"),
        ),
    ),
    "demand_trips": FileUse(
        phrase("Demand: a table with a row per trip"),
        "demand.path",
        {"demand.source": "trips"},
        TABLES,
        {name: (name,) for name in TRIP_COLUMNS},
        (
            ("origin", "destination", "departure_h"),
            ("origin_lon", "origin_lat", "destination_lon", "destination_lat", "departure_h"),
        ),
        ("departure_h", "soc_share", "vehicle_class", "is_loaded", "origin_lon", "destination_lon"),
        _options("demand", "crs", "time_zone", "sample_share", *_IN_TABLE),
    ),
    "demand_matsim": FileUse(
        phrase("Demand: plans of a MATSim population"),
        "demand.path",
        {"demand.source": "matsim_plans"},
        XML,
        options=_options("demand", "crs", "modes", "subpopulations", "sample_share"),
        companions=(
            Companion(
                "demand.network", phrase("MATSim network of the plans"), False, "network_matsim"
            ),
        ),
    ),
    "regions": FileUse(
        phrase("Regions that results are told by: a map layer of areas"),
        "regions.path",
        {},
        LINE_LAYERS,
        options=_options("regions", "name_column", "layer"),
    ),
}
"""All that a dropped file may be, by name."""

ENDINGS = tuple(
    sorted(
        {each for use in USES.values() for each in use.endings}, key=lambda each: (-len(each), each)
    )
)
"""Ends of names of files that some reader takes, the longer of two first."""
