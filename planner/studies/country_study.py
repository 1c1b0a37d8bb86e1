"""A study of whole countries, made of what the planner knows of Europe and what a user brings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.country_flows import BORDER, DOMESTIC, TRANSIT, country_flows
from planner.demand.european_freight import european_freight
from planner.errors import InputDataError, quoted
from planner.network.country_outlines import country_outlines
from planner.network.european_roads import cut_out, european_roads
from planner.network.load import load_network
from planner.network.osm_sites import read_osm_sites
from planner.network.towns import european_towns, nearest_points
from planner.runs.written_files import placing
from planner.said import meant, said
from planner.scenario.bundled import STUDY
from planner.scenario.map_extracts import where_to_get
from planner.scenario.network_sources import EtisplusNetwork
from planner.scenario.osm_sources import OsmNetwork, OsmSiteKind
from planner.studies.country_yaml import StudyTexts, study_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.demand.country_flows import CountryFlows
    from planner.network.european_roads import EuropeanRoads
    from planner.network.graph import RoadGraph

LAW_SPACING_KM = 60.0
"""Distance of charging parks on the core network by the end of 2030 (AFIR, Article 4(1)(c))."""
FARTHEST_KM = 30.0
"""How far the nearest node of given roads may lie from a place or a border crossing, km."""
ALL = "ALL"
"""In place of codes: every country whose roads and inhabitants are known."""
LONGEST_TITLE = 60
"""Characters up to which all countries are named in a title."""
_EUROPE = (-11.0, 34.0, 32.0, 71.5)
_ALL_KINDS: tuple[OsmSiteKind, ...] = ("services", "rest_area")


@dataclass(frozen=True, slots=True)
class CountryRequest:
    """What is asked for.

    Parameters
    ----------
    countries : tuple of str
        Codes of two letters, in the order given.
    share : float
        Share of electric trucks.
    roads : Path, optional
        An OpenStreetMap extract, or a folder of the European truck-flow data set; without it the
        European roads of the planner.
    trunk : bool
        Whether trunk roads of an extract belong to the network.
    od, zones : Path, optional
        Flows between zones of Europe and where the zones lie; without them the gravity model.
    spacing_km : float or None
        Distance between sites along the roads; None takes an extract's rest areas where it has any.
    """

    countries: tuple[str, ...]
    share: float
    roads: Path | None = None
    trunk: bool = False
    od: Path | None = None
    zones: Path | None = None
    spacing_km: float | None = None


@dataclass(frozen=True, slots=True)
class CountryStudy:
    """What was written, in a few figures."""

    title: str
    road_km: float
    n_places: int
    n_gateways: int
    flows: CountryFlows | None
    notices: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say for a person what the study is made of, and how sure it is."""
        lines = [
            said(
                "{title}: {km} km of roads, {n} places and {gateways} border crossings",
                title=self.title,
                km=round(self.road_km),
                n=self.n_places,
                gateways=self.n_gateways,
            )
        ]
        if self.flows is not None:
            total = max(sum(self.flows.trucks_per_year.values()), 1.0)
            share = {
                kind: round(100.0 * trucks / total)
                for kind, trucks in self.flows.trucks_per_year.items()
            }
            lines += [
                said(
                    "{n} trips of trucks a year: {inside} % inside, {border} % over the border, "
                    "{transit} % passing through",
                    n=round(total),
                    inside=share[DOMESTIC],
                    border=share[BORDER],
                    transit=share[TRANSIT],
                ),
                said(
                    "The trips are computed: a gravity model fitted to Germany, an assumption for "
                    "other countries (config/european_freight.yaml)"
                ),
            ]
        return [*lines, *self.notices]


def names_of(countries: Sequence[str]) -> list[str]:
    """Names of countries by their codes.

    Raises
    ------
    InputDataError
        If a code is none of a country whose roads and inhabitants are known.
    """
    name = _names()
    known = sorted(name)
    for code in countries:
        if code not in known:
            by_name = {name[each].lower(): each for each in known}
            its_code = by_name.get(code.lower())
            hint = f" (did you mean {its_code!r}?)" if its_code else meant(code, known)
            msg = (
                f"country: expected codes of two letters, of {', '.join(known)}, or {ALL}; "
                f"found {quoted(code)}{hint}"
            )
            raise InputDataError(msg)
    return [name[code] for code in countries]


