"""Where the inputs of a run come from, under which licence, and who is to be named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

InputKind = Literal["network", "sites", "demand", "depots", "regions"]

_GEONAMES = "Names, coordinates and populations of places: GeoNames (https://www.geonames.org)"
_SAMPLE = (
    "Calibrated to the MATSim population of Fadranski, Tietz, Göhlich 2026 "
    "(doi 10.3390/wevj17070326)"
)
_ETISPLUS = (
    "Speth, Sauter, Plötz, Signer: synthetic European road freight transport flow data "
    "(doi 10.17632/py2zkrb65h)"
)
_OFFICIAL_SITES = (
    "Official initial network of fast charging for trucks, published open data; carriageways, way "
    "off the road and parking spaces computed, in the extended network further places too"
)
_COUNTS = (
    "counts of heavy vehicles 2018 to 2022 at motorway stations, Bundesanstalt für Straßenwesen "
    "(CC BY 4.0)"
)
_OPENSTREETMAP = "© OpenStreetMap contributors"

_OF_SOURCE: dict[tuple[InputKind, str], tuple[str, str, str]] = {
    # title, attribution, licence of what has one maker whoever uses it
    ("network", "builtin"): ("Built-in German motorway network", _GEONAMES, "CC-BY-4.0"),
    ("sites", "builtin"): ("Built-in German sites", _OFFICIAL_SITES, ""),
    ("demand", "builtin"): ("Built-in German long-haul freight", _SAMPLE, "CC-BY-4.0"),
    ("network", "etisplus"): ("ETISplus road network", _ETISPLUS, "CC-BY-4.0"),
    ("network", "osm"): ("OpenStreetMap", _OPENSTREETMAP, "ODbL-1.0"),
    ("sites", "osm"): ("OpenStreetMap", _OPENSTREETMAP, "ODbL-1.0"),
}

_KNOWN_LICENCES = {
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "ODbL-1.0": (
        "Open Data Commons Open Database License 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
    ),
    "DL-DE-BY-2.0": (
        "Datenlizenz Deutschland Namensnennung 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
    ),
    "DL-DE-ZERO-2.0": ("Datenlizenz Deutschland Zero 2.0", "https://www.govdata.de/dl-de/zero-2-0"),
}


@dataclass(frozen=True, slots=True)
class InputSource:
    """Where an input comes from.

    Parameters
    ----------
    of : {"network", "sites", "demand", "depots", "regions"}
        Section of the scenario.
    attribution : str
        Who is to be named; empty where nobody said.
    licence : str
        Identifier of the licence; empty where nobody said.
    """

    of: InputKind
    title: str
    attribution: str
    licence: str

    def sentence(self) -> str:
        """All of it in a line, for a table or a caption."""
        parts = (self.title, self.attribution, self.licence)
        return "; ".join(part for part in parts if part)


def input_sources(scenario: dict[str, Any]) -> tuple[InputSource, ...]:
    """Sources of network, sites, demand, depots and regions of a resolved scenario.

    Parameters
    ----------
    scenario : dict
        The scenario as ``run.json`` has it. What it says goes before what is known of a source.

    Returns
    -------
    tuple of InputSource
        Sites that the planner places itself have none.
    """
    kinds: tuple[InputKind, ...] = ("network", "sites", "demand", "depots", "regions")
    found = []
    for kind in kinds:
        section = scenario.get(kind) or {}
        source = str(section.get("source", ""))
        known = _OF_SOURCE.get((kind, source))
        files = _file_names(section)
        if known is None and not files:
            continue
        title, attribution, licence = known or (files, "", "")
        if (section.get("transit") or {}).get("source") == "builtin":
            attribution = f"{attribution}; transit computed from {_ETISPLUS}"
        if section.get("fitted_to") == "counts":
            attribution = f"{attribution}; volumes computed from {_COUNTS}"
        found.append(
            InputSource(
                kind,
                title,
                section.get("attribution") or attribution,
                section.get("licence") or licence,
            )
        )
    return tuple(found)


def licence_entry(licence: str) -> dict[str, str]:
    """Licence as a data package names it: ``name``, and where known ``title`` and ``path``."""
    if licence not in _KNOWN_LICENCES:
        return {"name": licence}
    title, path = _KNOWN_LICENCES[licence]
    return {"name": licence, "title": title, "path": path}


def _file_names(section: dict[str, Any]) -> str:
    """Names of the files that a section reads, without the folders of somebody's machine."""
    keys = ("path", "nodes", "arcs", "lines", "place", "table", "study")
    given = [section[key] for key in keys if section.get(key)]
    # A table may be given with what else is to be said of it: its sheet, the row of its header.
    paths = [one["path"] if isinstance(one, dict) else one for one in given]
    return ", ".join(PurePath(path).name for path in paths)
