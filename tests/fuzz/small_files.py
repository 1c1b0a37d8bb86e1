"""Small files of every kind that the planner reads, and studies that name them."""

import functools
import io
import json
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import h5py
import networkx as nx
import numpy as np
import osmium
import pandas as pd
import shapely

STEPS = 6
PLACES = {f"n{step}": (8.0 + 0.5 * step, 50.0) for step in range(STEPS + 1)}


def write_scenario(folder, network=None, sites=None, demand=None):
    """Write scenario.yaml and the tables that it names."""
    for name, content in (
        ("nodes.csv", _csv(node_table())),
        ("arcs.csv", _csv(arc_table())),
        ("sites.csv", _csv(site_table())),
        ("od.csv", _csv(flow_table())),
    ):
        (folder / name).write_bytes(content)
    path = folder / "scenario.yaml"
    path.write_bytes(_scenario_text(network, sites, demand))
    return path


def _scenario_text(network=None, sites=None, demand=None):
    network = network or "source: tables, nodes: nodes.csv, arcs: arcs.csv, contract: false"
    sites = sites or "source: table, path: sites.csv"
    demand = demand or "source: od_table, path: od.csv, electrification_share: 0.1"
    return (
        f"name: small\nseed: 1\nnetwork: {{{network}}}\nsites: {{{sites}}}\ndemand: {{{demand}}}\n"
    ).encode()


def scenario_yamls(folder):
    """Scenarios with all that is often set; the files that they name are there."""
    write_scenario(folder)
    more = (
        b"vehicles: {mix: {long-haul-600: 1.0}}\ndriver_rules: eu-561-flat\n"
        b"chargers: {hpc_kw: 1000, lpc_kw: 100, plug_overhead_min: 5}\n"
        b"optimization: {population: 16, max_generations: 5}\n"
        b""
    )
    return [_scenario_text(), _scenario_text() + more]


DEPOT = """\
name: small
depot:
  month: 5
  year: 2026
  opens: "07:00"
  iterations: 5
  stops:
    path: {stops}
    ways: {{{ways}}}
  fleet: {{trucks: 2, vehicle: rigid-19t}}
  site:
    building: {{{building}}}
{sun}    tariff: {{{tariff}}}
"""


def write_depot(folder, stops=None, ways=None, building=None, sun=None, tariff=None):
    """Write depot.yaml and its stops."""
    (folder / "stops.csv").write_bytes(_csv(stop_table()))
    path = folder / "depot.yaml"
    path.write_text(
        DEPOT.format(
            stops=stops or "stops.csv",
            ways=ways or "source: coordinates, latitude: 51.28, longitude: 9.45",
            building=building or "source: constant, kw: 20",
            sun=f"    pv: {{{sun}}}\n" if sun else "",
            tariff=tariff or "name: de-medium-voltage-spot",
        ),
        encoding="utf-8",
    )
    return path


def depot_yamls(folder):
    """A depot without and with sun, storage and points."""
    plain = write_depot(folder).read_bytes()
    sun = "source: clear_sky, kw_peak: 100, latitude: 51.28, longitude: 9.45, utc_offset_h: 2"
    rich = write_depot(folder, sun=sun).read_bytes() + (
        b"    storage: {capacity_kwh: 100, charge_kw: 50, discharge_kw: 50}\n"
        b"    chargers: {points: 1, kw: 150}\n    grid: {max_import_kw: 200}\n"
    )
    return [plain, rich]


def sweep_yamls(folder):
    """A sweep over two keys."""
    write_scenario(folder)
    text = (
        b"name: sw\nbase: scenario.yaml\naxes:\n  demand.electrification_share: [0.01, 0.05]\n"
        b"  chargers.hpc_kw: [500, 1000]\nfixed: {seed: 3}\nreplications: 2\n"
    )
    return [text]


TRUCKS_PER_HOUR = ["1"] * 6 + ["9"] * 12 + ["3"] * 6
DAY_OF_TRUCKS = f"source: hourly, trucks_per_hour: [{', '.join(TRUCKS_PER_HOUR)}]"