def codes_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Codes of countries as they may be typed: each once, in either case, or all with one word."""
    codes = dict.fromkeys(code.upper() if len(code) <= len(ALL) else code for code in asked)
    return tuple(sorted(_names())) if ALL in codes else tuple(codes)


def study_title(titles: Sequence[str]) -> str:
    """Title of a study of some countries: their names, or how many where these are too long."""
    title = " + ".join(titles)
    return title if len(title) <= LONGEST_TITLE else f"{len(titles)} countries of Europe"


def study_name(titles: Sequence[str]) -> str:
    """Name of a study of some countries: lower-case letters, digits, dash."""
    title = study_title(titles)
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _names() -> dict[str, str]:
    """Names by code of the countries whose roads and inhabitants are known."""
    outlines = country_outlines(*_EUROPE)
    name = dict(zip(outlines["iso_a2"], outlines["name"].astype(str), strict=True))
    on_roads = set(european_roads().arc_country.tolist())
    known = on_roads & set(name) & set(european_freight().inhabitants_million)
    return {code: name[code] for code in known}


def write_country_study(request: CountryRequest, folder: Path) -> CountryStudy:
    """Write a study and the tables that it needs.

    Parameters
    ----------
    folder : Path
        New folder, or one that was written before: files that were changed since are kept aside.

    Raises
    ------
    InputDataError
        If a country is not known, a file is missing or broken, or the roads are of elsewhere.
    """
    titles = names_of(request.countries)
    _refuse_incomplete(request)
    roads, freight = european_roads(), european_freight()
    is_inside = roads.inside(request.countries)
    # Faults of given roads are told before the freight is computed.
    given = None if request.roads is None else _given_roads(request.roads, request)
    flows = country_flows(roads, request.countries, freight)
    notices: list[str] = []
    if given is None:
        graph = cut_out(roads.graph, is_inside)
        zones = flows.zones.assign(node_id=roads.graph.node_id[flows.zones["node_idx"]])
    else:
        graph = given
        zones = _on_given_roads(flows.zones, graph, notices)
    texts = _texts(request, titles, folder, freight.shortest_km, zones)
    with placing(folder, "name another folder with --out") as new:
        (new / STUDY).write_text(study_yaml(texts), encoding="utf-8")
        if request.roads is None:
            _write_roads(roads, is_inside, new)
        if request.od is None:
            trucks = flows.trucks
            on_roads = trucks["origin"].isin(zones["zone"]) & trucks["destination"].isin(
                zones["zone"]
            )
            columns = ["zone", "name", "kind", "node_id", "abroad_km", "inhabitants_million"]
            _write(zones[columns], new / "zones.csv")
            _write(trucks[on_roads], new / "trucks.csv")
    is_gateway = zones["kind"] == "gateway"
    return CountryStudy(
        title=study_title(titles),
        road_km=_road_km(graph),
        n_places=int((~is_gateway).sum()),
        n_gateways=int(zones.loc[is_gateway, "node_id"].nunique()),
        flows=flows if request.od is None else None,
        notices=tuple(notices),
    )


def _refuse_incomplete(request: CountryRequest) -> None:
    for option, path, hint in (
        ("--roads", request.roads, where_to_get(list(request.countries))),
        ("--od", request.od, "it is 01_Trucktrafficflow.csv of doi 10.17632/py2zkrb65h"),
        ("--zones", request.zones, "it is 02_NUTS-3-Regions.csv of doi 10.17632/py2zkrb65h"),
    ):
        if path is not None and not path.exists():
            msg = f"{option}: expected an existing file or folder; {path} does not exist. {hint}"
            raise InputDataError(msg)
    if (request.od is None) != (request.zones is None):
        found = "--od" if request.zones is None else "--zones"
        msg = (
            f"--od and --zones: expected both, flows between zones and where the zones lie; "
            f"found {found} alone"
        )
        raise InputDataError(msg)


def _given_roads(given: Path, request: CountryRequest) -> RoadGraph:
    """Roads of an extract or of a folder of the truck-flow data set, checked to be of there."""
    path = given.resolve()
    if path.is_dir():
        graph, _ = load_network(EtisplusNetwork(source="etisplus", path=path))
    else:
        osm = OsmNetwork(source="osm", path=path, include_trunk=request.trunk)
        graph, _ = load_network(osm)
    towns = european_towns()
    here = np.isin(towns.country, request.countries)
    near = nearest_points(graph.lon, graph.lat, towns.lon[here], towns.lat[here], FARTHEST_KM)
    if (near < 0).all():
        msg = (
            f"{given}: expected roads of {', '.join(request.countries)}, found none within "
            f"{FARTHEST_KM:g} km of its towns. {where_to_get(list(request.countries))}."
        )
        raise InputDataError(msg)
    return graph


def _on_given_roads(zones: pd.DataFrame, graph: RoadGraph, notices: list[str]) -> pd.DataFrame:
    """Zones with the nodes of given roads; those far from them are left out."""
    lon, lat = zones["lon"].to_numpy(float), zones["lat"].to_numpy(float)
    near = nearest_points(graph.lon, graph.lat, lon, lat, FARTHEST_KM)
    far = near < 0
    is_place = (zones["kind"] == "place").to_numpy()
    for what, of_kind in (
        ("places of the country", is_place),
        ("border crossings and what lies beyond", ~is_place),
    ):
        n_far = int((far & of_kind).sum())
        if n_far:
            line = "Left out, farther than {km} km from the given roads: {n} {what}"
            notices.append(said(line, km=round(FARTHEST_KM), n=n_far, what=what))
    return zones[~far].assign(node_id=graph.node_id[near[~far]])


def _texts(
    request: CountryRequest,
    titles: list[str],
    folder: Path,
    shortest_km: float,
    zones: pd.DataFrame,
) -> StudyTexts:
    texts = StudyTexts(
        name=study_name(titles),
        title=study_title(titles),
        command=" ".join(request.countries),
        file=str(folder / STUDY),
        share=request.share,
        spacing_km=request.spacing_km or LAW_SPACING_KM,
        shortest_km=shortest_km,
    )
    if request.roads is not None:
        is_extract = not request.roads.is_dir()
        texts = replace(
            texts,
            roads=str(request.roads.resolve()),
            is_extract=is_extract,
            include_trunk=request.trunk,
            at_rest_areas=is_extract
            and request.spacing_km is None
            and _has_rest_areas(request.roads),
            where_to_get=where_to_get(list(request.countries)),
        )
    if request.od is not None and request.zones is not None:
        gateways = zones.loc[zones["kind"] == "gateway", "node_id"]
        texts = replace(
            texts,
            od=str(request.od.resolve()),
            zones=str(request.zones.resolve()),
            crossings=tuple(map(str, gateways.unique())),
        )
    return texts


def _has_rest_areas(extract: Path) -> bool:
    try:
        read_osm_sites(extract, _ALL_KINDS, 0.0)
    except InputDataError:
        return False
    return True


def _write_roads(roads: EuropeanRoads, is_inside: NDArray[np.bool_], folder: Path) -> None:
    """Tables of nodes and roads, a row per road."""
    graph = roads.graph
    # The first half of the arcs are those of the file, the second half the same the other way.
    along = is_inside & (np.arange(graph.n_arcs) < graph.n_arcs // 2)
    cut = cut_out(graph, along)
    nodes = {"node_id": cut.node_id, "name": cut.node_name, "lon": cut.lon, "lat": cut.lat}
    _write(pd.DataFrame(nodes), folder / "nodes.csv")
    arcs = {
        "from_node_id": cut.node_id[cut.arc_from_idx],
        "to_node_id": cut.node_id[cut.arc_to_idx],
        "length_km": cut.arc_length_km,
        "free_speed_kmh": cut.arc_free_speed_kmh,
        "road": cut.arc_road,
    }
    _write(pd.DataFrame(arcs), folder / "arcs.csv")


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n", float_format="%.7g")


def _road_km(graph: RoadGraph) -> float:
    """Length of the roads, both carriageways counted once, km."""
    return float(graph.arc_length_km.sum() / 2.0)
