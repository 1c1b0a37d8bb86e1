"""Whether the sites of a plan are official, given by the user or computed, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.tables.language import Language

_TITLES = {"official": "official", "given": "given by you", "computed": "computed"}
_SERVED = {"both": "both carriageways", "one": "the carriageway beside it"}


def site_origin(sites: Mapping[str, Any], language: Language) -> str:
    """Say where a study's sites and their attributes come from.

    Parameters
    ----------
    sites : mapping
        Section ``sites`` of the resolved scenario.

    Returns
    -------
    str
        Said wherever sites are shown: nobody may take a computed place for a planned one.
    """
    match sites["source"]:
        case "builtin" if sites.get("network") == "extended":
            return language.text(
                "Sites: the extended network, that is the official list of the initial network and "
                "places that the planner has computed for its gaps; the origin of each site says "
                "which. Official are number, name, motorway, position, requested grid connection "
                "and grid operators of the listed ones; all else is computed."
            )
        case "builtin":
            return language.text(
                "Sites: official, the published list of the initial network, with its numbers, "
                "names, motorways, positions, requested grid connections and grid operators. "
                "Computed are the carriageways served, the way off the road and the parking spaces."
            )
        case "table":
            return language.text(
                "Sites: given by you. What your table leaves open is assumed: {served} served, "
                "{km} km off the road, no known limit of grid connection, parking spaces or "
                "points.",
                served=language.text(_SERVED[sites.get("direction", "both")]),
                km=language.figure(sites.get("off_road_km", 0.3)),
            )
        case "osm":
            return language.text(
                "Sites: rest areas of OpenStreetMap; whether they get charging points is assumed."
            )
        case _:
            return language.text(
                "Sites: computed by the rule of the study; nobody has planned or checked them."
            )


def site_origins(sections: Iterable[Mapping[str, Any]], language: Language) -> str:
    """Say it of several studies, each sentence once.

    Parameters
    ----------
    sections : iterable of mapping
        Sections ``sites`` of their resolved scenarios.

    Returns
    -------
    str
        In their order.
    """
    return " ".join(dict.fromkeys(site_origin(sites, language) for sites in sections))


def origin_title(origin: str, language: Language) -> str:
    """What a person calls the origin of a site, empty where nobody says it."""
    return language.text(_TITLES[origin]) if origin else ""