def market_yaml(arrivals=DAY_OF_TRUCKS):
    """Two operators."""
    return (
        f"name: small\nseed: 1\narrivals: {{{arrivals}}}\n"
        "trucks: {energy_kwh: 360, charging_kw: 720, truck_eur_min: 0.6}\n"
        "operators:\n"
        "  a: {costs: karlsson-grauers-2024, tariff: hourly, n_chargers: 4, price_eur_kwh: 0.3}\n"
        "  b: {costs: karlsson-grauers-2024, tariff: fixed, n_chargers: 4, price_eur_kwh: 0.3}\n"
    ).encode()


def tariff_yaml(*, spot=True):
    """A tariff with seasons, days and hours, and spot prices on top."""
    text = (
        "name: t\ncurrency: EUR\neffective: 2025-01-01\nsource: x\n"
        "holidays: {country: DE}\n"
        'seasons: {s: {first: "04-01", last: "09-30"}, w: {first: "10-01", last: "03-31"}}\n'
        "energy:\n"
        " - {name: day, season: s, hours: ['06:00-22:00'], price: 0.3}\n"
        " - {name: night, season: s, hours: ['22:00-24:00', '00:00-06:00'], price: 0.2}\n"
        " - {name: winter, season: w, price: 0.25}\n"
        "demand: [{name: peak, price: 10}]\n"
    )
    return (text + ("spot: {file: spot.csv, unit: per_kwh}\n" if spot else "")).encode()


def _csv(table):
    return table.to_csv(index=False).encode()


@functools.cache
def _tables_of(kind, text):
    table = pd.read_csv(io.StringIO(text))
    target = io.BytesIO()
    match kind:
        case "csv":
            german = table.to_csv(index=False, sep=";", decimal=",").encode("cp1252")
            return [_csv(table), german]
        case "xlsx":
            table.to_excel(target, index=False, sheet_name="Data")
        case _:
            table.to_parquet(target, compression=None)
    return [target.getvalue()]


def tables(table, kind):
    """A table as CSV (plain, and as German Excel writes it), as workbook or as Parquet."""
    return _tables_of(kind, table.to_csv(index=False))


def node_table():
    """Nodes of a straight road."""
    return pd.DataFrame(
        [(name, lon, lat) for name, (lon, lat) in PLACES.items()], columns=["node_id", "lon", "lat"]
    )


def arc_table():
    """Arcs of a straight road in both directions."""
    rows = [(f"n{step}", f"n{step + 1}", 36.0, 80, "A 1", "no") for step in range(STEPS)]
    head = ["from_node_id", "to_node_id", "length_km", "free_speed_kmh", "road", "oneway"]
    return pd.DataFrame(rows, columns=head)


def site_table():
    """Sites beside the road, with limits."""
    rows = [
        (f"S{step}", f"Raststätte {step}", 8.0 + 0.5 * step, 50.001, "A 1", 5000 + step, "both")
        for step in range(1, STEPS)
    ]
    return pd.DataFrame(
        rows, columns=["id", "name", "lon", "lat", "road", "grid_connection_kw", "direction"]
    )


def point_table():
    """Charging points beside the sites."""
    rows = [
        (f"Hub {step}", 8.0 + 0.5 * step, 50.002, 4, 350.5, "live", 2024 + step, "lorry")
        for step in range(1, STEPS)
    ]
    head = ["name", "lon", "lat", "n_points", "power_kw", "status", "opening_year", "vehicles"]
    return pd.DataFrame(rows, columns=head)


def register():
    """The federal charging register, with its titles, a quoted cell of two lines and its points."""
    head = (
        "Ladeeinrichtungs-ID;Betreiber;Anzeigename (Karte);Status;Anzahl Ladepunkte;"
        "Nennleistung Ladeeinrichtung [kW];Inbetriebnahmedatum;Breitengrad;Längengrad;"
        "Steckertypen1;Nennleistung Stecker1;Steckertypen2;Nennleistung Stecker2"
    )
    rows = [
        f'{step};Milence;"Lkw-Hof\n{step}; Süd";In Betrieb;4;800;0{step}.02.2025;50,002;'
        f"{8 + step // 2},{5 * (step % 2)};DC Megawatt Charging System (MCS);1000,5;"
        'DC CCS;"400; 22"'
        for step in range(1, STEPS)
    ]
    above = ["Ladesäulenregister", "", "Letzte Aktualisierung vom: 01.09.2026", ""]
    return b"\xef\xbb\xbf" + ("\r\n".join([*above, head, *rows]) + "\r\n").encode()


