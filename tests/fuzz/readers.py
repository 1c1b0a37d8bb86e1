"""Every reader of files from elsewhere, with small files that it can read."""

import gzip
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import small_files as files

from planner.afir.places import read_places
from planner.demand.initial_soc import read_soc_histogram
from planner.depot.depot_inputs import read_tariff_of
from planner.depot.profiles import building_load, pv_power
from planner.depot.stop_tables import read_stops
from planner.depot.vrpb_instance import read_vrpb
from planner.errors import InputDataError
from planner.files.area_layers import read_named_areas
from planner.market.arrivals import read_arrivals
from planner.network.load import load_network
from planner.plan.study_inputs import read_demand, read_sites
from planner.scenario.depot_model import load_depot
from planner.scenario.load import load_scenario
from planner.scenario.market_scenario import load_market
from planner.scenario.sweep import load_sweep
from planner.scenario.tariff_library import read_tariff
from planner.workbench.dropped_look import Told, look_at

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 5, 20)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reader at work.

    Parameters
    ----------
    path : pathlib.Path
        Where each input is put.
    seeds : list of bytes
        Files that can be read.
    read : callable
        Reads what lies at the path.
    """

    path: Path
    seeds: list[bytes]
    read: "Callable[[], object]"


def _scenario(folder, **sections):
    return load_scenario(files.write_scenario(folder, **sections))


def network(ending, seeds, keys):
    """Reader of roads."""

    def prepare(folder):
        path = folder / f"roads{ending}"
        path.write_bytes(seeds()[0])
        settings = _scenario(folder, network=keys.format(path=path)).network
        return Prepared(path, seeds(), lambda: load_network(settings))

    return prepare


def graphml(folder):
    """Reader of the roads of ETISplus."""
    path = folder / "graph.graphml"
    path.write_bytes(files.graphml())
    settings = _scenario(folder, network=f"source: etisplus, path: {folder}").network
    return Prepared(path, [files.graphml()], lambda: load_network(settings))


def sites(ending, seeds):
    """Reader of tables and layers of sites."""

    def prepare(folder):
        path = folder / f"places{ending}"
        path.write_bytes(seeds()[0])
        scenario = _scenario(folder, sites=f"source: table, path: {path}")
        graph, _ = load_network(scenario.network)
        return Prepared(path, seeds(), lambda: read_sites(scenario, graph))

    return prepare


def points(ending, seeds):
    """Reader of charging points that stand."""

    def prepare(folder):
        path = folder / f"points{ending}"
        path.write_bytes(seeds()[0])
        text = f"source: table, path: sites.csv, existing: {{path: {path}}}"
        scenario = _scenario(folder, sites=text)
        graph, _ = load_network(scenario.network)
        return Prepared(path, seeds(), lambda: read_sites(scenario, graph))

    return prepare


def places(ending, seeds):
    """Reader of parking areas and urban nodes."""

    def prepare(folder):
        path = folder / f"places{ending}"
        path.write_bytes(seeds()[0])
        return Prepared(path, seeds(), lambda: read_places(path))

    return prepare


def regions(ending, driver):
    """Reader of polygons that results are told by."""

    def prepare(folder):
        path = folder / f"areas{ending}"
        seeds = [files.layer("areas", driver)]
        path.write_bytes(seeds[0])
        return Prepared(path, seeds, lambda: read_named_areas(path, "", "region", "regions"))

    return prepare


def demand(ending, seeds, keys, others=None):
    """Reader of trips, flows, zones and plans."""

    def prepare(folder):
        path = folder / f"demand{ending}"
        path.write_bytes(seeds()[0])
        for name, content in (others or {}).items():
            (folder / name).write_bytes(content())
        scenario = _scenario(folder, demand=keys.format(path=path, folder=folder))
        graph, _ = load_network(scenario.network)
        return Prepared(path, seeds(), lambda: read_demand(scenario, graph))

    return prepare


def depot(ending, seeds, read, **sections):
    """Reader of a file that a depot names."""

    def prepare(folder):
        path = folder / f"depot-file{ending}"
        path.write_bytes(seeds()[0])
        study = files.write_depot(
            folder, **{key: text.format(path=path) for key, text in sections.items()}
        )
        section = load_depot(study).depot
        return Prepared(path, seeds(), lambda: read(section))

    return prepare


def matrices(folder):
    """Reader of a matrix of ways."""
    path = folder / "ways.csv"
    path.write_bytes(files.matrix())
    ways = f"source: matrices, distance_m: {path}, time_s: {path}"
    section = load_depot(files.write_depot(folder, ways=ways)).depot
    return Prepared(path, [files.matrix()], lambda: read_stops(section.stops))


def market(folder):
    """Reader of the trucks of a market."""
    path = folder / "day.csv"
    path.write_bytes(files.arrivals())
    study = folder / "market.yaml"
    study.write_bytes(files.market_yaml(f"source: file, path: {path}"))
    scenario = load_market(study)
    return Prepared(path, [files.arrivals()], lambda: read_arrivals(scenario))


def spot_prices(folder):
    """Reader of spot prices, through the tariff that names them."""
    tariffs = folder / "config" / "tariffs"
    tariffs.mkdir(parents=True)
    (tariffs / "t.yaml").write_bytes(files.tariff_yaml())
    path = tariffs / "spot.csv"
    # The short one more often: a year takes a third of a second.
    seeds = [files.spot_prices(), *[files.typical_prices()] * 8]
    path.write_bytes(files.spot_prices())
    section = load_depot(files.write_depot(folder, tariff="name: t")).depot
    return Prepared(path, seeds, lambda: _tariff(section))


def plain(ending, seeds, read):
    """Reader that takes the path alone."""

    def prepare(folder):
        files.write_scenario(folder)
        files.write_depot(folder)
        path = folder / f"file{ending}"
        found = seeds(folder)
        return Prepared(path, found, lambda: read(path))

    return prepare


def dropped(ending, seeds):
    """Look of the workbench at a file that is dropped on the page of a new study."""

    def prepare(folder):
        files.write_scenario(folder)
        (folder / "data").mkdir()
        text = (
            "network: {source: tables, nodes: ../nodes.csv, arcs: ../arcs.csv, contract: false}\n"
            f"sites: {{source: table, path: ../sites.csv}}\ndemand: {{source: none, {_SHARES}}}\n"
        )
        path = folder / "data" / f"file{ending}"

        def read():
            found = look_at(folder, path.name, text, Told(), folder / "studies" / "new.yaml")
            if found.faults:
                raise InputDataError(found.faults[0].english)

        return Prepared(path, seeds(), read)

    return prepare


def _load_kw(section):
    return building_load(section.site.building, DAY, typical=section.typical_day)


def _sun_kw(section):
    return pv_power(section.site.pv, DAY, typical=section.typical_day)


def _tariff(section):
    tariff = read_tariff_of(section.site)
    return tariff.import_price(DAY, 1), tariff.export_price(DAY, 1)


_TABLE = "source: tables, lines: {path}"
_SHARES = "electrification_share: 1.0, min_distance_km: 0"
_LOAD = "source: csv, path: {path}, columns: {{load: 1.0}}"
_PLANS = f"source: matsim_plans, path: {{path}}, {_SHARES}"

READERS = {
    "sites-csv": sites(".csv", lambda: files.tables(files.site_table(), "csv")),
    "sites-xlsx": sites(".xlsx", lambda: files.tables(files.site_table(), "xlsx")),
    "sites-parquet": sites(".parquet", lambda: files.tables(files.site_table(), "parquet")),
    "sites-geojson": sites(".geojson", lambda: [files.layer("points", "GeoJSON")]),
    "sites-gpkg": sites(".gpkg", lambda: [files.layer("points", "GPKG")]),
    "places-csv": places(".csv", lambda: files.tables(files.site_table(), "csv")),
    "points-csv": points(".csv", lambda: files.tables(files.point_table(), "csv")),
    "points-datex": points(".json", lambda: [files.datex()]),
    "points-register": points(".csv", lambda: [files.register()]),
    "regions-geojson": regions(".geojson", "GeoJSON"),
    "regions-gpkg": regions(".gpkg", "GPKG"),
    "trips": demand(
        ".csv",
        lambda: files.tables(files.trip_table(), "csv"),
        f"source: trips, path: {{path}}, {_SHARES}",
    ),
    "trips-parquet": demand(
        ".parquet",
        lambda: files.tables(files.trip_table(), "parquet"),
        f"source: trips, path: {{path}}, {_SHARES}",
    ),
    "od-table": demand(
        ".csv",
        lambda: files.tables(files.flow_table(), "csv"),
        f"source: od_table, path: {{path}}, {_SHARES}",
    ),
    "zones": demand(
        ".csv",
        lambda: files.tables(files.zone_table(), "csv"),
        f"source: od_table, path: {{folder}}/flows.csv, zones: {{path}}, {_SHARES}",
        {"flows.csv": lambda: files.tables(files.zone_flows(), "csv")[0]},
    ),
    "omx": demand(
        ".omx",
        lambda: [files.omx()],
        f"source: od_table, path: {{path}}, zones: {{folder}}/zones.csv, {_SHARES}",
        {"zones.csv": lambda: files.tables(files.zone_table(), "csv")[0]},
    ),
    "matsim-plans": demand(".xml", lambda: [files.plans()], _PLANS),
    "matsim-vehicles": demand(
        ".xml",
        lambda: [files.vehicles()],
        f"source: matsim_plans, path: {{folder}}/plans.xml, vehicles: {{path}}, {_SHARES}",
        {"plans.xml": files.plans},
    ),
    "matsim-network": network(
        ".xml", lambda: [files.matsim_network()], "source: matsim, path: {path}"
    ),
    "graphml": graphml,
    "osm-xml": network(".osm", lambda: [files.osm("osm")], "source: osm, path: {path}"),
    "osm-pbf": network(".osm.pbf", lambda: [files.osm("pbf")], "source: osm, path: {path}"),
    "lines-geojson": network(".geojson", lambda: [files.layer("lines", "GeoJSON")], _TABLE),
    "lines-gpkg": network(".gpkg", lambda: [files.layer("lines", "GPKG")], _TABLE),
    "lines-fgb": network(".fgb", lambda: [files.layer("lines", "FlatGeobuf")], _TABLE),
    "lines-shapefile": network(".zip", lambda: [files.zipped_shapefile()], _TABLE),
    "dropped-csv": dropped(".csv", lambda: files.tables(files.site_table(), "csv")),
    "dropped-xlsx": dropped(".xlsx", lambda: files.tables(files.trip_table(), "xlsx")),
    "dropped-gpkg": dropped(".gpkg", lambda: [files.layer("points", "GPKG")]),
    "dropped-xml": dropped(".xml", lambda: [files.matsim_network(), files.plans()]),
    "dropped-json": dropped(".json", lambda: [files.datex(), files.layer("lines", "GeoJSON")]),
    "stops": depot(
        ".csv",
        lambda: files.tables(files.stop_table(), "csv"),
        lambda it: read_stops(it.stops),
        stops="{path}",
    ),
    "stops-xlsx": depot(
        ".xlsx",
        lambda: files.tables(files.stop_table(), "xlsx"),
        lambda it: read_stops(it.stops),
        stops="{path}",
    ),
    "matrices": matrices,
    "building-load": depot(
        ".csv", lambda: files.tables(files.load_table(), "csv"), _load_kw, building=_LOAD
    ),
    "epw": depot(
        ".epw",
        lambda: [files.weather()],
        _sun_kw,
        sun="source: weather, path: {path}, kw_peak: 100",
    ),
    "urdb": depot(".json", lambda: [files.urdb()], _tariff, tariff="urdb: {path}"),
    "spot-prices": spot_prices,
    "market-arrivals": market,
    "arrival-soc": plain(".csv", lambda _: [files.arrival_soc()], read_soc_histogram),
    "vrpb": plain(".vrp", lambda _: [files.vrpb()], read_vrpb),
    "yaml-scenario": plain(".yaml", files.scenario_yamls, load_scenario),
    "yaml-depot": plain(".yaml", files.depot_yamls, load_depot),
    "yaml-market": plain(".yaml", lambda _: [files.market_yaml()], load_market),
    "yaml-sweep": plain(".yaml", files.sweep_yamls, load_sweep),
    "yaml-tariff": plain(".yaml", lambda _: [files.tariff_yaml(spot=False)], read_tariff),
}


def inside(content, change):
    """Change a file where it lies in a packed one, so that damage is not met by a checksum first.

    Parameters
    ----------
    content : bytes
        File of any kind.
    change : callable
        Of bytes to bytes.

    Returns
    -------
    bytes
        With one member of an archive, or what a packed file holds, changed; else changed itself.
    """
    if content[:2] == b"\x1f\x8b":
        return gzip.compress(change(gzip.decompress(content)), mtime=0)
    if content[:2] != b"PK":
        return change(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        members = old.infolist()
        chosen = len(content) % len(members)
        for place, member in enumerate(members):
            data = old.read(member)
            new.writestr(member, change(data) if place == chosen else data)
    return packed.getvalue()
