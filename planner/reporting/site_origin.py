"""Whether the sites of a plan are official, given by the user or computed, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language


def site_origin(sites: Mapping[str, Any], language: Language) -> str:
    """Say where a study's sites and their attributes come from.

    Parameters
    ----------
    sites : mapping
        Section ``sites`` of the resolved scenario.
    language : Language
        Language of the text.

    Returns
    -------
    str
        Said wherever sites are shown: nobody may take a computed place for a planned one.
    """
    match sites["source"]:
        case "builtin" if sites.get("network") == "extended":
            return language.text(
                "Sites: computed. The extended network adds places to the built-in ones; none is "
                "taken from the official list, and directions, parking spaces and grid connections "
                "are estimates."
            )
        case "builtin":
            return language.text(
                "Sites: computed. The built-in places resemble the official initial network in "
                "number and spread; none is taken from it, and directions, parking spaces and grid "
                "connections are estimates."
            )
        case "table":
            return language.text("Sites: given by you, with the attributes of your table.")
        case "osm":
            return language.text(
                "Sites: rest areas of OpenStreetMap; whether they get chargers is assumed."
            )
        case _:
            return language.text(
                "Sites: computed by the rule of the study; nobody has planned or checked them."
            )