def datex():
    """Charging stations as a national access point publishes them."""
    point = {
        "availableChargingPower": [400000.0],
        "connector": [{"connectorType": {"value": "mcs"}, "maxPowerAtSocket": 400000.0}],
    }
    sites = [
        {
            "idG": f"S{step}",
            "locationReference": {
                "locAreaLocation": {
                    "coordinatesForDisplay": {"latitude": 50.002, "longitude": 8.0 + 0.5 * step}
                }
            },
            "operator": {"afacAnOrganisation": {"name": {"values": [{"value": "Milence"}]}}},
            "dedicatedParkingSpaces": [
                {"applicableForVehicles": [{"vehicleType": {"value": "lorry"}}]}
            ],
            "energyInfrastructureStation": [
                {
                    "totalMaximumPower": 800000.0,
                    "numberOfRefillPoints": 2,
                    "refillPoint": [{"aegiElectricChargingPoint": point}],
                }
            ],
        }
        for step in range(1, STEPS)
    ]
    told = {
        "publicationTime": "2026-09-01T00:00:00Z",
        "energyInfrastructureTable": [{"energyInfrastructureSite": sites}],
    }
    return json.dumps({"payload": {"aegiEnergyInfrastructureTablePublication": told}}).encode()


def trip_table():
    """Trips with dates of three days."""
    rows = [("n0", "n6", f"2026-05-0{4 + hour % 3} {6 + hour:02d}:30", 0.8) for hour in range(10)]
    return pd.DataFrame(rows, columns=["origin", "destination", "departure_h", "soc_share"])


def flow_table():
    """Flows both ways."""
    rows = [("n0", "n6", 4000.5), ("n6", "n0", 4000.0), ("n1", "n5", 1500.25)]
    return pd.DataFrame(rows, columns=["origin", "destination", "trucks_per_year"])


def zone_flows():
    """Flows between zones."""
    rows = [(1, 2, 4000.5), (2, 1, 4000.0), (2, 3, 1500.25)]
    return pd.DataFrame(rows, columns=["origin", "destination", "trucks_per_year"])


def zone_table():
    """Zones at the road."""
    rows = [(1, 8.0, 50.0), (2, 11.0, 50.0), (3, 9.5, 50.0)]
    return pd.DataFrame(rows, columns=["zone", "lon", "lat"])


def stop_table():
    """Stops around a depot."""
    rows = [
        (f"C{place}", "delivery", 500.5 + place, 10, 0, 480, 51.25 + 0.01 * place, 9.4)
        for place in range(4)
    ]
    head = ["id", "type", "load", "service_min", "open_min", "close_min", "latitude", "longitude"]
    return pd.DataFrame(rows, columns=head)


def load_table():
    """A building's load in each hour of a year."""
    hour = pd.date_range("2026-01-01", periods=8760, freq="h")
    return pd.DataFrame({"time": hour.astype(str), "load": 20.5 + hour.hour})


def matrix():
    """Ways between the depot and its stops."""
    names = ["D0", *(f"C{place}" for place in range(4))]
    ways = 1000.0 * np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    table = pd.DataFrame(ways, columns=names)
    table.insert(0, "from", names)
    return _csv(table)


def typical_prices():
    """Prices of each month and hour, short to read."""
    month, hour = np.divmod(np.arange(288), 24)
    return _csv(pd.DataFrame({"month": month + 1, "hour": hour, "price": 0.05 + hour / 1e3}))


def spot_prices():
    """Prices of a year, an hour each."""
    hour = pd.date_range("2026-01-01", periods=8760, freq="h")
    return _csv(
        pd.DataFrame({"time": hour.strftime("%Y-%m-%d %H:%M"), "price": 0.05 + hour.hour / 1e3})
    )


def arrivals():
    """Trucks of a day."""
    minute = np.arange(0, 1440, 60)
    return _csv(pd.DataFrame({"arrival_min": minute, "energy_kwh": 300.5, "charging_min": 30}))


def arrival_soc():
    """Histogram of an earlier run."""
    low = np.arange(0, 10) / 10
    return _csv(
        pd.DataFrame({"soc_from_share": low, "soc_to_share": low + 0.1, "n_trips": 5}).round(2)
    )


def vrpb():
    """Three deliveries and a pickup."""
    return (
        b"NAME : t\nTYPE : VRPB\nDIMENSION : 5\nVEHICLES : 2\nCAPACITY : 100\n"
        b"EDGE_WEIGHT_TYPE : EXACT_2D\nNODE_COORD_SECTION\n1 0 0\n2 10 0\n3 0 10\n4 10 10\n5 5 5\n"
        b"DEMAND_SECTION\n1 0\n2 10\n3 10\n4 10\n5 10\nBACKHAUL_SECTION\n4 -1\n"
        b"DEPOT_SECTION\n1 -1\nEOF\n"
    )


def urdb():
    """A tariff with tiers, demand charges and a fixed one."""
    night_and_day = [[0] * 16 + [1] * 5 + [0] * 3] * 12
    item = {
        "label": "abc",
        "name": "General service",
        "startdate": 1735689600,
        "energyratestructure": [
            [{"rate": 0.1, "adj": 0.01, "max": 1000, "unit": "kWh"}, {"rate": 0.08, "unit": "kWh"}],
            [{"rate": 0.25, "sell": 0.05, "unit": "kWh"}],
        ],
        "energyweekdayschedule": night_and_day,
        "energyweekendschedule": [[0] * 24] * 12,
        "flatdemandstructure": [[{"rate": 5.0}], [{"rate": 9.0}]],
        "flatdemandmonths": [0] * 5 + [1] * 4 + [0] * 3,
        "demandratestructure": [[{"rate": 0}], [{"rate": 12.5}]],
        "demandweekdayschedule": night_and_day,
        "demandweekendschedule": [[0] * 24] * 12,
        "demandwindow": 30,
        "fixedchargefirstmeter": 42.5,
        "fixedchargeunits": "$/month",
    }
    return json.dumps({"items": [item]}).encode()


@functools.cache
def weather():
    """A typical year."""
    rows = ["LOCATION,Somewhere,,DEU,made up,0,51.0,10.0,1.0,200.0", *["x"] * 7]
    for time in pd.date_range("1990-01-01", "1991-01-01", freq="h")[:-1]:
        sun = 400 if 8 <= time.hour < 16 else 0
        values = [1990, time.month, time.day, time.hour + 1, 60, "?", 10 + sun / 80, 5, 50, 100_000]
        values += [0, 0, 300, sun, sun / 2, sun / 2, *[0] * 5, 2.0, *[0] * 13]
        rows.append(",".join(map(str, values)))
    return ("\n".join(rows) + "\n").encode()


@functools.cache
def omx():
    """A matrix of three zones with a lookup."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.omx"
        with h5py.File(path, "w") as file:
            file.attrs["OMX_VERSION"] = b"0.2"
            file.attrs["SHAPE"] = np.array([3, 3])
            file["data/m"] = np.array([[0, 4000.5, 0], [4000, 0, 1500], [0, 10, 0]])
            file["lookup/zone"] = np.array([1, 2, 3])
        return path.read_bytes()


@functools.cache
def layer(what, driver):
    """Points (sites), lines (roads) or areas (regions) as a layer of a driver."""
    ending = {"GeoJSON": ".geojson", "GPKG": ".gpkg", "FlatGeobuf": ".fgb"}[driver]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"layer{ending}"
        made = {"points": _points, "lines": _lines, "areas": _areas}[what]
        made().to_file(path, driver=driver)
        return path.read_bytes()


def _points():
    table = site_table()
    at = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=at, crs="EPSG:4326")


def _areas():
    places = shapely.points(list(PLACES.values()))
    return gpd.GeoDataFrame(
        {"region": list(PLACES)}, geometry=places, crs="EPSG:4326"
    ).set_geometry(shapely.buffer(places, 0.3, quad_segs=2), crs="EPSG:4326")


def _lines():
    ends = list(PLACES.values())
    lines = [shapely.LineString(ends[step : step + 2]) for step in range(STEPS)]
    return gpd.GeoDataFrame(
        {"road": "A 1", "oneway": "no"}, geometry=lines, crs="EPSG:4326", index=range(STEPS)
    )


@functools.cache
def zipped_shapefile():
    """Lines as a Shapefile in an archive."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
        _lines().to_file(Path(folder) / "roads.shp")
        for part in sorted(Path(folder).glob("roads.*")):
            archive.write(part, part.name)
    return packed.getvalue()


@functools.cache
def graphml():
    """Roads as networkx writes them."""
    roads = nx.DiGraph()
    for name, (lon, lat) in PLACES.items():
        roads.add_node(name, position_x=lon, position_y=lat)
    for number, step in enumerate(range(STEPS)):
        roads.add_edge(f"n{step}", f"n{step + 1}", distance=36.0, id=2 * number)
        roads.add_edge(f"n{step + 1}", f"n{step}", distance=36.0, id=2 * number + 1)
    target = io.BytesIO()
    nx.write_graphml(roads, target)
    return target.getvalue()


@functools.cache
def osm(kind):
    """Two carriageways, joined at their ends."""
    with tempfile.TemporaryDirectory() as folder:
        ending = {"osm": ".osm", "pbf": ".osm.pbf"}[kind]
        path = Path(folder) / f"roads{ending}"
        file = osmium.io.File(str(path), "pbf,pbf_compression=none" if kind == "pbf" else "osm")
        writer = osmium.SimpleWriter(file)
        for number in range(12):
            lat = 50.0 if number < 6 else 50.001
            at = (8.0 + 0.3 * (number if number < 6 else 11 - number), lat)
            writer.add_node(osmium.osm.mutable.Node(id=number + 1, location=at, version=1))
        for number, nodes in enumerate(
            ([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], [6, 7], [12, 1])
        ):
            tags = {"highway": "motorway", "ref": "A 1", "oneway": "yes", "maxspeed": "80"}
            writer.add_way(
                osmium.osm.mutable.Way(id=100 + number, nodes=nodes, tags=tags, version=1)
            )
        writer.close()
        return path.read_bytes()


def matsim_network():
    """Links both ways along a road."""
    nodes = "".join(
        f'<node id="n{step}" x="{500_000 + 36_000 * step}" y="5600000"/>'
        for step in range(STEPS + 1)
    )
    links = "".join(
        f'<link id="{number}" from="n{start}" to="n{end}" length="36000" freespeed="22.2" '
        'capacity="2000" permlanes="2" modes="car,truck"/>'
        for number, (start, end) in enumerate(
            [(step, step + 1) for step in range(STEPS)]
            + [(step + 1, step) for step in range(STEPS)]
        )
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<!DOCTYPE network SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd"><network>'
        '<attributes><attribute name="coordinateReferenceSystem" class="java.lang.String">'
        f"EPSG:25832</attribute></attributes>\n<nodes>{nodes}</nodes>\n<links>{links}</links></network>"
    ).encode()


def plans():
    """Two persons who drive the road."""
    persons = "".join(
        f'<person id="p{number}"><plan selected="yes">'
        f'<activity type="loaded" x="8.0" y="50.0" end_time="0{6 + number}:00:00"/>'
        '<leg mode="truck"><route type="links" trav_time="03:00:00" distance="216000">1 2</route>'
        "</leg>"
        '<activity type="work" x="11.0" y="50.0" max_dur="01:00:00"/><leg mode="truck"/>'
        '<activity type="home" x="8.0" y="50.0"/></plan></person>\n'
        for number in range(2)
    )
    return (
        '<?xml version="1.0"?>'
        '<!DOCTYPE population SYSTEM "http://www.matsim.org/files/dtd/population_v6.dtd">'
        '<population><attributes><attribute name="coordinateReferenceSystem" '
        f'class="java.lang.String">EPSG:4326</attribute></attributes>\n{persons}</population>'
    ).encode()


def vehicles():
    """Vehicles of the two with their state of charge."""
    each = "".join(
        f'<vehicle id="p{number}_truck" type="t"><attributes><attribute name="initialSoc" '
        'class="java.lang.Double">0.5</attribute></attributes></vehicle>\n'
        for number in range(2)
    )
    return (
        '<?xml version="1.0"?><vehicleDefinitions xmlns="http://www.matsim.org/files/dtd">'
        f"{each}</vehicleDefinitions>"
    ).encode()
